"""A colleague stands in: named by the person, by their manager or by an administrator, for a while and for a reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from earlyhelp.accounts.queries import accounts
from earlyhelp.audit.models import record
from earlyhelp.notices.enums import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import NEVER_COVERED
from earlyhelp.partnership.models import Cover, User
from earlyhelp.workflow.transitions import NotPossible


@transaction.atomic
def cover(person: User, *, by: Any, now: datetime, colleague: str, from_on: date, until_on: date, reason: str) -> Cover:
    """``colleague``: their username. Both of them hear of it."""
    _refuse_others(person, by)
    found = User.objects.filter(username__iexact=colleague, agency=person.agency_id).exclude(pk=person.pk).first()
    if found is None or person.agency_id is None or not found.is_here(timezone.localdate(now)):
        raise NotPossible("Nobody else of this agency signs in with that username.", field="colleague")
    if by.pk != person.pk and (found.pk == by.pk or found.posts.current().filter(role__in=NEVER_COVERED).exists()):
        raise NotPossible(
            "Nobody names themselves, nor somebody who watches over others: ask whoever is away.", field="colleague"
        )
    if (until_on - from_on).days >= Cover.MOST_DAYS:
        raise NotPossible(
            f"For at most {Cover.MOST_DAYS} days. Whoever is away for longer needs a successor.", field="until_on"
        )
    made = Cover.objects.create(
        person=person, colleague=found, from_on=from_on, until_on=until_on, reason=reason, made_by=by, made_at=now
    )
    record("account.cover", person, by=by, at=now, reason=reason, colleague=found.pk)
    notify(
        [each for each in (person, found) if each != by],
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


def _refuse_others(person: User, by: Any) -> None:
    """The person, their manager, an administrator."""
    by.forget_scope()
    if person.pk != by.pk and not accounts().for_user(by).filter(pk=person.pk).exists():
        raise PermissionDenied
