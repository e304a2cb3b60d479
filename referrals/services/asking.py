"""A family asks for help themselves, without an account (domain.md 6.3, source «family»).

What they type is sealed and found again by a code that only they hold, with their date of birth. Whoever does not know
both learns nothing: not even that there is such a draft. What is sent makes a family of its own, and is compared with no
record: EH Access does that, at triage.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from earlyhelp.audit.models import record
from earlyhelp.families.enums import AgreementStatus, AskedHow
from earlyhelp.families.models import Family, Person
from earlyhelp.families.services import create_family, record_agreement, write_down_member
from earlyhelp.partnership.guessing import Limit, TooManyTries, count, digest, start_anew
from earlyhelp.partnership.models import Area
from earlyhelp.workflow.services import lock
from earlyhelp.workflow.transitions import SYSTEM
from referrals.enums import Doubt, SourceKind
from referrals.models import HelpDraft, Referral
from referrals.models.asking import KEPT_FOR, OPEN_FOR, Typed
from referrals.queries import ASKED_FROM, age_on
from referrals.transitions.referral import submit

__all__ = [
    "KEPT_FOR",
    "TooManyTries",
    "begin",
    "code_in",
    "find",
    "held",
    "keep",
    "keep_as_typed",
    "resume",
    "send",
    "tidy",
]

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is easily taken for another, read out or written down
CODE, REFERENCE = 16, 10  # of them: 79 bits of a code that opens, 49 of a reference that only names
GUESSES = Limit(free=5, within=timedelta(hours=1), longest=timedelta(minutes=15))  # of a date of birth
GUESSERS = Limit(free=50, within=timedelta(hours=1), longest=timedelta(minutes=5))  # a library shares one address
BEGINNINGS = Limit(free=60, within=timedelta(hours=1), longest=timedelta(minutes=5))
AUTOSAVES = Limit(free=1500, within=timedelta(hours=1), longest=timedelta(minutes=1))  # nobody types more
CROWD = 15  # forms begun from one address within the hour, from which on each is marked
HASTE = timedelta(seconds=20)  # four pages take anybody longer
LINKS, LINK = 2, re.compile(r"https?://|www\.|\[url", re.IGNORECASE)
TRAP = "comment_link"  # a question that people do not see


# --- while it is written -----------------------------------------------------------------------------------------------


def begin(
    screen: str, typed: Mapping[str, list[str]], *, opened_at: datetime | None, address: str, now: datetime
) -> str:
    """Keep the first thing that was typed. The answer is the ticket by which this browser, and no other, goes on.

    Raises ``TooManyTries``.
    """
    neighbours = count({digest("asking:begin", address): BEGINNINGS}, now=now) if address else 0
    code, key = _written(get_random_string(CODE, LETTERS)), get_random_string(32)
    draft = HelpDraft(
        digest=_digest(code),
        browser=digest("asking:browser", key),
        opened_at=opened_at,
        begun_at=now,
        saved_at=now,
        open_until=now + OPEN_FOR,
        neighbours=neighbours,
    )
    draft.close({screen: dict(typed)})
    draft.save()
    return f"{code}.{key}"


@transaction.atomic
def keep(draft: HelpDraft, screen: str, typed: Mapping[str, list[str]], *, now: datetime) -> HelpDraft:
    """Put away what was typed on one page, right or wrong. What was sent stays as it is."""
    draft = lock(draft)
    if draft.referral_id:
        return draft
    all_typed: Typed = draft.open() | {screen: dict(typed)}
    draft.close(all_typed)
    draft.open_until = now + OPEN_FOR if draft.is_open(now) else draft.open_until
    draft.saved_at = now
    draft.save()
    return draft


def keep_as_typed(draft: HelpDraft, screen: str, typed: Mapping[str, list[str]], *, now: datetime) -> HelpDraft:
    """The same while it is still being typed, as often as a person types. Raises ``TooManyTries``."""
    count({digest("asking:autosave", draft.digest): AUTOSAVES}, now=now)
    return keep(draft, screen, typed, now=now)


def find(code: str) -> HelpDraft | None:
    """By the code alone: that it is there may be told to nobody who does not know the date of birth."""
    return HelpDraft.objects.select_related("referral").filter(digest=_digest(code)).first() if code else None


def held(ticket: str) -> HelpDraft | None:
    """What is being written in this browser. A code that was found on a piece of paper makes no ticket."""
    code, _, key = ticket.partition(".")
    draft = find(code)
    return draft if draft and draft.browser == digest("asking:browser", key) else None


def code_in(ticket: str) -> str:
    return ticket.partition(".")[0]


def resume(code: str, born_on: date, *, known: date | None, address: str, now: datetime) -> str:
    """Open it again, on any device, for whoever knows the code and the date of birth; ``known`` is the one in the draft.

    The answer is the new ticket, of this browser alone; none where it stays shut. Raises ``TooManyTries``. Neither it nor
    the answer differs between a wrong date and a code that there never was.
    """
    named = digest("asking:code", _plain(code))
    count({named: GUESSES} | ({digest("asking:address", address): GUESSERS} if address else {}), now=now)
    if known is None or known != born_on:
        return ""
    start_anew(named)
    key = get_random_string(32)
    opened = {"browser": digest("asking:browser", key), "open_until": now + OPEN_FOR}
    HelpDraft.objects.filter(digest=_digest(code)).update(**opened)
    return f"{_written(_plain(code))}.{key}"


def tidy(*, now: datetime) -> int:
    """Throw away what was not gone on with for 30 days, and the traces of what was sent; says how many."""
    return HelpDraft.objects.stale(now).delete()[0]


def _digest(code: str) -> str:
    return digest("asking:draft", _plain(code))


def _written(code: str) -> str:
    """In fours, as one reads it out."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _plain(code: str) -> str:
    """However it was written down: in capitals, with spaces, without the dashes."""
    return "".join(letter for letter in code.lower() if letter in LETTERS)


