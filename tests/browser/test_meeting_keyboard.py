"""A meeting of the hub with the keyboard alone, from its papers to its minutes; each page met passes axe."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from earlyhelp.partnership.enums import Role
from hubs.models import Hearing, HubDecision, PackNote
from tests.browser.keys import Keys
from tests.browser.people import PASSWORD
from tests.factories import AgencyFactory, CaseFactory, PostFactory, UserFactory, WorkerFactory
from tests.hubs.factories import HubFactory, ItemFactory, MeetingFactory, SeatFactory, agree

ON = "main form button[type=submit]:not([name])"
DECIDE = "section[aria-label='The decision'] form:first-of-type button[type=submit]"


@pytest.fixture
def keys(page):
    return Keys(page)


@pytest.fixture
def hub(melton):
    return HubFactory(area=melton, name="Melton hub")


@pytest.fixture
def members(hub):
    return [SeatFactory(hub=hub, user=UserFactory(agency=AgencyFactory(), last_name=name)).user for name in "ABCD"]


@pytest.fixture
def colm(melton):
    """Chairs and coordinates."""
    user = UserFactory(username="colm", first_name="Colm", last_name="Byrne")
    user.set_password(PASSWORD)
    user.save()
    for role in (Role.HUB_CHAIR, Role.HUB_COORDINATOR):
        PostFactory(user=user, role=role, area=melton)
    return user


@pytest.fixture
def jo(melton):
    return PostFactory(user=WorkerFactory(last_name="Tiller"), area=melton).user


@pytest.fixture
def meeting(hub, melton):
    """Today's; three families wait, and what nobody decides goes to the next one."""
    now = timezone.now().replace(microsecond=0)
    MeetingFactory(hub=hub, starts_at=now + timedelta(days=28))
    return MeetingFactory(hub=hub, starts_at=now + timedelta(minutes=1))


@pytest.fixture
def items(meeting, melton, jo):
    """In the order in which they are heard: by how long they wait."""
    known = {"preference": "asked", "preference_note": "Somebody local."}
    made = []
    for name, days in (("Ashby", 9), ("Bell", 6), ("Cole", 3)):
        case = CaseFactory(area=melton, family__name=name, family__area=melton)
        agree(case)
        made.append(ItemFactory(meeting=meeting, case=case, since_at=timezone.now() - timedelta(days=days), **known))
    return made


def headed(keys, text):
    expect(keys.page.get_by_role("heading", level=1)).to_contain_text(text)


def reads(keys, text):
    expect(keys.page.locator("body")).to_contain_text(text)


def back(keys, to):
    keys.press("nav[aria-label=Back] a")
    headed(keys, to)


def test_a_meeting_is_held_with_the_keyboard_alone(keys, meeting, items, members, colm, jo):
    ashby, bell, cole = items
    sign_in(keys, colm, meeting)
    publish(keys)
    read_the_papers(keys, meeting, ashby, colm)
    start(keys, members)
    allocate(keys, ashby, jo)
    somebody_comes_late(keys, members)
    hear_out_of_turn(keys, cole)
    signpost_and_go_on(keys, cole, bell)
    park(keys, bell)
    close(keys)

    assert keys.faults == [], "\n".join(keys.faults)
    decided = HubDecision.objects.order_by("at", "pk").values_list("item", "kind")
    assert list(decided) == [(ashby.pk, "allocate"), (cole.pk, "signpost"), (bell.pk, "defer")]
    meeting.refresh_from_db()
    assert meeting.is_over
    assert set(meeting.attendance.values_list("user", flat=True)) == {colm.pk, *(member.pk for member in members)}


def sign_in(keys, user, meeting):
    keys.page.goto(meeting.get_absolute_url())
    keys.type("username", user.username)
    keys.type("password", PASSWORD)
    keys.press(ON)
    headed(keys, "Meeting of")


def publish(keys):
    keys.skip()
    keys.press("a[href='publish/']")
    headed(keys, "Publish the papers")
    keys.press(ON)
    reads(keys, "The papers are out.")


def read_the_papers(keys, meeting, first, colm):
    """From page to page, with a note of one's own beside one; and back."""
    keys.press("a[href='papers/']")
    headed(keys, "Papers of the meeting")
    keys.press(f"main a[href='/hubs/items/{first.pk}/papers/']")
    headed(keys, "Ashby family")
    keys.press("main a[rel=next]")
    headed(keys, "Bell family")
    keys.press("main a[rel=prev]")
    headed(keys, "Ashby family")
    keys.type("text", "Ask about the nights.")
    keys.press("main form button[type=submit]")
    reads(keys, "Your notes are saved.")
    assert PackNote.objects.of(colm, first) == "Ask about the nights."
    back(keys, "Papers of the meeting")
    back(keys, "Meeting of")


def start(keys, members):
    keys.press("a[href='start/']")
    headed(keys, "Start the meeting")
    keys.tick("confidential")
    for member in members[:3]:
        keys.tick("present", member.pk)
    keys.tick("interests")
    keys.press(ON)
    headed(keys, "Ashby family")


def allocate(keys, item, jo):
    """What belongs to an answer comes into reach with it."""
    keys.skip()
    keys.choose("decision", "allocate-2")
    keys.choose("worker", str(jo.pk))
    keys.type("rationale", "One coordinator is enough.")
    keys.press(DECIDE)
    headed(keys, "Bell family")
    item.case.refresh_from_db()
    assert item.case.status == "opened"


def somebody_comes_late(keys, members):
    """And is written down as here, from the page of the meeting."""
    back(keys, "Meeting of")
    keys.press("main a[href='attendance/']")
    headed(keys, "Who is here")
    keys.tick("present", members[3].pk)
    keys.press(ON)
    headed(keys, "Bell family")


def hear_out_of_turn(keys, item):
    keys.press("main a[rel=next]")
    headed(keys, "Cole family")
    keys.press(f"form[action='/hubs/items/{item.pk}/hear/'] button")
    expect(keys.page.locator(f"form[action='/hubs/items/{item.pk}/hear/']")).to_have_count(0)
    assert Hearing.objects.get(ended_at=None).item == item


def signpost_and_go_on(keys, item, following):
    """Recorded with Ctrl and Enter, from where it was typed."""
    keys.skip()
    keys.choose("decision", "signpost")
    keys.type("where", "The library")
    keys.type("rationale", "One service will do.")
    keys.look()
    keys.page.keyboard.press("Control+Enter")
    headed(keys, "Bell family")
    assert Hearing.objects.get(ended_at=None).item == following


def park(keys, item):
    keys.press(f"form[action='/hubs/items/{item.pk}/park/'] button")
    reads(keys, "is parked. The meeting comes back to it.")


def close(keys):
    back(keys, "Meeting of")
    keys.press("main a[href='close/']")
    headed(keys, "Close the meeting")
    keys.type("reason", "Out of time.")
    keys.press(ON)
    reads(keys, "The meeting is closed and its minutes are written.")
    keys.look()
