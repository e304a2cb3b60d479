"""What may go wrong: written down by whoever sees it, looked at until it is over, and never what a case quietly closes on."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.extracts import the_risks
from assessments.models import RiskLook, RiskNote
from assessments.services.risks import (
    pass_on_risks,
    raise_risk,
    risks_left,
    silence_risks,
    write_safety_plan,
)
from assessments.todo import risks_to_look_at
from assessments.transitions import end_risk, look_again, pass_risk_on
from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Case
from earlyhelp.core.calendar import Unit, due
from earlyhelp.deadlines.standards import DEFAULTS
from earlyhelp.families.kinship import end_pregnancy
from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible, Stale
from tests.assessments.factories import RiskNoteFactory
from tests.factories import MONDAY, CaseFactory, MemberFactory, PersonFactory

LATER = MONDAY + timedelta(days=3)
SEEN = {
    "kind": "home",
    "what": "They may lose their home.",
    "found": "A notice came on Friday.",
    "level": "medium",
    "response": "manage",
    "doing": "Housing rings each Friday.",
}
LOOKED = {"level": "low", "found": "The arrears are paid.", "response": "manage", "doing": "Housing rings each month."}
PLAN = {"signs": "He drinks.", "alone": "I take the children out.", "people": "My sister.", "at_home": "keeps"}


def titles(user):
    return list(Notice.objects.filter(to=user).order_by("pk").values_list("title", flat=True))


def owed(risk):
    return list(risk.deadlines.open().values_list("code", "due_at", "holder"))


def expected(case):
    """A child of the family who is not born yet, and the mother."""
    mother, child = (
        PersonFactory(area=case.area, **facts)
        for facts in ({}, {"born_on": None, "expected_on": MONDAY.date() + timedelta(days=60)})
    )
    for person, role in ((mother, "parent"), (child, "child")):
        MemberFactory(family=case.family, person=person, role=role)
    return child, mother


# --- raising ------------------------------------------------------------------------------------------------------------


def test_whoever_is_on_the_team_writes_a_risk_down_and_the_lead_hears_of_it(case, teammate, worker):
    risk = raise_risk(case, by=teammate, now=MONDAY, **SEEN)

    [look] = risk.looks.all()
    assert (look.looked_by, look.found, look.level) == (teammate, "A notice came on Friday.", "medium")
    assert titles(worker) == ["Somebody of the team wrote down a risk"]
    assert "Somebody of the team wrote down a risk" not in titles(teammate)


def test_a_stranger_writes_none_down(case, other_worker):
    with pytest.raises(PermissionDenied):
        raise_risk(case, by=other_worker, now=MONDAY, **SEEN)

    assert not RiskNote.objects.exists()


def test_nobody_writes_one_down_on_a_case_that_has_ended(case, worker):
    Case.objects.filter(pk=case.pk).update(status=Status.CLOSED, closed_on=MONDAY.date(), end_reason="outcomes_met")

    with pytest.raises(NotPossible):
        raise_risk(case, by=worker, now=MONDAY, **SEEN)

    assert not RiskNote.objects.exists()


def test_a_risk_is_about_somebody_of_the_family_or_about_all_of_it(case, worker):
    with pytest.raises(NotPossible, match="not in the family"):
        raise_risk(case, about=PersonFactory(), by=worker, now=MONDAY, **SEEN)

    assert not RiskNote.objects.exists()


def test_a_high_risk_reaches_the_lead_and_their_manager_once(case, teammate, worker, manager):
    raise_risk(case, by=teammate, now=MONDAY, **SEEN | {"level": "high"})

    assert titles(worker) == titles(manager) == ["A risk needs you"]


def test_what_needs_more_than_the_team_can_give_reaches_the_manager_at_any_level(case, worker, manager):
    raise_risk(case, by=worker, now=MONDAY, **SEEN | {"level": "low", "response": "step_up"})

    assert titles(manager) == ["A risk needs you"]
    assert titles(worker) == []  # they wrote it down themselves


@pytest.mark.parametrize(
    ("level", "code", "amount", "unit"),
    [
        ("high", "D_RISK_HIGH", 5, Unit.WORKING_DAYS),
        ("medium", "D_RISK_MEDIUM", 20, Unit.WORKING_DAYS),
        ("low", "D_RISK_LOW", 12, Unit.WEEKS),
    ],
)
def test_the_higher_it_is_the_sooner_it_is_looked_at_again(case, worker, level, code, amount, unit):
    risk = raise_risk(case, by=worker, now=MONDAY, **SEEN | {"level": level})

    assert owed(risk) == [(code, due(MONDAY, amount, unit), worker.pk)]


def test_the_database_keeps_no_risk_that_does_not_say_what_is_done_about_it(case):
    with pytest.raises(IntegrityError, match="risk_says_what_and_what_is_done"):
        RiskNoteFactory(case=case, doing="")


# --- looking again ------------------------------------------------------------------------------------------------------


def test_a_look_is_kept_beside_the_earlier_ones_and_promises_the_next(case, worker, teammate):
    risk = raise_risk(case, by=worker, now=MONDAY, **SEEN)

    risk = look_again(risk, by=teammate, now=LATER, **LOOKED)

    assert (risk.level, risk.doing, risk.looked_at) == ("low", "Housing rings each month.", LATER)
    assert list(risk.looks.order_by("pk").values_list("level", "looked_by")) == [
        ("medium", worker.pk), ("low", teammate.pk)
    ]  # fmt: skip
    assert [code for code, *_ in owed(risk)] == ["D_RISK_LOW"]


def test_what_somebody_saw_can_neither_be_altered_nor_deleted(case, worker):
    raise_risk(case, by=worker, now=MONDAY, **SEEN)
    looks = RiskLook.objects.values()
    before = list(looks)

    for deed in (lambda: RiskLook.objects.update(level="low"), lambda: RiskLook.objects.all().delete()):
        with pytest.raises(InternalError), transaction.atomic():
            deed()
    assert list(looks.all()) == before


def test_a_look_at_the_same_level_keeps_the_old_promise_and_makes_a_new_one(case, worker):
    risk = raise_risk(case, by=worker, now=MONDAY, **SEEN)

    look_again(risk, by=worker, now=LATER, **LOOKED | {"level": "medium"})

    assert list(risk.deadlines.order_by("pk").values_list("met_at", flat=True)) == [LATER, None]


def test_whoever_manages_the_lead_looks_too_and_a_stranger_does_not(case, worker, manager, other_worker):
    risk = raise_risk(case, by=worker, now=MONDAY, **SEEN)
    with pytest.raises(PermissionDenied):
        look_again(risk, by=other_worker, now=LATER, **LOOKED)

    look_again(risk, by=manager, now=LATER, **LOOKED)

    assert RiskLook.objects.filter(risk=risk).count() == 2


def test_nobody_looks_again_once_the_case_has_ended(case, worker, manager):
    risk = raise_risk(case, by=worker, now=MONDAY, **SEEN)
    Case.objects.filter(pk=case.pk).update(status=Status.CLOSED, closed_on=MONDAY.date(), end_reason="outcomes_met")

    with pytest.raises(NotPossible):
        look_again(risk, by=manager, now=LATER, **LOOKED)

    assert risk.looks.count() == 1


# --- its end ------------------------------------------------------------------------------------------------------------


def test_a_risk_that_is_over_says_why_and_rings_no_more(case, worker):
    risk = raise_risk(case, by=worker, now=MONDAY, **SEEN)

    risk = end_risk(risk, by=worker, now=LATER, ended_because="They have moved.")

    assert (risk.status, risk.ended_at, risk.ended_because) == ("over", LATER, "They have moved.")
    assert owed(risk) == []


def test_a_high_risk_is_looked_at_before_it_is_over(case, worker):
    risk = raise_risk(case, by=worker, now=MONDAY, **SEEN | {"level": "high"})

    with pytest.raises(NotPossible, match="Look at it again first"):
        end_risk(risk, by=worker, now=LATER, ended_because="All well.")

    risk.refresh_from_db()
    assert risk.is_open
    assert owed(risk)


def test_a_case_does_not_close_on_an_open_risk_unless_somebody_else_has_it(case, worker):
    risk = raise_risk(case, by=worker, now=MONDAY, **SEEN | {"level": "high"})
    [obstacle] = risks_left(case)
    assert "still open" in obstacle.text

    pass_risk_on(risk, by=worker, now=LATER, ended_because="Social care, Miriam Adeyemi.")

    assert list(risks_left(case)) == []


def test_nobody_is_reminded_of_the_risks_of_a_case_that_has_ended(case, worker):
    risk = raise_risk(case, by=worker, now=MONDAY, **SEEN)

    silence_risks(case, LATER)

    assert owed(risk) == []
    risk.refresh_from_db()
    assert risk.is_open  # it stays to be read as it was


def test_whoever_leads_next_is_reminded_and_not_whoever_led_before(case, worker, other_worker):
    risk = raise_risk(case, by=worker, now=MONDAY, **SEEN)
    case.lead = other_worker

    pass_on_risks(case, worker, other_worker, LATER)

    assert [holder for *_, holder in owed(risk)] == [other_worker.pk]


# --- where it is read ---------------------------------------------------------------------------------------------------


def test_the_next_look_stands_on_the_home_page_of_the_lead_when_it_nears(case, worker, teammate):
    risk = raise_risk(case, by=teammate, now=timezone.now(), **SEEN | {"level": "high"})

    soon = timezone.now() + timedelta(days=4)

    [mine] = risks_to_look_at(worker, soon)

    assert (mine.url, "Look again" in mine.text) == (risk.get_absolute_url(), True)
    assert list(risks_to_look_at(teammate, soon)) == []


def test_the_page_of_a_case_warns_of_a_high_risk_and_of_no_other(as_user, case, worker):
    raise_risk(case, by=worker, now=MONDAY, **SEEN)
    assert "High risk" not in as_user(worker).get(case.get_absolute_url()).content.decode()

    raise_risk(case, by=worker, now=MONDAY, **SEEN | {"level": "high"})

    assert "A high risk is written down." in as_user(worker).get(case.get_absolute_url()).content.decode()


def test_a_hand_over_says_what_is_open_and_no_word_of_a_safety_plan(case, worker, parent):
    raise_risk(case, by=worker, now=MONDAY, **SEEN)
    write_safety_plan(case, whose=parent, by=worker, now=MONDAY, **PLAN)

    section = the_risks(case)

    assert section.rows == [
        ("All of the family", "An unsafe home, or losing it. They may lose their home.",
         "Medium, looked at 2 March 2026", "Housing rings each Friday.")
    ]  # fmt: skip
    assert "sister" not in repr(section)


@pytest.mark.parametrize("rows", [1, 20])
def test_the_page_of_risks_asks_no_more_for_twenty_than_for_one(
    as_user, case, worker, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        raise_risk(case, by=worker, now=MONDAY, **SEEN)
    client = as_user(worker)
    page = f"{case.get_absolute_url()}risks/"
    client.get(page)

    with django_assert_max_num_queries(9):
        assert client.get(page).status_code == 200


@pytest.mark.parametrize("rows", [1, 20])
def test_the_list_of_a_manager_asks_no_more_for_twenty_than_for_one(
    as_user, melton, worker, manager, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        led = CaseFactory.led_by(worker, area=melton)
        raise_risk(led, by=worker, now=MONDAY, **SEEN | {"level": "high"})
    client = as_user(manager)
    client.get(reverse("assessments:risks"))

    with django_assert_max_num_queries(5):
        page = client.get(reverse("assessments:risks")).content.decode()

    assert page.count("An unsafe home, or losing it") == rows


def test_the_list_shows_the_high_ones_first_those_over_never_and_is_no_page_of_a_worker(
    as_user, case, melton, worker, manager
):
    high = raise_risk(case, by=worker, now=MONDAY, **SEEN | {"level": "high"})
    other = CaseFactory.led_by(worker, area=melton)
    raise_risk(other, by=worker, now=MONDAY, **SEEN)
    over = CaseFactory.led_by(worker, area=melton)
    end_risk(raise_risk(over, by=worker, now=MONDAY, **SEEN), by=worker, now=LATER, ended_because="Moved.")
    address = reverse("assessments:risks")

    assert high.reference in as_user(manager).get(address).content.decode()
    assert other.reference not in as_user(manager).get(address).content.decode()
    everything = as_user(manager).get(address, {"level": "all"}).content.decode()
    assert everything.index(high.reference) < everything.index(other.reference)
    assert over.reference not in everything
    assert as_user(worker).get(address).status_code == 403


# --- pages --------------------------------------------------------------------------------------------------------------


def test_a_risk_for_which_the_team_is_not_enough_leads_to_the_page_where_more_is_asked_for(as_user, case, worker):
    page = reverse("assessments:new_risk", args=[case.reference])

    more, now, enough = (
        as_user(worker).post(page, SEEN | {"response": response, "token": str(uuid4())})
        for response in ("step_up", "hand_over", "manage")
    )

    assert more.url == reverse("hubs:request_step", args=[case.reference])
    assert now.url == f"{reverse('referrals:handover_start')}?about={case.reference}"
    assert enough.url == f"{case.get_absolute_url()}risks/"


def test_the_last_look_is_read_first_and_what_is_done_is_there_to_be_changed(as_user, case, worker):
    risk = raise_risk(case, by=worker, now=MONDAY, **SEEN)
    page = reverse("assessments:risk_move", args=[case.reference, risk.pk, "look"])
    assert "Housing rings each Friday." in as_user(worker).get(page).content.decode()

    as_user(worker).post(page, LOOKED | {"token": str(uuid4()), "version": risk.version})

    shown = as_user(worker).get(f"{case.get_absolute_url()}risks/").content.decode()
    assert shown.index("The arrears are paid.") < shown.index("A notice came on Friday.")


def test_no_risk_is_reached_through_another_case(as_user, case, melton, worker):
    risk = raise_risk(case, by=worker, now=MONDAY, **SEEN)
    other = CaseFactory.led_by(worker, area=melton)

    answer = as_user(worker).post(reverse("assessments:risk_move", args=[other.reference, risk.pk, "look"]), LOOKED)

    assert answer.status_code == 404
    assert risk.looks.count() == 1


def test_two_looks_never_overwrite_each_other(as_user, case, worker, teammate):
    risk = raise_risk(case, by=worker, now=MONDAY, **SEEN)
    seen = risk.version
    look_again(risk, by=teammate, now=LATER, **LOOKED | {"level": "high", "found": "He has a knife."})

    with pytest.raises(Stale):
        look_again(risk, by=worker, now=LATER, version=seen, **LOOKED)
    with pytest.raises(Stale):
        pass_risk_on(risk, by=worker, now=LATER, version=seen, ended_because="A clinic.")

    risk.refresh_from_db()
    assert (risk.level, risk.is_open) == ("high", True)


def test_the_lead_and_their_manager_hear_when_somebody_else_lowers_a_high_risk_or_passes_it_on(
    case, worker, teammate, manager
):
    first = raise_risk(case, by=worker, now=MONDAY, **SEEN | {"level": "high"})
    second = raise_risk(case, by=worker, now=MONDAY, **SEEN | {"level": "high"})

    look_again(first, by=teammate, now=LATER, **LOOKED)
    pass_risk_on(second, by=teammate, now=LATER, ended_because="Social care.")

    ends = ["A high risk was lowered", "Somebody else keeps an eye on a high risk"]
    assert titles(worker)[-2:] == titles(manager)[-2:] == ends


def test_the_manager_of_whoever_leads_a_restricted_record_hears_nothing(case, worker, manager):
    Case.objects.filter(pk=case.pk).update(restricted=True)
    type(case.family).objects.filter(pk=case.family_id).update(restricted=True)
    case.refresh_from_db()

    raise_risk(case, by=worker, now=MONDAY, **SEEN | {"level": "high"})

    assert titles(manager) == []


def test_the_manager_hears_that_a_case_ended_while_a_risk_was_high(case, worker, manager):
    raise_risk(case, by=worker, now=MONDAY, **SEEN | {"level": "high"})

    silence_risks(case, LATER)

    assert titles(manager)[-1] == "A case ended while a risk was high"


def test_the_subject_of_a_reminder_says_nothing_of_a_risk():
    assert not [label for code, _, label, *_ in DEFAULTS if code.startswith("D_RISK") and "risk" in label.lower()]


def test_a_risk_about_a_child_who_is_expected_no_more_is_ended_first(case, worker):
    child, mother = expected(case)
    risk = raise_risk(case, by=worker, now=MONDAY, about=child, **SEEN)
    with pytest.raises(NotPossible, match=f"A risk written down in {case.reference} goes on"):
        end_pregnancy(child, mother=mother, kind="early", by=worker, now=LATER)
    child.refresh_from_db()
    assert child.merged_into is None

    end_risk(risk, by=worker, now=LATER, ended_because="The child is not expected any more.")
    end_pregnancy(child, mother=mother, kind="early", by=worker, now=LATER)
    assert owed(risk) == []


def test_a_risk_about_somebody_else_or_of_all_the_family_hinders_no_grief(case, worker):
    child, mother = expected(case)
    raise_risk(case, by=worker, now=MONDAY, about=mother, **SEEN)
    raise_risk(case, by=worker, now=MONDAY, **SEEN)

    assert end_pregnancy(child, mother=mother, kind="early", by=worker, now=LATER).mother == mother
