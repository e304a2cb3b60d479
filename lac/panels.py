"""What a coordinator has to do today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from earlyhelp.core.todo import Todo, todo
from earlyhelp.partnership.enums import Role
from lac.queries import first_contacts_due


@todo
def first_contacts(user: Any, now: datetime) -> Iterable[Todo]:
    """Somebody waits to hear from their coordinator."""
    areas = user.scope.areas(Role.LAC_COORDINATOR)
    due = first_contacts_due(areas, now) if areas else []
    return [
        Todo(30, f"Get in touch with {each.owner.person.name}, who was introduced to you", each.url, each.due_at)
        for each in due
    ]
