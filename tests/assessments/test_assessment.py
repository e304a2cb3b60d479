"""The early help assessment: what completing it needs, and that nobody's words are lost."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessments.enums import AssessmentStatus
from assessments.models import Assessment, HeadingNote, OutcomeReading, ProgrammeEnrolment, Voice
from assessments.queries import gaps
from assessments.services import assessing
from assessments.transitions import abandon, complete, give_to_family, sign_off
from earlyhelp.cases.enums import CaseKind, Status
from earlyhelp.families.services import record_agreement
from earlyhelp.workflow.transitions import NotPossible, Stale
from tests.assessments.factories import ANALYSIS, SAID, assessed, race, write_all
from tests.factories import MONDAY, MemberFactory

LATER = MONDAY + timedelta(days=300)


# --- starting --------------------------------------------------------------------------------------------------------


def test_an_assessment_starts_with_the_ten_headings(assessment):
    assert assessment.status == AssessmentStatus.DRAFT
    assert assessment.notes.count() == 10
    assert not assessment.notes.filter(heading="connection").exists()


def test_an_adult_household_is_asked_about_connection_and_not_about_school(case, worker):
    case.kind = CaseKind.ADULT
    case.save()

    headings = set(assessing.start(case, by=worker, now=MONDAY).notes.values_list("heading", flat=True))

    assert "connection" in headings
    assert not headings & {"education", "early_years"}


def test_only_one_assessment_is_written_at_a_time(assessment, case, worker):
    with pytest.raises(NotPossible):
        assessing.start(case, by=worker, now=MONDAY)

    assert case.assessments.count() == 1


def test_a_colleague_who_does_not_lead_may_not_start_one(case, other_worker):
    with pytest.raises(PermissionDenied):
        assessing.start(case, by=other_worker, now=MONDAY)

    assert not Assessment.objects.exists()


def test_somebody_on_the_team_may_not_write_in_it(assessment, teammate):
    note = assessment.notes.first()
    with pytest.raises(PermissionDenied):
        assessing.save_heading(note, by=teammate, now=MONDAY, worries="Mine.")

    note.refresh_from_db()
    assert note.worries == ""


# --- writing ---------------------------------------------------------------------------------------------------------


def test_the_first_words_put_it_in_progress(assessment, worker):
    assessing.save_heading(assessment.notes.first(), by=worker, now=MONDAY, worries="The rent.")

    assessment.refresh_from_db()
    assert assessment.status == AssessmentStatus.IN_PROGRESS


def test_a_save_against_an_old_version_overwrites_nobody(assessment, worker):
    note = assessment.notes.first()
    assessing.save_heading(note, by=worker, now=MONDAY, version=1, worries="First.")

    with pytest.raises(Stale):
        assessing.save_heading(note, by=worker, now=MONDAY, version=1, worries="Second.")

    note.refresh_from_db()
    assert note.worries == "First."


def test_writing_under_one_heading_does_not_outdate_another_page(assessment, worker):
    one, other = assessment.notes.all()[:2]
    assessing.save_heading(one, by=worker, now=MONDAY, version=1, worries="First.")

    assessing.save_heading(other, by=worker, now=MONDAY, version=1, worries="Second.")

    other.refresh_from_db()
    assert other.worries == "Second."


def test_a_voice_is_changed_only_by_whoever_read_the_last_one(assessment, case, worker):
    child = case.family.people.get(memberships__role="child")
    assessing.record_voice(assessment, child, how="words", words="“Hello.”", by=worker, now=MONDAY, version=0)

    with pytest.raises(Stale):
        assessing.record_voice(assessment, child, how="words", words="“Bye.”", by=worker, now=MONDAY, version=0)

    assert Voice.objects.get().words == "“Hello.”"


def test_a_voice_is_words_or_a_reason_and_not_nothing(assessment, case, worker):
    child = case.family.people.get(memberships__role="child")
    with pytest.raises(ValidationError):
        assessing.record_voice(assessment, child, by=worker, now=MONDAY)

    assert not Voice.objects.exists()


# --- completing ------------------------------------------------------------------------------------------------------


def test_a_whole_assessment_moves_the_case_to_its_plan(assessment, case, worker):
    write_all(assessment, by=worker)

    complete(assessment, by=worker, now=MONDAY, family_has_copy="yes")

    case.refresh_from_db()
    assert (case.status, case.level_of_need) == (Status.PLANNING, 3)


def test_completing_takes_the_baseline_readings(assessment, worker):
    write_all(assessment, by=worker, needs=("housing", "money"), reading=2)

    complete(assessment, by=worker, now=MONDAY, family_has_copy="yes")

    assert dict(OutcomeReading.objects.values_list("heading", "value")) == {"housing": 2, "money": 2}


def test_an_empty_assessment_says_everything_that_is_missing(assessment, case, worker):
    assessing.save_heading(assessment.notes.first(), by=worker, now=MONDAY, worries="The rent.")
    with pytest.raises(NotPossible):
        complete(assessment, by=worker, now=MONDAY, family_has_copy="yes")

    assessment.refresh_from_db()
    case.refresh_from_db()
    assert (assessment.status, case.status) == (AssessmentStatus.IN_PROGRESS, Status.ASSESSING)
    assert len(gaps(assessment)) == 10 + 1 + 1 + len(ANALYSIS) - 1


@pytest.mark.parametrize("left_out", [name for name in ANALYSIS if name != "household_listed"])
def test_each_part_of_the_analysis_is_needed(assessment, worker, left_out):
    write_all(assessment, by=worker)
    empty = None if left_out == "level_of_need" else ""
    assessment = assessing.save_analysis(assessment, by=worker, now=MONDAY, **{left_out: empty})

    assert len(gaps(assessment)) == 1


def test_a_child_who_joined_the_family_meanwhile_has_to_be_heard(assessment, case, worker):
    write_all(assessment, by=worker)
    MemberFactory(family=case.family)

    with pytest.raises(NotPossible, match="what they say or show"):
        complete(assessment, by=worker, now=MONDAY, family_has_copy="yes")


def test_a_reason_why_a_child_was_not_heard_is_enough(assessment, case, worker):
    write_all(assessment, by=worker)
    child = case.family.people.get(memberships__role="child")
    assessing.record_voice(assessment, child, why_not="Stays with her father this month.", by=worker, now=MONDAY)

    assert complete(assessment, by=worker, now=MONDAY, family_has_copy="yes").status == AssessmentStatus.COMPLETED


def test_help_is_voluntary_so_no_agreement_means_no_assessment(assessment, case, worker):
    write_all(assessment, by=worker)
    parent = case.family.people.get(memberships__role="parent")
    record_agreement(case.family, parent, status="withdrawn", by=worker, now=MONDAY + timedelta(hours=1))

    with pytest.raises(NotPossible, match="agrees to early help"):
        complete(assessment, by=worker, now=MONDAY, family_has_copy="yes")


@pytest.mark.parametrize("left_out", [*SAID, "reading"])
def test_a_need_is_said_in_full(assessment, worker, left_out):
    assessment = write_all(assessment, by=worker)
    note = assessment.notes.get(heading="housing")
    assessing.save_heading(note, by=worker, now=MONDAY, **{left_out: None if left_out == "reading" else ""})

    assert [gap.page for gap in gaps(assessment)] == ["headings/housing"]


def test_somebody_on_the_team_may_not_complete_it(assessment, case, worker, teammate):
    write_all(assessment, by=worker)
    with pytest.raises(PermissionDenied):
        complete(assessment, by=teammate, now=MONDAY)

    case.refresh_from_db()
    assert case.status == Status.ASSESSING


def test_it_may_be_completed_from_the_familys_hands(assessment, worker):
    assessment = write_all(assessment, by=worker)
    give_to_family(assessment, by=worker, now=MONDAY)

    assert complete(assessment, by=worker, now=MONDAY, family_has_copy="yes").status == AssessmentStatus.COMPLETED


def test_a_completed_assessment_is_never_rewritten(assessment, worker):
    write_all(assessment, by=worker)
    complete(assessment, by=worker, now=MONDAY, family_has_copy="yes")

    with pytest.raises(NotPossible):
        assessing.save_heading(assessment.notes.first(), by=worker, now=MONDAY, worries="Later thought.")

    assert not HeadingNote.objects.filter(worries="Later thought.").exists()


def test_three_headline_needs_flag_the_family_for_the_programme(assessment, case, worker):
    write_all(assessment, by=worker, needs=("housing", "money", "education"))

    complete(assessment, by=worker, now=MONDAY, family_has_copy="yes")

    assert ProgrammeEnrolment.objects.get().case == case


def test_two_needs_do_not(assessment, worker):
    write_all(assessment, by=worker, needs=("housing", "money"))

    complete(assessment, by=worker, now=MONDAY, family_has_copy="yes")

    assert not ProgrammeEnrolment.objects.exists()


# --- afterwards ------------------------------------------------------------------------------------------------------


def test_a_newer_assessment_replaces_the_one_before(planning_case, worker):
    earlier = planning_case.assessments.get()

    later = assessed(planning_case, by=worker, now=LATER)

    earlier.refresh_from_db()
    assert (earlier.status, later.status) == (AssessmentStatus.SUPERSEDED, AssessmentStatus.COMPLETED)


def test_a_newer_assessment_promises_the_next_one(planning_case, worker):
    assessed(planning_case, by=worker, now=LATER)

    assert planning_case.deadlines.open().get(code="D_REASSESS").started_at == LATER


def test_a_newer_assessment_begins_with_the_words_and_not_the_decisions(planning_case, worker):
    note = assessing.start(planning_case, by=worker, now=LATER).notes.get(heading="housing")

    assert (note.worries, note.is_need, note.reading) == (SAID["worries"], None, None)


def test_a_manager_signs_off_and_the_lead_cannot(planning_case, worker, manager):
    assessment = planning_case.assessments.get()
    with pytest.raises(PermissionDenied):
        sign_off(assessment, by=worker, now=MONDAY)

    assert sign_off(assessment, by=manager, now=MONDAY).status == AssessmentStatus.SIGNED_OFF


def test_an_abandoned_assessment_makes_room_for_another(assessment, case, worker):
    abandon(assessment, by=worker, now=MONDAY, reason="Started for the wrong family.")

    assert assessing.start(case, by=worker, now=MONDAY).version_number == 2


@pytest.mark.django_db(transaction=True)
def test_started_twice_at_once_there_is_one(case, worker):
    outcomes = race(*[lambda: assessing.start(case, by=worker, now=MONDAY)] * 2)

    assert sorted(outcomes) == ["NotPossible", "done"]
    assert Assessment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_completed_twice_at_once_the_readings_are_taken_once(assessment, worker):
    write_all(assessment, by=worker)

    outcomes = race(*[lambda: complete(assessment, by=worker, now=MONDAY, family_has_copy="yes")] * 2)

    assert sorted(outcomes) == ["NotPossible", "done"]
    assert OutcomeReading.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_once_keep_one_and_tell_the_other(assessment, worker):
    note = assessment.notes.first()
    save = [
        lambda text=text: assessing.save_heading(note, by=worker, now=MONDAY, version=1, worries=text) for text in "ab"
    ]

    outcomes = race(*save)

    assert sorted(outcomes) == ["Stale", "done"]
