"""Who reads what people carry, and who sets what they may: a team's manager; a service manager reads their places."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from earlyhelp.core.access import NOBODY, Rule
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post


def manage(people: Any, user: Any) -> Q:
    teams = user.scope.teams(Role.TEAM_MANAGER)
    return Q(team__in=teams) if teams else NOBODY


def view(people: Any, user: Any) -> Q:
    """Numbers, and no family: how many somebody has on says nothing of who they are."""
    areas = user.scope.areas(Role.SERVICE_MANAGER)
    if not areas:
        return manage(people, user)
    works_there = Post.objects.current().filter(user=OuterRef("pk"), area__in=areas)
    return manage(people, user) | Q(Exists(works_there))


def reads_workload(user: Any) -> bool:
    return bool(user.scope.teams(Role.TEAM_MANAGER)) or user.scope.holds(Role.SERVICE_MANAGER)


RULES: dict[str, Rule] = {"view": view, "manage": manage}
