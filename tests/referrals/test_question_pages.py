"""An administrator words what is asked, tries it on what was answered before, and publishes it."""

import re
from datetime import date, timedelta

import pytest

from referrals import preview as previews
from referrals.conditions import parse
from referrals.enums import SetKind
from referrals.models import QuestionSet
from referrals.services.checklist import begin
from referrals.services.questions import draft_of
from referrals.transitions import checklist as answers
from referrals.transitions import questions as deeds
from tests.factories import MONDAY
from tests.referrals.factories import got_in_touch

LIST = "/referrals/questions/"
RULE = {
    "title": "Talk",
    "explanation": "It helps.",
    "condition": "lonely is yes or unsure",
    "outcome": "service",
    "need": "connection",
    "code": "talk",
    "priority": "5",
}


def text(response):
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode())


@pytest.fixture
def desk(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def published(db):
    return QuestionSet.objects.published(SetKind.CHECKLIST)


@pytest.fixture
def draft(published, admin):
    deeds.start_draft(published, by=admin, now=MONDAY)
    return draft_of(SetKind.CHECKLIST)


@pytest.fixture
def page(draft):
    return f"{LIST}{draft.pk}/"


def ask(adviser, area, number, said):
    for n in range(number):
        contact = got_in_touch(by=adviser, area=area, now=MONDAY + timedelta(minutes=n))
        named = {"first_name": "Zqname", "last_name": f"No {n}", "born_on": date(1960, 1, 1)}
        asked = begin(contact=contact, about="adult", agreed_by="They", by=adviser, now=MONDAY, **named)
        answers.answer(asked, by=adviser, now=MONDAY, voice="adult", answers=said)


def test_the_next_version_is_begun_from_the_one_in_use(desk, published):
    assert "Version 1" in text(desk.get(LIST))

    made = desk.post(f"{LIST}{published.pk}/do/start_draft/")

    draft = draft_of(SetKind.CHECKLIST)
    assert made.url == f"{LIST}{draft.pk}/"
    assert "25 of at most 25" in text(desk.get(made.url))
    assert "go on with version 2" in text(desk.get(f"{LIST}{published.pk}/"))


def test_a_rule_is_written_in_a_line_and_read_back(desk, draft, page):
    assert desk.post(f"{page}add/rule/", RULE).status_code == 302

    assert draft.rules.get(code="talk").condition == {"question": "lonely", "is": ["yes", "unsure"]}
    shown = desk.get(f"{page}rule/talk/").content.decode()
    assert "lonely is yes or unsure" in shown
    assert desk.post(f"{page}rule/talk/", RULE | {"outcome": "advice"}).status_code == 302
    assert (draft.rules.get(code="talk").outcome, draft.rules.get(code="talk").need) == ("advice", "")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"condition": "lonley is yes"}, "There is no question with the code “lonley”. Did you mean “lonely”?"),
        ({"condition": "lonely is often"}, "cannot be answered “often”: only yes, no, unsure."),
        ({"condition": "lonely is yes and"}, "The code of a question is missing at the end"),
        ({"condition": "a is yes or b is yes and c is yes"}, "Put brackets round what belongs together"),
        ({"code": "trouble"}, "There is a rule with the code “trouble” already."),
        ({"code": "Not a code"}, "Use small letters, digits and underscores"),
        ({"age_from": "50", "age_to": "18"}, "The second age must not be lower than the first"),
        ({"need": ""}, "Select an answer to ‘Services that help with what?’"),
    ],
)
def test_a_rule_that_is_wrong_is_refused_beside_what_is_wrong(desk, draft, page, wrong, why):
    answer = desk.post(f"{page}add/rule/", RULE | wrong)

    assert answer.status_code in (409, 422)
    assert why in text(answer)
    assert not draft.rules.filter(title="Talk").exists()


def test_beside_a_rule_stand_the_codes_and_answers_that_it_may_name(desk, draft, page):
    draft.questions.filter(code="warm").update(text="The home is cold", code="cold_home")

    for form in (f"{page}add/rule/", f"{page}rule/company/"):
        beside = re.sub(r" +", " ", text(desk.get(form)).partition("Codes that a rule may name")[2])
        assert "cold_home The home is cold is yes, no, unsure" in beside
        assert [question.code for question in draft.questions.all() if f" {question.code} " not in beside] == []


