"""Owe a notice: a row in the caller's transaction, which is its place on the page and its e-mail to come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from earlyhelp.core.calendar import LONDON, add_working_days
from earlyhelp.core.composed import Composed
from earlyhelp.notices.enums import How, Kind
from earlyhelp.notices.models import ALARMS, Heartbeat, Notice, Preference
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Cover, Post, User

DIGEST_AT = time(8)


def notify(
    people: Iterable[User | None],
    *,
    kind: Kind,
    title: str,
    reference: str,
    url: str,
    key: str,
    now: datetime,
    urgent: bool = False,
    only_on_page: bool = False,
) -> None:
    """Owe each of ``people`` one notice about ``key``; owing it twice makes one. For who has left, their manager is told.

    Whoever covers for one of them is told too, of what may be told to them.
    """
    here = _here(people, reference, now)
    told = {person.pk: person for person in [*here, *covering(here, reference, now=now)]}
    urgent = urgent or kind in ALARMS
    hows = dict.fromkeys(told, How.PAGE) if only_on_page else _hows(told, kind, urgent)
    Notice.objects.bulk_create(
        [
            Notice(
                to=person,
                kind=kind,
                title=title,
                reference=reference,
                url=url,
                key=key,
                urgent=urgent,
                how=hows[pk],
                created_at=now,
                email_after=email_after(hows[pk], now),
            )
            for pk, person in told.items()
        ],
        ignore_conflicts=True,
    )


def email_after(how: How | str, now: datetime) -> datetime | None:
    """When a notice owed ``now`` may be e-mailed; nothing if it never is."""
    match How(how):
        case How.AT_ONCE:
            return now
        case How.DIGEST:
            return next_digest(now)
        case How.PAGE:
            return None


def next_digest(now: datetime) -> datetime:
    """The next eight in the morning of a working day, local time."""
    local = now.astimezone(LONDON)
    day = local.date() if local.time() < DIGEST_AT else local.date() + timedelta(days=1)
    return datetime.combine(add_working_days(day, 0), DIGEST_AT, LONDON)


def digest_day(now: datetime) -> date:
    """The day whose digest is under way: the last working day that has seen eight in the morning."""
    local = now.astimezone(LONDON)
    today_begun = local.time() >= DIGEST_AT
    return add_working_days(local.date() + timedelta(days=1 if today_begun else 0), -1)


def managers_of(people: Iterable[User], *, now: datetime) -> list[User]:
    teams = {person.team_id for person in people} - {None}
    if not teams:
        return []
    posts = Post.objects.current(timezone.localdate(now)).filter(
        role=Role.TEAM_MANAGER, team__in=teams, user__is_active=True
    )
    return [post.user for post in posts.select_related("user")]


@transaction.atomic
def pass_on(*, now: datetime, limit: int = 500) -> int:
    """What was owed to somebody who has left since goes to whoever manages their team; their own is put away."""
    left = Notice.objects.unread().filter(emailed_at=None, email_after__lte=now, to__is_active=False)
    owed = list(left.select_related("to").select_for_update(of=("self",), skip_locked=True).order_by("pk")[:limit])
    for notice in owed:
        notify(
            [notice.to],
            kind=Kind(notice.kind),
            title=notice.title,
            reference=notice.reference,
            url=notice.url,
            key=notice.key,
            now=now,
            urgent=notice.urgent,
        )
    return Notice.objects.filter(pk__in=[notice.pk for notice in owed]).update(read_at=now)


def mark_read(user: Any, *, now: datetime, ids: Iterable[int] | None = None) -> int:
    unread = Notice.objects.unread().filter(to=user)
    return (unread if ids is None else unread.filter(pk__in=ids)).update(read_at=now)


def beat(name: str, *, now: datetime) -> None:
    """Write down that scheduled work ran."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


# Lodged by apps that know a reference: ``(reference) -> whether whoever covers may hear of it``. What nobody knows, they may not.
MAY_HEAR: list[Callable[[str], bool]] = []


def may_hear(source: Callable[[str], bool]) -> Callable[[str], bool]:
    MAY_HEAR.append(source)
    return source


def covering(people: Iterable[User], reference: str, *, now: datetime) -> list[User]:
    covers = _COVERS(None, people=[each.pk for each in people], today=timezone.localdate(now))
    known = bool(covers and reference) and any(source(reference) for source in MAY_HEAR)
    return [cover.colleague for cover in covers] if known else []


@Composed
def _COVERS(nobody: None, people: Any, today: Any) -> Any:
    return Cover.objects.current(today).filter(person__in=people).select_related("colleague")


# Lodged by apps that know a reference: ``(reference) -> who keeps the record``; none, and not an empty list, if it is open.
KEEPERS: list[Callable[[str], list[User] | None]] = []


def kept_by(source: Callable[[str], list[User] | None]) -> Callable[[str], list[User] | None]:
    KEEPERS.append(source)
    return source


def _here(people: Iterable[User | None], reference: str, now: datetime) -> list[User]:
    """In the place of whoever has left their manager; of a restricted record, of which no manager hears, whoever keeps it."""
    given = [person for person in people if person is not None]
    left = [person for person in given if not person.is_active]
    if not left:
        return given
    keepers = [found for source in KEEPERS if (found := source(reference)) is not None]
    instead = [each for found in keepers for each in found] if keepers else managers_of(left, now=now)
    return [person for person in given if person.is_active] + instead


def _hows(people: Iterable[int], kind: Kind, urgent: bool) -> dict[int, How | str]:
    if urgent:
        return dict.fromkeys(people, How.AT_ONCE)
    chosen: dict[int, How | str] = dict(_CHOSEN(None, people=list(people), kind=kind))
    return dict.fromkeys(people, How.DIGEST) | chosen


@Composed
def _CHOSEN(nobody: None, people: Any, kind: Any) -> Any:
    return Preference.objects.filter(user__in=people, kind=kind).values_list("user", "how")
