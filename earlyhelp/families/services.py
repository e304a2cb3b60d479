"""Deeds with people and families. All take the actor and the moment; none knows of a page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.core import dates
from earlyhelp.families.enums import (
    FOR_GOOD,
    INVERSE,
    ONE_WAY,
    AgreementStatus,
    GivenBy,
    RelationshipKind,
    StatutoryKind,
)
from earlyhelp.families.homes import confide_as, let_know, protect_together
from earlyhelp.families.mistakes import EnteredInError
from earlyhelp.families.models import (
    Address,
    Agreement,
    Family,
    FamilyMembership,
    Person,
    Relationship,
    SignificantEvent,
    StatutoryStatus,
)
from earlyhelp.families.voices import age_of, note_that_counts, refuse_wrong_voice
from earlyhelp.partnership.models import Area
from earlyhelp.workflow.services import edit, lock
from earlyhelp.workflow.transitions import NotPossible, Stale


def next_number(sequence: str) -> int:
    """The next of a never-repeating series; a number that was not used in the end is not used again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [sequence])
        return cursor.fetchone()[0]


@transaction.atomic
def create_family(*, name: str, area: Area, by: Any, now: datetime) -> Family:
    reference = f"FAM-{next_number('families_reference'):06d}"
    family = Family.objects.create(name=name, reference=reference, area=area, created_by=by, created_at=now)
    record("families.family.create", family, by=by, at=now)
    return family


@transaction.atomic
def create_person(*, by: Any, now: datetime, home: dict[str, Any] | None = None, **facts: Any) -> Person:
    """Write a person down, after searching for them. ``home`` holds the fields of an ``Address``."""
    person = Person(created_by=by, created_at=now, **facts)
    person.full_clean()
    person.save()
    record("families.person.create", person, by=by, at=now)
    if home and home.get("line_1"):
        move_home(person, on=None, by=by, now=now, **home)
    return person


@transaction.atomic
def write_down(*, name: str, area: Area, role: str, by: Any, now: datetime, **person: Any) -> Family:
    """A family nobody had written down, with its first person: what the page calls after a search found neither."""
    family = create_family(name=name, area=area, by=by, now=now)
    first = create_person(area=area, by=by, now=now, **person)
    add_member(family, first, role=role, by=by, now=now)
    return family


def _refuse_before_birth(person: Person, on: date | None) -> None:
    if on and person.born_on and on < person.born_on:
        raise NotPossible(
            f"{person.name} was born on {dates.day(person.born_on)}: enter that day or a later one.", field="on"
        )


@transaction.atomic
def add_member(
    family: Family,
    person: Person,
    *,
    role: str,
    by: Any,
    now: datetime,
    lives_in_household: bool = True,
    on: date | None = None,
) -> FamilyMembership:
    """Add a person to a family; adding one who is in it already only answers with the membership there is."""
    _refuse_before_birth(person, on)
    membership, made = FamilyMembership.objects.get_or_create(
        family=family,
        person=person,
        until_on=None,
        defaults={"role": role, "lives_in_household": lives_in_household, "from_on": on},
    )
    if made:
        if lives_in_household:
            _share_the_home(membership, by=by, now=now)
        protect_together(person)
        record("families.family.member_added", family, by=by, at=now, person=person.pk)
    return membership


def _share_the_home(membership: FamilyMembership, *, by: Any, now: datetime) -> None:
    """Whoever lives in the household lives where it does: written down for whom no address is, if the household has one home."""
    household = FamilyMembership.objects.current().filter(family=membership.family_id, lives_in_household=True)
    others = household.exclude(person=membership.person_id).values("person")
    homes = list(Address.objects.filter(until_on=None, person__in=others))
    one_home = len({tuple(home.place.values()) for home in homes}) == 1
    if one_home and not membership.person.addresses.filter(until_on=None).exists():
        _write_the_same_home(membership.person, homes[0], by=by, now=now)


def _write_the_same_home(person: Person, home: Address, *, by: Any, now: datetime) -> None:
    """Of a secret one those know who knew it: whoever writes somebody down does not learn by it where they live."""
    if not home.protected:
        place: dict[str, Any] = home.place
        move_home(person, on=None, by=by, now=now, **place)
        return
    same = Address(pk=next_number("families_address_id_seq"), person=person, **home.place)
    same.seal()
    same.save(force_insert=True)
    confide_as(home, same)
    record("families.person.moved", person, by=by, at=now)


@transaction.atomic
def write_down_member(
    family: Family,
    *,
    role: str,
    lives_in_household: bool,
    by: Any,
    now: datetime,
    mother: Person | None = None,
    father: Person | None = None,
    on: date | None = None,
    **person: Any,
) -> FamilyMembership:
    """Write a person down as one of this family: what the page calls after a search did not find them.

    A mother holds parental responsibility from the birth on; whether a father does is not known by his being one.
    """
    made = create_person(area=family.area, by=by, now=now, **person)
    member = add_member(family, made, role=role, lives_in_household=lives_in_household, on=on, by=by, now=now)
    for parent, responsible in ((mother, True), (father, None)):
        if parent:
            relate(parent, made, kind=RelationshipKind.PARENT, parental_responsibility=responsible, by=by, now=now)
    return member


