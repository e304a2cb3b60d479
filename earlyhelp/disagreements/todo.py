"""What disagreements ask of a person today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from earlyhelp.core.todo import Todo, todo
from earlyhelp.core.words import within
from earlyhelp.disagreements.models import Disagreement
from earlyhelp.disagreements.queries import with_due


@todo
def disagreements_to_settle(user: Any, now: datetime) -> Iterable[Todo]:
    """Whoever raised it, while it is between two workers; then those of the stage that it has reached."""
    if not user.scope.ids("disagreements"):
        return
    for each in with_due(Disagreement.objects.for_user(user, "hold").open()).order_by("due_at", "pk")[:5]:
        yield Todo(
            10, f"Settle disagreement {each.reference}, {within(each.state)}", each.get_absolute_url(), each.due_at
        )
