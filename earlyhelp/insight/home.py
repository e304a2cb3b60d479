"""What the home page gathers: what needs a person today, whom they lead, and what they left half written."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from assessments.models import TafMeeting
from earlyhelp.cases.emergency import may_open_in_emergency
from earlyhelp.cases.models import Case
from earlyhelp.core.composed import Composed, PlannedOnce
from earlyhelp.core.todo import TODO, Todo
from earlyhelp.families.access import may_search
from earlyhelp.insight.access import reads_dashboard
from earlyhelp.workflow.models import Draft
from hubs.access import has_a_seat
from hubs.models import HubMeeting
from lac.access import coordinates

log = logging.getLogger(__name__)
LINES, FAMILIES, DRAFTS = 10, 12, 5
WAITED_FOR = 10  # a line of this place or less has somebody who waits for it
SAYS_WHAT = ("name", "slug", "heading", "what")  # the parts of an address that say which form it is
BEGINNINGS = {
    "families:create": "A new family",
    "lac:introduce": "Somebody to introduce",
    "referrals:contact_new": "A contact",
    "referrals:handover_start": "A hand-over to social care",
    "referrals:start": "A new referral",
}
STILL_ON = timedelta(hours=4)  # a hub meeting that began this morning is still the next one


def anybody(user: Any) -> bool:
    return True


# What people begin most often: the words, the page, and who may.
QUICK: tuple[tuple[str, str, Callable[[Any], bool]], ...] = (
    ("Record a contact", "referrals:contact_new", anybody),
    ("Log a referral", "referrals:start", may_search),
    ("Find a family", "families:search", may_search),
    ("Open a case in an emergency", "cases:emergency", may_open_in_emergency),
    ("Introduce somebody to a local area coordinator", "lac:introduce", anybody),
    ("See whom you walk alongside", "lac:people", coordinates),
    ("Read the dashboard", "insight:dashboard", reads_dashboard),
)


@dataclass(frozen=True)
class Today:
    """The most pressing lines: of today, and of the days after; whether there are more; whether some source of them failed."""

    lines: list[Todo]
    later: list[Todo]
    more: bool
    incomplete: bool


def today(user: Any, *, now: datetime) -> Today:
    """A source that fails is left out, written to the log and told: one fault must not close everybody's front door."""
    found: list[Todo] = []
    incomplete = False
    for source in TODO:
        try:
            found += source(user, now)
        except Exception:
            log.exception("What needs a person today could not be read from %s.", source.__module__)
            incomplete = True
    tonight = timezone.localtime(now).replace(hour=23, minute=59, second=59)
    found.sort(key=lambda line: _pressing(line, now, tonight))
    shown = found[:LINES]
    ends = next((place for place, line in enumerate(shown) if _when(line, now, tonight) > tonight), len(shown))
    return Today(shown[:ends], shown[ends:], len(found) > LINES, incomplete)


def _pressing(line: Todo, now: datetime, tonight: datetime) -> tuple[Any, ...]:
    """What is urgent, then by time: the longest overdue first."""
    return line.place > 0, _when(line, now, tonight), line.place, line.text


def _when(line: Todo, now: datetime, tonight: datetime) -> datetime:
    """What is urgent is so now, whenever it is due; what has no time is for today: others wait for it, or nobody does."""
    if line.place == 0:
        return min(line.due_at or now, now)
    return line.due_at or (now if line.place <= WAITED_FOR else tonight)


def my_families(user: Any) -> list[Case]:
    return _led_by(user) if user.scope.ids("case_led") else []


@PlannedOnce
def _led_by(user: Any) -> Any:
    return Case.objects.for_user(user, "lead").live().select_related("family").by_next_review()[: FAMILIES + 1]


@dataclass(frozen=True)
class Unfinished:
    label: str
    url: str
    saved_at: datetime


def unfinished(user: Any) -> list[Unfinished]:
    """Forms that this person began and never sent. One whose page is gone is left out."""
    named = [Unfinished(label, key, saved_at) for key, saved_at in _drafts_of(user) if (label := label_of(key))]
    return named[:DRAFTS]


@Composed
def _drafts_of(user: Any) -> Any:
    return Draft.objects.filter(user=user).order_by("-saved_at").values_list("key", "saved_at")[: 2 * DRAFTS]


def label_of(path: str) -> str:
    """The address of a form in words: ``/cases/EH-2026-000123/do/propose_closure/`` is “Propose closure, EH-2026-000123”."""
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    if hasattr(match.func, "cls"):  # of the API, whose callers keep their own drafts
        return ""
    if match.view_name in BEGINNINGS:
        return BEGINNINGS[match.view_name]
    deed = next((match.kwargs[part] for part in SAYS_WHAT if part in match.kwargs), match.url_name or "")
    words = str(deed).replace("_", " ").replace("-", " ").capitalize()
    return f"{words}, {match.kwargs['reference']}" if "reference" in match.kwargs else words


def quick_actions(user: Any) -> list[tuple[str, str]]:
    return [(label, reverse(name)) for label, name, may in QUICK if may(user)]


@dataclass(frozen=True)
class Meeting:
    title: str
    at: datetime
    url: str


def next_meetings(user: Any, *, now: datetime) -> list[Meeting]:
    """The next of each kind: of a team that this person is on, and of a hub at which they sit."""
    return sorted([*_next_of_my_teams(user, now), *_next_of_my_hubs(user, now)], key=lambda meeting: meeting.at)


def _next_of_my_teams(user: Any, now: datetime) -> list[Meeting]:
    found = _ahead_of_my_teams(user, now=now) if user.scope.ids("case_team") else []
    return [
        Meeting(f"TAF meeting, {each.case.family}", each.at, f"{each.case.get_absolute_url()}meetings/")
        for each in found
    ]


@PlannedOnce
def _ahead_of_my_teams(user: Any, now: Any) -> Any:
    ahead = TafMeeting.objects.for_user(user).ahead().filter(case__in=user.scope.ids("case_team"), at__gte=now)
    return ahead.select_related("case__family").order_by("at", "pk")[:1]


def _next_of_my_hubs(user: Any, now: datetime) -> list[Meeting]:
    if not has_a_seat(user):
        return []
    found = HubMeeting.objects.for_user(user).to_come().filter(starts_at__gte=now - STILL_ON).select_related("hub")[:1]
    return [Meeting(str(each.hub), each.starts_at, each.get_absolute_url()) for each in found]
