"""What each worker carries, how much they may, and when they are away; and the same by agency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from earlyhelp.cases import workload
from earlyhelp.cases.enums import AllocationStatus
from earlyhelp.cases.models import Allocation
from earlyhelp.cases.workload import Load, loads_of
from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.partnership.models import Cover, Leave, User
from earlyhelp.workforce.access import RULES

AHEAD = timedelta(days=91)  # leave further off than this matters to nobody who offers a family today


class Workers(ScopedQuerySet[User]):
    """People as those who may lead a family. Whoever takes none is no row of a table of workload."""

    rules = RULES


def workers() -> Workers:
    return Workers(User)


def offers_to_decline(worker: User, user: User) -> list[Allocation]:
    """What is offered to this worker now, by its number alone, for whoever may decline it in their place."""
    offered = Allocation.objects.for_user(user, "decline_offer").filter(worker=worker, status=AllocationStatus.OFFERED)
    return list(offered.select_related("case").order_by("offered_at", "pk"))


@dataclass(frozen=True)
class Away:
    """A leave, and whoever sees and hears for them on a day of it: ``Cover`` is made by itself, and not kept twice."""

    leave: Leave
    covers: tuple[Cover, ...] = ()

    @property
    def is_covered(self) -> bool:
        return bool(self.covers)


@dataclass(frozen=True)
class Carrying:
    """One worker, with what they carry and when they are away."""

    worker: User
    load: Load
    away: list[Away] = field(default_factory=list)

    @property
    def capacity(self) -> float:
        return workload.capacity(self.worker.case_limit, self.worker.hours)

    @property
    def percent(self) -> int:
        return workload.percent(self.load.weight, self.capacity)

    @property
    def percent_with_offers(self) -> int:
        return workload.percent(self.load.with_offers, self.capacity)

    @property
    def is_over(self) -> bool:
        return self.load.weight > self.capacity


@dataclass(frozen=True)
class AgencyTotal:
    """All of one agency's workers in sight, together."""

    agency: str
    people: int
    hours: float
    families: int
    weight: float
    capacity: float

    @property
    def percent(self) -> int:
        return workload.percent(self.weight, self.capacity)

    @property
    def room(self) -> float:
        return max(0.0, self.capacity - self.weight)


def carrying(user: Any, *, now: datetime) -> list[Carrying]:
    """Everybody in sight who takes families, the fullest first: six queries, however many they are."""
    people = workers().for_user(user).filter(is_active=True, takes_cases=True).select_related("agency", "team")
    found = described(list(people), now=now)
    return sorted(found, key=lambda each: (-each.percent, each.worker.last_name, each.worker.pk))


def described(people: list[User], *, now: datetime) -> list[Carrying]:
    loads = loads_of([each.pk for each in people], now=now)
    away = leave_ahead(people, today=timezone.localdate(now))
    return [Carrying(each, loads[each.pk], away[each.pk]) for each in people]


def leave_ahead(people: list[User], *, today: date) -> dict[int, list[Away]]:
    """Of each, now and in the weeks to come, the soonest first."""
    planned = Leave.objects.between(today, today + AHEAD).filter(person__in=people).order_by("from_on", "pk")
    covers = _covers(people, today)
    found: dict[int, list[Away]] = defaultdict(list)
    for leave in planned:
        found[leave.person_id].append(Away(leave, _in_time(covers[leave.person_id], leave)))
    return found


def _covers(people: list[User], today: date) -> dict[int, list[Cover]]:
    found: dict[int, list[Cover]] = defaultdict(list)
    rows = Cover.objects.filter(person__in=people, ended_at=None, until_on__gte=today).select_related("colleague")
    for cover in rows.order_by("from_on", "pk"):
        found[cover.person_id].append(cover)
    return found


def _in_time(covers: list[Cover], leave: Leave) -> tuple[Cover, ...]:
    return tuple(each for each in covers if each.from_on <= leave.until_on and each.until_on >= leave.from_on)


def by_agency(found: Iterable[Carrying]) -> list[AgencyTotal]:
    """The agencies by name. Whoever works for none is counted apart."""
    grouped: dict[str, list[Carrying]] = defaultdict(list)
    for each in found:
        grouped[str(each.worker.agency or "No agency")].append(each)
    return [_total(name, grouped[name]) for name in sorted(grouped)]


def _total(agency: str, found: list[Carrying]) -> AgencyTotal:
    return AgencyTotal(
        agency=agency,
        people=len(found),
        hours=sum(float(each.worker.hours) for each in found),
        families=sum(each.load.families for each in found),
        weight=sum(each.load.weight for each in found),
        capacity=sum(each.capacity for each in found),
    )
