"""What may wait for a person, in one small query of the home page, however many apps have something to say.

``scope`` says what somebody may see, and every page of everybody pays for it. What is asked here is asked by the page that
shows it, and most people have none of it: then no more is read for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps

from earlyhelp.core.composed import PlannedOnce

if TYPE_CHECKING:
    from earlyhelp.partnership.models import User

COLUMN = "waits_{}"
PARTS: dict[str, Callable[[], Any]] = {}


def waiting_part(name: str) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Lodge an expression over the user (``OuterRef("pk")``): the identities of what waits, a few dozen at most.

    It finds where to look. Whether this person may is asked again of what is found, by the rule of its own.
    """

    def lodge(make: Callable[[], Any]) -> Callable[[], Any]:
        PARTS[name] = make
        return make

    return lodge


@dataclass(frozen=True)
class Waiting:
    parts: dict[str, Any]

    def ids(self, name: str) -> list[int]:
        return self.parts.get(COLUMN.format(name)) or []

    def any(self, name: str) -> bool:
        return bool(self.parts.get(COLUMN.format(name)))


def read_waiting(user: User) -> Waiting:
    found = _of(None, person=user.pk)
    return Waiting(found[0] if found else {})


@PlannedOnce
def _of(nobody: None, person: Any) -> Any:
    columns = {COLUMN.format(name): make() for name, make in PARTS.items()}
    return apps.get_model("partnership", "User")._base_manager.filter(pk=person).values(**columns)
