"""The life of a set of questions: a draft is written, published, and in the end retired; the next one copies it (R31)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.workflow.transitions import NotPossible, clean_values, transition
from referrals import conditions
from referrals.conditions import Condition
from referrals.enums import MOST_QUESTIONS, SetKind, SetStatus
from referrals.models import Question, QuestionSet, Rule
from referrals.services.questions import answers_of, problems

DRAFT = [SetStatus.DRAFT]
USED = [SetStatus.PUBLISHED, SetStatus.RETIRED]

# --- a draft is written ------------------------------------------------------------------------------------------------


@transition(QuestionSet, label="Start the next version", sources=USED, rule="configure")
def start_draft(row: QuestionSet, *, by: Any, now: datetime) -> dict[str, Any]:
    """The next version begins as a copy of this one. There is one draft of a kind, and ``draft_of`` finds it."""
    versions = QuestionSet.objects.filter(kind=row.kind)
    if versions.filter(status=SetStatus.DRAFT).exists():
        raise NotPossible("A next version is begun already: go on with that one.")
    last = versions.order_by("-number").values_list("number", flat=True)[0]
    draft = QuestionSet.objects.create(
        kind=row.kind,
        number=last + 1,
        title=row.title,
        introduction=row.introduction,
        created_by=by,
        created_at=now,
    )
    Question.objects.bulk_create(_copy(each, draft) for each in row.questions.all())
    Rule.objects.bulk_create(_copy(each, draft) for each in row.rules.all())
    return {"draft": draft.pk}


def _copy(part: Any, draft: QuestionSet) -> Any:
    facts = {
        field.attname: getattr(part, field.attname) for field in part._meta.concrete_fields if not field.primary_key
    }
    return type(part)(**facts | {"set_id": draft.pk})


@transition(QuestionSet, label="Change the texts", sources=DRAFT, rule="configure")
def reword(row: QuestionSet, *, by: Any, now: datetime, title: str, introduction: str) -> dict[str, Any]:
    row.title, row.introduction = title, introduction
    return {}


@transition(QuestionSet, label="Write a question", sources=DRAFT, rule="configure")
def write_question(
    row: QuestionSet, *, by: Any, now: datetime, code: str, was: str = "", **facts: Any
) -> dict[str, Any]:
    """Add the question ``code``, or change the one that had the code ``was``."""
    question = _part(row.questions, was) if was else Question(set=row)
    most = MOST_QUESTIONS[SetKind(row.kind)]
    if not was and row.questions.count() >= most:
        raise NotPossible(f"{most} questions are the most that this list may have: take one out first.")
    _refuse_second(row.questions, code, was, "question")
    if was and code != was:
        _refuse_if_used(row, was, field="code")
    _write(question, code=code, **facts)
    return {"question": code, "was_code": was}


@transition(QuestionSet, label="Take a question out", sources=DRAFT, rule="configure")
def drop_question(row: QuestionSet, *, by: Any, now: datetime, code: str) -> dict[str, Any]:
    _refuse_if_used(row, code)
    _part(row.questions, code).delete()
    return {"question": code}


@transition(QuestionSet, label="Write a rule", sources=DRAFT, rule="configure")
def write_rule(
    row: QuestionSet, *, by: Any, now: datetime, code: str, condition: Condition, was: str = "", **facts: Any
) -> dict[str, Any]:
    """Add the rule ``code``, or change the one that had the code ``was``."""
    rule = _part(row.rules, was) if was else Rule(set=row)
    if wrong := conditions.problems(condition, answers_of(row.questions.all())):
        raise NotPossible(" ".join(wrong), field="condition")
    _refuse_second(row.rules, code, was, "rule")
    _write(rule, code=code, condition=condition, **facts)
    return {"rule": code, "was_code": was}


@transition(QuestionSet, label="Take a rule out", sources=DRAFT, rule="configure")
def drop_rule(row: QuestionSet, *, by: Any, now: datetime, code: str) -> dict[str, Any]:
    _part(row.rules, code).delete()
    return {"rule": code}


def _part(parts: Any, code: str) -> Any:
    found = parts.filter(code=code).first()
    if found is None:
        raise NotPossible(f"“{code}” is not in this draft any more.")
    return found


def _refuse_if_used(row: QuestionSet, code: str, *, field: str | None = None) -> None:
    using = [rule.code for rule in row.rules.all() if code in conditions.codes(rule.condition)]
    if using:
        raise NotPossible(f"Change these rules first, which ask for “{code}”: {', '.join(using)}.", field=field)


def _refuse_second(parts: Any, code: str, was: str, what: str) -> None:
    if code != was and parts.filter(code=code).exists():
        raise NotPossible(f"There is a {what} with the code “{code}” already.", field="code")


def _write(part: Any, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(part, name, value)
    clean_values(part)
    part.save()


# --- it is used, and is not used any more ------------------------------------------------------------------------------


@transition(QuestionSet, label="Publish", sources=DRAFT, target=SetStatus.PUBLISHED, rule="configure")
def publish(row: QuestionSet, *, by: Any, now: datetime, note: str) -> dict[str, Any]:
    """Whoever asks from now on asks this version. What was answered before keeps the version that it answered."""
    if wrong := problems(row):
        raise NotPossible(" ".join(wrong))
    before = QuestionSet.objects.filter(kind=row.kind, status=SetStatus.PUBLISHED).first()
    if before:
        retire(before, by=by, now=now)
    row.note, row.published_at, row.published_by = note, now, by
    return {"reason": note}


@transition(
    QuestionSet,
    label="Take out of use",
    sources=[SetStatus.PUBLISHED],
    target=SetStatus.RETIRED,
    rule="configure",
)
def retire(row: QuestionSet, *, by: Any, now: datetime, reason: str = "") -> dict[str, Any]:
    """Nobody is asked it any more. What was answered stays, and a next version can be made from it."""
    row.retired_at, row.retired_by = now, by
    return {"reason": reason}
