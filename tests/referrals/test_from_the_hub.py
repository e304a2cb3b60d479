"""The hub opens no case: who referred hears of it, and somebody owes the family the news (domain.md 1, rule 3)."""

from datetime import timedelta

import pytest

from earlyhelp.cases.models import Case
from earlyhelp.cases.transitions import accept as accept_offer
from earlyhelp.cases.transitions import allocate, not_opened
from earlyhelp.notices.models import Notice
from referrals import todo
from referrals.models import SocialCareHandover
from referrals.progress import steps
from referrals.sweep import take_back_returned
from referrals.transitions.referral import accept, tell_family
from tests.factories import MONDAY
from tests.referrals.factories import handed_over

LATER = MONDAY + timedelta(days=20)
HUB = {
    "reason": "Several agencies are needed.",
    "message": "The hub meets next week.",
    "level_of_need": 3,
    "proposed_tier": 2,
    "urgent": False,
    "family_told": True,
}
SAID = {
    "concern": "New bruises, seen by the school today.",
    "family_told": False,
    "not_told_why": "It is not safe yet.",
}
LED = "A lead professional has accepted the family you referred"
AUTHOR_TOLD = "The hub has decided about your referral"


@pytest.fixture
def accepted(in_triage, access_worker):
    return accept(in_triage, by=access_worker, now=MONDAY, **HUB)


def decided(referral, chair, outcome="signposted", **facts):
    facts = {"handover": SAID} | facts if outcome == "handed_over" else facts
    not_opened(referral.case, by=chair, now=LATER, outcome=outcome, reason="One service will do.", **facts)
    referral.refresh_from_db()
    referral.case = Case.objects.get(pk=referral.case_id)
    return referral


def told(person):
    return list(Notice.objects.filter(to=person).values_list("title", flat=True))


def test_the_referrer_reads_where_the_family_was_signposted_and_on_which_day(accepted, chair):
    hub = steps(decided(accepted, chair, where="Careers service"))[-1]

    assert (hub.at, hub.state) == (LATER, "now")
    assert hub.text == "Signposted: Careers service. EH Access tells the family. The hub decided on"


def test_a_line_of_the_hubs_own_is_read_with_its_decision(accepted, chair):
    hub = steps(decided(accepted, chair, where="Careers service", message="They may come back."))[-1]

    assert "The hub says: “They may come back.”" in hub.text
    assert "One service will do." not in hub.text


def test_a_line_of_the_hubs_own_is_read_while_a_lead_professional_is_asked(accepted, chair, worker):
    facts = {"tier": 2, "worker": worker, "reason": "Ours.", "preference": "asked", "preference_note": "Local."}
    allocate(accepted.case, by=chair, now=LATER, message="Thank you for waiting.", **facts)
    accepted.case = Case.objects.get(pk=accepted.case_id)

    assert steps(accepted)[-1].text == "A lead professional is being asked. The hub says: “Thank you for waiting.”"


def test_the_referrer_hears_when_the_hub_decides_and_again_when_somebody_has_accepted(
    accepted, chair, worker, practitioner, access_worker
):
    facts = {"tier": 2, "worker": worker, "reason": "Ours.", "preference": "asked", "preference_note": "Local."}
    case = allocate(accepted.case, by=chair, now=LATER, **facts)
    notice = Notice.objects.get(to=practitioner, title=AUTHOR_TOLD)
    assert (notice.reference, notice.url) == (accepted.reference, accepted.get_absolute_url())
    assert LED not in told(practitioner)

    accept_offer(case, by=worker, now=LATER)
    assert told(practitioner).count(AUTHOR_TOLD) == told(practitioner).count(LED) == 1
    accepted.case = Case.objects.get(pk=accepted.case_id)
    assert steps(accepted)[-1].text.startswith("Allocated to")
    assert AUTHOR_TOLD not in told(access_worker)
    names = [str(worker), str(accepted.family)]
    assert not any(name in title for title in told(practitioner) for name in names)


