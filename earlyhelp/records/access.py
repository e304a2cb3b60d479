"""Who answers for how long a record lives: the governance lead; and, as the second person, a service manager of the area."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from earlyhelp.core.access import NOBODY, Through
from earlyhelp.partnership.enums import Role

DECIDING = (Role.IG_LEAD, Role.SERVICE_MANAGER)


def keeps_records(user: Any) -> bool:
    """Whoever answers for what is kept, for how long, and for whether it is still what was written."""
    return user.scope.holds(Role.IG_LEAD)


def decides_on_disposal(user: Any) -> bool:
    return user.scope.holds(*DECIDING)


def _within(user: Any, *roles: Role) -> Q:
    areas = user.scope.areas(*roles)
    return Q(area__in=areas) if areas else NOBODY


def view(rows: Any, user: Any) -> Q:
    """Of a restricted record only the governance lead knows that there is one."""
    return review(rows, user) | (_within(user, Role.SERVICE_MANAGER) & Q(restricted=False))


def review(rows: Any, user: Any) -> Q:
    return _within(user, Role.IG_LEAD)


def decide(rows: Any, user: Any) -> Q:
    """Somebody else than whoever proposed it."""
    return view(rows, user) & ~Q(proposed_by=user)


def hold(rows: Any, user: Any) -> Q:
    areas = user.scope.areas(Role.IG_LEAD)
    return Q(family__area__in=areas) if areas else NOBODY


DISPOSAL_RULES = {"view": view, "review": review, "decide": decide}
HOLD_RULES = {"view": hold, "lift": hold}


def decide_on_words(rows: Any, user: Any) -> Q:
    """The governance lead of the place, of a restricted record too, for no word of it is shown; and never who asked."""
    return hold(rows, user) & ~Q(asked_by=user)


def read_why(rows: Any, user: Any) -> Q:
    """Whoever reads the record reads why something is missing there; and the governance lead, by its reference."""
    return Through("family")["view"](rows, user) & ~Q(status="asked") | hold(rows, user)


BLANKING_RULES = {"view": hold, "decide": decide_on_words, "why": read_why}


# --- subject access ---------------------------------------------------------------------------------------------------


def keep_request(rows: Any, user: Any) -> Q:
    """The governance lead of the place; nobody keeps what is about themselves."""
    return _within(user, Role.IG_LEAD) & ~Q(account=user)


def approve_request(rows: Any, user: Any) -> Q:
    """Whoever was named as the second person, while they hold the post; of a restricted record only another lead."""
    posted = _within(user, Role.IG_LEAD) | _within(user, Role.SERVICE_MANAGER) & Q(restricted=False)
    return Q(second=user) & posted & ~Q(asked_by=user) & ~Q(account=user)


REQUEST_RULES = {
    "view": lambda rows, user: keep_request(rows, user) | approve_request(rows, user),
    "keep": keep_request,
    "approve": approve_request,
}
