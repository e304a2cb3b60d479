"""Whose wishes and disclosures one sees: those of the families one sees; who keeps the agreements between agencies."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from earlyhelp.core.access import EVERYTHING, NOBODY, Rule, Through
from earlyhelp.partnership.enums import Role


def keeps_agreements(user: Any) -> bool:
    return user.scope.holds(Role.IG_LEAD)


def keep(agreements: Any, user: Any) -> Q:
    """The governance lead: agreements name agencies, and nobody of any family."""
    return EVERYTHING if keeps_agreements(user) else NOBODY


AGREEMENT_RULES: dict[str, Rule] = {"view": keep, "keep": keep}

# A second person for a copy where adults conflict: whoever manages in the place, and sees the family (promise P3).
SECONDS = (Role.TEAM_MANAGER, Role.HUB_CHAIR)


def make_copy(copies: Any, user: Any) -> Q:
    """Those who keep the family’s record."""
    return Through("family")["edit"](copies, user)


def approve_copy(copies: Any, user: Any) -> Q:
    """Never whoever made it."""
    areas = user.scope.areas(*SECONDS)
    if not areas:
        return NOBODY
    return Q(family__area__in=areas) & Through("family")["view"](copies, user) & ~Q(made_by=user)


COPY_RULES: dict[str, Rule] = {
    "view": lambda copies, user: make_copy(copies, user) | approve_copy(copies, user),
    "make": make_copy,
    "approve": approve_copy,
}
