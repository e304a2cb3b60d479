"""What the hub prints: case numbers and initials, for paper travels (domain.md 9.3). Names stay on the screen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hubs.enums import MeetingStatus
from hubs.models import HubMeeting
from hubs.transitions.items import decide
from tests.assessments.factories import family_of
from tests.factories import AgencyFactory, CaseFactory, FamilyFactory, WorkerFactory
from tests.hubs.factories import HubFactory, ItemFactory, MeetingFactory, SeatFactory

SECRETS = ("Okafor", "Leanne", "Bedtimes are hard")


@pytest.fixture
def heard(chair, melton):
    """A family that was decided about, with an action, in a meeting that is over; and one before a meeting to come."""
    hub, now = HubFactory(area=melton, name="Melton hub"), timezone.now()
    here = [SeatFactory(hub=hub, user=WorkerFactory(agency=AgencyFactory())).user for _ in range(3)]
    over = MeetingFactory.in_session(hub=hub, chair=chair, present=here, starts_at=now - timedelta(days=1))
    facts = {"area": melton, "request": "Bedtimes are hard."}
    decided = ItemFactory(meeting=over, case=CaseFactory(family=FamilyFactory(name="Okafor", area=melton), **facts))
    action = {"what": "Ring the school", "owner": here[0], "due_on": now.date()}
    decide(decided, by=chair, now=now, kind="return_to_access", rationale="Ask first.", actions=[action])
    HubMeeting.objects.filter(pk=over.pk).update(status=MeetingStatus.CLOSED, closed_at=now)
    coming = MeetingFactory(hub=hub, starts_at=now + timedelta(days=9))
    item = ItemFactory(meeting=coming, case=CaseFactory(family=FamilyFactory(name="Okafor", area=melton), **facts))
    family_of(item.case, agreed=False)
    return decided, item, over, coming


def test_what_the_hub_prints_has_numbers_and_initials_and_no_names(arrive, chair, heard):
    decided, item, over, coming = heard
    visitor = arrive(chair)
    printed = {
        coming.get_absolute_url(): (item, "O.", "Okafor family"),
        item.get_absolute_url(): (item, "O.", "Okafor family"),
        f"{over.get_absolute_url()}minutes/": (decided, "O.", ""),
        "/hubs/actions/": (decided, "Ring the school", "Okafor family"),
    }
    for address, (about, initial, on_screen) in printed.items():
        visitor.visit(address)
        visitor.page.emulate_media(media="screen")
        assert on_screen in visitor.page.locator("main").inner_text()
        visitor.page.emulate_media(media="print")
        paper = visitor.page.locator("body").inner_text()
        assert about.case.reference in paper
        assert initial in paper
        assert [secret for secret in SECRETS if secret in paper] == [], address
