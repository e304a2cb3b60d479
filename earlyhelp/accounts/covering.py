"""A colleague stands in: named by the person, by their manager or by an administrator, for a while and for a reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Value, When
from django.urls import reverse
from django.utils import timezone

from earlyhelp.accounts.queries import accounts
from earlyhelp.audit.models import record
from earlyhelp.notices.enums import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import NEVER_COVERED
from earlyhelp.partnership.models import Cover, Post, User
from earlyhelp.workflow.transitions import NotPossible


@transaction.atomic
def cover(
    person: User, *, by: Any, now: datetime, colleague: User, from_on: date, until_on: date, reason: str
) -> Cover:
    """Both of them hear of it. Raises ``NotPossible`` for anybody who may not cover for them."""
    _refuse_others(person, by)
    if not who_may_cover(person, by, timezone.localdate(now)).filter(pk=colleague.pk).exists():
        raise NotPossible("They may not cover: choose somebody else.", field="colleague")
    if (until_on - from_on).days >= Cover.MOST_DAYS:
        raise NotPossible(
            f"For at most {Cover.MOST_DAYS} days. Whoever is away for longer needs a successor.", field="until_on"
        )
    made = Cover.objects.create(
        person=person, colleague=colleague, from_on=from_on, until_on=until_on, reason=reason, made_by=by, made_at=now
    )
    record("account.cover", person, by=by, at=now, reason=reason, colleague=colleague.pk)
    notify(
        [each for each in (person, colleague) if each != by],
        kind=Kind.NEWS,
        title="Somebody covers for a colleague: see from when until when",
        reference="",
        url=reverse("accounts:yours"),
        key=f"cover:{made.pk}",
        now=now,
    )
    return made


@transaction.atomic
def end_cover(made: Cover, *, by: Any, now: datetime) -> Cover:
    """At once. Whoever covers may end it as well."""
    made = Cover.objects.select_for_update(of=("self",)).select_related("person").get(pk=made.pk)
    if made.colleague_id != by.pk:
        _refuse_others(made.person, by)
    if made.ended_at:
        raise NotPossible("This has ended already.")
    made.ended_at = now
    made.save(update_fields=["ended_at"])
    record("account.end_cover", made.person, by=by, at=now, colleague=made.colleague_id)
    return made


def covers_of(person: Any, today: date) -> Any:
    """By and for this person, now and to come."""
    of_person = Cover.objects.filter(person=person) | Cover.objects.filter(colleague=person)
    return (
        of_person.filter(ended_at=None, until_on__gte=today)
        .select_related("person", "colleague")
        .order_by("from_on", "pk")
    )


def who_may_cover(person: User, by: Any, today: date) -> Any:
    """Whoever else is here for the same agency, their own team first.

    Nobody names themselves for somebody else, nor somebody who watches over others: that is for whoever is away.
    """
    people = User.objects.filter(agency=person.agency_id, is_active=True).exclude(pk=person.pk)
    people = people.exclude(left_on__lte=today).exclude(agency=None)
    if by.pk != person.pk:
        watches = Post.objects.current(today).filter(user=OuterRef("pk"), role__in=NEVER_COVERED)
        people = people.exclude(pk=by.pk).exclude(Exists(watches))
    own_team = Case(When(team=person.team_id, then=Value(0)), default=Value(1)) if person.team_id else Value(0)
    return people.select_related("team").order_by(own_team, "team__name", "last_name", "first_name", "pk")


def _refuse_others(person: User, by: Any) -> None:
    """The person, their manager, an administrator."""
    by.forget_scope()
    if person.pk != by.pk and not accounts().for_user(by).filter(pk=person.pk).exists():
        raise PermissionDenied
