"""A request from page to page: two people, each read written down, and nothing of the family where it does not belong."""

import json
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from earlyhelp.audit.models import Access
from earlyhelp.core.todo import TODO
from earlyhelp.families.models import SignificantEvent
from earlyhelp.families.reads import links
from earlyhelp.partnership.enums import Role
from earlyhelp.records.models import AccessRequest, Addendum
from earlyhelp.records.transitions import subject_access as deeds
from tests.factories import PostFactory, secret_home
from tests.families.pages import sent
from tests.records.asking import BORN, all_given, approved, asked, asked_for, collected

NOW = timezone.now()
LIST = "/records/access/"


@pytest.fixture
def desk(client):
    def sit(user):
        client.force_login(user)
        return client

    return sit


def lines(user):
    user.forget_scope()
    return [line.text for source in TODO for line in source(user, NOW) if line.url == LIST]


def test_a_request_is_recorded_on_a_page_and_its_month_runs(robin, ig_lead, desk):
    facts = sent(
        first_name="robin", last_name="HOLT", asker="person", born_on=BORN.isoformat(), received_on=f"{NOW:%Y-%m-%d}"
    )
    page = desk(ig_lead).post(f"{LIST}begin/", facts, follow=True).content.decode()

    assert "What is kept about Robin Holt" in page
    assert "Nobody has checked who they are yet" in page
    row = AccessRequest.objects.get()
    assert (row.person, row.kept_by) == (robin, ig_lead)
    assert lines(ig_lead) == ["Answer 1 subject access request"]


def test_the_list_names_nobody(request_, robin, ig_lead, desk):
    page = desk(ig_lead).get(LIST).content.decode()

    assert request_.reference in page
    assert robin.last_name not in page


def test_each_record_whose_words_are_read_is_in_the_access_log_with_what_for(request_, robin, note, ig_lead, desk):
    event = note("Robin joined the choir.", person=robin)
    row = collected(request_, ig_lead)
    item = row.items.get(text__contains="choir")
    page = desk(ig_lead).get(f"{LIST}{row.reference}/items/{item.pk}/").content.decode()

    assert "choir" in page
    read = Access.objects.get(subject="families.significantevent", subject_id=event.pk)
    assert (read.actor, read.purpose) == (ig_lead, f"Subject access request {row.reference}")


def test_the_request_shows_no_words_of_what_is_kept(request_, robin, note, ig_lead, desk):
    note("Robin joined the choir.", person=robin)
    row = collected(request_, ig_lead)

    assert "choir" not in desk(ig_lead).get(row.get_absolute_url()).content.decode()


def test_decided_on_a_page_the_next_undecided_one_follows(request_, robin, father, note, ig_lead, desk):
    for text in ("Robin and dad were ill.", "Robin and mum moved."):
        note(text, person=robin)
    row = collected(request_, ig_lead)
    while item := row.items.filter(decision="undecided").order_by("on", "pk").first():
        address = f"{LIST}{row.reference}/items/{item.pk}/"
        answer = desk(ig_lead).post(address, sent(decision="withhold", code="S2P3", note="Theirs."))
        assert answer.status_code == 302

    assert answer.url == row.get_absolute_url()


def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays(request_, robin, note, ig_lead, desk):
    note("Robin and dad were ill.", person=robin)
    row = collected(request_, ig_lead)
    item = row.items.get(text__contains="were ill")
    wrong = sent(decision="redact", code="S2P3", note="His.", strikes="dad was ill")
    answer = desk(ig_lead).post(f"{LIST}{row.reference}/items/{item.pk}/", wrong)

    assert answer.status_code == 409
    assert "do not stand in it as you wrote them" in answer.content.decode()


def test_the_second_person_reads_the_very_words_and_approves_them(request_, robin, note, ig_lead, second, desk):
    note("Robin joined the choir.", person=robin)
    row = asked(request_, ig_lead, second)
    assert lines(second)[0] == "Read and approve 1 subject access request"
    address = f"{LIST}{row.reference}/do/approve/"
    assert desk(ig_lead).get(address).status_code == 404
    page = desk(second).get(address)
    assert "choir" in page.content.decode()
    assert Access.objects.filter(actor=second, subject="families.significantevent").exists()

    desk(second).post(address, sent(digest=page.context["form"]["digest"].value()))
    row.refresh_from_db()
    assert (row.status, row.approved_by) == ("approved", second)


def test_the_second_person_is_known_to_whoever_reads_the_log_of_the_family(request_, family, ig_lead, second):
    asked(request_, ig_lead, second)

    assert links(family)[second.pk] == "approves what somebody of it is given"


