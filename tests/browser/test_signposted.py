"""Story 12: below the threshold. The referrer is told why and what to do, the family where to go; and help is offered again."""

from datetime import date

import pytest
from django.core import mail
from django.utils import timezone

from earlyhelp.cases.models import Case
from earlyhelp.deadlines.sweep import ring
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.families.enums import AgreementStatus
from earlyhelp.families.services import record_agreement
from earlyhelp.notices.models import Notice
from earlyhelp.notices.services import send_letters, send_owed
from earlyhelp.partnership.enums import Role
from referrals.enums import Status
from referrals.models import Referral
from tests.browser.people import faults_of
from tests.factories import (
    AgencyFactory,
    FamilyFactory,
    MemberFactory,
    PersonFactory,
    PostFactory,
    ServiceFactory,
    UserFactory,
)

WORRY = "I wonder whether there is enough to eat."
TRUE_REASON = "Two late mornings a week; the family is close, and the library is next door."
TO_THE_SCHOOL = "The homework club can help without a plan, because the family has what it needs otherwise."


@pytest.fixture
def beth(melton):
    """Pastoral lead of the school."""
    school = AgencyFactory(name="Riverside Primary", kind="school")
    user = UserFactory(first_name="Beth", last_name="Lowe", agency=school, phone="01632 960 111")
    return PostFactory(user=user, area=melton).user


@pytest.fixture
def asha(county):
    user = UserFactory(first_name="Asha", last_name="Rahman", phone="01632 960 222")
    return PostFactory(user=user, role=Role.EH_ACCESS, area=county).user


@pytest.fixture
def club(melton):
    """In the directory. It is told of nobody: the family rings it, or does not."""
    made = ServiceFactory(name="Homework club", needs=["education"], phone="01632 960 333", email="club@example.org")
    made.areas.add(melton)
    return made


@pytest.fixture
def family(melton, beth):
    family = FamilyFactory(name="Ames", area=melton, created_by=beth)
    mother = PersonFactory(first_name="Tessa", last_name="Ames", born_on=date(1991, 2, 3), area=melton)
    MemberFactory(family=family, person=mother, role="parent")
    MemberFactory(family=family, person=PersonFactory(first_name="Joe", last_name="Ames", born_on=date(2016, 3, 3)))
    record_agreement(family, mother, status=AgreementStatus.GIVEN, by=beth, now=timezone.now())
    return family


def test_signposted_told_why_and_offered_again_after_eight_weeks(arrive, clock, beth, asha, club, family):
    beth, asha = arrive(beth), arrive(asha)
    reference = beth_refers(beth)
    letter = asha_signposts(asha, reference)
    beth_is_told_why_and_what_to_do(beth, reference)
    the_family_is_told_where_to_go(asha, letter)
    nobody_else_was_told(club, reference)
    nothing_is_asked_before_its_time(asha, clock, reference)
    it_is_offered_again(asha, clock, reference)
    the_family_wants_help_now(beth, family)


def beth_refers(beth):
    beth.visit("/families/search/?q=Tessa+Ames")
    beth.page.get_by_role("button", name="Refer this family").first.click()
    beth.tick("I have checked who is in the family")
    beth.press("Save and continue")
    beth.fill("Why now?", "Joe has no homework two days a week.")
    beth.fill("What have you tried, and what came of it?", "A planner.")
    beth.press("Save and continue")
    beth.fill("What does the family want to be different?", "Somewhere quiet to work.")
    beth.press("Save and continue")
    beth.choose("May anybody be at risk of serious harm?", "No")
    beth.choose("Is it urgent?", "No")
    beth.press("Save and continue")
    reference = Referral.objects.get().reference
    beth.visit(f"/referrals/{reference}/tasks/needs/")
    beth.fill("What are you worried about?", WORRY)
    beth.press("Save and continue")
    beth.visit(f"/referrals/{reference}/check/")
    beth.press("Send to EH Access")
    beth.reads("Referral sent")
    return reference


