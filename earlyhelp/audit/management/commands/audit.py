from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from earlyhelp.audit import seals


class Command(BaseCommand):
    help = "Whether what was written of who changed and who looked is still what was written."

    def add_arguments(self, parser: CommandParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        verify = deeds.add_parser("verify", help="recompute every seal; ends with 1 and names what does not fit")
        verify.add_argument(
            "--expect", default="", help="a head that was kept elsewhere: it must still be in the chain"
        )
        deeds.add_parser("head", help="print the hash of the last seal, to be kept elsewhere")
        deeds.add_parser("seal", help="seal now what the next minute would seal")

    def handle(self, *, deed: str, expect: str = "", **options: Any) -> None:
        match deed:
            case "verify":
                self._verify(expect)
            case "head":
                self._head()
            case "seal":
                self.stdout.write(f"{seals.seal(now=timezone.now())} seals were made.")

    def _verify(self, expect: str) -> None:
        if faults := seals.verify(expect=expect):
            for fault in faults:
                self.stdout.write(str(fault))
            raise CommandError(f"{len(faults)} faults: what is in the log is not what was written.", returncode=1)
        last = seals.head()
        self.stdout.write(f"All is as it was written, up to seal {last.number}." if last else "Nothing is sealed yet.")

    def _head(self) -> None:
        if last := seals.head():
            self.stdout.write(f"{last.hash}  seal {last.number}, {last.sealed_at:%Y-%m-%d %H:%M} UTC")
