"""The hub decides: once, by the chair, in a quorate meeting, with the case in the same transaction (promises P10 and E)."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import InternalError

from earlyhelp.audit.models import Event
from earlyhelp.cases import transitions as cases
from earlyhelp.cases.enums import AllocationStatus, Preference, Status
from earlyhelp.deadlines.models import Deadline
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible
from hubs.enums import DecisionKind, ItemKind, ItemStatus
from hubs.models import AgendaItem, Conflict, HubDecision, ServiceGap
from hubs.services.interests import declare
from hubs.transitions import decide, decide_out_of_meeting, defer, discuss
from tests.factories import MONDAY, CaseFactory, PostFactory, ServiceFactory, WorkerFactory
from tests.hubs.factories import MEETS_AT, ItemFactory, MeetingFactory, arrives

NOW = MEETS_AT + timedelta(minutes=20)
ASKED = {"preference": Preference.ASKED, "preference_note": "A woman, local."}


HANDED_OVER = {"concern": "New bruises, seen today.", "family_told": True, "not_told_why": "", "spoken_to": ""}


def allocate(item, by, worker, **facts):
    facts = {
        "kind": DecisionKind.ALLOCATE,
        "rationale": "Several agencies need one coordinator.",
        "tier": 2,
        **ASKED,
    } | facts
    return decide(item, by=by, now=NOW, worker=worker, **facts)


def nothing_happened(item):
    item.refresh_from_db()
    item.case.refresh_from_db()
    assert item.status == ItemStatus.SCHEDULED
    assert item.case.status == Status.AWAITING_DECISION
    assert not HubDecision.objects.exists()
    assert not item.case.allocations.exists()
    return True


def test_the_chair_allocates_and_the_case_is_offered_in_the_same_moment(item, chair, worker):
    item = allocate(item, chair, worker)

    decision = HubDecision.objects.get()
    assert item.status == ItemStatus.DECIDED
    assert item.case.status == Status.OPENED
    assert (decision.kind, decision.tier, decision.worker, decision.by, decision.meeting) == (
        "allocate",
        2,
        worker,
        chair,
        item.meeting,
    )
    assert item.case.allocations.get().status == AllocationStatus.OFFERED


def test_a_chair_of_another_hub_may_not_decide(item, stranger, worker):
    with pytest.raises(PermissionDenied):
        allocate(item, stranger, worker)
    assert nothing_happened(item)


@pytest.mark.parametrize("who", ["coordinator", "member", "worker", "access_worker", "service_manager"])
def test_nobody_but_the_chair_may_decide(request, item, who, other_worker):
    with pytest.raises(PermissionDenied):
        allocate(item, request.getfixturevalue(who), other_worker)
    assert nothing_happened(item)


def test_a_chair_with_an_interest_in_the_family_may_not_decide(item, chair, coordinator, worker):
    declare(item.case, user=chair, by=coordinator, now=NOW)
    with pytest.raises(PermissionDenied):
        allocate(item, chair, worker)
    assert nothing_happened(item)


def test_a_worker_with_an_interest_in_the_family_is_not_offered_it(item, chair, worker):
    declare(item.case, user=worker, by=chair, now=NOW)
    with pytest.raises(NotPossible, match="declared an interest"):
        allocate(item, chair, worker)
    assert nothing_happened(item)


def test_a_worker_of_another_area_is_not_offered_the_family(item, chair, charnwood):
    far = PostFactory(user=WorkerFactory(), area=charnwood).user
    with pytest.raises(NotPossible, match="does not take families in this area"):
        allocate(item, chair, far)
    assert nothing_happened(item)


def test_a_worker_over_the_limit_is_offered_the_family_only_with_a_reason(item, chair, worker):
    worker.case_limit = 0
    worker.save()
    with pytest.raises(NotPossible, match="of their limit"):
        allocate(item, chair, worker)
    assert nothing_happened(item)

    allocate(item, chair, worker, over_limit_reason="Two of hers close this week.")
    assert item.case.allocations.get().over_limit_reason == "Two of hers close this week."


def test_a_tier_above_the_level_of_need_asks_what_is_missing_and_keeps_it(item, chair, worker):
    item.case.level_of_need = 2
    item.case.save()
    facts = {"tier": 3, "specialists": [ServiceFactory()]}
    with pytest.raises(NotPossible, match="what provision is missing"):
        allocate(item, chair, worker, **facts)
    assert nothing_happened(item)

    allocate(
        item,
        chair,
        worker,
        **facts,
        missing_provision="No parenting group within an hour.",
        missing_need="relationships",
    )
    gap = ServiceGap.objects.get()
    assert (gap.area, gap.need, gap.tier, gap.level_of_need) == (item.case.area, "relationships", 3, 2)


def test_a_decision_that_does_not_belong_to_the_kind_of_item_is_refused(item, chair):
    with pytest.raises(NotPossible, match="is not a decision about"):
        decide(item, by=chair, now=NOW, kind=DecisionKind.RATIFY_CLOSURE, rationale="Done.", end_reason="outcomes_met")
    assert nothing_happened(item)


@pytest.mark.parametrize(
    ("kind", "outcome"), [("return_to_access", "returned"), ("signpost", "signposted"), ("hand_over", "handed_over")]
)
def test_a_family_that_is_not_taken_on_is_never_an_episode(item, chair, kind, outcome):
    facts = {"signpost": {"where": "Benefits advice"}, "hand_over": {"handover": HANDED_OVER}}.get(kind, {})
    decide(item, by=chair, now=NOW, kind=kind, rationale="One agency can meet this.", **facts)
    item.case.refresh_from_db()
    assert HubDecision.objects.get().signposted_to == facts.get("where", "")
    assert (item.case.status, item.case.not_opened_reason, item.case.opened_on) == (Status.NOT_OPENED, outcome, None)


def test_a_family_is_not_signposted_to_nowhere(item, chair):
    with pytest.raises(NotPossible, match="where the family is signposted to"):
        decide(item, by=chair, now=NOW, kind="signpost", rationale="One agency can meet this.")
    assert nothing_happened(item)


@pytest.mark.parametrize(
    "facts", [{}, {"handover": {"concern": "Bruises."}}, {"handover": {"concern": "", "family_told": True}}]
)
def test_the_hub_hands_nothing_over_without_what_has_happened_and_whether_the_family_knows(item, chair, facts):
    with pytest.raises(NotPossible, match="social care reads it"):
        decide(item, by=chair, now=NOW, kind="hand_over", rationale="Too much for early help.", **facts)
    assert nothing_happened(item)


def test_nothing_is_decided_outside_a_meeting_in_session(hub, chair, worker, waiting_case):
    item = ItemFactory(meeting=MeetingFactory.published(hub=hub), case=waiting_case)
    with pytest.raises(NotPossible, match="not in session"):
        allocate(item, chair, worker)
    assert nothing_happened(item)


def test_nothing_is_decided_once_the_quorum_is_lost(item, chair, member, worker):
    item.meeting.attendance.filter(user=member).update(presence="absent")
    with pytest.raises(NotPossible, match="not quorate: 1 more"):
        allocate(item, chair, worker)
    assert nothing_happened(item)


def test_what_is_decided_is_not_decided_again(item, chair, worker, other_worker):
    allocate(item, chair, worker)
    with pytest.raises(NotPossible, match="decided"):
        allocate(item, chair, other_worker)
    assert item.case.allocations.get().worker == worker


def test_a_case_that_went_on_meanwhile_stops_the_decision_whole(item, chair, worker):
    cases.not_opened(item.case, by=chair, now=NOW, outcome="withdrawn", reason="They moved.")
    with pytest.raises(NotPossible, match="not opened"):
        allocate(item, chair, worker)
    item.refresh_from_db()
    assert item.status == ItemStatus.SCHEDULED
    assert not HubDecision.objects.exists()


def test_actions_are_written_with_the_decision_and_have_a_deadline(item, chair, worker, member):
    action = {
        "what": "Ask the school about breakfast club",
        "owner": member,
        "due_on": MEETS_AT.date() + timedelta(days=9),
    }
    allocate(item, chair, worker, actions=[action])
    made = HubDecision.objects.get().actions.get()
    deadline = made.deadlines.get()
    assert isinstance(deadline, Deadline)
    assert (made.owner, deadline.holder, deadline.due_at.date()) == (member, member, action["due_on"])


def test_a_decision_can_neither_be_altered_nor_deleted(item, chair, worker):
    allocate(item, chair, worker)
    for deed in (
        lambda: HubDecision.objects.update(rationale="Otherwise."),
        lambda: HubDecision.objects.all().delete(),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            deed()


def test_an_item_may_be_parked_and_decided_later_in_the_meeting(item, chair, worker):
    assert discuss(item, by=chair, now=NOW).status == ItemStatus.DISCUSSED
    assert allocate(item, chair, worker).status == ItemStatus.DECIDED


# --- deferring ---------------------------------------------------------------------------------------------------------


def put_off(item, by, **facts):
    facts = {"rationale": "The school is not here.", "needed": "The school’s view, from the head."} | facts
    return defer(item, by=by, now=NOW, **facts)


def test_a_deferred_item_moves_to_the_next_meeting_and_the_minutes_keep_why(item, later, chair):
    meeting = item.meeting
    item = put_off(item, chair)
    assert (item.status, item.meeting, item.deferrals) == (ItemStatus.DEFERRED, later, 1)
    assert meeting.decisions.get().kind == DecisionKind.DEFER


def test_a_second_deferral_needs_a_managers_name(item, later, chair, worker, manager):
    AgendaItem.objects.update(deferrals=1)
    for nobody in (None, worker):
        with pytest.raises(NotPossible, match="manager"):
            put_off(item, chair, manager=nobody)
    item.refresh_from_db()
    assert item.status == ItemStatus.SCHEDULED

    assert put_off(item, chair, manager=manager).deferrals == 2


def test_an_item_is_not_deferred_into_nowhere(item, chair):
    with pytest.raises(NotPossible, match="no next meeting"):
        put_off(item, chair)


# --- chair's action ----------------------------------------------------------------------------------------------------


@pytest.fixture
def urgent_item(hub, members, melton):
    meeting = MeetingFactory(hub=hub)
    return ItemFactory(meeting=meeting, case=CaseFactory(area=melton, urgent=True), urgent=True)


def act(item, by, agreed_by, worker, **facts):
    facts = {"kind": DecisionKind.ALLOCATE, "rationale": "The hearing is in seven weeks.", "tier": 2, **ASKED} | facts
    return decide_out_of_meeting(item, by=by, now=MONDAY, agreed_by=agreed_by, worker=worker, **facts)


def test_an_urgent_family_is_allocated_between_meetings_with_another_agencys_agreement(
    urgent_item, chair, member, worker
):
    item = act(urgent_item, chair, member, worker)
    decision = HubDecision.objects.to_ratify().get()
    assert item.status == ItemStatus.DECIDED_OUT_OF_MEETING
    assert (decision.meeting, decision.agreed_by) == (None, member)


def test_the_chairs_own_agency_does_not_agree_with_the_chair(urgent_item, chair, worker):
    colleague = PostFactory(user__agency=chair.agency, area=urgent_item.hub.area).user
    with pytest.raises(NotPossible, match="another agency"):
        act(urgent_item, chair, colleague, worker)
    assert nothing_happened(urgent_item)


def test_what_can_wait_for_the_meeting_waits(hub, chair, member, worker, melton):
    item = ItemFactory(meeting=MeetingFactory(hub=hub), case=CaseFactory(area=melton))
    with pytest.raises(NotPossible, match="can wait"):
        act(item, chair, member, worker)
    assert nothing_happened(item)


def test_a_wait_past_the_standard_allows_a_chairs_action(hub, chair, member, worker, melton):
    from earlyhelp.deadlines.services import promise

    case = CaseFactory(area=melton)
    promise(case, "D_MMT_WAIT", now=MONDAY - timedelta(days=25), holder_role=Role.HUB_CHAIR)
    item = ItemFactory(meeting=MeetingFactory(hub=hub), case=case)
    assert act(item, chair, member, worker).status == ItemStatus.DECIDED_OUT_OF_MEETING


def test_whoever_is_named_as_agreeing_hears_that_they_are(urgent_item, chair, member, worker):
    act(urgent_item, chair, member, worker)
    [told] = Notice.objects.filter(to=member)
    assert told.title == "A chair’s action says that you agreed to it"
    assert told.reference == urgent_item.case.reference


def test_a_member_may_not_take_a_chairs_action(urgent_item, member, chair, worker):
    with pytest.raises(PermissionDenied):
        act(urgent_item, member, chair, worker)
    assert nothing_happened(urgent_item)


# --- closing -----------------------------------------------------------------------------------------------------------


def test_a_closure_is_ratified_by_the_hub(led_case, worker, meeting, chair):
    case = cases.propose_closure(
        led_case,
        by=worker,
        now=MONDAY,
        end_reason="outcomes_met",
        summary="Rent paid.",
        family_views="Glad.",
        follow_up_agreed=True,
    )
    item = ItemFactory(meeting=meeting, case=case, kind=ItemKind.CLOSURE)
    decide(item, by=chair, now=NOW, kind=DecisionKind.RATIFY_CLOSURE, rationale="All agree.", end_reason="outcomes_met")
    case.refresh_from_db()
    assert case.status == Status.CLOSED


# --- two chairs at once ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", range(10))
def test_of_two_chairs_one_allocates_and_the_other_is_told_who_did(round, item, chair, worker, other_worker):
    deputy = PostFactory(role=Role.HUB_CHAIR, area=item.hub.area).user
    arrives(item.meeting, deputy)
    answers, gate = {}, Barrier(2)

    def try_to(by, whom):
        gate.wait()
        try:
            allocate(item, by, whom)
            answers[by] = "won"
        except NotPossible as refusal:
            answers[by] = str(refusal)
        finally:
            connection.close()

    threads = [Thread(target=try_to, args=pair) for pair in ((chair, worker), (deputy, other_worker))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    winner = next(by for by, answer in answers.items() if answer == "won")
    loser = next(by for by in answers if by != winner)
    assert str(winner) in answers[loser]
    assert "decided" in answers[loser]
    assert HubDecision.objects.get().by == winner
    assert item.case.allocations.count() == 1
    assert Event.objects.filter(kind="cases.case.allocate").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_chairs_action_and_a_direct_allocation_at_once_make_one(urgent_item, chair, member, worker, other_worker):
    """The case itself is the last line: whichever way a second chair comes, it is allocated once."""
    deputy = PostFactory(role=Role.HUB_CHAIR, area=urgent_item.hub.area).user
    answers, gate = [], Barrier(2)

    def through_the_hub():
        act(urgent_item, chair, member, worker)

    def past_the_hub():
        cases.allocate(urgent_item.case, by=deputy, now=MONDAY, tier=2, worker=other_worker, reason="Now.", **ASKED)

    def attempt(deed):
        gate.wait()
        try:
            deed()
            answers.append("won")
        except NotPossible as refusal:
            answers.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=attempt, args=[deed]) for deed in (through_the_hub, past_the_hub)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answer == "won" for answer in answers) == [False, True]
    assert urgent_item.case.allocations.count() == 1


def test_a_conflict_is_declared_once(item, chair, member):
    declare(item.case, user=member, by=chair, now=NOW)
    declare(item.case, user=member, by=member, now=NOW)
    assert Conflict.objects.count() == 1
