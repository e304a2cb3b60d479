"""What happens to accounts by itself: a last day passes, and an account that nobody uses is shut (promise P7)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from earlyhelp.accounts.models import Home
from earlyhelp.accounts.queries import accounts
from earlyhelp.accounts.services import administrators, close, suspend, url_of
from earlyhelp.notices.enums import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.models import User
from earlyhelp.workflow.transitions import SYSTEM

WARNED_BEFORE = timedelta(days=7)
HOME_KEPT = timedelta(days=7)
UNUSED = "Nobody had signed in for {days} days."


def sweep(*, now: datetime) -> int:
    """Says how many accounts it shut. Safe to run as often as one likes."""
    warn(now=now)
    forget_homes(now=now)
    return close_left(now=now) + suspend_dormant(now=now)


def close_left(*, now: datetime) -> int:
    """They got in by no door since midnight; from now on their account also says so."""
    gone = User.objects.filter(is_active=True, left_on__lte=timezone.localdate(now))
    for account in gone:
        close(account, on=account.left_on or timezone.localdate(now), by=SYSTEM, now=now)
    return len(gone)


def forget_homes(*, now: datetime) -> None:
    """Of whoever has left, once their last reads have been looked through."""
    Home.objects.filter(user__left_on__lte=timezone.localdate(now) - HOME_KEPT).delete()


def suspend_dormant(*, now: datetime) -> int:
    days = settings.DORMANT_SUSPENDED_AFTER_DAYS
    unused = [account for account in accounts().dormant(now, days) if not _is_the_last(account, now)]
    for account in unused:
        suspend(account, by=SYSTEM, now=now, reason=UNUSED.format(days=days))
    return len(unused)


def _is_the_last(account: User, now: datetime) -> bool:
    """Of those who could let anybody in again."""
    return [each.pk for each in administrators(now)] == [account.pk]


def warn(*, now: datetime) -> None:
    """A week before, so that somebody who is ill for long need not be let in again by telephone."""
    days = settings.DORMANT_SUSPENDED_AFTER_DAYS - WARNED_BEFORE.days
    told = administrators(now)
    for account in accounts().dormant(now, days):
        notify(
            told,
            kind=Kind.NEWS,
            title="An account is about to be suspended: nobody has signed in for long",
            reference="",
            url=url_of(account),
            key=f"account:{account.pk}:dormant:{account.quiet_since:%Y-%m-%d}",
            now=now,
        )