def test_a_secret_place_is_struck_out_on_a_page_by_being_named(request_, robin, father, note, ig_lead, desk):
    secret_home(father, line_1="12 Harbour View", postcode="LE1 1AB")
    note("Robin visited 12 Harbour View.", person=robin)
    row = collected(request_, ig_lead)
    item = row.items.get(text__contains="Harbour")
    struck = sent(decision="redact", code="S2P3", note="He hides.", strikes="12 Harbour View")

    assert desk(ig_lead).post(f"{LIST}{row.reference}/items/{item.pk}/", struck).status_code == 302
    item.refresh_from_db()
    assert item.strikes == ["12 Harbour View"]


@pytest.fixture
def handed(request_, robin, note, ig_lead, second):
    note("Robin joined the choir.", person=robin)
    row = deeds.check_identity(request_, by=ig_lead, now=NOW, identity="Passport.")
    return deeds.hand_over(approved(asked(row, ig_lead, second), second), by=ig_lead, now=NOW)


def test_the_bundle_is_a_pdf_and_json_and_each_copy_taken_is_written_down(handed, ig_lead, desk):
    pdf = desk(ig_lead).get(f"{LIST}{handed.reference}/bundle.pdf")
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf.content)).pages)
    told = json.loads(desk(ig_lead).get(f"{LIST}{handed.reference}/bundle.json").content)

    assert "choir" in text
    assert "Information Commissioner" in text
    assert any("choir" in each["text"] for each in told["items"])
    taken = Access.objects.filter(purpose__startswith="A copy was taken").values_list("purpose", flat=True)
    assert set(taken) == {"A copy was taken (pdf)", "A copy was taken (json)"}


def test_nobody_but_the_lead_takes_a_copy_and_nobody_before_it_is_handed_over(request_, ig_lead, second, desk, worker):
    row = approved(asked(request_, ig_lead, second), second)
    assert desk(ig_lead).get(f"{LIST}{row.reference}/bundle.json").status_code == 404
    row = deeds.check_identity(row, by=ig_lead, now=NOW, identity="Passport.")
    row = deeds.hand_over(row, by=ig_lead, now=NOW)
    elsewhere = PostFactory(role=Role.SERVICE_MANAGER, area=row.area).user
    for user in (worker, elsewhere):
        assert desk(user).get(f"{LIST}{row.reference}/bundle.json").status_code == 404


def test_why_it_was_sent_back_stands_on_the_page_of_whoever_asked(request_, ig_lead, second, desk):
    row = asked(request_, ig_lead, second)
    back = f"{row.get_absolute_url()}do/send_back/"
    assert desk(ig_lead).post(back, sent(reason="Too much is struck.")).status_code == 404
    desk(second).post(back, sent(reason="Too much is struck."))

    page = desk(ig_lead).get(row.get_absolute_url()).content.decode()

    assert f"{second} sent it back" in page
    assert "Too much is struck." in page


def test_their_own_words_are_put_beside_what_is_written_on_a_page(handed, ig_lead, desk):
    item = handed.items.get(source="families.significantevent")
    address = f"{LIST}{handed.reference}/items/{item.pk}/statement/"
    desk(ig_lead).post(address, sent(statement="I left the choir."))

    assert Addendum.objects.get().statement == "I left the choir."
    assert SignificantEvent.objects.get().text == "Robin joined the choir."


@pytest.mark.parametrize("who", ["manager", "worker", "chair", "access_worker", "stranger"])
def test_nobody_else_has_these_pages(request_, request, who, desk):
    user = request.getfixturevalue(who)

    assert desk(user).get(LIST).status_code == 403
    assert desk(user).get(f"{LIST}begin/").status_code == 403
    assert desk(user).get(request_.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("many", [1, 20])
def test_the_pages_take_as_many_queries_for_twenty_as_for_one(
    many, robin, note, ig_lead, second, melton, desk, django_assert_max_num_queries
):
    for number in range(many):
        note(f"Number {number}.", person=robin)
        row = deeds.withdraw(asked_for(robin, ig_lead), by=ig_lead, now=NOW, reason="Again.")
    row = collected(asked_for(robin, ig_lead), ig_lead)
    client = desk(ig_lead)
    for page, most in ((LIST, 5), (row.get_absolute_url(), 8)):
        client.get(page)
        with django_assert_max_num_queries(most):
            assert client.get(page).status_code == 200
    row = deeds.ask(all_given(row, ig_lead), by=ig_lead, now=NOW, second=second)
    client, page = desk(second), f"{LIST}{row.reference}/do/approve/"
    client.get(page)
    with django_assert_max_num_queries(10):
        assert client.get(page).status_code == 200


def test_a_promise_rings_before_the_month_is_over(request_, ig_lead):
    promised = request_.deadlines.open().get()

    assert promised.holder == ig_lead
    assert NOW < promised.rings_at < promised.due_at
    assert promised.due_at - NOW > timedelta(days=27)
