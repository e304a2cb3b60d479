"""Whom a referral names, and to whom (domain.md 5 d and i). What a reader may not know does not show by being left out."""

import re
import uuid
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from earlyhelp.families.enums import AgreementStatus
from earlyhelp.families.models import FamilyMembership
from earlyhelp.families.services import record_agreement
from referrals.enums import LawfulBasis, Status
from referrals.queries.people import known_to_reader, people_of
from referrals.transitions.referral import ask_agencies, submit, take
from tests.factories import MemberFactory
from tests.referrals.factories import ready_draft

HIDDEN = "Zqhidden"


def text(response):
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode())


@pytest.fixture
def family(melton, access_worker):
    """Written down by somebody else; one of its members is restricted."""
    from tests.factories import FamilyFactory, restricted_person

    family = FamilyFactory(area=melton, created_by=access_worker)
    aunt = restricted_person(
        first_name=HIDDEN,
        last_name=HIDDEN,
        born_on=date(1980, 1, 1),
        area=melton,
        created_by=access_worker,
    )
    MemberFactory(family=family, person=aunt, role="other_adult")
    return family


@pytest.fixture
def aunt(family):
    return family.memberships.get(person__first_name=HIDDEN).person


@pytest.fixture
def draft(melton, practitioner, family):
    return ready_draft(area=melton, author=practitioner, family=family, now=timezone.now())


def pages_of(draft):
    parts = [reverse("referrals:task", args=[draft.reference, slug]) for slug in ("family", "agreement")]
    return [draft.get_absolute_url(), *parts, reverse("referrals:check", args=[draft.reference])]


def test_a_family_is_the_same_to_an_author_who_has_left_since(practitioner, draft, aunt):
    to_author = people_of(draft.family_id, seen_by=practitioner)
    practitioner.is_active = False

    assert people_of(draft.family_id, seen_by=practitioner) == to_author != []
    assert aunt not in [each.person for each in to_author]


def test_the_author_is_told_who_anybody_may_find_and_not_who_is_kept_from_them(client, practitioner, draft, aunt):
    client.force_login(practitioner)

    for url in pages_of(draft):
        page = client.get(url).content.decode()
        assert HIDDEN not in page
        assert f"answer_{aunt.pk}" not in page
    assert "Leanne" in text(client.get(pages_of(draft)[1]))


def test_nothing_says_that_somebody_is_left_out(client, practitioner, draft, aunt):
    client.force_login(practitioner)
    with_her = [client.get(url) for url in pages_of(draft)]
    aunt.memberships.all().delete()
    without_her = [client.get(url) for url in pages_of(draft)]

    def plain(page):
        return re.sub(r'value="[\w-]+"|data-seconds-left="\d+"', "", page.content.decode())

    assert [plain(page) for page in with_her] == [plain(page) for page in without_her]


def test_the_author_sees_whom_they_wrote_down_themselves(client, practitioner, draft, aunt):
    aunt.created_by = practitioner
    aunt.save()
    client.force_login(practitioner)

    assert HIDDEN in text(client.get(pages_of(draft)[1]))


def test_it_can_be_sent_though_somebody_unseen_was_never_asked(draft, practitioner):
    assert submit(draft, by=practitioner, now=timezone.now()).status == Status.SUBMITTED


def test_an_answer_that_eh_access_wrote_down_names_nobody_to_the_author(
    client, practitioner, draft, aunt, access_worker
):
    submit(draft, by=practitioner, now=timezone.now())
    record_agreement(draft.family, aunt, status=AgreementStatus.GIVEN, by=access_worker, now=timezone.now())
    client.force_login(practitioner)

    page = text(client.get(draft.get_absolute_url()))
    assert "Leanne Invented: " in page
    assert HIDDEN not in page


def test_eh_access_sees_everybody_and_can_write_down_their_answer(client, practitioner, draft, aunt, access_worker):
    submit(draft, by=practitioner, now=timezone.now())
    client.force_login(access_worker)

    assert HIDDEN in text(client.get(reverse("referrals:triage_case", args=[draft.reference])))
    assert (
        f"answer_{aunt.pk}"
        in client.get(reverse("referrals:triage_agreement", args=[draft.reference])).content.decode()
    )


def test_an_agency_is_told_names_on_its_list_as_on_the_page_and_not_whom_is_kept_from_it(
    client, practitioner, draft, access_worker, contact, school
):
    referral = take(submit(draft, by=practitioner, now=timezone.now()), by=access_worker, now=timezone.now())
    facts = {"agencies": [school], "question": "Do you know them?", "lawful_basis": LawfulBasis.AGREED}
    ask_agencies(referral, by=access_worker, now=timezone.now(), **facts)
    client.force_login(contact)

    for url in (reverse("referrals:requests"), referral.requests.get().get_absolute_url()):
        page = text(client.get(url))
        assert "Leanne Invented" in page
        assert HIDDEN not in page


def test_naming_them_by_number_to_the_api_tells_nothing_either(practitioner, family, aunt, draft):
    from rest_framework.test import APIClient

    draft.delete()
    client = APIClient()
    client.force_authenticate(practitioner)
    answers = [
        client.post(
            "/api/referrals/",
            {"family": family.reference, "agreements": [{"person": number, "status": "given", "why_not": ""}]},
            format="json",
        )
        for number in (aunt.pk, 999_999_999)
    ]

    said = [re.sub(r"\d+", "#", str(answer.json())) for answer in answers]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert said[0] == said[1]


# --- adding to the family ----------------------------------------------------------------------------------------------


def test_whoever_may_only_read_the_family_is_not_sent_to_change_it(client, practitioner, draft, family):
    client.force_login(practitioner)

    page = text(client.get(reverse("referrals:task", args=[draft.reference, "family"])))
    assert "Somebody else wrote this family down" in page
    assert "Add or change people" not in page


def test_whoever_reads_a_family_as_its_chair_is_not_offered_to_change_it_either(client, chair, melton, led_case):
    draft = ready_draft(area=melton, author=chair, family=led_case.family, now=timezone.now())
    client.force_login(chair)
    assert client.get(led_case.family.get_absolute_url()).status_code == 200

    assert "Add or change people" not in text(client.get(reverse("referrals:task", args=[draft.reference, "family"])))


def test_whoever_wrote_the_family_down_is(client, practitioner, melton):
    draft = ready_draft(area=melton, author=practitioner, now=timezone.now())
    client.force_login(practitioner)

    assert "Add or change people" in text(client.get(reverse("referrals:task", args=[draft.reference, "family"])))


def test_an_unknown_family_member_does_not_keep_anybody_from_referring(
    client, practitioner, melton, family, access_worker
):
    """All whom the author may not know: they say why nobody could be asked, and send it."""
    from tests.referrals.factories import DraftFactory

    draft = DraftFactory(author=practitioner, family=family, created_at=timezone.now(), no_agreement_reason="Not safe.")
    client.force_login(practitioner)
    client.post(reverse("referrals:check", args=[draft.reference]), {"token": uuid.uuid4()})

    draft.refresh_from_db()
    assert draft.status == Status.SUBMITTED


def test_whether_one_may_be_named_is_asked_of_that_one_and_never_of_everybody_in_the_county(practitioner, family):
    """A list of all whom the reader may see, even one that is never read, decides the plan of the whole query."""
    members = FamilyMembership.objects.filter(known_to_reader(practitioner), family=family)
    asked = str(members.query)

    assert 'X0."id" = ("families_familymembership"."person_id")' in re.sub(r"\b[A-Z]\d", "X0", asked)
    assert '"person_id" IN (SELECT' not in asked
