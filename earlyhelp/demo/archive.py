"""Families of long ago: one whose time is over, one that a second person is asked about, one that is held; and two requests
by people who ask for what is kept about them, of which one is answered.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from earlyhelp.cases.enums import EndReason, Status
from earlyhelp.cases.models import Case
from earlyhelp.core.calendar import add_months
from earlyhelp.families.enums import EventKind, FamilyRole, LevelOfNeed
from earlyhelp.families.models import Family, FamilyMembership, Person, SignificantEvent
from earlyhelp.families.services import next_number
from earlyhelp.partnership.models import Area, User
from earlyhelp.records.bundling import content_of, digest_of
from earlyhelp.records.due import GROWN_UP
from earlyhelp.records.enums import Asker, Decision
from earlyhelp.records.models import AccessRequest, Disposal
from earlyhelp.records.services import begin_request, place_hold
from earlyhelp.records.sweep import find_due
from earlyhelp.records.transitions import propose
from earlyhelp.records.transitions import subject_access as deeds

BEGAN = 260  # days before it ended
INQUIRY = "The local inquiry into supported housing asks for every record of that house."
REVIEWED = "No claim, no complaint and no request is under way, and nobody has asked for it."


def file_away(*, now: datetime) -> None:
    """As they would stand in an archive: closed years ago, with nothing since."""
    imran = User.objects.get(username="imran")
    _ended("Wragg", "Melton", years=7, now=now, people=(("Maureen", 61), ("Clive", 64)))
    proposed = _ended("Orton", "Blaby", years=9, now=now, people=(("Heather", 47),))
    held = _ended("Pochin", "Charnwood", years=8, now=now, people=(("Derek", 58),))
    place_hold(held.reference, by=imran, now=now - timedelta(days=40), reason=INQUIRY)
    find_due(now=now - timedelta(days=6))
    waiting = Disposal.objects.get(family=proposed)
    propose(waiting, by=imran, now=now - timedelta(days=5), reason=REVIEWED)
    _answered(held.people.get(), now=now - timedelta(days=20))
    _under_way(_ended("Kimber", "Melton", years=9, now=now, people=(("Gareth", 48), ("Ellis", 19))), now=now)


def _answered(person: Person, *, now: datetime) -> None:
    """All of it is about them alone, and was given."""
    imran, nia = User.objects.get(username="imran"), User.objects.get(username="nia")
    asked = deeds.collect(_asks(person, now), by=imran, now=now)
    for item in asked.items.filter(decision=Decision.UNDECIDED):
        asked = deeds.decide(asked, item=item.pk, decision=Decision.DISCLOSE, by=imran, now=now)
    asked = deeds.check_identity(
        asked, identity="Passport and a letter from the bank, seen at the office.", by=imran, now=now
    )
    asked = deeds.ask(asked, second=nia, by=imran, now=now)
    asked = deeds.approve(asked, digest=digest_of(asked, content_of(asked)), by=nia, now=now + timedelta(days=1))
    deeds.hand_over(asked, by=imran, now=now + timedelta(days=2))


def _under_way(family: Family, *, now: datetime) -> None:
    """A young person of 19 asks about the time when they were nine. What speaks of their father is not decided yet."""
    ellis, sam = family.people.get(first_name="Ellis"), User.objects.get(username="sam")
    then = timezone.localdate(family.created_at) + timedelta(days=30)
    for text, person in (
        ("Ellis joined the swimming club and goes every week.", ellis),
        ("Ellis told the nurse of sleeping badly. Gareth has been in hospital again. School knows.", ellis),
    ):
        SignificantEvent.objects.create(
            family=family,
            person=person,
            happened_on=then,
            kind=EventKind.HEALTH,
            text=text,
            recorded_by=sam,
            recorded_at=family.created_at + timedelta(days=30),
        )
    begun = now - timedelta(days=9)
    deeds.collect(_asks(ellis, begun), by=User.objects.get(username="imran"), now=begun)


def _asks(person: Person, now: datetime) -> AccessRequest:
    born_on: Any = person.born_on
    names = {"first_name": person.first_name, "last_name": person.last_name, "born_on": born_on}
    imran, day = User.objects.get(username="imran"), timezone.localdate(now)
    return begin_request(by=imran, now=now, received_on=day, asker=Asker.PERSON, **names)


def _ended(name: str, area: str, *, years: int, now: datetime, people: tuple[tuple[str, int], ...]) -> Family:
    place, day = Area.objects.get(name=area), add_months(timezone.localdate(now), -12 * years)
    at = now.replace(year=day.year, month=day.month, day=day.day) - timedelta(days=BEGAN)
    family = Family.objects.create(
        name=name, reference=f"FAM-{next_number('families_reference'):06d}", area=place, created_at=at
    )
    for first, age in people:
        born = date(timezone.localdate(now).year - age, 5, 11)
        person = Person.objects.create(first_name=first, last_name=name, born_on=born, area=place, created_at=at)
        role = FamilyRole.CHILD if age - years < GROWN_UP else FamilyRole.PARENT
        FamilyMembership.objects.create(family=family, person=person, role=role, from_on=at.date())
    Case.objects.create(
        reference=f"EH-{at.year}-{next_number('cases_reference'):06d}",
        family=family,
        area=place,
        status=Status.ENDED,
        tier=2,
        level_of_need=LevelOfNeed(3),
        request="Rent arrears after a bereavement.",
        accepted_at=at,
        opened_on=at.date(),
        closed_on=day,
        end_reason=EndReason.OUTCOMES_MET,
        closure_summary="The arrears are being paid off.",
        follow_up_agreed=False,
    )
    return family
