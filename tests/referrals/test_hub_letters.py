"""The letters that nobody looks over: of the hub’s decision, of who leads, and of the end of early help (domain.md 6.4, 6.5)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from earlyhelp.cases.models import Case, TeamMember
from earlyhelp.cases.transitions import accept as accept_offer
from earlyhelp.cases.transitions import allocate, family_withdrew, not_opened
from earlyhelp.letters.enums import BY_ITSELF, Kind, Reader
from earlyhelp.letters.services import all_in_force, fault_of, publish
from earlyhelp.sharing.models import Disclosure
from earlyhelp.workflow.transitions import NotPossible
from referrals.models import Referral, ReferralLetter
from referrals.queries import people_of
from tests.factories import MONDAY, UserFactory, secret_home
from tests.referrals.test_from_the_hub import HUB, SAID
from tests.referrals.test_letters import words

LATER = MONDAY + timedelta(days=20)
ALLOCATED = {"tier": 2, "reason": "Ours.", "preference": "asked", "preference_note": "Local."}


@pytest.fixture
def accepted(in_triage, access_worker):
    from referrals.transitions.referral import accept

    return accept(in_triage, by=access_worker, now=MONDAY, **HUB)


@pytest.fixture
def opened(accepted, chair, worker):
    return allocate(accepted.case, by=chair, now=LATER, worker=worker, message="Thank you for waiting.", **ALLOCATED)


@pytest.fixture
def led(opened, worker):
    return accept_offer(opened, by=worker, now=LATER)


def letters(kind):
    found = ReferralLetter.objects.filter(template__kind=kind)
    return {each.reader: each for each in found}


def turn_away(case, chair, outcome, **said):
    return not_opened(case, by=chair, now=LATER, outcome=outcome, reason="One service will do.", **said)


# --- what is written, and what is not ----------------------------------------------------------------------------------


def test_the_referrer_is_written_that_the_hub_takes_the_family_on_and_what_it_adds(opened, practitioner):
    letter = letters(Kind.HUB_OPENED)[Reader.REFERRER]

    assert (letter.to, letter.how, letter.case, letter.by) == (practitioner, "status_page", opened, None)
    assert "early help begins" in letter.body
    assert "The hub says: “Thank you for waiting.”" in letter.body
    assert "Ours." not in letter.body  # why it decides so is the hub’s


def test_a_hub_that_adds_nothing_leaves_no_hole_in_the_letter(accepted, chair, worker):
    allocate(accepted.case, by=chair, now=LATER, worker=worker, **ALLOCATED)

    body = letters(Kind.HUB_OPENED)[Reader.REFERRER].body
    assert "The hub says" not in body
    assert "\n\n\n" not in body
    assert not set("{}") & set(body)


def test_the_family_is_written_once_it_can_be_told_who_by_name_and_not_before(opened, worker):
    assert [*ReferralLetter.objects.filter(reader=Reader.FAMILY, case=opened)] == []

    accept_offer(opened, by=worker, now=LATER)
    letter = letters(Kind.LED)[Reader.FAMILY]
    assert (letter.to, letter.how) == (None, "paper")
    assert f"{worker} works with your family" in letter.body
    assert "Dear Leanne," in letter.body
    theirs = letters(Kind.LED)[Reader.REFERRER]
    assert str(worker.agency) in theirs.body
    assert str(worker) not in theirs.body


def test_where_the_hub_signposts_both_read_where_to(accepted, chair):
    turn_away(accepted.case, chair, "signposted", where="Careers service, 01632 960 177", message="Come back.")

    theirs, family = (letters(Kind.HUB_SIGNPOSTED)[reader].body for reader in (Reader.REFERRER, Reader.FAMILY))
    assert "Careers service, 01632 960 177" in theirs
    assert "Careers service, 01632 960 177" in family
    assert "Come back." in theirs
    assert "Come back." not in family
    assert "One service will do." not in theirs + family


@pytest.mark.parametrize(("told", "written"), [(True, {"referrer", "family"}), (False, {"referrer"})])
def test_a_family_that_must_not_hear_of_a_hand_over_has_no_letter_lying_ready(accepted, chair, told, written):
    turn_away(accepted.case, chair, "handed_over", handover=SAID | {"family_told": told})

    assert set(letters(Kind.HUB_HANDED_OVER)) == written


def test_what_the_hub_sends_back_is_not_over_and_nobody_is_written_to(accepted, chair):
    turn_away(accepted.case, chair, "returned")

    assert not ReferralLetter.objects.filter(case__isnull=False).exists()


def test_at_the_end_the_referrer_reads_how_and_the_family_that_it_may_ask_again(led, worker):
    family_withdrew(led, by=worker, now=LATER, safeguarding_check="Nobody is at risk.", reason="It is enough.")

    theirs, family = (letters(Kind.ENDED)[reader].body for reader in (Reader.REFERRER, Reader.FAMILY))
    assert "The family withdrew" in theirs
    assert "ask for help again" in family
    assert "withdrew" not in family
    assert "It is enough." not in theirs + family


@pytest.mark.parametrize(
    ("reason", "written"), [("died", set()), ("stepped_up", {"referrer"}), ("other", {"referrer", "family"})]
)
def test_no_letter_speaks_of_a_death_or_in_the_place_of_social_care(led, reason, written):
    from earlyhelp.cases.services import end

    end(led, now=LATER, reason=reason)

    assert set(letters(Kind.ENDED)) == written


def test_a_family_that_asked_themselves_is_the_only_one_written_to(accepted, chair):
    Referral.objects.filter(pk=accepted.pk).update(author=None, agency=None, source_kind="family")

    turn_away(accepted.case, chair, "signposted", where="Careers service")

    assert set(letters(Kind.HUB_SIGNPOSTED)) == {"family"}


def test_social_care_that_steps_down_is_told_who_leads_by_name_and_not_by_this_letter(opened, worker):
    handed = {"step_down": True, "source_kind": "social_care", "closing_summary": "Done.", "plan_ahead": "School."}
    Referral.objects.filter(case=opened).update(**handed)

    accept_offer(opened, by=worker, now=LATER)

    assert set(letters(Kind.LED)) == {"family"}


def test_whoever_has_left_since_is_written_nothing(accepted, chair, worker, practitioner):
    practitioner.is_active = False
    practitioner.save()

    allocate(accepted.case, by=chair, now=LATER, worker=worker, **ALLOCATED)

    assert not letters(Kind.HUB_OPENED)
    assert not Disclosure.objects.filter(way="letter", at=LATER).exists()


# --- rules that hold for every letter ----------------------------------------------------------------------------------


def test_the_hubs_own_words_never_say_where_somebody_is_hidden_and_nothing_is_decided(accepted, chair, worker):
    mother = next(each.person for each in people_of(accepted.family_id) if each.role == "parent")
    secret_home(mother, line_1="12 High Street", postcode="LE9 9ZZ")

    with pytest.raises(NotPossible, match="protected") as problem, transaction.atomic():
        allocate(accepted.case, by=chair, now=LATER, worker=worker, message="Near LE9 9ZZ.", **ALLOCATED)

    assert problem.value.field == "message"
    assert not letters(Kind.HUB_OPENED)
    assert Case.objects.get(pk=accepted.case_id).status == "awaiting_decision"


def test_what_a_referrer_is_written_stands_in_the_ledger_and_what_the_family_is_does_not(led, practitioner):
    told = Disclosure.objects.filter(way="letter", at=LATER)

    assert {each.recipient for each in told} == {str(practitioner)}
    assert told.count() == 2  # that the hub decided, and that somebody has accepted


def test_a_letter_is_about_a_decision_of_eh_access_or_about_a_case_and_never_about_neither(opened):
    letter = letters(Kind.HUB_OPENED)[Reader.REFERRER]
    letter.pk, letter.case = None, None

    with pytest.raises(IntegrityError), transaction.atomic():
        letter.save(force_insert=True)


@pytest.mark.parametrize("kind", BY_ITSELF)
def test_every_text_that_goes_by_itself_has_only_words_that_can_be_filled_in(kind, db):
    in_force = all_in_force(kind)

    assert Reader.REFERRER in in_force
    assert [fault_of(each.body, kind) for each in in_force.values()] == [""] * len(in_force)
    assert "officer" in fault_of("{officer}", kind)  # nobody looked it over, and nobody is named


def test_an_authority_writes_them_in_its_own_voice(accepted, chair, worker):
    template = all_in_force(Kind.HUB_OPENED)[Reader.REFERRER]
    publish(template, by=UserFactory(), now=MONDAY, version=1, subject="News", body="Hello {referrer}, {hub_says}")

    allocate(accepted.case, by=chair, now=LATER, worker=worker, message="All is well.", **ALLOCATED)

    letter = letters(Kind.HUB_OPENED)[Reader.REFERRER]
    assert (letter.subject, letter.template.version) == ("News", 2)
    assert letter.body == f"Hello {accepted.author}, The hub says: “All is well.”"


# --- who finds and reads them ------------------------------------------------------------------------------------------


def test_the_lead_professional_finds_the_familys_letter_on_the_case_and_reads_it(client, led, worker):
    url = letters(Kind.LED)[Reader.FAMILY].get_absolute_url()
    client.force_login(worker)

    page = client.get(led.get_absolute_url()).content.decode()
    assert "A letter to the family lies ready." in page
    assert url in page
    assert url in client.get(reverse("cases:section", args=[led.reference, "referral"])).content.decode()
    letter = client.get(url)
    assert f"{worker} works with your family" in words(letter)
    assert reverse("cases:section", args=[led.reference, "referral"]) in letter.content.decode()


def test_nobody_but_the_lead_professional_is_told_that_it_lies_ready(client, led, chair):
    client.force_login(chair)

    assert "A letter to the family lies ready." not in client.get(led.get_absolute_url()).content.decode()


def test_the_referrer_finds_their_letters_on_their_referral_and_not_the_familys(client, led, accepted, practitioner):
    client.force_login(practitioner)
    page = client.get(accepted.get_absolute_url()).content.decode()

    for kind in (Kind.HUB_OPENED, Kind.LED):
        assert letters(kind)[Reader.REFERRER].get_absolute_url() in page
    family = letters(Kind.LED)[Reader.FAMILY].get_absolute_url()
    assert family not in page
    assert client.get(family).status_code == 404


def test_eh_access_finds_the_letter_with_which_it_tells_the_family(client, accepted, chair, access_worker):
    turn_away(accepted.case, chair, "signposted", where="Careers service")
    url = letters(Kind.HUB_SIGNPOSTED)[Reader.FAMILY].get_absolute_url()
    client.force_login(access_worker)

    assert url in client.get(reverse("referrals:triage_case", args=[accepted.reference])).content.decode()
    told = reverse("referrals:move", args=[accepted.reference, "tell_family"])
    assert told in client.get(url).content.decode()


@pytest.mark.parametrize("who", ["contact", "second_worker"])
def test_whoever_sees_neither_referral_nor_case_reads_no_letter_of_it(client, led, who, request, worker):
    stranger = request.getfixturevalue(who) if who != "second_worker" else UserFactory(agency=worker.agency)
    client.force_login(stranger)

    assert {client.get(each.get_absolute_url()).status_code for each in ReferralLetter.objects.all()} == {404}


def test_one_of_the_team_reads_it_while_they_are_on_it_and_no_longer(client, led):
    member = UserFactory()
    TeamMember.objects.create(case=led, user=member, agency=member.agency, role="member", from_at=MONDAY)
    url = letters(Kind.LED)[Reader.FAMILY].get_absolute_url()
    client.force_login(member)
    assert client.get(url).status_code == 200

    led.team.filter(user=member).update(until_at=LATER)
    assert client.get(url).status_code == 404
