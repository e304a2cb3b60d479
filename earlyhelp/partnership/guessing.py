"""How often a password may be guessed, or anything else tried by whoever has not signed in.

The database counts, so that every process counts the same.
"""

from __future__ import annotations

import logging
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.crypto import salted_hmac

from earlyhelp.partnership.models import Guesses

log = logging.getLogger(__name__)
FIRST_WAIT = timedelta(minutes=1)


@dataclass(frozen=True)
class Limit:
    """From which wrong password on each costs a wait, twice as long each time; and when they are forgotten."""

    free: int
    within: timedelta
    longest: timedelta

    def wait(self, failed: int) -> timedelta | None:
        over = failed - self.free
        return min(FIRST_WAIT * 2 ** min(over, 10), self.longest) if over >= 0 else None


# Never long: an enemy could otherwise keep a person out of work by guessing at their name (but see ``known``).
NAME = Limit(free=5, within=timedelta(hours=1), longest=timedelta(minutes=15))
# A whole council may share one address, and on a Monday many of them mistype.
ADDRESS = Limit(free=200, within=timedelta(minutes=15), longest=timedelta(minutes=5))


class TooManyTries(Exception):
    """No password is looked at for a while. Says the same whether or not there is such an account."""

    def __init__(self, wait: timedelta) -> None:
        self.seconds = max(1, ceil(wait.total_seconds()))
        minutes = ceil(self.seconds / 60)
        when = "1 minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(f"Too many tries. Try again in {when}, or ask whoever looks after Early Help where you work")


def claim(name: str, address: str, *, browser: str = "", now: datetime) -> None:
    """Count a try before its password is looked at, so that a hundred at once are not all the first one.

    From a ``browser`` in which this name signed in before, its tries are counted apart from everybody else's.
    Raises ``TooManyTries``; a try that is turned away is not counted, and prolongs nothing.
    """
    count(_limits(name, address, browser), now=now)


@transaction.atomic
def count(limits: dict[str, Limit], *, now: datetime) -> int:
    """The same for whatever else may be tried too often, by ``digest``; says how often the most tried of them was."""
    Guesses.objects.bulk_create([Guesses(key=key, since=now) for key in sorted(limits)], ignore_conflicts=True)
    rows = list(Guesses.objects.select_for_update().filter(key__in=limits).order_by("key"))
    if waits := [row.until - now for row in rows if row.until and row.until > now]:
        raise TooManyTries(max(waits))
    for row in rows:
        _count(row, limits[row.key], now)
    Guesses.objects.bulk_update(rows, ["failed", "since", "until"])
    return max((row.failed for row in rows), default=0)


def forgive(name: str, address: str, *, browser: str = "") -> None:
    """The password was right: the name starts anew; the address only gets back what this try was counted."""
    named, *shared = _limits(name, address, browser)
    start_anew(named)
    Guesses.objects.filter(key__in=shared).update(failed=Greatest(F("failed") - 1, 0), until=None)


def start_anew(*keys: str) -> None:
    Guesses.objects.filter(key__in=keys).delete()


def forget(*, now: datetime) -> int:
    """Throw away what is too old to count; says how many."""
    longest = max(limit.within + limit.longest for limit in (NAME, ADDRESS))
    return Guesses.objects.filter(since__lt=now - longest).delete()[0]


def _count(row: Guesses, limit: Limit, now: datetime) -> None:
    if now - row.since >= limit.within:
        row.failed, row.since = 0, now
    row.failed += 1
    wait = limit.wait(row.failed)
    row.until = now + wait if wait else None
    if wait and row.failed == limit.free:
        log.warning("Wrong passwords: %d in a row for one name or from one address; each makes it wait.", row.failed)


def fold(name: str) -> str:
    """However it is spelled, it is the same name."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _limits(name: str, address: str, browser: str) -> dict[str, Limit]:
    """By key: that of the name first, then that of the address where it is known."""
    own = digest("sign_in:browser", f"{browser}:{fold(name)}") if browser else digest("sign_in:name", fold(name))
    return {own: NAME} | ({digest("sign_in:address", address): ADDRESS} if address else {})


def digest(purpose: str, value: str) -> str:
    """What is counted, without what it is."""
    return salted_hmac(purpose, value, algorithm="sha256").hexdigest()
