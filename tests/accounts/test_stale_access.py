"""Access ends the moment a person leaves the team, the agency or the job (promise P7), whatever was open before.

``make prove PROMISES=P7`` lives five hundred such lives.
"""

from earlyhelp.partnership import services
from tests.accounts.stale import live


def test_whatever_was_open_before_is_refused_after(admin, melton):
    tried, faults = live(admin, melton, lives=3)

    assert faults == []
    assert min(tried[what] for what in ("page", "form", "key", "link", "their own work")) >= 5


def test_the_walk_finds_a_post_that_outlives_its_holder(admin, melton, monkeypatch):
    monkeypatch.setattr(services, "end_posts", lambda user, after: None)

    _, faults = live(admin, melton, lives=6)

    assert faults
