"""Self-checks that anybody does without an account: what they suggest, how many did one, who asked to be contacted.

Answers are kept of nobody who does not ask for it (domain.md 11, 14.4). What is asked and suggested is the version in use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from earlyhelp.core.words import within
from earlyhelp.directory.queries import find
from earlyhelp.notices.models import Kind
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.guessing import Limit, count, digest
from earlyhelp.workflow.models import Submission
from referrals.enums import Channel, CheckResult, Doubt, Safeguarding, SourceKind
from referrals.models import Contact, QuestionSet, SelfCheckCount, SelfCheckRequest
from referrals.queries import holders_of
from referrals.services.asking import HASTE, LINK, LINKS
from referrals.services.contacts import record_contact
from referrals.services.telling import tell
from referrals.suggest import Suggested, suggest

COUNTED = Limit(
    free=60, within=timedelta(hours=1), longest=timedelta(minutes=5)
)  # of one address; shown it is all the same
ASKED = Limit(free=20, within=timedelta(hours=1), longest=timedelta(minutes=5))
SERVICES = 3  # named beside a suggestion


@dataclass(frozen=True)
class Shown:
    """One suggestion, with the services that fit it."""

    suggested: Suggested
    services: list[Any]


def in_use(kind: str) -> QuestionSet | None:
    """The questions that are asked now; none where the authority has taken them out of use."""
    try:
        return QuestionSet.objects.published(kind)
    except QuestionSet.DoesNotExist:
        return None


def known(row: QuestionSet, answers: Mapping[str, str]) -> dict[str, str]:
    """Those of the answers that this version can have."""
    possible = {question.code: dict(question.possible) for question in row.questions.all()}
    return {code: value for code, value in answers.items() if value in possible.get(code, {})}


def suggestions(row: QuestionSet, answers: Mapping[str, str]) -> list[Suggested]:
    return suggest(row.rules.all(), answers)


def with_services(found: Iterable[Suggested]) -> list[Shown]:
    return [Shown(each, _services(each.rule)) for each in found]


def _services(rule: Any) -> list[Any]:
    if rule.service_id:
        return [rule.service] if rule.service.is_active else []
    return list(find(need=rule.need)[:SERVICES]) if rule.need else []


def result_of(found: Iterable[Suggested]) -> CheckResult:
    found = list(found)
    if any(each.is_urgent for each in found):
        return CheckResult.URGENT
    return CheckResult.SUGGESTED if found else CheckResult.NOTHING


# --- how many ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_one(kind: str, result: CheckResult, *, sending: UUID, address: str, now: datetime) -> None:
    """One more of this day, however often the same page is sent. Raises ``TooManyTries`` beyond what people do.

    The ``sending`` is a number made up for one look at the questions: it says nothing of who looked, or what they answered.
    """
    _, new = Submission.objects.get_or_create(token=sending, defaults={"at": now})
    if not new:
        return
    if address:
        count({digest("checking:done", address): COUNTED}, now=now)
    day = SelfCheckCount(kind=kind, day=timezone.localdate(now), result=result)
    SelfCheckCount.objects.bulk_create([day], ignore_conflicts=True)
    SelfCheckCount.objects.filter(kind=kind, day=day.day, result=result).update(number=F("number") + 1)


# --- somebody asks to be contacted -------------------------------------------------------------------------------------


def ask_contact(
    row: QuestionSet,
    answers: Mapping[str, str],
    *,
    token: UUID,
    reach: str,
    doubts: Iterable[str],
    address: str,
    now: datetime,
    **caller: Any,
) -> Contact:
    """A contact for First Contact Plus, with what was answered. Sent twice it is one. Raises ``TooManyTries``.

    ``caller``: their name, how to reach them, and the area where they say they live.
    """
    if earlier := _sent(token):
        return earlier
    if address:
        count({digest("checking:asked", address): ASKED}, now=now)
    found, doubts = suggestions(row, answers), list(doubts)
    said = _in_words(row, answers, found, reach, doubts)
    try:
        with transaction.atomic():
            contact = _make_contact(said, urgent=result_of(found) == CheckResult.URGENT, now=now, **caller)
            SelfCheckRequest.objects.create(contact=contact, set=row, answers=dict(answers), token=token)
            if not doubts:
                _tell_advisers(contact, now=now)
    except IntegrityError:  # sent from two windows at the same moment
        if earlier := _sent(token):
            return earlier
        raise
    return contact


def _sent(token: UUID) -> Contact | None:
    return Contact.objects.filter(self_check__token=token).first()


def _make_contact(said: str, *, urgent: bool, now: datetime, **caller: Any) -> Contact:
    return record_contact(
        by=None,
        now=now,
        received_at=now,
        channel=Channel.CHECK,
        source_kind=SourceKind.FAMILY,
        said=said,
        safeguarding=Safeguarding.UNSURE if urgent else Safeguarding.NO,
        **caller,
    )


def _tell_advisers(contact: Contact, *, now: datetime) -> None:
    """First Contact Plus where it has somebody; EH Access, whose queue it stands in anyway, where it has nobody."""
    advisers = holders_of(Role.FIRST_CONTACT_ADVISER, contact.area)
    if not advisers:
        return
    contact.deadlines.open().update(holder_role=Role.FIRST_CONTACT_ADVISER)
    title = "Somebody asks to be contacted after a self-check"
    tell(contact, advisers, title, what="checked", now=now, kind=Kind.REQUEST)


def _in_words(
    row: QuestionSet, answers: Mapping[str, str], found: Iterable[Suggested], reach: str, doubts: Iterable[str]
) -> str:
    """What a person at First Contact Plus reads before they ring."""
    labels = {question.code: (question.text, dict(question.possible)) for question in row.questions.all()}
    said = [f"{labels[code][0]} {labels[code][1][value]}" for code, value in answers.items()]
    parts = [
        *(f"A program may have sent this: {within(Doubt(each).label)}." for each in doubts),
        f"How it is safe to reach them: {reach or 'they did not say'}",
        f"Self-check “{row.title}”, version {row.number}:",
        "\n".join(said),
        "It suggested: " + ("; ".join(each.rule.title for each in found) or "nothing"),
    ]
    return "\n\n".join(parts)


def doubts_of(*, trap: str, texts: str, opened_at: datetime | None, now: datetime) -> list[str]:
    """Why a program may have sent it. It is marked, and never dropped."""
    found = {
        Doubt.TRAP: bool(trap),
        Doubt.HASTE: opened_at is None or now - opened_at < HASTE / 4,  # one page of few boxes
        Doubt.LINKS: len(LINK.findall(texts)) >= LINKS,
    }
    return [doubt.value for doubt, holds in found.items() if holds]
