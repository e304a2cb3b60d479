"""A meeting from its place in the diary to its minutes."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from earlyhelp.cases import transitions as cases
from earlyhelp.cases.enums import Preference, Status
from earlyhelp.core.calendar import LONDON, add_working_days, is_working_day
from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible
from hubs import transitions
from hubs.enums import DecisionKind, ItemKind, ItemStatus, MeetingStatus, StepStatus
from hubs.models import AgendaItem, HubDecision, HubMeeting
from hubs.queries import candidates, days_waited, in_order, minutes, quorum_missing
from hubs.services.agenda import gather
from hubs.services.diary import plan_ahead
from hubs.services.steps import follow_up_steps, request_step
from tests.factories import MONDAY, CaseFactory, MemberFactory, PersonFactory, PostFactory, UserFactory, WorkerFactory
from tests.hubs.factories import EVIDENCE, MEETS_AT, HubFactory, ItemFactory, MeetingFactory, agree

NOW = MEETS_AT + timedelta(minutes=20)


# --- the diary ---------------------------------------------------------------------------------------------------------


def test_a_hub_meets_on_its_third_tuesday_at_two(hub):
    assert hub.meets_in(date(2026, 3, 9)) == datetime(2026, 3, 17, 14, 0, tzinfo=LONDON)


@pytest.mark.parametrize("week", [1, 2, 3, 4])
@pytest.mark.parametrize("weekday", range(5))
def test_a_hub_never_meets_on_a_holiday(week, weekday):
    hub = HubFactory.build(area=None, name="A hub", week=week, weekday=weekday)
    for month in range(1, 13):
        assert is_working_day(hub.meets_in(date(2026, month, 1)).date())


def test_meetings_are_planned_three_months_ahead_and_only_once(hub):
    assert plan_ahead(now=MONDAY) == 4
    assert plan_ahead(now=MONDAY) == 0
    assert [meeting.slot.month for meeting in hub.meetings.order_by("slot")] == [3, 4, 5, 6]


def test_a_meeting_that_was_moved_is_not_planned_again(hub):
    plan_ahead(now=MONDAY)
    hub.meetings.filter(slot=date(2026, 3, 1)).update(starts_at=MEETS_AT + timedelta(days=1))
    assert plan_ahead(now=MONDAY) == 0


# --- the agenda --------------------------------------------------------------------------------------------------------


def test_a_family_that_waits_comes_onto_the_next_agenda_by_itself(hub, waiting_case):
    meeting = MeetingFactory(hub=hub)
    assert gather(now=MONDAY) == 1
    assert gather(now=MONDAY) == 0
    item = AgendaItem.objects.get()
    assert (item.case, item.hub, item.meeting, item.kind, item.status) == (
        waiting_case,
        hub,
        meeting,
        ItemKind.NEW,
        ItemStatus.SCHEDULED,
    )


def test_once_the_papers_are_closed_a_family_comes_onto_the_meeting_after(hub, waiting_case, later):
    MeetingFactory(hub=hub)
    gather(now=MEETS_AT - timedelta(days=3))
    assert AgendaItem.objects.get().meeting == later


def test_a_family_of_another_area_is_not_on_this_agenda(hub, charnwood):
    CaseFactory(area=charnwood)
    gather(now=MONDAY)
    assert not AgendaItem.objects.exists()


def test_a_family_that_no_longer_waits_leaves_the_agenda(hub, waiting_case, chair):
    gather(now=MONDAY)
    cases.not_opened(waiting_case, by=chair, now=MONDAY, outcome="withdrawn", reason="They moved.")
    gather(now=MONDAY)
    assert AgendaItem.objects.get().status == ItemStatus.REMOVED


def test_a_request_taken_back_and_made_again_is_one_live_item(hub, led_case, worker):
    first = request_step(led_case, by=worker, now=MONDAY, to_tier=3, **EVIDENCE)
    gather(now=MONDAY)
    cases.withdraw_step(led_case, by=worker, now=MONDAY, reason="Wrong tier.")
    second = request_step(led_case, by=worker, now=MONDAY, to_tier=3, **EVIDENCE)
    gather(now=MONDAY + timedelta(days=2))  # EH Access has had its working day
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (StepStatus.WITHDRAWN, StepStatus.WITH_HUB)
    assert AgendaItem.objects.live().get().step == second


def test_a_review_ten_working_days_late_comes_before_the_hub_once_a_month(hub, led_case):
    led_case.next_review_on = add_working_days(MONDAY.date(), -11)
    led_case.save()
    gather(now=MONDAY)
    item = AgendaItem.objects.get()
    assert item.kind == ItemKind.REVIEW_OVERDUE

    AgendaItem.objects.update(status=ItemStatus.DECIDED)
    assert gather(now=MONDAY + timedelta(days=7)) == 0
    assert gather(now=MONDAY + timedelta(days=29)) == 1


def test_the_suggested_order_says_why(hub, melton):
    meeting = MeetingFactory(hub=hub)
    long_wait = ItemFactory(meeting=meeting, since_at=MONDAY - timedelta(days=30), case__level_of_need=2)
    urgent = ItemFactory(meeting=meeting, urgent=True, case__level_of_need=2)
    baby = ItemFactory(meeting=meeting, case__level_of_need=2)
    MemberFactory(family=baby.case.family, person=PersonFactory(born_on=MONDAY.date() - timedelta(days=100)))
    lines = in_order(AgendaItem.objects.select_related("case").with_due().with_births(), now=MONDAY)
    assert [line.item for line in lines] == [urgent, baby, long_wait]
    assert lines[0].reasons == ["urgent"]
    assert (lines[1].reasons, lines[1].ages) == (["a child under 2"], "under 1")


def test_the_chairs_order_stands_and_is_on_record(hub, coordinator):
    meeting = MeetingFactory(hub=hub)
    first, second, third = (ItemFactory(meeting=meeting, since_at=MONDAY + timedelta(days=n)) for n in range(3))
    transitions.move(third, by=coordinator, now=MONDAY, up=True)
    order = [line.item for line in in_order(AgendaItem.objects.select_related("case").with_births(), now=MONDAY)]
    assert order == [first, third, second]


def test_a_late_family_needs_a_reason(hub, melton, chair):
    meeting = MeetingFactory.published(hub=hub)
    item = ItemFactory(meeting=meeting, case=CaseFactory(area=melton))
    AgendaItem.objects.update(meeting=None, status=ItemStatus.QUEUED)
    late = MEETS_AT - timedelta(days=1)
    with pytest.raises(NotPossible, match="papers"):
        transitions.schedule(item, by=chair, now=late, meeting=meeting)
    item = transitions.schedule(item, by=chair, now=late, meeting=meeting, late_reason="Eviction on Friday.")
    assert (item.meeting, item.late_reason) == (meeting, "Eviction on Friday.")


# --- publish, start, close ---------------------------------------------------------------------------------------------


def test_publishing_tells_every_member_and_names_nobody(hub, members, coordinator, waiting_case):
    meeting = MeetingFactory(hub=hub)
    agree(ItemFactory(meeting=meeting, case=waiting_case).case)
    meeting = transitions.publish(meeting, by=coordinator, now=MONDAY, despite="Nobody here leads yet.")
    assert meeting.members_until == add_working_days(MEETS_AT.date(), 10)
    notices = Notice.objects.filter(key=f"meeting:{meeting.pk}:published")
    assert {notice.to for notice in notices} >= set(members)
    assert {notice.title for notice in notices} == {"Papers for the hub meeting are out"}


def test_an_empty_agenda_is_not_published(hub, coordinator):
    with pytest.raises(NotPossible, match="nothing on this agenda"):
        transitions.publish(MeetingFactory(hub=hub), by=coordinator, now=MONDAY)


@pytest.mark.parametrize("who", ["member", "worker", "stranger"])
def test_only_those_who_run_the_hub_publish(request, hub, members, who):
    meeting = MeetingFactory(hub=hub)
    ItemFactory(meeting=meeting)
    with pytest.raises(PermissionDenied):
        transitions.publish(meeting, by=request.getfixturevalue(who), now=MONDAY)
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.DRAFT


def test_a_meeting_without_a_quorum_does_not_begin(hub, chair, members):
    meeting = MeetingFactory.published(hub=hub)
    with pytest.raises(NotPossible, match="1 more needed"):
        transitions.start(meeting, by=chair, now=NOW, present=members[:2])
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.PUBLISHED
    assert not meeting.attendance.exists()


def test_a_meeting_begins_with_its_attendance(hub, chair, members):
    meeting = transitions.start(
        MeetingFactory.published(hub=hub), by=chair, now=NOW, present=members, others=["PC Lee, police"]
    )
    assert (meeting.status, meeting.chaired_by, meeting.opened_at) == (MeetingStatus.IN_MEETING, chair, NOW)
    assert meeting.attendance.filter(presence="present").count() == 5


def test_the_coordinator_does_not_start_the_meeting(hub, coordinator, members):
    meeting = MeetingFactory.published(hub=hub)
    with pytest.raises(PermissionDenied):
        transitions.start(meeting, by=coordinator, now=NOW, present=members)
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.PUBLISHED


def test_quorum_lost_the_rest_is_deferred_to_the_next_meeting(meeting, later, chair, melton):
    """Story 13: eighteen items, the quorum lost at the twelfth."""
    items = [ItemFactory(meeting=meeting, case=CaseFactory(area=melton)) for _ in range(6)]
    with pytest.raises(NotPossible, match="6 undecided"):
        transitions.close(meeting, by=chair, now=NOW)
    closed = transitions.close(meeting, by=chair, now=NOW, reason="The quorum was lost.")
    assert closed.status == MeetingStatus.CLOSED
    for item in items:
        item.refresh_from_db()
        assert (item.status, item.meeting, item.deferrals) == (ItemStatus.DEFERRED, later, 1)
    assert closed.decisions.filter(kind=DecisionKind.DEFER, by=chair).count() == 6


def test_the_minutes_write_themselves(item, chair, worker, members, coordinator):
    transitions.decide(
        item,
        by=chair,
        now=NOW,
        kind=DecisionKind.ALLOCATE,
        rationale="Needs one coordinator.",
        tier=2,
        worker=worker,
        preference=Preference.NOT_ASKED,
        preference_note="No answer by telephone.",
        actions=[{"what": "Ring the school", "owner": members[0], "due_on": MEETS_AT.date() + timedelta(days=7)}],
    )
    meeting = transitions.close(item.meeting, by=chair, now=NOW)
    written = minutes(meeting, coordinator)
    assert [decision.rationale for decision in written["decisions"]] == ["Needs one coordinator."]
    assert [action.what for action in written["actions"]] == ["Ring the school"]


def test_a_chairs_action_is_ratified_when_the_meeting_says_so(meeting, chair, member, worker, melton):
    case = CaseFactory(area=melton, urgent=True)
    item = ItemFactory(
        meeting=MeetingFactory(hub=meeting.hub, starts_at=MEETS_AT + timedelta(days=40)), case=case, urgent=True
    )
    transitions.decide_out_of_meeting(
        item,
        by=chair,
        now=NOW,
        kind="allocate",
        rationale="A hearing.",
        agreed_by=member,
        tier=2,
        worker=worker,
        preference="asked",
        preference_note="Anybody.",
    )
    decision = HubDecision.objects.to_ratify().get()
    meeting = transitions.close(meeting, by=chair, now=NOW, ratified=[decision])
    assert meeting.ratified.get() == decision
    assert not HubDecision.objects.to_ratify().exists()


def test_an_action_is_done_by_its_owner_and_not_by_another(meeting, member, members, stranger):
    from hubs.services.actions import undertake

    action = undertake(
        meeting.hub, what="Ring the school", owner=member, due_on=MEETS_AT.date(), now=NOW, meeting=meeting
    )
    for other in (stranger, members[1]):
        with pytest.raises(PermissionDenied):
            transitions.complete(action, by=other, now=NOW)
    action = transitions.complete(action, by=member, now=NOW)
    assert action.done_at == NOW
    assert action.deadlines.get().met_at == NOW


# --- steps that have, and have not, taken place ------------------------------------------------------------------------


def test_an_approved_step_that_nobody_enacts_is_chased_once(
    led_case, worker, other_worker, meeting, chair, coordinator
):
    step = request_step(led_case, by=worker, now=MONDAY, to_tier=3, **EVIDENCE)
    item = ItemFactory(meeting=meeting, case=led_case, step=step, kind=ItemKind.STEP_REQUEST)
    transitions.decide(
        item,
        by=chair,
        now=NOW,
        kind="approve_step",
        rationale="Yes.",
        worker=other_worker,
        no_specialist_reason="None near.",
        preference="asked",
        preference_note="Anybody.",
    )
    for days in (5, 16, 17):
        follow_up_steps(now=NOW + timedelta(days=days))
    told = Notice.objects.filter(key=f"step:{step.pk}:not_enacted")
    assert {notice.to for notice in told} == {worker, other_worker, chair, coordinator}
    assert {notice.title for notice in told} == {"An approved step is not in place yet"}


def test_a_year_at_tier_3_asks_whether_it_is_still_needed(worker, chair, melton):
    case = CaseFactory.led_by(worker, area=melton, tier=3)
    follow_up_steps(now=MONDAY + timedelta(days=300))
    assert not Notice.objects.filter(title__startswith="At tier 3").exists()
    for days in (366, 380):
        follow_up_steps(now=MONDAY + timedelta(days=days))
    assert {notice.to for notice in Notice.objects.filter(title__startswith="At tier 3", reference=case.reference)} == {
        worker,
        chair,
    }


# --- who could take a family -------------------------------------------------------------------------------------------


def test_the_recommended_worker_comes_first_with_the_reason_in_words(waiting_case, worker, other_worker, melton):
    CaseFactory.led_by(worker, area=melton)
    CaseFactory.led_by(worker, area=melton, tier=3)
    found = candidates(waiting_case, 2, now=MONDAY)
    assert [each.worker for each in found] == [other_worker, worker]
    assert found[0].reason == "has the most room: 8% of the limit with this family"
    assert (found[1].tier_2, found[1].tier_3, found[1].percent, found[1].recommended) == (1, 1, 29, False)


def test_who_worked_with_the_family_before_is_recommended_before_who_has_more_room(worker, other_worker, melton):
    before = CaseFactory.led_by(worker, area=melton)
    cases.family_withdrew(before, by=worker, now=MONDAY, safeguarding_check="No.", reason="Enough.")
    CaseFactory.led_by(worker, area=melton)
    again = CaseFactory(family=before.family, area=melton)
    best = candidates(again, 2, now=MONDAY)[0]
    assert best.worker == worker
    assert best.reason.startswith("worked with this family before")


def test_the_family_itself_is_not_counted_among_what_is_on_offer(waiting_case, chair, worker):
    case = cases.allocate(
        waiting_case, by=chair, now=MONDAY, tier=2, worker=worker, reason="R", preference="asked", preference_note="N"
    )
    [candidate] = candidates(case, 2, now=MONDAY)
    assert (candidate.on_offer, candidate.percent_after) == (0, 8)


def test_only_an_intensive_worker_is_recommended_at_tier_3(waiting_case, worker, other_worker):
    other_worker.intensive = False
    other_worker.save()
    found = candidates(waiting_case, 3, now=MONDAY)
    assert [(each.worker, each.fits) for each in found] == [(worker, True), (other_worker, False)]


@pytest.mark.parametrize("n", [1, 20])
def test_candidates_take_eight_queries_however_many_there_are(waiting_case, melton, n, django_assert_num_queries):
    for _ in range(n):
        CaseFactory.led_by(PostFactory(user=WorkerFactory(), area=melton).user, area=melton)
    with django_assert_num_queries(8):
        assert len(candidates(waiting_case, 2, now=MONDAY)) == n


def test_a_case_is_awaiting_until_the_hub_has_met(waiting_case, hub):
    MeetingFactory(hub=hub)
    gather(now=MONDAY)
    waiting_case.refresh_from_db()
    assert waiting_case.status == Status.AWAITING_DECISION
    assert HubMeeting.objects.get().items.get().case == waiting_case


def test_a_meeting_does_not_start_before_its_day(hub, chair, members):
    meeting = MeetingFactory.published(hub=hub)
    with pytest.raises(NotPossible, match="call an extra meeting"):
        transitions.start(meeting, by=chair, now=MEETS_AT - timedelta(days=1), present=members)
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.PUBLISHED


def test_a_family_has_waited_as_many_days_on_its_page_as_on_the_agenda(hub):
    item = ItemFactory(meeting=MeetingFactory(hub=hub), since_at=MONDAY.replace(hour=16))
    morning = MONDAY.replace(hour=9) + timedelta(days=13)
    [line] = in_order(AgendaItem.objects.select_related("case").with_due().with_births(), now=morning)
    assert line.days == days_waited(item, morning) == 13


def test_a_colleague_of_the_chair_is_no_further_agency(hub, chair, members):
    """The chair and three other agencies: whoever sits there for the chair's own is one of the chair's."""
    colleague = UserFactory(agency=chair.agency)
    meeting = MeetingFactory.in_session(hub=hub, chair=chair, present=[*members[:2], colleague])
    assert quorum_missing(meeting) == 1
