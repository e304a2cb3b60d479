"""What held documents ask of a person today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from earlyhelp.core.todo import Todo, todo
from earlyhelp.documents.models import Document
from earlyhelp.partnership.enums import Role


def waiting_held(user: Any, now: datetime) -> int:
    return Document.objects.for_user(user, "govern").held().count()


@todo
def held_documents(user: Any, now: datetime) -> Iterable[Todo]:
    if not user.scope.holds(Role.IG_LEAD):
        return
    if n := waiting_held(user, now):
        what = "a document that is" if n == 1 else f"{n} documents that are"
        yield Todo(20, f"Release or refuse {what} held", reverse("documents:held"))
