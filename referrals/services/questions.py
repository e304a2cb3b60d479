"""What must be right in a set of questions before anybody is asked it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from referrals import conditions
from referrals.enums import MOST_QUESTIONS, AnswerKind, SetKind, SetStatus
from referrals.models import QuestionSet


def draft_of(kind: str) -> QuestionSet | None:
    return QuestionSet.objects.filter(kind=kind, status=SetStatus.DRAFT).first()


def answers_of(questions: Iterable[Any]) -> dict[str, list[str]]:
    """Each question's code, with the answers that it can have."""
    return {question.code: [value for value, _ in question.possible] for question in questions}


def problems(row: QuestionSet) -> list[str]:
    """Everything that is in the way of publishing it, in plain words; nothing if it is right."""
    questions, rules = list(row.questions.all()), list(row.rules.all())
    most, found = MOST_QUESTIONS[SetKind(row.kind)], []
    if not questions:
        found.append("There is no question in it.")
    if len(questions) > most:
        found.append(f"It has {len(questions)} questions, and {most} is the most: take {len(questions) - most} out.")
    found += [
        f"The question “{question.code}” has fewer than two answers to choose from."
        for question in questions
        if question.kind == AnswerKind.CHOICE and len(question.choices) < 2
    ]
    possible = answers_of(questions)
    found += [f"Rule “{rule.code}”: {text}" for rule in rules for text in conditions.problems(rule.condition, possible)]
    return found
