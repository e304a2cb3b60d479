"""Who is in the family, who sits at the hub, and who is still to be heard at its meetings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat, JSONObject, NullIf, Trim

from earlyhelp.cases.models import Case, TeamMember
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.core.standin import Today
from earlyhelp.families.models import Agreement, FamilyMembership
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Cover, Post, User
from hubs.models import AgendaItem, Hub, HubMeeting, HubMember, StandIn

AT_THE_HUB = (Role.HUB_CHAIR, Role.HUB_COORDINATOR, Role.HUB_MEMBER)


def household(case: Case) -> list[FamilyMembership]:
    """Who lives there and who matters, the eldest first."""
    members = _MEMBERS_OF(None, family=case.family_id)
    return sorted(members, key=lambda member: (member.person.born_on or date.max, member.pk))


@PlannedOnce
def _MEMBERS_OF(nobody: None, family: Any) -> Any:
    return FamilyMembership.objects.current().filter(family=family).select_related("person")


def agreements_of(case: Case) -> list[Agreement]:
    """What each of the family last said about early help: one not asked does not undo another’s yes."""
    return _SAID_LAST(None, family=case.family_id)


@PlannedOnce
def _SAID_LAST(nobody: None, family: Any) -> Any:
    said = Agreement.objects.filter(family=family).select_related("person")
    return said.order_by("person", "-recorded_at", "-pk").distinct("person")


def runners_of(hub: Hub, *roles: str) -> list[User]:
    """Who holds these posts for a hub now, the longest first: of two chairs the second is the deputy."""
    posts = Post.objects.current().filter(
        role__in=roles or (Role.HUB_CHAIR, Role.HUB_COORDINATOR), area__in=hub.area.lineage
    )
    return list(
        {
            post.user_id: post.user
            for post in posts.filter(user__is_active=True).select_related("user").order_by("from_on", "pk")
        }.values()
    )


def members_of(hub: Hub) -> Any:
    """Everybody who sits at the hub, its chair and coordinator too."""
    return _sitting(hub=hub.pk, area=hub.area_id)


def _sitting(*, hub: Any, area: Any) -> Any:
    people = User.objects.filter(_sits_at(hub, area), is_active=True)
    return people.select_related("agency").order_by("agency__name", "last_name", "pk")


def sitting_at(hub: Hub) -> list[Any]:
    """The same, read."""
    return _SITTING(None, hub=hub.pk, area=hub.area_id)


@PlannedOnce
def _SITTING(nobody: None, hub: Any, area: Any) -> Any:
    return _sitting(hub=hub, area=area)


def may_undertake(hub: Hub, case: Case) -> list[Any]:
    """Who is named for an action about this family: whoever sits at the hub, and the team around the family."""
    return _UNDERTAKING(None, hub=hub.pk, area=hub.area_id, case=case.pk)


@PlannedOnce
def _UNDERTAKING(nobody: None, hub: Any, area: Any, case: Any) -> Any:
    team = TeamMember.objects.current().filter(case=case, user__isnull=False).values("user")
    people = User.objects.filter(_sits_at(hub, area) | Q(pk__in=team), is_active=True)
    return people.select_related("agency").order_by("agency__name", "last_name", "pk")


def how_many_sit() -> Any:
    """Over hubs: how many ``members_of`` each there are."""
    people = User.objects.filter(_sits_at(OuterRef(OuterRef("pk")), OuterRef(OuterRef("area"))), is_active=True)
    return Coalesce(Subquery(people.order_by().values(n=Func("pk", function="COUNT", output_field=IntegerField()))), 0)


def _sits_at(hub: Any, area: Any) -> Q:
    """Over people: those with a seat by name, and those with one by a post in the hub's area."""
    return Q(pk__in=_by_name(hub).union(_by_post(area)))


# Each of the following is a part of a union, and not one condition of two: the few are looked up, and not everybody asked.


def _by_name(hub: Any) -> Any:
    return HubMember.objects.current(Today()).filter(hub=hub).values("user")


