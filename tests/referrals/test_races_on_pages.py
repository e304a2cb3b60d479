"""Two people at one page at once: one winner, the other is told who it was, and what they typed is there (promise P10)."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import User
from earlyhelp.workflow.transitions import NotPossible
from referrals.enums import RequestStatus, SuggestionStatus
from referrals.models import InformationRequest, Referral
from referrals.transitions.referral import advise, ask_agencies, stop_waiting
from referrals.transitions.request import nothing_held
from tests.factories import PostFactory, ServiceFactory, UserFactory
from tests.races import together
from tests.referrals.factories import got_in_touch, sent, taken

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "These are the words of one and of nobody else: number {}."


def text(response):
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode())


def at_once(people, address, said):
    """Each at a browser of their own, with words of their own, at the same moment. The winner's answer, then the loser's."""
    seats = []
    for number, person in enumerate(people):
        browser = Client()
        browser.force_login(person)
        typed = {name: value.format(number) if isinstance(value, str) else value for name, value in said.items()}
        seats.append((browser, typed | {"token": str(uuid.uuid4())}))
    answers = together(*(lambda b=browser, t=typed: b.post(address, t) for browser, typed in seats))
    assert sorted(each.status_code for each in answers) == [302, 409], [text(each)[-600:] for each in answers]
    won = answers[0].status_code != 302
    return people[won], text(answers[not won]), not won


def lost_nothing(loser, page):
    """Their own words stand on the page, and not the winner's."""
    assert WORDS.format(int(loser)) in page
    assert WORDS.format(int(not loser)) not in page


@pytest.fixture
def colleagues(access_worker, second_access_worker):
    return [access_worker, second_access_worker]


def test_one_takes_a_referral_and_the_other_reads_who(melton, practitioner, colleagues):
    referral = sent(area=melton, author=practitioner)

    winner, page, _ = at_once(colleagues, reverse("referrals:move", args=[referral.reference, "take"]), {})

    referral.refresh_from_db()
    assert referral.holder == winner
    assert str(winner) in page


DECISIONS = {
    "advise": {"advice": WORDS},
    "accept": {"proposed_tier": "2", "urgent": "no"},
    "withdraw": {"withdrawn_by": "referrer"},
}


@pytest.mark.parametrize("name", DECISIONS)
def test_one_decides_and_the_other_keeps_what_they_wrote(melton, practitioner, colleagues, name):
    referral = taken(area=melton, author=practitioner, by=colleagues[0])
    said = {"reason": WORDS, "message": "m", "level_of_need": "2", "family_told": "yes"} | DECISIONS[name]

    winner, page, loser = at_once(colleagues, reverse("referrals:move", args=[referral.reference, name]), said)

    referral.refresh_from_db()
    assert referral.decided_by == winner
    assert str(winner) in page
    lost_nothing(loser, page)
    assert referral.decisions.count() == (name != "withdraw")


@pytest.mark.parametrize("said", [{"reply": "answered", "known": WORDS}, {"reply": "declined", "reason": WORDS}])
def test_one_answers_for_the_agency_and_the_other_keeps_what_they_wrote(
    melton, school, contact, practitioner, access_worker, said
):
    second = PostFactory(user=UserFactory(agency=school), role=Role.AGENCY_CONTACT, area=melton).user
    referral = taken(area=melton, author=practitioner, by=access_worker)
    asked = {"agencies": [school], "question": "Known?", "lawful_basis": "public_task"}
    ask_agencies(referral, by=access_worker, now=timezone.now(), **asked)
    request = InformationRequest.objects.get()

    winner, page, loser = at_once([contact, second], request.get_absolute_url(), said)

    request.refresh_from_db()
    assert (request.answered_by, request.status) == (winner, said["reply"])
    assert str(winner) in page
    lost_nothing(loser, page)


def test_one_answers_a_contact_and_the_other_keeps_what_they_wrote(melton, colleagues):
    contact = got_in_touch(by=colleagues[0], area=melton)
    address = reverse("referrals:contact_move", args=[contact.reference, "advise"])

    winner, page, loser = at_once(colleagues, address, {"advice": WORDS})

    contact.refresh_from_db()
    assert contact.answered_by == winner
    assert contact.advice.count() == 1
    assert str(winner) in page
    lost_nothing(loser, page)


def test_one_writes_down_a_yes_and_the_other_keeps_what_they_wrote(asked, adviser, county):
    second = PostFactory(role=Role.FIRST_CONTACT_ADVISER, area=county).user
    suggestion = asked.suggestions.get(rule__code="see_a_doctor")
    address = reverse("referrals:suggestion", args=[asked.reference, suggestion.pk, "agree"])

    winner, page, loser = at_once([adviser, second], address, {"note": WORDS})

    suggestion.refresh_from_db()
    assert (suggestion.status, suggestion.answered_by) == (SuggestionStatus.YES, winner)
    assert str(winner) in page
    lost_nothing(loser, page)


