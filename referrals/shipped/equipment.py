"""Equipment that helps at home: a check that anybody does by themselves (domain.md 14.4, R29). The wording is our own.

It looks at how a home and a day are managed, and at nothing a doctor would: it finds no illness and names none.
"""

from __future__ import annotations

from typing import Any

from referrals.enums import AnswerKind, Outcome, SetKind
from referrals.shipped import Shipped

MOVING, MINDING, HOME = "Getting about", "Keeping track", "The home"


def _ask(group: str, code: str, text: str, help: str = "", choices: list[list[str]] | None = None) -> dict[str, Any]:
    kind = AnswerKind.CHOICE if choices else AnswerKind.YES_NO_UNSURE
    return {
        "group": group,
        "code": code,
        "text": text,
        "help": help,
        "kind": kind.value,
        "choices": choices or [],
    }


QUESTIONS = [
    _ask(
        MOVING,
        "fall",
        "Have you had a fall in the last year?",
        choices=[["no", "No"], ["unhurt", "Yes, and I was not hurt"], ["hurt", "Yes, and I was hurt"]],
    ),
    _ask(MOVING, "reach_help", "If you fell and could not get up, could you call somebody?"),
    _ask(MOVING, "getting_up", "Is it hard to get up from a chair, the bed or the toilet?"),
    _ask(MOVING, "washing", "Is it hard, or does it frighten you, to get into the bath or shower?"),
    _ask(MOVING, "steps", "Are stairs, or the step at the door, hard for you?"),
    _ask(MOVING, "kitchen", "Is it hard to open jars, use taps, cook or carry a hot drink?"),
    _ask(
        MINDING,
        "left_on",
        "Is something left on by mistake?",
        choices=[
            ["no", "No, or hardly ever"],
            ["tap", "A tap, a light or the heating"],
            ["gas", "The gas or the cooker"],
        ],
    ),
    _ask(MINDING, "medicine", "Are medicines sometimes forgotten, or taken twice?"),
    _ask(MINDING, "lost", "Does somebody in the home go out and get lost, or go out at night without knowing why?"),
    _ask(HOME, "hearing", "Is it hard to hear the door, the telephone or an alarm, or to see well indoors?"),
    _ask(HOME, "alarm", "Is there a smoke alarm that you know works?"),
    _ask(
        HOME,
        "hurt",
        "Is anybody at home being hurt, threatened or left without the care they need?",
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
        "Somebody may be hurt, or without care",
        "Please speak to a person now. You need not be sure, and you need nobody’s leave.",
    ),
    _rule(
        "hurt_in_a_fall",
        "fall is hurt",
        Outcome.URGENT,
        "A fall that hurt you",
        "If it was in the last days, or you hit your head, speak to a nurse on 111 today, or ring 999 if it is bad. If it "
        "was longer ago and nobody looked at it, tell your GP.",
    ),
    _rule(
        "gas",
        "left_on is gas",
        Outcome.URGENT,
        "The gas or the cooker is left on",
        "If you smell gas now: open a window, leave, and ring the gas emergency line on 0800 111 999, free, day and night. "
        "If not, speak to somebody this week: a cooker can be made to turn itself off.",
    ),
    _rule(
        "gets_lost",
        "lost is yes",
        Outcome.URGENT,
        "Somebody goes out and gets lost",
        "If they are missing now, ring 999. If not, speak to somebody today: there are things to wear and things at the "
        "door that tell you.",
    ),
    _rule(
        "call_for_help",
        "reach_help is no or unsure or fall is unhurt or hurt",
        Outcome.ADVICE,
        "A button that calls for help",
        "Worn on the wrist or round the neck. It calls somebody at any hour if you fall or feel unwell.",
    ),
    _rule(
        "getting_up",
        "getting_up is yes",
        Outcome.ADVICE,
        "Raisers and rails",
        "Blocks under a chair or bed, a higher toilet seat, a rail to hold. Many cost little, and some are lent.",
    ),
    _rule(
        "washing",
        "washing is yes or unsure",
        Outcome.ADVICE,
        "A safer wash",
        "A board or seat for the bath, a mat that does not slip, a rail. Somebody can come and see what fits your bathroom.",
    ),
    _rule(
        "steps",
        "steps is yes",
        Outcome.ADVICE,
        "A second rail, or a half step",
        "A rail on both sides makes stairs much easier. For more, the council may help with the cost.",
    ),
    _rule(
        "kitchen",
        "kitchen is yes",
        Outcome.ADVICE,
        "Kitchen helpers",
        "A jar opener, lever taps, a kettle that tips, a trolley so that you carry nothing hot.",
    ),
    _rule(
        "left_on",
        "left_on is tap",
        Outcome.ADVICE,
        "Plugs and sensors that turn things off",
        "A plug that stops a bath from running over, lights that see you come and go.",
    ),
    _rule(
        "medicine",
        "medicine is yes or unsure",
        Outcome.ADVICE,
        "Help to remember medicines",
        "A box with the days on it, or one that rings. Ask your pharmacist, who can look through them with you for free.",
    ),
    _rule(
        "hearing",
        "hearing is yes",
        Outcome.ADVICE,
        "Lights for sounds, and sounds for lights",
        "A doorbell that flashes, a telephone that is louder, an alarm that shakes the pillow, brighter lamps.",
    ),
    _rule(
        "alarm",
        "alarm is no or unsure",
        Outcome.ADVICE,
        "A smoke alarm",
        "The fire service looks at homes where somebody is at risk, and fits alarms, without charge. Ring them by day: "
        "not on 999.",
    ),
    _rule(
        "talk_it_through",
        "2 of (fall is unhurt or hurt, getting_up is yes, washing is yes, steps is yes, kitchen is yes, medicine is yes, "
        "hearing is yes, left_on is tap or gas, lost is yes)",
        Outcome.ROUTE,
        "Somebody to talk it through with",
        "Several things would help you. First Contact Plus can look at them with you, all at once.",
        route="first_contact_plus",
    ),
]

EQUIPMENT = Shipped(
    kind=SetKind.EQUIPMENT.value,
    title="Check what could make home easier",
    introduction="Twelve short questions about getting about and managing at home: for you, or for somebody you help. Leave "
    "out what you like. It shows things that may help. It does not look for an illness.",
    questions=QUESTIONS,
    rules=RULES,
)
