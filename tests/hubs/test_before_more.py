"""More is asked for on an assessment that knows what the last review found (domain.md 8.1 U2, R7, story 9)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.services import assessing
from assessments.services.reviewing import record_review
from assessments.transitions import complete
from earlyhelp.cases.enums import Status
from earlyhelp.cases.guards import obstacles_to_more
from earlyhelp.cases.models import Case
from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible
from hubs.models import StepRequest
from hubs.services.steps import request_step
from tests.assessments.factories import assessed, family_of, found, write_all
from tests.factories import MONDAY, CaseFactory
from tests.hubs.factories import EVIDENCE

BELOW = {"taker": "The school.", "contingency": "Ring the school."}
NOT_UPDATED = "The assessment has not been updated since the review of"
WEEK = timedelta(weeks=1)


@pytest.fixture
def case(melton, worker):
    """Supported at tier 2; assessed on MONDAY, and reviewed six weeks later: nothing has moved."""
    case = CaseFactory.led_by(worker, area=melton, status=Status.ASSESSING)
    family_of(case)
    assessed(case, by=worker, now=MONDAY)
    Case.objects.filter(pk=case.pk).update(status=Status.SUPPORTED, tier=2)
    return reviewed(Case.objects.get(pk=case.pk), worker, MONDAY + 6 * WEEK)


def reviewed(case, worker, now):
    said = {"risk": "unchanged", "decision": "step_up", "summary": "As it was."}
    record_review(case, by=worker, now=now, held_on=now.date(), found=found(case, readings={"housing": 1}), **said)
    return Case.objects.get(pk=case.pk)


def ask(case, worker, *, after, to_tier=3, **evidence):
    return request_step(
        Case.objects.get(pk=case.pk), by=worker, now=MONDAY + after, to_tier=to_tier, **EVIDENCE | evidence
    )


def nothing_was_asked(case):
    case.refresh_from_db()
    owed = case.deadlines.open().filter(code__in=("D_STEP", "D_STEP_CHECK"))
    return case.status == Status.SUPPORTED and not (owed.exists() or StepRequest.objects.exists())


def test_more_is_not_asked_for_on_an_assessment_from_before_the_last_review(case, worker, chair):
    with pytest.raises(NotPossible, match=NOT_UPDATED):
        ask(case, worker, after=6 * WEEK)
    assert nothing_was_asked(case)
    assert not Notice.objects.filter(to=chair).exists()


def test_a_new_version_that_is_not_completed_is_not_enough(case, worker):
    assessing.start(case, by=worker, now=MONDAY + 6 * WEEK)
    with pytest.raises(NotPossible, match="complete it"):
        ask(case, worker, after=6 * WEEK)
    assert nothing_was_asked(case)


def test_once_it_is_completed_more_is_asked_for(case, worker):
    again = assessing.start(case, by=worker, now=MONDAY + 6 * WEEK)
    write_all(again, by=worker, now=MONDAY + 6 * WEEK)
    complete(again, by=worker, now=MONDAY + 7 * WEEK, family_has_copy="yes")
    assert ask(case, worker, after=7 * WEEK).to_tier == 3


@pytest.mark.parametrize(("before", "enough"), [(13, True), (14, True), (15, False)])
def test_one_of_the_two_weeks_before_a_review_was_written_for_it(case, worker, before, enough):
    held = MONDAY + 18 * WEEK
    assessed(case, by=worker, now=held - timedelta(days=before))
    case = reviewed(case, worker, held)
    assert (not obstacles_to_more(case)) == enough


def test_until_a_review_was_held_the_first_assessment_stands(melton, worker):
    case = CaseFactory.led_by(worker, area=melton, status=Status.ASSESSING)
    assessed(case, by=worker, now=MONDAY)
    Case.objects.filter(pk=case.pk).update(status=Status.SUPPORTED)
    assert ask(case, worker, after=5 * WEEK).to_tier == 3


def test_less_waits_for_no_assessment(case, worker):
    assert ask(case, worker, after=6 * WEEK, to_tier=1, **BELOW).to_tier == 1


def test_what_cannot_wait_for_the_meeting_waits_for_no_assessment(case, worker):
    step = ask(case, worker, after=6 * WEEK, urgent_why="The bailiffs come on Friday.")
    assert (step.to_tier, step.case.status) == (3, Status.STEP_REQUESTED)


# --- on the pages -------------------------------------------------------------------------------------------------------


def test_it_is_said_before_anybody_types_and_leads_to_where_it_is_put_right(sign_in, case, worker):
    client, url = sign_in(worker), f"/hubs/steps/{case.reference}/"
    page = client.get(url)
    assert NOT_UPDATED in page.text
    assert f'href="/cases/{case.reference}/assessment/"' in page.text
    assert "say below why it cannot" in page.text
    assert "Assess again" in client.get(f"/cases/{case.reference}/assessment/").text

    sent = EVIDENCE | {"token": page.context["form"]["token"].value(), "to_tier": "3"}
    refused = client.post(url, sent)
    assert refused.status_code == 409
    assert EVIDENCE["what_changed"] in refused.text  # nothing that was typed is lost
    assert nothing_was_asked(case)


def test_where_nothing_stands_in_the_way_nothing_is_said(sign_in, led_case, worker):
    assert "Before you ask for a step up" not in sign_in(worker).get(f"/hubs/steps/{led_case.reference}/").text


def test_eh_access_reads_on_an_urgent_request_what_it_did_not_wait_for(sign_in, case, worker, access_worker):
    at = (timezone.now() - MONDAY) - timedelta(hours=1)
    step = ask(case, worker, after=at, urgent_why="The bailiffs come on Friday.")
    page = sign_in(access_worker).get(step.get_absolute_url()).text
    assert "It cannot wait, and so it did not wait for this" in page
    assert NOT_UPDATED in page
