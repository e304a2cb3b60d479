"""How are things at home? Five questions that end in information, and not in a case (domain.md 11). The wording is our own."""

from __future__ import annotations

from typing import Any

from referrals.enums import AnswerKind, Outcome, SetKind
from referrals.shipped import Shipped


def _ask(code: str, text: str, help: str = "", choices: list[list[str]] | None = None) -> dict[str, Any]:
    kind = AnswerKind.CHOICE if choices else AnswerKind.YES_NO_UNSURE
    return {"code": code, "text": text, "help": help, "kind": kind.value, "choices": choices or []}


QUESTIONS = [
    _ask(
        "most_days",
        "What is it like at home, most days?",
        choices=[["calm", "Mostly calm"], ["mixed", "Up and down"], ["hard", "Mostly hard"]],
    ),
    _ask(
        "keeping_up",
        "Can you keep up with what each day asks of you?",
        "Meals, mornings, school, sleep.",
        choices=[["mostly", "Mostly"], ["sometimes", "Sometimes"], ["hardly", "Hardly ever"]],
    ),
    _ask("somebody", "Is there somebody you can turn to when it gets hard?"),
    _ask(
        "money",
        "Do you worry about money, food or your home?",
        choices=[["no", "No"], ["some", "Some of the time"], ["much", "Nearly all the time"]],
    ),
    _ask(
        "hurt",
        "Is anybody at home hurt by somebody, or afraid of somebody?",
        "You do not have to answer this one.",
    ),
]


def _rule(code: str, when: str, outcome: Outcome, title: str, explanation: str, **also: Any) -> dict[str, Any]:
    return {
        "code": code,
        "when": when,
        "outcome": outcome.value,
        "title": title,
        "explanation": explanation,
        **also,
    }


RULES = [
    _rule(
        "harm",
        "hurt is yes or unsure",
        Outcome.URGENT,
        "Somebody may be hurt or afraid",
        "It is not your fault, and you need not be sure. Speak to a person: they listen, and you decide what happens next. "
        "Only if a child or somebody who cannot protect themselves is in danger must they tell others.",
    ),
    _rule(
        "early_help",
        "2 of (most_days is hard, keeping_up is hardly, somebody is no, money is much)",
        Outcome.ROUTE,
        "Early help for your family",
        "A lot is hard at once. Early help means one person who stands by you and brings everybody together. It is free, "
        "and you can say no at any time.",
        route="early_help",
    ),
    _rule(
        "together",
        "most_days is mixed or hard",
        Outcome.SERVICE,
        "Getting on with each other",
        "Every family has rough times. There are groups and people who help to make home calmer.",
        need="relationships",
    ),
    _rule(
        "money",
        "money is some or much",
        Outcome.SERVICE,
        "Money, food and your home",
        "The sooner you ask, the more can be done: about debts, bills, food and rent.",
        need="money",
    ),
    _rule(
        "somebody",
        "somebody is no or unsure",
        Outcome.SERVICE,
        "People near you",
        "Groups, neighbours and volunteers: somebody to do things with, and to ring.",
        need="connection",
    ),
    _rule(
        "rest",
        "keeping_up is sometimes or hardly",
        Outcome.ADVICE,
        "One small thing at a time",
        "Choose the one hour of the day that is hardest, and ask one person to help with that one. Your health visitor, "
        "school or GP has heard it before, and does not judge.",
    ),
    _rule(
        "well",
        "most_days is calm and keeping_up is mostly and somebody is yes and money is no and hurt is no",
        Outcome.ADVICE,
        "It sounds as if things go well",
        "Keep what works for you. If that changes, come back: this page is always here.",
    ),
]

TEMPERATURE = Shipped(
    kind=SetKind.TEMPERATURE.value,
    title="How are things at home?",
    introduction="Five short questions for mums, dads and everybody who looks after children. Leave out what you like. Nobody "
    "sees your answers. At the end it shows what may help.",
    questions=QUESTIONS,
    rules=RULES,
)
