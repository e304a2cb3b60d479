"""To whom a family could be offered, and what a chair wants to know before offering it (domain.md 6.4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import cached_property

from earlyhelp.cases import workload
from earlyhelp.cases.enums import AllocationStatus, Tier
from earlyhelp.cases.models import Allocation, Case, TeamMember
from earlyhelp.core.composed import Composed
from earlyhelp.partnership.models import Post, User
from hubs.models import Conflict, HubMember

# A restricted record changes no count for whoever may not see it (promise P4), and a chair seldom may.
FORMULA = f"{workload.WORDS} The second number adds this family and what is on offer to them. Restricted records are left out."


@dataclass(frozen=True)
class Candidate:
    """A worker to whom the family could be offered, and what a chair wants to know before offering."""

    worker: User
    carried: Counter[int]
    offered: Counter[int]
    new_7: int
    new_28: int
    knows: bool
    weight: float
    fits: bool
    reason: str = ""

    @property
    def tier_2(self) -> int:
        return self.carried[Tier.TARGETED]

    @property
    def tier_3(self) -> int:
        return self.carried[Tier.ENHANCED]

    @property
    def on_offer(self) -> int:
        return self.offered.total()

    @property
    def percent(self) -> int:
        return workload.percent(_weight(self.carried), self.worker.case_limit)

    @property
    def after(self) -> float:
        """What they would carry if they said yes to this family and to all that is on offer to them."""
        return _weight(self.carried) + _weight(self.offered) + self.weight

    @property
    def percent_after(self) -> int:
        return workload.percent(self.after, self.worker.case_limit)

    @property
    def over_limit(self) -> bool:
        """Whether this family would take the worker over their limit: a warning, never a bar (domain.md 6.4)."""
        return self.after > self.worker.case_limit

    @property
    def role(self) -> str:
        return self.worker.job_title or ("Intensive family worker" if self.worker.intensive else "Lead professional")

    @property
    def recommended(self) -> bool:
        return bool(self.reason)


def _weight(families: Counter[int]) -> float:
    return sum(number * workload.weight_of(tier) for tier, number in families.items())


def eligible(case: Case) -> Any:
    """Who takes cases here: by a post that covers the area, or through an agency that sits at its hub (domain.md 6.4)."""
    return _eligible(case=case.pk, lineage=case.area.lineage, lead=case.lead_id or 0)


def is_eligible(worker: User, case: Case) -> bool:
    """Whether they are among those whom ``eligible`` finds: asked by every decision, so composed once."""
    return bool(_IS_ELIGIBLE(None, worker=worker.pk, case=case.pk, lineage=case.area.lineage, lead=case.lead_id or 0))


def _eligible(*, case: Any, lineage: Any, lead: Any) -> Any:
    here = Post.objects.current().filter(area__in=lineage).values("user")
    seats = HubMember.objects.current().filter(hub__area__in=lineage).values("agency")
    conflicted = Conflict.objects.filter(case=case).values("user")
    workers = User.objects.filter(is_active=True, takes_cases=True).filter(Q(pk__in=here) | Q(agency__in=seats))
    return workers.exclude(pk__in=conflicted).exclude(pk=lead)


@Composed
def _IS_ELIGIBLE(user: None, worker: Any, **where: Any) -> Any:
    return _eligible(**where).filter(pk=worker).order_by().values_list("pk")


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
    carried, offered, fresh, known = _carried(ids), _offered(ids, case), _fresh(ids, now), _known(ids, case)
    return [
        Candidate(
            worker=worker,
            carried=carried[worker.pk],
            offered=offered[worker.pk],
            new_7=fresh.get(worker.pk, (0, 0))[0],
            new_28=fresh.get(worker.pk, (0, 0))[1],
            knows=worker.pk in known,
            weight=workload.weight_of(tier),
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
    with_them = f" and {best.on_offer} on offer" if best.on_offer else ""
    room = f"{best.percent_after}% of the limit with this family{with_them}"
    if best.over_limit:
        return f"everybody here would be over their limit; {best.worker.first_name} the least so, at {room}"
    return f"worked with this family before, and has room: {room}" if best.knows else f"has the most room: {room}"


def _carried(ids: Sequence[int]) -> dict[int, Counter[int]]:
    """By worker and tier, the families that they lead."""
    return _by_worker(_CARRIED(None, ids=ids))


@Composed
def _CARRIED(user: None, ids: Any) -> Any:
    led = workload.carried(Case.objects.filter(restricted=False, lead__in=ids))
    return led.values_list("lead", "tier").annotate(n=Count("pk")).order_by()


def _offered(ids: Sequence[int], case: Case) -> dict[int, Counter[int]]:
    """By worker and tier, the families that they have not answered for yet; this one is counted by itself."""
    return _by_worker(_OFFERED(None, ids=ids, case=case.pk))


@Composed
def _OFFERED(user: None, ids: Any, case: Any) -> Any:
    asked = Allocation.objects.filter(worker__in=ids, status=AllocationStatus.OFFERED, case__tier__isnull=False)
    others = asked.filter(case__restricted=False).exclude(case=case)
    return others.values_list("worker", "case__tier").annotate(n=Count("pk")).order_by()


def _by_worker(rows: Iterable[tuple[int, int, int]]) -> dict[int, Counter[int]]:
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for worker, tier, number in rows:
        found[worker][tier] += number
    return found


def _fresh(ids: Sequence[int], now: datetime) -> dict[int, tuple[int, int]]:
    """Families newly offered or taken in the last 7 and 28 days."""
    counted = _FRESH(None, ids=ids, week=now - timedelta(days=7), month=now - timedelta(days=28))
    return {worker: (seven, month) for worker, seven, month in counted}


@Composed
def _FRESH(user: None, ids: Any, week: Any, month: Any) -> Any:
    taken = Allocation.objects.filter(
        worker__in=ids, offered_at__gte=month, status__in=(AllocationStatus.OFFERED, AllocationStatus.ACCEPTED)
    ).filter(case__restricted=False)
    in_week = Count("pk", filter=Q(offered_at__gte=week))
    return taken.values_list("worker").annotate(seven=in_week, month=Count("pk")).order_by()


def _known(ids: Sequence[int], case: Case) -> set[int]:
    """Who was on a team of this family in an earlier episode."""
    return {worker for (worker,) in _KNOWN(None, case.restricted, ids=ids, case=case.pk, family=case.family_id)}


@Composed
def _KNOWN(user: None, restricted: bool, ids: Any, case: Any, family: Any) -> Any:
    before = TeamMember.objects.filter(case__family=family, user__in=ids).exclude(case=case, until_at=None)
    return before.filter(case__restricted__in={False, restricted}).order_by().values_list("user")
