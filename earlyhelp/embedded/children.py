"""The processes `serve` looks after: web, worker and scheduler. They start with it and none outlives it.

Three lines of defence. Linux ends a child whose parent dies. Each start is written to a file, so that what a killed
run left behind is recognised, by its process id and its command, and ended before the next. A lock says whether a run
lives at all.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from earlyhelp.embedded.errors import EmbeddedError
from earlyhelp.embedded.processes import group_of

GRACE = 10  # seconds a child is given to finish what it is doing
RESTARTS, WITHIN = 3, 60  # a child that ends more often than this, in so many seconds, will not recover by itself
DIE_WITH_PARENT = 1  # Linux's PR_SET_PDEATHSIG


@dataclass
class Child:
    """One process and the file it speaks to."""

    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)

    def start(self, cwd: Path, environment: Mapping[str, str]) -> None:
        self.starts.append(time.monotonic())
        mode = "wb" if len(self.starts) == 1 else "ab"
        with self.log.open(mode) as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for `serve`, which then stops each in order
                preexec_fn=_die_with(os.getpid()),
            )

    def ended(self) -> int | None:
        return self.process.poll() if self.process else None

    def tired(self) -> bool:
        """Whether it has ended too often to be started again."""
        return len([at for at in self.starts if time.monotonic() - at < WITHIN]) > RESTARTS


class Children:
    """All of them, and the note of what runs."""

    def __init__(self, home: Path, cwd: Path, environment: Mapping[str, str]) -> None:
        self.note = home / "serve.json"
        self.lock = home / "serve.lock"
        self.cwd, self.environment = cwd, environment
        self.all: list[Child] = []

    @contextlib.contextmanager
    def alone(self, address: str) -> Iterator[None]:
        """Refuse to run twice from one folder, and end what a killed run left in it."""
        self.lock.parent.mkdir(parents=True, exist_ok=True)
        with self.lock.open("a+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                handle.seek(0)
                raise EmbeddedError(
                    f"Early Help already runs from this folder, at {handle.read().strip()}. "
                    "Stop it first: Ctrl-C where it runs."
                ) from None
            handle.truncate(0)
            handle.write(address)
            handle.flush()
            self.end_leftovers()
            yield

    def end_leftovers(self) -> None:
        with contextlib.suppress(FileNotFoundError, ValueError):
            noted = json.loads(self.note.read_text())
            _end([(pid, command) for pid, command in noted])
        self.note.unlink(missing_ok=True)

    def start(self, child: Child) -> None:
        if child not in self.all:
            self.all.append(child)
        child.start(self.cwd, self.environment)
        self._write_note()

    def end_rest_of(self, child: Child) -> None:
        """End at once what a child that is gone left behind in its group."""
        if child.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: nothing but the dead is left
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()

    def ended(self) -> Child | None:
        return next((child for child in self.all if child.ended() is not None), None)

    def stop(self) -> None:
        """All at once, each in its own time; whoever takes too long is ended."""
        running = [child.process for child in self.all if child.process]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
        for child in self.all:
            self.end_rest_of(child)
        self.all.clear()
        self.note.unlink(missing_ok=True)

    def _write_note(self) -> None:
        noted = [(child.process.pid, " ".join(child.command)) for child in self.all if child.process]
        fresh = self.note.with_suffix(".new")
        fresh.write_text(json.dumps(noted))
        fresh.replace(self.note)


def _end(groups: list[tuple[int, str]]) -> None:
    """End each group so far as it still is what we started: a process id may be another's by now."""
    signalled, started = False, time.monotonic()
    while left := {leader: pids for leader, command in groups if (pids := group_of(leader, command))}:
        waited = time.monotonic() - started
        if waited > 2 * GRACE:
            raise EmbeddedError(f"These processes of an earlier run do not end: {sorted(map(list, left.values()))}.")
        if waited > GRACE:
            _send(signal.SIGKILL, [pid for pids in left.values() for pid in pids])
        elif not signalled:
            for leader, pids in left.items():  # the leader tells its own children; orphans are told directly
                _send(signal.SIGTERM, [leader] if leader in pids else pids)
            signalled = True
        time.sleep(0.05)


def _send(what: signal.Signals, pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, what)


def _die_with(parent: int) -> Callable[[], None] | None:
    """For Linux: have the kernel end this child in order when its parent is gone, however it went."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def arrange() -> None:
        libc.prctl(DIE_WITH_PARENT, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)  # it went before we asked

    return arrange
