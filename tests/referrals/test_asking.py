"""A family asks for help themselves: nothing lost, nothing told, nobody dropped (issue 3; promises P11, P12, P14 and P19)."""

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.families.enums import AgreementStatus
from earlyhelp.families.models import Agreement, Family, Person
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.models import Draft
from earlyhelp.workflow.transitions import SYSTEM, NotPossible
from referrals.enums import Doubt, Status
from referrals.models import HelpDraft, Referral
from referrals.services import asking
from referrals.transitions.referral import accept, advise, place, submit, take, vouch, withdraw
from tests.factories import MONDAY, FamilyFactory, PostFactory
from tests.referrals.asking import HELP, SAFE, START, YOU, Visitor, born, bots
from tests.referrals.factories import DraftFactory, ready_draft, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(county, melton):
    return Visitor()


def asked(**changes):
    """The referral of a family that has asked for help."""
    visitor = Visitor()
    visitor.write(**changes)
    visitor.send()
    return Referral.objects.get()


# --- what is sent ------------------------------------------------------------------------------------------------------


def test_what_a_family_sends_waits_in_triage(visitor, melton, access_worker):
    visitor.write(you={"lives_in": str(melton.pk)})

    response = visitor.send()

    referral = Referral.objects.get()
    assert (response.status_code, response.url) == (302, f"{START}sent/")
    assert (referral.status, referral.source_kind, referral.author, referral.area) == (
        Status.SUBMITTED,
        "family",
        None,
        melton,
    )
    assert (referral.why_now, referral.wants, referral.needs) == (HELP["why_now"], HELP["wants"], HELP["needs"])
    assert "Never leave a message" in referral.reach_safely
    assert referral.doubts == []
    assert Referral.objects.for_user(access_worker, "triage").filter(pk=referral.pk).exists()


def test_its_clock_starts_as_for_every_referral(visitor):
    visitor.write()
    visitor.send()

    owed = {each.code for each in Referral.objects.get().deadlines.open()}

    assert owed == {"D_PICKUP", "D_TRIAGE"}


def test_the_people_are_written_down_in_a_family_of_their_own(visitor):
    visitor.write()
    visitor.send()

    family = Family.objects.get()
    people = {(each.person.name, each.role) for each in family.memberships.select_related("person")}
    assert people == {("Maya Invented", "parent"), ("Ben Invented", "child")}
    assert (family.created_by, set(Person.objects.values_list("created_by", flat=True))) == (None, {None})


def test_nobody_is_matched_with_a_record_there_is_already(visitor, melton):
    known = ready_draft(area=melton, author=PostFactory(area=melton).user).family
    before = list(known.memberships.values_list("person", flat=True))
    mother = Person.objects.get(first_name="Leanne")
    day = {"born_on_day": "1", "born_on_month": "4", "born_on_year": "1996"}

    visitor.write(you={"first_name": mother.first_name, "last_name": mother.last_name} | day)
    visitor.send()

    assert Person.objects.filter(first_name="Leanne").count() == 2
    assert list(known.memberships.values_list("person", flat=True)) == before


def test_the_writer_agrees_for_themselves_and_for_nobody_else(visitor):
    visitor.write(you={"born_1_year": "2008"})
    visitor.send()

    said = {each.person.first_name: (each.status, each.recorded_by) for each in Agreement.objects.all()}
    assert said == {"Maya": (AgreementStatus.GIVEN, None), "Ben": (AgreementStatus.NOT_ASKED, None)}


def test_a_child_of_ten_may_ask_for_help_alone(visitor):
    visitor.write(you={"born_on_year": "2016", "you_are": "child", "first_1": "", "who_1": "", "lives_1": ""} | {
        "born_1_day": "", "born_1_month": "", "born_1_year": ""
    })  # fmt: skip
    visitor.send()

    assert Referral.objects.get().no_agreement_reason == "A child asked for help by themselves."


