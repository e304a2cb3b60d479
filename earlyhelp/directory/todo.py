"""What the directory asks of a person today: of whoever referred somebody, of the service, of those who keep it true."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse

from earlyhelp.core.todo import Todo, todo
from earlyhelp.directory.access import answers_for_services, keeps_directory
from earlyhelp.directory.enums import LIVE, WAITING, OnwardStatus
from earlyhelp.directory.models import OnwardReferral, ServiceCorrection

AHEAD = timedelta(days=7)


@todo
def referrals_to_see_through(user: Any, now: datetime) -> Iterable[Todo]:
    """What was agreed and not sent, what no service answers, and whom to ask whether it helped (domain.md 11 and R17)."""
    if not user.waiting.any("refers_on"):
        return
    mine = OnwardReferral.objects.for_user(user, "mine").with_promises()
    unsent = Q(status=OnwardStatus.PERMITTED)
    unanswered = Q(status__in=WAITING, answer_by__lt=now)
    to_ask = Q(ask_by__lt=now + AHEAD)
    for row in mine.filter(unsent | unanswered | to_ask).order_by("made_at", "pk")[:5]:
        yield _line(row, now)


def _line(row: Any, now: datetime) -> Todo:
    if row.status == OnwardStatus.PERMITTED:
        return Todo(10, f"Send referral {row.reference}: they have said yes", _move(row, "send"))
    if row.status in WAITING and row.answer_by and row.answer_by < now:
        text = f"Ring the service: it has not answered referral {row.reference}"
        return Todo(10, text, row.get_absolute_url(), row.answer_by)
    if row.status == OnwardStatus.NOT_NOW:
        return Todo(20, f"Offer it again: referral {row.reference}", row.get_absolute_url(), row.ask_by)
    still = "" if row.status not in LIVE else ", which has not ended"
    return Todo(20, f"Ask whether it helped: referral {row.reference}{still}", _move(row, "follow_up"), row.ask_by)


def _move(row: OnwardReferral, name: str) -> str:
    return reverse("directory:onward_move", args=[row.reference, name])


@todo
def referred_to_us(user: Any, now: datetime) -> Iterable[Todo]:
    if not answers_for_services(user):
        return
    waiting = OnwardReferral.objects.for_user(user, "answer").filter(status__in=WAITING).with_promises()
    for row in waiting.order_by("sent_at", "pk")[:5]:
        yield Todo(10, f"Answer referral {row.reference} to your service", row.get_absolute_url(), row.answer_by)


@todo
def corrections(user: Any, now: datetime) -> Iterable[Todo]:
    """What somebody found to be wrong with a service."""
    if not keeps_directory(user):
        return
    found = ServiceCorrection.objects.for_user(user, "keep").open().select_related("service").order_by("at", "pk")
    for row in found[:5]:
        yield Todo(30, f"Look at what was found wrong: {row.service}", row.get_absolute_url())
