"""What is printed: of the hub case numbers and initials, for paper travels (domain.md 9.3); and letters like letters."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hubs.enums import MeetingStatus
from hubs.models import HubMeeting
from hubs.transitions.items import decide
from referrals.transitions.referral import advise
from tests.assessments.factories import family_of
from tests.factories import AgencyFactory, CaseFactory, FamilyFactory, WorkerFactory
from tests.hubs.factories import HubFactory, ItemFactory, MeetingFactory, SeatFactory
from tests.referrals.factories import taken

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


def test_a_letter_is_printed_in_one_typeface_and_without_the_frame_of_the_screen(
    arrive, access_worker, practitioner, melton
):
    referral = taken(area=melton, author=practitioner, by=access_worker)
    facts = {"reason": "R", "message": "M", "advice": "Ring the bank.", "level_of_need": 2}
    decided = advise(
        referral, by=access_worker, now=timezone.now(), family_letter="Dear {people},\n\nRing us.", **facts
    )
    visitor = arrive(access_worker)
    visitor.visit(decided.letters.get(reader="family").get_absolute_url())
    visitor.page.emulate_media(media="print")
    letter = visitor.page.locator(".eh-letter")

    faces = letter.evaluate("part => [...part.querySelectorAll('*')].map((each) => getComputedStyle(each).fontFamily)")
    assert {face.split(",")[0].strip('"') for face in faces} == {"Hyperlegible"}
    assert letter.evaluate("part => getComputedStyle(part).borderTopStyle") == "none"
    assert "Print this page" not in visitor.page.locator("body").inner_text()


def test_an_agenda_is_printed_as_a_table_though_paper_is_narrow(arrive, chair, heard):
    visitor = arrive(chair, width=700)
    visitor.visit(heard[3].get_absolute_url())
    row = visitor.page.locator("tbody tr").first
    assert row.evaluate("row => getComputedStyle(row).display") == "grid"  # a card, as on every narrow screen
    visitor.page.emulate_media(media="print")
    assert row.evaluate("row => getComputedStyle(row).display") == "table-row"


def test_a_letter_is_printed_by_its_button_which_is_not_there_without_scripts(
    arrive, access_worker, practitioner, melton
):
    referral = taken(area=melton, author=practitioner, by=access_worker)
    facts = {"reason": "R", "message": "M", "advice": "Ring the bank.", "level_of_need": 2}
    letter = advise(referral, by=access_worker, now=timezone.now(), **facts).letters.get()
    visitor = arrive(access_worker)
    visitor.visit(letter.get_absolute_url())
    visitor.page.evaluate("window.print = () => { document.title = 'printed' }")
    visitor.page.get_by_role("button", name="Print this page").click()
    assert visitor.page.title() == "printed"
    visitor.page.emulate_media(media="print")
    assert not visitor.page.get_by_role("button", name="Print this page").is_visible()

    plain = arrive(access_worker, scripts=False)
    plain.visit(letter.get_absolute_url())
    assert "Your referral" in plain.page.locator("article").inner_text()
    assert not plain.page.get_by_text("Print this page").is_visible()
