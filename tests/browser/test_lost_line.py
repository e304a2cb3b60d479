"""The line is lost while the hub meets: it is said, nothing typed is lost, and once it is back one reads what was decided."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.models import Draft
from hubs import transitions
from hubs.models import AgendaItem
from hubs.services import hearing
from tests.browser.people import PATIENCE
from tests.factories import AgencyFactory, CaseFactory, PostFactory, UserFactory
from tests.hubs.factories import HubFactory, ItemFactory, MeetingFactory, SeatFactory

# What the browser and htmx say of it in the console: that is no fault of the page.
SAYS_SO = re.compile(r"net::ERR_INTERNET_DISCONNECTED|htmx:(sendError|afterRequest), ")
WHY, TYPED = "Why, in one line", "One service will do, and the family knows it."


@pytest.fixture
def here(melton):
    hub = HubFactory(area=melton, name="Melton hub")
    people = {name: SeatFactory(hub=hub, user=UserFactory(agency=AgencyFactory())).user for name in "abc"}
    for name in ("colm", "dana"):
        user = UserFactory(username=name, first_name=name.title())
        people[name] = PostFactory(user=user, role=Role.HUB_CHAIR, area=melton).user
    return people | {"hub": hub}


@pytest.fixture
def heard(here, melton):
    """Two families before a meeting that sits; the first of them is being heard."""
    now = timezone.now().replace(microsecond=0)
    present = [here[name] for name in (*"abc", "dana")]
    meeting = MeetingFactory.in_session(hub=here["hub"], chair=here["colm"], present=present, starts_at=now)
    long_ago = now - timedelta(days=20)
    first, _ = (
        ItemFactory(meeting=meeting, case=CaseFactory(area=melton), position=place, since_at=long_ago)
        for place in (1, 2)
    )
    hearing.hear(first, now=now)
    return first


def decided_meanwhile(item, by):
    why = "Another team knows them."
    transitions.decide(item, by=by, now=timezone.now(), kind="return_to_access", rationale=why)
    hearing.go_on(item.meeting, list(AgendaItem.objects.filter(meeting=item.meeting).on_agenda()), now=timezone.now())


def lose_the_line(visitor):
    visitor.context.set_offline(True)
    visitor.reads("The connection was lost at", "Trying again.")


def the_line_is_back(visitor):
    visitor.context.set_offline(False)
    visitor.reads("and is back since", "What stands here is up to date.")
    visitor.reads_nothing_of("Trying again.")
    visitor.complaints[:] = [each for each in visitor.complaints if not SAYS_SO.search(each)]


def test_whoever_follows_reads_that_the_line_is_lost_and_then_what_was_decided_meanwhile(arrive, here, heard):
    member = arrive(here["a"])
    member.visit(f"{heard.meeting.get_absolute_url()}live/")
    member.reads(heard.case.reference, "2 still to be heard")
    expect(member.page.locator("[data-connection]")).to_be_empty()

    lose_the_line(member)
    decided_meanwhile(heard, here["colm"])
    member.reads_nothing_of("Returned to EH Access")

    the_line_is_back(member)
    expect(member.page.get_by_label("Decided")).to_contain_text("Returned to EH Access", timeout=PATIENCE)
    expect(member.page.get_by_label("Being heard now")).not_to_contain_text(heard.case.reference, timeout=PATIENCE)


def test_whoever_decides_keeps_what_was_typed_while_the_line_was_lost_and_reads_that_it_was_decided(
    arrive, here, heard
):
    dana = arrive(here["dana"])
    dana.visit(heard.get_absolute_url())
    lose_the_line(dana)
    dana.page.get_by_label(WHY).press_sequentially(TYPED)
    assert not Draft.objects.filter(user=here["dana"]).exists()

    the_line_is_back(dana)
    expect(dana.page.locator("[data-autosave-status]")).to_contain_text("Saved", timeout=PATIENCE)
    assert Draft.objects.filter(user=here["dana"]).exists()
    assert dana.page.get_by_label(WHY).input_value() == TYPED

    lose_the_line(dana)
    decided_meanwhile(heard, here["colm"])
    the_line_is_back(dana)
    dana.reads("Decided meanwhile", "Colm")
    assert dana.page.get_by_label(WHY).input_value() == TYPED
