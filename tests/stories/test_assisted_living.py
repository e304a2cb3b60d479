"""Story 16: anybody checks, without saying who they are, what could make home easier; an urgent answer shows a number first."""

import pytest
from django.core import mail

from earlyhelp.audit.models import Access, Event
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.families.models import Person
from earlyhelp.notices.models import Notice
from earlyhelp.notices.services import send_owed
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.models import Draft
from referrals.enums import Channel
from referrals.models import Contact, Referral, SelfCheckCount, SelfCheckRequest
from tests.referrals.asking import opened
from tests.stories.people import Desk

CHECK = "/check-your-equipment/"
ANSWERS = {"fall": "unhurt", "reach_help": "no", "washing": "yes", "medicine": "yes"}
MAY_TELL_WHO = (Contact, SelfCheckRequest, Person, Draft, Notice, Event, Access, Referral)


@pytest.fixture
def anybody(county):
    """No account and no name."""
    return Desk()


@pytest.fixture
def manager(seat, county):
    return seat("Nia Powell", county, Role.SERVICE_MANAGER)


def kept():
    return {model.__name__: model.objects.count() for model in MAY_TELL_WHO}


def test_equipment_is_advised_and_nothing_is_known_of_whoever_asked(anybody, ruth, manager):
    before = kept()
    assert "You do not say who you are, and we keep no answers" in anybody.opens(CHECK)

    shown = anybody.sends(CHECK, **ANSWERS)

    for advised in ("A button that calls for help", "A safer wash", "Help to remember medicines"):
        assert advised in shown
    assert "Shown because of what you answered to: Have you had a fall in the last year?" in shown
    assert "Ask First Contact Plus to get in touch" in shown
    assert [(each.result, each.number) for each in SelfCheckCount.objects.all()] == [("suggested", 1)]
    used = manager.opens("/self-checks/")
    assert "Nothing is known of who did." in used
    # And not: somebody who could be found, an illness, a judgement of means, a fright.
    assert kept() == before
    assert "After a self-check on the web" not in ruth.opens("/referrals/contacts/")
    for word in ("diagnos", "dementia", "eligible", "afford", "Please speak to a person first"):
        assert word not in shown


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ({"fall": "hurt"}, "A fall that hurt you"),
        ({"left_on": "gas"}, "The gas or the cooker is left on"),
        ({"lost": "yes"}, "Somebody goes out and gets lost"),
        ({"hurt": "unsure"}, "Somebody may be hurt, or without care"),
    ],
)
def test_an_urgent_answer_shows_a_number_to_ring_before_any_advice(anybody, answer, title):
    before = kept()

    shown = anybody.sends(CHECK, **ANSWERS | answer)
    shown = shown[shown.index("Please speak to a person first") :]

    advice = shown.index("Then: what may help")
    assert shown.index(title) < shown.index("Numbers to ring") < advice < shown.index("A safer wash")
    assert shown.index("999") < advice
    assert SelfCheckCount.objects.get().result == "urgent"
    # And not: it is sent to nobody, and nobody is told that this home had an urgent answer.
    assert kept() == before


def test_whoever_wants_to_be_contacted_is_and_only_then_are_the_answers_kept(anybody, ruth, clock):
    anybody.sends(CHECK, **ANSWERS)
    clock.forward(minutes=3)
    me = {"caller_name": "Harold Pym", "caller_phone": "01632 960 144", "reach": "Let it ring.", "lives_in": "unknown"}

    sent = anybody.sends(f"{CHECK}contact/", opened=opened(), **me)
    anybody.opens(f"{CHECK}sent/")

    contact = Contact.objects.get()
    assert contact.reference in sent
    assert (contact.channel, contact.caller_name) == (Channel.CHECK, "Harold Pym")
    assert SelfCheckRequest.objects.get().answers == ANSWERS
    read = ruth.opens(contact.get_absolute_url())
    for words in ("Let it ring.", "Have you had a fall in the last year? Yes, and I was not hurt", "It suggested:"):
        assert words in read
    assert "1 contact to answer" in ruth.opens("/")
    # And not: he is passed on to nobody without being asked, and no message says who he is or what he answered.
    assert not OnwardReferral.objects.exists()
    assert not Referral.objects.exists()
    send_owed(now=clock.now)
    for text in [each.title for each in Notice.objects.all()] + [f"{each.subject} {each.body}" for each in mail.outbox]:
        for word in ("Harold", "Pym", "fall", "960 144"):
            assert word not in text
