"""What the referrer and the family are written about a decision: filled in from a template, changed by the officer, kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from earlyhelp.core import dates
from earlyhelp.directory.routes import ROUTES
from earlyhelp.families.enums import FamilyRole
from earlyhelp.letters.enums import How, Reader
from earlyhelp.letters.models import LetterTemplate
from earlyhelp.letters.services import fill, finish, in_force
from earlyhelp.partnership.models import User
from referrals.models import Referral, ReferralLetter, TriageDecision
from referrals.queries import people_of
from referrals.services.ledger import referrer_written_to

GROWN_UP = (FamilyRole.PARENT, FamilyRole.CARER, FamilyRole.PARTNER)


@dataclass(frozen=True)
class Written:
    """A letter that could be sent now."""

    reader: Reader
    template: LetterTemplate
    subject: str
    body: str


def known(referral: Referral, *, now: datetime) -> dict[str, str]:
    """All that is known before anything is decided. Never an address, and nobody whose whereabouts are protected."""
    called = [
        each.person.called
        for each in people_of(referral.family_id, for_others=True)
        if each.role in GROWN_UP and each.lives_in_household
    ]
    return {
        "people": _and(called) or str(referral.family),
        "family": str(referral.family),
        "reference": referral.reference,
        "referrer": str(referral.author) if referral.author else "You",
        "area": str(referral.area),
        "date": dates.day(timezone.localdate(now)),
        "council": settings.COUNCIL_NAME,
    }


def signed(by: User) -> dict[str, str]:
    """Who decided, and how to reach them."""
    return {"officer": said_in_full(by), "officer_name": str(by)}


def said_in_full(who: User) -> str:
    """Their name, what they do and their telephone, as far as they are known."""
    return ", ".join(filter(None, [str(who), who.job_title, who.phone]))


def answered(
    *, services: Iterable[Any] = (), advice: str = "", route: str = "", service: Any = None, **others: Any
) -> dict[str, str]:
    """What only the officer’s answers say."""
    lines = [", ".join(part for part in (each.name, each.phone) if part) for each in services]
    said = {"services": "\n".join(lines), "advice": advice, "where": _where(route, service)}
    return {word: text for word, text in said.items() if text}


def _where(route: str, service: Any) -> str:
    return service.name if service else ROUTES[route].title if route in ROUTES else ""


def begun(referral: Referral, kind: str, reader: Reader, *, by: Any, now: datetime) -> str:
    """The text that the officer finds in the form: what waits for their answers still stands in its brackets."""
    return fill(in_force(kind, reader).body, known(referral, now=now) | signed(by))


def write(
    referral: Referral, kind: str, *, by: Any, now: datetime, message: str, family_letter: str = "", **answers: Any
) -> list[Written]:
    """The letters as they would go. Raises ``NotPossible`` beside the text that cannot go so."""
    values = known(referral, now=now) | signed(by) | answered(**answers)
    first = Reader.REFERRER if referral.author_id else Reader.FAMILY
    texts = [(first, "message", message)] + ([(Reader.FAMILY, "family_letter", family_letter)] if family_letter else [])
    written = []
    for reader, field, text in texts:
        template = in_force(kind, reader)
        body = finish(text, values, family_id=referral.family_id, field=field)
        written.append(Written(reader, template, fill(template.subject, values), body))
    return written


def keep_letters(decision: TriageDecision, letters: Iterable[Written]) -> None:
    """As they were sent: the referrer’s is read on the page of the referral, the family’s goes on paper."""
    for letter in letters:
        to = decision.referral.author if letter.reader == Reader.REFERRER else None
        ReferralLetter.objects.create(
            owner=decision.referral,
            decision=decision,
            reader=letter.reader,
            to=to,
            how=How.STATUS_PAGE if to else How.PAPER,
            subject=letter.subject,
            body=letter.body,
            template=letter.template,
            by=decision.by,
            at=decision.at,
        )
        if to:
            referrer_written_to(decision.referral, to, by=decision.by, now=decision.at)


def _and(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
