from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, CharField, Exists, F, OuterRef, Prefetch, Q, Value, When
from django.db.models.functions import Greatest
from django.utils import timezone

from earlyhelp.accounts.access import RULES
from earlyhelp.accounts.enums import State
from earlyhelp.accounts.models import Invitation
from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.partnership.models import Post, User
from earlyhelp.partnership.second_factor import with_factor

QUIET_SINCE = Greatest("last_login", "date_joined", "reinstated_at")  # PostgreSQL leaves out what never was


class Accounts(ScopedQuerySet[User]):
    """People as accounts. Their own manager scopes nothing: everywhere else a person is a name beside what they did."""

    rules = RULES

    def as_they_stand(self, now: datetime) -> Accounts:
        """With ``state``, ``quiet_since`` and ``has_factor``."""
        rows = self.annotate(
            quiet_since=Greatest("last_login", "date_joined", "reinstated_at"), has_factor=with_factor()
        )
        return rows.annotate(state=_state(now))

    def dormant(self, now: datetime, days: int) -> Any:
        """Nobody has signed in for so many days. Who was invited and never came is among them."""
        here = self.filter(is_active=True).exclude(left_on__lte=timezone.localdate(now))
        quiet = here.annotate(quiet_since=QUIET_SINCE)
        return quiet.filter(quiet_since__lt=now - timedelta(days=days))

    def with_posts(self, now: datetime) -> Any:
        held = Post.objects.current(timezone.localdate(now)).select_related("area").order_by("role", "pk")
        return self.select_related("agency", "team").prefetch_related(Prefetch("posts", held, "held"))


def accounts() -> Accounts:
    return Accounts(User)


def shown(user: Any, *, now: datetime, show: str, agency: Any = None, named: str = "") -> Any:
    """The list: those who are here unless others are asked for, by name."""
    rows = accounts().for_user(user).as_they_stand(now).with_posts(now)
    if agency:
        rows = rows.filter(agency=agency)
    for word in named.split():
        rows = rows.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(username__icontains=word))
    return _only(rows, show).order_by("last_name", "first_name", "pk")


def _only(rows: Any, show: str) -> Any:
    if show == "no_factor":
        return rows.filter(has_factor=False).exclude(state__in=(State.LEFT, State.SUSPENDED))
    return rows.filter(state=show) if show else rows.exclude(state=State.LEFT)


def posts_of(person: Any) -> Any:
    return (
        Post.objects.filter(user=person)
        .select_related("area", "team")
        .order_by(F("until_on").desc(nulls_first=True), "-from_on", "pk")
    )


def _state(now: datetime) -> Case:
    dormant = now - timedelta(days=settings.DORMANT_AFTER_DAYS)
    waiting = Exists(Invitation.objects.filter(user=OuterRef("pk"), used_at=None))
    return Case(
        When(left_on__lte=timezone.localdate(now), then=Value(State.LEFT)),
        When(suspended_at__isnull=False, then=Value(State.SUSPENDED)),
        When(is_active=False, then=Value(State.LEFT)),
        When(Q(waiting, last_login=None), then=Value(State.INVITED)),
        When(quiet_since__lt=dormant, then=Value(State.DORMANT)),
        default=Value(State.IN_USE),
        output_field=CharField(),
    )
