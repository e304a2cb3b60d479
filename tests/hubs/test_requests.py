"""A chair's action: the other agency is asked, and answers for itself; or the chair writes down what it said, and when."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible
from hubs import transitions
from hubs.models import ChairsRequest, HubDecision
from hubs.panels import requests_of_chairs
from hubs.services.interests import declare
from hubs.services.requests import ask_to_agree
from tests.factories import CaseFactory, UserFactory
from tests.hubs.factories import ItemFactory, MeetingFactory, SeatFactory
from tests.hubs.test_decision_pages import decision, token

NOW = timezone.now()
HELPED = {"kind": "signpost", "rationale": "It cannot wait.", "where": "The library"}
SAYS = "Signpost to a service that has a place this week only."


@pytest.fixture
def urgent(hub, members, melton):
    return ItemFactory(
        meeting=MeetingFactory(hub=hub, starts_at=NOW + timedelta(days=9)),
        case=CaseFactory(area=melton, urgent=True),
        urgent=True,
    )


@pytest.fixture
def waiting(urgent, chair, member):
    return ask_to_agree(urgent.case, by=chair, now=NOW, asked=member, proposal=SAYS)


def test_somebody_of_another_agency_is_asked_and_answers_on_a_page_that_names_nobody(
    sign_in, urgent, chair, member, worker
):
    client, url = sign_in(chair), f"/hubs/chairs-action/{urgent.case.reference}/"
    page = client.get(f"{url}ask/")
    assert client.post(f"{url}ask/", {"token": token(page), "asked": member.pk, "proposal": SAYS}).status_code == 302
    notice = Notice.objects.get(to=member)
    assert notice.title == "The chair of a hub asks whether your agency agrees"
    member.forget_scope()
    assert [line.url for line in requests_of_chairs(member, NOW)] == [notice.url]

    page = sign_in(member).get(notice.url)
    assert SAYS in page.text
    assert str(urgent.case.family) not in page.text
    assert sign_in(member).get(urgent.case.get_absolute_url()).status_code == 404
    sent = {"token": token(page), "agrees": "yes", "answer": "We hold a place."}
    assert sign_in(member).post(notice.url, sent).status_code == 302
    assert Notice.objects.get(to=chair).title == "Another agency has answered about a chair’s action"

    client = sign_in(chair)
    page = client.get(url)
    assert "We hold a place." in page.text
    sent = decision(page, decision="signpost", where="The library", agreed_by=member.pk)
    assert client.post(url, sent).status_code == 302
    made = HubDecision.objects.get()
    assert (made.agreed_by, made.agreed_themselves, made.agreed_at) == (
        member,
        True,
        ChairsRequest.objects.get().answered_at,
    )
    assert "who answered here" in made.in_agreement
    assert not Notice.objects.filter(title="A chair’s action says that you agreed to it").exists()


def test_a_spoken_agreement_is_written_down_with_its_moment_and_they_are_told(urgent, chair, member):
    before = NOW - timedelta(hours=3)
    transitions.decide_out_of_meeting(urgent, by=chair, now=NOW, agreed_by=member, agreed_at=before, **HELPED)
    made = HubDecision.objects.get()
    assert (made.agreed_at, made.agreed_themselves) == (before, False)
    assert "on the chair’s word" in made.in_agreement
    assert Notice.objects.get(to=member).title == "A chair’s action says that you agreed to it"


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (lambda case: NOW + timedelta(days=1), "in the future"),
        (lambda case: case.accepted_at - timedelta(minutes=1), "before the family came to early help"),
    ],
)
def test_nobody_agreed_in_the_future_or_before_the_family_came(sign_in, urgent, chair, member, when, words):
    """Said beside the question, with what was typed still in it."""
    moment = timezone.localtime(when(urgent.case))
    parts = {"day": moment.day, "month": moment.month, "year": moment.year, "time": f"{moment:%H:%M}"}
    client, url = sign_in(chair), f"/hubs/chairs-action/{urgent.case.reference}/"
    typed = {f"agreed_at_{part}": value for part, value in parts.items()}
    sent = decision(client.get(url), decision="signpost", where="The library", agreed_by=member.pk, **typed)

    answer = client.post(url, sent)

    assert answer.status_code == 409
    assert words in answer.context["form"].errors["agreed_at"][0]
    assert not HubDecision.objects.exists()


def test_somebody_may_agree_in_the_minute_in_which_the_family_comes(urgent, chair, member):
    urgent.case.accepted_at += timedelta(seconds=40)
    urgent.case.save()
    came_in_this_minute = urgent.case.accepted_at.replace(second=0, microsecond=0)
    transitions.decide_out_of_meeting(
        urgent, by=chair, now=NOW, agreed_by=member, agreed_at=came_in_this_minute, **HELPED
    )
    assert HubDecision.objects.get().agreed_at == came_in_this_minute


def test_what_the_chair_wrote_of_the_future_is_refused_though_they_answered_themselves(waiting, urgent, chair, member):
    transitions.agree(waiting, by=member, now=NOW)
    with pytest.raises(NotPossible, match="in the future"):
        transitions.decide_out_of_meeting(
            urgent, by=chair, now=NOW, agreed_by=member, agreed_at=NOW + timedelta(days=1), **HELPED
        )
    assert not HubDecision.objects.exists()


def test_whoever_does_not_agree_is_not_written_down_as_agreeing(waiting, urgent, chair, member, members):
    transitions.disagree(waiting, by=member, now=NOW, answer="The place is gone.")
    with pytest.raises(NotPossible, match="does not agree: The place is gone"):
        transitions.decide_out_of_meeting(urgent, by=chair, now=NOW, agreed_by=member, **HELPED)
    assert not HubDecision.objects.exists()
    transitions.decide_out_of_meeting(urgent, by=chair, now=NOW, agreed_by=members[1], **HELPED)
    assert HubDecision.objects.get().agreed_by == members[1]


def test_a_no_says_why(waiting, member):
    with pytest.raises(NotPossible, match="why you do not agree"):
        transitions.disagree(waiting, by=member, now=NOW, answer="")
    waiting.refresh_from_db()
    assert waiting.status == "asked"


def test_only_whoever_was_asked_answers_and_once(waiting, chair, member, members, stranger):
    for who in (chair, members[1], stranger):
        with pytest.raises(PermissionDenied):
            transitions.agree(waiting, by=who, now=NOW)
    transitions.agree(waiting, by=member, now=NOW)
    with pytest.raises(NotPossible):
        transitions.disagree(waiting, by=member, now=NOW, answer="No after all.")


@pytest.mark.parametrize("who", ["stranger", "worker", "coordinator"])
def test_nobody_else_reads_what_was_asked(request, sign_in, waiting, who):
    assert sign_in(request.getfixturevalue(who)).get(waiting.get_absolute_url()).status_code == 404


def test_whoever_has_an_interest_in_the_family_is_not_asked_and_reads_no_more_of_it(
    sign_in, waiting, urgent, chair, member, members
):
    for user in (member, members[1]):
        declare(urgent.case, user=user, by=chair, now=NOW)
    assert sign_in(member).get(waiting.get_absolute_url()).status_code == 404
    with pytest.raises(NotPossible, match="declared an interest"):
        ask_to_agree(urgent.case, by=chair, now=NOW, asked=members[1], proposal=SAYS)


def test_a_colleague_of_the_chair_is_not_asked(hub, urgent, chair):
    colleague = SeatFactory(hub=hub, user=UserFactory(agency=chair.agency)).user
    with pytest.raises(NotPossible, match="another agency"):
        ask_to_agree(urgent.case, by=chair, now=NOW, asked=colleague, proposal=SAYS)
    assert not ChairsRequest.objects.exists()


def test_what_is_asked_names_nobody(urgent, chair, member):
    urgent.case.family.name = "Okafor"
    urgent.case.family.save()
    with pytest.raises(NotPossible, match="names the family"):
        ask_to_agree(urgent.case, by=chair, now=NOW, asked=member, proposal="The Okafor children need it.")
    assert not ChairsRequest.objects.exists()


def test_of_a_restricted_record_nobody_is_asked(urgent, chair, member):
    type(urgent.case).objects.update(restricted=True, named_chair=chair)
    urgent.case.refresh_from_db()
    with pytest.raises(NotPossible, match="restricted"):
        ask_to_agree(urgent.case, by=chair, now=NOW, asked=member, proposal=SAYS)
    assert not ChairsRequest.objects.exists()


def test_nobody_is_asked_twice_before_they_have_answered(waiting, urgent, chair, member):
    with pytest.raises(NotPossible, match="is asked already"):
        ask_to_agree(urgent.case, by=chair, now=NOW, asked=member, proposal=SAYS)
    assert ChairsRequest.objects.count() == 1


@pytest.mark.parametrize("who", ["member", "coordinator", "worker"])
def test_only_whoever_decides_asks(request, sign_in, urgent, who, members):
    client = sign_in(request.getfixturevalue(who))
    assert client.get(f"/hubs/chairs-action/{urgent.case.reference}/ask/").status_code == 404
