"""Whose wishes and disclosures one sees: those of the families one sees; who keeps the agreements between agencies."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from earlyhelp.core.access import EVERYTHING, NOBODY, Rule
from earlyhelp.partnership.enums import Role


def keeps_agreements(user: Any) -> bool:
    return user.scope.holds(Role.IG_LEAD)


def keep(agreements: Any, user: Any) -> Q:
    """The governance lead: agreements name agencies, and nobody of any family."""
    return EVERYTHING if keeps_agreements(user) else NOBODY


AGREEMENT_RULES: dict[str, Rule] = {"view": keep, "keep": keep}
