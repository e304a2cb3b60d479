"""Hubs, meetings and items for tests. A meeting is made in the state a test is about, without the way there."""

from __future__ import annotations

from datetime import datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from earlyhelp.core.calendar import LONDON
from earlyhelp.families.models import Agreement
from hubs.enums import ItemKind, ItemStatus, MeetingStatus, Presence
from hubs.models import AgendaItem, Attendance, Hub, HubMeeting, HubMember
from tests.factories import MONDAY, AgencyFactory, AreaFactory, CaseFactory, MemberFactory, UserFactory

MEETS_AT = datetime(2026, 3, 17, 14, 0, tzinfo=LONDON)  # the third Tuesday after MONDAY
UNASKED = {"without_agreement": "", "without_agreement_why": ""}  # of an item: nobody has agreed, and nobody says why
EVIDENCE = {
    "what_changed": "The arrears have doubled.",
    "tried": "Six sessions, readings unchanged.",
    "views": "Tyler wants it calmer.",
    "agreement": "agreed",
    "agreement_note": "Mum agrees.",
    "risk_if_nothing": "Eviction.",
    "wanted": "An intensive worker.",
}  # of a step request: domain.md 8.2


class HubFactory(DjangoModelFactory):
    class Meta:
        model = Hub

    name = factory.LazyAttribute(lambda hub: f"{hub.area.name} hub")
    area = factory.SubFactory(AreaFactory)


class SeatFactory(DjangoModelFactory):
    class Meta:
        model = HubMember

    hub = factory.SubFactory(HubFactory)
    user = factory.SubFactory(UserFactory, agency=factory.SubFactory(AgencyFactory))
    agency = factory.LazyAttribute(lambda seat: seat.user.agency)
    from_on = MONDAY.date() - timedelta(days=400)


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = HubMeeting

    hub = factory.SubFactory(HubFactory)
    starts_at = MEETS_AT

    @classmethod
    def published(cls, **kwargs):
        meeting = cls.build(status=MeetingStatus.PUBLISHED, published_at=MONDAY, **kwargs)
        meeting.members_until = meeting.last_day_for_members()
        meeting.save()
        return meeting

    @classmethod
    def in_session(cls, *, chair, present=(), **kwargs):
        meeting = cls.published(**kwargs)
        meeting.status, meeting.opened_at, meeting.chaired_by = MeetingStatus.IN_MEETING, meeting.starts_at, chair
        meeting.save()
        for user in (chair, *present):
            arrives(meeting, user)
        return meeting


def arrives(meeting, user):
    """They are recorded as being at the meeting."""
    Attendance.objects.create(meeting=meeting, user=user, agency=user.agency, presence=Presence.PRESENT)


class ItemFactory(DjangoModelFactory):
    class Meta:
        model = AgendaItem

    hub = factory.SelfAttribute("meeting.hub")
    meeting = factory.SubFactory(MeetingFactory)
    case = factory.SubFactory(CaseFactory, area=factory.SelfAttribute("..meeting.hub.area"))
    kind = ItemKind.NEW
    status = ItemStatus.SCHEDULED
    since_at = MONDAY
    added_at = MONDAY
    without_agreement = "safeguarding"  # else nothing could be decided about most of them: see ``UNASKED``
    without_agreement_why = "The child is not safe."


def agree(case):
    """Somebody of the family says yes to early help."""
    person = MemberFactory(family=case.family).person
    return Agreement.objects.create(family=case.family, person=person, status="given", recorded_at=MONDAY)
