"""A folder for one run of the tests: its servers and its files go when the run ends, however it ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from earlyhelp.embedded.postgres import EmbeddedPostgres
from earlyhelp.embedded.valkey import EmbeddedValkey


@contextlib.contextmanager
def throwaway(parent: Path) -> Iterator[Path]:
    """A folder of its own; on entering, whatever an earlier, killed run left behind is cleared away.

    A lock file beside the folder says that its run lives: the kernel lets go of it when the run dies.
    """
    parent.mkdir(parents=True, exist_ok=True)
    with _alone(parent):
        for lock in parent.glob("*.lock"):
            _clear_if_abandoned(lock)
        folder = parent / uuid.uuid4().hex[:12]
        lock, held = folder.with_suffix(".lock"), os.open(folder.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        with _alone(parent):
            _clear(folder)
            lock.unlink()
            os.close(held)


def _clear_if_abandoned(lock: Path) -> None:
    with open(lock, "a") as handle, contextlib.suppress(BlockingIOError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _clear(lock.with_suffix(""))
        lock.unlink()


def _clear(folder: Path) -> None:
    for name, server in (("postgres", EmbeddedPostgres), ("valkey", EmbeddedValkey)):
        for home in [*folder.glob(name), *folder.glob(f"*/{name}")]:
            server(home).discard()
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _alone(parent: Path) -> Iterator[None]:
    with open(parent / "turn", "a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
