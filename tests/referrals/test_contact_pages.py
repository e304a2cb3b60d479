"""The pages of contacts, and the same over the API: one short screen, a list by time left, one decision."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from earlyhelp.audit.models import Access
from referrals.enums import ContactStatus
from referrals.models import Contact, Referral, SocialCareHandover
from referrals.transitions import contact as deeds
from tests.factories import FamilyFactory, MemberFactory, PersonFactory, ServiceFactory, UserFactory
from tests.referrals.factories import got_in_touch

NEW, LIST, API = "/referrals/contacts/new/", "/referrals/contacts/", "/api/contacts/"
NAMED = {"first_name": "Tia", "last_name": "Gale", "born_on": date(2016, 4, 1)}


def text(response):
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode())


def said(**more):
    return {
        "token": str(uuid.uuid4()),
        "received_at": timezone.localtime().isoformat(),
        "channel": "phone",
        "source_kind": "family",
        "said": "The money never lasts.",
        "safeguarding": "no",
    } | more


@pytest.fixture
def signed_in(client, practitioner):
    client.force_login(practitioner)
    return client


@pytest.fixture
def desk(client, access_worker):
    client.force_login(access_worker)
    return client


@pytest.fixture
def rang(practitioner, melton):
    return got_in_touch(by=practitioner, area=melton, now=timezone.now(), **NAMED)


def do(contact, name):
    return reverse("referrals:contact_move", args=[contact.reference, name])


# --- recording ---------------------------------------------------------------------------------------------------------


def test_a_contact_is_recorded_on_one_screen_and_gets_a_reference(signed_in):
    response = signed_in.post(NEW, said(last_name="Gale", first_name="Tia"))

    contact = Contact.objects.get()
    assert response.url == contact.get_absolute_url()
    assert contact.reference in text(signed_in.get(response.url))


def test_a_double_click_records_one_contact(signed_in):
    once = said()

    assert signed_in.post(NEW, once).url == signed_in.post(NEW, once).url
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("missing", ["received_at", "channel", "source_kind", "said", "safeguarding"])
def test_what_must_be_said_is_asked_for_and_nothing_typed_is_lost(signed_in, missing):
    response = signed_in.post(NEW, said(caller_name="Mrs Typed", **{missing: ""}))

    assert response.status_code == 422
    assert "Mrs Typed" in response.content.decode()
    assert not Contact.objects.exists()


def test_no_answer_is_chosen_for_anybody(signed_in):
    shown = signed_in.get(NEW).content.decode()

    assert "checked" not in shown
    assert "data-autosave" in shown


def test_somebody_without_any_post_may_record_one(client, county):
    client.force_login(UserFactory())

    assert client.post(NEW, said()).status_code == 302


def test_from_a_familys_page_the_family_is_known(signed_in, melton, practitioner):
    family = FamilyFactory(area=melton, created_by=practitioner)

    signed_in.post(f"{NEW}?family={family.reference}", said())

    contact = Contact.objects.get()
    assert (contact.family, contact.area) == (family, melton)


def test_a_restricted_family_is_not_found_by_its_number(signed_in, melton):
    hidden = FamilyFactory(area=melton, restricted=True)

    shown = signed_in.get(f"{NEW}?family={hidden.reference}")
    signed_in.post(f"{NEW}?family={hidden.reference}", said())

    assert hidden.reference not in text(shown)
    assert Contact.objects.get().family is None


# --- the list ----------------------------------------------------------------------------------------------------------


def test_what_has_the_least_time_left_stands_first(desk, practitioner, melton):
    now = timezone.now()
    late = got_in_touch(by=practitioner, area=melton, now=now - timedelta(days=9))
    new = got_in_touch(by=practitioner, area=melton, now=now)

    shown = text(desk.get(LIST))

    assert shown.index(late.reference) < shown.index(new.reference)
    assert "overdue" in shown


def test_the_tabs_count_what_is_behind_them(desk, rang, practitioner, access_worker, melton):
    other = got_in_touch(by=practitioner, area=melton)
    deeds.void(other, by=access_worker, now=timezone.now(), because="test")

    items = {item["label"]: item["count"] for item in desk.get(LIST).context["items"]}

    assert items == {"To answer": 1, "Answered in the last 60 days": 0, "Not counted": 1}


def test_whoever_took_it_sees_its_outcome_and_no_buttons_to_answer(signed_in, rang, access_worker):
    deeds.advise(rang, by=access_worker, now=timezone.now(), advice="Ring the bank.")

    shown = text(signed_in.get(rang.get_absolute_url()))

    assert "Ring the bank." in shown
    assert "Signpost" not in shown
    assert rang.reference in text(signed_in.get(f"{LIST}?tab=answered"))


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_takes_as_many_queries_for_twenty_as_for_one(
    desk, practitioner, melton, number, django_assert_max_num_queries
):
    family = FamilyFactory(area=melton)
    for _ in range(number):
        got_in_touch(by=practitioner, family=family, now=timezone.now())

    desk.get("/")  # notes that the session is used

    with django_assert_max_num_queries(5):
        assert len(desk.get(LIST).context["page"].object_list) == number


@pytest.mark.parametrize("answered", [False, True])
def test_the_page_of_a_contact_takes_few_queries(desk, rang, access_worker, answered, django_assert_max_num_queries):
    if answered:
        services = [ServiceFactory(), ServiceFactory()]
        facts = {"reason": "Debt.", "person_told": False, "services": services}
        deeds.signpost(rang, by=access_worker, now=timezone.now(), **facts)

    desk.get("/")

    with django_assert_max_num_queries(7):
        shown = desk.get(rang.get_absolute_url())
    assert shown.status_code == 200


def test_reading_it_is_written_down(desk, rang, access_worker):
    desk.get(rang.get_absolute_url())

    assert Access.objects.filter(actor=access_worker, subject="referrals.contact", subject_id=rang.pk).exists()


def test_a_repeat_is_said_in_words_on_the_list_and_the_page(desk, practitioner, melton):
    family = FamilyFactory(area=melton)
    for days in (50, 9, 0):
        contact = got_in_touch(by=practitioner, family=family, now=timezone.now() - timedelta(days=days))

    for page in (LIST, contact.get_absolute_url()):
        assert "Third contact about this family in 60 days" in text(desk.get(page))


# --- answering ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["advise", "signpost", "convert", "identify", "hand_over", "void"])
def test_each_answer_opens(desk, rang, name):
    assert desk.get(do(rang, name)).status_code == 200


@pytest.mark.parametrize("name", ["advise", "signpost", "link", "void", "wait_again", "nonsense"])
def test_whoever_only_took_it_finds_no_page_to_answer_it(signed_in, rang, name):
    assert signed_in.get(do(rang, name)).status_code == 404
    assert signed_in.post(do(rang, name), {}).status_code == 404


def test_advice_is_given(desk, rang):
    soon = (timezone.localdate() + timedelta(days=4)).isoformat()

    response = desk.post(do(rang, "advise"), {"advice": "Ring the bank.", "follow_up_on": soon})

    assert response.url == rang.get_absolute_url()
    assert "Ask whether it helped" in text(desk.get("/"))


def test_a_form_sent_after_a_colleague_answered_says_so_and_keeps_the_text(desk, rang, second_access_worker):
    deeds.advise(rang, by=second_access_worker, now=timezone.now(), advice="First.")

    response = desk.post(do(rang, "advise"), {"advice": "Mine, typed long."})

    assert response.status_code == 409
    assert "Mine, typed long." in response.content.decode()


def test_signposting_without_a_place_is_refused_beside_the_field(desk, rang):
    assert desk.post(do(rang, "signpost"), {"reason": "Debt.", "person_told": "yes"}).status_code == 422


def test_a_referral_is_filled_in_already_and_one_goes_on_with_it(desk, rang, melton):
    assert "Tia" in desk.get(do(rang, "convert")).content.decode()

    facts = {"first_name": "Tia", "last_name": "Gale", "born_on": "2016-04-01", "role": "child", "area": melton.pk}
    response = desk.post(do(rang, "convert"), facts)

    referral = Referral.objects.get()
    assert response.url == referral.get_absolute_url()
    assert referral.why_now == rang.said


def test_who_it_is_about_is_not_asked_where_the_family_is_known(desk, practitioner, melton):
    contact = got_in_touch(by=practitioner, family=FamilyFactory(area=melton))

    assert desk.get(do(contact, "convert")).context["form"].fields == {}
    desk.post(do(contact, "convert"), {})

    assert Referral.objects.get().family == contact.family


def test_before_somebody_is_written_down_twice_it_is_shown_who_they_may_be(desk, rang, melton):
    family = FamilyFactory(area=melton)
    MemberFactory(family=family, person=PersonFactory(**NAMED, area=melton))

    for page in (do(rang, "convert"), reverse("referrals:contact_matches", args=[rang.reference])):
        assert f"{do(rang, 'identify')}?family={family.reference}" in desk.get(page).content.decode()

    assert family.reference in desk.get(f"{do(rang, 'identify')}?family={family.reference}").content.decode()
    desk.post(do(rang, "identify"), {"family": family.reference})
    rang.refresh_from_db()
    assert rang.family == family


def test_a_restricted_person_is_among_none_of_them(desk, rang, melton):
    family = FamilyFactory(area=melton, restricted=True)
    MemberFactory(family=family, person=PersonFactory(**NAMED))

    shown = desk.get(reverse("referrals:contact_matches", args=[rang.reference])).content.decode()
    refused = desk.post(do(rang, "identify"), {"family": family.reference})

    assert family.reference not in shown
    assert refused.status_code == 422
    assert Contact.objects.get().family is None


def test_the_open_case_is_offered_and_its_lead_gets_the_words(desk, led_case, practitioner):
    contact = got_in_touch(by=practitioner, family=led_case.family)

    assert "Somebody works with this family already" in text(desk.get(contact.get_absolute_url()))
    desk.post(do(contact, "link"), {"message": "Ring her before noon."})

    desk.force_login(led_case.lead)
    assert "Ring her before noon." in text(desk.get(contact.get_absolute_url()))
    assert contact.reference in text(desk.get(f"{led_case.get_absolute_url()}referral/"))


def test_a_hand_over_is_filled_in_and_leads_to_it(signed_in, rang):
    shown = signed_in.get(do(rang, "hand_over")).content.decode()
    assert "Tia Gale" in shown
    assert rang.said in shown

    facts = {"token": str(uuid.uuid4()), "about": "Tia", "concern": "Bruises.", "family_told": "yes"}
    first, second = signed_in.post(do(rang, "hand_over"), facts), signed_in.post(do(rang, "hand_over"), facts)

    assert first.url == second.url == SocialCareHandover.objects.get().get_absolute_url()


def test_a_contact_with_a_worry_says_to_ring_first(desk, practitioner, melton):
    contact = got_in_touch(by=practitioner, area=melton, safeguarding="yes")

    assert "Do not wait for anything: ring" in text(desk.get(contact.get_absolute_url()))


@pytest.mark.parametrize("path", ["", "matches/", "do/advise/"])
def test_out_of_sight_is_as_if_it_were_not_there(client, rang, stranger, path):
    client.force_login(stranger)

    assert client.get(f"{rang.get_absolute_url()}{path}").status_code == 404


# --- over the API ------------------------------------------------------------------------------------------------------


def api_of(user):
    api = APIClient()
    api.force_authenticate(user)
    return api


def post(api, data, key=None):
    return api.post(API, data, format="json", headers={"Idempotency-Key": str(key or uuid.uuid4())})


def sent(**more):
    facts = said(**more)
    del facts["token"]
    return facts


def test_a_program_records_a_contact_once_however_often_it_sends_it(practitioner, melton):
    api, key, facts = api_of(practitioner), uuid.uuid4(), sent(area=melton.pk)

    first, again = post(api, facts, key), post(api, facts, key)

    assert (first.status_code, first.json()) == (201, again.json())
    assert Contact.objects.get().area == melton


def test_a_key_that_comes_back_with_other_facts_is_refused(practitioner, melton):
    api, key, facts = api_of(practitioner), uuid.uuid4(), sent(area=melton.pk)
    post(api, facts, key)

    assert post(api, facts | {"said": "Something else."}, key).status_code == 409
    assert Contact.objects.count() == 1


def test_without_a_key_nothing_is_recorded(practitioner, melton):
    assert api_of(practitioner).post(API, sent(), format="json").status_code == 400
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "owl"},
        {"said": ""},
        {"said": "\x00"},
        {"safeguarding": "perhaps"},
        {"received_at": "2999-01-01T10:00:00Z"},
        {"received_at": 7},
        {"area": "nowhere"},
        {"family": "FAM-NONE"},
        {"caller_email": "nobody"},
        {"caller_phone": "1" * 500},
        {"born_on": "2999-01-01"},
    ],
)
def test_nonsense_is_400_and_leaves_nothing_behind(practitioner, county, wrong):
    assert post(api_of(practitioner), sent(**wrong)).status_code == 400
    assert not Contact.objects.exists()


@pytest.mark.parametrize("body", [[], None, "text", 7])
def test_a_body_that_is_no_object_is_400(practitioner, body):
    assert post(api_of(practitioner), body).status_code == 400


def test_the_list_and_the_record_show_only_what_is_in_sight(rang, practitioner, access_worker, worker):
    mine, desk, other = (api_of(user) for user in (practitioner, access_worker, worker))

    assert [row["reference"] for row in mine.get(API).json()["results"]] == [rang.reference]
    assert {move["name"] for move in mine.get(f"{API}{rang.reference}/").json()["moves"]} == {
        "convert",
        "correct",
        "hand_over",
        "identify",
    }
    assert "advise" in {move["name"] for move in desk.get(f"{API}{rang.reference}/").json()["moves"]}
    assert other.get(API).json()["results"] == []
    assert other.get(f"{API}{rang.reference}/").status_code == 404
    assert mine.get(f"{API}?status=nonsense").status_code == 400


def test_moves_go_through_the_pages_own_forms(rang, practitioner, access_worker):
    address = f"{API}{rang.reference}/advise/"
    desk = api_of(access_worker)

    answers = [
        api_of(practitioner).post(address, {"advice": "x"}, format="json"),
        desk.post(address, {}, format="json"),
        desk.post(address, {"advice": "Ring the bank."}, format="json"),
        desk.post(address, {"advice": "Again."}, format="json"),
        desk.post(f"{API}{rang.reference}/wait_again/", {}, format="json"),
    ]

    assert [each.status_code for each in answers] == [403, 400, 200, 409, 404]
    assert answers[2].json()["status"] == ContactStatus.ADVISED


def test_a_hand_over_sent_twice_is_one(rang, practitioner):
    facts = {"token": str(uuid.uuid4()), "about": "Tia", "concern": "Bruises.", "family_told": True}
    address = f"{API}{rang.reference}/hand_over/"

    answers = [api_of(practitioner).post(address, facts, format="json") for _ in range(2)]

    assert [each.status_code for each in answers] == [200, 200], answers[0].content
    assert SocialCareHandover.objects.count() == 1


def test_every_move_of_the_api_refuses_nonsense_kindly(rang, access_worker):
    api = api_of(access_worker)

    for name in ("signpost", "convert", "link", "identify", "hand_over", "void", "follow_up", "tell_person"):
        response = api.post(f"{API}{rang.reference}/{name}/", {"because": "x", "family": "FAM-0"}, format="json")
        assert response.status_code in (400, 409), (name, response.content)
