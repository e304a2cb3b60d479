"""What is asked of other processes on this machine: which of them live, and what they are."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")


class Process(NamedTuple):
    pid: int
    group: int
    command: str


def living() -> Iterator[Process]:
    """Every process that runs; one that is dead and not yet collected by its parent does not."""
    if (PROC / "self" / "stat").exists():
        yield from _from_proc()
    else:
        yield from _from_ps()


def command_of(pid: int) -> str:
    """The words a process was started with, or nothing when it is gone."""
    return next((process.command for process in living() if process.pid == pid), "")


def group_of(leader: int, command: str) -> list[int]:
    """A process group's leader and the children it left behind, so long as they still are what we started."""
    return [process.pid for process in living() if process.group == leader and process.command == command]


def _from_proc() -> Iterator[Process]:
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):  # it ended while we looked
                state, _, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
                words = (folder / "cmdline").read_bytes().decode(errors="replace").strip("\0").split("\0")
                if state not in "ZX":
                    yield Process(int(folder.name), int(group), " ".join(words))


def _from_ps() -> Iterator[Process]:
    listing = subprocess.run(
        ["ps", "-axww", "-o", "pid=,pgid=,stat=,command="], capture_output=True, text=True, check=True
    )
    for line in listing.stdout.splitlines():
        pid, group, state, command = [*line.split(maxsplit=3), "", ""][:4]
        if not state.startswith("Z"):
            yield Process(int(pid), int(group), command)
