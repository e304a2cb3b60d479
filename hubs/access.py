"""Who sits where, said once (domain.md 5): the chair decides, the coordinator prepares, members read their own hub's papers.

A member sees an agenda from its publication until ten working days after the meeting; nobody sees an item about a
family in which they have declared an interest.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from earlyhelp.core.access import NOBODY, Rule, Through
from earlyhelp.partnership.enums import Role
from hubs.enums import SHOWN_TO_MEMBERS

RUNS = (Role.HUB_CHAIR, Role.HUB_COORDINATOR)


def has_a_seat(user: Any) -> bool:
    return user.scope.holds(*RUNS) or bool(user.scope.ids("hub_seats"))


def _hubs(rows: Any, user: Any, *roles: str) -> Q:
    """Rows of the hubs in whose area the person holds one of the roles."""
    areas = user.scope.areas(*roles)
    hubs = rows.model._meta.get_field("hub").related_model._default_manager
    return Q(hub__in=hubs.filter(area__in=areas).values("pk")) if areas else NOBODY


def run(rows: Any, user: Any) -> Q:
    return _hubs(rows, user, *RUNS)


def chair(rows: Any, user: Any) -> Q:
    return _hubs(rows, user, Role.HUB_CHAIR)


def _published_to(user: Any) -> Q:
    """Over meetings: those whose papers this person may read as a member."""
    seats = user.scope.ids("hub_seats")
    return Q(hub__in=seats, status__in=SHOWN_TO_MEMBERS, members_until__gte=timezone.localdate()) if seats else NOBODY


def meeting_view(meetings: Any, user: Any) -> Q:
    return run(meetings, user) | _published_to(user)


def _in_sight(items: Any, user: Any) -> Q:
    """Of a case that the person may see at all, and in which they have declared no interest."""
    conflicted = user.scope.ids("case_conflict")
    seen = Through("case")["view"](items, user)
    return seen & ~Q(case__in=conflicted) if conflicted else seen


def item_view(items: Any, user: Any) -> Q:
    meetings = items.model._meta.get_field("meeting").related_model._default_manager
    member = Q(meeting__in=meetings.filter(_published_to(user)).values("pk")) if user.scope.ids("hub_seats") else NOBODY
    return (run(items, user) | member) & _in_sight(items, user)


def item_prepare(items: Any, user: Any) -> Q:
    return run(items, user) & _in_sight(items, user)


def item_decide(items: Any, user: Any) -> Q:
    """A chair decides, but never their own request (domain.md 5)."""
    own = user.scope.ids("case_led")
    decides = chair(items, user) & _in_sight(items, user)
    return decides & ~Q(case__in=own) if own else decides


def own_action(actions: Any, user: Any) -> Q:
    return run(actions, user) | Q(owner=user)


def step_decide(steps: Any, user: Any) -> Q:
    return Through("case")["decide"](steps, user)


HUB_RULES: dict[str, Rule] = {
    "view": lambda hubs, user: Q(area__in=user.scope.areas(*RUNS)) | Q(pk__in=user.scope.ids("hub_seats"))
}
MEETING_RULES: dict[str, Rule] = {"view": meeting_view, "prepare": run, "chair": chair}
ITEM_RULES: dict[str, Rule] = {"view": item_view, "prepare": item_prepare, "decide": item_decide}
ACTION_RULES: dict[str, Rule] = {"view": own_action, "complete": own_action}
STEP_RULES: dict[str, Rule] = {
    "view": Through("case")["view"],
    "lead": Through("case")["lead"],
    "decide": step_decide,
}
