"""Who walks alongside whom. Nobody who works a case is among them: these conversations are the person's own (domain.md 12.3)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from earlyhelp.core.access import NOBODY, Rule
from earlyhelp.partnership.enums import Role

COORDINATING = (Role.LAC_COORDINATOR, Role.LAC_LEAD)


def alongside(introductions: Any, user: Any) -> Q:
    """The coordinators of the area, and those who lead them."""
    areas = user.scope.areas(*COORDINATING)
    return Q(area__in=areas) if areas else NOBODY


def introduced(introductions: Any, user: Any) -> Q:
    """Whoever introduced somebody may ask whether it arrived, and nothing else."""
    return Q(introduced_by=user)


def coordinates(user: Any) -> bool:
    return user.scope.holds(*COORDINATING)


RULES: dict[str, Rule] = {"view": alongside, "introduced": introduced}
