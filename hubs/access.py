"""Who sits where, said once (domain.md 5): the chair decides, the coordinator prepares, members read their own hub's papers.

A member sees an agenda from its publication until ten working days after the meeting; nobody sees an item about a
family in which they have declared an interest.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from earlyhelp.core.access import NOBODY, Rule, Through
from earlyhelp.core.standin import Today
from earlyhelp.partnership.enums import Role
from hubs.enums import SHOWN_TO_MEMBERS

RUNS = (Role.HUB_CHAIR, Role.HUB_COORDINATOR)
# Who keeps the hub itself, its day, its members and its terms: nothing of a family stands there.
KEEPS = (*RUNS, Role.SERVICE_MANAGER, Role.SYSTEM_ADMIN)


def has_a_seat(user: Any) -> bool:
    return user.scope.holds(*RUNS) or bool(user.scope.ids("hub_seats", "hub_stood_in"))


def only_keeps(user: Any) -> bool:
    """Whether somebody keeps hubs and goes to none of their meetings."""
    return user.scope.holds(*KEEPS) and not has_a_seat(user)


def _hubs(rows: Any, user: Any, *roles: str) -> Q:
    """Rows of the hubs in whose area the person holds one of the roles."""
    areas = user.scope.areas(*roles)
    return Q(hub__area__in=areas) if areas else NOBODY


def run(rows: Any, user: Any) -> Q:
    return _hubs(rows, user, *RUNS)


def chair(rows: Any, user: Any) -> Q:
    return _hubs(rows, user, Role.HUB_CHAIR)


def _published_to(user: Any, path: str = "") -> Q:
    """Over meetings, or over what leads to one: those whose papers this person may read as a member, or in another's place."""
    seats, stood_in = user.scope.ids("hub_seats"), user.scope.ids("hub_stood_in")
    sits = Q(**{f"{path}hub__in": seats}) if seats else NOBODY
    stands_in = Q(**{f"{path}pk__in": stood_in}) if stood_in else NOBODY
    shown = {"status__in": SHOWN_TO_MEMBERS, "members_until__gte": Today()}
    return (sits | stands_in) & Q(**{f"{path}{lookup}": value for lookup, value in shown.items()})


def meeting_view(meetings: Any, user: Any) -> Q:
    return run(meetings, user) | _published_to(user)


def _in_sight(items: Any, user: Any) -> Q:
    """Of a case that the person may see at all, and in which they have declared no interest."""
    conflicted = user.scope.ids("case_conflict")
    seen = Through("case")["view"](items, user)
    return seen & ~Q(case__in=conflicted) if conflicted else seen


def item_view(items: Any, user: Any) -> Q:
    return (run(items, user) | _published_to(user, "meeting__")) & _in_sight(items, user)


def item_prepare(items: Any, user: Any) -> Q:
    return run(items, user) & _in_sight(items, user)


def item_decide(items: Any, user: Any) -> Q:
    """Whoever decides on the case, of this hub: never their own request, and a restricted record only by its named chair."""
    return chair(items, user) & Through("case")["decide"](items, user)


def own_action(actions: Any, user: Any) -> Q:
    """One's own, and those of the hubs one runs; but not what was undertaken about a family of which one may not hear."""
    told = Q(decision=None) | Through("decision")["view"](actions, user)
    return run(actions, user) & told | Q(owner=user)


def step_decide(steps: Any, user: Any) -> Q:
    return Through("case")["decide"](steps, user)


def runs_hub(hubs: Any, user: Any) -> Q:
    areas = user.scope.areas(*RUNS)
    return Q(area__in=areas) if areas else NOBODY


def keep(hubs: Any, user: Any) -> Q:
    areas = user.scope.areas(*KEEPS)
    return Q(area__in=areas) if areas else NOBODY


def hub_view(hubs: Any, user: Any) -> Q:
    seats = user.scope.ids("hub_seats")
    return keep(hubs, user) | (Q(pk__in=seats) if seats else NOBODY)


HUB_RULES: dict[str, Rule] = {"view": hub_view, "prepare": runs_hub, "keep": keep}
MEETING_RULES: dict[str, Rule] = {"view": meeting_view, "prepare": run, "chair": chair}
ITEM_RULES: dict[str, Rule] = {"view": item_view, "prepare": item_prepare, "decide": item_decide}
ACTION_RULES: dict[str, Rule] = {"view": own_action, "complete": own_action}
STEP_RULES: dict[str, Rule] = {
    "view": Through("case")["view"],
    "lead": Through("case")["lead"],
    "decide": step_decide,
}