# --- a page that was open for a while ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["signpost", "accept", "withdraw"])
def test_whoever_decides_after_a_colleague_did_keeps_what_they_wrote(client, melton, practitioner, colleagues, name):
    first, second = colleagues
    referral = taken(area=melton, author=practitioner, by=first)
    advise(referral, by=first, now=timezone.now(), reason="r", message="m", level_of_need=2, advice="a")
    client.force_login(second)
    said = {"reason": "I was slower.", "message": "My own message.", "level_of_need": "2", "family_told": "yes"}
    also = {"services": ServiceFactory().pk, "withdrawn_by": "referrer", "proposed_tier": "2", "urgent": "no"}

    page = client.post(reverse("referrals:move", args=[referral.reference, name]), said | also)

    assert page.status_code == 409
    assert str(first) in text(page)
    assert "I was slower." in text(page)
    assert referral.decisions.count() == 1


@pytest.fixture
def question(melton, school, practitioner, access_worker, contact):
    referral = taken(area=melton, author=practitioner, by=access_worker)
    asked = {"agencies": [school], "question": "Do you know Leanne?", "lawful_basis": "public_task"}
    ask_agencies(referral, by=access_worker, now=timezone.now() - timedelta(hours=1), **asked)
    return InformationRequest.objects.get()


def test_whoever_answers_after_a_colleague_keeps_their_words_and_reads_nothing_more(client, question, school, melton):
    first, second = (
        PostFactory(user=UserFactory(agency=school), role=Role.AGENCY_CONTACT, area=melton).user for _ in range(2)
    )
    client.force_login(first)
    client.post(question.get_absolute_url(), {"reply": "answered", "known": "The first to say it."})
    client.force_login(second)

    page = client.post(question.get_absolute_url(), {"reply": "answered", "known": "I was slower."})

    assert page.status_code == 409
    assert str(first) in text(page)
    assert "I was slower." in text(page)
    for word in ("The first to say it.", "Do you know Leanne?", "Tyler"):  # it is answered: it helps nobody any more
        assert word not in text(page)
    question.refresh_from_db()
    assert (question.status, question.known) == (RequestStatus.ANSWERED, "The first to say it.")
    assert client.get(question.get_absolute_url()).status_code == 404


def test_an_answer_sent_after_the_decision_is_kept_for_whoever_wrote_it(client, question, contact, access_worker):
    stop_waiting(question.referral, by=access_worker, now=timezone.now(), reason="The school rang.")
    said = {"reason": "r", "message": "m", "level_of_need": 2, "advice": "a"}
    advise(question.referral, by=access_worker, now=timezone.now(), **said)
    client.force_login(contact)

    page = client.post(question.get_absolute_url(), {"reply": "answered", "known": "I was slower."})

    assert page.status_code == 409
    assert "EH Access has decided meanwhile" in text(page)
    assert "I was slower." in text(page)
    assert "Tyler" not in text(page)
    question.refresh_from_db()
    assert (question.status, question.known) == (RequestStatus.LAPSED, "")


def test_a_contact_of_another_agency_learns_nothing_by_answering(client, question, contact, police_contact):
    client.force_login(contact)
    client.post(question.get_absolute_url(), {"reply": "nothing_held"})
    client.force_login(police_contact)

    assert client.post(question.get_absolute_url(), {"reply": "nothing_held"}).status_code == 404


def test_an_answer_that_is_being_written_while_it_is_decided_is_not_lost(question, contact, access_worker):
    """Whoever decides waits for nobody; a question that is still owed an answer takes it, also a moment afterwards."""
    stop_waiting(question.referral, by=access_worker, now=timezone.now(), reason="The school rang.")
    InformationRequest.objects.update(status=RequestStatus.SENT)
    question.deadlines.update(void_at=None)
    said = {"reason": "r", "message": "m", "level_of_need": 2, "advice": "a"}
    referral = Referral.objects.get()
    outcomes = together(
        lambda: advise(referral, by=User.objects.get(pk=access_worker.pk), now=timezone.now(), **said),
        lambda: nothing_held(question, by=User.objects.get(pk=contact.pk), now=timezone.now()),
    )

    question.refresh_from_db()
    assert question.status in (RequestStatus.NOTHING_HELD, RequestStatus.LAPSED)
    assert (question.status == RequestStatus.LAPSED) == isinstance(outcomes[1], NotPossible)
