"""Social care says no: wherever it came from, EH Access has it again and owes an answer the same day (domain.md 6.9)."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from earlyhelp.core.todo import TODO
from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible
from referrals.enums import ContactStatus, HandoverStatus, Status
from referrals.models import Contact, Referral, SocialCareHandover
from referrals.services.handover import RANG_BEFORE
from referrals.transitions import contact as contacts
from referrals.transitions.handover import accepted, acknowledge, call, not_accepted, settle
from referrals.transitions.referral import advise, step_up
from tests.factories import MONDAY, FamilyFactory
from tests.referrals.factories import got_in_touch, handed_over

LATER = MONDAY + timedelta(hours=1)
SAID = {"about": "A boy", "concern": "Bruises.", "family_told": True, "spoken_to": "Duty desk"}


def refuse(handover, by):
    return not_accepted(handover, by=by, now=LATER, answer="Below the threshold.", spoken_to="Mr Hale")


def lines(user, now=LATER):
    user.forget_scope()
    return [line for source in TODO for line in source(user, now)]


@pytest.fixture
def stepped_up(in_triage, access_worker):
    facts = {"reason": "Bruises.", "message": "m", "family_told": True, "spoken_to": "Duty desk"}
    return step_up(in_triage, by=access_worker, now=MONDAY, **facts)


def test_a_referral_that_was_stepped_up_is_decided_again_the_same_day(stepped_up, access_worker, practitioner):
    refuse(stepped_up.handovers.get(), access_worker)

    referral = Referral.objects.get(pk=stepped_up.pk)
    assert referral.status == Status.IN_TRIAGE
    assert referral.holder == access_worker
    assert referral.decided_at is None
    owed = referral.deadlines.open().get()
    assert (owed.code, owed.due_at.date()) == ("D_TRIAGE", LATER.date())
    assert not stepped_up.handovers.get().deadlines.open().exists()  # one thing is owed, and not two
    assert Notice.objects.filter(to=practitioner, title__startswith="Social care did not accept your referral").exists()

    again = {"reason": "r", "message": "m", "level_of_need": 2, "advice": "a"}
    assert advise(referral, by=access_worker, now=LATER, **again).status == Status.ADVICE_GIVEN


def test_a_referral_that_was_decided_otherwise_meanwhile_is_left_alone(in_triage, access_worker):
    handover = handed_over(by=access_worker, referral=in_triage, spoken_to="Duty desk")
    refuse(handover, access_worker)

    assert Referral.objects.get(pk=in_triage.pk).status == Status.IN_TRIAGE
    assert handover.deadlines.open().get().label == "Decide what happens now"


def test_a_contact_that_was_handed_over_waits_for_an_answer_again(access_worker, melton):
    contact = got_in_touch(by=access_worker, area=melton)
    contact = contacts.hand_over(contact, by=access_worker, now=MONDAY, **SAID)
    refuse(contact.handover, access_worker)

    contact = Contact.objects.get(pk=contact.pk)
    assert contact.status == ContactStatus.RECEIVED
    assert contact.answered_at is None
    owed = contact.deadlines.open().get()
    assert (owed.code, owed.due_at.date(), owed.holder_role) == ("D_TRIAGE", LATER.date(), "eh_access")


def test_from_a_case_eh_access_says_what_happens_and_its_lead_hears(led_case, practitioner, worker, access_worker):
    handover = handed_over(by=practitioner, case=led_case, spoken_to="Duty desk")
    refuse(handover, practitioner)

    assert f"Decide today what happens now: hand-over {handover}" in [line.text for line in lines(access_worker)]
    assert Notice.objects.filter(to=worker, key__endswith="not_accepted", urgent=True).exists()

    settle(handover, by=access_worker, now=LATER, reason="The hub hears it on Thursday.")
    assert str(handover) not in "".join(line.text for line in lines(access_worker))


def test_of_a_bare_family_the_governance_lead_decides_where_it_is_restricted(
    practitioner, melton, ig_lead, access_worker
):
    handover = handed_over(by=practitioner, family=FamilyFactory(area=melton, restricted=True), spoken_to="Duty desk")
    refuse(handover, practitioner)

    assert handover.reference in "".join(line.text for line in lines(ig_lead))
    assert handover.reference not in "".join(line.text for line in lines(access_worker))


def test_who_sent_it_is_asked_for_the_answer_once_it_is_acknowledged(practitioner, melton):
    handover = handed_over(by=practitioner, family=FamilyFactory(area=melton))
    assert "Ask social care" not in "".join(line.text for line in lines(practitioner))

    acknowledge(handover, by=practitioner, now=LATER, spoken_to="Duty desk")
    assert f"Ask social care what they will do: hand-over {handover}" in [line.text for line in lines(practitioner)]


def test_who_said_no_and_when_is_written_down(practitioner, melton):
    handover = handed_over(by=practitioner, family=FamilyFactory(area=melton), spoken_to="Duty desk")
    refuse(handover, practitioner)

    assert list(handover.calls.order_by("pk").values_list("spoken_to", flat=True)) == ["Duty desk", "Mr Hale"]
    assert handover.calls.get(spoken_to="Mr Hale").said == "Below the threshold."


def test_a_call_that_nobody_answered_is_kept_and_acknowledges_nothing(practitioner, melton):
    handover = handed_over(by=practitioner, family=FamilyFactory(area=melton))
    call(handover, by=practitioner, now=LATER, said="Rang twice.")

    handover.refresh_from_db()
    assert handover.status == HandoverStatus.SENT
    assert handover.calls.get().spoken_to == ""
    assert handover.deadlines.open().get().label == "Social care acknowledges"


def test_a_call_in_the_future_is_refused(practitioner, melton):
    handover = handed_over(by=practitioner, family=FamilyFactory(area=melton))

    with pytest.raises(NotPossible):
        call(handover, by=practitioner, now=LATER, said="Later.", at=LATER + timedelta(minutes=5))
    assert not handover.calls.exists()


LONG_AGO = {
    "call": (call, HandoverStatus.SENT, {"said": "Yes."}),
    "acknowledge": (acknowledge, HandoverStatus.SENT, {}),
    "accepted": (accepted, HandoverStatus.ACKNOWLEDGED, {"answer": "Yes."}),
    "not_accepted": (not_accepted, HandoverStatus.ACKNOWLEDGED, {"answer": "No."}),
}


@pytest.mark.parametrize("move", LONG_AGO)
def test_no_step_takes_a_conversation_from_long_before(practitioner, melton, move):
    step, status, said = LONG_AGO[move]
    told = {"spoken_to": "Duty desk"} if status == HandoverStatus.ACKNOWLEDGED else {}
    handover = handed_over(by=practitioner, family=FamilyFactory(area=melton), **told)

    with pytest.raises(NotPossible) as refused:
        step(
            handover,
            by=practitioner,
            now=LATER,
            spoken_to="Duty desk",
            at=MONDAY - RANG_BEFORE - timedelta(days=1),
            **said,
        )

    handover.refresh_from_db()
    assert refused.value.field == "at"
    assert handover.status == status


@pytest.mark.parametrize("before", [timedelta(days=-1), RANG_BEFORE + timedelta(days=1)])
def test_nobody_hands_over_with_a_conversation_to_come_or_from_long_before(practitioner, melton, before):
    with pytest.raises(NotPossible) as refused:
        handed_over(by=practitioner, spoken_to="Duty desk", spoke_at=MONDAY - before)

    assert refused.value.field == "spoke_at"
    assert not SocialCareHandover.objects.exists()


@pytest.mark.parametrize("days", [0, 3, RANG_BEFORE.days])
def test_whoever_rang_at_night_or_before_a_bank_holiday_writes_it_down_at_work(practitioner, melton, days):
    rang = MONDAY - timedelta(days=days)

    assert handed_over(by=practitioner, spoken_to="Duty desk", spoke_at=rang).acknowledged_at == rang


def test_they_rang_before_they_wrote_and_say_when(practitioner, melton):
    rang = MONDAY - timedelta(minutes=20)
    handover = handed_over(by=practitioner, family=FamilyFactory(area=melton), spoken_to="Duty desk", spoke_at=rang)

    assert handover.acknowledged_at == rang
    assert handover.calls.get().at == rang


def test_a_conversation_from_long_ago_is_refused_beside_its_date_and_nothing_typed_is_lost(
    client, practitioner, melton
):
    client.force_login(practitioner)
    rang = {"spoke_at_day": "1", "spoke_at_month": "1", "spoke_at_year": "1950", "spoke_at_time": "10:00"}
    facts = {"about": "Ben, 6", "concern": "Left alone at night.", "family_told": "no", "not_told_why": "Not safe."}
    facts |= rang | {"token": uuid.uuid4(), "spoken_to": "Duty desk"}

    page = client.post(reverse("referrals:handover_start"), facts)

    assert page.status_code == 409
    assert "more than a week before" in page.context["form"].errors["spoke_at"][0]
    assert facts["concern"] in page.content.decode()
    assert not SocialCareHandover.objects.exists()