def asha_signposts(asha, reference):
    """She previews both letters, in the words of the council, before anything is decided."""
    asha.visit(f"/referrals/triage/{reference}/")
    asha.follow("Take")
    asha.press("Take this referral")
    asha.follow("Signpost")
    asha.choose("Level of need", "2 – One agency")
    asha.choose("Which services?", "Homework club")
    asha.fill("Why is this the right decision?", TRUE_REASON)
    message = asha.page.get_by_label("Message to the referrer")
    message.fill(message.input_value().replace("We think that", f"{TO_THE_SCHOOL}\n\nWe think that"))
    asha.choose("Does a letter go to the family?", "Yes")
    asha.choose("Has the family been told?", "Yes")
    asha.press("Preview")
    asha.reads(TO_THE_SCHOOL, "Dear Tessa", "Homework club, 01632 960 333")
    assert Referral.objects.get().status == Status.IN_TRIAGE
    asha.press("Signpost")
    asha.reads("Signposted. The referrer has been told.", "Signposted to Homework club")
    return asha.page.locator("a", has_text="Letter to the family").get_attribute("href")


def beth_is_told_why_and_what_to_do(beth, reference):
    """R2. Not the officer's own reason: what was written for her."""
    beth.visit("/notices/")
    beth.reads("Your referral has been decided")
    beth.visit(f"/referrals/{reference}/")
    beth.reads("Signposted", TO_THE_SCHOOL, "Please tell the family how to reach them", "Homework club, 01632 960 333")
    beth.reads_nothing_of(TRUE_REASON)
    assert faults_of(beth.page) == []
    beth.may_not_visit(f"/referrals/triage/{reference}/")


def the_family_is_told_where_to_go(asha, letter):
    """On paper: the service, its number, and that they may say no. No worry and no decision's reason."""
    asha.visit(letter)
    asha.reads("Dear Tessa", "Homework club, 01632 960 333", "You can ring them yourselves", "You may say no")
    asha.reads_nothing_of(WORRY, TRUE_REASON)


def nobody_else_was_told(club, reference):
    """A signpost is no referral: the service hears nothing, no case is opened, and no message names anybody."""
    send_letters(now=timezone.now())
    send_owed(now=timezone.now())
    assert not OnwardReferral.objects.exists()
    assert not Case.objects.exists()
    assert [each for each in mail.outbox if club.email in each.to] == []
    for text in [each.title for each in Notice.objects.all()] + [f"{each.subject} {each.body}" for each in mail.outbox]:
        for word in ("Ames", "Tessa", "Joe", "homework", "eat"):
            assert word.lower() not in text.replace("Early Help", "").lower().split(), text


def rung(reference):
    return Notice.objects.filter(reference=reference, title__startswith="Offer help again").count()


def nothing_is_asked_before_its_time(asha, clock, reference):
    clock.forward(weeks=7)
    ring(now=timezone.now())
    asha.visit("/")
    asha.reads_nothing_of("Offer help again")
    assert rung(reference) == 0


def it_is_offered_again(asha, clock, reference):
    """R17. Once: it rings on its day, stands on the home page until it is done, and never becomes a duty that is late."""
    clock.forward(weeks=1)
    for _ in range(3):
        ring(now=timezone.now())
        clock.forward(days=1)
    assert rung(reference) == 1
    asha.visit("/")
    asha.follow(f"Offer help again to a family that was signposted: referral {reference}")
    asha.reads("did what they were pointed to help")
    assert faults_of(asha.page) == []
    asha.choose("Did the service help, and do they want help now?", "They still need help")
    asha.fill("What do they say?", "The club is full, and he would like it.")
    asha.press("Save")
    asha.reads("Recorded.", "They still need help. The club is full, and he would like it.")
    asha.visit("/")
    asha.reads_nothing_of("Offer help again")


def the_family_wants_help_now(beth, family):
    """A new referral, with nothing known asked again; the first stays as it was decided."""
    beth.visit("/families/search/?q=Tessa+Ames")
    beth.page.get_by_role("button", name="Refer this family").first.click()
    beth.reads("Who is in the family")
    first, second = Referral.objects.filter(family=family).order_by("pk")
    assert (first.status, second.status) == (Status.SIGNPOSTED, Status.DRAFT)