@transaction.atomic
def change_place(
    member: FamilyMembership, *, role: str, lives_in_household: bool, by: Any, now: datetime, on: date | None = None
) -> FamilyMembership:
    """What somebody is in a family, and whether they live with it. From the day ``on``: what was so until then is kept.

    Without it, what stands there is put right: it was written down wrongly, or nobody knows since when it is so. Raises
    ``NotPossible`` where something else is written down for that day.
    """
    member = lock(member)
    if member.until_on:
        raise NotPossible("Somebody changed this meanwhile: look at the family again.")
    _refuse_before_birth(member.person, on)
    moves_in = lives_in_household and not member.lives_in_household
    changes = (member.role, member.lives_in_household) != (role, lives_in_household)
    since = member.from_on if changes else _until_then(member)
    if on and since and on < since:
        raise NotPossible(
            f"Something else is written down until {dates.day(since)}: enter that day or a later one.", field="on"
        )
    if changes and on and on != member.from_on:
        member.until_on = on
        member.save(update_fields=["until_on"])
        member = FamilyMembership(family=member.family, person=member.person)
    member.role, member.lives_in_household, member.from_on = role, lives_in_household, on or member.from_on
    member.save()
    if moves_in:
        _share_the_home(member, by=by, now=now)
        protect_together(member.person)
    record("families.family.member_changed", member.family, by=by, at=now, person=member.person_id)
    return member


def _until_then(member: FamilyMembership) -> date | None:
    """Until when they had another place in the same family, if they had one."""
    before = FamilyMembership.objects.filter(family=member.family_id, person=member.person_id, until_on__isnull=False)
    return before.order_by("-until_on").values_list("until_on", flat=True).first()


@transaction.atomic
def end_membership(membership: FamilyMembership, *, on: date, by: Any, now: datetime, reason: str) -> None:
    membership = lock(membership)
    if membership.until_on:
        raise NotPossible("They have left the family already.")
    membership.until_on = on
    membership.save(update_fields=["until_on"])
    record("families.family.member_left", membership.family, by=by, at=now, reason=reason, person=membership.person_id)


@transaction.atomic
def relate(
    person: Person,
    other: Person,
    *,
    kind: str,
    by: Any,
    now: datetime,
    parental_responsibility: bool | None = None,
    ended_on: date | None = None,
) -> Relationship:
    """Say who they are to each other. Said again, or from the other side where that is the same, it is one row still.

    ``ended_on``: since when it is over. Raises ``NotPossible`` where the opposite is written down: nobody is the parent of
    their own parent.
    """
    for each in sorted((person.pk, other.pk)):  # in one order: two who say the opposite at once follow each other
        lock(Person(pk=each))
    if Relationship.objects.standing().filter(person=other, other=person, kind=kind).exists():
        if kind in ONE_WAY:
            raise NotPossible("That is written down the other way round already: look at their relationships.")
        if kind not in INVERSE:
            person, other = other, person
    relationship, _ = Relationship.objects.update_or_create(
        person=person,
        other=other,
        kind=kind,
        ended_on=ended_on,
        error_at=None,
        defaults={"parental_responsibility": parental_responsibility},
    )
    record("families.person.related", person, by=by, at=now, other=other.pk, relationship=kind)
    return relationship


@transaction.atomic
def change_relationship(
    tie: Relationship, *, by: Any, now: datetime, version: int, kind: str = "", **facts: Any
) -> Relationship:
    """Save what else is known of it. Of another ``kind`` it was a mistake: the right one takes its place, and it is kept.

    ``facts``: of parental responsibility, and of its end. Raises ``Stale`` if it was changed since ``version`` was read.
    """
    if kind in ("", tie.kind):
        return edit(tie, by=by, now=now, version=version, **facts)
    tie = lock(tie)
    if tie.version != version:
        raise Stale(tie)
    if kind in FOR_GOOD and facts.get("ended_on"):
        raise NotPossible("That is so for good: it does not end.", field="ended_on")
    right = RelationshipKind(kind)
    entered_in_error(
        tie, by=by, now=now, reason=f"It was written down as “{tie.get_kind_display()}”: it is “{right.label}”."
    )
    return relate(tie.person, tie.other, kind=right, by=by, now=now, **facts)


