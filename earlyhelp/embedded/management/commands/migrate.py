"""Django's ``migrate``, in seconds where there is nothing yet."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from earlyhelp.embedded.quick_migrations import quick_migrations


class Command(migrate.Command):
    """Whoever begins, at a desk or in production, does not wait for what only a database in use needs."""

    def handle(self, *args: Any, **options: Any) -> None:
        begun = MigrationRecorder(connections[options["database"]]).applied_migrations()
        with nullcontext() if begun else quick_migrations():
            super().handle(*args, **options)
