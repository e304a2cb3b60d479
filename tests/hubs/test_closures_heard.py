"""A closure before a meeting that sits is decided there; at any other time a chair or a manager may (domain.md 6.4, 6.5)."""

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from earlyhelp.cases import transitions as cases
from earlyhelp.cases.enums import Status
from earlyhelp.cases.todo import closures_to_ratify
from earlyhelp.workflow.transitions import NotPossible
from hubs import transitions
from hubs.enums import ItemKind
from hubs.models import HubDecision
from tests.factories import CaseFactory
from tests.hubs.factories import ItemFactory, MeetingFactory

NOW = timezone.now()
AGREED = {"end_reason": "outcomes_met", "reason": "It holds."}
ANSWERS = [("ratify_closure", AGREED), ("refuse_closure", {"reason": "Too early."})]
REFUSED = "it is decided there"


@pytest.fixture
def meeting(hub, chair, members):
    """In session today, and one agency too few: two have left."""
    sits = MeetingFactory.in_session(hub=hub, chair=chair, present=members, starts_at=NOW.replace(microsecond=0))
    sits.attendance.filter(user__in=members[1:]).update(presence="absent")
    return sits


@pytest.fixture
def closing(worker, melton):
    return CaseFactory.led_by(worker, area=melton, status=Status.CLOSING)


@pytest.fixture
def before_it(meeting, closing):
    return ItemFactory(meeting=meeting, case=closing, kind=ItemKind.CLOSURE)


def still_proposed(case):
    case.refresh_from_db()
    return case.status == Status.CLOSING


def called(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def to_do(user):
    return [each.url for each in closures_to_ratify(user, NOW)]


@pytest.mark.parametrize(("name", "said"), ANSWERS)
@pytest.mark.parametrize("who", ["chair", "manager"])
def test_nobody_decides_on_a_closure_past_the_meeting_that_hears_it(request, before_it, closing, who, name, said):
    with pytest.raises(NotPossible, match=REFUSED):
        getattr(cases, name)(closing, by=request.getfixturevalue(who), now=NOW, **said)
    assert still_proposed(closing)


@pytest.mark.parametrize(("name", "said"), ANSWERS)
def test_nor_by_the_page_of_the_case_nor_by_a_program(sign_in, before_it, closing, chair, name, said):
    page = f"{closing.get_absolute_url()}do/{name}/"
    sent = sign_in(chair).post(page, said)
    asked = called(chair).post(f"/api/cases/{closing.reference}/{name}/", said, format="json")
    for answer in (sent, asked):
        assert (answer.status_code, REFUSED in answer.content.decode()) == (409, True)
    assert still_proposed(closing)


def test_nor_is_it_offered_to_anybody_meanwhile(sign_in, before_it, closing, chair, manager):
    for user in (chair, manager):
        client = sign_in(user)
        page = client.get(closing.get_absolute_url()).text
        for name, _ in ANSWERS:
            assert f"do/{name}/" not in page
            shown = client.get(f"{closing.get_absolute_url()}do/{name}/").text
            assert REFUSED in shown
            assert "<textarea" not in shown
        moves = called(user).get(f"/api/cases/{closing.reference}/").json()["moves"]
        assert not {move["name"] for move in moves} & {"ratify_closure", "refuse_closure"}
        assert f"{closing.get_absolute_url()}do/ratify_closure/" not in to_do(user)


def test_the_meeting_itself_ratifies_it_once_it_is_quorate(before_it, closing, chair, members):
    said = {"kind": "ratify_closure", "rationale": "It holds.", "end_reason": "outcomes_met"}
    with pytest.raises(NotPossible, match="not quorate"):
        transitions.decide(before_it, by=chair, now=NOW, **said)
    before_it.meeting.attendance.update(presence="present")
    transitions.decide(before_it, by=chair, now=NOW, **said)
    closing.refresh_from_db()
    assert (closing.status, HubDecision.objects.get().by) == (Status.CLOSED, chair)


def test_the_meeting_itself_does_not_agree_to_it_either(before_it, closing, chair):
    before_it.meeting.attendance.update(presence="present")
    transitions.decide(before_it, by=chair, now=NOW, kind="refuse_closure", rationale="Too early.")
    closing.refresh_from_db()
    assert closing.status == Status.SUPPORTED


@pytest.mark.parametrize("made", ["published", "closed", "about something else", "of another family"])
def test_at_any_other_time_a_chair_or_a_manager_ratifies_it_from_the_case(
    sign_in, meeting, closing, chair, manager, melton, made
):
    kind = ItemKind.BLOCKAGE if made == "about something else" else ItemKind.CLOSURE
    case = CaseFactory(area=melton) if made == "of another family" else closing
    ItemFactory(meeting=meeting, case=case, kind=kind)
    if made in ("published", "closed"):
        type(meeting).objects.update(status=made, closed_at=NOW)
    page = f"{closing.get_absolute_url()}do/ratify_closure/"
    for user in (chair, manager):
        assert page in sign_in(user).get(closing.get_absolute_url()).text
        assert page in to_do(user)
    assert sign_in(chair).post(page, AGREED).status_code == 302
    closing.refresh_from_db()
    assert closing.status == Status.CLOSED
