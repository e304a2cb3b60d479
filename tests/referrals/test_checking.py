"""Self-checks without an account: what they show, what they keep, and what becomes of whoever asks (domain.md 11, 14.4)."""

import re
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.models import Draft
from referrals import conditions
from referrals.enums import MOST_QUESTIONS, Channel, CheckResult, SetKind
from referrals.models import Contact, QuestionSet, SelfCheckCount, SelfCheckRequest
from referrals.services import checking
from referrals.services.questions import answers_of, problems
from referrals.suggest import suggest
from referrals.transitions.contact import advise
from referrals.transitions.questions import drop_rule, publish, retire, start_draft, write_question
from tests.factories import MONDAY, PostFactory
from tests.races import together
from tests.referrals.asking import opened

pytestmark = pytest.mark.django_db
HOME, THINGS = "/how-are-things-at-home/", "/check-your-equipment/"
BOTH = [HOME, THINGS]
KINDS = [SetKind.TEMPERATURE, SetKind.EQUIPMENT]
CALM = {"most_days": "calm", "keeping_up": "mostly", "somebody": "yes", "money": "no", "hurt": "no"}
ME = {"caller_name": "Maya Invented", "caller_phone": "01632 960 555", "reach": "Only by text.", "lives_in": "unknown"}


@pytest.fixture
def adviser(county):
    return PostFactory(role=Role.FIRST_CONTACT_ADVISER, area=county).user


@pytest.fixture
def somebody(county, melton):
    return Client(REMOTE_ADDR="198.51.100.7")


def text(response):
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode())


def done(client, at=HOME, **answers):
    return client.post(at, answers or CALM, follow=True)


def asks(client, at=HOME, ago=timedelta(minutes=2), **also):
    return client.post(f"{at}contact/", ME | {"opened": opened(ago)} | also)


# --- the questions that come with Early Help ---------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "number"), [(SetKind.TEMPERATURE, 5), (SetKind.EQUIPMENT, 12)])
def test_each_check_is_whole_and_no_longer_than_it_may_be(kind, number):
    row = QuestionSet.objects.published(kind)

    assert problems(row) == []
    assert len(row.questions.all()) == number == MOST_QUESTIONS[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_every_question_of_it_leads_somewhere(kind):
    row = QuestionSet.objects.published(kind)

    asked = {code for rule in row.rules.all() for code in conditions.codes(rule.condition)}
    assert asked == set(answers_of(row.questions.all()))


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        (SetKind.TEMPERATURE, {"hurt": "yes"}),
        (SetKind.TEMPERATURE, {"hurt": "unsure"}),
        (SetKind.EQUIPMENT, {"fall": "hurt"}),
        (SetKind.EQUIPMENT, {"left_on": "gas"}),
        (SetKind.EQUIPMENT, {"lost": "yes"}),
        (SetKind.EQUIPMENT, {"hurt": "yes"}),
        (SetKind.EQUIPMENT, {"hurt": "unsure"}),
    ],
)
def test_what_is_urgent_is_urgent_whatever_else_is_answered(kind, answers):
    row = QuestionSet.objects.published(kind)
    others = {code: values[0] for code, values in answers_of(row.questions.all()).items()}

    for given in (answers, others | answers):
        assert suggest(row.rules.all(), given)[0].is_urgent


@pytest.mark.parametrize("kind", KINDS)
def test_every_way_on_that_it_names_is_there(kind):
    from referrals.views.checking import ROUTES

    routes = {rule.route for rule in QuestionSet.objects.published(kind).rules.all()} - {""}

    assert routes
    assert routes <= set(ROUTES)


# --- doing one ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", BOTH)
def test_it_opens_without_an_account_with_the_way_out_and_nothing_chosen(somebody, at):
    page = somebody.get(at).content.decode()

    assert page.count('href="/ask-for-help/leave/"') == 2
    assert " checked" not in page
    assert somebody.get(at).headers["Cache-Control"] == "no-store"


def test_an_urgent_answer_shows_a_person_to_speak_to_before_anything_else(somebody):
    shown = text(done(somebody, hurt="yes", money="much"))

    assert shown.index("Please speak to a person first") < shown.index("999") < shown.index("Money, food and your home")


@pytest.mark.parametrize("hurt", ["yes", "unsure"])
def test_nobody_who_may_be_hurt_reads_that_every_family_has_rough_times(somebody, hurt):
    shown = text(done(somebody, hurt=hurt, most_days="hard"))

    assert "Please speak to a person first" in shown
    assert "rough times" not in shown


