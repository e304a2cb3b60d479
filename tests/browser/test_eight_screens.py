"""A referral of a known family takes at most eight screens, and asks for nothing that is known (screens.md 1.3)."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from earlyhelp.families.enums import AgreementStatus
from earlyhelp.families.models import Address
from earlyhelp.families.services import record_agreement
from referrals.models import Referral
from tests.factories import AgencyFactory, FamilyFactory, MemberFactory, PersonFactory

KNOWN = re.compile(
    r"first name|surname|last name|date of birth|postcode|address|telephone|who is referring", re.IGNORECASE
)


@pytest.fixture
def referrer(practitioner):
    """Of a school, with a telephone number: neither is asked for again."""
    practitioner.agency = AgencyFactory(name="Riverside Primary", kind="school")
    practitioner.phone = "01632 960 111"
    practitioner.save()
    return practitioner


@pytest.fixture
def family(melton, referrer):
    family = FamilyFactory(name="Okafor", area=melton, created_by=referrer)
    mother = PersonFactory(first_name="Ngozi", last_name="Okafor", born_on=date(1990, 1, 2), area=melton)
    Address.objects.create(person=mother, line_1="4 Mill Lane", postcode="LE13 1AA")
    MemberFactory(family=family, person=mother, role="parent")
    MemberFactory(family=family, person=PersonFactory(first_name="Obi", last_name="Okafor", born_on=date(2018, 5, 5)))
    return family


class Counted:
    """Counts the screens that a visitor comes by, and reads what each asks."""

    def __init__(self, visitor):
        self.visitor, self.screens, self.asked = visitor, [], []
        visitor.page.on("framenavigated", lambda frame: self.note(frame.url))

    def note(self, url):
        path = "/" + url.split("/", 3)[3].partition("?")[0]
        if not path.startswith("/sign-in/") and (not self.screens or self.screens[-1] != path):
            self.screens.append(path)

    def on(self, heading, *answers):
        self.visitor.reads(heading)
        self.asked += self.visitor.page.locator("main label, main legend").all_inner_texts()
        for answer, *what in answers:
            answer(*what)
        self.visitor.press("Save and continue")


@pytest.mark.parametrize("agreed_before", [False, True])
def test_a_known_family_is_referred_in_eight_screens_and_nothing_known_is_asked_again(
    arrive, referrer, family, access_worker, agreed_before, counted
):
    mother = family.memberships.get(role="parent").person
    if agreed_before:
        last_month = timezone.now() - timedelta(days=30)
        record_agreement(family, mother, status=AgreementStatus.GIVEN, by=referrer, now=last_month)
    visitor = arrive(referrer)
    visitor.visit("/")
    on_the_way = Counted(visitor)

    visitor.page.goto("/families/search/?q=Ngozi+Okafor")
    visitor.page.get_by_role("button", name="Refer this family").first.click()
    on_the_way.on("Ngozi Okafor, parent, born 1990", (visitor.tick, "I have checked who is in the family"))
    on_the_way.on(
        "Why now?",
        (visitor.fill, "Why now?", "Obi is late each day."),
        (visitor.fill, "What have you tried, and what came of it?", "Breakfast club."),
    )
    on_the_way.on(
        "What the family wants", (visitor.fill, "What does the family want to be different?", "Calm mornings.")
    )
    on_the_way.on(
        "Safety and urgency",
        (visitor.choose, "May anybody be at risk of serious harm?", "No"),
        (visitor.choose, "Is it urgent?", "No"),
    )
    if not agreed_before:
        on_the_way.on("Who agrees", (visitor.choose, "Does Ngozi agree to early help?", "Yes, they agree"))
    visitor.reads("Check before you send", "Ngozi Okafor: agreed", "School, college or nursery", "01632 960 111")
    visitor.press("Send to EH Access")
    visitor.reads("Referral sent")

    what = "A known family that agreed lately is referred" if agreed_before else "A known family is referred"
    counted(what, len(on_the_way.screens), "screens", most=8 - agreed_before)
    assert [each for each in on_the_way.asked if KNOWN.search(each)] == []
    assert [each for each in on_the_way.asked if agreed_before and "agree" in each.lower()] == []
    assert Referral.objects.get().family == family
