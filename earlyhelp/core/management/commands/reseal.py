from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from earlyhelp.core.resealing import in_use, places, reseal
from earlyhelp.core.sealing import key_ids
from earlyhelp.core.wall import as_system


class Command(BaseCommand):
    help = "Seal anew with the newest key what an older one sealed, while people work; then the older one can be taken away."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; ends with 1 while any but the newest key is needed"
        )

    def handle(self, *, check: bool = False, **options: Any) -> None:
        with as_system():  # however it was started: a key must not be taken for idle because rows were out of sight
            shut = 0 if check else self._reseal()
            needed = self._say_keys()
        if shut:
            raise CommandError(f"Rows that do not open, and stay as they are: {shut}. See docs/production.md.")
        if needed:
            raise CommandError(f"Still needed besides the newest: {', '.join(needed)}.")

    def _reseal(self) -> int:
        """How many do not open."""
        shut = 0
        for place in places():
            done = reseal(place)
            shut += len(done.shut)
            self.stdout.write(f"{place.kind}: {done.anew} sealed anew")
            if done.changed:
                self.stdout.write(f"  {done.changed} were changed meanwhile")
            if done.shut:
                self.stdout.write(f"  do not open: {', '.join(map(str, done.shut))}")
        return shut

    def _say_keys(self) -> list[str]:
        """Those that are needed besides the newest, and first what each is needed for."""
        used, held = in_use(), key_ids()
        for key in [*held, *sorted(used.keys() - set(held))]:
            self.stdout.write(f"key {key}{'' if key in held else ' (not held)'}: {_told(used.get(key, Counter()))}")
        return [key for key in used if key != held[0]]


def _told(rows: Counter[str]) -> str:
    return ", ".join(f"{kind} ({number})" for kind, number in sorted(rows.items())) or "nothing is sealed with it"