def test_what_is_not_urgent_frightens_nobody(somebody):
    shown = text(done(somebody, most_days="mixed"))

    assert "Getting on with each other" in shown
    assert "Please speak to a person first" not in shown


def test_it_says_why_it_shows_what_it_shows(somebody):
    assert "Shown because of what you answered to: Do you worry about money, food or your home?" in text(
        done(somebody, money="some")
    )


def test_services_of_the_directory_are_named(somebody):
    from tests.factories import ServiceFactory

    ServiceFactory(name="Debt advice", needs=["money"], phone="01632 960 700")
    ServiceFactory(name="No more", needs=["money"], withdrawn=True)
    shown = text(done(somebody, money="some"))

    assert "Debt advice" in shown
    assert "No more" not in shown


def test_a_lot_at_once_leads_to_the_form_for_families(somebody):
    page = done(somebody, most_days="hard", keeping_up="hardly").content.decode()

    assert 'href="/ask-for-help/">Ask for help for your family' in page


def test_nothing_answered_is_told_kindly(somebody):
    response = somebody.post(HOME, {})

    assert response.status_code == 422
    assert "Answer at least one question" in text(response)
    assert not SelfCheckCount.objects.exists()


@pytest.mark.parametrize("value", ["nonsense", "x" * 5000, "'; DROP TABLE"])
def test_an_answer_that_there_is_not_is_refused(somebody, value):
    assert somebody.post(HOME, {"money": value}).status_code == 422


def test_nothing_of_the_answers_is_ever_in_an_address(somebody):
    assert somebody.post(HOME, CALM).url == f"{HOME}results/"


# --- what is kept ------------------------------------------------------------------------------------------------------


def test_only_a_number_is_kept(somebody):
    done(somebody)
    done(somebody, hurt="yes")
    done(somebody, hurt="unsure")
    done(somebody, THINGS, alarm="yes")

    kept = set(SelfCheckCount.objects.values_list("kind", "day", "result", "number"))
    today = timezone.localdate()
    assert kept == {
        ("temperature", today, CheckResult.SUGGESTED, 1),
        ("temperature", today, CheckResult.URGENT, 2),
        ("equipment", today, CheckResult.NOTHING, 1),
    }
    assert not Contact.objects.exists()
    assert not SelfCheckRequest.objects.exists()
    assert {field.name for field in SelfCheckCount._meta.fields} == {"id", "kind", "day", "result", "number"}


def test_the_cookie_can_be_read_by_nobody_and_is_only_for_its_own_pages(somebody):
    done(somebody, hurt="yes")
    [cookie] = [each for name, each in somebody.cookies.items() if name.startswith("check-")]

    assert "hurt" not in cookie.value
    assert (cookie["path"], cookie["httponly"], cookie["max-age"]) == (HOME, True, "")


def test_after_exit_this_page_there_are_no_results(somebody):
    done(somebody)
    somebody.get("/ask-for-help/leave/")

    assert somebody.get(f"{HOME}results/").url == HOME


def test_after_half_an_hour_there_are_no_results(somebody):
    done(somebody)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert somebody.get(f"{HOME}results/").url == HOME


@pytest.mark.parametrize("value", ["", "x", "é", "AAAA", "x" * 4000, "eyJh"])
def test_no_cookie_crashes_a_page(somebody, value):
    somebody.cookies["check-how-are-things-at-home"] = value
    for page in ("results/", "contact/", "sent/"):
        assert somebody.get(HOME + page).status_code in (302, 400)


def test_a_cookie_of_one_check_opens_nothing_of_the_other(somebody):
    done(somebody)
    somebody.cookies["check-check-your-equipment"] = somebody.cookies["check-how-are-things-at-home"].value

    assert somebody.get(f"{THINGS}results/").url == THINGS


def test_a_worker_whose_session_ended_on_this_computer_gets_none_of_it(somebody, worker):
    somebody.force_login(worker)
    with time_machine.travel(timezone.now() + timedelta(hours=11)):
        somebody.post(HOME, CALM)

    assert not Draft.objects.exists()


def test_a_program_that_answers_everything_is_not_counted_and_sees_the_same(somebody):
    response = somebody.post(HOME, CALM | {"comment_link": "http://x"}, follow=True)

    assert response.status_code == 200
    assert not SelfCheckCount.objects.exists()


