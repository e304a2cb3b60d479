"""Story 9: what the school does makes no difference, and on evidence it is changed: the hub gives more, to somebody else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.enums import AssessmentStatus
from assessments.models import Review
from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Case, TierChange
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from hubs.enums import StepStatus
from hubs.models import AgendaItem, HubDecision, StepRequest
from hubs.services.agenda import gather
from hubs.services.steps import follow_up_steps
from tests.assessments.factories import assessed, family_of
from tests.factories import AgencyFactory, CaseFactory, ServiceFactory
from tests.stories.front_door import passes_on
from tests.stories.support import assesses, review, review_page

WORSE = "She has not been at school since half-term; her mother sits up with her at night."
EVIDENCE = {
    "to_tier": "3",
    "what_changed": WORSE,
    "tried": "A calm room and a mentor for eighteen weeks. Three readings, all alike.",
    "views": "“I cannot go through that door.”",
    "agreement": "agreed",
    "agreement_note": "“We need somebody who comes to us.”",
    "risk_if_nothing": "She goes out no more.",
    "wanted": "An intensive worker who visits at home.",
    "handover_note": "She talks while she draws.",
    "joint_visit": "On the first Tuesday, at home.",
}


@pytest.fixture
def tess(seat, melton):
    """Of the school; may lead at tier 2."""
    school = AgencyFactory(name="Riverside Primary", kind="school")
    return seat("Tess Marlow", melton, agency=school, takes_cases=True)


@pytest.fixture
def sam(seat, melton):
    return seat("Sam Whitlock", melton, takes_cases=True, intensive=True)


@pytest.fixture
def asha(seat, county):
    return seat("Asha Rahman", county, Role.EH_ACCESS)


@pytest.fixture
def camhs():
    return ServiceFactory(name="Mental health support team")


@pytest.fixture
def case(melton, tess):
    """Tier 2, assessed and planned: one need, read as 1, and a child."""
    case = CaseFactory.led_by(
        tess.user, area=melton, family__name="Hollis", family__area=melton, level_of_need=2, status=Status.ASSESSING
    )
    _, ada = family_of(case)
    type(ada).objects.filter(pk=ada.pk).update(first_name="Ada")
    assessed(case, by=tess.user, needs=("education",), now=timezone.now())
    Case.objects.filter(pk=case.pk).update(status=Status.SUPPORTED, tier=2)
    return Case.objects.get(pk=case.pk)


def test_what_makes_no_difference_is_changed(tess, asha, sam, hub, case, camhs, clock):
    meeting = hub.meets(weeks=22)
    _two_readings_are_the_same(tess, case, clock)
    asha.may_not(case.get_absolute_url())
    _the_assessment_is_written_anew(tess, case)
    step = _the_hub_is_asked(tess, case)
    _eh_access_looks_at_it_first(asha, hub, step)
    _she_cannot_approve_it(tess, case)
    item = hub.hears_of(case)
    clock.forward(weeks=3)
    hub.publishes(meeting)
    clock.to(timezone.localdate(meeting.starts_at))
    hub.starts(meeting)
    _the_hub_approves(hub, item, tess, sam, camhs)
    _tess_leads_until_sam_accepts(tess, sam, case, step)
    _it_is_written_down_once_and_for_good(hub, case, meeting)
    _nobody_is_told_more_than_a_number(case)


def _two_readings_are_the_same(tess, case, clock):
    """R11. Once may be waited out; a second time nobody carries on as before without a word."""
    address, as_before = (
        review_page(case),
        {"readings": {"education": "1"}, "voices": {"Ada": "“The corridor is loud.”"}},
    )
    clock.forward(weeks=6)
    tess.sends(address, **review(case, decision="continue", **as_before))
    clock.forward(weeks=12)
    page = tess.is_refused(address, **review(case, decision="continue", **as_before))
    assert "Two readings running show no progress." in page
    assert Review.objects.count() == 1
    asked = tess.sends(address, **review(case, decision="step_up", **as_before))
    assert "Which tier do you ask for?" in asked  # it leads to where it is asked
    assert [notice.title for notice in Notice.objects.filter(to=tess.user)] == ["Consider asking for a step up"]


def _the_assessment_is_written_anew(tess, case):
    """R7. Nothing is sent before that is done, and the page says so before she types; the one before stays to be read."""
    before, address = case.assessments.get(), f"/hubs/steps/{case.reference}/"
    assert "The assessment has not been updated since the review of" in tess.opens(address)
    assert "assess the family again" in tess.is_refused(address, **EVIDENCE)
    case.refresh_from_db()
    assert case.status == Status.SUPPORTED
    assert not StepRequest.objects.exists()
    said = {"voices": {"Ada": "“I cannot go through that door.”"}, "worry": WORSE, "level": "3"}
    assesses(tess, case, needs={"education": "0"}, **said)
    before.refresh_from_db()
    case.refresh_from_db()
    assert before.status == AssessmentStatus.SUPERSEDED
    assert (case.level_of_need, case.tier) == (3, 2)  # what they need; what they are given only the hub changes (T2)


def _the_hub_is_asked(tess, case):
    """With the evidence of 8.2, and what whoever leads next has to know (6.5); and not without any of it."""
    address = f"/hubs/steps/{case.reference}/"
    for missing in EVIDENCE:
        tess.is_refused(address, **{name: said for name, said in EVIDENCE.items() if name != missing})
    assert not StepRequest.objects.exists()
    assert "looked at by EH Access first" in tess.sends(address, **EVIDENCE)
    return StepRequest.objects.get()


def _eh_access_looks_at_it_first(asha, hub, step):
    """R7. Whether it is complete, and what agencies know: until then it stands on no agenda. The case they read from now on."""
    gather(now=timezone.now())
    assert not AgendaItem.objects.live().filter(case=step.case).exists()
    assert "A step to tier 3 was asked for" in asha.opens(step.case.get_absolute_url())
    passes_on(asha, step, known="CAMHS has known Ada since May.")


def _she_cannot_approve_it(tess, case):
    tess.may_not(f"/hubs/chairs-action/{case.reference}/", f"/hubs/decide/{case.reference}/")
    assert "Chair’s action" not in tess.opens(case.get_absolute_url())


def _the_hub_approves(hub, item, tess, sam, camhs):
    """T3: whoever leads at tier 3 is an intensive worker, with a named specialist beside them."""
    tess.may_not(item.get_absolute_url())
    page = hub.chair.opens(item.get_absolute_url())
    assert WORSE in page
    asked = {"decision": "approve_step", "rationale": "Coordination is not enough.", "preference": "asked"}
    asked |= {"preference_note": "Somebody who comes to us."}
    without = hub.chair.is_refused(item.get_absolute_url(), worker=sam.user.pk, **asked)
    assert "Choose a specialist service, or say why there is none" in without
    not_intensive = hub.chair.is_refused(item.get_absolute_url(), specialists=[camhs.pk], **asked)
    assert "Tier 3 is led by an intensive family worker" in not_intensive
    assert not HubDecision.objects.exists()
    hub.chair.sends(item.get_absolute_url(), worker=sam.user.pk, specialists=[camhs.pk], **asked)


def _tess_leads_until_sam_accepts(tess, sam, case, step):
    case.refresh_from_db()
    step.refresh_from_db()
    assert (case.tier, case.lead, step.status) == (3, tess.user, StepStatus.APPROVED)
    assert sam.has_to_do("Accept or decline the Hollis family")
    assert "She talks while she draws. Visiting together: On the first Tuesday" in sam.opens(
        f"{case.get_absolute_url()}do/take_over/"
    )
    sam.sends(f"{case.get_absolute_url()}do/take_over/")
    follow_up_steps(now=timezone.now())  # the sweep that looks what has come of what was approved
    case.refresh_from_db()
    step.refresh_from_db()
    assert (case.status, case.tier, case.lead, step.status) == (Status.SUPPORTED, 3, sam.user, StepStatus.ENACTED)
    ended, began = case.allocations.get(worker=tess.user), case.allocations.get(worker=sam.user)
    assert ended.ended_at == began.answered_at
    assert case.team.current().filter(service__name="Mental health support team").exists()
    assert case.next_review_on == timezone.localdate() + timedelta(weeks=6)


def _it_is_written_down_once_and_for_good(hub, case, meeting):
    """T2: from what, to what, why, by whom and where."""
    change = TierChange.objects.get(case=case)
    decision = HubDecision.objects.get(case=case)
    assert (change.from_tier, change.to_tier, change.decided_by) == (2, 3, hub.chair.user)
    assert (decision.kind, decision.by, decision.meeting) == ("approve_step", hub.chair.user, meeting)
    assert change.reason == decision.rationale == "Coordination is not enough."


def _nobody_is_told_more_than_a_number(case):
    told = " ".join(f"{each.title} {each.url}" for each in Notice.objects.all())
    for words in ("Hollis", "school", "night", "door"):
        assert words not in told
