"""The pages of a referrer: search, seven parts, check, send, follow (screens.md 1.3)."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from earlyhelp.audit.models import Access
from earlyhelp.families.models import Agreement
from referrals.enums import Status
from referrals.models import Referral
from referrals.queries import tasks
from referrals.services.drafts import start
from tests.factories import MONDAY, AgencyFactory, FamilyFactory, MemberFactory, PersonFactory, UserFactory
from tests.referrals.factories import DraftFactory, ready_draft, sent


def text(response):
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode())


@pytest.fixture
def signed_in(client, practitioner):
    client.force_login(practitioner)
    return client


@pytest.fixture
def my_draft(melton, practitioner):
    return ready_draft(area=melton, author=practitioner, now=timezone.now())


def task_url(referral, slug):
    return reverse("referrals:task", args=[referral.reference, slug])


# --- starting ----------------------------------------------------------------------------------------------------------


def test_without_a_family_one_is_sent_to_the_search(signed_in):
    sent_to = signed_in.get(reverse("referrals:start")).url

    assert sent_to == f"{reverse('families:search')}?refer=yes"
    assert "Refer a family: look for them first" in signed_in.get(sent_to).content.decode()


def test_whoever_leads_the_familys_case_is_led_there_and_told_to_ask_nobody_else(led_case, worker, client):
    client.force_login(worker)
    page = client.get(reverse("referrals:start"), {"family": led_case.family.reference}).content.decode()

    assert led_case.get_absolute_url() in page
    assert "speak to them first" not in page


@pytest.mark.parametrize("nonsense", ["FAM-999999", "x" * 500, "'; DROP TABLE", "%F0%9F%92%A9"])
def test_a_family_that_is_not_there_leads_to_the_search(signed_in, nonsense):
    assert signed_in.get(reverse("referrals:start"), {"family": nonsense}).status_code == 302


def test_a_double_click_on_start_makes_one_draft(signed_in, melton):
    family = FamilyFactory(area=melton)
    address, token = f"{reverse('referrals:start')}?family={family.reference}", str(uuid.uuid4())

    first = signed_in.post(address, {"token": token})
    second = signed_in.post(address, {"token": token})

    assert first.url == second.url == Referral.objects.get().get_absolute_url()


def test_looking_at_the_start_page_starts_nothing(signed_in, melton):
    family = FamilyFactory(area=melton)

    response = signed_in.get(reverse("referrals:start"), {"family": family.reference})

    assert response.status_code == 200
    assert not Referral.objects.exists()


def test_a_restricted_family_is_not_found_by_its_number(signed_in, melton):
    family = FamilyFactory(area=melton, restricted=True)

    assert signed_in.get(reverse("referrals:start"), {"family": family.reference}).status_code == 302
    assert (
        signed_in.post(f"{reverse('referrals:start')}?family={family.reference}", {"token": uuid.uuid4()}).status_code
        == 302
    )
    assert not Referral.objects.exists()


def test_naming_a_family_that_others_wrote_down_opens_nothing_of_it(signed_in, melton, access_worker):
    family = FamilyFactory(area=melton, created_by=access_worker)
    signed_in.post(f"{reverse('referrals:start')}?family={family.reference}", {"token": uuid.uuid4()})

    assert Referral.objects.count() == 1
    assert signed_in.get(family.get_absolute_url()).status_code == 404


# --- the seven parts ---------------------------------------------------------------------------------------------------


def test_the_task_list_says_how_far_one_is(signed_in, practitioner, melton):
    draft = DraftFactory(author=practitioner, family=FamilyFactory(area=melton), wants="", tried="")

    shown = text(signed_in.get(draft.get_absolute_url()))

    assert "Not started" in shown
    assert "In progress" in shown
    assert "Check and send" not in shown


@pytest.mark.parametrize("slug", ["family", "why", "wants", "needs", "safety", "agreement", "you"])
def test_each_part_opens(signed_in, my_draft, slug):
    response = signed_in.get(task_url(my_draft, slug))

    assert response.status_code == 200
    assert "data-autosave" in response.content.decode()


def test_a_part_that_is_not_there_is_missing(signed_in, my_draft):
    assert signed_in.get(task_url(my_draft, "secrets")).status_code == 404


def test_a_part_is_saved(signed_in, my_draft):
    response = signed_in.post(task_url(my_draft, "wants"), {"wants": "Calm evenings.", "version": my_draft.version})

    my_draft.refresh_from_db()
    assert response.url == my_draft.get_absolute_url()
    assert my_draft.wants == "Calm evenings."


def test_needs_are_kept_as_ticked_and_point_to_the_programme(signed_in, my_draft):
    signed_in.post(
        task_url(my_draft, "needs"),
        {"needs": ["housing", "money", "education"], "strengths": "s", "worries": "w", "version": my_draft.version},
    )

    my_draft.refresh_from_db()
    assert my_draft.needs == ["education", "housing", "money"] or set(my_draft.needs) == {
        "housing",
        "money",
        "education",
    }
    assert my_draft.for_programme


@pytest.mark.parametrize("answer", ["yes", "unsure"])
def test_a_worry_leads_past_the_page_that_says_ring_now(signed_in, my_draft, settings, answer):
    facts = {"safeguarding": answer, "safeguarding_detail": "Bruises.", "urgent": "no", "version": my_draft.version}

    response = signed_in.post(task_url(my_draft, "safety"), facts, follow=True)

    assert "Ring now" in text(response)
    assert settings.SOCIAL_CARE_PHONE in text(response)


def test_no_answer_about_safety_is_chosen_for_anybody(signed_in, practitioner, melton):
    draft = DraftFactory(author=practitioner, family=FamilyFactory(area=melton), safeguarding="", urgent=None)

    assert " checked" not in signed_in.get(task_url(draft, "safety")).content.decode()


def test_each_person_of_13_and_over_is_asked(signed_in, practitioner, melton):
    family = FamilyFactory(area=melton)
    grown, child = (PersonFactory(born_on=timezone.localdate() - timedelta(days=365 * years)) for years in (40, 8))
    for person in (grown, child):
        MemberFactory(family=family, person=person)
    draft = DraftFactory(author=practitioner, family=family, created_at=timezone.now())

    shown = signed_in.get(task_url(draft, "agreement")).content.decode()
    refused = signed_in.post(task_url(draft, "agreement"), {"token": uuid.uuid4()})
    signed_in.post(task_url(draft, "agreement"), {f"answer_{grown.pk}": "given", "token": uuid.uuid4()})

    assert f"answer_{grown.pk}" in shown
    assert f"answer_{child.pk}" not in shown
    assert refused.status_code == 422
    assert Agreement.objects.get().person == grown


def test_an_edit_over_a_newer_version_shows_both_texts(signed_in, my_draft):
    old = my_draft.version
    signed_in.post(task_url(my_draft, "wants"), {"wants": "First.", "version": old})

    response = signed_in.post(task_url(my_draft, "wants"), {"wants": "Second.", "version": old})

    assert response.status_code == 409
    assert "First." in text(response)
    assert "Second." in text(response)


@pytest.mark.parametrize("who", ["access_worker", "other_worker", "chair", "stranger"])
def test_a_draft_is_its_authors_alone(client, request, my_draft, who):
    client.force_login(request.getfixturevalue(who))

    for address in (
        my_draft.get_absolute_url(),
        task_url(my_draft, "why"),
        reverse("referrals:triage_case", args=[my_draft.reference]),
    ):
        assert client.get(address).status_code == 404


def test_a_draft_can_be_deleted(signed_in, my_draft):
    signed_in.post(reverse("referrals:discard", args=[my_draft.reference]), {})

    assert not Referral.objects.exists()


# --- sending and following ---------------------------------------------------------------------------------------------


def test_checked_and_sent_it_says_what_happens_next_and_by_when(signed_in, my_draft):
    check = reverse("referrals:check", args=[my_draft.reference])
    assert "Leanne" in text(signed_in.get(check))

    response = signed_in.post(check, {"token": uuid.uuid4()}, follow=True)

    my_draft.refresh_from_db()
    assert my_draft.status == Status.SUBMITTED
    assert my_draft.reference in text(response)
    assert "They decide by" in text(response)


def test_what_is_missing_is_said_and_nothing_is_sent(signed_in, practitioner, melton):
    draft = ready_draft(area=melton, author=practitioner, wants="", now=timezone.now())

    response = signed_in.post(reverse("referrals:check", args=[draft.reference]), {"token": uuid.uuid4()})

    draft.refresh_from_db()
    assert response.status_code == 409
    assert "What the family wants" in text(response)
    assert draft.status == Status.DRAFT


def test_the_referrer_sees_how_it_goes_on_and_that_is_written_down(signed_in, practitioner, melton):
    referral = sent(area=melton, author=practitioner)

    response = signed_in.get(referral.get_absolute_url())

    assert "How it goes on" in text(response)
    assert Access.objects.filter(actor=practitioner, subject="referrals.referral", subject_id=referral.pk).exists()


def test_a_colleague_of_the_author_sees_nothing(client, practitioner, melton, county):
    from tests.factories import PostFactory, UserFactory

    referral = sent(area=melton, author=practitioner)
    colleague = PostFactory(user=UserFactory(agency=practitioner.agency, team=practitioner.team), area=melton).user
    client.force_login(colleague)

    assert client.get(referral.get_absolute_url()).status_code == 404
    assert "Invented" not in client.get(reverse("referrals:list")).content.decode()


def test_the_referrer_withdraws_on_a_page(signed_in, practitioner, melton):
    referral = sent(area=melton, author=practitioner)

    signed_in.post(
        reverse("referrals:move", args=[referral.reference, "withdraw"]),
        {"withdrawn_by": "referrer", "reason": "Moved."},
    )

    referral.refresh_from_db()
    assert referral.status == Status.WITHDRAWN


@pytest.mark.parametrize("rows", [1, 20])
def test_my_referrals_take_as_many_queries_for_twenty_as_for_one(
    signed_in, practitioner, melton, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        DraftFactory(author=practitioner, family=FamilyFactory(area=melton))

    signed_in.get(reverse("referrals:list"))  # the session is written down as used once a minute

    with django_assert_max_num_queries(4):
        assert signed_in.get(reverse("referrals:list")).status_code == 200


@pytest.mark.parametrize("said", [{"strengths": "They talk."}, {"worries": "School."}])
def test_a_strength_or_a_worry_alone_is_enough(client, draft, said):
    draft.strengths = draft.worries = ""
    draft.save()
    client.force_login(draft.author)
    client.post(f"/referrals/{draft.reference}/tasks/needs/", {"version": draft.version} | said)

    draft.refresh_from_db()
    assert {name: getattr(draft, name) for name in said} == said
    assert next(task for task in tasks(draft, today=MONDAY.date()) if task.slug == "needs").complete


@pytest.mark.parametrize(("kind", "source"), [("district", ""), ("housing", "housing"), ("health", "")])
def test_who_refers_is_chosen_beforehand_only_where_the_agency_does_one_thing(melton, kind, source):
    author = UserFactory(agency=AgencyFactory(kind=kind))

    assert start(FamilyFactory(area=melton), by=author, now=MONDAY).source_kind == source


def test_whoever_sends_it_again_from_another_window_is_told_that_it_is_sent(signed_in, practitioner, melton):
    draft = ready_draft(area=melton, author=practitioner)
    url = reverse("referrals:check", args=[draft.reference])
    assert signed_in.post(url, {"token": str(uuid.uuid4())}).status_code == 302

    again = signed_in.post(url, {"token": str(uuid.uuid4())})

    assert again.status_code == 409
    assert f"You have sent {draft.reference} already" in again.content.decode()


def test_whoever_refers_a_family_twice_is_led_to_their_first_referral(signed_in, practitioner, melton, access_worker):
    sent_before = sent(area=melton, author=practitioner)

    page = signed_in.get(reverse("referrals:start"), {"family": sent_before.family.reference}).content.decode()

    assert "You have referred this family already" in page
    assert sent_before.get_absolute_url() in page
    assert "ask EH Access" not in page


def test_what_is_typed_into_a_referral_that_was_sent_meanwhile_is_not_said_to_be_kept(
    signed_in, practitioner, melton, stranger
):
    draft = ready_draft(area=melton, author=practitioner)
    keep = reverse("keep_draft", args=[f"referrals/{draft.reference}/tasks/why"])
    check = reverse("referrals:check", args=[draft.reference])
    assert signed_in.post(check, {"token": str(uuid.uuid4())}).status_code == 302

    after = signed_in.post(keep, {"why_now": "And he shouts."})
    message = signed_in.post(
        reverse("keep_draft", args=[f"referrals/{draft.reference}/messages"]), {"text": "He shouts."}
    )

    assert after.status_code == 413
    assert "write EH Access a message" in after.json()["error"]
    assert message.status_code == 200
