"""What a person's posts and memberships reach, read in one small query a request (performance.md: 3-9 ms against 490-1,400).

Apps above lodge parts of their own here (the cases on whose team one is, the notices unread), so that a page's access
costs one query however many apps have something to say.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, Exists, Expression, F, Func, OuterRef, Subquery
from django.db.models.functions import JSONObject
from psycopg2.extensions import AsIs

from earlyhelp.core.wall import beyond
from earlyhelp.partnership.enums import NEVER_COVERED

if TYPE_CHECKING:
    from earlyhelp.partnership.models import User

ANYBODY = -7_000_000_001  # no person's identity: it marks where one goes
PERSON = AsIs("$1")
COVERED = "{}_covered"  # the part that holds the same of those for whom one covers
OWN, OF_THOSE_COVERED = "scope_of_a_person", "scope_of_those_covered"
PARTS: dict[str, Callable[[], Expression | Subquery]] = {}
_prepared: dict[str, WeakSet[Any]] = {OWN: WeakSet(), OF_THOSE_COVERED: WeakSet()}  # which connections know the query


def scope_part(name: str) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Lodge an expression over the user (``OuterRef("pk")``) whose value is wanted with every scope.

    Every page of everybody pays for it: it asks of the person's own rows alone. What the home page
    shows is a ``waiting_part``; what another page shows is asked by that page.
    """

    def lodge(make: Callable[[], Any]) -> Callable[[], Any]:
        PARTS[name] = make
        return make

    return lodge


@dataclass(frozen=True)
class Held:
    role: str
    area_ids: tuple[int, ...]
    team_id: int | None


@dataclass(frozen=True)
class Scope:
    posts: tuple[Held, ...]
    parts: dict[str, Any] = field(default_factory=dict)

    def areas(self, *roles: str) -> list[int]:
        """The areas, with all inside them, in which this person holds any of ``roles``."""
        return sorted({area for post in self.posts if post.role in roles for area in post.area_ids})

    def teams(self, role: str) -> list[int]:
        return sorted({post.team_id for post in self.posts if post.role == role and post.team_id})

    def holds(self, *roles: str) -> bool:
        return any(post.role in roles for post in self.posts)

    def holds_other_than(self, *roles: str) -> bool:
        return any(post.role not in roles for post in self.posts)

    def ids(self, *names: str) -> list[int]:
        """The identities that the named parts hold, together: one's own, and of those for whom one covers."""
        parts = (self.parts.get(each) or () for name in names for each in (name, COVERED.format(name)))
        return sorted({pk for part in parts for pk in part})

    @cached_property
    def sort(self) -> tuple[Any, ...]:
        """What decides whether any question above is answered with nothing: one sort of person has the same queries."""
        posts = frozenset((post.role, bool(post.area_ids), bool(post.team_id)) for post in self.posts)
        return posts, frozenset(name for name, part in self.parts.items() if part and isinstance(part, list))

    @property
    def unread(self) -> int:
        return self.parts.get("unread") or 0


def read_scope(user: User) -> Scope:
    return scope_from(fetch(type(user), user.pk) or {})


def fetch(model: type[User], pk: Any) -> dict[str, Any] | None:
    """One row: the person's own columns, their agency's (``_agency_…``) and the whole of their scope; none if there is nobody.

    Few cover for somebody: what that adds is a query of its own, which nobody else waits for.
    """
    with beyond("who somebody is says what they see"):
        row = _asked(OWN, model, pk)
        if row and row["_covers"]:
            row |= _asked(OF_THOSE_COVERED, model, pk) or {}
    return row


def _asked(which: str, model: type[User], pk: Any) -> dict[str, Any] | None:
    _prepare(which, model)
    with connection.cursor() as cursor:
        cursor.execute(f"EXECUTE {which} (%s)", [pk])
        row = cursor.fetchone()
        return dict(zip((column.name for column in cursor.description), row, strict=True)) if row else None


def _prepare(which: str, model: type[User]) -> None:
    """Have the database plan the query once a connection: planning it takes twice as long as answering it (1.8 ms)."""
    connection.ensure_connection()
    if connection.connection in _prepared[which]:
        return
    sql, params = _statement(which, model, tuple(PARTS))
    with connection.connection.cursor() as cursor:
        cursor.execute(f"PREPARE {which} (bigint) AS {sql}", [PERSON if each == ANYBODY else each for each in params])
    _prepared[which].add(connection.connection)


@cache
def _statement(which: str, model: type[User], parts: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    """The query as text, with ``ANYBODY`` where the person goes.

    It is the same at every request, and composing it took fifty times what the database takes to answer it (14 ms).
    """
    rows = model._base_manager.filter(pk=ANYBODY)
    if which == OF_THOSE_COVERED:
        return rows.values(_covered=_covered_posts(), **_columns(parts, covered=True)).query.sql_with_params()
    agency = {f"_agency_{name}": F(f"agency__{name}") for name in columns_of(apps.get_model("partnership", "Agency"))}
    own = {"_posts": _posts(), "_covers": Exists(_covers(OuterRef("pk"))), **_columns(parts, covered=False)}
    return rows.values(*columns_of(model), **agency, **own).query.sql_with_params()


def columns_of(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _columns(parts: tuple[str, ...], *, covered: bool) -> dict[str, Any]:
    ending = COVERED.format("")
    return {f"_part_{name}": PARTS[name]() for name in parts if name.endswith(ending) is covered}


def scope_from(row: dict[str, Any]) -> Scope:
    held = [*(row.get("_posts") or ()), *(row.get("_covered") or ())]
    posts = tuple(_held(json.loads(post)) for post in held)
    return Scope(posts, {name: row.get(f"_part_{name}") for name in PARTS})


def _held(post: dict[str, Any]) -> Held:
    return Held(post["role"], tuple(post["areas"] or ()), post["team"])


def _posts() -> ArraySubquery:
    return _with_areas(apps.get_model("partnership", "Post").objects.filter(user=OuterRef("pk")))


def _covered_posts() -> ArraySubquery:
    """The posts of those for whom this person covers today. A query apart: an OR would read every post."""
    posts = apps.get_model("partnership", "Post").objects.filter(user__in=covered_by())
    return _with_areas(posts.exclude(role__in=NEVER_COVERED))


def covered_by() -> Any:
    """Inside a subquery of the scope: those for whom the person covers today."""
    return _covers(OuterRef(OuterRef("pk"))).values("person")


def _covers(colleague: OuterRef) -> Any:
    return apps.get_model("partnership", "Cover").objects.current().filter(colleague=colleague)


def _with_areas(posts: Any) -> ArraySubquery:
    within = apps.get_model("partnership", "Area").objects.filter(lineage__contains=_array(OuterRef("area_id")))
    held = JSONObject(role="role", team="team_id", areas=ArraySubquery(within.values("pk")))
    return ArraySubquery(posts.current().values(held=held))


def _array(reference: OuterRef) -> Any:
    return Func(reference, template="ARRAY[%(expressions)s]", output_field=ArrayField(BigIntegerField()))
