"""What was changed in a record, field by field, from the versions that the database keeps (``core.history``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Model

from earlyhelp.core import dates
from earlyhelp.core.words import within


@dataclass(frozen=True)
class Change:
    at: datetime
    who: Any  # none: no account, such as scheduled work
    what: str
    was: str
    became: str


def changes_of(row: Model, names: Iterable[str]) -> list[Change]:
    """Every change of the fields ``names``, the newest first; what stood there from the beginning is no change."""
    fields = [row._meta.get_field(name) for name in names]
    history: Any = row.history  # type: ignore[attr-defined]
    versions = list(history.select_related(*_beside(fields)).order_by("pgh_id"))
    people = _people(versions)
    return list(_changes(versions, fields, people))[::-1]


def changes_among(kind: type[Model], of: Mapping[int, str], names: Iterable[str]) -> list[Change]:
    """The same of several rows, ``of`` these keys and called so; that one was written down is told too."""
    fields = [kind._meta.get_field(name) for name in names]
    history: Any = kind.history.rel.related_model  # type: ignore[attr-defined]
    versions = list(
        history.objects.filter(pgh_obj__in=of).select_related(*_beside(fields)).order_by("pgh_obj", "pgh_id")
    )
    people = _people(versions)
    found: list[Change] = []
    for pk, kept in groupby(versions, attrgetter("pgh_obj_id")):
        first, *later = kept
        found.append(Change(first.pgh_created_at, people.get(_who(first)), of[pk], "", "Written down"))
        changes = _changes([first, *later], fields, people)
        found += [replace(each, what=f"{of[pk]}: {within(each.what)}") for each in changes]
    return sorted(found, key=attrgetter("at"), reverse=True)


def _beside(fields: Iterable[Any]) -> list[str]:
    return ["pgh_context", *(field.name for field in fields if field.is_relation)]


def _people(versions: Iterable[Any]) -> dict[Any, Any]:
    return get_user_model().objects.in_bulk({who for who in map(_who, versions) if who})


def _changes(versions: Iterable[Any], fields: list[Any], people: Mapping[Any, Any]) -> Iterator[Change]:
    for before, after in pairwise(versions):
        for what, was, became in _differences(before, after, fields):
            yield Change(after.pgh_created_at, people.get(_who(after)), what, was, became)


@dataclass(frozen=True)
class Touch:
    at: datetime
    who: Any  # none: no account, or a record whose versions are not kept


def last_touched(records: Iterable[tuple[str, int]], *, since: datetime) -> Touch | None:
    """Who changed one of these records last, and when: each (kind, key). None if nobody has since."""
    keys: dict[str, list[int]] = {}
    for kind, key in records:
        keys.setdefault(kind, []).append(key)
    found = [version for kind, each in keys.items() if (version := _latest(apps.get_model(kind), each, since))]
    if not found:
        return None
    last = max(found, key=lambda version: version.pgh_created_at)
    return Touch(last.pgh_created_at, get_user_model().objects.filter(pk=_who(last)).first())


def _latest(model: Any, keys: list[int], since: datetime) -> Any:
    """Of a kind whose versions are kept: the last one of these rows."""
    if not hasattr(model, "history"):
        return None
    versions = model.history.rel.related_model.objects.filter(pgh_obj__in=keys, pgh_created_at__gt=since)
    return versions.select_related("pgh_context").order_by("-pgh_id").first()


def _who(version: Any) -> Any:
    return version.pgh_context.metadata.get("user") if version.pgh_context else None


def _differences(before: Any, after: Any, fields: Iterable[Any]) -> Iterator[tuple[str, str, str]]:
    for field in fields:
        if getattr(before, field.attname) != getattr(after, field.attname):
            label = str(field.verbose_name)
            yield label[:1].upper() + label[1:], _in_words(before, field), _in_words(after, field)


def _in_words(version: Any, field: Any) -> str:
    value = getattr(version, field.name)
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return dates.day(value)
    return dict(field.flatchoices).get(value) or str(value)