# --- when it is sent ---------------------------------------------------------------------------------------------------


@transaction.atomic
def send(draft: HelpDraft, *, said: Mapping[str, Any], now: datetime) -> Referral:
    """Make it a referral in the queue of its area. Sent twice, from however many windows, it is one referral.

    ``said`` is what the forms of the pages hold. Everything about its writer is as they say, and unverified.
    """
    draft = lock(draft)
    if draft.referral_id:
        return Referral.objects.get(pk=draft.referral_id)
    area = said["area"] or Area.objects.filter(parent=None).order_by("pk")[0]
    family = create_family(name=said["last_name"], area=area, by=None, now=now)
    writer = _write_down(family, said, now=now)
    others = [_write_down(family, other, now=now) for other in said["others"]]
    referral = _draft(family, said, doubts=_doubts(draft, now), now=now)
    _record_answers(referral, writer, others, now=now)
    sent = submit(referral, by=SYSTEM, now=now)
    draft.referral, draft.sealed, draft.saved_at = sent, b"", now
    draft.save()
    return sent


def _write_down(family: Family, who: Mapping[str, Any], *, now: datetime) -> Person:
    return write_down_member(
        family,
        role=who["role"],
        lives_in_household=who["lives_here"],
        by=None,
        now=now,
        first_name=who["first_name"],
        last_name=who["last_name"],
        born_on=who["born_on"],
    ).person


SAID = (
    "contact_phone",
    "reach_safely",
    "why_now",
    "tried",
    "wants",
    "needs",
    "strengths",
    "safeguarding",
    "safeguarding_detail",
    "urgent",
    "urgent_why",
)


def _draft(family: Family, said: Mapping[str, Any], *, doubts: list[str], now: datetime) -> Referral:
    referral = Referral.objects.create(
        reference=f"R-{get_random_string(5, LETTERS)}-{get_random_string(5, LETTERS)}".upper(),
        source_kind=SourceKind.FAMILY,
        family=family,
        area=family.area,
        created_at=now,
        touched_at=now,
        people_checked=True,
        doubts=doubts,
        no_agreement_reason=_alone(said, now),
        **{name: said[name] for name in SAID},
    )
    record("referrals.referral.start", referral, by=None, at=now, became=referral.status, reason="The public form.")
    return referral


def _alone(said: Mapping[str, Any], now: datetime) -> str:
    """Nobody here is old enough to be asked; the family has yet to be spoken with."""
    people = [said, *said["others"]]
    ages = [age_on(who["born_on"], timezone.localdate(now)) for who in people if who["born_on"]]
    old_enough = len(ages) < len(people) or any(age >= ASKED_FROM for age in ages)
    return "" if old_enough else "A child asked for help by themselves."


def _record_answers(referral: Referral, writer: Person, others: list[Person], *, now: datetime) -> None:
    """The writer says yes for themselves, and for nobody else."""
    family, why_not = referral.family, f"Only {writer.called} wrote to us. EH Access asks each of the others."
    record_agreement(family, writer, status=AgreementStatus.GIVEN, how=AskedHow.WRITING, by=None, now=now)
    for each in others:
        record_agreement(family, each, status=AgreementStatus.NOT_ASKED, why_not=why_not, by=None, now=now)


def _doubts(draft: HelpDraft, now: datetime) -> list[str]:
    """Why a program may have written it. None of this refuses anything: a person who is marked is looked at by a person."""
    typed = draft.open()
    texts = " ".join(text for page in typed.values() for texts in page.values() for text in texts)
    found = {
        Doubt.TRAP: any(any(page.get(TRAP, [])) for page in typed.values()),
        Doubt.HASTE: draft.opened_at is None or now - draft.opened_at < HASTE,
        Doubt.LINKS: len(LINK.findall(texts)) >= LINKS,
        Doubt.CROWD: draft.neighbours > CROWD,
    }
    return [doubt.value for doubt, holds in found.items() if holds]
