"""To whom a family could be offered, and what a chair wants to know before offering it (domain.md 6.4).

What each worker brings is gathered once for as many families as are asked about (``matching``), so that one family on
the live page and a whole agenda are judged by the same facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.functional import cached_property

from earlyhelp.cases import workload
from earlyhelp.cases.enums import Tier
from earlyhelp.cases.models import Case
from earlyhelp.cases.workload import Load, load_of, loads_of
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.core.standin import Today
from earlyhelp.partnership.models import Post, User
from hubs.models import Conflict, HubMember
from hubs.queries.matching import Asked, Brought, Facts, gathered

# A restricted record changes no count for whoever may not see it (promise P4), and a chair seldom may.
AT_ONCE, DRAWN = 3, 12  # shown before a fold, and side by side in all: the others are found by name
FORMULA = f"{workload.WORDS} The second number adds this family and what is on offer to them. Restricted records are left out."


@dataclass(frozen=True)
class Candidate:
    """A worker to whom the family could be offered, and what a chair wants to know before offering."""

    worker: User
    load: Load
    brings: Brought
    weight: float
    fits: bool
    reason: str = ""

    @cached_property
    def capacity(self) -> float:
        return workload.capacity(self.worker.case_limit, self.worker.hours)

    @property
    def tier_2(self) -> int:
        return self.load.tier_2

    @property
    def tier_3(self) -> int:
        return self.load.tier_3

    @property
    def on_offer(self) -> int:
        return self.load.on_offer

    @property
    def percent(self) -> int:
        return workload.percent(self.load.weight, self.capacity)

    @cached_property
    def after(self) -> float:
        """What they would carry if they said yes to this family and to all that is on offer to them."""
        return self.load.with_offers + self.weight

    @cached_property
    def percent_after(self) -> int:
        return workload.percent(self.after, self.capacity)

    @property
    def over_limit(self) -> bool:
        """Whether this family would take the worker over their limit: a warning, never a bar (domain.md 6.4)."""
        return self.after > self.capacity

    @property
    def can_begin(self) -> bool:
        """Whether they may take it at all: at this tier, soon, and not against the family’s wish."""
        return self.fits and not self.brings.away and not self.brings.avoided

    @property
    def has_room(self) -> bool:
        return self.can_begin and not self.over_limit

    @property
    def in_brief(self) -> str:
        """How full they would be and what gives pause, where they are one of a long list."""
        said = [
            f"{self.percent_after}% with this family",
            "over their limit" if self.over_limit else "",
            "" if self.fits else "tier 2 only",
            "the family would rather not" if self.brings.avoided else "",
            self.brings.away,
        ]
        return "; ".join(filter(None, said))

    @property
    def role(self) -> str:
        return self.worker.job_title or ("Intensive family worker" if self.worker.intensive else "Lead professional")

    @property
    def recommended(self) -> bool:
        return bool(self.reason)


def eligible(case: Case) -> Any:
    """Who takes cases here: by a post that covers the area, or through an agency that sits at its hub (domain.md 6.4)."""
    return _eligible(**_where(case))


def is_eligible(worker: User, case: Case) -> bool:
    """Whether they are among those whom ``eligible`` finds: asked by every decision, so composed once."""
    return eligible_worker(worker.pk, case) is not None


def eligible_worker(pk: int, case: Case) -> User | None:
    """The one with this key, if they are among them."""
    return next(iter(_ONE(None, worker=pk, **_where(case))), None)


def _where(case: Case) -> dict[str, Any]:
    return {"case": case.pk, "lineage": case.area.lineage, "lead": case.lead_id or 0}


def _eligible(*, case: Any, lineage: Any, lead: Any) -> Any:
    conflicted = Conflict.objects.standing().filter(case=case).values("user")
    return taking_in(lineage).exclude(pk__in=conflicted).exclude(pk=lead)


def taking_in(lineage: Any) -> Any:
    """Whoever takes families of an area, by a post there or around it, or through an agency that sits at its hub."""
    here = Post.objects.current(Today()).filter(area__in=lineage).values("user")
    seats = HubMember.objects.current(Today()).filter(hub__area__in=lineage).values("agency")
    return _taking().filter(Q(pk__in=here) | Q(agency__in=seats))


def _taking() -> Any:
    """Whoever has a last day is offered nothing more: the family would need another lead at once."""
    return User.objects.filter(is_active=True, takes_cases=True, left_on=None)


@PlannedOnce
def _ONE(user: None, worker: Any, **where: Any) -> Any:
    return _eligible(**where).filter(pk=worker).select_related("agency")


@PlannedOnce
def _ELIGIBLE(user: None, **where: Any) -> Any:
    return _eligible(**where).select_related("agency")


def candidates(case: Case, tier: int, *, now: datetime, **wishes: Any) -> list[Candidate]:
    """Everybody who may be offered this family, the recommended first; eight queries, however many there are."""
    workers = _ELIGIBLE(None, **_where(case))
    return _with_recommended(sorted(compared(workers, Asked(case, tier, **wishes), now=now), key=_preferred_first))


class Choice:
    """To whom this family could be offered. Who they are is a query; what each has on is read only where it is shown."""

    def __init__(self, case: Case, tier: int, *, now: datetime, **wishes: Any) -> None:
        self.case, self.tier, self.now, self.wishes = case, tier, now, wishes

    def worker(self, pk: int) -> User | None:
        return eligible_worker(pk, self.case)

    @cached_property
    def found(self) -> list[Candidate]:
        return candidates(self.case, self.tier, now=self.now, **self.wishes)

    def side_by_side(self, chosen: Any = None) -> list[Candidate]:
        """The few worth comparing, the recommended first: who has most room, whoever the family knows or would like, who is near.

        Whoever is ``chosen`` already is among them. All the others are as eligible, and found by name.
        """
        asked_for = [each for each in self.found if str(each.worker.pk) == str(chosen)]
        known = [each for each in self.found if each.brings.liked or each.brings.knows]
        nearest = sorted(self.found, key=lambda each: (not each.has_room, each.brings.distance))
        drawn = [*asked_for, *self.found[:AT_ONCE], *known, *nearest]
        kept = set(list(dict.fromkeys(each.worker.pk for each in drawn))[:DRAWN])
        return [each for each in self.found if each.worker.pk in kept]

    def by_name(self) -> list[Candidate]:
        """Everybody, where not all of them stand side by side."""
        everybody = self.found if len(self.found) > DRAWN else []
        return sorted(everybody, key=lambda each: (each.worker.last_name.casefold(), each.worker.pk))

    @property
    def need(self) -> str:
        """What the family needs of whoever leads, in words."""
        return self.found[0].brings.need.words if self.found else ""

    def recommended(self) -> int | None:
        return next((each.worker.pk for each in self.found if each.recommended), None)


def compared(workers: Sequence[User], asked: Asked, *, now: datetime) -> list[Candidate]:
    """What each of these has on, what they bring, and what this family would add."""
    [found] = all_compared([(asked, workers)], now=now)
    return found


def all_compared(pairs: Iterable[tuple[Asked, Sequence[User]]], *, now: datetime) -> list[list[Candidate]]:
    """The same of several families, each with its own workers: seven queries, however many they are."""
    pairs = list(pairs)
    ids = sorted({worker.pk for _, workers in pairs for worker in workers})
    loads = loads_of(ids, now=now, beside=[asked.case.pk for asked, _ in pairs])
    facts = gathered(ids, [asked for asked, _ in pairs], now=now)
    return [[_candidate(worker, asked, loads, facts) for worker in workers] for asked, workers in pairs]


def _candidate(worker: User, asked: Asked, loads: dict[int, Load], facts: Facts) -> Candidate:
    return Candidate(
        worker=worker,
        load=loads[worker.pk],
        brings=facts.brought(worker, asked),
        weight=workload.weight_of(asked.tier),
        fits=worker.intensive or asked.tier != Tier.ENHANCED,
    )


def percent_with(worker: User, case: Case, tier: int) -> tuple[int, bool]:
    """How full they would be with this family and all on offer to them, and whether that is over their limit."""
    load = load_of(worker.pk, beside=[case.pk])
    with_it = Candidate(worker, load, Brought(), workload.weight_of(tier), fits=True)
    return with_it.percent_after, with_it.over_limit


def who_takes(cases: Sequence[Case]) -> dict[int, list[User]]:
    """Whom ``eligible`` finds for each of these, in four queries, however many they are."""
    around = sorted({area for case in cases for area in case.area.lineage})
    posts = set(Post.objects.current().filter(area__in=around).values_list("user", "area"))
    seats = set(HubMember.objects.current().filter(hub__area__in=around).values_list("agency", "hub__area"))
    conflicts = set(Conflict.objects.standing().filter(case__in=cases).values_list("user", "case"))
    here = Q(pk__in={user for user, _ in posts}) | Q(agency__in={agency for agency, _ in seats})
    workers = list(_taking().filter(here).select_related("agency").order_by("pk"))

    def takes(worker: User, case: Case) -> bool:
        by_post = any((worker.pk, area) in posts for area in case.area.lineage)
        by_seat = any((worker.agency_id, area) in seats for area in case.area.lineage)
        return (by_post or by_seat) and (worker.pk, case.pk) not in conflicts and worker.pk != case.lead_id

    return {case.pk: [worker for worker in workers if takes(worker, case)] for case in cases}


def _preferred_first(each: Candidate) -> tuple[Any, ...]:
    brings = each.brings
    return (
        not each.fits,
        brings.avoided,
        bool(brings.away),
        each.over_limit,
        not brings.liked,
        len(brings.lacks),
        not brings.knows,
        each.percent_after,
        brings.distance,
        -len(brings.skills),
        each.load.new_28,
        each.worker.last_name,
        each.worker.pk,
    )


def _with_recommended(found: list[Candidate]) -> list[Candidate]:
    if not found or not found[0].can_begin:
        return found
    best = found[0]
    return [replace(best, reason=_why(best, found)), *found[1:]]


def _why(best: Candidate, found: list[Candidate]) -> str:
    with_them = f" and {best.on_offer} on offer" if best.on_offer else ""
    room = f"{best.percent_after}% of the limit with this family{with_them}"
    if best.over_limit:
        return f"everybody here would be over their limit; {best.worker.first_name} the least so, at {room}"
    if best.brings.reasons:
        return f"{', '.join(best.brings.reasons)}, and has room: {room}"
    of_whom = " of those who can begin now" if any(each.percent_after < best.percent_after for each in found) else ""
    return f"has the most room{of_whom}: {room}"
