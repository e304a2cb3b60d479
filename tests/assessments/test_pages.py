"""The pages: who may open which, what a form does, and that what somebody typed is never lost (promises P10, P12)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.enums import ActionStatus, AssessmentStatus, MeetingStatus, PlanStatus
from assessments.models import Assessment, Goal, PlanAction, Review, TafMeeting, Voice
from assessments.services import assessing, planning
from assessments.todo import my_actions
from earlyhelp.audit.models import Access
from earlyhelp.cases.enums import Status
from earlyhelp.cases.panels import next_steps, with_facts
from earlyhelp.cases.services import join_team
from hubs.models import Blockage
from tests.assessments.factories import ActionFactory, MeetingFactory, write_all
from tests.factories import MONDAY, CaseFactory

TOKEN = "0b0f4f1e-9d5c-4b63-9d34-ff2d2a1f0c11"


def url(name, case, *args):
    return reverse(f"assessments:{name}", args=[case.reference, *args])


def section(case, slug):
    return reverse("cases:section", args=[case.reference, slug])


@pytest.fixture
def as_worker(client, worker):
    client.force_login(worker)
    return client


@pytest.fixture
def as_teammate(client, teammate):
    client.force_login(teammate)
    return client


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


# --- the plan --------------------------------------------------------------------------------------------------------


def test_a_goal_and_an_action_are_added(as_worker, case, worker):
    as_worker.post(url("add_goal", case), {"token": TOKEN, "words": "We stay in our home."})
    due = (timezone.localdate() + timedelta(days=14)).isoformat()
    facts = {
        "token": TOKEN.replace("0b", "1b"),
        "what": "Ring.",
        "owner": worker.pk,
        "due_on": due,
        "how_we_will_know": "A letter.",
    }
    as_worker.post(url("add_action", case, Goal.objects.get().pk), facts)

    assert PlanAction.objects.get().deadlines.open().count() == 1


def test_an_action_without_an_owner_or_with_two_is_refused(as_worker, case, worker):
    goal = planning.add_goal(case, words="Home.", by=worker, now=MONDAY)
    facts = {"token": TOKEN, "what": "Ring.", "due_on": "2099-01-01", "how_we_will_know": "A letter."}

    assert as_worker.post(url("add_action", case, goal.pk), facts).status_code == 422
    assert (
        as_worker.post(url("add_action", case, goal.pk), facts | {"owner": worker.pk, "owner_name": "Nan"}).status_code
        == 422
    )
    assert not PlanAction.objects.exists()


def test_a_member_of_the_team_updates_their_own_action(as_teammate, case, action):
    address = url("action", case, action.pk, "update")
    assert as_teammate.get(address).status_code == 200

    as_teammate.post(address, {"status": "done", "came_of_it": "They agreed."})

    action.refresh_from_db()
    assert action.status == ActionStatus.DONE


@pytest.mark.parametrize("name", ["date", "owner", "hand-on"])
def test_a_member_of_the_team_changes_nothing_else_of_it(as_teammate, case, action, name):
    assert as_teammate.get(url("action", case, action.pk, name)).status_code == 404


def test_a_member_of_the_team_may_not_choose_to_cancel(as_teammate, case, action):
    assert (
        as_teammate.post(
            url("action", case, action.pk, "update"), {"status": "cancelled", "came_of_it": "x"}
        ).status_code
        == 422
    )


def test_the_action_of_another_is_missing(as_teammate, case, worker):
    other = ActionFactory(case=case, owner=worker)

    assert as_teammate.get(url("action", case, other.pk, "update")).status_code == 404


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("date", {"due_on": "2099-01-01", "reason": "Snow."}),
        ("owner", {"owner_name": "Nan", "reason": "She offered."}),
        ("hand-on", {"handed_to": "Riverside Primary"}),
    ],
)
def test_the_lead_moves_gives_and_hands_on_an_action(as_worker, case, action, name, facts):
    assert as_worker.get(url("action", case, action.pk, name)).status_code == 200
    assert as_worker.post(url("action", case, action.pk, name), facts).status_code == 302


def test_the_plan_is_agreed_on_its_page(as_worker, planning_case, worker):
    ActionFactory(case=planning_case, owner=worker)
    MeetingFactory(case=planning_case, status=MeetingStatus.HELD, notes="Agreed.")
    parent = planning_case.family.people.get(memberships__role="parent")

    as_worker.post(url("agree", planning_case), {"token": TOKEN, "agreed": [parent.pk], f"words_{parent.pk}": "“Yes.”"})

    planning_case.refresh_from_db()
    assert (planning_case.plan.status, planning_case.status) == (PlanStatus.AGREED, Status.SUPPORTED)


def test_the_family_gets_the_plan_in_plain_words(as_teammate, case, action):
    body = as_teammate.get(url("print_plan", case)).content.decode()

    assert "Our plan" in body
    assert action.what in body


# --- meetings and reviews --------------------------------------------------------------------------------------------


def test_a_meeting_is_planned_and_the_team_invited(as_worker, case, teammate):
    facts = {
        "token": TOKEN,
        "at": "2099-03-09T14:00",
        "where": "The village hall",
        "remote": "no",
        "invite_team": "yes",
    }
    as_worker.post(url("plan_meeting", case), facts)

    assert TafMeeting.objects.get().status == MeetingStatus.INVITED


def test_a_meeting_is_recorded(as_worker, case, meeting):
    parent = case.family.people.get(memberships__role="parent")
    facts = {"token": TOKEN, "members": [case.team.get().pk], "family": [parent.pk], "notes": "We agreed."}
    as_worker.post(url("record_meeting", case, meeting.pk), facts)

    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.HELD


@pytest.mark.parametrize("name", ["cancel", "too-few"])
def test_a_meeting_is_called_off(as_worker, case, meeting, name):
    as_worker.post(url("meeting_not_held", case, meeting.pk, name), {"why_not": "Snow."})

    meeting.refresh_from_db()
    assert not meeting.is_ahead


def _review(case, **facts):
    child = case.family.people.get(memberships__role="child")
    told = {f"how_{child.pk}": "words", f"words_{child.pk}": "“Calmer.”"}
    return (
        {
            "token": TOKEN,
            "held_on": "2026-03-02",
            "risk": "lower",
            "decision": "continue",
            "summary": "Better.",
            "reading_housing": "2",
        }
        | told
        | facts
    )


def test_a_review_asks_after_every_action_need_and_child(as_worker, supported_case, worker):
    action = ActionFactory(case=supported_case, owner=worker)
    child = supported_case.family.people.get(memberships__role="child")

    body = as_worker.get(url("review", supported_case)).content.decode()

    assert all(f'name="{name}"' in body for name in (f"progress_{action.pk}", "reading_housing", f"how_{child.pk}"))
    assert as_worker.post(url("review", supported_case), _review(supported_case)).status_code == 422


def test_a_review_is_recorded_and_can_be_read(as_worker, supported_case):
    as_worker.post(url("review", supported_case), _review(supported_case))

    review = Review.objects.get()
    assert "“Calmer.”" in as_worker.get(url("shown_review", supported_case, review.pk)).content.decode()


def test_a_decision_to_close_leads_to_the_page_that_proposes_it(as_worker, supported_case):
    answer = as_worker.post(url("review", supported_case), _review(supported_case, decision="close"))

    assert answer.url == reverse("cases:move", args=[supported_case.reference, "propose_closure"])


RAISED = {"blockage": "The list is shut.", "blockage_since_on": "2026-02-02", "blockage_tried": "Rang three times."}


def test_what_stops_the_plan_is_raised_with_the_review_and_leads_to_the_blockages(as_worker, supported_case):
    answer = as_worker.post(url("review", supported_case), _review(supported_case, **RAISED))

    assert answer.url == f"{supported_case.get_absolute_url()}blockages/"
    assert (Blockage.objects.get().what, Review.objects.get().blockage) == ("The list is shut.", "The list is shut.")
    page = as_worker.get(url("shown_review", supported_case, Review.objects.get().pk)).content.decode()
    assert "Raised as a blockage" in page


@pytest.mark.parametrize("missing", RAISED)
def test_half_a_blockage_is_asked_for_whole_and_nothing_is_recorded(as_worker, supported_case, missing):
    half = RAISED | {missing: ""}

    assert as_worker.post(url("review", supported_case), _review(supported_case, **half)).status_code == 422
    assert not Blockage.objects.exists()
    assert not Review.objects.exists()


def test_a_decision_to_step_up_leads_to_the_hubs_page(as_worker, supported_case):
    answer = as_worker.post(url("review", supported_case), _review(supported_case, decision="step_up"))

    assert answer.url == reverse("hubs:request_step", args=[supported_case.reference])


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


# --- my actions ------------------------------------------------------------------------------------------------------


def test_my_actions_are_mine_and_open_and_of_families_i_work_with(as_teammate, case, action, worker, teammate):
    ActionFactory(case=case, owner=worker, what="Of another.")
    ActionFactory(case=case, owner=teammate, what="Finished.", status=ActionStatus.DONE, ended_at=MONDAY)
    ActionFactory(case=CaseFactory(), owner=teammate, what="Of a family I have left.")

    body = as_teammate.get(reverse("assessments:my_actions")).content.decode()

    assert action.what in body
    assert not any(text in body for text in ("Of another.", "Finished.", "Of a family I have left."))


def test_what_i_owe_this_week_is_among_what_needs_me_today(case, action, teammate):
    action.due_on = MONDAY.date() + timedelta(days=3)
    action.save()

    assert [each.url for each in my_actions(teammate, MONDAY)] == [url("action", case, action.pk, "update")]
    assert not list(my_actions(case.lead, MONDAY))


@pytest.mark.parametrize("rows", [1, 20])
def test_my_actions_cost_the_same_queries_however_many(client, practitioner, melton, worker, rows):
    for _ in range(rows):
        case = CaseFactory.led_by(worker, area=melton)
        join_team(case, role="member", user=practitioner, by=worker, now=MONDAY)
        ActionFactory(case=case, owner=practitioner)
    client.force_login(practitioner)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(reverse("assessments:my_actions")).status_code == 200

    assert len(queries) <= 7


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
