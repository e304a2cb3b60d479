"""A family whose last work ended years ago."""

from datetime import datetime, time

from django.utils import timezone

from earlyhelp.core.calendar import LONDON, add_months
from referrals.models import Contact
from tests.factories import CaseFactory, FamilyFactory, MemberFactory, PersonFactory


def later(day, years):
    return add_months(day, 12 * years)


def ended(*, years_ago, born_on, area, role="child"):
    """One person, and one case that ended so many years ago today."""
    day = later(timezone.localdate(), -years_ago)
    at = datetime.combine(day, time(9), LONDON)
    family = FamilyFactory(area=area, created_at=at)
    grown_up = born_on is not None and later(born_on, 18) <= day
    person = PersonFactory(born_on=born_on, created_at=at)
    MemberFactory(family=family, person=person, role="parent" if grown_up else role)
    CaseFactory(
        family=family,
        area=area,
        status="ended",
        tier=2,
        accepted_at=at,
        opened_on=day,
        closed_on=day,
        end_reason="outcomes_met",
    )
    return family


def contact(*, years_ago, by, area):
    """A contact about nobody we know, answered so many years ago; of this day it still waits for an answer."""
    at = datetime.combine(later(timezone.localdate(), -years_ago), time(9), LONDON)
    answered = {"status": "void", "void_because": "test", "answered_at": at, "answered_by": by} if years_ago else {}
    number = Contact.objects.count()
    return Contact.objects.create(
        reference=f"C-T-{number}",
        author=by,
        agency=by.agency,
        area=area,
        channel="phone",
        received_at=at,
        recorded_at=at,
        said="Nobody we know.",
        safeguarding="no",
        **answered,
    )
