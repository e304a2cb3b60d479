from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from earlyhelp import embedded
from earlyhelp.backups.programs import Failed, is_embedded, server_up
from earlyhelp.backups.restoring import restore
from earlyhelp.core.sealing import key_ids
from earlyhelp.embedded.children import Children


class Command(BaseCommand):
    help = "Put a backup in the place of what the database holds, and compare it with what was backed up."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the folder that 'backup' made")
        parser.add_argument("--replace", action="store_true", help="what the database holds now may go")

    def handle(self, *, path: Path, replace: bool, **options: Any) -> None:
        try:
            with nothing_runs(), server_up():
                manifest = restore(path.absolute(), replace=replace)
        except (Failed, embedded.EmbeddedError) as problem:
            raise CommandError(str(problem)) from problem
        tables = manifest["database"]["tables"]
        rows = sum(table["rows"] for table in tables.values())
        self.stdout.write(f"Restored {path}, made at {manifest['made_at']}: {rows:,} rows in {len(tables)} tables,")
        self.stdout.write("each table and document equal to what was backed up.")
        if missing := set(manifest["sealing_keys"]) - set(key_ids()):
            self.stdout.write(
                f"Put these keys back into SEALING_KEYS, or what they sealed stays shut: {sorted(missing)}"
            )
        self.stdout.write("Next, if the release is newer than the backup: manage.py migrate. Then start it.")


@contextmanager
def nothing_runs() -> Iterator[None]:
    """For the embedded database, whose web and worker can be seen even while they hold no connection."""
    if not is_embedded():
        yield
        return
    with Children(embedded.HOME, embedded.PROJECT, {}).alone("'make restore'"):
        yield
