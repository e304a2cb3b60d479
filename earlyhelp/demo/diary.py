"""What happens in the county, in the order in which it happened: each deed at its own moment, and every morning's chores.

A story is written whole. What lies after the present has not happened yet and is left out, so that each family stands
where its story has come to.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import count

from django.utils import timezone

from earlyhelp.core.calendar import LONDON, is_working_day
from earlyhelp.deadlines.sweep import ring
from hubs.services.agenda import gather
from hubs.services.blockages import follow_up_blockages
from hubs.services.offers import tell_of_unanswered
from hubs.services.steps import follow_up_steps
from referrals.sweep import chase_handovers, lapse_requests, take_back_returned

Deed = Callable[[datetime], object]
MORNING = time(8)
EVERY_DAY = timedelta(weeks=6)  # before that, once a week: a year of mornings would take minutes


class Diary:
    def __init__(self, now: datetime) -> None:
        self.now = now
        self._entries: list[tuple[datetime, int, Deed]] = []
        self._order = count()

    def write(self, at: datetime, deed: Deed) -> None:
        """``deed`` happens then. A deed may write further ones."""
        heapq.heappush(self._entries, (at, next(self._order), deed))

    def live(self) -> None:
        """Everything up to now, the earliest first, with the chores of each morning before it."""
        chores = self._next_morning(self._entries[0][0])
        while self._entries and self._entries[0][0] <= self.now:
            at, _, deed = heapq.heappop(self._entries)
            while chores <= at:
                do_chores(chores)
                chores = self._next_morning(chores)
            deed(at)
        do_chores(self.now)

    def _next_morning(self, after: datetime) -> datetime:
        apart = 1 if after > self.now - EVERY_DAY else 7
        day = timezone.localdate(after) + timedelta(days=apart)
        while not is_working_day(day):
            day += timedelta(days=1)
        return datetime.combine(day, MORNING, LONDON)


def do_chores(now: datetime) -> None:
    """What the scheduler does by itself."""
    gather(now=now)
    follow_up_steps(now=now)
    follow_up_blockages(now=now)
    tell_of_unanswered(now=now)
    lapse_requests(now=now)
    chase_handovers(now=now)
    take_back_returned(now=now)
    ring(now=now)