def entered_in_error(row: EnteredInError, *, by: Any, now: datetime, reason: str) -> Any:
    """Somebody wrote it down by mistake: it is kept with the reason, and shown no more. Raises ``NotPossible`` if it is so."""
    with transaction.atomic():
        row = lock(row)
        if row.error_at:
            raise NotPossible("This was marked as entered in error already.")
        row.error_at, row.error_by, row.error_reason = now, by, reason
        row.save(update_fields=["error_at", "error_by", "error_reason"])
        record(f"{row._meta.label_lower}.entered_in_error", row, by=by, at=now, reason=reason)
        return row


@transaction.atomic
def move_home(
    person: Person,
    *,
    on: date | None,
    by: Any,
    now: datetime,
    protected: bool = False,
    known_to: Iterable[Any] = (),
    **where: Any,
) -> Address:
    """The person lives somewhere else now. The old address stays in their history.

    ``known_to``: who may have a ``protected`` one shown to them, besides whoever writes it down.
    """
    lock(person)  # two removals at once follow each other
    person.addresses.filter(until_on=None).update(until_on=on or timezone.localdate(now))
    address = Address(person=person, from_on=on, **where)
    address.full_clean()
    person.postcode = "" if protected else address.postcode
    if protected:
        address.pk = next_number("families_address_id_seq")  # what is sealed is bound to its row
        address.seal()
    address.save(force_insert=True)
    person.save(update_fields=["postcode"])
    protect_together(person)
    if protected:
        let_know(address, {user.pk: user for user in (by, *known_to)}.values(), by=by, now=now)
    record("families.person.moved", person, by=by, at=now)
    return address


@transaction.atomic
def move_household(
    person: Person,
    *,
    on: date | None,
    by: Any,
    now: datetime,
    others: Iterable[Person] = (),
    apart: Iterable[FamilyMembership] = (),
    **where: Any,
) -> Address:
    """The same removal for everybody who moves together, so that nobody's old address gives away another's new one.

    ``apart``: who does not live in the household of that family any more.
    """
    for member in sorted(apart, key=lambda member: member.pk):
        day = on or timezone.localdate(now)
        since = day if member.from_on is None or day > member.from_on else None
        change_place(member, role=member.role, lives_in_household=False, on=since, by=by, now=now)
    for each in sorted(others, key=lambda each: each.pk):
        move_home(each, on=on, by=by, now=now, **where)
    return move_home(person, on=on, by=by, now=now, **where)


@transaction.atomic
def record_agreement(
    family: Family,
    person: Person,
    *,
    status: str,
    by: Any,
    now: datetime,
    why_not: str = "",
    given_by: str = GivenBy.PERSON,
    parent: Person | None = None,
    capacity_note: str = "",
    how: str = "",
) -> Agreement:
    """Write down a person's answer, and whose voice it was: their own, unless it is said. A new answer follows it.

    Raises ``NotPossible`` where it is not this voice that decides (domain.md 16), or where nobody could have been asked.
    """
    if person.died_on or person.expected_on:
        raise NotPossible(f"{person.name} cannot be asked: choose somebody else of the family.", field="person")
    years = age_of(person.born_on, person.expected_on, timezone.localdate(now))
    voice = "" if status == AgreementStatus.NOT_ASKED else given_by
    agreement = Agreement(
        family=family,
        person=person,
        status=status,
        why_not=why_not,
        given_by=voice,
        parent=parent if voice == GivenBy.PARENT else None,
        capacity_note=note_that_counts(capacity_note, voice, years),
        years=years,
        how=how if voice else "",
        recorded_by=by,
        recorded_at=now,
    )
    refuse_wrong_voice(agreement)
    agreement.full_clean()
    agreement.save()
    record("families.family.agreement", family, by=by, at=now, became=AgreementStatus(status).value, person=person.pk)
    return agreement


@transaction.atomic
def record_statutory_status(
    person: Person,
    *,
    status: str,
    from_on: date,
    source: str,
    by: Any,
    now: datetime,
    social_worker: str = "",
    social_worker_phone: str = "",
) -> StatutoryStatus:
    """Write down what a service with legal duties says of a person (domain.md T5). What was said before stays below it."""
    said = StatutoryStatus(
        person=person,
        status=StatutoryKind(status),
        from_on=from_on,
        source=source,
        social_worker=social_worker,
        social_worker_phone=social_worker_phone,
        recorded_by=by,
        recorded_at=now,
    )
    said.full_clean()
    said.save()
    record("families.person.statutory_status", person, by=by, at=now)
    return said


@transaction.atomic
def add_event(
    family: Family,
    *,
    happened_on: date,
    kind: str,
    text: str,
    by: Any,
    now: datetime,
    person: Person | None = None,
    private_to_agency: bool = False,
) -> SignificantEvent:
    """``private_to_agency``: others who see the family read that the agency is involved, and no more (domain.md 5 g)."""
    return SignificantEvent.objects.create(
        family=family,
        person=person,
        happened_on=happened_on,
        kind=kind,
        text=text,
        agency=by.agency,
        private_to_agency=private_to_agency,
        recorded_by=by,
        recorded_at=now,
    )
