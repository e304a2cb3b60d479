"""From the first page to the last with the keyboard alone; every page on the way passes axe (WCAG 2.2 AA)."""

from datetime import date

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from earlyhelp.directory.models import OnwardReferral
from earlyhelp.directory.services.onward import offer
from earlyhelp.notices.services import send_letters
from referrals.enums import Status
from referrals.models import Contact, Referral, SelfCheckCount
from tests.browser.keys import Keys
from tests.browser.people import PASSWORD
from tests.directory.conftest import secret_in
from tests.factories import AgencyFactory, FamilyFactory, MemberFactory, PersonFactory, ServiceFactory

ON = "main form button[type=submit]:not([name])"
NEXT = "main form button[name=do][value=next]"


@pytest.fixture(autouse=True)
def elsewhere(settings, melton, transactional_db):
    settings.EXIT_URL = "/healthz"  # stands in for the weather: no test leaves this machine


@pytest.fixture
def keys(page):
    return Keys(page)


def headed(keys, text):
    expect(keys.page.get_by_role("heading", level=1)).to_contain_text(text)


def test_equipment_is_checked_and_somebody_asked_to_get_in_touch(keys, access_worker):
    keys.page.goto("/check-your-equipment/")
    headed(keys, "Check what could make home easier")
    keys.press(ON)
    headed(
        keys, "Check what could make home easier"
    )  # nothing was answered: it says so, and leads to the first question
    keys.choose("fall", "unhurt")
    keys.choose("reach_help", "no")
    keys.choose("washing", "yes")
    keys.press(ON)
    headed(keys, "What may help")
    keys.press("main a[role=button]")
    headed(keys, "Ask somebody to get in touch")
    keys.type("caller_name", "Harold Invented")
    keys.type("caller_phone", "01632 960 144")
    keys.choose("lives_in", "unknown")
    keys.press(ON)
    headed(keys, "We have it")
    keys.look()

    assert keys.faults == []
    assert SelfCheckCount.objects.get().number == 1
    assert Contact.objects.get().caller_name == "Harold Invented"


def test_an_urgent_answer_leads_to_a_number_that_the_keyboard_reaches(keys):
    keys.page.goto("/check-your-equipment/")
    keys.choose("left_on", "gas")
    keys.press(ON)
    headed(keys, "Please speak to a person first")
    keys.look()

    keys.to("main a[href='tel:0800111999']")
    assert keys.faults == []


@pytest.fixture
def family(melton, practitioner):
    """Known to the school that refers them."""
    practitioner.agency = AgencyFactory(name="Riverside Primary", kind="school")
    practitioner.phone = "01632 960 111"
    practitioner.set_password(PASSWORD)
    practitioner.save()
    family = FamilyFactory(name="Okafor", area=melton, created_by=practitioner)
    mother = PersonFactory(first_name="Ngozi", last_name="Okafor", born_on=date(1990, 1, 2), area=melton)
    MemberFactory(family=family, person=mother, role="parent")
    MemberFactory(family=family, person=PersonFactory(first_name="Obi", last_name="Okafor", born_on=date(2018, 5, 5)))
    return family


def sign_in(keys, user, address):
    """And on to the search, which was asked for."""
    keys.page.goto(address)
    keys.type("username", user.username)
    keys.type("password", PASSWORD)
    keys.press(ON)
    headed(keys, "Find a person or a family")


def test_a_family_is_referred_from_the_sign_in_page_to_the_reference(keys, family, practitioner, access_worker):
    mother = family.memberships.get(role="parent").person
    sign_in(keys, practitioner, "/families/search/")
    keys.skip()
    keys.type("q", "Ngozi Okafor")
    keys.press("form[role=search] button")
    keys.page.wait_for_selector("#results")
    keys.press("main table button")
    for heading, answers in _parts(keys, mother):
        headed(keys, heading)
        for answer, *what in answers:
            answer(*what)
        keys.press(NEXT)
    headed(keys, "Check before you send")
    keys.press(ON)
    headed(keys, "Referral sent")
    keys.look()

    assert keys.faults == []
    assert Referral.objects.get().status == Status.SUBMITTED


def _parts(keys, mother):
    return [
        ("Who is in the family", [(keys.tick, "people_checked")]),
        ("Why now", [(keys.type, "why_now", "Obi is late each day."), (keys.type, "tried", "Breakfast club.")]),
        ("What the family wants", [(keys.type, "wants", "Calm mornings.")]),
        ("Safety and urgency", [(keys.choose, "safeguarding", "no"), (keys.choose, "urgent", "no")]),
        ("Who agrees", [(keys.choose, f"answer_{mother.pk}", "given")]),
    ]


def test_the_parts_are_reached_from_their_list_too(keys, family, practitioner):
    sign_in(keys, practitioner, "/families/search/?q=Ngozi+Okafor")
    keys.press("main table button")
    headed(keys, "Who is in the family")
    draft = Referral.objects.get()
    for slug in ("family", "why", "wants", "needs", "safety", "you", "agreement"):
        keys.page.goto(draft.get_absolute_url())
        keys.press(f"main a[href$='/tasks/{slug}/']")
        keys.page.wait_for_url(f"**/tasks/{slug}/")
        keys.look()

    assert keys.faults == []


def test_a_service_answers_from_its_link(keys, melton, practitioner):
    person = PersonFactory(first_name="Gwen", last_name="Harlow", born_on=date(1934, 1, 5), created_by=practitioner)
    service = ServiceFactory(name="Befriending", email="befriending@example.org")
    agreed = {"given_by": "person", "how": "phone"}
    offer(person=person, service=service, by=practitioner, now=timezone.now(), why="Company.", **agreed)
    send_letters(now=timezone.now())

    keys.page.goto(f"/referred/{secret_in(mail.outbox[-1])}/")
    headed(keys, "Somebody has been referred to Befriending")
    keys.press(ON)
    headed(keys, "Referral")
    keys.press("main a[href$='/accept/']")
    headed(keys, "Accept")
    keys.press(ON)
    headed(keys, "Referral")
    keys.look()

    assert keys.faults == []
    assert OnwardReferral.objects.get().status == "accepted"
