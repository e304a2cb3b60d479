"""The same rule, asked of a row in hand: answered in Python where it speaks only of the row and of what the row belongs to.

A record's page asks some dozen rights of one row. Asked of the database they were half of the page's time: composed,
planned and sent anew at each request, to compare columns that had been read anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import ge, gt, le, lt
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Exists, OuterRef, Q

from earlyhelp.core.standin import Place, Today

COMPARED: dict[str, Callable[[Any, Any], bool]] = {"gt": gt, "gte": ge, "lt": lt, "lte": le}


class OfOwner:
    """«What the rule says of the row's owner»: in a query an ``EXISTS`` of this one owner, in hand asked of it directly.

    As ``IN`` the rights of a single row read every owner in a person's area.
    """

    conditional = True

    def __init__(self, path: str, owners: models.QuerySet[Any], rule: Q) -> None:
        self.path, self.owners, self.rule = path, owners, rule

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        return Exists(self.owners.filter(self.rule, pk=OuterRef(self.path))).resolve_expression(*args, **kwargs)


def needs(model: type[models.Model], rule: Q) -> set[str] | None:
    """The paths to the rows that have to be loaded with one of ``model`` to judge it in hand; none where that cannot be."""
    paths: set[str] = set()
    for child in rule.children:
        found = _needs_of(model, child)
        if found is None or rule.connector == Q.XOR:
            return None
        paths |= found
    return paths


def _needs_of(model: type[models.Model], child: Any) -> set[str] | None:
    if isinstance(child, Q):
        return needs(model, child)
    if isinstance(child, OfOwner):
        beyond = needs(child.owners.model, child.rule)
        return None if beyond is None else {child.path, *(f"{child.path}__{path}" for path in beyond)}
    if not isinstance(child, tuple) or (hasattr(child[1], "resolve_expression") and not isinstance(child[1], Place)):
        return None
    read = _read(model, child[0])
    return {"__".join(read[0])} - {""} if read else None


def _read(model: type[models.Model], lookup: str) -> tuple[list[str], str, str] | None:
    """A lookup as the relations it follows, the column at their end and the comparison; none if it is more than that."""
    *names, last = lookup.split("__")
    comparison = last if names and (last in COMPARED or last in ("in", "isnull", "exact")) else "exact"
    if comparison == "exact" and last != "exact":
        names.append(last)
    try:
        for name in names[:-1]:
            related = model._meta.get_field(name)
            if not (related.many_to_one or related.one_to_one) or not related.concrete:
                return None
            model = related.related_model  # type: ignore[assignment]
        end = model._meta.pk if names[-1] == "pk" else model._meta.get_field(names[-1])
    except FieldDoesNotExist:
        return None
    return (names[:-1], end.attname, comparison) if end is not None and end.concrete else None


def holds(rule: Q, row: models.Model) -> bool:
    """Whether the row satisfies a rule whose ``needs`` are loaded. Whatever is not known satisfies nothing but «not»."""
    if not rule.children:
        return True
    answers = (_holds_child(child, row) for child in rule.children)
    return (all(answers) if rule.connector == Q.AND else any(answers)) is not rule.negated


def _holds_child(child: Any, row: models.Model) -> bool:
    if isinstance(child, Q):
        return holds(child, row)
    if isinstance(child, OfOwner):
        owner = getattr(row, child.path)
        return owner is not None and holds(child.rule, owner)
    lookup, wanted = child
    return _compare(row, lookup, wanted.read(None, {}) if isinstance(wanted, Today) else getattr(wanted, "pk", wanted))


def _compare(row: models.Model, lookup: str, wanted: Any) -> bool:
    read = _read(type(row), lookup)
    if read is None:
        raise ValueError(f"«{lookup}» is for the database to judge.")
    relations, column, comparison = read
    held: Any = row
    for relation in relations:
        held = getattr(held, relation) if held is not None else None
    held = getattr(held, column) if held is not None else None
    if comparison == "isnull" or wanted is None:
        return (held is None) is (wanted is not False)
    if held is None:
        return False
    if comparison == "in":
        return held in wanted
    return COMPARED[comparison](held, wanted) if comparison in COMPARED else held == wanted


def judge(rows: Iterable[models.Model], rules: Mapping[str, Q]) -> None:
    """Write on each row, under each rule's name, whether it holds."""
    for row in rows:
        for name, rule in rules.items():
            setattr(row, name, holds(rule, row))
