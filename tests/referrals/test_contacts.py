"""The life of a contact: recorded by anybody, answered once, and lost by nobody (domain.md 6.2)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from earlyhelp.core.calendar import add_working_days
from earlyhelp.families.models import Family
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import User
from earlyhelp.workflow.transitions import REGISTRY, NotPossible
from referrals import todo
from referrals.contacts import earlier, with_repeats
from referrals.enums import ContactStatus
from referrals.models import Contact, Referral, SocialCareHandover
from referrals.services.drafts import discard, save_draft
from referrals.sweep import tidy_drafts
from referrals.transitions import contact as deeds
from referrals.transitions.referral import submit
from tests.factories import (
    MONDAY,
    CaseFactory,
    FamilyFactory,
    PostFactory,
    ServiceFactory,
    UserFactory,
)
from tests.races import together
from tests.referrals.factories import got_in_touch, ready_draft

LATER = MONDAY + timedelta(hours=1)
NAMED = {"first_name": "Tia", "last_name": "Gale", "born_on": date(2016, 4, 1)}
HANDED = {"about": "A boy", "concern": "Bruises.", "family_told": False, "not_told_why": "Not safe."}
ANSWERS = {
    "advise": {"advice": "Ring the bank."},
    "signpost": {"reason": "Debt.", "person_told": True, "elsewhere": "The parish"},
    "link": {"message": "New worry."},
    "void": {"because": "test"},
}


@pytest.fixture
def rang(practitioner, access_worker, melton):
    """Taken by the practitioner; the caller says that the family lives in Melton."""
    return got_in_touch(by=practitioner, area=melton)


@pytest.fixture
def adviser(county):
    return PostFactory(role=Role.FIRST_CONTACT_ADVISER, area=county).user


def seen_by(user):
    user.forget_scope()
    return list(Contact.objects.for_user(user).order_by("pk"))


def repeat_of(contact, user):
    return with_repeats(Contact.objects.filter(pk=contact.pk), user).get().repeat


# --- it is recorded ----------------------------------------------------------------------------------------------------


def test_anybody_records_a_contact_and_it_is_acknowledged_at_once(rang, practitioner):
    acknowledged = rang.deadlines.get(code="D_ACK")

    assert rang.reference.startswith("C-2026-")
    assert (rang.author, rang.status) == (practitioner, ContactStatus.RECEIVED)
    assert acknowledged.met_at == MONDAY


def test_it_is_to_be_answered_within_a_working_day_of_when_they_got_in_touch(practitioner, melton):
    letter = got_in_touch(by=practitioner, area=melton, received_at=MONDAY - timedelta(days=3), channel="letter")

    owed = letter.deadlines.open().get()
    assert (owed.code, owed.holder_role) == ("D_TRIAGE", Role.EH_ACCESS)
    assert owed.due_at.date() == add_working_days((MONDAY - timedelta(days=3)).date(), 1)


def test_nobody_gets_in_touch_in_the_future(practitioner, melton):
    with pytest.raises(NotPossible):
        got_in_touch(by=practitioner, area=melton, received_at=LATER)

    assert not Contact.objects.exists()


def test_a_worry_about_safety_is_told_to_eh_access_at_once_and_names_nobody(practitioner, access_worker, melton):
    contact = got_in_touch(by=practitioner, area=melton, safeguarding="unsure", **NAMED)

    notice = Notice.objects.get(to=access_worker)
    assert (notice.urgent, notice.reference) == (True, contact.reference)
    assert "Gale" not in notice.title


def test_an_ordinary_contact_rings_nobody_up(rang):
    assert not Notice.objects.exists()


# --- who sees it -------------------------------------------------------------------------------------------------------


def test_whoever_took_it_and_those_who_answer_see_it(rang, practitioner, access_worker, adviser):
    for user in (practitioner, access_worker, adviser):
        assert seen_by(user) == [rang]


@pytest.mark.parametrize("who", ["stranger", "other_worker", "service_manager", "chair", "coordinator", "manager"])
def test_nobody_else_sees_it(request, rang, who):
    assert seen_by(request.getfixturevalue(who)) == []


def test_eh_access_of_another_place_does_not_see_it(rang, charnwood):
    assert seen_by(PostFactory(role=Role.EH_ACCESS, area=charnwood).user) == []


def test_a_contact_that_nobody_can_place_is_seen_by_all_of_eh_access(practitioner, access_worker, charnwood):
    elsewhere = PostFactory(role=Role.EH_ACCESS, area=charnwood).user
    contact = got_in_touch(by=practitioner)

    assert contact.anywhere
    assert seen_by(elsewhere) == seen_by(access_worker) == [contact]


def test_nobody_without_post_team_or_agency_is_kept_from_recording(access_worker, melton):
    contact = got_in_touch(by=UserFactory(agency=None))

    assert contact.area == melton.parent
    assert seen_by(access_worker) == [contact]


def test_a_restricted_familys_contact_is_for_the_governance_lead_and_whoever_took_it(
    practitioner, melton, access_worker, adviser, ig_lead
):
    contact = got_in_touch(by=practitioner, family=FamilyFactory(area=melton, restricted=True), safeguarding="yes")

    assert seen_by(access_worker) == seen_by(adviser) == []
    assert seen_by(ig_lead) == seen_by(practitioner) == [contact]
    assert contact.deadlines.open().get().holder_role == Role.IG_LEAD
    assert list(Notice.objects.values_list("to", flat=True)) == [ig_lead.pk]


# --- each answer: allowed, forbidden, impossible -----------------------------------------------------------------------


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


# --- following up ------------------------------------------------------------------------------------------------------


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


def test_a_follow_up_in_the_past_is_refused_and_nothing_is_advised(rang, access_worker):
    with pytest.raises(NotPossible):
        deeds.advise(rang, by=access_worker, now=LATER, advice="x", follow_up_on=date(2026, 1, 1))

    rang.refresh_from_db()
    assert rang.is_waiting
    assert not rang.advice.exists()


# --- a referral --------------------------------------------------------------------------------------------------------


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


# --- a family, and its case --------------------------------------------------------------------------------------------


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


# --- social care -------------------------------------------------------------------------------------------------------


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


# --- repeats -----------------------------------------------------------------------------------------------------------


def days_ago(days):
    return MONDAY - timedelta(days=days)


def test_the_third_contact_about_a_family_says_so(practitioner, access_worker, melton):
    family = FamilyFactory(area=melton)
    first, second, third = (got_in_touch(by=practitioner, family=family, now=days_ago(n)) for n in (59, 20, 0))

    assert repeat_of(third, access_worker) == "Third contact about this family in 60 days"
    assert repeat_of(first, access_worker) == ""
    assert earlier(third, access_worker) == [second, first]


def test_of_somebody_who_is_in_no_record_name_and_date_of_birth_tell(practitioner, access_worker, melton):
    other = {"caller_phone": "", "area": melton}
    got_in_touch(by=practitioner, now=days_ago(5), **NAMED | {"first_name": "TIA"}, **other)
    got_in_touch(by=practitioner, now=days_ago(4), **NAMED | {"born_on": date(2016, 4, 2)}, **other)
    again = got_in_touch(by=practitioner, **NAMED, **other)

    assert repeat_of(again, access_worker) == "Second contact about somebody of this name and date of birth in 60 days"
    assert len(earlier(again, access_worker)) == 1


@pytest.mark.parametrize("number", ["01632960123", "+44 1632 960123", "01632 960 123"])
def test_a_telephone_number_tells_however_it_is_written(practitioner, access_worker, melton, number):
    got_in_touch(by=practitioner, now=days_ago(5), area=melton)
    again = got_in_touch(by=practitioner, caller_phone=number, area=melton)

    assert repeat_of(again, access_worker) == "Second contact from this telephone number in 60 days"


def test_a_school_that_rings_about_many_children_is_no_repeat(practitioner, access_worker, melton):
    for n in (5, 0):
        contact = got_in_touch(by=practitioner, now=days_ago(n), source_kind="school", area=melton)

    assert repeat_of(contact, access_worker) == ""
    assert earlier(contact, access_worker) == []


def test_callers_without_a_number_and_people_without_a_name_are_not_alike(practitioner, access_worker, melton):
    nobody = {"caller_phone": "", "born_on": date(2016, 4, 1), "area": melton}
    for n in (5, 0):
        contact = got_in_touch(by=practitioner, now=days_ago(n), **nobody)

    assert repeat_of(contact, access_worker) == ""
    assert earlier(contact, access_worker) == []


def test_what_is_older_or_not_counted_is_no_repeat(practitioner, access_worker, melton):
    got_in_touch(by=practitioner, now=days_ago(61), area=melton)
    deeds.void(
        got_in_touch(by=practitioner, now=days_ago(5), area=melton), by=access_worker, now=MONDAY, because="test"
    )

    assert repeat_of(got_in_touch(by=practitioner, area=melton), access_worker) == ""


def test_a_repeat_never_tells_that_a_restricted_family_is_known(practitioner, access_worker, ig_lead, melton):
    hidden = FamilyFactory(area=melton, restricted=True)
    got_in_touch(by=practitioner, family=hidden, now=days_ago(5), **NAMED)
    again = got_in_touch(by=UserFactory(), area=melton, **NAMED)

    assert repeat_of(again, access_worker) == ""
    assert earlier(again, access_worker) == []


def test_whoever_took_one_learns_nothing_of_what_others_took(practitioner, worker, access_worker, melton):
    got_in_touch(by=worker, now=days_ago(5), area=melton)
    mine = got_in_touch(by=practitioner, area=melton)

    assert repeat_of(mine, practitioner) == ""
    assert repeat_of(mine, access_worker) != ""


# --- the home page -----------------------------------------------------------------------------------------------------


def test_eh_access_is_told_how_many_wait_and_how_many_are_late(practitioner, access_worker, melton, stranger):
    got_in_touch(by=practitioner, now=days_ago(7), area=melton)
    got_in_touch(by=practitioner, area=melton)

    assert [line.text for line in todo.contacts_to_answer(access_worker, LATER)] == [
        "1 contact past the time for an answer",
        "1 contact to answer",
    ]
    assert list(todo.contacts_to_answer(stranger, LATER)) == []


# --- two at once -------------------------------------------------------------------------------------------------------


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


def test_a_contact_of_a_family_with_a_closed_case_is_not_linked(practitioner, access_worker, melton):
    over = {"status": "closed", "closed_on": MONDAY.date(), "opened_on": MONDAY.date(), "end_reason": "other"}
    case = CaseFactory(area=melton, **over)
    contact = got_in_touch(by=practitioner, family=case.family)

    with pytest.raises(NotPossible):
        deeds.link(contact, by=access_worker, now=LATER, message="x")