def test_the_reference_tells_nothing_and_cannot_be_guessed(county):
    numbers = {asked_again().reference for _ in range(3)}

    assert len(numbers) == 3
    assert not any(character in number for number in numbers for character in "0O1I")
    assert all(len(number.replace("-", "")) == 11 for number in numbers)


def asked_again():
    Visitor_ = Visitor()
    Visitor_.write()
    Visitor_.send()
    return Referral.objects.order_by("-pk").first()


def test_the_trail_says_that_it_came_by_the_public_form(visitor):
    visitor.write()
    visitor.send()

    start = Event.objects.get(kind="referrals.referral.start")
    assert (start.actor, start.reason) == (None, "The public form.")


def test_two_posts_of_the_same_form_make_one_referral(visitor):
    visitor.write()

    first, second = visitor.send(), visitor.send()

    assert (first.url, second.url) == (f"{START}sent/", f"{START}sent/")
    assert Referral.objects.count() == Family.objects.count() == 1


def test_after_sending_nothing_of_the_text_is_left_with_the_form(visitor):
    visitor.write()
    visitor.send()

    assert bytes(HelpDraft.objects.get().sealed) == b""
    assert visitor.get("you/").url == f"{START}sent/"


def test_they_are_told_their_number_and_by_when(visitor):
    visitor.write()
    visitor.send()
    page = visitor.get("sent/").content.decode()

    assert Referral.objects.get().reference in page
    assert "They decide with you what helps, by <strong>" in page
    assert HELP["why_now"] not in page


def test_the_status_of_it_is_no_public_page(visitor):
    visitor.write()
    visitor.send()

    response = Client().get(Referral.objects.get().get_absolute_url())

    assert response.url.startswith("/sign-in/")


# --- nothing typed is lost -----------------------------------------------------------------------------------------------


def test_what_is_wrong_is_kept_with_what_is_right(visitor):
    response = visitor.post("you", YOU | {"born_on_day": "45", "last_name": ""})

    assert response.status_code == 422
    page = visitor.get("you/").content.decode()
    assert 'value="Maya"' in page
    assert 'value="45"' in page
    assert "There is a problem" not in page


def test_a_page_sent_after_the_browser_forgot_begins_a_form_of_its_own(visitor):
    response = visitor.post("help")

    assert response.status_code == 302
    assert HELP["wants"] in visitor.get("help/").content.decode()
    assert visitor.get("check/").url == f"{START}you/"


def test_a_page_sent_after_half_an_hour_is_kept_and_locked(visitor):
    visitor.post("you")
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        response = visitor.post("help", follow=False)
        shut = visitor.get("help/")
        visitor.client.post(shut.url, born())
        page = visitor.get("help/").content.decode()

    assert response.status_code == 302
    assert shut.url == f"{START}come-back/"
    assert HELP["wants"] in page


def test_room_for_another_person_is_made_without_losing_a_word(visitor):
    visitor.post("you", YOU | {"do": "more", "first_2": "Ada", "who_2": "relative"})

    page = visitor.get("you/").content.decode()
    assert 'value="Ada"' in page
    assert 'name="first_3"' in page


def test_more_people_than_there_is_room_for_cannot_be_asked_for(visitor):
    visitor.post("you", YOU | {"do": "more", "rows": "99"})

    assert 'name="first_13"' not in visitor.get("you/").content.decode()


def test_what_was_typed_is_sealed(visitor):
    visitor.write()

    assert b"sleep" not in bytes(HelpDraft.objects.get().sealed)


def test_a_worker_whose_session_ended_on_this_computer_gets_none_of_it(visitor, worker):
    visitor.client.force_login(worker)
    session = visitor.client.session
    session["signed_in_at"] = 1.0
    session.save()

    visitor.write()
    visitor.send()

    assert Referral.objects.get().author is None
    assert not Draft.objects.exists()


# --- coming back ---------------------------------------------------------------------------------------------------------


