"""People of an invented county who can sign in, browsers for them to sit at, and a clock that a story may move."""

import pytest
from django.db import connection

from tests.browser.people import PASSWORD, Visitor
from tests.clock import Clock, from_monday


@pytest.fixture(autouse=True)
def committed(transactional_db, monkeypatch):
    """What a test writes is there for the server it visits, whose threads keep their connections as they do in production.

    A new one for each page costs a third of the time that the server takes for it.
    """
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", None)


@pytest.fixture
def arrive(browser, live_server):
    """Seat somebody at a browser of their own; at the end of the test, no browser may have complained."""
    seated = []

    def seat(user, **options):
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        seated.append(Visitor(browser, live_server.url, user, **options))
        return seated[-1]

    yield seat
    for visitor in seated:
        print(visitor.where())  # shown if the test failed
        visitor.leave()
    assert [complaint for visitor in seated for complaint in visitor.complaints] == []


@pytest.fixture
def clock():
    with from_monday(tick=True) as traveller:
        yield Clock(traveller)
