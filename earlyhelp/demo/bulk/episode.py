"""One episode of a grown county, before its rows are made: where it stands and when it got there."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from earlyhelp.demo.bulk.days import working
from earlyhelp.demo.bulk.households import Household
from earlyhelp.demo.bulk.workforce import Workforce

LIVE_SHARES = {
    "awaiting_decision": 8,
    "opened": 4,
    "allocated": 4,
    "assessing": 14,
    "planning": 8,
    "supported": 51,
    "step_requested": 4,
    "closing": 7,
}
# How long ago, in days, a live case of each state was accepted: at least, at most.
AGES = {
    "awaiting_decision": (0, 30),
    "opened": (15, 35),
    "allocated": (18, 40),
    "assessing": (24, 60),
    "planning": (42, 75),
    "supported": (78, 380),
    "step_requested": (110, 380),
    "closing": (150, 420),
}
# The steps of the way (domain.md 6.5) and the day after acceptance on which each is usually taken.
ALLOCATE, ACCEPT, FIRST_CONTACT, ASSESSED, PLAN_AGREED = range(1, 6)
USUALLY = (0, 14, 16, 20, 40, 54)
PACES = (0.8, 1.0, 1.0, 1.0, 1.0, 1.15, 1.4)  # some families are reached sooner, some later than was promised
TAKEN = {
    "awaiting_decision": 0,
    "not_opened": 0,
    "opened": 1,
    "allocated": 2,
    "assessing": 3,
    "planning": 4,
}  # else all
HALF_YEAR, SHORTEST, LONGEST = 182, 90, 420
NOT_OPENED, AT_TIER_3, LATE_REVIEWS = 0.07, 0.22, 0.07
EVERY = {2: 84, 3: 42}  # days between reviews


@dataclass
class Episode:
    home: Household
    status: str
    accepted: int
    tier: int
    lead: tuple[int, int]  # the worker and their agency
    chair: int
    days: list[int] = field(default_factory=list)  # on which each step was taken
    closed: int | None = None
    review: int | None = None
    pk: int = 0
    reference: str = ""

    @property
    def taken(self) -> int:
        """How many steps are behind it."""
        return TAKEN.get(self.status, PLAN_AGREED)

    @property
    def opened(self) -> int | None:
        return self.days[ALLOCATE] if self.taken >= ALLOCATE else None


def live(home: Household, *, force: Workforce, dice: Random, today: int, only: str = "") -> Episode:
    status = only or dice.choices(tuple(LIVE_SHARES), tuple(LIVE_SHARES.values()))[0]
    episode = _begin(home, status, today - dice.randint(*AGES[status]), force, dice, today)
    if status in ("supported", "step_requested"):
        late = dice.random() < LATE_REVIEWS
        episode.review = working(
            today - dice.randint(1, 28) if late else today + dice.randint(0, EVERY[episode.tier]), 0
        )
    return episode


def over(home: Household, *, accepted: int, force: Workforce, dice: Random, today: int) -> Episode:
    """Ended before today. Half of those that were opened agreed to be asked six months later whether it lasted."""
    if dice.random() < NOT_OPENED:
        return _begin(home, "not_opened", accepted, force, dice, today)
    closed = working(min(accepted + dice.randint(SHORTEST, LONGEST), today - 1), -1)
    episode = _begin(home, _ending(closed, dice, today), accepted, force, dice, today)
    episode.closed = closed
    return episode


def _ending(closed: int, dice: Random, today: int) -> str:
    if closed > today - HALF_YEAR or dice.random() < 0.45:
        return "closed"
    return "follow_up" if closed > today - HALF_YEAR - 30 else "ended"


def _begin(home: Household, status: str, accepted: int, force: Workforce, dice: Random, today: int) -> Episode:
    accepted = working(accepted, 0) if working(accepted, 0) <= today else working(accepted, -1)
    tier = 3 if dice.random() < AT_TIER_3 else 2
    workers = force.intensive if tier == 3 else force.leads
    pace = dice.choice(PACES)
    days = [min(working(accepted + int(usually * pace), 0), today) for usually in USUALLY]
    return Episode(home, status, accepted, tier, dice.choice(workers[home.district]), force.chairs[home.district], days)