def test_a_form_goes_on_at_another_device_with_the_code_and_the_date_of_birth(visitor):
    visitor.post("you")
    visitor.post("help", HELP | {"do": "later"})
    code = visitor.code()
    assert code in visitor.get("later/").content.decode()
    elsewhere = Visitor()

    response = elsewhere.client.post(f"{START}come-back/", born(code))

    assert response.url == f"{START}safe/"
    elsewhere.post("safe")
    elsewhere.send()
    assert Referral.objects.get().wants == HELP["wants"]


@pytest.mark.parametrize("between", [" ", "", ".", " - "])
def test_a_code_may_be_typed_as_it_was_written_down(visitor, between):
    visitor.post("you")
    written, elsewhere = visitor.code().upper().replace("-", between), Visitor()

    assert elsewhere.client.post(f"{START}come-back/", born(written)).url == f"{START}help/"
    assert elsewhere.code() == visitor.code()
    assert 'value="Maya"' in elsewhere.get("you/").content.decode()


def test_going_on_elsewhere_shuts_it_where_it_was_begun(visitor):
    visitor.post("you")
    Visitor().client.post(f"{START}come-back/", born(visitor.code()))

    assert visitor.get("you/").content.decode().count("Maya") == 0


def test_a_code_alone_opens_nothing_even_as_a_cookie(visitor):
    visitor.write()
    finder = Visitor()
    assert asking.held(visitor.code()) is None
    finder.client.cookies["asking"] = visitor.code()

    for page in ("you/", "help/", "safe/", "check/", "later/", "sent/"):
        assert "Maya" not in finder.client.get(START + page, follow=True).content.decode()
    assert finder.send().url == START


def outline(response):
    return response.status_code, response.content.decode().split("csrfmiddlewaretoken")[0]


def test_a_wrong_date_and_a_code_that_never_was_are_answered_alike(visitor):
    visitor.post("you")
    wrong = Visitor().client.post(f"{START}come-back/", born(visitor.code(), born_on_year="1990"))
    never = Visitor().client.post(f"{START}come-back/", born("abcd-efgh-jkmn-pqrs", born_on_year="1990"))

    words = [
        outline(each)[1].replace(code, "·") for each, code in ((wrong, visitor.code()), (never, "abcd-efgh-jkmn-pqrs"))
    ]
    assert words[0] == words[1]
    assert wrong.status_code == never.status_code == 422


def test_and_they_cost_the_database_the_same(visitor):
    """How soon an answer comes says as much as its words: see the proof of P19 for the time itself."""
    visitor.post("you")
    asked = []
    for code in (visitor.code(), "abcd-efgh-jkmn-pqrs"):
        with CaptureQueriesContext(connection) as queries:
            Visitor().client.post(f"{START}come-back/", born(code, born_on_year="1990"))
        asked.append([re.sub(r"\d+|'[^']*'", "", query["sql"]) for query in queries])

    assert asked[0] == asked[1]


@pytest.mark.parametrize("there_is_one", [True, False])
def test_dates_of_birth_are_not_guessed_for_long(visitor, there_is_one):
    visitor.post("you")
    code = visitor.code() if there_is_one else "abcd-efgh-jkmn-pqrs"
    address = f"{START}come-back/"

    answers = [
        Visitor(f"198.51.100.{n}").client.post(address, born(code, born_on_year=f"{1950 + n}")) for n in range(7)
    ]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429] * 2
    assert Visitor().client.post(address, born(code)).status_code == 429


def test_whoever_waits_comes_in_with_the_right_date(visitor):
    visitor.post("you")
    address, code = f"{START}come-back/", visitor.code()
    for year in range(1950, 1956):
        Visitor().client.post(address, born(code, born_on_year=str(year)))

    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        assert Visitor().client.post(address, born(code)).status_code == 302


def test_a_draft_is_thrown_away_after_30_days_and_not_before(visitor):
    visitor.post("you")
    now = timezone.now()

    assert asking.tidy(now=now + timedelta(days=29)) == 0
    assert asking.tidy(now=now + timedelta(days=31)) == 1


