"""The pages of referrals to services: for whoever refers, and for a service with an account."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from earlyhelp.audit.models import Access
from earlyhelp.directory import todo
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.directory.services import onward as onwards
from earlyhelp.directory.transitions import onward as deeds
from earlyhelp.notices.models import Letter
from earlyhelp.workflow.transitions import SYSTEM
from tests.factories import MONDAY, MemberFactory, PersonFactory, PostFactory, ServiceFactory

LIST, TO_US, REFER = "/services/referrals/", "/services/referred-to-us/", "/services/refer/"


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def signed_in(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def maker(signed_in, practitioner):
    return signed_in(practitioner)


def said(answer="yes", **more):
    yes = {"given_by": "person", "how": "phone"} if answer == "yes" else {}
    return {"token": str(uuid.uuid4()), "why": "Company.", "reach": "After 10am", "said": answer} | yes | more


def do(onward, name):
    return reverse("directory:onward_move", args=[onward.reference, name])


# --- referring ---------------------------------------------------------------------------------------------------------


def test_from_a_service_one_finds_the_person_and_refers_them(maker, gwen, befriending):
    assert f"{REFER}?service={befriending.pk}" in maker.get(befriending.get_absolute_url()).content.decode()
    page = maker.get(REFER, {"service": befriending.pk, "q": "Gwen Harlow"})
    url = reverse("directory:refer_to", args=[befriending.pk, gwen.pk])
    assert url in page.content.decode()

    response = maker.post(url, said())
    onward = OnwardReferral.objects.get()
    assert (response.url, onward.status, onward.reach) == (onward.get_absolute_url(), "sent", "After 10am")


def test_only_people_in_sight_are_offered(maker):
    PersonFactory(first_name="Hidden", last_name="Hobday")

    page = text(maker.get(REFER, {"q": "Hidden Hobday"}))
    assert "Nobody found whose record you may see" in page
    assert "Hidden" not in page


def test_from_a_person_one_finds_a_service_of_their_age_and_place(maker, gwen, befriending):
    ServiceFactory(name="Youth club", max_age=18)
    page = text(maker.get(gwen.get_absolute_url()))
    assert "Refer to a service" in page

    found = text(maker.get(reverse("directory:refer_person", args=[gwen.pk])))
    assert "Befriending" in found
    assert "Youth club" not in found


@pytest.mark.parametrize(("answer", "status"), [("no", "refused"), ("not_now", "not_now"), ("not_asked", "proposed")])
def test_without_a_yes_nothing_is_sent(maker, gwen, befriending, answer, status):
    maker.post(reverse("directory:refer_to", args=[befriending.pk, gwen.pk]), said(answer))

    onward = OnwardReferral.objects.get()
    assert (onward.status, onward.sent_at) == (status, None)


@pytest.mark.parametrize("missing", ["why", "reach", "said", "given_by", "how"])
def test_what_is_missing_is_asked_for(maker, gwen, befriending, missing):
    response = maker.post(reverse("directory:refer_to", args=[befriending.pk, gwen.pk]), said(**{missing: ""}))

    assert response.status_code == 422
    assert missing in response.context["form"].errors
    assert not OnwardReferral.objects.exists()


def test_a_double_click_refers_once(maker, gwen, befriending):
    url, once = reverse("directory:refer_to", args=[befriending.pk, gwen.pk]), said()

    assert maker.post(url, once).url == maker.post(url, once).url
    assert OnwardReferral.objects.count() == 1


def test_somebody_out_of_sight_is_not_found(maker, befriending):
    stranger = PersonFactory()

    for url in (
        reverse("directory:refer_person", args=[stranger.pk]),
        reverse("directory:refer_to", args=[befriending.pk, stranger.pk]),
    ):
        assert maker.get(url).status_code == 404
        assert maker.post(url, said()).status_code in (404, 405)
    assert not OnwardReferral.objects.exists()


def test_a_parent_is_asked_for_a_child_and_nobody_else(maker, practitioner, befriending):
    child = PersonFactory(created_by=practitioner)

    form = maker.get(reverse("directory:refer_to", args=[befriending.pk, child.pk])).context["form"]
    assert [value for value, _ in form.fields["given_by"].choices] == ["parent"]


def test_to_a_service_that_nothing_reaches_the_page_says_ring_and_keeps_what_was_typed(maker, gwen):
    silent = ServiceFactory(phone="01632 960 7")
    response = maker.post(reverse("directory:refer_to", args=[silent.pk, gwen.pk]), said(why="Typed."))

    assert response.status_code == 409
    assert "Ring them" in text(response)
    assert "Typed." in text(response)
    assert not OnwardReferral.objects.exists()


# --- the record --------------------------------------------------------------------------------------------------------


def test_its_page_says_who_what_and_with_whose_permission_and_is_written_down(maker, sent, practitioner):
    page = text(maker.get(sent.get_absolute_url()))

    for words in ("Gwen Harlow", "Befriending", "Company on weekday mornings.", "Face to face", "Do not ring my"):
        assert words in page
    assert Access.objects.filter(actor=practitioner, subject="directory.onwardreferral", subject_id=sent.pk).exists()


def test_the_trail_says_that_the_service_answered_by_its_link(maker, sent):
    deeds.accept(sent, by=SYSTEM, now=timezone.now())

    assert "Befriending, by its link" in text(maker.get(sent.get_absolute_url()))


def test_a_suggestion_is_answered_and_sent_from_its_page(maker, proposed):
    assert "Ask them about this one service" in text(maker.get(proposed.get_absolute_url()))
    maker.post(do(proposed, "permit"), {"given_by": "person", "how": "phone"})
    assert do(proposed, "send") in maker.get(proposed.get_absolute_url()).content.decode()
    assert maker.post(do(proposed, "send")).status_code == 302

    proposed.refresh_from_db()
    assert proposed.status == "sent"


def test_still_needed_it_is_offered_again_with_what_was_said(maker, sent, practitioner, provider, gwen, befriending):
    deeds.give_back(sent, by=provider, now=timezone.now(), because="full")
    maker.post(do(sent, "follow_up"), {"helped": "still_needed", "note": "Lonely still."})
    page = maker.get(sent.get_absolute_url())
    url = page.context["repeat_url"]
    assert "Offer it again" in text(page)
    assert maker.get(url).context["form"]["why"].value() == sent.why

    maker.post(url, said())
    assert OnwardReferral.objects.exclude(pk=sent.pk).get().repeat_of == sent


@pytest.mark.parametrize("name", ["nonsense", "accept", "receive"])
def test_what_is_not_theirs_is_not_found(maker, sent, name):
    assert maker.get(do(sent, name)).status_code == 404
    assert maker.post(do(sent, name)).status_code == 404

    sent.refresh_from_db()
    assert sent.status == "sent"


# --- a service with an account -----------------------------------------------------------------------------------------


def test_a_service_sees_who_was_referred_to_it_and_answers(signed_in, provider, sent):
    client = signed_in(provider)
    assert "Gwen Harlow" in text(client.get(TO_US))
    page = text(client.get(sent.get_absolute_url()))
    for words in ("Gwen Harlow", "92", "01632 960 111", "Company on weekday mornings.", "Do not ring my daughter."):
        assert words in page
    for words in ("Face to face", "Their permission", "1934", "What was done"):
        assert words not in page

    client.post(do(sent, "accept"), {})
    sent.refresh_from_db()
    assert sent.status == "accepted"


def test_a_service_sees_nothing_else_of_the_person(signed_in, provider, sent, gwen):
    client = signed_in(provider)

    assert client.get(gwen.get_absolute_url()).status_code == 404
    assert client.get(gwen.families.get().get_absolute_url()).status_code == 404
    assert client.get(do(sent, "withdraw")).status_code == 404


def test_returned_the_person_is_shown_to_the_service_no_more(signed_in, provider, sent):
    deeds.give_back(sent, by=provider, now=timezone.now(), because="full")
    client = signed_in(provider)

    assert "Gwen" not in text(client.get(TO_US)) + text(client.get(sent.get_absolute_url()))


def test_the_list_of_a_service_is_for_services(maker):
    assert maker.get(TO_US).status_code == 403


# --- lists and lines ---------------------------------------------------------------------------------------------------


def many(befriending, practitioner, n):
    for number in range(n):
        person = PersonFactory(born_on="1950-01-01", created_by=practitioner, first_name=f"Many{number}")
        onwards.offer(
            person=person,
            service=befriending,
            by=practitioner,
            now=MONDAY,
            why="Company.",
            given_by="person",
            how="phone",
        )


@pytest.mark.parametrize("n", [1, 20])
def test_twenty_take_as_many_queries_as_one(
    signed_in, practitioner, provider, befriending, n, django_assert_max_num_queries
):
    many(befriending, practitioner, n)
    for user, url in ((practitioner, LIST), (practitioner, f"{LIST}?tab=ended"), (provider, TO_US)):
        client = signed_in(user)
        client.get(url)
        with django_assert_max_num_queries(7):
            client.get(url)


def test_a_record_takes_seven_queries(maker, sent, django_assert_max_num_queries):
    maker.get(sent.get_absolute_url())
    with django_assert_max_num_queries(7):
        maker.get(sent.get_absolute_url())


@pytest.mark.parametrize("n", [1, 20])
def test_a_persons_page_takes_no_query_more_for_them(maker, gwen, practitioner, n, django_assert_max_num_queries):
    for number in range(n):
        service = ServiceFactory(name=f"Service {number}", email="x@example.org")
        onwards.propose(person=gwen, service=service, by=practitioner, now=MONDAY, why="Company.")
    assert "Service 0" in text(maker.get(gwen.get_absolute_url()))
    with django_assert_max_num_queries(7):
        maker.get(gwen.get_absolute_url())


@pytest.mark.parametrize("n", [1, 20])
def test_a_cases_services_take_seven_queries(
    signed_in, led_case, worker, befriending, n, django_assert_max_num_queries
):
    for number in range(n):
        adult = PersonFactory(born_on="1990-01-01", first_name=f"Adult{number}")
        MemberFactory(family=led_case.family, person=adult)
        onwards.propose(person=adult, service=befriending, by=worker, now=MONDAY, why="Company.")
    client, url = signed_in(worker), f"{led_case.get_absolute_url()}services/"
    assert "Adult0" in text(client.get(url))
    with django_assert_max_num_queries(7):
        client.get(url)


def test_the_home_page_says_what_waits(practitioner, sent):
    practitioner.forget_scope()
    late = MONDAY + timedelta(days=10)
    lines = [line.text for line in todo.referrals_to_see_through(practitioner, late)]

    assert lines == [f"Ring the service: it has not answered referral {sent.reference}"]
    assert [*todo.referrals_to_see_through(practitioner, MONDAY)] == []


def test_the_home_page_of_a_service_says_who_waits(provider, practitioner, sent):
    assert [line.text for line in todo.referred_to_us(provider, MONDAY)] == [
        f"Answer referral {sent.reference} to your service"
    ]
    assert [*todo.referred_to_us(practitioner, MONDAY)] == []


def test_after_the_end_whoever_made_it_is_told_to_ask(practitioner, provider, sent):
    deeds.give_back(sent, by=provider, now=timezone.now(), because="full")
    due = sent.deadlines.open().get().due_at
    practitioner.forget_scope()

    assert "Ask whether it helped" in next(iter(todo.referrals_to_see_through(practitioner, due))).text


@pytest.mark.parametrize("tab", ["open", "ask", "ended", "nonsense", "waiting"])
def test_any_tab_is_a_page(maker, sent, tab):
    assert maker.get(LIST, {"tab": tab}).status_code == 200


def test_first_contact_has_a_tab_of_what_waits_for_a_service(signed_in, adviser, sent):
    assert sent.reference in text(signed_in(adviser).get(LIST, {"tab": "waiting"}))


def test_a_service_that_signs_in_finds_what_was_referred_to_it_in_its_menu(client, melton):
    here = PostFactory(area=melton, user__agency__kind="voluntary").user
    elsewhere = PostFactory(area=melton, user__agency__kind="school").user

    shown = []
    for user in (here, elsewhere):
        client.force_login(user)
        shown.append("/services/referred-to-us/" in client.get("/").text)

    assert shown == [True, False]


# --- what became of the email to the service, and of their capacity to decide --------------------------------------------


@pytest.mark.parametrize(
    ("status", "said", "flagged"),
    [
        ("owed", "Not sent yet", False),
        ("delivered", "Delivered", False),
        ("permanent", "Came back: the address does not work", True),
        ("lost", "It did not arrive", True),
    ],
)
def test_the_page_says_what_became_of_the_email(maker, sent, status, said, flagged):
    Letter.objects.update(status=status)

    page = text(maker.get(sent.get_absolute_url()))
    assert said in page
    assert ("The email did not reach them" in page) is flagged


def test_the_service_is_not_told_of_it(signed_in, sent, provider):
    Letter.objects.update(status="permanent")

    assert "Came back" not in text(signed_in(provider).get(sent.get_absolute_url()))


def test_how_it_was_found_that_they_may_decide_stands_on_their_page_for_whoever_sees_them(
    maker, proposed, practitioner, gwen
):
    note = "She understood it on two mornings."
    deeds.permit(proposed, by=practitioner, now=MONDAY, given_by="person", how="phone", capacity_note=note)

    assert note in text(maker.get(gwen.get_absolute_url()))


def test_the_service_reads_no_note_on_capacity(signed_in, maker, proposed, practitioner, provider, befriending):
    note = "She understood it on two mornings."
    deeds.permit(proposed, by=practitioner, now=MONDAY, given_by="person", how="phone", capacity_note=note)
    deeds.send(OnwardReferral.objects.get(), by=practitioner, now=timezone.now())

    assert note not in text(signed_in(provider).get(proposed.get_absolute_url()))