def test_the_referrer_is_told_without_a_name(accepted, chair, practitioner):
    decided(accepted, chair, where="Careers service")

    notice = Notice.objects.get(to=practitioner, title=AUTHOR_TOLD)
    assert (notice.reference, notice.url) == (accepted.reference, accepted.get_absolute_url())


@pytest.mark.parametrize("outcome", ["signposted", "handed_over", "withdrawn"])
def test_whoever_accepted_it_owes_the_family_the_news_once_more(accepted, chair, access_worker, outcome):
    decided(accepted, chair, outcome, where="Careers service")

    owed = accepted.deadlines.open().get()
    assert (owed.code, owed.holder, owed.started_at) == ("D_OUTCOME", access_worker, LATER)
    assert "Tell a family what the hub decided" in told(access_worker)
    assert len(list(todo.families_to_tell(access_worker, LATER))) == 1

    tell_family(accepted, by=access_worker, now=LATER, how="I rang the mother.")
    assert steps(accepted)[-1].text.startswith(("Signposted: Careers service.", "Handed over", "Withdrawn"))
    assert "tells the family" not in steps(accepted)[-1].text


def test_if_they_have_left_all_of_access_owe_it(accepted, chair, access_worker, second_access_worker):
    access_worker.is_active = False
    access_worker.save()
    decided(accepted, chair, where="Careers service")

    assert accepted.deadlines.open().get().holder_role == "eh_access"
    assert "Tell a family what the hub decided" in told(second_access_worker)
    assert len(list(todo.families_to_tell(second_access_worker, LATER))) == 1


def test_what_the_hub_hands_over_is_sent_by_the_chair_in_the_chairs_words(accepted, chair):
    decided(accepted, chair, "handed_over")

    sent = SocialCareHandover.objects.get()
    assert (sent.case, sent.author, sent.concern) == (accepted.case, chair, SAID["concern"])
    assert (sent.family_told, sent.not_told_why) == (False, "It is not safe yet.")
    assert sent.deadlines.open().get().label == "Social care acknowledges"
    assert "One service will do." not in sent.concern + sent.source  # why the hub decides so is no concern
    assert not sent.calls.exists()


def test_whom_the_chair_spoke_to_is_written_down_and_acknowledges_it(accepted, chair):
    decided(accepted, chair, "handed_over", handover=SAID | {"spoken_to": "Duty desk", "their_reference": "SC-7"})

    sent = SocialCareHandover.objects.get()
    assert (sent.status, sent.spoken_to, sent.their_reference) == ("acknowledged", "Duty desk", "SC-7")
    assert sent.calls.get().spoken_to == "Duty desk"


def test_what_social_care_has_already_is_not_sent_again_but_what_was_said_is_kept(accepted, chair, practitioner):
    before = handed_over(by=practitioner, case=accepted.case)
    decided(accepted, chair, "handed_over", handover=SAID | {"spoken_to": "Duty desk"})

    assert SocialCareHandover.objects.get() == before
    call = before.calls.get()
    assert (call.by, call.spoken_to, call.said) == (chair, "Duty desk", SAID["concern"])


def test_nobody_spoken_to_means_a_hand_over_of_its_own_that_is_chased(accepted, chair, practitioner):
    before = handed_over(by=practitioner, case=accepted.case)
    decided(accepted, chair, "handed_over")

    assert not before.calls.exists()  # that would say that somebody rang
    assert SocialCareHandover.objects.exclude(pk=before.pk).get().author == chair


def test_a_family_that_is_returned_is_not_told_that_it_has_ended(accepted, chair, practitioner):
    decided(accepted, chair, "returned")
    assert not accepted.deadlines.open().exists()
    assert not SocialCareHandover.objects.exists()

    take_back_returned(now=LATER)
    assert AUTHOR_TOLD not in told(practitioner)
    assert "The hub asks for more about your referral" in told(practitioner)