def test_what_was_sent_outlives_the_draft_it_was_written_in(visitor):
    visitor.write()
    visitor.send()

    asking.tidy(now=timezone.now() + timedelta(days=31))

    assert (HelpDraft.objects.count(), Referral.objects.count()) == (0, 1)


# --- leaving no trace ------------------------------------------------------------------------------------------------------


def test_exit_this_page_shuts_the_form_and_leads_elsewhere(visitor, settings):
    visitor.write()

    response = visitor.get("leave/")

    assert response.url == settings.EXIT_URL
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert visitor.get("check/").url == START
    assert "Maya" not in visitor.client.get(f"{START}you/", follow=True).content.decode()


def test_no_cookie_outlives_the_browser_or_the_way_out(visitor):
    visitor.post("you")
    visitor.get("help/")
    assert {name: held["max-age"] for name, held in visitor.client.cookies.items()} == {"asking": "", "csrftoken": ""}

    visitor.get("leave/")

    assert {name for name, held in visitor.client.cookies.items() if held.value} == set()


def test_the_way_out_costs_a_worker_no_open_form(visitor, worker):
    visitor.client.force_login(worker)
    visitor.get("you/")

    visitor.get("leave/")

    assert visitor.client.cookies["csrftoken"].value


@pytest.mark.parametrize("page", ["", "you/", "help/", "safe/", "check/", "later/", "ring/help/"])
def test_no_page_is_kept_by_a_browser_and_each_has_the_way_out(visitor, page):
    visitor.write()
    response = visitor.get(page)

    assert response.headers["Cache-Control"] == "no-store"
    assert response.content.decode().count('href="/ask-for-help/leave/"') == 2
    assert 'data-module="govuk-exit-this-page"' in response.content.decode()


def test_what_was_typed_and_not_sent_has_no_form_to_come_back_to(visitor):
    """A browser that goes back puts text back into a form that it knows by its first names: ours is another each time."""
    visitor.post("you")
    pages = [visitor.get("help/").content.decode() for _ in range(2)]
    names = {re.search(r'<form[^>]*>[^<]*<input type="hidden" name="(page-\w+)"', page)[1] for page in pages}

    assert len(names) == 2
    assert 'autocomplete="off"' in visitor.get("help/").content.decode()


def test_nobody_reads_the_code_out_of_the_cookie(visitor):
    visitor.post("you")

    assert visitor.code() in visitor.get("later/").content.decode()
    assert visitor.code() not in visitor.client.cookies["asking"].value


def test_nothing_of_the_form_is_ever_in_an_address(visitor):
    answers = [visitor.post("you"), visitor.post("help"), visitor.post("safe"), visitor.send()]

    assert [answer.url for answer in answers] == [START + page for page in ("help/", "safe/", "check/", "sent/")]


def test_the_form_says_that_nobody_is_watching(visitor):
    assert "Nobody is watching this form now" in visitor.get().content.decode()
    assert "Nobody watches this form" in visitor.get("you/").content.decode()


# --- safety first ------------------------------------------------------------------------------------------------------------

NUMBERS = ("999", "0800 1111", "0808 2000 247")


@pytest.mark.parametrize(
    ("page", "answer", "then"),
    [
        ("safe", {"safeguarding": "yes"}, "check"),
        ("safe", {"safeguarding": "unsure"}, "check"),
        ("help", {"why_now": "He hits me when he drinks."}, "safe"),
        ("help", {"tried": "I thought of suicide."}, "safe"),
    ],
)
def test_the_numbers_come_first_where_an_answer_suggests_harm(visitor, settings, page, answer, then):
    visitor.post("you")

    response = visitor.post(page, (HELP if page == "help" else SAFE) | answer)

    assert response.url == f"{START}ring/{then}/"
    shown = visitor.client.get(response.url).content.decode()
    assert all(number in shown for number in (*NUMBERS, settings.SOCIAL_CARE_PHONE))


