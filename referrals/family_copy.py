"""What a family is given on paper of a referral about them: their own words and ours, and what happens next.

Paper lies about and is read by everybody at home. So it never holds an answer about safety, who agreed or why not, a worry,
what may be an address that is kept secret, nor a person who is kept secret; and whoever prints it may leave out any passage more.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from earlyhelp.cases.enums import LED
from earlyhelp.cases.enums import Status as CaseStatus
from earlyhelp.cases.panels import heard_at
from earlyhelp.core import dates
from earlyhelp.families.secrets import secrets_of
from referrals.enums import LIVE, Status
from referrals.models import Referral
from referrals.progress import promised
from referrals.queries import age_on, people_of

PASSAGES = {
    "why_now": "Why we ask for help now",
    "tried": "What has been tried",
    "wants": "What you want to be different",
    "strengths": "What is going well",
}
GROWN_UP = 18


@dataclass(frozen=True)
class Passage:
    """One text of the referral: printed, or left out; and which grown-ups it names, for whoever prints it to think of."""

    name: str
    title: str
    text: str
    names: tuple[str, ...] = ()
    secret: bool = False  # it may say where somebody is hidden: it cannot be printed
    left_out: bool = False

    @property
    def printed(self) -> bool:
        return not (self.secret or self.left_out)


@dataclass(frozen=True)
class FamilyCopy:
    people: list[str]
    passages: list[Passage]
    next_steps: list[str]

    @property
    def printed(self) -> list[Passage]:
        return [each for each in self.passages if each.printed]


def family_copy(referral: Referral, *, reader: Any, without: Collection[str], today: date) -> FamilyCopy:
    """As much of the referral as may lie on a kitchen table."""
    members = [each.person for each in people_of(referral.family_id, seen_by=reader, for_others=True)]
    born = [each for each in members if not each.expected_on]
    grown_up = [each for each in born if each.born_on is None or age_on(each.born_on, today) >= GROWN_UP]
    secrets = secrets_of([referral.family_id])
    passages = [
        Passage(
            name,
            title,
            text,
            names=tuple(each.called for each in grown_up if _names(text, each)),
            secret=secrets.may_stand_in(text),
            left_out=name in without,
        )
        for name, title in PASSAGES.items()
        if (text := getattr(referral, name).strip())
    ]
    return FamilyCopy([each.called for each in members], passages, next_steps(referral))


def next_steps(referral: Referral) -> list[str]:
    """In plain words. That somebody fears for a child, or handed over to social care, is told by a person and never by paper."""
    if referral.status in LIVE:
        by = promised(referral, "D_TRIAGE")
        when = f" They decide by {dates.day(by)}." if by else ""
        return [
            f"A team called EH Access reads this and decides what may help.{when}",
            "They may ask others who know you, such as the school or a nurse, what they know.",
            "Somebody tells you what was decided.",
        ]
    case = referral.case if referral.status == Status.ACCEPTED else None
    if case is None or case.status == CaseStatus.NOT_OPENED:
        return ["EH Access has looked at this. Ask the person named above what was decided, and what you can do."]
    if case.status == CaseStatus.AWAITING_DECISION:
        meets_at = heard_at(case)
        return [
            "People from several services who help families in your area meet and agree who can help you"
            + (f". They meet on {dates.day(meets_at)}." if meets_at else "."),
            "Then one person gets in touch with you. They are called your lead professional.",
        ]
    if case.status in LED and case.lead:
        return [f"One person helps you now: your lead professional, from {case.lead.agency or 'early help'}."]
    return ["One person is being asked to help you. They are called your lead professional, and get in touch with you."]


def _names(text: str, person: Any) -> bool:
    called = {name for name in (person.first_name, person.called) if name}
    return any(re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in called)