def looked_at(client, at=HOME):
    """The number of one look at the questions."""
    return re.search(r'name="sending" value="([\w-]+)"', client.get(at).text)[1]


def test_the_same_page_sent_again_counts_once_and_shows_its_results_each_time(somebody):
    sending = looked_at(somebody)
    answers = [done(somebody, **CALM, sending=sending) for _ in range(3)]

    assert {each.request["PATH_INFO"] for each in answers} == {f"{HOME}results/"}
    assert SelfCheckCount.objects.get().number == 1


def test_whoever_looks_again_and_answers_again_counts_again(somebody):
    for _ in range(2):
        done(somebody, **CALM, sending=looked_at(somebody))

    assert SelfCheckCount.objects.get().number == 2


@pytest.mark.parametrize("nonsense", ["", "1", "'; drop table", "\x00"])
def test_a_number_that_is_none_hinders_nobody(somebody, nonsense):
    assert done(somebody, **CALM, sending=nonsense).status_code == 200
    assert SelfCheckCount.objects.get().number == 1


@pytest.mark.django_db(transaction=True)
def test_two_sendings_of_one_page_at_the_same_moment_count_once(county, melton):
    facts = {"sending": uuid4(), "address": "198.51.100.7", "now": timezone.now()}
    together(*[partial(checking.add_one, SetKind.TEMPERATURE, CheckResult.NOTHING, **facts) for _ in range(4)])

    assert SelfCheckCount.objects.get().number == 1


def test_beyond_what_people_do_nobody_is_counted_and_everybody_is_shown_their_results(somebody, monkeypatch):
    monkeypatch.setattr(checking, "COUNTED", checking.Limit(2, timedelta(hours=1), timedelta(minutes=5)))
    answers = [done(somebody) for _ in range(4)]

    assert {each.status_code for each in answers} == {200}
    assert SelfCheckCount.objects.get().number == 2


# --- whoever asks to be contacted --------------------------------------------------------------------------------------


def test_whoever_asks_becomes_a_contact_for_first_contact_plus_with_their_answers(somebody, melton, adviser):
    done(somebody, keeping_up="hardly", most_days="hard")
    response = asks(somebody, lives_in=str(melton.pk))

    contact = Contact.objects.get()
    assert response.url == f"{HOME}sent/"
    assert (contact.author, contact.channel, contact.area, contact.anywhere) == (None, Channel.CHECK, melton, False)
    assert (contact.caller_name, contact.caller_phone, contact.safeguarding) == ("Maya Invented", "01632 960 555", "no")
    for said in ("Only by text.", "Mostly hard", "Early help for your family", "version 1"):
        assert said in contact.said
    assert contact.self_check.answers == {"keeping_up": "hardly", "most_days": "hard"}
    assert Contact.objects.for_user(adviser, "answer").get() == contact
    assert contact.reference in text(somebody.get(f"{HOME}sent/"))


def test_its_notice_names_nobody(somebody, adviser):
    done(somebody, money="some")
    asks(somebody)

    notice = Notice.objects.get(to=adviser)
    assert "Maya" not in notice.title + notice.url
    assert notice.reference == Contact.objects.get().reference


def test_an_urgent_answer_is_looked_at_first(somebody, access_worker, adviser):
    done(somebody, hurt="unsure")
    asks(somebody)

    contact = Contact.objects.get()
    assert contact.safeguarding == "unsure"
    assert contact.anywhere
    assert Notice.objects.filter(to=access_worker, urgent=True).exists()


def test_a_double_click_makes_one_contact(somebody, adviser):
    done(somebody)
    ticket = somebody.cookies["check-how-are-things-at-home"].value
    asks(somebody)
    somebody.cookies["check-how-are-things-at-home"] = ticket  # as the second window has it
    asks(somebody)

    assert Contact.objects.count() == 1


def test_nobody_is_contacted_without_a_way_to_reach_them(somebody):
    done(somebody)

    assert asks(somebody, caller_phone="").status_code == 422
    assert not Contact.objects.exists()


def test_without_answers_nobody_is_asked_who_they_are(somebody):
    assert somebody.get(f"{HOME}contact/").url == HOME
    assert asks(somebody).url == HOME