def test_they_stand_before_the_answers_on_the_page_on_which_it_is_sent(visitor):
    visitor.write(safe={"safeguarding": "yes"})
    page = visitor.get("check/").content.decode()

    assert page.index("0808 2000 247") < page.index("About you and your family</h2>")


def test_where_nothing_suggests_harm_nobody_is_frightened(visitor):
    assert visitor.post("help").url == f"{START}safe/"


def test_a_worry_is_rung_through_to_eh_access_at_once(visitor, access_worker):
    visitor.write(safe={"safeguarding": "yes"})
    visitor.send()

    assert Referral.objects.get().worrying
    assert [notice.title for notice in Notice.objects.filter(to=access_worker)] == [
        "A referral waits: look at it first"
    ]


# --- programs ------------------------------------------------------------------------------------------------------------------


def test_a_program_that_answers_everything_is_marked(visitor):
    visitor.write(help={"comment_link": "https://spam.example"})
    visitor.send()

    assert Referral.objects.get().doubts == [Doubt.TRAP]


@pytest.mark.parametrize("stamp", ["", "x", "1:2:3", "\x00"])
def test_whoever_cannot_say_when_they_began_is_marked(visitor, stamp):
    visitor.post("you", opened=stamp)
    visitor.post("help")
    visitor.post("safe")
    visitor.send()

    assert Referral.objects.get().doubts == [Doubt.HASTE]


def test_whoever_is_faster_than_people_is_marked(visitor):
    for slug in ("you", "help", "safe"):
        visitor.post(slug, ago=timedelta(seconds=2))
    visitor.send()

    assert Referral.objects.get().doubts == [Doubt.HASTE]


def test_advertising_is_marked(visitor):
    visitor.write(help={"wants": "Buy at https://a.example and http://b.example"})
    visitor.send()

    assert Referral.objects.get().doubts == [Doubt.LINKS]


def test_a_crowd_from_one_place_is_marked_and_not_turned_away(visitor):
    for _ in range(asking.CROWD + 1):
        visitor = Visitor()
        visitor.write()
        visitor.send()

    assert [each.doubts for each in Referral.objects.order_by("pk")] == [[]] * asking.CROWD + [[Doubt.CROWD]]


def test_beyond_that_they_wait_with_their_words_on_the_page(visitor):
    for _ in range(asking.BEGINNINGS.free):
        Visitor().post("you")

    response = Visitor().post("you")

    assert response.status_code == 429
    assert 'value="Maya"' in response.content.decode()
    assert Visitor("203.0.113.9").post("you").status_code == 302


def test_what_is_marked_waits_on_a_tab_of_its_own(visitor, access_worker):
    visitor.write(help={"comment_link": "x"})
    visitor.send()
    desk = Client()
    desk.force_login(access_worker)
    reference = Referral.objects.get().reference

    assert reference not in desk.get("/referrals/triage/").content.decode()
    checking = desk.get("/referrals/triage/?tab=doubtful").content.decode()
    assert reference in checking
    assert "May not be a person" in checking
    assert "from the public form to check" in desk.get("/").content.decode()


def test_a_thousand_programs_ring_nobody(visitor, access_worker):
    visitor.write(help={"comment_link": "x"}, safe={"safeguarding": "yes"})
    visitor.send()

    assert not Notice.objects.filter(to=access_worker).exists()


def test_no_program_reaches_triage_unmarked(visitor):
    bots(20)

    assert Referral.objects.count() == 20
    assert not Referral.objects.filter(doubts=[]).exists()


# --- EH Access -----------------------------------------------------------------------------------------------------------------


def test_eh_access_says_that_a_person_sent_it(county, access_worker):
    referral = asked(help={"comment_link": "x"})

    vouched = vouch(referral, by=access_worker, now=MONDAY)

    assert (vouched.doubts, vouched.status) == ([], Status.SUBMITTED)
    assert Event.objects.get(kind="referrals.referral.vouch").facts == {"doubts": ["trap"]}


