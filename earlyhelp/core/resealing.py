"""Sealing anew, with the newest key, what an older one sealed: after that the older one can be taken away.

Each row is a statement of its own, which changes it only where the very text that was opened still stands there. So it
can run while people work, be broken off anywhere, and be run again; whatever somebody saves meanwhile is theirs.

What is said is not changed by it. So the triggers that freeze a row or keep a version of each change are put aside, and
the versions that are kept of a row are sealed anew too. No seal of the log holds by any of these bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import pgtrigger
from django.apps import apps
from django.db import models
from django.db.models import F, Func

from earlyhelp.core.sealing import SealedField, Unsealable, key_ids, seal, unseal

BATCH = 500  # keys of rows that are read at once; of the rows themselves one


class Place(NamedTuple):
    """Where sealed texts stand, one in a row at most. ``sealed`` is the SQL of it, ``put`` the columns that hold another."""

    kind: str
    model: type[models.Model]
    sealed: Any
    binding: Callable[[Any], str]
    put: Callable[[bytes], dict[str, Any]]

    def rows(self) -> Any:
        """Each with ``sealed_text``, and ``sealed_by``: the name of the key."""
        rows = self.model._base_manager.annotate(sealed_text=self.sealed, sealed_by=_key_of(self.sealed))
        return rows.filter(sealed_by__gt="")  # a text that is not there, or is emptied, has no key

    def older(self) -> Any:
        return self.rows().exclude(sealed_by=key_ids()[0])


class Resealed(NamedTuple):
    """How many are sealed anew; how many somebody changed at that moment; and the keys of the rows that do not open."""

    anew: int
    changed: int
    shut: list[Any]


Lodged = Callable[[], Iterable[Place]]
LODGED: list[Lodged] = []


def also_sealed(lodged: Lodged) -> Lodged:
    """Lodge ``() -> places`` whose texts stand in no ``SealedField``."""
    LODGED.append(lodged)
    return lodged


def places() -> Iterator[Place]:
    """Every one there is: each sealed field of each model, the versions kept of it, and what is lodged."""
    for model in apps.get_models():
        if not model._meta.proxy:
            yield from _fields_of(model)
    for lodged in LODGED:
        yield from lodged()


@pgtrigger.ignore()
def reseal(place: Place) -> Resealed:
    """Safe at any time. What does not open stays as it is: it was altered, moved, or sealed with a key that is not held."""
    done: Counter[bool] = Counter()
    shut = []
    for pk in _one_by_one(place):
        try:
            done[_sealed_anew(place, pk)] += 1
        except Unsealable:
            shut.append(pk)
    return Resealed(done[True], done[False], shut)


def in_use() -> dict[str, Counter[str]]:
    """By the name of each key that anything is sealed with: in how many rows of each kind."""
    used: dict[str, Counter[str]] = {}
    for place in places():
        for key, rows in place.rows().order_by().values_list("sealed_by").annotate(models.Count("pk")):
            used.setdefault(key, Counter())[place.kind] += rows
    return used


def _one_by_one(place: Place) -> Iterator[Any]:
    keys = older = place.older().order_by("pk").values_list("pk", flat=True)
    while batch := list(keys[:BATCH]):
        yield from batch
        keys = older.filter(pk__gt=batch[-1])


def _sealed_anew(place: Place, pk: Any) -> bool:
    """False where it stands there no more, or another stands there by now."""
    row = place.older().filter(pk=pk).first()
    if row is None:
        return False
    binding = place.binding(row)
    anew = seal(unseal(row.sealed_text, bound_to=binding), bound_to=binding)
    return bool(place.rows().filter(pk=pk, sealed_text=row.sealed_text).update(**place.put(anew)))


def _fields_of(model: type[models.Model]) -> Iterator[Place]:
    """A version is bound to what the row is bound to of which it is one."""
    whole = getattr(model, "pgh_tracked_model", model)
    here = {field.name for field in model._meta.local_concrete_fields}
    for field in whole._meta.local_concrete_fields:
        if isinstance(field, SealedField) and field.name in here:
            kind = f"{'' if whole is model else 'versions kept of '}{whole._meta.verbose_name_plural}"
            yield Place(kind, model, F(field.name), lambda row: _as_it_was(row, whole).binding, _into(field.name))


def _as_it_was(row: models.Model, whole: Any) -> Any:
    if isinstance(row, whole):
        return row
    names = {field.attname for field in row._meta.concrete_fields}
    return whole(
        **{each.attname: getattr(row, each.attname) for each in whole._meta.concrete_fields if each.attname in names}
    )


def _into(column: str) -> Callable[[bytes], dict[str, Any]]:
    return lambda sealed: {column: sealed}


def _key_of(sealed: Any) -> Func:
    """Of the beginning alone: a text may be long."""
    beginning = "split_part(encode(substring(%(expressions)s FROM 1 FOR 200), 'escape'), ':', 1)"
    return Func(sealed, template=beginning, output_field=models.TextField())