def _by_post(area: Any) -> Any:
    return Post.objects.current(Today()).filter(role__in=AT_THE_HUB, area=area).values("user")


def readers_of(meeting: HubMeeting) -> Any:
    """Everybody who is to be at this meeting: who sits at the hub, and who sits for one of them this time."""
    return _readers(hub=meeting.hub_id, area=meeting.hub.area_id, meeting=meeting.pk).select_related("agency")


def may_be_here(meeting: HubMeeting) -> Any:
    """Whom the attendance of a meeting can name: also who chairs for a wider place, and who covers today for somebody of these.

    They decide as the one whose post it is would, and so only where they are recorded as being there.
    """
    chairs = Post.objects.current(Today()).filter(role=Role.HUB_CHAIR, area__in=meeting.hub.area.lineage).values("user")
    expected = User.objects.filter(Q(pk__in=readers_of(meeting).order_by().values("pk")) | Q(pk__in=chairs))
    covering = Cover.objects.current().filter(person__in=expected.values("pk")).values("colleague")
    people = User.objects.filter(Q(pk__in=expected.values("pk")) | Q(pk__in=covering), is_active=True)
    return people.select_related("agency").order_by("agency__name", "last_name", "pk")


def _readers(*, hub: Any, area: Any, meeting: Any) -> Any:
    stood_in = StandIn.objects.filter(meeting=meeting).values("user")
    sits = Q(pk__in=_by_name(hub).union(_by_post(area), stood_in))
    return User.objects.filter(sits, is_active=True).order_by("agency__name", "last_name", "pk")


@dataclass(frozen=True)
class Reader:
    """One who is to be at a meeting: by whose post, in whose place, and when they first opened its papers."""

    pk: int
    name: str
    agency: str | None
    is_chair: bool
    is_coordinator: bool
    for_whom: str | None
    opened_at: datetime | None = None

    def __str__(self) -> str:
        return self.name


def reading(*, hub: Any, area: Any, meeting: Any) -> Any:
    """The same for the meeting's page: what it says of each, by the names that ``Reader`` has for it."""
    posts = Post.objects.current(Today()).filter(area=area, user=OuterRef("pk"))
    away = StandIn.objects.filter(meeting=meeting, user=OuterRef("pk")).values(name=called("away__"))
    facts = JSONObject(
        pk="pk",
        name=called(),
        agency="agency__name",
        is_chair=Exists(posts.filter(role=Role.HUB_CHAIR)),
        is_coordinator=Exists(posts.filter(role=Role.HUB_COORDINATOR)),
        for_whom=Subquery(away[:1]),
    )
    return _readers(hub=hub, area=area, meeting=meeting).values_list(facts, flat=True)


def called(path: str = "") -> Any:
    """Over what leads to somebody by ``path``: what they are called, as ``str`` of them says it."""
    named = Trim(Concat(f"{path}first_name", Value(" "), f"{path}last_name"))
    return Coalesce(NullIf(named, Value("")), F(f"{path}username"))


def managers_of(hub: Hub) -> Any:
    """Who may agree to a second deferral: the managers around the hub's area (domain.md 6.4)."""
    roles = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER)
    held = Post.objects.current().filter(role__in=roles, area__in=hub.area.lineage).values("user")
    return User.objects.filter(pk__in=held, is_active=True).select_related("agency").order_by("last_name", "pk")


def next_meeting(hub: Hub, *, after: HubMeeting | None = None) -> HubMeeting | None:
    """The hub's next meeting that has not begun; the one after ``after``, if given."""
    coming = HubMeeting.objects.filter(hub=hub).to_come()
    return (coming.filter(starts_at__gt=after.starts_at) if after else coming).first()


def undecided_of(meeting: HubMeeting, user: Any) -> list[AgendaItem]:
    """Every family still to be heard of which this person may hear; another changes nothing for them (promise P4)."""
    return list(AgendaItem.objects.for_user(user).filter(meeting=meeting).on_agenda().select_related("case"))
