"""What one person may do to one record: asked by every transition before it changes anything."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db import models

from earlyhelp.core.composed import Composed


def rights(user: Any, row: models.Model, actions: Iterable[str]) -> set[str]:
    """Which of ``actions`` the person may do to the row: read with it by ``with_rights``, or else asked in one query."""
    actions = set(actions)
    if not all(hasattr(row, f"may_{action}") for action in actions):
        known = _with_rights(type(row))(user, *sorted(actions), pk=row.pk) if actions else []
        row = known[0] if known else row
    return {action for action in actions if getattr(row, f"may_{action}", False)}


def may(user: Any, action: str, row: models.Model) -> bool:
    """The list's own filter, asked of one row: a page can never offer what the list would hide."""
    model = type(row)
    if action not in getattr(model._default_manager.get_queryset(), "rules", {}):
        return False
    return bool(_allowed(model, action)(user, pk=row.pk))


@cache
def _allowed(model: type[models.Model], action: str) -> Composed:
    def allowed(user: Any, pk: Any) -> Any:
        scoped: Any = model._default_manager.get_queryset()
        return scoped.for_user(user, action).filter(pk=pk).order_by().values_list("pk")

    return Composed(allowed)


@cache
def _with_rights(model: type[models.Model]) -> Composed:
    def rights_to(user: Any, *actions: str, pk: Any) -> Any:
        scoped: Any = model._default_manager.get_queryset()
        return scoped.for_user(user).with_rights(user, *actions).filter(pk=pk)

    return Composed(rights_to)


class ScopedBackend(ModelBackend):
    """Lets ``user.has_perm("cases.allocate_case", case)`` be answered by the rules above and by nothing else."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if obj is None:
            return False
        return may(user_obj, perm.partition(".")[2].rpartition("_")[0], obj)