@pytest.mark.parametrize(
    ("sign", "also"),
    [
        ("question that people do not see", {"comment_link": "x"}),
        ("faster than people write", {"ago": timedelta(seconds=1)}),
        ("several web addresses", {"reach": "http://a.example http://b.example"}),
    ],
)
def test_what_a_program_may_have_sent_is_marked_and_rings_nobody(somebody, adviser, sign, also):
    done(somebody)
    asks(somebody, **also)

    assert sign in Contact.objects.get().said
    assert not Notice.objects.exists()


def test_a_crowd_from_one_place_waits(somebody, monkeypatch):
    monkeypatch.setattr(checking, "ASKED", checking.Limit(1, timedelta(hours=1), timedelta(minutes=5)))
    done(somebody)
    asks(somebody)
    done(somebody)
    response = asks(somebody)

    assert response.status_code == 429
    assert 'value="Maya Invented"' in response.content.decode()
    assert Contact.objects.count() == 1


def test_the_contact_is_answered_like_every_other(somebody, client, adviser):
    done(somebody)
    asks(somebody)
    contact = Contact.objects.get()
    client.force_login(adviser)

    assert "they wrote it themselves" in text(client.get(contact.get_absolute_url()))
    advise(contact, by=adviser, now=timezone.now(), advice="Ask the children’s centre.")
    contact.refresh_from_db()
    assert contact.status == "advised"


def test_only_a_check_has_no_author(somebody):
    done(somebody)
    asks(somebody)

    with pytest.raises(IntegrityError):
        Contact.objects.update(channel="phone")


# --- the authority words it --------------------------------------------------------------------------------------------


@pytest.fixture
def admin(county):
    return PostFactory(role=Role.SYSTEM_ADMIN, area=county).user


def test_the_next_version_is_asked_as_soon_as_it_is_published(somebody, admin):
    start_draft(QuestionSet.objects.published(SetKind.TEMPERATURE), by=admin, now=MONDAY)
    draft = QuestionSet.objects.get(status="draft")
    facts = {"text": "Do you have enough sleep?", "kind": "yes_no_unsure", "order": 25}
    drop_rule(draft, by=admin, now=MONDAY, code="well")
    write_question(draft, by=admin, now=MONDAY, code="somebody", was="somebody", **facts)
    assert "enough sleep" not in text(somebody.get(HOME))

    publish(draft, by=admin, now=MONDAY, note="Sleep.")
    assert "enough sleep" in text(somebody.get(HOME))


def test_a_check_that_is_out_of_use_is_not_there(somebody, admin):
    done(somebody)
    retire(QuestionSet.objects.published(SetKind.TEMPERATURE), by=admin, now=MONDAY)

    for page in ("", "results/", "contact/", "sent/"):
        assert somebody.get(HOME + page).status_code == 404
    assert somebody.get(THINGS).status_code == 200


# --- how many ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.SYSTEM_ADMIN])
def test_managers_see_how_many_did_a_check(client, county, role):
    SelfCheckCount.objects.create(kind="temperature", day=timezone.localdate(), result="urgent", number=7)
    client.force_login(PostFactory(role=role, area=county).user)

    shown = text(client.get(reverse("checking:used")))
    assert "How is the family doing" in shown
    assert " 7 " in shown


@pytest.mark.parametrize("who", ["practitioner", "access_worker", "worker"])
def test_nobody_else_does(client, request, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("checking:used")).status_code == 404


@pytest.mark.parametrize("days", [1, 20])
def test_the_numbers_take_as_many_queries_for_twenty_days_as_for_one(
    client, service_manager, days, django_assert_max_num_queries
):
    first = date(timezone.localdate().year, timezone.localdate().month, 1)
    SelfCheckCount.objects.bulk_create(
        SelfCheckCount(kind="equipment", day=first - timedelta(days=n * 7), result="nothing", number=1)
        for n in range(days)
    )
    client.force_login(service_manager)
    client.get(reverse("checking:used"))

    with django_assert_max_num_queries(3):
        client.get(reverse("checking:used"))


def test_two_windows_at_the_same_moment_find_the_first_ones_contact(county):
    row = QuestionSet.objects.published(SetKind.TEMPERATURE)
    facts = {"reach": "", "doubts": [], "address": "", "now": MONDAY, "area": None, "caller_name": "Maya"}
    token = uuid4()

    made = [checking.ask_contact(row, {"money": "some"}, token=token, **facts) for _ in range(2)]

    assert made[0] == made[1]
