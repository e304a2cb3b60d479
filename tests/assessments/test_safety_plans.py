"""A safety plan is its owner’s: made with them, theirs alone, and never a paper that lies about."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from assessments.models import SafetyPlan
from assessments.passages import safety
from assessments.services.risks import (
    change_safety_plan,
    end_safety_plan,
    write_safety_plan,
)
from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Case
from earlyhelp.families.joining import in_the_way, what_goes
from earlyhelp.sharing.deciding import Answer
from earlyhelp.sharing.enums import Say
from earlyhelp.sharing.selecting import Reader, why_not
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import MONDAY, CaseFactory, MemberFactory, PersonFactory

LATER = MONDAY + timedelta(days=3)
PLAN = {"signs": "He drinks.", "alone": "I take the children out.", "people": "My sister.", "at_home": "keeps"}


def test_a_person_has_one_safety_plan_and_its_owner_is_of_the_family(case, worker, parent):
    write_safety_plan(case, whose=parent, by=worker, now=MONDAY, **PLAN)
    with pytest.raises(NotPossible, match="has a safety plan already"):
        write_safety_plan(case, whose=parent, by=worker, now=LATER, **PLAN)
    with pytest.raises(NotPossible, match="not in the family"):
        write_safety_plan(case, whose=PersonFactory(), by=worker, now=LATER, **PLAN)

    assert SafetyPlan.objects.count() == 1


def test_a_changed_plan_says_who_changed_it_and_a_stranger_changes_none(case, worker, teammate, other_worker, parent):
    plan = write_safety_plan(case, whose=parent, by=worker, now=MONDAY, **PLAN)
    with pytest.raises(PermissionDenied):
        change_safety_plan(plan, by=other_worker, now=LATER, version=plan.version, signs="Nothing.")

    plan = change_safety_plan(plan, by=teammate, now=LATER, version=plan.version, signs="He shouts.")

    assert (plan.signs, plan.written_by, plan.written_at) == ("He shouts.", teammate, LATER)


def test_a_plan_that_is_not_needed_any_more_is_read_changed_by_nobody_and_copied_for_nobody(
    as_user, case, worker, parent
):
    plan = write_safety_plan(case, whose=parent, by=worker, now=MONDAY, **PLAN)

    page = reverse("assessments:end_safety_plan", args=[case.reference, plan.pk])
    as_user(worker).post(page, {"ended_because": "He lives abroad."})

    with pytest.raises(NotPossible, match="not in force"):
        change_safety_plan(plan, by=worker, now=LATER, version=None, signs="Nothing.")
    assert safety(case.family) == []
    assert "He lives abroad." in as_user(worker).get(f"{case.get_absolute_url()}risks/").content.decode()
    assert write_safety_plan(case, whose=parent, by=worker, now=LATER, **PLAN).pk != plan.pk


def test_two_records_of_one_person_with_a_plan_each_become_one_when_one_plan_has_ended(
    case, worker, parent, access_worker
):
    twice = MemberFactory(family=case.family, role="parent", person=PersonFactory(born_on=None)).person
    kept = write_safety_plan(case, whose=parent, by=worker, now=MONDAY, **PLAN)
    other = write_safety_plan(case, whose=twice, by=worker, now=MONDAY, **PLAN)
    in_two = what_goes(parent, twice)
    assert any("safety plan" in text for text in in_the_way(in_two, "person"))

    end_safety_plan(other, by=worker, now=LATER, ended_because="Written down twice.")

    assert in_the_way(what_goes(parent, twice), "person") == []
    assert kept.whose == parent


def test_a_copy_of_a_safety_plan_is_its_owners_alone(case, worker, parent):
    write_safety_plan(case, whose=parent, by=worker, now=MONDAY, **PLAN)

    passages = safety(case.family)

    assert [each.text for each in passages] == ["He drinks.", "I take the children out.", "My sister."]
    assert {each.subjects for each in passages} == {frozenset([parent.pk])}


@pytest.mark.parametrize("at_home", ["not_safe", "declined"])
def test_no_copy_is_made_for_whoever_cannot_keep_it_safely_or_wants_none(as_user, case, worker, parent, at_home):
    write_safety_plan(case, whose=parent, by=worker, now=MONDAY, **PLAN | {"at_home": at_home})

    shown = as_user(worker).get(f"{case.get_absolute_url()}risks/").content.decode()

    assert safety(case.family) == []
    assert "Make a copy" not in shown
    assert ("It is not safe for" in shown) is (at_home == "not_safe")


def test_the_newest_plan_decides_whether_any_may_be_given(case, melton, worker, parent):
    earlier = CaseFactory.led_by(
        worker,
        area=melton,
        family=case.family,
        status=Status.CLOSED,
        closed_on=MONDAY.date(),
        end_reason="outcomes_met",
    )
    who = {"written_by": worker, "written_at": MONDAY}
    SafetyPlan.objects.create(case=earlier, whose=parent, **PLAN, **who)
    write_safety_plan(case, whose=parent, by=worker, now=LATER, **PLAN | {"at_home": "not_safe"})

    assert safety(case.family) == []


def test_of_a_plan_whom_they_turn_to_goes_to_no_agency_and_none_of_it_to_a_parent(case, worker, parent):
    child = case.family.memberships.get(role="child").person
    write_safety_plan(case, whose=child, by=worker, now=MONDAY, **PLAN)
    people = {parent.pk: parent.name, child.pk: child.name}
    allowed = Answer(Say.ALLOW, "")
    agency = Reader(agency=1, people=people, answers={pk: allowed for pk in people})
    mother = Reader(person=parent.pk, responsible_for=frozenset([child.pk]), people=people)
    themselves = Reader(person=child.pk, people=people)

    assert [bool(why_not(each, agency)) for each in safety(case.family)] == [False, False, True]
    assert all(why_not(each, mother) for each in safety(case.family))
    assert not any(why_not(each, themselves) for each in safety(case.family))


def test_no_plan_of_a_case_that_has_ended_is_changed(case, worker, parent, manager):
    plan = write_safety_plan(case, whose=parent, by=worker, now=MONDAY, **PLAN | {"at_home": "not_safe"})
    Case.objects.filter(pk=case.pk).update(status=Status.CLOSED, closed_on=MONDAY.date(), end_reason="outcomes_met")

    with pytest.raises(NotPossible):
        change_safety_plan(plan, by=manager, now=LATER, version=plan.version, at_home="keeps")

    plan.refresh_from_db()
    assert plan.at_home == "not_safe"