def test_beside_a_question_they_do_not(desk, page):
    assert "Codes that a rule may name" not in text(desk.get(f"{page}add/question/"))


def test_a_question_is_changed_added_and_taken_out(desk, draft, page):
    facts = {"text": "Fell lately", "code": "falls", "voice": "adult", "order": "35", "kind": "yes_no_unsure"}
    assert desk.post(f"{page}question/falls/", facts).status_code == 302
    assert draft.questions.get(code="falls").text == "Fell lately"

    answer = desk.post(f"{page}add/question/", facts | {"code": "more"})
    assert "25 questions are the most" in text(answer)
    answer = desk.post(f"{page}question/trouble/drop/")
    assert "Change these rules first, which ask for “trouble”" in text(answer)
    desk.post(f"{page}rule/trouble/drop/")
    assert not draft.rules.filter(code="trouble").exists()


def test_a_choice_has_its_answers_a_line_each(desk, draft, page):
    facts = {"text": "How often", "code": "falls", "voice": "adult", "order": "35", "kind": "choice"}

    answer = desk.post(f"{page}question/falls/", facts | {"choices": "never"})
    assert "Write a code, a colon and the words" in text(answer)
    desk.post(f"{page}question/falls/", facts | {"choices": "never: Never\r\noften: Often"})

    assert draft.questions.get(code="falls").choices == [["never", "Never"], ["often", "Often"]]
    assert "“falls” cannot be answered “yes”: only never, often." in text(desk.get(page))


def test_publishing_says_what_is_new_and_the_old_answers_keep_their_version(desk, asked, draft, page):
    assert desk.post(f"{page}do/publish/", {"note": "Plainer words."}).status_code == 302

    assert QuestionSet.objects.published(SetKind.CHECKLIST) == draft
    asked.refresh_from_db()
    assert asked.set.number == 1
    assert "Plainer words." in text(desk.get(LIST))


def test_a_draft_is_tried_on_past_answers_in_numbers_that_tell_of_nobody(desk, draft, page, admin, adviser, melton):
    ask(adviser, melton, 4, {"lonely": "unsure", "money": "yes"})
    assert "Too few were asked yet" in text(desk.get(f"{page}preview/"))
    ask(adviser, melton, 2, {"lonely": "yes"})
    rule = RULE | {"condition": parse("lonely is yes or unsure"), "priority": 5}
    deeds.write_rule(draft, by=admin, now=MONDAY, **rule)
    deeds.drop_rule(draft, by=admin, now=MONDAY, code="money")

    shown = previews.preview(draft)
    counts = {row.title: (row.now, row.then, row.difference) for row in shown.rows}
    page = text(desk.get(f"{page}preview/"))

    assert counts["Talk"] == (0, 6, "6 more")
    assert counts["Help with money and debts"] == (4, 0, "4 fewer")
    assert counts["Company and something to look forward to"] == (2, 2, "The same")
    assert "last 6 sets of answers" in page
    assert "Zqname" not in page
    assert "CL-" not in page


@pytest.mark.parametrize("who", ["access_worker", "service_manager", "practitioner"])
def test_nobody_else_sees_the_pages(request, client, draft, page, who):
    client.force_login(request.getfixturevalue(who))

    for url in (LIST, page, f"{page}preview/", f"{page}do/publish/", f"{page}add/rule/", f"{page}rule/trouble/"):
        assert client.get(url).status_code == 404
    assert client.post(f"{page}do/publish/", {"note": "Mine."}).status_code == 404
    assert draft_of(SetKind.CHECKLIST) == draft


@pytest.mark.parametrize("drafted", [False, True])
def test_the_pages_take_few_queries(desk, published, admin, drafted, django_assert_max_num_queries):
    shown = published
    if drafted:
        deeds.start_draft(published, by=admin, now=MONDAY)
        shown = draft_of(SetKind.CHECKLIST)
    desk.get(LIST)

    with django_assert_max_num_queries(7):
        desk.get(LIST)
    with django_assert_max_num_queries(9):
        desk.get(f"{LIST}{shown.pk}/")
