"""A checklist with three onward referrals takes at most twelve clicks, each permission among them (domain.md 11)."""

from datetime import date

import pytest

from earlyhelp.directory.models import OnwardReferral
from earlyhelp.partnership.enums import Role
from tests.browser.people import faults_of
from tests.factories import PostFactory, ServiceFactory
from tests.referrals.factories import got_in_touch

COUNTS = """
document.addEventListener("pointerdown", () => {
  sessionStorage.setItem("clicks", Number(sessionStorage.getItem("clicks") || 0) + 1);
}, true);
"""
CLICKS = "Number(sessionStorage.getItem('clicks') || 0)"
SERVICES = {"money": "Debt advice", "housing": "Warm homes", "education": "Courses at the library"}


@pytest.fixture
def ruth(county):
    return PostFactory(role=Role.FIRST_CONTACT_ADVISER, area=county, user__first_name="Ruth").user


@pytest.fixture
def contact(melton, ruth):
    for need, name in SERVICES.items():
        ServiceFactory(name=name, needs=[need], email=f"{need}@example.org").areas.add(melton)
    about = {"first_name": "Dot", "last_name": "Invented", "born_on": date(1957, 3, 4), "caller_name": "Dot"}
    return got_in_touch(by=ruth, area=melton, **about)


@pytest.fixture
def at_it(arrive, ruth, contact):
    """Ruth at the page on which a checklist is begun, with everything that she presses counted from now on."""
    visitor = arrive(ruth)
    visitor.visit(f"/referrals/checklists/start/contact/{contact.reference}/")
    visitor.page.add_init_script(COUNTS)
    visitor.page.reload()
    return visitor


def test_a_checklist_with_three_onward_referrals_takes_at_most_twelve_clicks(at_it, contact, counted):
    faults = faults_of(at_it.page)
    at_it.page.get_by_label("Who agreed that you ask").click()  # a box that is typed into is a click too
    at_it.page.keyboard.type("Dot herself")
    at_it.choose("Whom is it about?", "An adult")
    at_it.press("Go on to the questions")
    for question in ("The home is cold", "The money does not last", "Wants work, training"):
        at_it.page.get_by_role("group", name=question).get_by_label("Yes", exact=True).check()
    at_it.press("Save and see what might help")

    at_it.reads("What do they say to each?")
    faults += faults_of(at_it.page)
    assert at_it.page.locator("input:checked").count() == 0  # no permission is given by anybody but her
    for suggestion, service in {
        "Help with money and debts": "Yes: Debt advice",
        "A warm and safe home": "Yes: Warm homes",
        "Courses, volunteering and work": "Yes: Courses at the library",
    }.items():
        at_it.choose(suggestion, service)
    at_it.choose("How did you ask?", "By telephone")
    at_it.press("Save what they say")
    at_it.reads("Their answers are written down", "All of it was talked over")
    faults += faults_of(at_it.page)

    counted("A checklist with three onward referrals", at_it.page.evaluate(CLICKS), "clicks", most=12)
    sent = list(OnwardReferral.objects.select_related("service"))
    assert {each.service.name for each in sent} == set(SERVICES.values())
    assert {(each.status, each.given_by, each.given_how) for each in sent} == {("sent", "person", "phone")}
    assert all(each.permitted_at and each.suggested_by.response.contact == contact for each in sent)
    assert faults == []
