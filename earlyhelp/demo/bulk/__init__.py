"""A county of any size, believable and the same for the same seed: 100,000 cases is one county kept for ten years."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any

from django.db import connection
from django.utils import timezone

from earlyhelp.demo.bulk import episode
from earlyhelp.demo.bulk.copying import Table, go_on_from, quietly
from earlyhelp.demo.bulk.episodes import Episodes
from earlyhelp.demo.bulk.front_door import FrontDoor
from earlyhelp.demo.bulk.households import Households
from earlyhelp.demo.bulk.wishes import Wishes
from earlyhelp.demo.bulk.workforce import employ

LIVE_SHARE = 0.085
USERS_A_CASE = 0.03
YEARS = 10
CHUNK = 5_000  # cases whose rows are sent together
AGAIN = 0.15  # families that have had an episode before


def grow(cases: int, *, seed: int, now: datetime, say: Callable[[str], None], only: str = "") -> int:
    """Add ``cases`` cases with everything that hangs on them, in one transaction. Answers with the number of rows.

    ``only``: all of them in this one state of a live case, for measurements that use cases up.
    """
    started = time.monotonic()
    with quietly():
        rows = _Growth(cases, seed, now, say, only).grow()
    say("Letting the database count what it holds ...")
    analyse()
    taken = time.monotonic() - started
    say(f"{cases:,} cases and {rows:,} rows in all, in {taken:.0f} s ({rows / taken:,.0f} rows a second).")
    return rows


def analyse() -> None:
    """The planner knows the new sizes. Named tables only: an ordinary role may not look at the server's own."""
    with connection.cursor() as cursor:
        tables = ", ".join(f'"{name}"' for name in connection.introspection.table_names(cursor))
        cursor.execute(f"ANALYZE {tables}")


class _Growth:
    def __init__(self, cases: int, seed: int, now: datetime, say: Callable[[str], None], only: str) -> None:
        self.cases, self.say, self.only = cases, say, only
        self.dice = Random(seed)
        self.today = timezone.localdate(now).toordinal()
        say("Practitioners, teams and agencies ...")
        users = max(int(cases * USERS_A_CASE), 60)
        self.force = employ(users, dice=self.dice, now=now)
        self.homes = Households(self.force, self.dice, self.today)
        self.wishes = Wishes(self.force.access, self.dice)
        self.episodes = Episodes(self.force, self.dice, now)
        self.front_door = FrontDoor(self.force, self.dice, now)
        self.made, self.began = 0, time.monotonic()

    @property
    def tables(self) -> tuple[Table, ...]:
        return (*self.homes.tables, *self.wishes.tables, *self.episodes.tables, *self.front_door.tables)

    def grow(self) -> int:
        while self.made < self.cases:
            until = min(self.made + CHUNK, self.cases)
            while self.made < until:
                self._family()
            self._flush()
        for table in self.tables:
            table.finish()
        go_on_from("families_reference", self.homes.number)
        go_on_from("cases_reference", self.episodes.number)
        go_on_from("referrals_reference", self.front_door.number)
        return sum(table.written for table in self.tables)

    def _family(self) -> None:
        """A family with one episode, sometimes with one before it; only the last may be live."""
        live = bool(self.only) or self.dice.random() < LIVE_SHARE * (1 + AGAIN)
        again = not self.only and self.dice.random() < AGAIN
        last = self.today - (episode.LONGEST if live else self.dice.randint(100, YEARS * 365))
        first = last - episode.LONGEST - self.dice.randint(30, 700) if again else last
        home = self.homes.settle(first)
        self.wishes.of(home, first)
        facts: Any = {"force": self.force, "dice": self.dice, "today": self.today}
        previous = self._write(episode.over(home, accepted=first, **facts), None) if again else None
        self._write(
            episode.live(home, only=self.only, **facts) if live else episode.over(home, accepted=last, **facts),
            previous,
        )

    def _write(self, each: episode.Episode, previous: int | None) -> int | None:
        """Its identity, if it is an episode that another can follow."""
        self.episodes.write(each, previous=previous)
        self.front_door.of(each)
        self.made += 1
        return each.pk if each.closed else None

    def _flush(self) -> None:
        for table in self.tables:
            table.flush()
        rate = self.made / (time.monotonic() - self.began)
        self.say(f"  {self.made:,} of {self.cases:,} cases ({rate:,.0f} a second)")
