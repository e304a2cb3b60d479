"""The pages of a checklist: begun, asked, talked over, read again."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from earlyhelp.directory.models import OnwardReferral
from earlyhelp.workflow.models import Draft
from referrals.models import ChecklistResponse
from referrals.services.checklist import begin
from referrals.transitions import checklist as deeds
from tests.factories import MONDAY, ServiceFactory
from tests.referrals.factories import got_in_touch

GWEN = {"first_name": "Gwen", "last_name": "Invented", "about": "adult", "agreed_by": "She herself"}


def text(response):
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode())


def sent(**more):
    return {"token": str(uuid.uuid4())} | more


@pytest.fixture
def desk(client, adviser):
    client.force_login(adviser)
    return client


def suggestion(response, code):
    return response.suggestions.get(rule__code=code)


def to(response, code, name):
    return f"{response.get_absolute_url()}suggestions/{suggestion(response, code).pk}/{name}/"


# --- asking ------------------------------------------------------------------------------------------------------------


def test_from_a_contact_to_what_might_help(desk, gwens_contact):
    page = desk.get(gwens_contact.get_absolute_url())
    start = f"/referrals/checklists/start/contact/{gwens_contact.reference}/"
    assert start in page.content.decode()
    assert 'value="Gwen"' in desk.get(start).content.decode()  # what is known is not typed again

    asks = desk.post(start, sent(**GWEN))
    response = ChecklistResponse.objects.get()
    assert asks.url == f"/referrals/checklists/{response.reference}/ask/adult/"
    page = desk.get(asks.url)
    assert "Lives alone" in text(page)
    assert "Under five" not in text(page)
    assert "checked" not in page.content.decode()

    answered = desk.post(asks.url, sent(lonely="yes", lives_alone="yes", **{"lonely-note": "Since May"}))
    assert answered.url == f"{response.get_absolute_url()}talk/"
    page = desk.get(response.get_absolute_url())
    assert "Local area coordination" in text(page)
    assert "Often feels lonely or left out: yes" in text(page)
    assert "Since May" in text(page)


def test_an_age_that_is_missing_is_asked_for_where_something_is_for_an_age(desk, adviser, melton):
    contact = got_in_touch(by=adviser, area=melton, first_name="Gwen", last_name="Invented")
    row = begin(
        contact=contact, about="adult", agreed_by="She", by=adviser, now=MONDAY, first_name="Gwen", last_name="Invented"
    )
    deeds.answer(row, by=adviser, now=MONDAY, voice="adult", answers={"falls": "yes"})
    write_age = reverse("referrals:checklist_move", args=[row.reference, "write_age"])

    for page in (row.get_absolute_url(), reverse("referrals:checklist_talk", args=[row.reference])):
        assert write_age in desk.get(page).content.decode()
    assert desk.post(write_age, {"age": "91"}).status_code == 302

    assert write_age not in desk.get(row.get_absolute_url()).content.decode()
    row.refresh_from_db()
    assert row.age == 91


def test_without_a_permission_the_form_says_so_and_nobody_is_written_down(desk, gwens_contact):
    start = f"/referrals/checklists/start/contact/{gwens_contact.reference}/"

    page = desk.post(start, sent(**GWEN | {"agreed_by": ""}))

    assert page.status_code == 422
    assert "Enter who agreed" in text(page)
    assert not ChecklistResponse.objects.exists()


def test_a_page_with_no_answer_says_what_to_do(desk, asking):
    page = desk.post(f"{asking.get_absolute_url()}ask/adult/", sent())

    assert page.status_code == 409
    assert "Nothing was answered here" in text(page)


def test_what_was_ticked_is_put_back_after_a_break(desk, adviser, asking):
    path = f"{asking.get_absolute_url()}ask/adult/"
    Draft.objects.keep(adviser, path, {"lonely": ["unsure"]}, now=timezone.now())

    page = desk.get(path).content.decode()

    assert re.search(r'name="lonely" type="radio" value="unsure" checked', page)


def test_whoever_opens_a_begun_checklist_goes_on_with_it(desk, asking):
    assert desk.get(asking.get_absolute_url()).url == f"{asking.get_absolute_url()}ask/adult/"
    assert desk.get(f"{asking.get_absolute_url()}ask/child/").status_code == 404


# --- talking it over ---------------------------------------------------------------------------------------------------


def test_they_choose_a_service_near_them_and_it_is_sent(desk, asked, melton, charnwood):
    ours = ServiceFactory(name="Befriending", needs=["connection"], email="b@example.org")
    ours.areas.add(melton)
    far = ServiceFactory(name="Far away", needs=["connection"])
    far.areas.add(charnwood)
    ServiceFactory(name="For the young", needs=["connection"], max_age=18)
    page = to(asked, "company", "agree")

    shown = text(desk.get(page))
    assert "Befriending" in shown
    assert "None of these" in shown
    assert "Far away" not in shown
    assert "For the young" not in shown
    said = {"service": ours.pk, "words": "Company.", "given_by": "person", "given_how": "phone"}
    assert desk.post(page, sent(**said)).status_code == 302

    assert OnwardReferral.objects.get().service == ours
    assert "Befriending" in text(desk.get(asked.get_absolute_url()))


def test_none_of_these_asks_where_else(desk, asked):
    ServiceFactory(name="Befriending", needs=["connection"], email="b@example.org")
    said = {"service": "none", "words": "Company.", "given_by": "person", "given_how": "phone"}
    page = to(asked, "company", "agree")

    assert desk.post(page, sent(**said)).status_code == 422
    assert desk.post(page, sent(elsewhere="The choir", **said)).status_code == 302

    assert "Still to be done" in text(desk.get(asked.get_absolute_url()))
    assert not OnwardReferral.objects.exists()


def test_how_it_was_found_who_decides_is_kept_also_where_no_service_is_told(desk, asked):
    said = {"elsewhere": "The choir", "given_by": "decider", "given_how": "phone", "capacity_note": "Her attorney."}

    assert desk.post(to(asked, "company", "agree"), sent(**said)).status_code == 302

    assert "Their capacity to decide this: Her attorney." in text(desk.get(asked.get_absolute_url()))


def test_a_yes_without_a_permission_is_refused_beside_its_field(desk, asked):
    ServiceFactory(name="Befriending", needs=["connection"], email="b@example.org")

    page = desk.post(to(asked, "company", "agree"), sent(words="Company."))

    assert page.status_code == 422
    assert "Select who said yes to this" in text(page)
    assert suggestion(asked, "company").status == "open"


def test_advice_needs_no_permission(desk, asked):
    assert desk.post(to(asked, "care_needs", "agree"), sent(note="Later, perhaps.")).status_code == 302

    assert suggestion(asked, "care_needs").status == "yes"


def test_no_and_not_now_are_one_click_and_a_few_words(desk, asked):
    assert desk.post(to(asked, "company", "decline"), sent(note="No.")).status_code == 302
    assert desk.post(to(asked, "memory", "not_now"), sent()).status_code == 302

    page = text(desk.get(asked.get_absolute_url()))
    assert "To be offered again on" in page
    assert suggestion(asked, "company").status == "no"


# --- harm --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def harmed(asking, adviser):
    return deeds.answer(asking, by=adviser, now=timezone.now(), voice="adult", answers={"hurt": "yes", "lonely": "yes"})


def test_a_sign_of_harm_stands_before_everything_else_and_is_not_printed(desk, harmed, settings):
    page = desk.get(harmed.get_absolute_url()).content.decode()

    assert page.index(settings.SOCIAL_CARE_PHONE) < page.index("What might help")
    assert page.index("Hand over to social care") < page.index("Company and something")
    assert re.search(r'<section aria-labelledby="harm" class="eh-no-print">', page)
    row = r'eh-no-print"><dt class="govuk-summary-list__key">Is being hurt'
    assert re.search(row, page)
    assert desk.get(to(harmed, "harm", "decline")).status_code == 302
    assert desk.post(to(harmed, "harm", "decline"), sent()).status_code == 409


def test_it_is_handed_over_with_what_is_known(desk, harmed):
    page = f"{harmed.get_absolute_url()}do/hand_over/"

    assert "Is being hurt, threatened" in desk.get(page).content.decode()
    said = {"about": "Gwen", "concern": "She flinches.", "family_told": "yes"}
    assert desk.post(page, sent(**said)).status_code == 302

    harmed.refresh_from_db()
    assert harmed.handover
    assert "A sign of harm was dealt with" in text(desk.get(harmed.get_absolute_url()))


# --- who sees it, and what it costs ------------------------------------------------------------------------------------


def test_a_stranger_is_answered_as_if_there_were_nothing(client, asked, stranger):
    client.force_login(stranger)

    for url in (asked.get_absolute_url(), to(asked, "company", "agree"), f"{asked.get_absolute_url()}do/hand_over/"):
        assert client.get(url).status_code == 404
    for url in (to(asked, "company", "decline"), f"{asked.get_absolute_url()}do/stop/"):
        assert client.post(url, sent()).status_code == 404
    assert suggestion(asked, "company").status == "open"


def test_nothing_is_asked_from_what_one_does_not_see(client, gwens_contact, draft, asked, stranger):
    client.force_login(stranger)

    for url in (
        f"contact/{gwens_contact.reference}/",
        f"referral/{draft.reference}/",
        f"person/{asked.person_id}/",
        "person/x/",
        "case/EH-1/",
    ):
        assert client.get(f"/referrals/checklists/start/{url}").status_code == 404


def test_the_page_of_a_checklist_takes_few_queries(desk, asked, django_assert_max_num_queries):
    desk.get(asked.get_absolute_url())

    with django_assert_max_num_queries(8):
        desk.get(asked.get_absolute_url())


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_of_a_persons_checklists_takes_as_many_queries_for_twenty_as_for_one(
    adviser, asked, melton, number, django_assert_max_num_queries
):
    for _ in range(number - 1):
        contact = got_in_touch(by=adviser, area=melton)
        begin(contact=contact, about="adult", agreed_by="She", by=adviser, now=timezone.now(), person=asked.person)
    desk = Client()
    desk.force_login(adviser)
    desk.get(f"/referrals/checklists/of/{asked.person_id}/")

    with django_assert_max_num_queries(6):
        page = desk.get(f"/referrals/checklists/of/{asked.person_id}/")

    assert text(page).count("Version 1") == number


def test_the_home_page_says_what_was_promised(desk, harmed, adviser):
    assert f"Say what was done about a sign of harm: checklist {harmed.reference}" in text(desk.get("/"))

    deeds.deal_with(suggestion(harmed, "harm"), by=adviser, now=timezone.now(), note="Social care knows.")

    assert "sign of harm" not in text(desk.get("/"))


# --- back at the contact ------------------------------------------------------------------------------------------------


def test_a_contact_shows_what_they_said_yes_to_and_is_finished_with_it(desk, asked, adviser, melton):
    service = ServiceFactory(name="Lunch club", needs=["connection"], email="lunch@example.org")
    service.areas.add(melton)
    contact = asked.contact
    refer_on = reverse("referrals:contact_move", args=[contact.reference, "refer_on"])
    assert refer_on not in desk.get(contact.get_absolute_url()).content.decode()

    facts = {"given_by": "person", "given_how": "phone", "service": service, "words": "Lonely.", "reach": "Ring."}
    deeds.agree(suggestion(asked, "company"), by=adviser, now=MONDAY, **facts)
    page = desk.get(contact.get_absolute_url()).content.decode()
    assert "Lunch club" in page
    assert refer_on in page

    assert desk.post(refer_on, {}).status_code == 302
    contact.refresh_from_db()
    assert contact.status == "signposted"
    made = contact.signposts.get()
    assert (list(made.services.all()), made.person_told) == ([service], True)
    assert OnwardReferral.objects.count() == 1  # nothing is sent twice


def test_nothing_is_finished_that_nobody_said_yes_to(desk, asked):
    refer_on = reverse("referrals:contact_move", args=[asked.contact.reference, "refer_on"])

    assert desk.post(refer_on, {}).status_code == 409
    asked.contact.refresh_from_db()
    assert asked.contact.status == "received"
