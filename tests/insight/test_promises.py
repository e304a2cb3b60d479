"""Every promise with a date is a line on the home page of whoever holds it, and the line leads to where it is kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Goal, Plan, PlanAction
from earlyhelp.cases.enums import Status
from earlyhelp.core.todo import Todo
from earlyhelp.deadlines.services import promise
from earlyhelp.deadlines.standards import DEFAULTS
from earlyhelp.insight import home
from earlyhelp.partnership.enums import Role
from lac.services import introduce
from tests.factories import CaseFactory, PostFactory
from tests.insight.test_home import lines

NOW = timezone.now()

# Of the case's lead professional: the state in which it is owed, and the page that keeps it.
OF_THE_LEAD = {
    "D_FIRST_CONTACT": (Status.ALLOCATED, "/cases/{}/do/record_first_contact/"),
    "D_ASSESS": (Status.ASSESSING, "/cases/{}/assessment/"),
    "D_FIRST_TAF": (Status.PLANNING, "/cases/{}/plan/"),
    "D_REVIEW_FIRST": (Status.SUPPORTED, "/assessments/{}/reviews/record/"),
    "D_REVIEW": (Status.SUPPORTED, "/assessments/{}/reviews/record/"),
    "D_REASSESS": (Status.SUPPORTED, "/cases/{}/assessment/"),
    "D_TIMEBOX": (Status.SUPPORTED, "/cases/{}/do/end_timebox/"),
    "D_CLOSE": (Status.CLOSING, "/cases/{}/do/close_stepped_down/"),
    "D_FOLLOW_UP": (Status.SUPPORTED, "/cases/{}/"),
}
SHOWN_BY = {
    "D_ACCEPT": "tests/insight/test_home.py: accept or decline the family",
    "D_FOLLOW_UP_ANSWER": "below",
    "D_ACTION": "below, of the plan; tests/hubs/test_waiting.py, of the hub",
    "D_LAC_CONTACT": "below",
    "D_MMT_WAIT": "tests/hubs/test_waiting.py: waits past its day; else the meeting itself",
    "D_STEP": "tests/hubs/test_waiting.py: waits past its day; else the meeting itself",
    "D_STEP_CHECK": "hubs/panels.py; tests/hubs/test_routes_up.py",
    "D_URGENT_HUB": "tests/hubs/test_waiting.py: urgent, or declined",
    "D_ACK": "nowhere: it is kept in the moment in which a contact is recorded",
    "D_ADVICE_FOLLOW_UP": "referrals/todo.py",
    "D_HARM": "referrals/todo.py",
    "D_REPEAT_OFFER": "referrals/todo.py",
    "D_OFFER_AGAIN": "referrals/todo.py",
    "D_PICKUP": "referrals/todo.py",
    "D_TRIAGE": "referrals/todo.py",
    "D_SECOND_LOOK": "referrals/todo.py",
    "D_OUTCOME": "referrals/todo.py",
    "D_INFO": "referrals/todo.py",
    "D_RR_ACK": "referrals/todo.py",
    "D_PRESCRIPTION": "earlyhelp/directory/todo.py",
    "D_ONWARD_UNANSWERED": "earlyhelp/directory/todo.py",
    "D_ONWARD_FOLLOW_UP": "earlyhelp/directory/todo.py",
    "D_SAR": "earlyhelp/records/todo.py",
    "D_RESTRICTED": "earlyhelp/families/todo.py",
    "D_RISK_HIGH": "tests/assessments/test_risks.py",
    "D_RISK_MEDIUM": "tests/assessments/test_risks.py",
    "D_RISK_LOW": "tests/assessments/test_risks.py",
    "D_BLOCKAGE": "tests/hubs/test_blockages.py",
    "D_BLOCKAGE_OWNER": "tests/hubs/test_blockages.py",
    "D_DISAGREE": "earlyhelp/disagreements/todo.py",
}


def test_every_standard_has_a_line():
    assert {code for code, *_ in DEFAULTS} == {*OF_THE_LEAD, *SHOWN_BY}


@pytest.mark.parametrize("code", OF_THE_LEAD)
def test_a_promise_of_the_lead_leads_to_where_it_is_kept(as_user, worker, melton, code):
    status, page = OF_THE_LEAD[code]
    more = {"timebox_ends_on": timezone.localdate()} if code == "D_TIMEBOX" else {}
    case = CaseFactory.led_by(worker, area=melton, status=status, closure_approved=code == "D_CLOSE", **more)
    promise(case, code, now=NOW, holder=worker, tier=2, due_at=NOW - timedelta(minutes=1))
    [(url, text)] = lines(as_user(worker))
    assert url == page.format(case.reference)
    assert text.endswith(f": {case.family}")
    assert as_user(worker).get(url).status_code == 200


def test_a_follow_up_leads_whoever_led_to_what_came_of_it(as_user, worker, melton):
    case = CaseFactory.led_by(
        worker,
        area=melton,
        status=Status.FOLLOW_UP,
        closed_on=timezone.localdate(),
        end_reason="outcomes_met",
        follow_up_agreed=True,
    )
    promise(case, "D_FOLLOW_UP_ANSWER", now=NOW, holder=worker, due_at=NOW)
    assert [url for url, _ in lines(as_user(worker))] == [f"/cases/{case.reference}/do/record_follow_up/"]


def test_a_deed_that_is_not_open_yet_leads_to_its_case(as_user, worker, melton):
    case = CaseFactory.led_by(worker, area=melton, status=Status.SUPPORTED)
    promise(case, "D_FOLLOW_UP_ANSWER", now=NOW, holder=worker, due_at=NOW)
    assert [url for url, _ in lines(as_user(worker))] == [case.get_absolute_url()]


def test_the_lead_answers_for_what_the_family_undertook(as_user, worker, other_worker, led_case):
    goal = Goal.objects.create(plan=Plan.objects.create(case=led_case), words="Bedtimes")
    said = {"case": led_case, "goal": goal, "due_on": timezone.localdate(), "how_we_will_know": "The diary"}
    PlanAction.objects.create(what="Ring the school", owner_name="Leanne", **said)
    PlanAction.objects.create(what="Fix the gate", owner=other_worker, **said)
    assert [text for _, text in lines(as_user(worker))] == [f"Ring the school (Leanne, {led_case.family})"]
    assert lines(as_user(other_worker)) == []


def test_a_coordinator_is_told_of_whoever_waits_to_hear_from_them(as_user, melton, worker):
    coordinator = PostFactory(role=Role.LAC_COORDINATOR, area=melton).user
    row = introduce(
        area=melton, source="gp", hopes="Company.", how_to_reach="Rings back.", agreed=True, by=worker, now=NOW,
        first_name="Gwen", last_name="Harlow",
    )  # fmt: skip
    assert [url for url, _ in lines(as_user(coordinator))] == [row.get_absolute_url()]


# --- in which order ----------------------------------------------------------------------------------------------------


def gathered(monkeypatch, *given):
    monkeypatch.setattr(home, "TODO", [lambda user, now: given])
    shown = home.today(None, now=NOON)
    return [line.text for line in shown.lines], [line.text for line in shown.later]


NOON = timezone.localtime(NOW).replace(hour=12, minute=0, second=0, microsecond=0)


def test_lines_stand_by_time_whichever_app_they_come_from(monkeypatch):
    given = [
        Todo(30, "overdue since Monday", "/", NOON - timedelta(days=3)),
        Todo(10, "overdue since yesterday", "/", NOON - timedelta(days=1)),
        Todo(30, "this afternoon", "/", NOON + timedelta(hours=3)),
        Todo(40, "whenever I like", "/"),
        Todo(5, "somebody waits", "/"),
        Todo(20, "tomorrow", "/", NOON + timedelta(days=1)),
        Todo(10, "next week", "/", NOON + timedelta(days=6)),
    ]
    today, later = gathered(monkeypatch, *reversed(given))
    assert today == [
        "overdue since Monday",
        "overdue since yesterday",
        "somebody waits",
        "this afternoon",
        "whenever I like",
    ]
    assert later == ["tomorrow", "next week"]


def test_what_is_urgent_stands_before_everything_and_is_of_today(monkeypatch):
    overdue = Todo(10, "long overdue", "/", NOON - timedelta(days=30))
    urgent = Todo(0, "urgent", "/", NOON + timedelta(days=2))
    assert gathered(monkeypatch, overdue, urgent) == (["urgent", "long overdue"], [])


def test_nothing_today_is_said_and_what_is_ahead_shown(as_user, worker, led_case):
    promise(led_case, "D_ASSESS", now=NOW, holder=worker, due_at=NOW + timedelta(days=3))
    page = as_user(worker).get("/").text
    assert "nothing of yours is due today" in page
    assert "Nothing needs you today" not in page
    assert page.index("In the days ahead") < page.index("Complete the assessment")
