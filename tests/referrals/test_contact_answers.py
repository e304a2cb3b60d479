"""A contact is answered once, and what was promised with the answer is followed up (domain.md 6.2)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from earlyhelp.notices.models import Notice
from earlyhelp.partnership.models import User
from earlyhelp.workflow.transitions import REGISTRY, NotPossible
from referrals import todo
from referrals.enums import ContactStatus
from referrals.models import Contact, SocialCareHandover
from referrals.transitions import contact as deeds
from tests.factories import MONDAY, ServiceFactory
from tests.races import together
from tests.referrals.contacts import ANSWERS, HANDED, LATER

# --- each answer: allowed, forbidden, impossible ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["advise", "signpost", "void"])
def test_eh_access_answers_and_the_clock_stops(rang, access_worker, name):
    done = REGISTRY[Contact][name](rang, by=access_worker, now=LATER, **ANSWERS[name])

    assert (done.answered_by, done.answered_at) == (access_worker, LATER)
    assert not done.deadlines.open().filter(code="D_TRIAGE").exists()


@pytest.mark.parametrize("name", list(ANSWERS))
def test_whoever_only_took_it_does_not_answer_it(rang, practitioner, name):
    with pytest.raises(PermissionDenied):
        REGISTRY[Contact][name](rang, by=practitioner, now=LATER, **ANSWERS[name])

    rang.refresh_from_db()
    assert rang.status == ContactStatus.RECEIVED
    assert rang.deadlines.open().exists()


@pytest.mark.parametrize("name", list(ANSWERS))
def test_an_answer_is_given_once(rang, access_worker, name):
    deeds.advise(rang, by=access_worker, now=LATER, advice="Ring the bank.")

    with pytest.raises(NotPossible, match="advice given"):
        REGISTRY[Contact][name](rang, by=access_worker, now=LATER, **ANSWERS[name])


def test_first_contact_answers_but_puts_nothing_aside(rang, adviser):
    with pytest.raises(PermissionDenied):
        deeds.void(rang, by=adviser, now=LATER, because="test")

    assert deeds.advise(rang, by=adviser, now=LATER, advice="Ring the bank.").status == ContactStatus.ADVISED


def test_whoever_took_it_hears_that_it_was_answered_and_nothing_more(rang, practitioner, access_worker):
    deeds.advise(rang, by=access_worker, now=LATER, advice="Ring the bank.")

    notice = Notice.objects.get(to=practitioner)
    assert notice.reference == rang.reference
    assert "bank" not in notice.title


def test_a_signpost_needs_somewhere_to_go(rang, access_worker):
    with pytest.raises(NotPossible):
        deeds.signpost(rang, by=access_worker, now=LATER, reason="Debt.", person_told=True)


def test_telling_them_where_to_go_is_owed_until_it_is_done(rang, access_worker):
    service = ServiceFactory()
    sent = deeds.signpost(rang, by=access_worker, now=LATER, reason="Debt.", person_told=False, services=[service])
    owed = sent.deadlines.open().get()
    assert (owed.code, owed.holder) == ("D_OUTCOME", access_worker)
    assert [line.url for line in todo.contacts_to_see_through(access_worker, LATER)] == [
        f"{sent.get_absolute_url()}do/tell_person/"
    ]

    deeds.tell_person(sent, by=access_worker, now=LATER, how="I rang.")
    assert not sent.deadlines.open().exists()
    with pytest.raises(NotPossible):
        deeds.tell_person(sent, by=access_worker, now=LATER, how="I rang again.")


def test_what_is_put_aside_is_kept_and_not_counted(rang, access_worker):
    deeds.void(rang, by=access_worker, now=LATER, because="duplicate", reason="C-1")

    assert Contact.objects.filter(pk=rang.pk).exists()
    assert not Contact.objects.counted().exists()
    assert rang.deadlines.filter(code="D_TRIAGE", met_at=LATER).exists()


# --- following up -----------------------------------------------------------------------------------------------------


def test_a_follow_up_is_a_promise_with_a_date_on_the_home_page(rang, access_worker, second_access_worker):
    day = MONDAY.date() + timedelta(days=3)
    deeds.advise(rang, by=access_worker, now=LATER, advice="Ring the bank.", follow_up_on=day)

    [line] = todo.contacts_to_see_through(access_worker, LATER)
    assert timezone.localdate(line.due_at) == day
    assert rang.reference in line.text
    assert line.url.endswith("/do/follow_up/")
    assert list(todo.contacts_to_see_through(second_access_worker, LATER)) == []


def test_an_offer_is_repeated_until_nobody_needs_it_again(rang, access_worker):
    first, second = MONDAY.date() + timedelta(days=3), MONDAY.date() + timedelta(days=10)
    deeds.advise(rang, by=access_worker, now=LATER, advice="Ring the bank.", follow_up_on=first)

    said = {"result": "still_needed", "note": "They rang; no change."}
    deeds.follow_up(rang, by=access_worker, now=LATER, **said, offer_again_on=second)
    again = rang.deadlines.open().get()
    assert timezone.localdate(again.due_at) == second

    deeds.follow_up(rang, by=access_worker, now=LATER, result="helped", note="A payment plan.")
    assert not rang.deadlines.open().exists()
    assert rang.follow_ups.count() == 2


def test_just_after_midnight_in_summer_yesterday_is_past(rang, access_worker):
    now = datetime(2026, 7, 6, 23, 30, tzinfo=UTC)  # half past midnight, here
    with pytest.raises(NotPossible):
        deeds.advise(rang, by=access_worker, now=now, advice="x", follow_up_on=date(2026, 7, 6))


def test_a_follow_up_in_the_past_is_refused_and_nothing_is_advised(rang, access_worker):
    with pytest.raises(NotPossible):
        deeds.advise(rang, by=access_worker, now=LATER, advice="x", follow_up_on=date(2026, 1, 1))

    rang.refresh_from_db()
    assert rang.is_waiting
    assert not rang.advice.exists()


# --- two at once ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts_and_a_hand_over_always_does(rang, access_worker, second_access_worker):
    def afresh(user):
        return User.objects.get(pk=user.pk)

    outcomes = together(
        lambda: deeds.advise(rang, by=afresh(access_worker), now=LATER, advice="Ring the bank."),
        lambda: deeds.void(rang, by=afresh(second_access_worker), now=LATER, because="test"),
        lambda: deeds.hand_over(rang, by=afresh(access_worker), now=LATER, **HANDED),
    )

    rang.refresh_from_db()
    refused = [each for each in outcomes if isinstance(each, NotPossible)]
    assert len(refused) in (1, 2)  # both answers, where the hand-over came first
    assert not [each for each in outcomes if isinstance(each, Exception) and each not in refused]
    assert SocialCareHandover.objects.count() == 1
    assert rang.handover is not None
