"""What whoever referred and whoever holds the family wrote to each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from earlyhelp.core.composed import Composed
from referrals.models import (
    Referral,
    ReferralMessage,
)


def with_unread(referrals: Any, *, from_referrer: bool) -> Any:
    """Bring with each whether a message of that side waits to be read."""
    waiting = ReferralMessage.objects.unread().filter(from_referrer=from_referrer, referral=OuterRef("pk"))
    return referrals.annotate(has_unread=Exists(waiting))


def with_any_message(referrals: Any) -> Any:
    """Bring with each whether anything was said about it at all: most often nothing was."""
    return referrals.annotate(has_messages=Exists(ReferralMessage.objects.filter(referral=OuterRef("pk"))))


def messages_about(referral: Any, user: Any) -> Any:
    """As much of the thread as this person is shown, the newest first."""
    return ReferralMessage.objects.for_user(user).filter(referral=referral).newest_first()


@Composed
def _thread(user: Any, referral: Any) -> Any:
    return messages_about(referral, user)


def latest_messages(referral: Referral, user: Any, most: int) -> list[ReferralMessage]:
    """The last few of the thread, for a page that shows more than messages."""
    return _thread.rows(user, referral=referral.pk)[0:most]


@dataclass(frozen=True)
class Said:
    """One message as this reader sees it."""

    message: ReferralMessage
    mine: bool
    new: bool


def as_read_by(user: Any, referral: Any, messages: Iterable[ReferralMessage]) -> list[Said]:
    """Whose each is, and whether it is new to the side on which this reader stands. Whoever only reads stands on neither."""
    own_side, talks = referral.author_id == user.pk, referral.may_talk
    new = [talks and each.is_unread and each.from_referrer != own_side for each in messages]
    return [Said(each, each.by_id == user.pk, is_new) for each, is_new in zip(messages, new, strict=True)]


def unread_by_access() -> Q:
    return Q(pk__in=ReferralMessage.objects.unread().filter(from_referrer=True).values("referral"))
