"""To whom a family could be offered, and what a chair wants to know before offering it (domain.md 6.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import cached_property

from earlyhelp.cases.enums import OPEN, AllocationStatus, Tier
from earlyhelp.cases.models import Allocation, Case, TeamMember
from earlyhelp.partnership.models import Post, User
from hubs.models import Conflict, Hub, HubMember

WEIGHTS = {Tier.TARGETED: 1, Tier.ENHANCED: 2}
FORMULA = "Workload counts a family at tier 2 as 1 and at tier 3 as 2, those on offer too, as a share of the person’s own limit."


@dataclass(frozen=True)
class Candidate:
    """A worker to whom the family could be offered, and what a chair wants to know before offering."""

    worker: User
    tier_2: int
    tier_3: int
    new_7: int
    new_28: int
    knows: bool
    weight: int
    fits: bool
    reason: str = ""

    @property
    def load(self) -> int:
        return self.tier_2 * WEIGHTS[Tier.TARGETED] + self.tier_3 * WEIGHTS[Tier.ENHANCED]

    @property
    def percent(self) -> int:
        return round(100 * self.load / max(self.worker.case_limit, 1))

    @property
    def percent_after(self) -> int:
        return round(100 * (self.load + self.weight) / max(self.worker.case_limit, 1))

    @property
    def over_limit(self) -> bool:
        """Whether this family would take the worker over their limit: a warning, never a bar (domain.md 6.4)."""
        return self.load + self.weight > self.worker.case_limit

    @property
    def role(self) -> str:
        return self.worker.job_title or ("Intensive family worker" if self.worker.intensive else "Lead professional")

    @property
    def recommended(self) -> bool:
        return bool(self.reason)


def eligible(case: Case, hub: Hub | None = None) -> Any:
    """Who takes cases here: by a post that covers the area, or through an agency that sits at its hub (domain.md 6.4)."""
    here = Post.objects.current().filter(area__in=case.area.lineage).values("user")
    seats = HubMember.objects.current().filter(hub__area__in=case.area.lineage).values("agency")
    conflicted = Conflict.objects.filter(case=case).values("user")
    workers = User.objects.filter(is_active=True, takes_cases=True).filter(Q(pk__in=here) | Q(agency__in=seats))
    return workers.exclude(pk__in=conflicted).exclude(pk=case.lead_id or 0)


def candidates(case: Case, tier: int, *, now: datetime) -> list[Candidate]:
    """Everybody who may be offered this family, the recommended first; five queries, however many there are."""
    workers = list(eligible(case).select_related("agency"))
    return _with_recommended(sorted(compared(workers, case, tier, now=now), key=_preferred_first))


class Choice:
    """To whom this family could be offered. Who they are is a query; what each has on is read only where it is shown."""

    def __init__(self, case: Case, tier: int, *, now: datetime) -> None:
        self.case, self.tier, self.now = case, tier, now

    @property
    def workers(self) -> Any:
        return eligible(self.case)

    @cached_property
    def found(self) -> list[Candidate]:
        return candidates(self.case, self.tier, now=self.now)

    def recommended(self) -> int | None:
        return next((each.worker.pk for each in self.found if each.recommended), None)


def compared(workers: list[User], case: Case, tier: int, *, now: datetime) -> list[Candidate]:
    """What each of these has on, and what this family would add."""
    ids = [worker.pk for worker in workers]
    held, fresh, known = _held(ids), _fresh(ids, now), _known(ids, case)
    weight = WEIGHTS.get(Tier(tier), 1)
    return [
        Candidate(
            worker=worker,
            tier_2=held[worker.pk, Tier.TARGETED],
            tier_3=held[worker.pk, Tier.ENHANCED],
            new_7=fresh.get(worker.pk, (0, 0))[0],
            new_28=fresh.get(worker.pk, (0, 0))[1],
            knows=worker.pk in known,
            weight=weight,
            fits=worker.intensive or tier != Tier.ENHANCED,
        )
        for worker in workers
    ]


def _preferred_first(each: Candidate) -> tuple[Any, ...]:
    return (
        not each.fits,
        each.over_limit,
        not each.knows,
        each.percent_after,
        each.new_28,
        each.worker.last_name,
        each.worker.pk,
    )


def _with_recommended(found: list[Candidate]) -> list[Candidate]:
    if not found or not found[0].fits:
        return found
    best = found[0]
    return [Candidate(**{**best.__dict__, "reason": _why(best)}), *found[1:]]


def _why(best: Candidate) -> str:
    room = f"{best.percent_after}% of the limit with this family"
    if best.over_limit:
        return f"everybody here would be over their limit; {best.worker.first_name} the least so, at {room}"
    return f"worked with this family before, and has room: {room}" if best.knows else f"has the most room: {room}"


def _held(ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """Families now by worker and tier: led, and on offer."""
    held: dict[tuple[int, int], int] = defaultdict(int)
    led = (
        Case.objects.filter(lead__in=ids, status__in=OPEN)
        .values_list("lead", "tier")
        .annotate(n=Count("pk"))
        .order_by()
    )
    for worker, tier, n in led:
        held[worker, tier] += n
    offers = Allocation.objects.filter(worker__in=ids, status=AllocationStatus.OFFERED, case__tier__isnull=False)
    for worker, tier, n in offers.values_list("worker", "case__tier").annotate(n=Count("pk")).order_by():
        held[worker, tier] += n
    return held


def _fresh(ids: Sequence[int], now: datetime) -> dict[int, tuple[int, int]]:
    """Families newly offered or taken in the last 7 and 28 days."""
    week, month = now - timedelta(days=7), now - timedelta(days=28)
    taken = Allocation.objects.filter(
        worker__in=ids, offered_at__gte=month, status__in=(AllocationStatus.OFFERED, AllocationStatus.ACCEPTED)
    )
    counted = (
        taken.values("worker").annotate(seven=Count("pk", filter=Q(offered_at__gte=week)), month=Count("pk")).order_by()
    )
    return {row["worker"]: (row["seven"], row["month"]) for row in counted}


def _known(ids: Sequence[int], case: Case) -> set[int]:
    """Who was on a team of this family in an earlier episode."""
    before = TeamMember.objects.filter(case__family=case.family_id, user__in=ids).exclude(case=case, until_at=None)
    return set(before.values_list("user", flat=True))
