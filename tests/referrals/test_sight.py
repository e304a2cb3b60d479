"""Which families one sees through a referral, and what the home page says needs one today."""

from datetime import timedelta

import pytest

from earlyhelp.core.todo import TODO
from earlyhelp.families.access import whom_to_ask
from earlyhelp.families.models import Family
from earlyhelp.partnership.enums import Role
from referrals.models import Referral
from referrals.transitions.referral import accept, ask_agencies
from tests.factories import MONDAY, PostFactory
from tests.referrals.factories import handed_over, ready_draft, sent

LATER = MONDAY + timedelta(hours=1)
HUB = {"reason": "r", "message": "m", "level_of_need": 3, "proposed_tier": 2, "urgent": False}


def sees(user, family):
    user.forget_scope()
    return Family.objects.for_user(user).filter(pk=family.pk).exists()


def lines(user, now=LATER):
    user.forget_scope()
    return [line.text for source in TODO if source.__module__.startswith("referrals") for line in source(user, now)]


def test_the_author_sees_a_family_they_wrote_down_until_it_is_decided(in_triage, practitioner, access_worker):
    assert sees(practitioner, in_triage.family)

    accept(in_triage, by=access_worker, now=LATER, **HUB)

    assert not sees(practitioner, in_triage.family)


def test_eh_access_sees_a_family_while_it_is_in_triage(draft, practitioner, access_worker):
    from referrals.transitions.referral import submit

    assert not sees(access_worker, draft.family)

    submit(draft, by=practitioner, now=MONDAY)

    assert sees(access_worker, draft.family)


def test_eh_access_of_another_area_sees_nothing(referral, charnwood):
    elsewhere = PostFactory(role=Role.EH_ACCESS, area=charnwood).user

    assert not sees(elsewhere, referral.family)
    assert not Referral.objects.for_user(elsewhere).exists()


def test_an_agency_contact_gains_no_family(in_triage, access_worker, contact):
    ask_agencies(in_triage, by=access_worker, now=LATER, agencies=[contact.agency], question="?", lawful_basis="agreed")

    assert not sees(contact, in_triage.family)


def test_a_draft_of_mine_is_out_of_everybody_elses_sight(draft, access_worker, chair, manager, ig_lead):
    for person in (access_worker, chair, manager, ig_lead):
        assert not Referral.objects.for_user(person).exists()


def test_a_search_says_only_that_a_referral_is_being_decided(referral):
    people = [member.person_id for member in referral.family.memberships.all()]

    assert set(whom_to_ask(people).values()) == {"a referral is being decided: ask EH Access"}


def test_a_family_restricted_after_it_was_referred_leaves_everybodys_sight(
    in_triage, access_worker, second_access_worker
):
    Family.objects.filter(pk=in_triage.family_id).update(restricted=True)

    assert Referral.objects.for_user(access_worker).exists()  # who holds it goes on holding it
    assert not Referral.objects.for_user(second_access_worker).exists()


# --- what needs somebody today -----------------------------------------------------------------------------------------


def test_the_author_is_told_of_a_draft_and_when_it_fades(draft, practitioner):
    assert lines(practitioner) == [f"Finish referral {draft.reference}"]
    assert "deleted soon" in lines(practitioner, MONDAY + timedelta(days=24))[0]


def test_eh_access_is_told_how_many_are_new_and_how_many_late(melton, practitioner, access_worker):
    for _ in range(2):
        sent(area=melton, author=practitioner)

    assert lines(access_worker) == ["2 referrals not taken yet"]
    assert "2 referrals past the time for a decision" in lines(access_worker, MONDAY + timedelta(days=7))


def test_a_contact_is_told_of_each_question(in_triage, access_worker, contact):
    ask_agencies(in_triage, by=access_worker, now=LATER, agencies=[contact.agency], question="?", lawful_basis="agreed")

    assert len(lines(contact)) == 1


def test_an_unacknowledged_hand_over_is_its_authors_and_eh_accesss_at_once_and_their_managers_after_a_day(
    worker, access_worker, manager
):
    handed_over(by=worker)

    assert "has not acknowledged" in lines(worker)[0]
    assert "has not acknowledged" in lines(access_worker)[0]
    assert lines(manager) == []
    assert "has not acknowledged" in lines(manager, MONDAY + timedelta(days=2))[0]


def test_no_line_names_anybody(melton, practitioner, access_worker):
    sent(area=melton, author=practitioner, urgent=True, urgent_why="Hearing")
    ready_draft(area=melton, author=practitioner)

    assert not any("Invented" in line or "Leanne" in line for line in lines(practitioner) + lines(access_worker))


@pytest.mark.parametrize("who", ["stranger", "service_manager", "worker"])
def test_nobody_else_is_told_anything(request, referral, who):
    assert lines(request.getfixturevalue(who)) == []
