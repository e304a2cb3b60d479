"""The product's clock, which a story moves."""

from datetime import datetime, time, timedelta

import time_machine
from django.utils import timezone

from earlyhelp.core.calendar import LONDON


class Clock:
    """It stands, or goes on by itself, and jumps only where the story says so."""

    def __init__(self, traveller):
        self.traveller = traveller

    @property
    def now(self):
        return timezone.now()

    @property
    def today(self):
        return timezone.localdate()

    def forward(self, **how_long):
        self.traveller.shift(timedelta(**how_long))

    def to(self, day, at=time(9)):
        self.traveller.move_to(datetime.combine(day, at, LONDON))


def from_monday(*, tick):
    """Nine o'clock on the coming Monday: later than a browser's own clock, so that no cookie is out of date."""
    today = timezone.localdate()
    monday = today + timedelta(days=7 - today.weekday())
    return time_machine.travel(datetime.combine(monday, time(9), LONDON), tick=tick)
