"""What the front door asks of a person today, on their home page."""

from datetime import timedelta

import pytest

from earlyhelp.core.calendar import add_working_days
from referrals import todo
from referrals.transitions.handover import accepted, acknowledge
from referrals.transitions.referral import signpost, tell_family
from tests.factories import MONDAY, CaseFactory, ServiceFactory
from tests.referrals.factories import handed_over

LATER = MONDAY + timedelta(hours=1)


def lines(source, user):
    return [(line.text, line.url) for line in source(user, LATER)]


@pytest.fixture
def handover(led_case, practitioner):
    return handed_over(by=practitioner, case=led_case, family=led_case.family)


def test_a_handover_about_a_case_that_one_leads_stands_on_the_list_until_social_care_answers(handover, worker):
    expected = f"Read hand-over {handover.reference}, about your case {handover.case}: social care has yet to answer"
    worker.forget_scope()
    assert lines(todo.handovers_of_cases_i_lead, worker) == [(expected, handover.get_absolute_url())]

    taken = acknowledge(handover, by=handover.author, now=LATER, spoken_to="Duty")
    assert len(lines(todo.handovers_of_cases_i_lead, worker)) == 1

    accepted(taken, by=handover.author, now=LATER, answer="They assess.")
    assert lines(todo.handovers_of_cases_i_lead, worker) == []


def test_a_handover_that_one_wrote_oneself_is_not_said_twice(led_case, worker):
    handed_over(by=worker, case=led_case, family=led_case.family)
    worker.forget_scope()

    assert lines(todo.handovers_of_cases_i_lead, worker) == []


def test_nobody_else_is_told_of_it(handover, other_worker, stranger):
    for person in (other_worker, stranger):
        assert lines(todo.handovers_of_cases_i_lead, person) == []


def test_its_line_names_nobody(handover, worker):
    worker.forget_scope()
    [(said, _)] = lines(todo.handovers_of_cases_i_lead, worker)

    assert handover.case.family.name not in said
    assert handover.about not in said


def test_whoever_decided_is_reminded_to_tell_the_family_until_it_was_told(in_triage, access_worker):
    facts = {"reason": "r", "message": "m", "level_of_need": 2, "services": [ServiceFactory()], "family_told": False}
    decided = signpost(in_triage, by=access_worker, now=LATER, **facts)

    [line] = todo.families_to_tell(access_worker, LATER)
    assert decided.reference in line.text
    assert line.url.endswith("/do/tell_family/")
    assert line.due_at.date() == add_working_days(LATER.date(), 2)

    tell_family(decided, by=access_worker, now=LATER, how="I rang.")
    assert lines(todo.families_to_tell, access_worker) == []


def test_a_colleague_who_did_not_decide_is_not_reminded(in_triage, access_worker, second_access_worker):
    facts = {"reason": "r", "message": "m", "level_of_need": 2, "services": [ServiceFactory()], "family_told": False}
    signpost(in_triage, by=access_worker, now=LATER, **facts)

    assert lines(todo.families_to_tell, second_access_worker) == []


def test_the_line_leads_to_a_page_that_is_there(client, in_triage, access_worker):
    facts = {"reason": "r", "message": "m", "level_of_need": 2, "services": [ServiceFactory()], "family_told": False}
    signpost(in_triage, by=access_worker, now=LATER, **facts)
    client.force_login(access_worker)

    assert client.get(lines(todo.families_to_tell, access_worker)[0][1]).status_code == 200


@pytest.mark.parametrize("number", [1, 20])
def test_each_source_asks_one_question_however_much_there_is(
    melton, worker, practitioner, number, django_assert_max_num_queries
):
    for _ in range(number):
        case = CaseFactory.led_by(worker, area=melton)
        handed_over(by=practitioner, case=case, family=case.family)
    assert worker.scope.ids("case_led")

    with django_assert_max_num_queries(1):
        assert lines(todo.handovers_of_cases_i_lead, worker)


@pytest.mark.parametrize(("restricted", "told"), [(False, "access_worker"), (True, "ig_lead")])
def test_a_handover_that_waits_stands_at_once_on_the_list_of_whoever_sees_to_it(
    handover, access_worker, ig_lead, restricted, told
):
    handover.family.restricted = restricted
    handover.family.save()
    said = {who.pk: lines(todo.handovers_to_chase, who) for who in (access_worker, ig_lead)}
    expected = f"Hand-over {handover.reference}: social care has not acknowledged it"

    told = {"access_worker": access_worker, "ig_lead": ig_lead}[told]
    assert said.pop(told.pk) == [(expected, handover.get_absolute_url())]
    assert list(said.values()) == [[]]


def test_the_longest_waiting_handover_stands_first_until_it_is_acknowledged(practitioner, access_worker, melton):
    late = handed_over(by=practitioner, now=LATER)
    early = handed_over(by=practitioner, now=MONDAY)

    assert [url for _, url in lines(todo.handovers_to_chase, access_worker)] == [
        early.get_absolute_url(),
        late.get_absolute_url(),
    ]
    acknowledge(early, by=practitioner, now=LATER, spoken_to="Duty")
    assert len(lines(todo.handovers_to_chase, access_worker)) == 1
