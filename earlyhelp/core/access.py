"""One rule, asked four ways: of a list, a record, a page and an API call (design.md 6).

A rule is ``(rows, user) -> Q``. It is built from identities and arrays that are read once a request, never from joins:
no duplicates, and every clause keeps its index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q

from earlyhelp.core.inhand import OfOwner, judge, needs

Rule = Callable[[Any, Any], Q]
M = TypeVar("M", bound=models.Model)

NOBODY, EVERYTHING = Q(pk__in=()), Q(pk__isnull=False)


class ScopedQuerySet(models.QuerySet[M]):
    """Rows that know who may do what to them. ``rules`` maps the name of an action to its rule."""

    rules: ClassVar[Mapping[str, Rule] | Through] = {}
    _judged: Mapping[str, Q] = {}

    def for_user(self, user: Any, action: str = "view"):
        """Only the rows to which ``user`` may do ``action``; none at all for anybody not signed in and active."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(self.rules[action](self.model._base_manager, user))

    def with_rights(self, user: Any, *actions: str):
        """Bring with each row what ``user`` may do to it (every action of the rules, unless some are named): see ``core.rights``.

        What the row and its owner say by themselves is judged as they arrive; only the rest is asked of the database.
        """
        wanted = actions or tuple(self.rules)
        rules = {f"may_{action}": self.rules[action](self.model._base_manager, user) for action in wanted}
        beside = {name: found for name, rule in rules.items() if (found := needs(self.model, rule)) is not None}
        asked = {name: _boolean(rule) for name, rule in rules.items() if name not in beside}
        rows = self.annotate(**asked) if asked else self.all()
        if paths := set().union(*beside.values()):
            rows = rows.select_related(*paths)
        rows._judged = {**self._judged, **{name: rules[name] for name in beside}}
        return rows

    def _clone(self):
        rows = super()._clone()  # type: ignore[misc]
        rows._judged = self._judged
        return rows

    def _fetch_all(self) -> None:
        arriving = self._result_cache is None
        super()._fetch_all()
        if arriving and self._judged:
            judge(self._result_cache or [], self._judged)


def written_on(rows: ScopedQuerySet[Any], user: Any) -> dict[str, Q]:
    """The rules that are judged as such rows arrive, as they are for this one person."""
    manager = rows.model._base_manager
    return {name: rows.rules[name.removeprefix("may_")](manager, user) for name in getattr(rows, "_judged", ())}


def _boolean(rule: Q) -> ExpressionWrapper:
    return ExpressionWrapper(rule, output_field=BooleanField())


class Through:
    """Rules of a record that belongs to another: what one may do to the owner, one may do to this."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __contains__(self, action: object) -> bool:
        return isinstance(action, str)

    def __iter__(self) -> Iterator[str]:
        raise TypeError("Every action of the owner is one of these: name those you want.")

    def __getitem__(self, action: str) -> Rule:
        def rule(rows: Any, user: Any) -> Q:
            owner = rows.model._meta.get_field(self.path).related_model
            owners = owner._default_manager.get_queryset()
            if not (user.is_authenticated and user.is_active):
                return NOBODY
            return Q(OfOwner(self.path, owners, owners.rules[action](owner._base_manager, user)))

        return rule
