"""Who may open which section and form, and that what somebody writes in an assessment is never lost (promises P10, P12)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.enums import AssessmentStatus, MeetingStatus
from assessments.models import Assessment, Review, TafMeeting, Voice
from assessments.services import assessing
from earlyhelp.audit.models import Access
from earlyhelp.cases.enums import Status
from earlyhelp.cases.panels import next_steps, with_facts
from tests.assessments.factories import ActionFactory, MeetingFactory, write_all
from tests.assessments.pages import TOKEN, section, url
from tests.factories import MONDAY

# --- the sections ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["assessment", "plan", "meetings"])
def test_each_section_is_shown_empty_and_full(as_worker, case, worker, slug):
    assert as_worker.get(section(case, slug)).status_code == 200

    assessment = write_all(
        assessing.start(case, by=worker, now=MONDAY), by=worker, needs=("housing", "money", "health")
    )
    as_worker.post(url("complete", case), {"token": TOKEN, "family_has_copy": "yes"})
    ActionFactory(case=case, owner=worker)
    MeetingFactory(case=case)
    assessment.refresh_from_db()
    assert assessment.status == AssessmentStatus.COMPLETED
    assert as_worker.get(section(case, slug)).status_code == 200


def test_one_reading_is_shown_once_and_compared_with_nothing(as_worker, case, worker):
    write_all(assessing.start(case, by=worker, now=MONDAY), by=worker, needs=("housing", "money"))
    as_worker.post(url("complete", case), {"token": TOKEN, "family_has_copy": "yes"})
    page = as_worker.get(section(case, "assessment")).text

    assert "The first reading" in page
    assert page.count('data-label="Reading"') == 2
    assert "Then and now" not in page
    assert 'data-label="Now"' not in page


@pytest.mark.parametrize("slug", ["assessment", "plan", "meetings"])
def test_a_stranger_finds_no_section(client, stranger, case, slug):
    client.force_login(stranger)

    assert client.get(section(case, slug)).status_code == 404


@pytest.mark.parametrize("slug", ["assessment", "plan", "meetings"])
def test_the_team_reads_every_section_and_changes_none(as_teammate, case, slug):
    body = as_teammate.get(section(case, slug)).content.decode()

    assert 'govuk-button"' not in body.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("start", []),
        ("heading", ["housing"]),
        ("analysis", []),
        ("complete", []),
        ("add_goal", []),
        ("agree", []),
        ("plan_meeting", []),
        ("review", []),
    ],
)
def test_only_the_lead_opens_the_forms(as_teammate, case, assessment, name, args):
    assert as_teammate.get(url(name, case, *args)).status_code == 404


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("heading", ["housing"]),
        ("analysis", []),
        ("complete", []),
        ("add_goal", []),
        ("agree", []),
        ("plan_meeting", []),
        ("review", []),
        ("version", [1]),
    ],
)
def test_every_form_opens_for_the_lead_and_is_written_down(as_worker, case, assessment, name, args):
    assert as_worker.get(url(name, case, *args)).status_code == 200
    assert Access.objects.filter(subject="cases.case", subject_id=case.pk).exists()


# --- writing an assessment -------------------------------------------------------------------------------------------


def test_a_heading_is_saved_half_done(as_worker, case, assessment):
    as_worker.post(url("heading", case, "housing"), {"version": 1, "worries": "The rent is behind."})

    note = assessment.notes.get(heading="housing")
    assert (note.worries, note.is_need, note.is_complete) == ("The rent is behind.", None, False)


def test_what_two_people_wrote_at_once_is_shown_side_by_side(as_worker, case, assessment, worker):
    note = assessment.notes.get(heading="housing")
    assessing.save_heading(note, by=worker, now=MONDAY, worries="Theirs.")

    answer = as_worker.post(url("heading", case, "housing"), {"version": 1, "worries": "Mine."})

    assert answer.status_code == 409
    assert "Theirs." in answer.content.decode()
    assert "Mine." in answer.content.decode()
    note.refresh_from_db()
    assert note.worries == "Theirs."


def test_what_was_typed_before_the_browser_died_is_there_again(as_worker, case, assessment):
    address = url("heading", case, "housing")
    as_worker.post(f"/drafts{address}", {"version": 1, "worries": "Half a sentence"})

    assert "Half a sentence" in as_worker.get(address).content.decode()


def test_starting_twice_with_one_click_makes_one(as_worker, case):
    for _ in range(2):
        assert as_worker.post(url("start", case), {"token": TOKEN}).status_code == 302

    assert Assessment.objects.count() == 1


def test_a_childs_words_are_kept_as_they_are(as_worker, case, assessment):
    child = case.family.people.get(memberships__role="child")
    as_worker.post(url("voice", case, child.pk), {"version": 0, "how": "words", "words": "“I want my own bed.”"})

    assert Voice.objects.get().words == "“I want my own bed.”"


def test_a_child_who_was_not_heard_has_a_reason(as_worker, case, assessment):
    child = case.family.people.get(memberships__role="child")
    as_worker.post(url("voice", case, child.pk), {"version": 0, "how": "not_heard", "why_not": "Asleep.", "words": "…"})

    voice = Voice.objects.get()
    assert (voice.how, voice.words, voice.why_not) == ("", "", "Asleep.")


def test_a_parent_has_no_page_of_a_child(as_worker, case, assessment):
    parent = case.family.people.get(memberships__role="parent")

    assert as_worker.get(url("voice", case, parent.pk)).status_code == 404


def test_what_is_missing_is_listed_with_the_way_to_it(as_worker, case, assessment):
    body = as_worker.get(url("complete", case)).content.decode()

    assert url("heading", case, "housing") in body
    assert "Complete the assessment</button>" not in body


def test_completing_too_early_says_what_is_missing(as_worker, case, assessment, worker):
    assessing.save_heading(assessment.notes.first(), by=worker, now=MONDAY, worries="The rent.")

    assert as_worker.post(url("complete", case), {"token": TOKEN, "family_has_copy": "yes"}).status_code == 409
    case.refresh_from_db()
    assert case.status == Status.ASSESSING


def test_the_manager_signs_off(client, manager, planning_case):
    client.force_login(manager)
    client.post(url("move", planning_case, "sign-off"), {"reason": "Clear and kind."})

    assert planning_case.assessments.get().status == AssessmentStatus.SIGNED_OFF


def test_the_lead_finds_no_sign_off(as_worker, planning_case):
    assert as_worker.get(url("move", planning_case, "sign-off")).status_code == 404


# --- what to do next -------------------------------------------------------------------------------------------------


def test_the_lead_is_led_from_assessment_to_agreed_plan(case, worker):
    def suggested():
        case.refresh_from_db()
        return [
            step.text for step in next_steps(with_facts(type(case).objects.with_rights(worker)).get(pk=case.pk), worker)
        ]

    assert suggested() == ["Start the assessment with the family"]
    assessment = assessing.start(case, by=worker, now=MONDAY)
    assert suggested() == ["Go on with the assessment"]
    write_all(assessment, by=worker)
    from assessments.transitions import complete

    complete(assessment, by=worker, now=MONDAY, family_has_copy="yes")
    assert suggested() == ["Plan the first TAF meeting"]
    meeting = MeetingFactory(case=case)
    assert suggested() == ["Record the first TAF meeting"]
    TafMeeting.objects.filter(pk=meeting.pk).update(status=MeetingStatus.HELD, notes="Agreed.")
    assert suggested() == ["Write down who does what"]
    ActionFactory(case=case, owner=worker)
    assert suggested() == ["Agree the plan with the family"]


def test_an_overdue_review_is_the_next_step(supported_case, worker):
    supported_case.next_review_on = MONDAY.date()
    supported_case.save()
    row = with_facts(type(supported_case).objects.with_rights(worker)).get(pk=supported_case.pk)

    assert next_steps(row, worker)[0].text == "Hold the review and record it"


# --- what a page costs -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["allocated", "assessing", "planning", "supported"])
def test_the_overview_costs_at_most_seven_queries_at_every_stage(as_worker, case, status):
    type(case).objects.filter(pk=case.pk).update(status=status)
    as_worker.get(case.get_absolute_url())

    with CaptureQueriesContext(connection) as queries:
        assert as_worker.get(case.get_absolute_url()).status_code == 200

    assert len(queries) <= 7


@pytest.mark.parametrize("slug", ["assessment", "plan", "meetings"])
def test_a_section_costs_the_same_queries_however_long_the_story(as_worker, case, worker, slug):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            as_worker.get(section(case, slug))
        return len(queries)

    def add(number):
        for _ in range(number):
            ActionFactory(case=case, owner=worker)
            meeting = MeetingFactory(case=case, status=MeetingStatus.HELD, notes="Met.")
            meeting.attendance.create(member=case.team.first(), present=True)
            Review.objects.create(
                case=case,
                held_on=MONDAY,
                risk="lower",
                decision="continue",
                summary="Met.",
                recorded_by=worker,
                recorded_at=MONDAY,
            )

    assessing.start(case, by=worker, now=MONDAY)
    add(1)
    as_worker.get(section(case, slug))
    one = cost()
    add(19)
    assert cost() == one
