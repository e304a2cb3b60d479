"""What a person types is not lost, not doubled, and overwrites nobody (promises P10, P11, P12)."""

import time

import pytest
from django.urls import reverse

from assessments.services import assessing
from earlyhelp.cases.enums import Status
from earlyhelp.cases.services import join_team
from earlyhelp.workflow.models import Draft
from referrals.models import Referral
from tests.assessments.factories import family_of
from tests.factories import MONDAY, CaseFactory, FamilyFactory
from tests.referrals.factories import ready_draft

WHY = "Why now?"
SEEN = "He stood at the gate again, in the rain, and nobody came."


def eventually(happens, seconds=10):
    """Wait for what follows by itself. A test that has to wait the whole time is red at its next line."""
    until = time.monotonic() + seconds
    while not happens() and time.monotonic() < until:
        time.sleep(0.1)


@pytest.fixture
def task(melton, worker):
    """The address of a page of a draft referral: a long answer is typed there."""
    return f"{ready_draft(area=melton, author=worker).get_absolute_url()}tasks/why/"


@pytest.fixture
def case(melton, worker):
    """Being assessed by the worker, with a parent and a child."""
    case = CaseFactory.led_by(worker, area=melton, status=Status.ASSESSING)
    family_of(case)
    return case


def test_a_session_that_ends_in_mid_form_loses_nothing(arrive, worker, task, clock):
    visitor = arrive(worker)
    visitor.visit(task)
    visitor.fill(WHY, SEEN)
    clock.forward(minutes=40)
    visitor.press("Save and go back to the list")
    visitor.reads("What you typed is kept")
    visitor.sign_in()

    assert visitor.path == task
    assert visitor.page.get_by_label(WHY).input_value() == SEEN
    visitor.press("Save and go back to the list")
    visitor.reads("You have completed")
    assert Referral.objects.get().why_now == SEEN


def test_typing_after_the_session_has_ended_is_not_lost_either(arrive, worker, task, clock):
    visitor = arrive(worker)
    visitor.visit(task)
    clock.forward(minutes=40)
    visitor.fill(WHY, SEEN)
    visitor.reads("Saved")  # autosave comes first, and must not be what ends the session
    visitor.press("Save and go back to the list")
    visitor.sign_in()

    assert visitor.page.get_by_label(WHY).input_value() == SEEN


def test_typing_after_signing_out_in_another_window_says_so_and_is_not_lost(arrive, worker, task):
    visitor = arrive(worker)
    visitor.visit(task)
    window = visitor.page.context.new_page()
    window.goto(visitor.page.url)
    window.get_by_role("button", name="Sign out").click()
    visitor.fill(WHY, SEEN)
    visitor.reads("Not saved: you are signed out. Your text is still here.")
    visitor.press("Save and go back to the list")
    visitor.reads("What you typed is kept")
    visitor.sign_in()

    assert visitor.page.get_by_label(WHY).input_value() == SEEN


def test_typing_is_on_the_server_in_ten_seconds_and_survives_the_browser(arrive, worker, task):
    visitor = arrive(worker)
    visitor.visit(task)
    before = time.monotonic()
    with visitor.page.expect_response("**/drafts/**") as kept:
        visitor.fill(WHY, SEEN)
    assert kept.value.ok
    assert time.monotonic() - before < 10
    visitor.reads("Saved")
    assert SEEN not in str(bytes(Draft.objects.get().sealed))  # sealed: the database itself cannot be read
    visitor.leave()

    later = arrive(worker)
    later.visit(task)
    assert later.page.get_by_label(WHY).input_value() == SEEN
    later.visit("/")
    later.reads("Not finished")


def test_the_way_back_to_the_list_says_that_the_text_is_kept_and_it_is(arrive, worker, task):
    visitor = arrive(worker)
    visitor.visit(task)
    visitor.fill(WHY, SEEN)
    visitor.press_link("Back to the list: what you typed is kept")
    visitor.reads("You have completed")
    eventually(Draft.objects.exists)  # the last words leave with the page
    visitor.visit(task)

    assert visitor.page.get_by_label(WHY).input_value() == SEEN


def test_without_scripts_the_way_back_says_that_nothing_is_saved(arrive, worker, task):
    visitor = arrive(worker, scripts=False)
    visitor.visit(task)
    visitor.press_link("Back to the list without saving")
    visitor.reads("You have completed")

    assert not Draft.objects.exists()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_double_click_makes_one_record(arrive, worker, melton, scripts):
    family = FamilyFactory(area=melton, created_by=worker)
    visitor = arrive(worker, scripts=scripts)
    visitor.visit(f"{reverse('referrals:start')}?family={family.reference}")
    visitor.page.get_by_role("button", name="Start the referral").dblclick()
    visitor.reads("You have completed")

    assert Referral.objects.count() == 1


def test_two_people_who_edit_one_person_see_both_texts(arrive, worker, practitioner, case):
    join_team(case, role="member", user=practitioner, by=worker, now=MONDAY)
    child = case.family.people.get(memberships__role="child")
    first, second = arrive(worker), arrive(practitioner)
    for visitor in (first, second):
        visitor.visit(f"/families/people/{child.pk}/edit/")
    first.fill("What helps them to understand and be understood", "Pictures help.")
    second.fill("What helps them to understand and be understood", "Speak slowly.")
    first.press("Save")
    first.reads("Saved.")
    second.press("Save")
    second.reads("changed this while you were writing", "Pictures help.", "Speak slowly.")
    child.refresh_from_db()
    assert child.communication == "Pictures help."

    second.fill("What helps them to understand and be understood", "Pictures help. Speak slowly.")
    second.press("Save")
    second.reads("Saved.")
    child.refresh_from_db()
    assert child.communication == "Pictures help. Speak slowly."


def test_one_heading_in_two_browsers_shows_both_texts(arrive, worker, case):
    assessing.start(case, by=worker, now=MONDAY)
    desk, telephone = arrive(worker), arrive(worker, width=320)
    for visitor in (desk, telephone):
        visitor.visit(f"/assessments/{case.reference}/headings/housing/")
    desk.fill("What we are worried about", "The damp.")
    desk.press("Save")
    desk.reads("Saved.")
    telephone.fill("What we are worried about", "The stairs.")
    telephone.press("Save")
    telephone.reads("changed this while you were writing", "The damp.", "The stairs.")
