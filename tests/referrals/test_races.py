"""Two people at once: one does it, the other is told (promise P10)."""

from datetime import timedelta

import pytest

from earlyhelp.partnership.models import User
from earlyhelp.workflow.transitions import NotPossible
from referrals.enums import Status
from referrals.models import InformationRequest, Referral
from referrals.services.drafts import start
from referrals.transitions.referral import ask_agencies, take, withdraw
from referrals.transitions.request import nothing_held
from tests.factories import MONDAY, FamilyFactory
from tests.races import together

pytestmark = pytest.mark.django_db(transaction=True)
LATER = MONDAY + timedelta(hours=1)


def afresh(user):
    return User.objects.get(pk=user.pk)


def test_two_workers_take_one_referral(referral, access_worker, second_access_worker):
    workers = [access_worker, second_access_worker]

    outcomes = together(*(lambda who=who: take(referral, by=afresh(who), now=LATER) for who in workers))

    refused = [each for each in outcomes if isinstance(each, NotPossible)]
    referral.refresh_from_db()
    assert len(refused) == 1
    assert str(referral.holder) in str(refused[0])


def test_the_last_two_replies_at_once_still_make_it_ready(in_triage, access_worker, contact, police_contact):
    people = [contact, police_contact]
    ask_agencies(
        in_triage,
        by=access_worker,
        now=MONDAY,
        agencies=[each.agency for each in people],
        question="Known?",
        lawful_basis="public_task",
    )

    together(
        *(
            lambda who=who: nothing_held(InformationRequest.objects.get(agency=who.agency), by=afresh(who), now=LATER)
            for who in people
        )
    )

    in_triage.refresh_from_db()
    assert in_triage.status == Status.IN_TRIAGE


def test_a_reply_and_a_withdrawal_at_once_both_end(in_triage, access_worker, contact, practitioner):
    ask_agencies(
        in_triage, by=access_worker, now=MONDAY, agencies=[contact.agency], question="Known?", lawful_basis="agreed"
    )
    request = InformationRequest.objects.get()

    outcomes = together(
        lambda: nothing_held(request, by=afresh(contact), now=LATER),
        lambda: withdraw(in_triage, by=afresh(practitioner), now=LATER, withdrawn_by="referrer", reason="Moved."),
    )

    in_triage.refresh_from_db()
    assert None not in outcomes
    assert in_triage.status == Status.WITHDRAWN


def test_a_referral_begun_in_two_windows_is_one_draft(practitioner, melton):
    family = FamilyFactory(area=melton)

    together(*(lambda: start(family, by=afresh(practitioner), now=MONDAY) for _ in range(2)))

    assert Referral.objects.count() == 1
