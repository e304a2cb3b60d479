"""Professionals who disagree settle it stage by stage; the safest option applies meanwhile (domain.md 8.5)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from earlyhelp.cases.models import Case, TeamMember
from earlyhelp.core.todo import TODO
from earlyhelp.disagreements.enums import About, Stage, Status
from earlyhelp.disagreements.models import Disagreement
from earlyhelp.disagreements.registry import find
from earlyhelp.disagreements.transitions import resolve, set_meanwhile, take_further
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible
from tests.disagreements.factories import disagreed
from tests.factories import MONDAY, FamilyFactory, PostFactory
from tests.referrals.factories import handed_over

LATER = MONDAY + timedelta(hours=3)
ENDS = {"outcome": "No agreement on the telephone.", "spoke_with": "Pat rang the chair."}


@pytest.fixture
def raised(led_case, worker, chair):
    return disagreed(by=worker, record=led_case)


def further(disagreement, *, by, times=1):
    for _ in range(times):
        disagreement = take_further(disagreement, by=by, now=LATER, **ENDS)
    return disagreement


def lines(user):
    user.forget_scope()
    return [line.text for source in TODO for line in source(user, LATER)]


def sees(user, disagreement):
    user.forget_scope()
    return Disagreement.objects.for_user(user).filter(pk=disagreement.pk).exists()


def test_whoever_sees_the_case_may_disagree_and_those_who_decided_hear_at_once(raised, worker, chair):
    assert (raised.stage, raised.status, raised.raised_by) == (Stage.WORKERS, Status.OPEN, worker)
    assert raised.meanwhile == "A visit every day."
    assert Notice.objects.get(to=chair).urgent
    owed = raised.deadlines.open().get()
    assert (owed.holder, owed.due_at.date()) == (worker, (MONDAY + timedelta(days=2)).date())


def test_a_notice_of_it_holds_no_word_of_it(raised, chair):
    notice = Notice.objects.get(to=chair)

    assert notice.reference == raised.reference
    assert "tier" not in notice.title.lower()
    assert raised.family.name not in notice.title


def test_whoever_does_not_see_the_case_has_nothing_to_disagree_with(led_case, stranger, practitioner):
    assert find(str(led_case), stranger) is None
    assert find(str(led_case), practitioner) is None


def test_a_specialist_on_the_team_may_disagree_with_the_lead(led_case, practitioner, worker):
    TeamMember.objects.create(case=led_case, user=practitioner, role="specialist", from_at=MONDAY)
    raised = disagreed(by=practitioner, record=led_case, about=About.STEP)

    assert raised.other == worker  # no chair is posted here, and the lead speaks for what was decided
    assert sees(worker, raised)


def test_the_same_disagreement_is_open_once(raised, led_case, worker):
    with pytest.raises(NotPossible):
        disagreed(by=worker, record=led_case)
    assert Disagreement.objects.count() == 1

    resolve(raised, by=worker, now=LATER, **ENDS)
    disagreed(by=worker, record=led_case)
    assert Disagreement.objects.count() == 2


def test_a_tier_is_not_decided_in_a_hand_over(practitioner, melton):
    handover = handed_over(by=practitioner, family=FamilyFactory(area=melton))

    with pytest.raises(NotPossible):
        disagreed(by=practitioner, record=handover, about=About.TIER)
    assert not Disagreement.objects.exists()


def test_each_stage_has_two_working_days_and_those_who_hold_it(raised, worker, chair, manager, service_manager):
    second = further(raised, by=worker)
    assert second.deadlines.open().get().holder == manager
    assert f"Settle disagreement {raised}, stage 2: managers" in lines(manager)
    assert not any(str(raised) in line for line in lines(worker))

    third = further(second, by=manager)
    owed = third.deadlines.open().get()
    assert (owed.holder_role, owed.due_at) == (Role.HUB_CHAIR, LATER + (owed.due_at - LATER))
    for person in (chair, service_manager):
        assert any(str(raised) in line for line in lines(person))
    assert not any(str(raised) in line for line in lines(manager))

    fourth = further(third, by=chair)
    assert fourth.deadlines.open().get().holder_role == Role.SERVICE_MANAGER
    assert any(str(raised) in line for line in lines(service_manager))
    assert not any(str(raised) in line for line in lines(chair))
    assert [stage.stage for stage in fourth.stages.order_by("stage")] == [1, 2, 3, 4]


def test_those_of_a_stage_hear_when_it_begins_and_nobody_before(raised, worker, service_manager):
    assert not Notice.objects.filter(to=service_manager).exists()

    further(raised, by=worker, times=2)
    assert Notice.objects.get(to=service_manager).urgent


def test_there_is_no_fifth_stage(raised, worker):
    last = further(raised, by=worker, times=3)

    with pytest.raises(NotPossible):
        further(last, by=worker)
    assert last.stages.filter(until_at=None).get().stage == Stage.PARTNERSHIP


def test_settling_it_says_how_and_ends_what_was_owed(raised, worker, chair, manager):
    second = further(raised, by=worker)
    done = resolve(second, by=manager, now=LATER, outcome="The chair steps up today.", spoke_with="Both managers.")

    assert (done.status, done.outcome, done.resolved_at) == (Status.RESOLVED, "The chair steps up today.", LATER)
    assert not done.deadlines.open().exists()
    assert done.stages.get(stage=2).ended_by == manager
    assert Notice.objects.filter(to=worker, title="A disagreement is settled").count() == 1
    assert not Notice.objects.filter(to=manager, title="A disagreement is settled").exists()


def test_what_is_settled_is_not_settled_again(raised, worker):
    resolve(raised, by=worker, now=LATER, **ENDS)

    for step in (resolve, take_further):
        with pytest.raises(NotPossible):
            step(raised, by=worker, now=LATER, **ENDS)


@pytest.mark.parametrize("who", ["stranger", "other_worker", "practitioner", "service_manager"])
def test_nobody_else_sees_or_settles_it(request, raised, who):
    other = request.getfixturevalue(who)

    assert not sees(other, raised)
    with pytest.raises(PermissionDenied):
        resolve(raised, by=other, now=LATER, **ENDS)
    assert Disagreement.objects.get().status == Status.OPEN


def test_who_reads_of_it_through_the_case_does_not_settle_it(raised, coordinator):
    assert sees(coordinator, raised)

    with pytest.raises(PermissionDenied):
        resolve(raised, by=coordinator, now=LATER, **ENDS)


def test_to_settle_it_opens_nothing_of_the_family(raised, led_case, worker, service_manager):
    further(raised, by=worker, times=2)

    assert sees(service_manager, raised)
    service_manager.forget_scope()
    assert not Case.objects.for_user(service_manager).exists()


def test_of_a_restricted_family_it_is_settled_with_the_governance_lead(
    led_case, worker, chair, manager, service_manager, county
):
    lead = PostFactory(role=Role.IG_LEAD, area=county).user
    Case.objects.update(restricted=True)
    led_case.family.restricted = True
    led_case.family.save()
    raised = further(disagreed(by=worker, record=led_case), by=worker, times=2)

    assert sees(lead, raised)
    assert raised.deadlines.open().get().holder_role == Role.IG_LEAD
    for person in (chair, manager, service_manager):
        assert not sees(person, raised)
        assert not Notice.objects.filter(to=person, key__contains=":stage:").exists()


def test_where_nobody_manages_who_raised_it_a_manager_of_the_area_does(led_case, practitioner, manager, melton):
    other = PostFactory(role=Role.TEAM_MANAGER, area=melton).user
    handover = handed_over(by=practitioner, family=FamilyFactory(area=melton))
    raised = further(disagreed(by=practitioner, record=handover, about=About.HANDOVER), by=practitioner)

    assert raised.deadlines.open().get().holder_role == Role.TEAM_MANAGER
    assert any(str(raised) in line for line in lines(other))


def test_of_a_hand_over_eh_access_and_who_sent_it_hear(practitioner, access_worker, melton):
    handover = handed_over(by=practitioner, family=FamilyFactory(area=melton))
    raised = disagreed(by=access_worker, record=handover, about=About.HANDOVER)

    assert raised.other == practitioner
    assert sees(practitioner, raised)
    assert Notice.objects.filter(to=practitioner, key__endswith=":raised").exists()


def test_what_applies_meanwhile_may_change_and_what_was_before_is_kept(raised, worker):
    changed = set_meanwhile(raised, by=worker, now=LATER, meanwhile="The child stays with her grandmother.")
    assert changed.meanwhile == "The child stays with her grandmother."

    kept = take_further(changed, by=worker, now=LATER, meanwhile="", **ENDS)
    assert kept.meanwhile == "The child stays with her grandmother."


@pytest.mark.parametrize("change", [{"meanwhile": ""}, {"status": "resolved"}, {"stage": 5}, {"case": None}])
def test_the_database_itself_refuses_what_cannot_be(raised, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Disagreement.objects.filter(pk=raised.pk).update(**change)
