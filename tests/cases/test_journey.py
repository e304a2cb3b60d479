"""What each step of the journey promises, opens and ends (domain.md 3.3, 6.5, 7)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from earlyhelp.cases import timebox
from earlyhelp.cases import transitions as moves
from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Case
from earlyhelp.cases.offers import offer
from earlyhelp.cases.services import await_decision, join_team, leave_team
from earlyhelp.core.rights import may
from earlyhelp.families.models import Family
from earlyhelp.families.services import record_statutory_status
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.models import User
from earlyhelp.workflow.transitions import NotPossible
from tests.cases.journeys import ASKED, CLOSURE
from tests.factories import MONDAY, CaseFactory, FamilyFactory, MemberFactory, ServiceFactory, WorkerFactory


def again(user):
    return User.objects.get(pk=user.pk)


def allocate(case, chair, worker, tier=2, **extra):
    facts = {"tier": tier, "worker": worker, "reason": "Best placed.", **ASKED} | extra
    return moves.allocate(case, by=chair, now=MONDAY, **facts)


def owed(case):
    return set(case.deadlines.open().values_list("code", flat=True))


def wait(family, access_worker, **extra):
    facts = {"level_of_need": 3, "proposed_tier": 2, "request": "Help with money.", "urgent": False} | extra
    return await_decision(family, area=family.area, by=access_worker, now=MONDAY, **facts)


def test_acceptance_promises_a_hub_decision_within_twenty_working_days(access_worker, melton):
    case = wait(FamilyFactory(area=melton), access_worker)

    deadline = case.deadlines.get()
    assert (case.status, deadline.code, deadline.due_at.date().isoformat()) == (
        Status.AWAITING_DECISION,
        "D_MMT_WAIT",
        "2026-03-30",
    )
    assert case.opened_on is None  # no episode has begun


def test_an_urgent_family_is_owed_a_chairs_action_in_two_working_days(access_worker, melton):
    assert owed(wait(FamilyFactory(area=melton), access_worker, urgent=True)) == {"D_MMT_WAIT", "D_URGENT_HUB"}


def test_a_family_has_one_live_case(access_worker, led_case):
    with pytest.raises(NotPossible, match="link the referral"):
        wait(led_case.family, access_worker)

    assert Case.objects.count() == 1


def test_a_re_referral_is_a_new_episode_linked_to_the_last(access_worker, worker, melton):
    old = CaseFactory(
        area=melton,
        status=Status.ENDED,
        tier=2,
        lead=worker,
        opened_on=MONDAY.date(),
        closed_on=MONDAY.date(),
        end_reason="outcomes_met",
    )

    new = wait(old.family, access_worker)

    assert (new.previous, new.reference) != (None, old.reference)
    old.refresh_from_db()
    assert old.status == Status.ENDED


def test_the_episode_begins_when_the_hub_allocates(waiting_case, chair, worker):
    case = allocate(waiting_case, chair, worker)

    assert case.opened_on == timezone.localdate(MONDAY)
    assert case.tier_changes.get().to_tier == 2
    assert owed(case) == {"D_ACCEPT", "D_FIRST_TAF"}


def test_tier_3_needs_an_intensive_worker(waiting_case, chair, melton):
    ordinary = WorkerFactory(intensive=False)

    with pytest.raises(NotPossible, match="intensive"):
        allocate(waiting_case, chair, ordinary, tier=3, no_specialist_reason="None is free.")
    assert not waiting_case.allocations.exists()


def test_tier_3_names_a_specialist_service_or_says_why_not(waiting_case, chair, worker):
    with pytest.raises(NotPossible, match="T3"):
        allocate(waiting_case, chair, worker, tier=3)

    service = ServiceFactory(name="Benefits advice")
    case = allocate(waiting_case, chair, worker, tier=3, specialists=[service])
    assert case.team.get().service == service


@pytest.mark.parametrize("tier", [0, 1])
def test_tiers_0_and_1_open_no_case(waiting_case, chair, worker, tier):
    with pytest.raises(NotPossible, match="T1"):
        allocate(waiting_case, chair, worker, tier=tier)


def test_somebody_who_takes_no_families_cannot_be_offered_one(waiting_case, chair, practitioner):
    with pytest.raises(NotPossible, match="not taking families"):
        allocate(waiting_case, chair, practitioner)


def test_the_worker_sees_the_case_when_it_is_offered_and_not_before(waiting_case, chair, worker):
    assert not may(worker, "view", waiting_case)

    allocate(waiting_case, chair, worker)

    assert may(again(worker), "view", waiting_case)
    assert not may(again(worker), "lead", waiting_case)


def test_declining_ends_the_sight_of_it_and_gives_the_chair_two_working_days(waiting_case, chair, worker):
    allocate(waiting_case, chair, worker)
    case = moves.decline(waiting_case, by=again(worker), now=MONDAY, reason="I know the family.")

    assert not may(again(worker), "view", case)
    assert "D_URGENT_HUB" in owed(case)
    assert "D_ACCEPT" not in owed(case)
    assert case.holder == "EH Access"


@pytest.mark.parametrize(("tier", "days"), [(2, "2026-03-09"), (3, "2026-03-05")])
def test_first_contact_is_owed_sooner_at_tier_3(waiting_case, chair, worker, tier, days):
    allocate(waiting_case, chair, worker, tier=tier, no_specialist_reason="None yet.")
    case = moves.accept(waiting_case, by=again(worker), now=MONDAY)

    assert case.deadlines.get(code="D_FIRST_CONTACT").due_at.date().isoformat() == days


def test_a_first_contact_in_the_future_is_refused(waiting_case, chair, worker):
    allocate(waiting_case, chair, worker)
    case = moves.accept(waiting_case, by=again(worker), now=MONDAY)

    with pytest.raises(NotPossible, match="future"):
        moves.record_first_contact(
            case, by=again(worker), now=MONDAY, met_on=MONDAY.date() + timedelta(days=1), who_was_seen="-"
        )


def test_a_new_lead_takes_over_without_a_gap(led_case, worker, other_worker, chair):
    offer(led_case, worker=other_worker, tier=2, by=chair, now=MONDAY, **ASKED)
    assert led_case.team.current().get().user == worker

    case = moves.take_over(led_case, by=again(other_worker), now=MONDAY)

    assert case.lead == other_worker
    assert case.team.current().get().user == other_worker
    assert not may(again(worker), "view", case)
    assert case.allocations.filter(status="accepted").count() == 1


def test_what_the_hub_owes_stays_with_the_hub_when_the_lead_changes(led_case, worker, other_worker, chair):
    Case.objects.update(restricted=True, named_chair=chair)
    moves.request_step(led_case, by=worker, now=MONDAY, to_tier=3, reason="No progress.")
    offer(led_case, worker=other_worker, tier=2, by=chair, now=MONDAY, **ASKED)

    case = moves.take_over(led_case, by=again(other_worker), now=MONDAY)

    assert case.deadlines.open().get(code="D_STEP").holder == chair


def test_a_family_is_assessed_again_a_year_after_its_first_assessment_and_not_after_the_offer(
    waiting_case, chair, worker
):
    allocate(waiting_case, chair, worker)
    case = moves.accept(waiting_case, by=again(worker), now=MONDAY)
    assert "D_REASSESS" not in owed(case)

    moves.record_first_contact(case, by=again(worker), now=MONDAY, met_on=MONDAY.date(), who_was_seen="All.")
    later = MONDAY + timedelta(days=14)
    case = moves.assessment_completed(case, by=again(worker), now=later, level_of_need=3)

    promised = case.deadlines.open().get(code="D_REASSESS")
    assert (promised.started_at, promised.due_at.date().isoformat()) == (later, "2027-03-16")


# --- a programme of so many weeks (domain.md 17, story 7) ---------------------------------------------------------------

TWELVE_WEEKS = {"ends_on": date(2026, 5, 25), "programme": "The Inclusion Service, 12 weeks."}


def test_a_programme_that_ends_warns_its_lead_two_weeks_before(led_case, worker):
    case = timebox.set_timebox(led_case, by=worker, now=MONDAY, **TWELVE_WEEKS)

    box = case.deadlines.get(code="D_TIMEBOX")
    assert (box.holder, box.due_at.date(), box.rungs[0].date()) == (worker, date(2026, 5, 25), date(2026, 5, 11))
    assert case.timebox_ends_on == date(2026, 5, 25)


def test_the_hub_sets_it_with_the_allocation_and_the_worker_who_accepts_holds_it(waiting_case, chair, worker):
    allocate(waiting_case, chair, worker)
    timebox.set_timebox(waiting_case, by=chair, now=MONDAY, **TWELVE_WEEKS)
    moves.decline(waiting_case, by=again(worker), now=MONDAY, reason="I know the family.")
    other = WorkerFactory()
    offer(waiting_case, worker=other, tier=2, by=chair, now=MONDAY, **ASKED)

    case = moves.accept(waiting_case, by=again(other), now=MONDAY)

    assert case.deadlines.get(code="D_TIMEBOX").holder == other


def test_a_programme_passes_on_with_the_lead(led_case, worker, other_worker, chair):
    timebox.set_timebox(led_case, by=worker, now=MONDAY, **TWELVE_WEEKS)
    offer(led_case, worker=other_worker, tier=2, by=chair, now=MONDAY, **ASKED)

    case = moves.take_over(led_case, by=again(other_worker), now=MONDAY)

    assert case.deadlines.open().get(code="D_TIMEBOX").holder == other_worker


def test_a_programme_that_would_have_ended_already_is_refused(led_case, worker):
    with pytest.raises(NotPossible, match="future"):
        timebox.set_timebox(led_case, by=worker, now=MONDAY, ends_on=MONDAY.date(), programme="-")

    assert not owed(led_case)


def test_a_member_of_the_team_sets_no_end(led_case, worker, practitioner):
    join_team(led_case, role="member", user=practitioner, by=worker, now=MONDAY)

    with pytest.raises(PermissionDenied):
        timebox.set_timebox(led_case, by=again(practitioner), now=MONDAY, **TWELVE_WEEKS)
    assert not owed(led_case)


def test_to_say_what_follows_the_programme_keeps_its_promise(led_case, worker):
    timebox.set_timebox(led_case, by=worker, now=MONDAY, **TWELVE_WEEKS)
    later = MONDAY + timedelta(weeks=11)

    case = timebox.end_timebox(led_case, by=again(worker), now=later, reason="Intensive family work is asked for.")

    assert (case.timebox_ends_on, case.deadlines.get(code="D_TIMEBOX").met_at) == (None, later)


def test_a_programme_that_was_never_set_cannot_end(led_case, worker):
    with pytest.raises(NotPossible, match="No time-limited programme"):
        timebox.end_timebox(led_case, by=worker, now=MONDAY, reason="-")


def test_a_step_up_ends_the_programme_that_came_before(led_case, worker, chair):
    timebox.set_timebox(led_case, by=worker, now=MONDAY, **TWELVE_WEEKS)
    moves.request_step(led_case, by=again(worker), now=MONDAY, to_tier=3, reason="She agrees.")

    case = moves.approve_step(led_case, by=chair, now=MONDAY, to_tier=3, reason="Agreed.")

    assert (case.timebox_ends_on, case.deadlines.get(code="D_TIMEBOX").met_at) == (None, MONDAY)


def test_a_case_that_ends_owes_nothing_of_its_programme(led_case, worker):
    timebox.set_timebox(led_case, by=worker, now=MONDAY, **TWELVE_WEEKS)

    case = moves.family_withdrew(
        led_case, by=again(worker), now=MONDAY, safeguarding_check="No risk.", reason="Enough."
    )

    assert (case.timebox_ends_on, owed(case)) == (None, set())


def test_the_team_is_told_that_it_ended_and_nothing_of_why(led_case, worker, practitioner, other_worker):
    join_team(led_case, role="member", user=practitioner, by=worker, now=MONDAY)
    join_team(led_case, role="specialist", name="A nurse without an account", by=worker, now=MONDAY)
    gone = join_team(led_case, role="member", user=other_worker, by=worker, now=MONDAY)
    leave_team(gone, by=worker, now=MONDAY, reason="On leave.")

    moves.family_withdrew(led_case, by=worker, now=MONDAY, safeguarding_check="No risk.", reason="A quarrel at home.")

    told = Notice.objects.filter(key=f"case:{led_case.pk}:ended")
    assert [(notice.to, notice.title) for notice in told] == [
        (practitioner, "A Team Around the Family that you were on has ended")
    ]
    assert not Notice.objects.filter(title__icontains="withdrew", to__in=[practitioner, other_worker]).exists()


# --- another service's duty (domain.md T5) -------------------------------------------------------------------------------


def has_status(case, status, *, by, since=MONDAY, **beside):
    child = case.family.people.first() or MemberFactory(family=case.family).person
    facts = {"from_on": since.date(), "source": "Ana Ray, social care"} | beside
    return record_statutory_status(child, status=status, by=by, now=since, **facts)


def test_early_help_is_not_opened_alone_under_a_child_protection_plan(waiting_case, chair, worker, access_worker):
    has_status(waiting_case, "child_protection", by=access_worker)

    with pytest.raises(NotPossible, match="alongside"):
        allocate(waiting_case, chair, worker)
    assert not waiting_case.allocations.exists()


def test_it_may_run_alongside_with_the_social_worker_named(waiting_case, chair, worker, access_worker):
    has_status(waiting_case, "child_protection", by=access_worker, social_worker="Ana Ray")

    assert allocate(waiting_case, chair, worker).status == Status.OPENED


@pytest.mark.parametrize("status", ["none", "child_in_need", "looked_after", "adult_eligible", "unknown"])
def test_no_other_status_stands_in_the_way(waiting_case, chair, worker, access_worker, status):
    has_status(waiting_case, status, by=access_worker)

    assert allocate(waiting_case, chair, worker).status == Status.OPENED


def test_a_child_protection_plan_that_has_ended_stands_in_the_way_no_longer(waiting_case, chair, worker, access_worker):
    has_status(waiting_case, "none", by=access_worker)
    has_status(waiting_case, "child_protection", by=access_worker, since=MONDAY - timedelta(days=90))  # heard of late

    assert allocate(waiting_case, chair, worker).status == Status.OPENED


def test_whoever_has_left_the_family_stands_in_nobodys_way(waiting_case, chair, worker, access_worker):
    has_status(waiting_case, "child_protection", by=access_worker)
    waiting_case.family.memberships.update(until_on=MONDAY.date())

    assert allocate(waiting_case, chair, worker).status == Status.OPENED


def test_no_step_is_approved_alone_under_a_child_protection_plan(led_case, worker, chair):
    moves.request_step(led_case, by=worker, now=MONDAY, to_tier=3, reason="No progress.")
    has_status(led_case, "child_protection", by=worker)

    with pytest.raises(NotPossible, match="T5"):
        moves.approve_step(led_case, by=chair, now=MONDAY, to_tier=3, reason="Agreed.")
    led_case.refresh_from_db()
    assert (led_case.tier, led_case.status) == (2, Status.STEP_REQUESTED)


def test_a_closure_is_ratified_by_a_manager_but_never_by_the_lead(led_case, worker, manager):
    case = moves.propose_closure(led_case, by=worker, now=MONDAY, **CLOSURE)
    assert not may(again(worker), "ratify", case)

    case = moves.ratify_closure(case, by=manager, now=MONDAY, end_reason="outcomes_met", reason="Agreed.")
    assert (case.status, case.end_reason, case.closed_on) == (Status.CLOSED, "outcomes_met", timezone.localdate(MONDAY))


@pytest.mark.parametrize("reason", ["stepped_up", "family_withdrew"])
def test_a_ratified_closure_never_says_that_social_care_leads_or_that_the_family_withdrew(
    led_case, worker, manager, client, reason
):
    case = moves.propose_closure(led_case, by=worker, now=MONDAY, **CLOSURE)

    with pytest.raises(NotPossible, match="way of its own") as problem:
        moves.ratify_closure(case, by=manager, now=MONDAY, end_reason=reason, reason="Agreed.")

    assert problem.value.field == "end_reason"
    case.refresh_from_db()
    assert (case.status, case.end_reason) == (Status.CLOSING, "")
    client.force_login(manager)
    page = client.get(reverse("cases:move", args=[case.reference, "ratify_closure"])).content.decode()
    assert 'value="outcomes_met"' in page
    assert f'value="{reason}"' not in page


def test_closing_promises_a_follow_up_in_six_months_where_the_family_agreed(led_case, worker, chair):
    case = moves.propose_closure(led_case, by=worker, now=MONDAY, **CLOSURE)
    case = moves.ratify_closure(case, by=chair, now=MONDAY, end_reason="outcomes_met", reason="Agreed.")

    assert case.deadlines.open().get().due_at.date().isoformat() == "2026-09-02"
    assert may(again(worker), "follow_up", case)


def test_closing_owes_nothing_where_the_family_did_not_agree_to_be_asked(led_case, worker, chair):
    case = moves.propose_closure(led_case, by=worker, now=MONDAY, **CLOSURE | {"follow_up_agreed": False})
    case = moves.ratify_closure(case, by=chair, now=MONDAY, end_reason="outcomes_met", reason="Agreed.")

    assert not case.deadlines.open().exists()
    assert not may(again(worker), "view", case)
    assert not Family.objects.for_user(again(worker)).exists()


def test_a_step_down_below_tier_2_is_enacted_by_closing_and_needs_no_second_ratification(led_case, worker, chair):
    moves.request_step(led_case, by=worker, now=MONDAY, to_tier=1, reason="All goals met.")
    case = moves.approve_step_out(led_case, by=chair, now=MONDAY, reason="The school carries on.")
    with pytest.raises(NotPossible, match="lead professional closes"):
        moves.ratify_closure(case, by=chair, now=MONDAY, end_reason="outcomes_met", reason="-")

    case = moves.close_stepped_down(case, by=again(worker), now=MONDAY, **CLOSURE)
    assert (case.status, case.tier_changes.get().to_tier) == (Status.CLOSED, 1)


def test_a_closure_that_nobody_approved_cannot_be_closed_by_its_lead(led_case, worker):
    case = moves.propose_closure(led_case, by=worker, now=MONDAY, **CLOSURE)

    with pytest.raises(NotPossible, match="ratify"):
        moves.close_stepped_down(case, by=again(worker), now=MONDAY, **CLOSURE)


def test_a_step_below_tier_2_cannot_be_slipped_past_the_closing(led_case, worker, chair):
    moves.request_step(led_case, by=worker, now=MONDAY, to_tier=1, reason="-")

    with pytest.raises(NotPossible, match="closes the case"):
        moves.approve_step(led_case, by=chair, now=MONDAY, to_tier=1, reason="-")


def test_joining_the_team_opens_the_case_and_leaving_it_shuts_it(led_case, worker, practitioner):
    member = join_team(led_case, role="member", user=practitioner, by=worker, now=MONDAY)
    assert may(again(practitioner), "view", led_case)
    assert not may(again(practitioner), "lead", led_case)

    leave_team(member, by=worker, now=MONDAY, reason="Changed school.")
    assert not may(again(practitioner), "view", led_case)


def test_a_lead_does_not_simply_leave(led_case, worker):
    with pytest.raises(NotPossible, match="only when another"):
        leave_team(led_case.team.get(), by=worker, now=MONDAY, reason="-")


def test_joining_twice_makes_one_membership(led_case, worker, practitioner):
    for _ in range(2):
        join_team(led_case, role="member", user=practitioner, by=worker, now=MONDAY)

    assert led_case.team.filter(user=practitioner).count() == 1


def test_a_first_contact_before_the_case_began_is_refused_beside_its_day(waiting_case, chair, worker):
    allocate(waiting_case, chair, worker)
    case = moves.accept(waiting_case, by=again(worker), now=MONDAY)
    before = timezone.localdate(case.accepted_at) - timedelta(days=1)

    with pytest.raises(NotPossible, match="The case began on") as refused:
        moves.record_first_contact(case, by=again(worker), now=MONDAY, met_on=before, who_was_seen="-")
    assert refused.value.field == "met_on"
    assert Case.objects.get().status == Status.ALLOCATED


def test_whoever_has_not_answered_is_rung_and_not_offered_the_same_family_anew(waiting_case, worker, chair):
    said = {"preference": "asked", "preference_note": "Local.", "reason": "Near."}
    case = moves.allocate(waiting_case, by=chair, now=MONDAY, tier=2, worker=worker, **said)

    with pytest.raises(NotPossible, match="has not answered") as problem:
        moves.offer_again(case, by=chair, now=MONDAY, worker=worker, **said)

    assert problem.value.field == "worker"
    assert [each.status for each in case.allocations.all()] == ["offered"]
