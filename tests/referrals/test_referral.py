"""The life of a referral, transition by transition (domain.md 6.3)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from earlyhelp.audit.models import Event
from earlyhelp.cases.models import Case
from earlyhelp.cases.transitions import not_opened
from earlyhelp.families.enums import AgreementStatus
from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import SYSTEM, NotPossible
from referrals.briefs import in_the_referrers_words
from referrals.enums import Status
from referrals.models import Referral, SocialCareHandover, TriageDecision
from referrals.services.drafts import discard, record_answers, save_draft, start
from referrals.sweep import take_back_returned, tidy_drafts
from referrals.transitions.referral import (
    accept,
    advise,
    confirm,
    entrust,
    link,
    reconsider,
    return_from_hub,
    signpost,
    step_up,
    submit,
    take,
    tell_family,
    withdraw,
)
from tests.factories import MONDAY, CaseFactory, FamilyFactory, ServiceFactory
from tests.referrals.factories import ready_draft, sent, taken

LATER = MONDAY + timedelta(hours=1)
SAID = {"reason": "Several agencies are needed.", "message": "Thank you: the hub meets next week."}
HUB = SAID | {"level_of_need": 3, "proposed_tier": 2, "urgent": False}


def open_codes(referral):
    return set(referral.deadlines.open().values_list("code", flat=True))


def told(person):
    return list(Notice.objects.filter(to=person).values_list("title", flat=True))


# --- a draft -----------------------------------------------------------------------------------------------------------


def test_starting_twice_goes_on_with_the_first_draft(practitioner, melton):
    family = FamilyFactory(area=melton)

    first = start(family, by=practitioner, now=MONDAY)

    assert start(family, by=practitioner, now=LATER) == first
    assert first.reference.startswith("R-2026-")


def test_only_the_author_writes_in_a_draft(draft, access_worker):
    with pytest.raises(PermissionDenied):
        save_draft(draft, by=access_worker, now=LATER, wants="Something else")

    draft.refresh_from_db()
    assert draft.wants == "Somebody who will not judge."


def test_what_was_sent_is_not_rewritten(referral, practitioner):
    with pytest.raises(NotPossible):
        save_draft(referral, by=practitioner, now=LATER, wants="Something else")


def test_a_discarded_draft_leaves_only_a_line_in_the_trail(draft, practitioner):
    discard(draft, by=practitioner, now=LATER)

    assert not Referral.objects.exists()
    assert Event.objects.filter(kind="referrals.referral.discard").count() == 1


def test_the_same_answer_again_is_not_a_new_one(draft, practitioner):
    mother = draft.family.memberships.get(role="parent").person

    for _ in range(2):
        record_answers(draft, by=practitioner, now=LATER, answers=[(mother, AgreementStatus.REFUSED, "Not now.")])

    assert draft.family.agreements.filter(status=AgreementStatus.REFUSED).count() == 1


def test_an_untouched_draft_is_warned_of_once_and_then_deleted(draft, practitioner):
    assert tidy_drafts(now=MONDAY + timedelta(days=22)) == (0, 0)
    assert tidy_drafts(now=MONDAY + timedelta(days=24)) == (1, 0)
    tidy_drafts(now=MONDAY + timedelta(days=25))
    assert told(practitioner) == ["Your unfinished referral is deleted in a week"]

    assert tidy_drafts(now=MONDAY + timedelta(days=30)) == (0, 1)
    assert not Referral.objects.exists()


def test_a_draft_that_is_touched_lives_on(draft, practitioner):
    save_draft(draft, by=practitioner, now=MONDAY + timedelta(days=20), wants="Quiet evenings")

    assert tidy_drafts(now=MONDAY + timedelta(days=31)) == (0, 0)


# --- sending -----------------------------------------------------------------------------------------------------------


def test_sending_starts_the_clocks_and_gives_a_receipt(draft, practitioner):
    referral = submit(draft, by=practitioner, now=MONDAY)

    assert (referral.status, referral.submitted_at) == (Status.SUBMITTED, MONDAY)
    assert open_codes(referral) == {"D_PICKUP", "D_TRIAGE"}
    assert told(practitioner) == ["Your referral has been received"]


def test_nobody_else_sends_it(draft, access_worker):
    with pytest.raises(PermissionDenied):
        submit(draft, by=access_worker, now=MONDAY)

    draft.refresh_from_db()
    assert draft.status == Status.DRAFT
    assert not draft.deadlines.exists()


@pytest.mark.parametrize(
    ("lacking", "title"),
    [
        ({"why_now": ""}, "Why now"),
        ({"wants": ""}, "What the family wants"),
        ({"safeguarding": ""}, "Safety"),
        ({"safeguarding": "yes", "safeguarding_detail": ""}, "Safety"),
        ({"urgent": None}, "Safety"),
        ({"people_checked": False}, "Who is in the family"),
        ({"source_kind": ""}, "You and your agency"),
        ({"agree": False}, "Who agrees"),
    ],
)
def test_it_is_not_sent_before_what_must_be_said_is_said(melton, practitioner, lacking, title):
    draft = ready_draft(area=melton, author=practitioner, **lacking)

    with pytest.raises(NotPossible, match=title):
        submit(draft, by=practitioner, now=MONDAY)

    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_it_may_be_sent_with_the_reason_why_nobody_was_asked(melton, practitioner):
    draft = ready_draft(area=melton, author=practitioner, agree=False, no_agreement_reason="Mother is in hospital.")

    assert submit(draft, by=practitioner, now=MONDAY).status == Status.SUBMITTED


def test_a_worrying_referral_is_told_to_eh_access_at_once(melton, practitioner, access_worker):
    sent(area=melton, author=practitioner, safeguarding="unsure", safeguarding_detail="He was very thin.")

    assert Notice.objects.get(to=access_worker).urgent


def test_no_notice_holds_a_name_or_a_reason(melton, practitioner, access_worker):
    sent(area=melton, author=practitioner, urgent=True, urgent_why="Hearing on Friday.")

    for notice in Notice.objects.all():
        assert not any(word in notice.title + notice.url for word in ("Leanne", "Tyler", "Invented", "Hearing"))


# --- taking ------------------------------------------------------------------------------------------------------------


def test_whoever_takes_it_holds_it(referral, access_worker):
    taken_now = take(referral, by=access_worker, now=LATER)

    assert (taken_now.status, taken_now.holder, taken_now.taken_at) == (Status.IN_TRIAGE, access_worker, LATER)
    assert open_codes(taken_now) == {"D_TRIAGE"}
    assert taken_now.deadlines.get(code="D_TRIAGE").holder == access_worker


def test_the_second_to_take_it_is_told_who_was_first(referral, access_worker, second_access_worker):
    take(referral, by=access_worker, now=LATER)

    with pytest.raises(NotPossible, match=str(access_worker)):
        take(referral, by=second_access_worker, now=LATER)

    referral.refresh_from_db()
    assert referral.holder == access_worker


@pytest.mark.parametrize("who", ["practitioner", "chair", "stranger", "manager"])
def test_only_eh_access_takes_it(request, referral, who):
    with pytest.raises(PermissionDenied):
        take(referral, by=request.getfixturevalue(who), now=LATER)

    referral.refresh_from_db()
    assert referral.holder is None


def test_a_restricted_familys_referral_is_entrusted_to_one_worker(
    melton, practitioner, access_worker, second_access_worker, ig_lead
):
    referral = ready_draft(area=melton, author=practitioner, family=FamilyFactory(area=melton, restricted=True))
    referral = submit(referral, by=practitioner, now=MONDAY)
    with pytest.raises(PermissionDenied):
        take(referral, by=access_worker, now=LATER)

    entrust(referral, by=ig_lead, now=LATER, worker=access_worker)

    assert Referral.objects.for_user(access_worker, "triage").filter(pk=referral.pk).exists()
    assert not Referral.objects.for_user(second_access_worker).filter(pk=referral.pk).exists()


# --- deciding ----------------------------------------------------------------------------------------------------------


def test_progressing_opens_a_case_that_waits_for_the_hub(in_triage, access_worker, practitioner, melton):
    decided = accept(in_triage, by=access_worker, now=LATER, **HUB)

    assert decided.status == Status.ACCEPTED
    assert decided.case.area == melton
    assert decided.case.proposed_tier == 2
    assert "Somebody who will not judge." in decided.case.request
    assert "Your referral has been decided" in told(practitioner)
    decision = decided.decisions.get()
    assert (decision.kind, decision.reason, decision.by) == (Status.ACCEPTED, SAID["reason"], access_worker)


@pytest.mark.parametrize("who", ["practitioner", "chair", "stranger", "coordinator"])
def test_nobody_but_eh_access_decides(request, in_triage, who):
    with pytest.raises(PermissionDenied):
        accept(in_triage, by=request.getfixturevalue(who), now=LATER, **HUB)

    in_triage.refresh_from_db()
    assert in_triage.status == Status.IN_TRIAGE
    assert not Case.objects.exists()
    assert not TriageDecision.objects.exists()


@pytest.mark.parametrize("wrong", [{"level_of_need": 1}, {"level_of_need": 4}, {"proposed_tier": 1}])
def test_early_help_is_for_the_middle_levels(in_triage, access_worker, wrong):
    with pytest.raises(NotPossible):
        accept(in_triage, by=access_worker, now=LATER, **(HUB | wrong))

    assert not Case.objects.exists()


def test_there_is_no_early_help_without_anybodys_agreement(melton, practitioner, access_worker):
    referral = taken(
        area=melton, author=practitioner, by=access_worker, agree=False, no_agreement_reason="Not at home."
    )

    with pytest.raises(NotPossible, match="agreed"):
        accept(referral, by=access_worker, now=LATER, **HUB)


def test_a_family_with_a_live_case_is_linked_and_not_given_a_second(in_triage, access_worker, worker):
    case = CaseFactory.led_by(worker, family=in_triage.family, area=in_triage.area)
    with pytest.raises(NotPossible, match="case already"):
        accept(in_triage, by=access_worker, now=LATER, **HUB)

    linked = link(in_triage, by=access_worker, now=LATER, **SAID)

    assert (linked.status, linked.case) == (Status.LINKED, case)
    assert "A new referral was linked to your case" in told(worker)


def test_there_is_nothing_to_link_to_without_an_open_case(in_triage, access_worker):
    with pytest.raises(NotPossible):
        link(in_triage, by=access_worker, now=LATER, **SAID)


def test_the_news_is_owed_until_the_family_has_heard_it(in_triage, access_worker):
    decided = accept(in_triage, by=access_worker, now=LATER, **HUB)
    assert open_codes(decided) == {"D_OUTCOME"}

    tell_family(decided, by=access_worker, now=LATER, how="Rang Leanne.")

    assert open_codes(decided) == set()
    assert decided.deadlines.get(code="D_OUTCOME").met_at == LATER


def test_a_family_that_was_told_is_owed_nothing(in_triage, access_worker):
    assert open_codes(accept(in_triage, by=access_worker, now=LATER, **HUB, family_told=True)) == set()


def test_signposting_names_the_services_and_why(in_triage, access_worker):
    service = ServiceFactory()

    decided = signpost(in_triage, by=access_worker, now=LATER, **SAID, level_of_need=2, services=[service])

    assert decided.status == Status.SIGNPOSTED
    assert list(decided.decisions.get().services.all()) == [service]
    assert not decided.needs_second_look


def test_signposting_to_nowhere_is_refused(in_triage, access_worker):
    with pytest.raises(NotPossible):
        signpost(in_triage, by=access_worker, now=LATER, **SAID, level_of_need=2, services=[])


def test_advice_is_what_was_advised(in_triage, access_worker):
    decided = advise(in_triage, by=access_worker, now=LATER, **SAID, level_of_need=1, advice="Ask the school nurse.")

    assert decided.decisions.get().advice == "Ask the school nurse."


def test_level_four_is_neither_signposted_nor_advised(in_triage, access_worker):
    with pytest.raises(NotPossible, match="step it up"):
        advise(in_triage, by=access_worker, now=LATER, **SAID, level_of_need=4, advice="Wait.")


def test_stepping_up_hands_over_at_once_even_before_anybody_took_it(referral, access_worker):
    decided = step_up(
        referral, by=access_worker, now=LATER, **SAID, family_told=False, not_told_why="It may not be safe."
    )

    handover = SocialCareHandover.objects.get()
    assert decided.status == Status.STEPPED_UP
    assert (handover.referral, handover.family) == (referral, referral.family)
    assert decided.decisions.get().handover == handover


def test_a_decision_is_never_altered(in_triage, access_worker):
    decision = accept(in_triage, by=access_worker, now=LATER, **HUB).decisions.get()

    with pytest.raises(Exception, match="Cannot update"):
        TriageDecision.objects.filter(pk=decision.pk).update(reason="Something else")


# --- a second pair of eyes ---------------------------------------------------------------------------------------------


def stepped_up(referral, by):
    return step_up(referral, by=by, now=LATER, **SAID, family_told=True)


def test_a_manager_agrees_with_a_step_up(in_triage, access_worker, manager):
    decided = stepped_up(in_triage, access_worker)
    assert "D_SECOND_LOOK" in open_codes(decided)
    assert "A second pair of eyes is needed" in told(manager)

    looked = confirm(decided, by=manager, now=LATER, reason="Right.")

    assert (looked.status, looked.second_look_by) == (Status.STEPPED_UP, manager)
    assert "D_SECOND_LOOK" not in open_codes(decided)


def test_nobody_is_their_own_second_pair_of_eyes(in_triage, access_worker, manager):
    from earlyhelp.partnership.enums import Role
    from tests.factories import PostFactory

    PostFactory(user=access_worker, role=Role.TEAM_MANAGER, area=in_triage.area)
    decided = stepped_up(in_triage, access_worker)

    with pytest.raises(PermissionDenied):
        confirm(decided, by=access_worker, now=LATER, reason="I agree with myself.")

    decided.refresh_from_db()
    assert decided.second_look_at is None


def test_a_manager_who_disagrees_puts_it_back_in_triage(in_triage, access_worker, manager):
    service = ServiceFactory()
    decided = signpost(in_triage, by=access_worker, now=LATER, **SAID, level_of_need=3, services=[service])

    back = reconsider(decided, by=manager, now=LATER, reason="Two agencies cannot do this alone.")

    assert (back.status, back.holder, back.decided_at) == (Status.IN_TRIAGE, access_worker, None)
    assert open_codes(back) == {"D_TRIAGE"}


# --- the hub sends it back ---------------------------------------------------------------------------------------------


def test_the_hub_and_the_lead_read_why_it_is_urgent(practitioner, access_worker, melton):
    why = "The eviction is heard on 10 December."
    pressing = taken(area=melton, author=practitioner, by=access_worker, urgent=True, urgent_why=why)
    calm = taken(area=melton, author=practitioner, by=access_worker)

    accepted = [accept(each, by=access_worker, now=MONDAY, **HUB).case for each in (pressing, calm)]

    assert [f"Why it is urgent: {why}" in each.request for each in accepted] == [True, False]
    assert ("Why it is urgent", why) in [(each.heading, each.text) for each in in_the_referrers_words(accepted[0])]
    assert "Why it is urgent" not in [each.heading for each in in_the_referrers_words(accepted[1])]


def test_a_family_that_the_hub_returns_is_in_triage_again_with_a_new_clock(in_triage, access_worker, chair):
    accepted = accept(in_triage, by=access_worker, now=LATER, **HUB)
    not_opened(accepted.case, by=chair, now=LATER, outcome="returned", reason="Ask the school first.")

    assert take_back_returned(now=LATER) == 1

    accepted.refresh_from_db()
    assert (accepted.status, accepted.case, accepted.returned_at) == (Status.IN_TRIAGE, None, LATER)
    assert open_codes(accepted) == {"D_TRIAGE"}
    assert "The hub returned a referral" in told(access_worker)
    assert take_back_returned(now=LATER) == 0


def test_it_comes_back_only_if_the_hub_returned_it(in_triage, access_worker, chair):
    accepted = accept(in_triage, by=access_worker, now=LATER, **HUB)
    not_opened(accepted.case, by=chair, now=LATER, outcome="signposted", reason="The library will do.", where="Library")

    assert take_back_returned(now=LATER) == 0
    with pytest.raises(NotPossible):
        return_from_hub(accepted, by=SYSTEM, now=LATER)


def test_a_returned_family_may_be_accepted_again(in_triage, access_worker, chair):
    first = accept(in_triage, by=access_worker, now=LATER, **HUB)
    not_opened(first.case, by=chair, now=LATER, outcome="returned", reason="Ask the school first.")
    take_back_returned(now=LATER)

    again = accept(in_triage, by=access_worker, now=LATER, **HUB)

    assert again.case != first.case
    assert again.decisions.count() == 2


# --- withdrawing -------------------------------------------------------------------------------------------------------


def test_the_referrer_withdraws(in_triage, practitioner, access_worker):
    gone = withdraw(in_triage, by=practitioner, now=LATER, withdrawn_by="referrer", reason="They have moved.")

    assert gone.status == Status.WITHDRAWN
    assert open_codes(gone) == set()
    assert "A referral was withdrawn" in told(access_worker)


def test_where_the_family_declines_the_risk_is_asked_about(in_triage, practitioner):
    with pytest.raises(NotPossible, match="at risk"):
        withdraw(in_triage, by=practitioner, now=LATER, withdrawn_by="family", reason="Mother said no.")

    in_triage.refresh_from_db()
    assert in_triage.status == Status.IN_TRIAGE


def test_declined_with_a_risk_needs_a_second_look(in_triage, access_worker, manager):
    gone = withdraw(
        in_triage,
        by=access_worker,
        now=LATER,
        withdrawn_by="family",
        reason="Mother said no.",
        risk_noted=True,
        risk_detail="The baby is not gaining weight.",
    )

    assert open_codes(gone) == {"D_SECOND_LOOK"}
    assert Referral.objects.for_user(manager, "second_look").filter(pk=gone.pk).exists()


def test_a_withdrawn_referral_that_nobody_held_goes_back_to_the_queue(referral, practitioner, manager):
    gone = withdraw(
        referral, by=practitioner, now=LATER, withdrawn_by="family", reason="No.", risk_noted=True, risk_detail="Yes."
    )

    back = reconsider(gone, by=manager, now=LATER, reason="Somebody must look.")

    assert (back.status, back.holder) == (Status.SUBMITTED, None)
    assert open_codes(back) == {"D_PICKUP", "D_TRIAGE"}


def test_a_stranger_does_not_withdraw_it(in_triage, stranger):
    with pytest.raises(PermissionDenied):
        withdraw(in_triage, by=stranger, now=LATER, withdrawn_by="referrer", reason="Because.")
