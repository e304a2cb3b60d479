"""Of whom a meeting may hear: which chair is free to, who of those here may hear a family in a chair's place."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Now

from earlyhelp.cases.models import Case
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User
from hubs.enums import HIDES, Presence
from hubs.models import AgendaItem, Conflict, HubMeeting
from hubs.queries.people import members_of


def chairs_who_may_hear(case: Case) -> QuerySet[User]:
    """Chairs around a case who have declared no interest in it."""
    return posted_who_may_hear(case, Role.HUB_CHAIR)


def posted_who_may_hear(case: Case, *roles: str) -> QuerySet[User]:
    """Who holds one of these posts around a case, and has declared no interest in it."""
    posts = Post.objects.current().filter(role__in=roles, area__in=case.area.lineage)
    declared = Conflict.objects.standing().filter(case=case).values("user")
    return User.objects.filter(pk__in=posts.values("user"), is_active=True).exclude(pk__in=declared)


def here(meeting: HubMeeting) -> QuerySet[User]:
    """Who is at the meeting now, of those who have an account."""
    present = meeting.attendance.filter(presence=Presence.PRESENT, user__isnull=False)
    return User.objects.filter(pk__in=present.values("user"), is_active=True)


def interests_of(meeting: HubMeeting, user: Any) -> list[Any]:
    """Those declared at a meeting, or standing in a family that it decided about or hears. ``named``: whether it is said of whom.

    Of a restricted record that is out of sight nothing is said at all (promise P4).
    """
    heard = Q(case__in=AgendaItem.objects.filter(meeting=meeting).values("case"))
    decided = Q(case__in=meeting.decisions.values("case")) & Q(declared_at__lte=meeting.closed_at or Now())
    seen = Q(case__in=Case.objects.for_user(user).values("pk")) & ~Q(user=user, status__in=HIDES)
    mine = user.scope.ids("case_conflict")
    seen &= ~Q(case__in=mine) if mine else Q()
    rows = Conflict.objects.filter(Q(meeting=meeting) | heard | decided).with_rights(user, "doubt", "take_back")
    rows = rows.annotate(named=ExpressionWrapper(seen, output_field=BooleanField()))
    rows = rows.filter(Q(case__restricted=False) | Q(named=True) | Q(user=user))
    return list(rows.select_related("user", "case__family", "declared_by", "doubted_by", "confirmed_by").order_by("pk"))


def may_hear(item: AgendaItem) -> QuerySet[User]:
    """Who of those here could hear this family in a chair's place: nobody who has an interest in it, or leads it."""
    declared = Conflict.objects.standing().filter(case=item.case_id).values("user")
    rows = here(item.meeting).exclude(pk__in=declared)  # type: ignore[arg-type]
    rows = rows.exclude(pk=item.case.lead_id) if item.case.lead_id else rows
    return rows.select_related("agency").order_by("agency__name", "last_name", "pk")


def may_be_named(item: AgendaItem) -> QuerySet[User]:
    """Who may be asked to hear it in the chair's place: of those here; before the hub meets, where nobody who runs it may hear
    of the family, of all who sit there.
    """
    if item.meeting is not None and item.meeting.in_session:
        return may_hear(item)
    if item.nobody_hears_since is None:
        return User.objects.none()
    declared = Conflict.objects.standing().filter(case=item.case_id).values("user")
    rows: QuerySet[User] = members_of(item.hub).exclude(pk__in=declared)
    return rows.exclude(pk=item.case.lead_id) if item.case.lead_id else rows


def still_hears(item: AgendaItem) -> bool:
    """Whether somebody is named to hear it in the chair's place, has not left, and knows the family no better since."""
    if item.heard_by is None or not item.heard_by.is_active:
        return False
    return not Conflict.objects.standing().filter(case=item.case_id, user=item.heard_by).exists()


def chairs_here(item: AgendaItem) -> list[User]:
    """Who is at the meeting now and may decide about this family: the deputy, where the other has an interest in it."""
    chairs = chairs_who_may_hear(item.case)
    named = Q(pk=item.heard_by_id) if item.heard_by_id else Q(pk__in=())
    return list(may_hear(item).filter(Q(pk__in=chairs.values("pk")) | named))
