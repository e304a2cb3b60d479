"""Somebody who stands in while a query is composed for everybody: see ``core.composed``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Expression
from django.utils import timezone
from psycopg2.extensions import adapt, register_adapter

Read = Callable[[Any, dict[str, Any]], Any]


class Slot(Expression):
    """In a query, where a value is put in: ``read`` says which, of the person who asks and of what was given."""

    def __init__(self, read: Read) -> None:
        super().__init__()
        self.read = read

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


# Django writes a list of any length as ``IN (...)``; to be planned for every length it is one array.
SEVERAL = "(%s /* several */)"
IN_SEVERAL, AMONG = f"IN {SEVERAL}", "= ANY(%s)"


class Several(Slot):
    """Where several identities are put in, for ``IN``."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return SEVERAL, [self]


class NoneAtAll(Slot):
    """Where none is put in: Django leaves the whole comparison out."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        raise EmptyResultSet


class Place:
    """In a rule, where a value will be. What it is, and whether it is true, cannot be asked: it differs from one to the next."""

    def __init__(self, read: Read) -> None:
        self.read = read

    def __bool__(self) -> bool:
        raise TypeError("What is composed for everybody cannot depend on one person's value.")

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Slot:
        return Slot(self.read)


class Present(Slot):
    """The day on which the database is asked: put in by whoever puts values in, composed or not."""


class Today(Place):
    """For a rule that speaks of today: a query that is composed once is asked on many days."""

    def __init__(self) -> None:
        super().__init__(lambda user, given: timezone.localdate())

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Slot:
        return Present(self.read)


register_adapter(Present, lambda present: adapt(present.read(None, {})))


class Known(Place):
    """A value of which it is known whether there is any: those for whom there is none have a query of their own."""

    def __init__(self, read: Read, there: bool) -> None:
        super().__init__(read)
        self.there = there

    def __bool__(self) -> bool:
        return self.there


class Identities(Known):
    """As many identities as there are."""

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Slot:
        return Several(self.read) if self.there else NoneAtAll(self.read)


class StandIn(Place):
    """Somebody signed in and active, of whom only this is known: what their reach has and has not."""

    is_authenticated = is_active = True

    def __init__(self, user: Any) -> None:
        super().__init__(lambda person, given: person.pk)
        self.pk = self.id = Place(lambda person, given: person.pk)
        self.agency_id = Known(lambda person, given: person.agency_id, bool(user.agency_id))
        self.scope = StandInScope(user.scope)


class StandInScope:
    """The reach of a stand-in: ``partnership.scope.Scope`` with places for identities."""

    def __init__(self, scope: Any) -> None:
        self._scope = scope

    def holds(self, *roles: str) -> bool:
        return self._scope.holds(*roles)

    def holds_other_than(self, *roles: str) -> bool:
        return self._scope.holds_other_than(*roles)

    def areas(self, *roles: str) -> Identities:
        return self._of("areas", *roles)

    def ids(self, *names: str) -> Identities:
        return self._of("ids", *names)

    def teams(self, role: str) -> Identities:
        return self._of("teams", role)

    def _of(self, name: str, *asked: str) -> Identities:
        there = bool(getattr(self._scope, name)(*asked))
        return Identities(lambda person, given: getattr(person.scope, name)(*asked), there)
