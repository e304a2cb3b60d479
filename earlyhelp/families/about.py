"""About whom a record is: the foreign keys that lead from it to a family or to a person, whatever kind it is of.

A new kind of record needs nothing said of it here: if it leads to somebody, what is typed in it is about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models

from earlyhelp.core.composed import PlannedOnce
from earlyhelp.families.models import Family, Person

FARTHEST = 3  # steps: the progress of an action is of a review, of a case, of a family


class Whom(NamedTuple):
    families: frozenset[int]
    people: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.families or self.people)


def about_whom(records: Iterable[tuple[str, int]]) -> Whom:
    """Everybody to whom these records (kind, key) lead."""
    found: dict[type[models.Model], set[int]] = {Family: set(), Person: set()}
    by_kind: dict[str, list[int]] = {}
    for kind, pk in records:
        by_kind.setdefault(kind, []).append(pk)
    for kind, pks in by_kind.items():
        model: type[models.Model] = apps.get_model(kind)
        if ways := ways_from(model):
            for row in _led_to(model)(None, pks=pks):
                for (_, end), key in zip(ways, row, strict=True):
                    found[end].update([key] if key else [])
    return Whom(frozenset(found[Family]), frozenset(found[Person]))


@cache
def _led_to(model: type[models.Model]) -> PlannedOnce:
    """The keys at the ends of the ways from such records."""
    ends = [path for path, _ in ways_from(model)]
    return PlannedOnce(lambda nobody, pks: model._base_manager.filter(pk__in=pks).values_list(*ends))


@cache
def ways_from(model: type[models.Model]) -> tuple[tuple[str, type[models.Model]], ...]:
    """The paths from a kind of record to a family or a person, the short ones; none, if it is about nobody."""
    if model is Family:
        return (("pk", Family),)
    if model is Person:
        return (("pk", Person), ("merged_into", Person))
    return tuple(dict.fromkeys(_walk(model, "", frozenset({model}))))


def _walk(
    model: type[models.Model], path: str, been: frozenset[type[models.Model]]
) -> Iterator[tuple[str, type[models.Model]]]:
    for name, to in _leads_to(model):
        if to in (Family, Person):
            yield f"{path}{name}", to
        elif to not in been and len(been) < FARTHEST:
            yield from _walk(to, f"{path}{name}__", been | {to})


def _leads_to(model: type[models.Model]) -> Iterator[tuple[str, type[models.Model]]]:
    for each in model._meta.concrete_fields:
        if isinstance(each, models.ForeignKey):
            to: Any = each.related_model
            yield each.name, to
