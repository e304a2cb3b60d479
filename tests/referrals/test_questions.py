"""Versions of a set of questions: written as a draft, published once, never altered afterwards (domain.md R31)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from earlyhelp.audit.models import Event
from earlyhelp.workflow.transitions import NotPossible
from referrals import conditions
from referrals.conditions import parse
from referrals.enums import MOST_QUESTIONS, SetKind
from referrals.models import Question, QuestionSet, Rule
from referrals.services.questions import answers_of, draft_of, problems
from referrals.suggest import suggest
from referrals.transitions import questions as deeds
from tests.factories import MONDAY

ADVICE = {"outcome": "advice", "title": "Talk", "explanation": "It helps.", "priority": 5}


@pytest.fixture
def published(db):
    """The list that comes with Early Help."""
    return QuestionSet.objects.published(SetKind.CHECKLIST)


@pytest.fixture
def draft(published, admin):
    deeds.start_draft(published, by=admin, now=MONDAY)
    return draft_of(SetKind.CHECKLIST)


def read(row):
    return [list(parts.order_by("code").values_list("code", flat=True)) for parts in (row.questions, row.rules)]


# --- the list that comes with Early Help -------------------------------------------------------------------------------


def test_a_new_installation_has_a_list_that_is_right(published):
    questions = list(published.questions.all())

    assert problems(published) == []
    assert len(questions) == 25 == MOST_QUESTIONS[SetKind.CHECKLIST]
    assert {question.voice for question in questions} == {"child", "adult", "household", "everyone"}
    assert all(question.group for question in questions)


def test_every_question_of_it_leads_somewhere(published):
    asked = {code for rule in published.rules.all() for code in conditions.codes(rule.condition)}

    assert asked == set(answers_of(published.questions.all()))


SAID = [
    (
        {"memory": "yes", "lives_alone": "yes", "lonely": "yes", "falls": "no"},
        92,
        ["alongside", "memory", "care_needs"],
    ),
    ({"loss": "yes", "money": "yes", "work": "yes", "children": "yes"}, 47, ["children_too", "bereaved", "money"]),
    ({"school": "yes", "mind": "yes", "carer": "yes"}, 12, ["early_help", "young_carer", "school"]),
    ({"afraid": "unsure"}, 30, ["harm"]),
    ({"self_harm": "yes", "lonely": "yes"}, 15, ["not_wanting_to_live", "company"]),
]


@pytest.mark.parametrize(("answers", "age", "among"), SAID)
def test_what_it_suggests_to_somebody(published, answers, age, among):
    found = suggest(published.rules.all(), answers, (age, age))

    assert set(among) <= {each.rule.code for each in found}
    assert all(set(each.because) <= set(answers) for each in found)


def test_an_adult_is_not_sent_to_a_school_nor_a_child_to_work(published):
    everything = dict.fromkeys(answers_of(published.questions.all()), "yes")

    grown_up = {each.rule.code for each in suggest(published.rules.all(), everything, (47, 47))}
    child = {each.rule.code for each in suggest(published.rules.all(), everything, (9, 9))}

    assert not grown_up & {"school", "young_carer", "little_ones", "early_help"}
    assert not child & {"work", "carer", "alongside", "care_needs", "steady"}


# --- the next version --------------------------------------------------------------------------------------------------


def test_the_next_version_begins_as_a_copy(published, draft):
    assert (draft.number, draft.status) == (published.number + 1, "draft")
    assert read(draft) == read(published)
    assert draft.questions.get(code="falls").text == published.questions.get(code="falls").text


def test_there_is_one_draft_of_a_kind(published, draft, admin):
    with pytest.raises(NotPossible, match="begun already"):
        deeds.start_draft(published, by=admin, now=MONDAY)

    assert QuestionSet.objects.filter(kind=SetKind.CHECKLIST).count() == 2


def test_a_draft_is_changed_and_the_published_version_is_not(published, draft, admin):
    facts = {"text": "Fell lately", "voice": "adult", "group": "Health", "help": "", "order": 1}
    deeds.write_question(draft, by=admin, now=MONDAY, code="falls", was="falls", **facts)
    deeds.drop_rule(draft, by=admin, now=MONDAY, code="trouble")
    deeds.reword(draft, by=admin, now=MONDAY, title="What could help?", introduction="We ask to help.")
    deeds.write_rule(draft, by=admin, now=MONDAY, code="talk", condition=parse("lonely is yes"), **ADVICE)

    draft.refresh_from_db()
    assert draft.questions.get(code="falls").text == "Fell lately"
    assert not draft.rules.filter(code="trouble").exists()
    assert draft.rules.get(code="talk").title == "Talk"
    assert draft.title == "What could help?"
    published.refresh_from_db()
    assert published.questions.get(code="falls").text != "Fell lately"
    assert published.rules.filter(code="trouble").exists()
    assert published.title != draft.title


def test_publishing_retires_the_version_before_and_keeps_it_whole(published, draft, admin):
    before = read(published)

    deeds.publish(draft, by=admin, now=MONDAY, note="Shorter.")

    published.refresh_from_db()
    assert QuestionSet.objects.published(SetKind.CHECKLIST) == draft
    assert (published.status, published.retired_at, published.retired_by) == ("retired", MONDAY, admin)
    assert read(published) == before
    assert Event.objects.filter(kind="referrals.questionset.publish", reason="Shorter.", actor=admin).exists()


def test_a_version_is_taken_out_of_use_and_another_is_made_from_it(published, admin):
    deeds.retire(published, by=admin, now=MONDAY)

    with pytest.raises(QuestionSet.DoesNotExist):
        QuestionSet.objects.published(SetKind.CHECKLIST)
    deeds.start_draft(published, by=admin, now=MONDAY)
    assert read(draft_of(SetKind.CHECKLIST)) == read(published)


# --- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["access_worker", "service_manager", "practitioner", "chair"])
def test_only_an_administrator_changes_what_is_asked(request, published, draft, who):
    user = request.getfixturevalue(who)

    for deed, row, facts in (
        (deeds.start_draft, published, {}),
        (deeds.publish, draft, {"note": "Mine."}),
        (deeds.retire, published, {}),
        (deeds.drop_rule, draft, {"code": "trouble"}),
    ):
        with pytest.raises(PermissionDenied):
            deed(row, by=user, now=MONDAY, **facts)

    assert QuestionSet.objects.published(SetKind.CHECKLIST) == published
    assert draft.rules.filter(code="trouble").exists()
    assert not QuestionSet.objects.for_user(user).exists()


def test_a_published_version_is_not_written_to(published, admin):
    with pytest.raises(NotPossible):
        deeds.drop_rule(published, by=admin, now=MONDAY, code="trouble")

    assert published.rules.filter(code="trouble").exists()


@pytest.mark.parametrize(
    "alter",
    [
        lambda row: row.questions.filter(code="falls").update(text="Other words"),
        lambda row: row.questions.filter(code="falls").delete(),
        lambda row: row.rules.update(priority=1),
        lambda row: Question.objects.create(set=row, code="more", text="More", order=1),
        lambda row: QuestionSet.objects.filter(pk=row.pk).update(title="Other words"),
        lambda row: QuestionSet.objects.filter(pk=row.pk).update(status="draft", published_at=None),
        lambda row: QuestionSet.objects.filter(pk=row.pk).delete(),
    ],
)
def test_the_database_refuses_to_alter_a_published_version(published, alter):
    before = read(published)

    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        alter(published)

    assert read(published) == before


def test_a_question_of_a_draft_cannot_be_slipped_into_a_published_version(published, draft):
    with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
        draft.questions.filter(code="falls").update(set=published, code="slipped")

    assert not published.questions.filter(code="slipped").exists()


def test_two_are_never_in_use_at_once(published, draft):
    with pytest.raises(IntegrityError, match="question_set_one_published"), transaction.atomic():
        QuestionSet.objects.filter(pk=draft.pk).update(status="published", published_at=MONDAY)


def test_a_rule_that_asks_for_no_question_is_refused_by_name(draft, admin):
    with pytest.raises(NotPossible, match="no question with the code “lonley”") as refusal:
        deeds.write_rule(draft, by=admin, now=MONDAY, code="talk", condition=parse("lonley is yes"), **ADVICE)

    assert refusal.value.field == "condition"
    assert not draft.rules.filter(code="talk").exists()


def test_two_rules_or_questions_with_one_code_are_refused(draft, admin):
    with pytest.raises(NotPossible, match="a rule with the code “trouble” already"):
        deeds.write_rule(draft, by=admin, now=MONDAY, code="trouble", condition=parse("lonely is yes"), **ADVICE)
    with pytest.raises(NotPossible, match="a question with the code “mind” already"):
        deeds.write_question(draft, by=admin, now=MONDAY, code="mind", was="falls", text="Fell", order=1)

    assert draft.rules.filter(code="trouble").count() == 1


def test_a_26th_question_is_refused(draft, admin):
    with pytest.raises(NotPossible, match="25 questions are the most"):
        deeds.write_question(draft, by=admin, now=MONDAY, code="more", text="More", order=999)

    assert draft.questions.count() == 25


def test_a_question_whose_answer_a_rule_asks_for_is_neither_taken_out_nor_renamed(draft, admin):
    with pytest.raises(NotPossible, match="Change these rules first, which ask for “trouble”: early_help, trouble"):
        deeds.drop_question(draft, by=admin, now=MONDAY, code="trouble")
    with pytest.raises(NotPossible, match="Change these rules first"):
        deeds.write_question(draft, by=admin, now=MONDAY, code="bother", was="trouble", text="Trouble", order=1)

    assert draft.questions.filter(code="trouble").exists()


def test_a_draft_that_is_wrong_is_not_published_and_says_all_that_is_wrong(published, draft, admin):
    Question.objects.bulk_create(Question(set=draft, code=f"more_{n}", text="More", order=n) for n in range(2))
    Rule.objects.create(set=draft, code="lost", condition=parse("nowhere is yes"), **ADVICE)

    with pytest.raises(NotPossible) as refusal:
        deeds.publish(draft, by=admin, now=MONDAY, note="More.")

    assert "It has 27 questions, and 25 is the most: take 2 out." in str(refusal.value)
    assert "Rule “lost”: There is no question with the code “nowhere”." in str(refusal.value)
    assert QuestionSet.objects.published(SetKind.CHECKLIST) == published
