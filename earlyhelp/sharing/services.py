"""Deeds with wishes, disclosures and agreements. All take the actor and the moment; none knows of a page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from earlyhelp.audit.models import record as write_event
from earlyhelp.families.models import Family, Person
from earlyhelp.families.voices import age_of, note_that_counts, refuse_wrong_voice
from earlyhelp.partnership.models import Agency
from earlyhelp.sharing.enums import OVERRIDES, YES, Basis, GivenBy, Say, Whom, Wish
from earlyhelp.sharing.models import Conflict, Disclosed, Disclosure, Permission, RecipientCopy, SharingAgreement
from earlyhelp.sharing.passages import DOCUMENTS
from earlyhelp.sharing.queries import REVIEWED, can_share
from earlyhelp.sharing.registry import end
from earlyhelp.workflow.services import lock
from earlyhelp.workflow.transitions import NotPossible, Stale
from earlyhelp.workflow.transitions import person as actor

# --- wishes -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def record_wish(
    person: Person,
    *,
    whom: str,
    wish: str,
    given_by: str,
    how: str,
    by: Any,
    now: datetime,
    agency: Agency | None = None,
    kind: str = "",
    limits: str = "",
    parent: Person | None = None,
    capacity_note: str = "",
    until_on: date | None = None,
) -> Permission:
    """Write down what was answered. It takes effect at once; what was answered before stays below it.

    Raises ``NotPossible`` where it is not this voice that decides, or there is no yes to take back.
    """
    person = lock(person)  # two answers at once follow each other
    today = timezone.localdate(now)
    years = age_of(person.born_on, person.expected_on, today)
    said = Permission(
        person=person,
        whom=Whom(whom),
        agency=agency if whom == Whom.AGENCY else None,
        kind=kind if whom == Whom.KIND else "",
        wish=Wish(wish),
        limits=limits if wish == Wish.LIMITED else "",
        given_by=GivenBy(given_by),
        parent=parent if given_by == GivenBy.PARENT else None,
        capacity_note=note_that_counts(capacity_note, given_by, years),
        years=years,
        how=how,
        at=now,
        until_on=until_on if wish in YES else None,
        by=by,
    )
    _refuse_incomplete(said, today)
    refuse_wrong_voice(said)
    _refuse_taking_back_nothing(said)
    said.full_clean()
    said.save()
    write_event("sharing.permission.recorded", person, by=by, at=now, became=said.wish, permission=said.pk)
    if said.says_no:
        end(said, by=by, now=now)
    return said


def _refuse_incomplete(said: Permission, today: date) -> None:
    if said.person.died_on:
        raise NotPossible(f"{said.person.name} has died: nobody can be asked.")
    if said.whom == Whom.AGENCY and said.agency is None:
        raise NotPossible("Choose the agency.", field="agency")
    if said.whom == Whom.KIND and not said.kind:
        raise NotPossible("Choose the kind of agency.", field="kind")
    if said.wish == Wish.LIMITED and not said.limits:
        raise NotPossible("Write down the limits, in their own words.", field="limits")
    if said.until_on and said.until_on < today:
        raise NotPossible("That day is over.", field="until_on")


def _refuse_taking_back_nothing(said: Permission) -> None:
    if said.wish != Wish.WITHDRAWN:
        return
    same = {name: getattr(said, name) for name in ("person", "whom", "agency", "kind", "given_by", "parent")}
    before = Permission.objects.filter(**same).exclude(wish=Wish.ASKED).latest_first().first()
    if before is None or before.wish not in YES:
        raise NotPossible("There is no yes of theirs to take back here: record a no.", field="wish")


# --- the ledger -------------------------------------------------------------------------------------------------------


@transaction.atomic
def disclose(
    *,
    people: Iterable[Person],
    way: str,
    content: Collection[str],
    what: str,
    recipient: str,
    purpose: str,
    basis: str,
    by: Any,
    now: datetime,
    family: Family | None = None,
    agency: Agency | None = None,
    record: str = "",
    reason: str = "",
    family_told: bool | None = None,
    not_told_why: str = "",
    told_on: date | None = None,
) -> Disclosure:
    """Write down that something leaves: called in the transaction in which it does, so that neither is there alone.

    ``told_on``: the day on which it was told, where somebody writes it down afterwards.
    Raises ``NotPossible``, and so stops it, where a wish does not allow it, or an override does not say why.
    """
    people = list(people)
    told_at = _told_at(told_on, now)
    rests_on = {person.pk: _allowed(person, agency, purpose, basis, now, told_at) for person in people}
    if basis == Basis.OVERRIDE:
        _refuse_bare_override(purpose, reason, family_told, not_told_why)
    told = Disclosure.objects.create(
        at=now,
        told_on=told_on if told_at < now else None,
        by=actor(by),
        family=family,
        way=way,
        content=[*content],
        what=what,
        agency=agency,
        recipient=recipient[:200],
        purpose=purpose,
        basis=basis,
        record=record,
        reason=reason,
        family_told=family_told,
        not_told_why=not_told_why,
    )
    about = [Disclosed(disclosure=told, person_id=pk, permission_id=rests_on[pk]) for pk in sorted(rests_on)]
    Disclosed.objects.bulk_create(about)
    return told


def _told_at(told_on: date | None, now: datetime) -> datetime:
    """Now, or the last moment of an earlier day."""
    today = timezone.localdate(now)
    if told_on and told_on > today:
        raise NotPossible("It was told today or before.", field="told_on")
    if told_on is None or told_on == today:
        return now
    return timezone.make_aware(datetime.combine(told_on, time.max))


def _allowed(
    person: Person, agency: Agency | None, purpose: str, basis: str, now: datetime, told_at: datetime
) -> int | None:
    """The permission on which it rests. Where each said yes to this one thing, only a no that followed stands against it.

    Of what was told on an earlier day, a yes that was written down since counts too, and a no that came since does not.
    """
    if basis not in (Basis.PERMISSION, Basis.AGREED):
        return None
    if agency is None:
        if basis == Basis.PERMISSION:
            raise NotPossible("Choose the agency: a wish is about an agency.", field="agency")
        return None
    answer = can_share(person, agency, purpose, now=now)
    if told_at < now and not answer.allows:
        answer = can_share(person, agency, purpose, now=told_at)
    if answer.say == Say.DENY or (basis == Basis.PERMISSION and not answer.allows):
        raise NotPossible(f"{agency} may not be told of {person.name}: {answer.why}", field="basis")
    return answer.permission if basis == Basis.PERMISSION else None


def _refuse_bare_override(purpose: str, reason: str, family_told: bool | None, not_told_why: str) -> None:
    if purpose not in OVERRIDES:
        raise NotPossible("For this purpose they are asked first.", field="basis")
    if not reason:
        raise NotPossible("Say why it was told without a permission.", field="reason")
    if family_told is None:
        raise NotPossible("Say whether the family was told.", field="family_told")
    if not family_told and not not_told_why:
        raise NotPossible("Say why the family was not told.", field="not_told_why")


# --- copies for recipients --------------------------------------------------------------------------------------------


@transaction.atomic
def begin_copy(
    family: Family,
    *,
    document: str,
    purpose: str,
    by: Any,
    now: datetime,
    person: Person | None = None,
    agency: Agency | None = None,
    recipient: str = "",
    reason: str = "",
    family_told: bool | None = None,
    not_told_why: str = "",
) -> RecipientCopy:
    """A copy for one of the family, or for a worker of an agency. Nothing leaves before it is made."""
    if document not in DOCUMENTS or not DOCUMENTS[document].passages(family):
        raise NotPossible("There is no such document of this family yet.", field="document")
    if (person is None) == (agency is None):
        raise NotPossible("Choose either somebody of the family or an agency.", field="agency")
    if agency and not recipient:
        raise NotPossible("Say for whom at the agency it is.", field="recipient")
    if purpose in OVERRIDES and agency:
        _refuse_bare_override(purpose, reason, family_told, not_told_why)
    elif purpose in OVERRIDES:
        raise NotPossible("Somebody of the family is given their copy for helping together.", field="purpose")
    copy = RecipientCopy.objects.create(
        family=family,
        document=document,
        person=person,
        agency=agency,
        recipient=person.name if person else f"{recipient}, {agency}"[:200],
        purpose=purpose,
        reason=reason,
        family_told=family_told,
        not_told_why=not_told_why,
        made_by=by,
        begun_at=now,
    )
    write_event("sharing.recipientcopy.begun", copy, by=by, at=now, became=copy.status)
    return copy


@transaction.atomic
def record_conflict(family: Family, *, one: Person, other: Person, reason: str, by: Any, now: datetime) -> Conflict:
    """Two adults who must not learn of each other: from now on a second person approves each copy of theirs."""
    if one == other:
        raise NotPossible("Choose two different people.", field="other")
    first, second = sorted((one, other), key=lambda each: each.pk)
    if Conflict.objects.filter(family=family, one=first, other=second, ended_at=None).exists():
        raise NotPossible("That is written down already.", field="other")
    made = Conflict.objects.create(
        family=family, one=first, other=second, reason=reason, recorded_by=by, recorded_at=now
    )
    write_event("sharing.conflict.recorded", family, by=by, at=now, conflict=made.pk)
    return made


@transaction.atomic
def end_conflict(conflict: Conflict, *, by: Any, now: datetime, reason: str) -> Conflict:
    conflict = lock(conflict)
    if conflict.ended_at:
        raise NotPossible("That is over already.")
    conflict.ended_at, conflict.end_reason = now, reason
    conflict.save()
    write_event("sharing.conflict.ended", conflict.family, by=by, at=now, conflict=conflict.pk)
    return conflict


# --- agreements between agencies --------------------------------------------------------------------------------------

NOT_IN_FORCE = "This version is not in force any more."


@transaction.atomic
def sign(*, parties: Iterable[Agency], by: Any, now: datetime, **facts: Any) -> SharingAgreement:
    """A new agreement: it counts from the day on which it begins, and the people of its parties may sign in."""
    return _write(parties, follows=None, number=1, by=by, now=now, **facts)


@transaction.atomic
def amend(
    agreement: SharingAgreement, *, parties: Iterable[Agency], by: Any, now: datetime, **facts: Any
) -> SharingAgreement:
    """A new version, in force at once. Raises ``Stale`` if another follows it already."""
    agreement = lock(agreement)
    following = SharingAgreement.objects.filter(follows=agreement).first()
    if following:
        raise Stale(following)
    if agreement.ended_at:
        raise NotPossible("This agreement has ended: sign a new one.")
    before = list(agreement.parties.all())
    made = _write(parties, follows=agreement, number=agreement.number + 1, by=by, now=now, **facts)
    _settle(before)
    return made


@transaction.atomic
def review_agreement(
    agreement: SharingAgreement, *, by: Any, now: datetime, found: str, review_on: date
) -> SharingAgreement:
    """Somebody looked at it again, and it stays as it is: what they found, and when it is looked at next.

    Nothing of what was agreed changes: for that there is a new version.
    """
    agreement = lock(agreement)
    if agreement.ended_at or SharingAgreement.objects.filter(follows=agreement).exists():
        raise NotPossible(NOT_IN_FORCE)
    if not timezone.localdate(now) < review_on <= agreement.end_on:
        raise NotPossible("The next look is after today, and not after the agreement ends.", field="review_on")
    agreement.review_on = review_on
    agreement.save(update_fields=["review_on"])
    write_event(REVIEWED, agreement, by=by, at=now, reason=found, next=review_on.isoformat())
    return agreement


@transaction.atomic
def end_agreement(
    agreement: SharingAgreement, *, by: Any, now: datetime, because: str, note: str = ""
) -> SharingAgreement:
    """At once: nobody of a party without another live agreement signs in any more, nor goes on if they have."""
    agreement = lock(agreement)
    if agreement.ended_at or SharingAgreement.objects.filter(follows=agreement).exists():
        raise NotPossible(NOT_IN_FORCE)
    agreement.ended_at, agreement.ended_by, agreement.ended_because, agreement.end_note = now, by, because, note
    agreement.save()
    write_event("sharing.agreement.ended", agreement, by=by, at=now, reason=note or because)
    _settle(agreement.parties.all())
    return agreement


def _write(
    parties: Iterable[Agency], *, by: Any, now: datetime, start_on: date, review_on: date, end_on: date, **facts: Any
) -> SharingAgreement:
    if start_on > timezone.localdate(now):
        raise NotPossible("Write it down on the day on which it begins, or after.", field="start_on")
    if not start_on < review_on <= end_on:
        raise NotPossible("The review is after it begins, and not after it ends.", field="review_on")
    days = {"start_on": start_on, "review_on": review_on, "end_on": end_on}
    made = SharingAgreement.objects.create(signed_by=actor(by), signed_at=now, **days, **facts)
    made.parties.set(parties)
    write_event("sharing.agreement.signed", made, by=actor(by), at=now, version=made.number)
    _settle(parties)
    return made


def _settle(agencies: Iterable[Agency]) -> None:
    """``Agency.agreed_until`` follows the agreements: the last day of any in force. Nothing else writes it."""
    for agency in agencies:
        last = SharingAgreement.objects.filter(parties=agency).in_force().order_by("-end_on").first()
        Agency.objects.filter(pk=agency.pk).update(agreed_until=last.end_on if last else None)