def test_nobody_else_does(county, practitioner):
    referral = asked(help={"comment_link": "x"})

    with pytest.raises(PermissionDenied):
        vouch(referral, by=practitioner, now=MONDAY)

    assert Referral.objects.get().doubts == [Doubt.TRAP]


def test_what_nobody_doubts_needs_no_word(county, access_worker):
    with pytest.raises(NotPossible):
        vouch(asked(), by=access_worker, now=MONDAY)


def test_what_a_program_sent_is_withdrawn_and_says_so(county, access_worker):
    gone = withdraw(
        asked(help={"comment_link": "x"}), by=access_worker, now=MONDAY, withdrawn_by="no_person", reason="Advertising."
    )

    assert gone.status == Status.WITHDRAWN


def test_where_the_district_is_not_known_eh_access_of_the_county_sees_it(county, melton, access_worker):
    local = PostFactory(role=Role.EH_ACCESS, area=melton).user
    referral = asked()

    assert referral.area == county
    assert Referral.objects.for_user(access_worker, "triage").exists()
    assert not Referral.objects.for_user(local, "triage").exists()


def test_it_goes_to_no_hub_before_somebody_says_where_the_family_lives(county, melton, access_worker):
    referral = take(asked(), by=access_worker, now=MONDAY)
    facts = {"reason": "x", "message": "x", "level_of_need": 2, "proposed_tier": 2, "urgent": False}

    with pytest.raises(NotPossible, match="where the family lives"):
        accept(referral, by=access_worker, now=MONDAY, **facts)
    placed = place(referral, by=access_worker, now=MONDAY, area=melton)
    accepted = accept(placed, by=access_worker, now=MONDAY, **facts)

    assert accepted.case.area == melton
    assert Family.objects.get().area == melton
    assert set(placed.deadlines.values_list("area", flat=True)) == {melton.pk}


def test_where_the_district_is_known_it_is_not_changed_here(melton, access_worker, practitioner):
    with pytest.raises(NotPossible):
        place(sent(area=melton, author=practitioner), by=access_worker, now=MONDAY, area=melton)


def test_a_decision_is_told_by_a_person(county, access_worker):
    referral = take(asked(), by=access_worker, now=MONDAY)

    decided = advise(referral, by=access_worker, now=MONDAY, reason="x", message="x", level_of_need=1, advice="x")

    assert [each.code for each in decided.deadlines.open()] == ["D_OUTCOME"]
    assert not Notice.objects.exists()


def test_the_page_of_triage_says_how_it_is_safe_to_reach_them(county, access_worker, client):
    referral = asked(safe={"safeguarding": "yes"})
    client.force_login(access_worker)

    page = client.get(f"/referrals/triage/{referral.reference}/").content.decode()

    assert "Before you reach this family, read how it is safe" in page
    assert "The family themselves" in page
    assert page.index("Never leave a message") < page.index("What the referrer says")


@pytest.mark.parametrize("move", ["take", "vouch", "place"])
def test_each_of_its_deeds_has_a_page(county, melton, access_worker, client, move):
    referral = asked(help={"comment_link": "x"})
    client.force_login(access_worker)
    address = f"/referrals/{referral.reference}/do/{move}/"

    assert client.get(address).status_code == 200
    assert client.post(address, {"area": melton.pk}).status_code == 302


@pytest.mark.parametrize("page", ["", "/matches/", "/agreement/"])
def test_pages_that_read_the_author_cope_without_one(county, access_worker, client, page):
    client.force_login(access_worker)

    assert client.get(f"/referrals/triage/{asked().reference}{page or '/'}").status_code == 200


def test_the_familys_page_says_that_they_agreed_there(county, access_worker, client):
    client.force_login(access_worker)
    family = asked().family

    assert "The family, on the public form" in client.get(f"{family.get_absolute_url()}agreements/").content.decode()


