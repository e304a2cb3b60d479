"""A query composed once a process: from then on only its values are new.

Building a queryset and compiling it to SQL took two thirds of a page's time, anew at each request, for a text that is the
same every time (ADR 8). ``Composed`` keeps the text, has each connection plan it once, and puts the values in:

    @Composed
    def of_lead(user, today):
        return Case.objects.for_user(user, "lead").filter(next_review_on__lt=today).select_related("family")

    of_lead(request.user, today=today)

``make`` never meets the person: it is given a ``StandIn``, which answers with places for values, and what a rule may ask
of a person's reach with yes or no («holds a post as chair», «is on a team»). For people who differ in those answers the
query is composed apart. Whatever else is asked of the stand-in is an error, so that no rule can be decided by somebody
else's answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from django.core.exceptions import EmptyResultSet
from django.db import connections, transaction
from django.db.models import Func, IntegerField, Model
from django.http import Http404

from earlyhelp.core.access import written_on
from earlyhelp.core.prepared import name_of, written
from earlyhelp.core.standin import AMONG, IN_SEVERAL, Identities, Place, Slot, StandIn

M = TypeVar("M", bound=Model)
ALL: WeakSet[Composed] = WeakSet()
# In the same message as what it is for: to the database the two are one transaction, and the setting ends with it.
# Within a deed that is the deed's own transaction, and it holds for whatever else the deed asks: what deeds of every kind
# ask, such as whom a notice reaches, is only ``Composed``.
PLAN_ONCE = "SET LOCAL plan_cache_mode = force_generic_plan; "
TEXTS = 200  # of one query: as many sorts of people, and of filters chosen


@dataclass(frozen=True)
class Text:
    """A query as text, and the compiler that makes rows of its answer."""

    rows: Any
    compiler: Any
    converters: Any  # what becomes of the columns' values: Django would ask each column anew each time
    query: str  # as it was ``written``
    slots: tuple[Slot, ...]
    once: bool = False  # see ``PlannedOnce``

    def answered(self, user: Any, given: dict[str, Any], limits: str = "") -> list[Any]:
        compiler, statement = copy(self.compiler), self._statement(self.query + limits, user, given)
        compiler.connection = connections[compiler.using]  # of this thread
        compiler.as_sql = lambda *args, **kwargs: statement
        compiler.get_converters = lambda columns: self.converters
        rows = self.rows._chain()
        rows.query.get_compiler = lambda *args, **kwargs: compiler
        rows._judged = written_on(rows, user)
        return list(rows)

    def counted(self, user: Any, given: dict[str, Any]) -> int:
        with connections[self.compiler.using].cursor() as cursor:
            cursor.execute(*self._statement(f"SELECT count(*) FROM ({self.query}) AS counted", user, given))
            return cursor.fetchone()[0]

    def _statement(self, query: str, user: Any, given: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
        prepared = name_of(connections[self.compiler.using], query)
        values = tuple(each.read(user, given) for each in self.slots)
        ask = f"EXECUTE {prepared} ({', '.join(['%s'] * len(values))})" if values else f"EXECUTE {prepared}"
        return (PLAN_ONCE + ask if self.once else ask), values


class Composed:
    """``make(stand_in, *options, **places)`` answers a queryset, and is asked once for each sort of person and options.

    Asked with ``(user, *options, **values)``; ``None`` asks for nobody, where no rule is in question. Options are part of
    the text, values are not; an empty list of identities is.
    """

    once = False

    def __init__(self, make: Callable[..., Any]) -> None:
        self.make = make
        self._texts: dict[Hashable, Text | None] = {}
        ALL.add(self)

    def __call__(self, user: Any, *options: Hashable, **given: Any) -> list[Any]:
        text = self.text(user, options, given)
        return text.answered(user, given) if text else []

    def one_or_404(self, user: Any, *options: Hashable, **given: Any) -> Any:
        if found := self(user, *options, **given):
            return found[0]
        raise Http404

    def rows(self, user: Any, *options: Hashable, **given: Any) -> Rows:
        return Rows(self, user, options, given)

    def text(
        self, user: Any, options: tuple[Hashable, ...], given: dict[str, Any], counting: bool = False
    ) -> Text | None:
        if user is not None and not (user.is_authenticated and user.is_active):
            return None  # a stand-in is always somebody who may sign in
        empty = tuple(name for name, value in given.items() if value == [])
        asker = (user.scope.sort, bool(user.agency_id)) if user else None
        key = (asker, options, tuple(given), empty, counting)
        if key not in self._texts:
            if len(self._texts) >= TEXTS:
                self._texts.clear()
            self._texts[key] = self._compose(user, options, given, counting)
        return self._texts[key]

    def _compose(self, user: Any, options: tuple[Hashable, ...], given: dict[str, Any], counting: bool) -> Text | None:
        rows = self.make(
            StandIn(user) if user else None, *options, **{name: _place(name, value) for name, value in given.items()}
        )
        if counting:
            rows = rows.order_by().values("pk")
        compiler = rows.query.get_compiler(rows.db)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        if frozen := [each for each in params if isinstance(each, date)]:
            raise TypeError(
                f"What is composed for every day cannot hold one: {frozen[0]}. Give it as a value, or say ``Today``."
            )
        converters = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
        query = written(connections[rows.db], sql.replace(IN_SEVERAL, AMONG), params)
        return Text(
            rows, compiler, converters, query, tuple(each for each in params if isinstance(each, Slot)), self.once
        )


class PlannedOnce(Composed):
    """The same, for a large query over a few rows that one value leads to: to plan it takes longer than to answer it.

    The database otherwise plans it anew each time, for the values at hand; where those decide what is read first that is
    well spent (the queue of a county), and here it is not.
    """

    once = True


class Records(PlannedOnce, Generic[M]):
    """Records of a kind, one of which is asked for with an action, and which one it is."""


@dataclass(frozen=True)
class Rows:
    """For a page of a list: they are counted, and then a slice of them is read."""

    composed: Composed
    user: Any
    options: tuple[Hashable, ...]
    given: dict[str, Any]

    def __getitem__(self, part: slice) -> list[Any]:
        text = self.composed.text(self.user, self.options, self.given)
        limits = f" LIMIT {int(part.stop - part.start)} OFFSET {int(part.start)}"
        return text.answered(self.user, self.given, limits) if text else []

    def count(self) -> int:
        text = self.composed.text(self.user, self.options, self.given, counting=True)
        return text.counted(self.user, self.given) if text else 0


def record(make: Callable[..., Any]) -> Records[Any]:
    """Records of a kind with what their page says of them, for ``open_record``."""
    return Records(lambda user, action, **lookup: make(user).for_user(user, action).filter(**lookup))


def records(model: type[M], *beside: str) -> Records[M]:
    """The same for a page that says nothing more of one than what stands in it, and in what it belongs to: ``beside``."""
    return _records(model, beside)


@cache
def _records(model: type[Model], beside: tuple[str, ...]) -> Records[Any]:
    scoped: Any = model._default_manager
    return record(lambda user: scoped.select_related(*beside) if beside else scoped.all())


def held(model: type[M], pk: Any) -> M:
    """The record as it stands, held for the rest of the transaction. Raises ``DoesNotExist``."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("Nothing is held outside a transaction.")
    if found := _held(model)(None, pk=pk):
        return found[0]
    raise model.DoesNotExist  # type: ignore[attr-defined]


@cache
def _held(model: type[Model]) -> Composed:
    return Composed(lambda nobody, pk: model._base_manager.select_for_update().filter(pk=pk))


def forget() -> None:
    """Compose everything anew: a rule has been changed while the process runs, as only a test does."""
    for each in ALL:
        each._texts.clear()


class Number(Func):
    """How many rows satisfy a condition, beside how many satisfy others: ``values(late=Number(Q(...)))`` is one row."""

    template = "COUNT(*) FILTER (WHERE %(expressions)s)"
    output_field = IntegerField()


def _place(name: str, value: Any) -> Any:
    if value == []:
        return []
    if isinstance(value, list):
        return Identities(lambda user, given: given[name], True)
    return Place(lambda user, given: _fitting(getattr(given[name], "pk", given[name])))


def _fitting(value: Any) -> Any:
    """What no column can hold, such as a number from an address, is equal to nothing; the database would refuse it."""
    return None if isinstance(value, int) and not -(2**63) <= value < 2**63 else value
