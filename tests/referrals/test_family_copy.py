"""What is printed for a family of a referral about them, and what never is."""

import pytest
from django.urls import reverse
from django.utils import timezone

from earlyhelp.audit.models import Access
from referrals.models import Referral
from tests.factories import MONDAY, MemberFactory, restricted_person, secret_home
from tests.referrals.factories import taken


@pytest.fixture
def referral(melton, practitioner, access_worker):
    said = {
        "worries": "He may leave her.",
        "safeguarding": "yes",
        "safeguarding_detail": "Shouting at night.",
        "urgent": True,
        "urgent_why": "The hearing.",
        "no_agreement_reason": "He was not there.",
        "why_now": "Leanne lost her work.",
        "people_note": "An uncle in prison.",
    }
    return taken(area=melton, author=practitioner, by=access_worker, now=timezone.now(), **said)


def url(referral):
    return reverse("referrals:for_the_family", args=[referral.reference])


@pytest.fixture
def reads(client, practitioner):
    client.force_login(practitioner)
    return lambda referral, query="": client.get(url(referral) + query).content.decode()


def letter(page):
    return page.partition("<article")[2]


def test_it_says_what_was_said_and_what_comes_next(reads, referral):
    shown = letter(reads(referral))

    for each in ("Leanne lost her work.", "A payment plan.", "Somebody who will not judge.", "Grandmother is near."):
        assert each in shown
    assert "They decide by" in shown
    assert "Leanne, Tyler" in shown


@pytest.mark.parametrize(
    "kept",
    ["He may leave her.", "Shouting at night.", "The hearing.", "He was not there.", "uncle", "01632 960 100", "born"],
)
def test_it_never_says_what_paper_must_not(reads, referral, kept):
    assert kept not in letter(reads(referral))


@pytest.mark.parametrize("spelled", ["12 Hidden Lane", "12, hidden lane", "le1 1aa", "LE11AA"])
def test_a_passage_with_a_secret_address_cannot_be_printed(reads, referral, spelled):
    mother = referral.family.memberships.get(role="parent").person
    secret_home(mother, line_1="12 Hidden Lane", postcode="LE1 1AA")
    Referral.objects.update(tried=f"We took her to {spelled} that night.")

    shown = reads(referral)

    assert spelled not in shown
    assert "A passage is not printed" in shown
    assert "Leanne lost her work." in letter(shown)


def test_an_address_that_was_theirs_before_stays_secret(reads, referral):
    mother = referral.family.memberships.get(role="parent").person
    secret_home(mother, line_1="12 Hidden Lane", until_on=MONDAY.date())
    Referral.objects.update(wants="Not to go back to 12 Hidden Lane.")

    assert "Hidden" not in reads(referral)


def test_a_restricted_person_is_not_named(reads, referral):
    MemberFactory(family=referral.family, person=restricted_person(first_name="Quentin"), role="partner")

    assert "Quentin" not in reads(referral)


def test_whoever_prints_it_leaves_out_what_they_choose_and_is_told_which_grown_ups_it_names(reads, referral):
    asked = reads(referral)
    assert "names Leanne" in asked.partition("<article")[0]

    chosen = letter(reads(referral, "?without=why_now"))
    assert "Leanne lost her work." not in chosen
    assert "A payment plan." in chosen


def test_nonsense_in_the_address_leaves_nothing_out(reads, referral):
    assert "Leanne lost her work." in letter(reads(referral, "?without=x&without=safety"))


def test_that_it_was_read_is_written_down(reads, referral, practitioner):
    reads(referral)

    assert Access.objects.filter(page=url(referral), actor_id=practitioner.pk, subject_id=referral.pk).count() == 1


@pytest.mark.parametrize("who", ["stranger", "chair", "other_worker", "manager"])
def test_nobody_else_prints_it(client, request, referral, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(url(referral)).status_code == 404


def test_a_draft_is_not_printed(client, draft):
    client.force_login(draft.author)

    assert client.get(url(draft)).status_code == 404


@pytest.mark.parametrize("status", ["stepped_up_to_social_care", "withdrawn", "advice_given"])
def test_what_became_of_it_is_told_by_a_person(reads, referral, status):
    why = {"withdrawn_by": "referrer", "withdrawn_why": "Not now."} if status == "withdrawn" else {}
    Referral.objects.update(status=status, decided_at=timezone.now(), **why)
    shown = letter(reads(referral))

    assert "Ask the person named above" in shown
    for each in ("social care", "withdrawn", "Not now."):
        assert each not in shown


def test_the_page_takes_few_queries(client, referral, practitioner, django_assert_max_num_queries):
    client.force_login(practitioner)
    client.get(url(referral))

    with django_assert_max_num_queries(7):
        client.get(url(referral))