def test_the_api_has_no_author_to_show(county, access_worker, client):
    client.force_login(access_worker)

    assert client.get(f"/api/referrals/{asked().reference}/").json()["author"] is None


def test_only_a_family_sends_a_referral_without_an_author(melton):
    with pytest.raises(IntegrityError, match="by_somebody_or_the_family"), transaction.atomic():
        DraftFactory(author=None, agency=None, source_kind="school", family=FamilyFactory(area=melton), area=melton)


def test_what_a_worker_wrote_is_never_doubted(melton, practitioner):
    with pytest.raises(IntegrityError, match="doubted_only_from_outside"), transaction.atomic():
        DraftFactory(author=practitioner, doubts=["trap"], family=FamilyFactory(area=melton), area=melton)


def test_a_worker_must_still_say_what_was_tried(melton, practitioner):
    with pytest.raises(NotPossible, match="what you have tried"):
        submit(ready_draft(area=melton, author=practitioner, tried=""), by=practitioner, now=MONDAY)


# --- hostile input -------------------------------------------------------------------------------------------------------------

HOSTILE = [
    "\x00",
    "a\x00b",
    "'; DROP TABLE x; --",
    "<script>alert(1)</script>",
    "9" * 5000,
    "\u202e" * 50,
    "{{ 7*7 }}",
    "=1+1",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("slug", ["you", "help", "safe"])
def test_hostile_text_is_kept_or_refused_and_never_a_crash(visitor, slug, text):
    fields = {"you": YOU, "help": HELP, "safe": SAFE}[slug]

    for name in (*fields, "opened", "do", "rows", "comment_link"):
        response = visitor.post(slug, fields | {name: text})
        assert response.status_code in (302, 422)
        assert visitor.get(f"{slug}/").status_code == 200
        assert "<script>alert" not in visitor.get(f"{slug}/").content.decode()


def test_a_page_of_a_megabyte_is_refused_with_its_reason(visitor):
    response = visitor.post("help", HELP | {"why_now": "a" * 200_000})

    assert response.status_code == 422
    assert "too much for one page" in response.content.decode()


def test_a_thousand_fields_are_refused(visitor):
    assert visitor.post("help", HELP | {f"x{n}": "1" for n in range(1000)}).status_code == 422


@pytest.mark.parametrize("cookie", ["", ".", "..", "a.b", "x" * 4000, "%00", "é.ü"])
def test_no_cookie_crashes_a_page(visitor, cookie):
    visitor.client.cookies["asking"] = cookie

    for page in ("", "you/", "help/", "check/", "later/", "sent/", "come-back/"):
        assert visitor.get(page).status_code in (200, 302)


@pytest.mark.parametrize("address", ["nowhere/", "ring/nowhere/"])
def test_an_address_that_is_not_there_is_not_found(visitor, address):
    assert visitor.get(address).status_code == 404


def test_the_form_is_sent_only_from_our_own_page(county, melton):
    stranger = Visitor(enforce_csrf_checks=True)

    assert stranger.post("you").status_code == 403
    token = stranger.get("you/").context["csrf_token"]
    assert stranger.post("you", csrfmiddlewaretoken=str(token)).status_code == 302


def test_nothing_can_be_sent_that_was_not_written(visitor):
    assert visitor.send().url == START
    visitor.post("you")
    assert visitor.send().url == f"{START}help/"
    assert not Referral.objects.exists()


# --- two at once ----------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_sent_from_two_windows_at_once_it_is_one_referral(county, melton):
    visitor = Visitor()
    visitor.write()
    gate = threading.Barrier(4)

    def press():
        window = Visitor()
        window.client.cookies["asking"] = visitor.client.cookies["asking"].value
        gate.wait()
        window.send()
        connection.close()

    windows = [threading.Thread(target=press) for _ in range(4)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()

    assert (Referral.objects.count(), Family.objects.count()) == (1, 1)
    assert SYSTEM.pk is None
