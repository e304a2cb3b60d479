"""The two servers a bare machine lacks, held in one folder.

Used only where ``DATABASE_URL`` or ``REDIS_URL`` is not set; production sets both. This package imports nothing of
the product.
"""

import os
import sys
from pathlib import Path

if os.name != "posix":
    sys.exit("Early Help runs on Linux and macOS. On Windows, run it inside WSL or with Docker Compose.")

from earlyhelp.embedded.errors import EmbeddedError
from earlyhelp.embedded.postgres import DISPOSABLE, EmbeddedPostgres
from earlyhelp.embedded.sockets import digest
from earlyhelp.embedded.valkey import EmbeddedValkey

__all__ = ["HOME", "EmbeddedError", "broker", "database"]

PROJECT = Path(__file__).resolve().parents[2]


def _home() -> Path:
    """Root's data must lie where the servers' own account may go, apart from that of any other checkout."""
    if given := os.environ.get("EARLYHELP_HOME"):
        return Path(given).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/earlyhelp") / f"{PROJECT.name[:20]}-{digest(PROJECT)}"
    return PROJECT / "var"


HOME = _home()


def database(home: Path | None = None, *, disposable: bool = False) -> EmbeddedPostgres:
    return EmbeddedPostgres((home or HOME) / "postgres", DISPOSABLE if disposable else None)


def broker(home: Path | None = None) -> EmbeddedValkey:
    return EmbeddedValkey((home or HOME) / "valkey")
