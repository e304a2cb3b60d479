"""Families of long ago: one whose time is over, one that a second person is asked about, and one that is held."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from earlyhelp.cases.enums import EndReason, Status
from earlyhelp.cases.models import Case
from earlyhelp.core.calendar import add_months
from earlyhelp.families.enums import FamilyRole, LevelOfNeed
from earlyhelp.families.models import Family, FamilyMembership, Person
from earlyhelp.families.services import next_number
from earlyhelp.partnership.models import Area, User
from earlyhelp.records.models import Disposal
from earlyhelp.records.services import place_hold
from earlyhelp.records.sweep import find_due
from earlyhelp.records.transitions import propose

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


def _ended(name: str, area: str, *, years: int, now: datetime, people: tuple[tuple[str, int], ...]) -> Family:
    place, day = Area.objects.get(name=area), add_months(timezone.localdate(now), -12 * years)
    at = now.replace(year=day.year, month=day.month, day=day.day) - timedelta(days=BEGAN)
    family = Family.objects.create(
        name=name, reference=f"FAM-{next_number('families_reference'):06d}", area=place, created_at=at
    )
    for first, age in people:
        born = date(timezone.localdate(now).year - age, 5, 11)
        person = Person.objects.create(first_name=first, last_name=name, born_on=born, area=place, created_at=at)
        FamilyMembership.objects.create(family=family, person=person, role=FamilyRole.PARENT, from_on=at.date())
    Case.objects.create(
        reference=f"EH-{at.year}-{Case.objects.count():06d}",
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
