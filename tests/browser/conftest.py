"""People of an invented county who can sign in, browsers for them to sit at, and a clock that a story may move."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from earlyhelp.core.calendar import LONDON
from tests.browser.people import PASSWORD, Visitor


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


class Clock:
    """The product's clock. It goes on by itself, and jumps only where the story says so."""

    def __init__(self, traveller):
        self.traveller = traveller

    @property
    def today(self):
        return timezone.localdate()

    def forward(self, **how_long):
        self.traveller.shift(timedelta(**how_long))

    def to(self, day, at=time(9)):
        self.traveller.move_to(datetime.combine(day, at, LONDON))


@pytest.fixture
def clock():
    """Nine o'clock on the coming Monday: later than the browser's own clock, so that no cookie is out of date."""
    today = timezone.localdate()
    monday = today + timedelta(days=7 - today.weekday())
    with time_machine.travel(datetime.combine(monday, time(9), LONDON), tick=True) as traveller:
        yield Clock(traveller)
