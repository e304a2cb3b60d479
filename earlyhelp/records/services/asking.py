"""A subject access request begins; and what somebody says of what is written about them is put beside it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from assessments.models import Assessment
from earlyhelp.audit.models import record
from earlyhelp.core.calendar import add_months, closing
from earlyhelp.deadlines.services import promise
from earlyhelp.directory.queries import is_restricted
from earlyhelp.families.models import Family, Person, SignificantEvent
from earlyhelp.families.services import next_number
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import User
from earlyhelp.records.access import keeps_records
from earlyhelp.records.enums import Asker
from earlyhelp.records.models import AccessItem, AccessRequest, Addendum
from earlyhelp.workflow.transitions import NotPossible

NOBODY = "Nobody of this name and date of birth is on the record in your area."
SEVERAL = (
    "More than one person of this name and date of birth is on the record: give the reference of their family too."
)
YOURSELF = "This is about you: another governance lead keeps it."
AT_ONCE = timedelta(minutes=1)  # of one that was written down when its month was over
ADDABLE = (SignificantEvent, Assessment)


@transaction.atomic
def begin_request(
    *,
    by: Any,
    now: datetime,
    first_name: str,
    last_name: str,
    born_on: date,
    received_on: date,
    asker: str,
    reference: str = "",
    asker_name: str = "",
) -> AccessRequest:
    """The clock runs from the day on which it was received. Their families are locked, so that none is destroyed meanwhile."""
    if not keeps_records(by):
        raise PermissionDenied
    if received_on > timezone.localdate(now):
        raise NotPossible("Give the day on which it was received.", field="received_on")
    if asker != Asker.PERSON and not asker_name:
        raise NotPossible("Say who asks.", field="asker_name")
    person = _person(by, first_name, last_name, born_on, reference)
    account = _account_of(person)
    if account == by or asker_name.casefold() == str(by).casefold():
        raise NotPossible(YOURSELF)
    list(Family.objects.select_for_update(of=("self",)).filter(memberships__person=person).order_by("pk"))
    if AccessRequest.objects.live().filter(person=person).exists():
        raise NotPossible("A request of theirs is under way.")
    made = AccessRequest.objects.create(
        reference=f"SAR-{next_number('records_access_reference'):06d}",
        person=person,
        area=person.area or Family.objects.filter(memberships__person=person).order_by("pk")[0].area,
        restricted=is_restricted(person),
        account=account,
        received_on=received_on,
        due_on=add_months(received_on, 1),
        asker=asker,
        asker_name=person.name if asker == Asker.PERSON else asker_name,
        kept_by=by,
        recorded_at=now,
    )
    promise(made, "D_SAR", now=now, holder=by, due_at=max(closing(made.due_on), now + AT_ONCE))
    record("records.accessrequest.begin", made, by=by, at=now, became=made.status)
    return made


def _person(by: Any, first: str, last: str, born_on: date, reference: str) -> Person:
    """By all that they say of themselves: this is no search."""
    areas = by.scope.areas(Role.IG_LEAD)
    here = Q(area__in=areas) | Q(memberships__family__area__in=areas)
    found = Person.objects.filter(
        here, first_name__iexact=first.strip(), last_name__iexact=last.strip(), born_on=born_on, merged_into=None
    )
    if reference:
        found = found.filter(memberships__family__reference=reference.strip().upper())
    people = list(found.distinct()[:2])
    if len(people) != 1:
        raise NotPossible(SEVERAL if people else NOBODY, field="last_name")
    return people[0]


def _account_of(person: Person) -> User | None:
    """Somebody who works here and is on the record as well, as far as a name or an email address tells."""
    called = Q(first_name__iexact=person.first_name, last_name__iexact=person.last_name)
    if person.email:
        called |= Q(email__iexact=person.email)
    return User.objects.filter(called, is_active=True).order_by("pk").first()


@transaction.atomic
def add_statement(item: AccessItem, *, by: Any, now: datetime, statement: str) -> Addendum:
    """Rectification: what is written stays, and their own words are put beside it. Of an event or an assessment."""
    request = item.request
    if not AccessRequest.objects.for_user(by, "keep").filter(pk=request.pk).exists():
        raise PermissionDenied
    beside = _beside(item)
    event = beside if isinstance(beside, SignificantEvent) else None
    assessment = beside if isinstance(beside, Assessment) else None
    added = Addendum.objects.create(
        family=event.family if event else beside.case.family,
        person=request.person,
        event=event,
        assessment=assessment,
        on=event.happened_on if event else timezone.localdate(beside.started_at),
        statement=statement,
        recorded_by=by,
        recorded_at=now,
    )
    record("records.accessrequest.statement", request, by=by, at=now, addendum=added.pk)
    return added


def takes_statement(item: AccessItem) -> bool:
    return item.source in {each._meta.label_lower for each in ADDABLE}


def _beside(item: AccessItem) -> Any:
    for model in ADDABLE:
        if item.source == model._meta.label_lower and (found := model._base_manager.filter(pk=item.source_id).first()):
            return found
    raise NotPossible("Their own words are put beside an event or an assessment.")
