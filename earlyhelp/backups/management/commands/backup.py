from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from earlyhelp import embedded
from earlyhelp.backups.making import back_up
from earlyhelp.backups.programs import Failed, server_up


class Command(BaseCommand):
    help = "Everything the product holds into one new folder, while people work. The sealing keys are not in it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, help="the folder to make")

    def handle(self, *, path: Path | None, **options: Any) -> None:
        now = timezone.localtime()
        folder = path or embedded.HOME / "backups" / f"early-help-{now:%Y-%m-%d-%H%M%S}"
        try:
            with server_up():
                manifest = back_up(folder.absolute(), now=now)
        except (Failed, embedded.EmbeddedError) as problem:
            raise CommandError(str(problem)) from problem
        tables, documents = manifest["database"]["tables"], manifest["documents"]
        self.stdout.write(f"Backed up to {folder}")
        self.stdout.write(f"  {sum(table['rows'] for table in tables.values()):,} rows in {len(tables)} tables")
        self.stdout.write("  no documents are kept" if documents is None else f"  {len(documents):,} documents")
        self.stdout.write(f"  sealed with the keys: {', '.join(manifest['sealing_keys'])}. Keep those elsewhere.")
