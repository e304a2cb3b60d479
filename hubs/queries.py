"""What the hub's pages read: whom a family could be offered to, in which order families are heard, who is in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import cached_property

from earlyhelp.cases.enums import OPEN, AllocationStatus, Tier
from earlyhelp.cases.models import Allocation, Case, TeamMember
from earlyhelp.families.models import Agreement, FamilyMembership
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User
from hubs.enums import RUNNING_ORDER, Presence
from hubs.models import AgendaItem, Conflict, Hub, HubDecision, HubMeeting, HubMember

WEIGHTS = {Tier.TARGETED: 1, Tier.ENHANCED: 2}
FORMULA = "Workload counts a family at tier 2 as 1 and at tier 3 as 2, those on offer too, as a share of the person’s own limit."


# --- Who could take the family -----------------------------------------------------------------------------------------


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


# --- In which order ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One line of an agenda, with the reasons for its place (domain.md 9.5): a suggestion, never a decision."""

    item: AgendaItem
    reasons: list[str] = field(default_factory=list)
    ages: str = ""
    days: int = 0
    late: bool = False


def in_order(items: Iterable[AgendaItem], *, now: datetime) -> list[Line]:
    """Items, read ``with_births``, in the chair's order where one was given, else as suggested."""
    return sorted((_line(item, now) for item in items), key=_heard_first)


def _line(item: Any, now: datetime) -> Line:
    ages = [_years(born_on, timezone.localdate(now)) for born_on in item.births]
    due_at = getattr(item, "due_at", None)
    late = bool(due_at and due_at < now)
    days = days_waited(item, now)
    return Line(item, _reasons(item, ages, days, late), ", ".join(_age(age) for age in ages), days, late)


def days_waited(item: AgendaItem, now: datetime) -> int:
    """As people count them: from day to day, whatever the hour."""
    return (timezone.localdate(now) - timezone.localdate(item.since_at)).days


def _years(born_on: date, today: date) -> int:
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def _age(years: int) -> str:
    return "under 1" if years < 1 else str(years)


def _reasons(item: AgendaItem, ages: list[int], days: int, late: bool) -> list[str]:
    reasons = ["urgent"] if item.urgent else []
    if item.case.level_of_need >= 3:
        reasons.append(f"level of need {item.case.level_of_need}")
    if any(age < 2 for age in ages):
        reasons.append("a child under 2")
    if late:
        reasons.append(f"{days} days waiting, past the standard")
    if item.deferrals:
        reasons.append(
            "deferred twice"
            if item.deferrals == 2
            else f"deferred {item.deferrals} times"
            if item.deferrals > 2
            else "deferred before"
        )
    return reasons


def _heard_first(line: Line) -> tuple[Any, ...]:
    item = line.item
    youngest_first = "a child under 2" not in line.reasons
    suggested = (
        not item.urgent,
        -item.case.level_of_need,
        youngest_first,
        not line.late,
        -item.deferrals,
        item.since_at,
        item.pk,
    )
    return (item.position is None, item.position or 0, RUNNING_ORDER.index(item.kind), *suggested)


# --- Who is in the family ----------------------------------------------------------------------------------------------


def household(case: Case) -> list[FamilyMembership]:
    """Who lives there and who matters, the eldest first."""
    members = FamilyMembership.objects.current().filter(family=case.family_id).select_related("person")
    return sorted(members, key=lambda member: (member.person.born_on or date.max, member.pk))


def agreements_of(case: Case) -> list[Agreement]:
    """What each of the family last said about early help: one not asked does not undo another’s yes."""
    said = Agreement.objects.filter(family=case.family_id).select_related("person")
    return list(said.order_by("person", "-recorded_at", "-pk").distinct("person"))


def runners_of(hub: Hub, *roles: str) -> list[User]:
    """Who holds these posts for a hub now."""
    posts = Post.objects.current().filter(
        role__in=roles or (Role.HUB_CHAIR, Role.HUB_COORDINATOR), area__in=hub.area.lineage
    )
    return list(
        {post.user_id: post.user for post in posts.filter(user__is_active=True).select_related("user")}.values()
    )


def members_of(hub: Hub) -> Any:
    """Everybody who sits at the hub, its chair and coordinator too."""
    seats = HubMember.objects.current().filter(hub=hub).values("user")
    posts = Post.objects.current().filter(
        Q(role=Role.HUB_MEMBER, area=hub.area_id) | Q(role__in=(Role.HUB_CHAIR, Role.HUB_COORDINATOR), area=hub.area_id)
    )
    people = User.objects.filter(Q(pk__in=seats) | Q(pk__in=posts.values("user")), is_active=True)
    return people.select_related("agency").order_by("agency__name", "last_name", "pk")


def managers_of(hub: Hub) -> Any:
    """Who may agree to a second deferral: the managers around the hub's area (domain.md 6.4)."""
    roles = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER)
    held = Post.objects.current().filter(role__in=roles, area__in=hub.area.lineage).values("user")
    return User.objects.filter(pk__in=held, is_active=True).select_related("agency").order_by("last_name", "pk")


def next_meeting(hub: Hub, *, after: HubMeeting | None = None) -> HubMeeting | None:
    """The hub's next meeting that has not begun; the one after ``after``, if given."""
    coming = HubMeeting.objects.filter(hub=hub).to_come()
    return (coming.filter(starts_at__gt=after.starts_at) if after else coming).first()


def undecided(meeting: HubMeeting) -> list[AgendaItem]:
    """Every family still to be heard, whoever asks: to close a meeting defers those too that its chair may not hear of."""
    return list(AgendaItem.objects.filter(meeting=meeting).on_agenda().select_related("case"))


def quorum_missing(meeting: HubMeeting) -> int:
    """How many agencies are missing for a quorum: those here beside the chair, against what the hub asks for."""
    here = meeting.attendance.filter(presence=Presence.PRESENT, agency__isnull=False).exclude(
        user=meeting.chaired_by_id
    )
    return max(0, meeting.hub.quorum - here.values("agency").distinct().count())


def minutes(meeting: HubMeeting, user: Any) -> dict[str, Any]:
    """What the decisions, the attendance and the actions of a meeting say of themselves."""
    seen = HubDecision.objects.for_user(user).select_related(
        "case__family", "worker__agency", "by", "agreed_by", "manager"
    )
    attendance = list(
        meeting.attendance.select_related("user", "agency").order_by("agency__name", "user__last_name", "name")
    )
    here = {row.agency_id for row in attendance if row.presence == Presence.PRESENT}
    return {
        "decisions": list(seen.filter(meeting=meeting).order_by("at", "pk")),
        "ratified": list(seen.filter(ratified_in=meeting).order_by("at", "pk")),
        "actions": list(meeting.actions.told_to(user).select_related("owner", "agency").order_by("due_on", "pk")),
        "attendance": attendance,
        "absent_agencies": sorted(
            {str(row.agency) for row in attendance if row.agency_id and row.agency_id not in here}
        ),
        "next_meeting": next_meeting(meeting.hub, after=meeting),
    }
