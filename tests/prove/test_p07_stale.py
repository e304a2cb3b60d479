"""P7: access ends the moment a person leaves the team, the agency or the job."""

import pytest

from tests.accounts.conftest import admin  # noqa: F401
from tests.accounts.stale import live

LIVES = 500


@pytest.mark.promise("P7")
@pytest.mark.django_db
def test_after_every_leaving_each_page_form_key_and_link_is_refused(admin, melton, proof):  # noqa: F811
    tried, faults = live(admin, melton, lives=LIVES)
    refused = sum(tried[what] for what in ("page", "form", "key", "link"))
    proof.line(
        f"{LIVES} lives of 12 steps: joining, moving, suspending, leaving, an agency that ends",
        f"{refused:,} requests from before tried again, {len(faults)} answered otherwise than they should be",
        kept=not faults,
    )
