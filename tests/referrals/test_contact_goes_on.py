"""A contact goes on as a referral, to the lead of the family's case, or to social care; else it waits again (domain.md 6.2)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from earlyhelp.families.models import Family
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import REGISTRY, NotPossible
from referrals.enums import ContactStatus
from referrals.models import Contact, Referral, SocialCareHandover
from referrals.services.drafts import discard, save_draft
from referrals.sweep import tidy_drafts
from referrals.transitions import contact as deeds
from referrals.transitions.referral import submit
from tests.factories import MONDAY, CaseFactory, FamilyFactory
from tests.referrals.contacts import ANSWERS, HANDED, LATER, NAMED, seen_by
from tests.referrals.factories import got_in_touch, ready_draft

# --- a referral -------------------------------------------------------------------------------------------------------


def test_a_contact_becomes_a_referral_in_which_nothing_is_typed_again(practitioner, access_worker, melton):
    contact = got_in_touch(by=practitioner, area=melton, source_kind="gp", **NAMED)

    done = deeds.convert(contact, by=access_worker, now=LATER, role="child", area=melton, **NAMED)

    referral = done.referral
    child = referral.family.memberships.get().person
    assert (referral.author, referral.status, referral.why_now) == (access_worker, "draft", contact.said)
    assert (referral.source_kind, referral.contact_phone) == ("gp", "01632 960 123")
    assert (child.first_name, child.last_name, child.born_on) == tuple(NAMED.values())


def test_the_referrer_may_begin_it_too(rang, practitioner, melton):
    done = deeds.convert(rang, by=practitioner, now=LATER, role="child", area=melton, **NAMED)

    assert done.referral.author == practitioner


def test_a_referral_needs_a_named_person(rang, access_worker):
    with pytest.raises(NotPossible):
        deeds.convert(rang, by=access_worker, now=LATER)

    assert not Referral.objects.exists()
    assert not Family.objects.exists()


def test_a_draft_that_was_begun_already_is_gone_on_with_and_not_written_over(practitioner, access_worker, melton):
    family = FamilyFactory(area=melton)
    draft = ready_draft(area=melton, author=access_worker, family=family, why_now="My own words.", wants="")
    contact = got_in_touch(by=practitioner, family=family)

    done = deeds.convert(contact, by=access_worker, now=LATER)

    assert (done.referral, done.referral.why_now) == (draft, "My own words.")


def test_it_rings_whoever_began_the_referral_until_that_is_sent(rang, access_worker, practitioner, melton):
    done = deeds.convert(rang, by=access_worker, now=LATER, role="parent", area=melton, **NAMED)
    assert done.deadlines.open().get(code="D_TRIAGE").holder == access_worker

    facts = {"tried": "x", "wants": "x", "people_checked": True, "urgent": False, "no_agreement_reason": "By phone."}
    referral = save_draft(done.referral, by=access_worker, now=LATER, **facts)
    submit(referral, by=access_worker, now=LATER)

    assert not done.deadlines.open().exists()


@pytest.mark.parametrize("how", ["by hand", "by time"])
def test_a_referral_thrown_away_unsent_leaves_the_contact_waiting_again(rang, access_worker, melton, how):
    done = deeds.convert(rang, by=access_worker, now=LATER, role="parent", area=melton, **NAMED)

    if how == "by hand":
        discard(done.referral, by=access_worker, now=LATER)
    else:
        tidy_drafts(now=LATER + timedelta(days=31))

    rang.refresh_from_db()
    owed = rang.deadlines.open().get()
    assert (rang.status, rang.referral, rang.answered_by) == (ContactStatus.RECEIVED, None, None)
    assert (owed.holder, owed.holder_role) == (None, Role.EH_ACCESS)


# --- a family, and its case -------------------------------------------------------------------------------------------


def test_saying_which_family_it_is_about_places_it(practitioner, access_worker, charnwood):
    contact = got_in_touch(by=practitioner)

    placed = deeds.identify(contact, by=access_worker, now=LATER, family=FamilyFactory(area=charnwood))

    assert (placed.area, placed.anywhere) == (charnwood, False)
    assert placed.deadlines.open().get().area == charnwood


def test_a_contact_about_a_family_with_a_case_goes_to_its_lead(led_case, worker, practitioner, access_worker):
    contact = got_in_touch(by=practitioner, family=led_case.family)
    assert seen_by(worker) == []

    done = deeds.link(contact, by=access_worker, now=LATER, message="Ring her.")

    notice = Notice.objects.get(to=worker)
    assert (done.case, notice.urgent, notice.reference) == (led_case, True, contact.reference)
    assert seen_by(worker) == [contact]


def test_the_rest_of_the_team_does_not_read_who_rang(led_case, other_worker, practitioner, access_worker, chair):
    contact = got_in_touch(by=practitioner, family=led_case.family)
    deeds.link(contact, by=access_worker, now=LATER, message="Ring her.")

    assert seen_by(other_worker) == seen_by(chair) == []


def test_while_nobody_leads_the_chairs_hear_and_see(waiting_case, practitioner, access_worker, chair):
    contact = got_in_touch(by=practitioner, family=waiting_case.family)
    deeds.link(contact, by=access_worker, now=LATER, message="Before you meet.")

    assert Notice.objects.filter(to=chair, key__endswith="linked").exists()
    assert seen_by(chair) == [contact]


@pytest.mark.parametrize("known", [True, False])
def test_without_an_open_case_there_is_nothing_to_link_to(practitioner, access_worker, melton, known):
    contact = got_in_touch(by=practitioner, family=FamilyFactory(area=melton) if known else None)

    with pytest.raises(NotPossible):
        deeds.link(contact, by=access_worker, now=LATER, message="x")


def test_a_contact_of_a_family_with_a_closed_case_is_not_linked(practitioner, access_worker, melton):
    over = {"status": "closed", "closed_on": MONDAY.date(), "opened_on": MONDAY.date(), "end_reason": "other"}
    case = CaseFactory(area=melton, **over)
    contact = got_in_touch(by=practitioner, family=case.family)

    with pytest.raises(NotPossible):
        deeds.link(contact, by=access_worker, now=LATER, message="x")


# --- social care ------------------------------------------------------------------------------------------------------


def test_whoever_took_it_hands_over_without_asking_anybody(rang, practitioner):
    done = deeds.hand_over(rang, by=practitioner, now=LATER, **HANDED)

    assert done.status == ContactStatus.HANDED_OVER
    assert rang.reference in done.handover.source
    assert done.handover.area == rang.area
    assert not done.deadlines.open().exists()


@pytest.mark.parametrize("name", ["advise", "void"])
def test_it_is_handed_over_whatever_has_become_of_it(rang, access_worker, practitioner, name):
    answered = REGISTRY[Contact][name](rang, by=access_worker, now=LATER, **ANSWERS[name])

    done = deeds.hand_over(rang, by=practitioner, now=LATER, **HANDED)

    assert done.status == answered.status
    assert done.handover.is_unacknowledged


def test_who_does_not_see_a_contact_hands_over_nothing_from_it(rang, stranger):
    with pytest.raises(PermissionDenied):
        deeds.hand_over(rang, by=stranger, now=LATER, **HANDED)

    assert not SocialCareHandover.objects.exists()
