"""What the pages of a case read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.cases.enums import AllocationStatus, TeamRole
from earlyhelp.cases.models import Allocation, Case, TeamMember
from earlyhelp.core.composed import Composed, record
from earlyhelp.core.dates import day
from earlyhelp.core.words import within
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Area, Post, User
from earlyhelp.workflow.transitions import REGISTRY


@record
def WITH_LEAD(user: Any) -> Any:
    """Cases on which somebody works, or from which somebody asks for something: with family, area and who leads."""
    return Case.objects.with_rights(user).select_related("family", "area", "lead__agency")


def follow_up_due(case: Case) -> date | None:
    """The day on which it is asked whether the change has lasted; none once that has begun, or was never promised."""
    owed = case.deadlines.open().filter(code="D_FOLLOW_UP").values_list("due_at", flat=True).first()
    return timezone.localdate(owed) if owed else None


def offered_to(case: Case) -> User | None:
    allocation = case.allocations.filter(status=AllocationStatus.OFFERED).select_related("worker").first()
    return allocation.worker if allocation else None


@dataclass(frozen=True)
class Entry:
    """One line of a timeline: what happened, to whom, and who did it."""

    title: str
    who: str
    at: datetime
    text: str
    url: str = ""
    happened_on: date | None = None  # where that is not the day on which it was written down


def trail(case: Case, limit: int | None = None, known: Iterable[TeamMember] = ()) -> list[Entry]:
    """What happened to the case, newest first, in words that say it has happened. ``known``: members read already."""
    rows = _events_of(None, limit, case=case.pk)
    names = _names([case], rows, known)
    return [_entry(event, names) for event in rows]


def trails(cases: Iterable[Case]) -> list[tuple[Case, Entry]]:
    """The same of several cases together, in as many queries as of one."""
    by_pk = {case.pk: case for case in cases}
    events = Event.objects.filter(subject=Case._meta.label_lower, subject_id__in=by_pk).select_related("actor")
    rows = list(events.order_by("-at", "-pk")) if by_pk else []
    names = _names(by_pk.values(), rows, ())
    return [(by_pk[event.subject_id], _entry(event, names)) for event in rows]


@Composed
def _events_of(nobody: None, limit: int | None, case: Any) -> Any:
    events = Event.objects.filter(subject=Case._meta.label_lower, subject_id=case).select_related("actor")
    return events.order_by("-at", "-pk")[:limit]


def _entry(event: Event, names: dict[tuple[str, int], str]) -> Entry:
    who = str(event.actor or "Early Help")
    return Entry(_title(event, names), who, event.at, event.reason, happened_on=_happened_on(event))


# What a line of the trail says. «{worker}», «{chair}» and «{member}» are filled from what the event keeps.
WORDS = {
    "await_decision": "Accepted for early help",
    "allocate": "Tier {tier} decided, and the family offered to {worker}",
    "offer_again": "The family was offered to {worker}",
    "not_opened": "The case was not opened",
    "accept": "{worker} accepted the family and leads",
    "decline": "The offer was declined",
    "take_over": "{worker} took over from {former} as lead professional",
    "record_first_contact": "The family was met for the first time",
    "assessment_started": "An assessment was started",
    "assessment_completed": "The assessment was completed",
    "meeting_held": "A TAF meeting was held",
    "risk_raised": "A risk was written down",
    "plan_agreed": "The plan was agreed with the family",
    "reviewed": "A review was recorded",
    "opened_in_emergency": "It was opened in an emergency",
    "request_step": "A step to tier {to_tier} was asked for",
    "approve_step": "The step to tier {to_tier} was approved",
    "approve_step_out": "The step down was approved: the case is to close",
    "decline_step": "The step was declined",
    "withdraw_step": "The request for a step was withdrawn",
    "return_step": "EH Access sent the request for a step back",
    "set_timebox": "The end of the programme was set",
    "end_timebox": "The programme ended",
    "name_chair": "{chair} was named to decide",
    "propose_closure": "Closure was proposed",
    "close_stepped_down": "The case was closed after the step down",
    "ratify_closure": "The closure was ratified and the case closed",
    "refuse_closure": "The closure was not agreed",
    "family_withdrew": "The family withdrew and the case was closed",
    "stepped_up": "The case was closed: social care leads now",
    "begin_follow_up": "The follow-up fell due",
    "record_follow_up": "The follow-up was recorded",
    "team_joined": "{member} joined the team as {role}",
    "team_left": "{member} left the team",
    "edit": "The case was changed",
}
HAPPENED = ("met_on", "held_on")  # facts that say on which day it was, where that is not the day on which it was typed
NAMED = {"worker": "user", "former": "user", "chair": "user", "member": "member"}
SOMEBODY = "somebody"


def _title(event: Event, names: dict[tuple[str, int], str]) -> str:
    name = event.kind.rpartition(".")[2]
    move = REGISTRY[Case].get(name)
    words = WORDS.get(name) or (move.label if move else name.replace("_", " ").capitalize())
    facts = {fact: names.get((kind, event.facts.get(fact)), SOMEBODY) for fact, kind in NAMED.items()}
    role = event.facts.get("role")
    facts["role"] = within(TeamRole(role).label) if role in TeamRole.values else "a member"
    title = words.format(**{"tier": "", "to_tier": ""} | event.facts | facts)
    return title[:1].upper() + title[1:] + _on_another_day(event)


def _on_another_day(event: Event) -> str:
    """The day on which it happened, if it was written down on a later one: the line itself bears the day of the writing."""
    on = _happened_on(event)
    return f", on {day(on)}" if on else ""


def _happened_on(event: Event) -> date | None:
    days = [date.fromisoformat(event.facts[fact]) for fact in HAPPENED if event.facts.get(fact)]
    return next((each for each in days if each != timezone.localdate(event.at)), None)


def _names(cases: Iterable[Case], events: list[Event], known: Iterable[TeamMember]) -> dict[tuple[str, int], str]:
    """The names of everybody in these events: of the team as it is known, and the rest in a query for each kind."""
    wanted = {(kind, event.facts[fact]) for event in events for fact, kind in NAMED.items() if event.facts.get(fact)}
    names = {("member", member.pk): str(member) for member in known}
    names |= {("user", member.user_id): str(member.user) for member in known if member.user_id}
    if users := {pk for kind, pk in wanted - names.keys() if kind == "user"}:
        names |= {("user", user.pk): str(user) for user in User.objects.filter(pk__in=users)}
    if members := {pk for kind, pk in wanted - names.keys() if kind == "member"}:
        rows = TeamMember.objects.filter(case__in=cases, pk__in=members).select_related("user", "service")
        names |= {("member", member.pk): str(member) for member in rows}
    return names


def not_opening(case: Case) -> Event | None:
    """The decision of the hub not to open this case: when it was, and in its facts where the family was signposted to."""
    return _last(case, "cases.case.not_opened")


def allocation_of(case: Case) -> Event | None:
    """The decision of the hub to open this case: in its facts what it says to whoever referred."""
    return _last(case, "cases.case.allocate")


def _last(case: Case, kind: str) -> Event | None:
    made = Event.objects.filter(subject=case._meta.label_lower, subject_id=case.pk, kind=kind)
    return made.order_by("-at", "-pk").first()


def team_of(case: Case) -> list[Any]:
    return _team_of(None, case=case.pk)


@Composed
def _team_of(nobody: None, case: Any) -> Any:
    shown = ("user__agency", "agency", "service__organisation")
    return TeamMember.objects.current().filter(case=case).select_related(*shown).order_by("role", "from_at")


def with_offer(cases: Any) -> Any:
    """With each case the name and agency of the worker to whom it is offered now, so that whoever sees it sees that."""
    offered = Allocation.objects.filter(case=OuterRef("pk"), status=AllocationStatus.OFFERED)
    words = Concat("worker__first_name", Value(" "), "worker__last_name", output_field=CharField())
    return cases.annotate(offered_to=Subquery(offered.values(words=words)[:1]))


def chairs_of(area: Area) -> Any:
    """Whoever chairs a hub of this place, or of one around it, today."""
    posts = Post.objects.current().filter(role=Role.HUB_CHAIR, area__in=area.lineage)
    return User.objects.filter(pk__in=posts.values("user"), is_active=True).order_by("last_name", "first_name")


def may_join(case: Case) -> Any:
    """Practitioners who may be put on the team: not whoever is on it, has left, or only keeps the system going."""
    posts = Post.objects.current().filter(user=OuterRef("pk"))
    only_system = Exists(posts.filter(role=Role.SYSTEM_ADMIN)) & ~Exists(posts.exclude(role=Role.SYSTEM_ADMIN))
    present = case.team.current().filter(user__isnull=False).values("user")
    people = User.objects.filter(~only_system, is_active=True, agency__is_active=True).exclude(pk__in=present)
    return people.select_related("agency", "team").order_by("agency__name", "last_name", "first_name", "pk")
