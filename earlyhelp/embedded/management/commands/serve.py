"""Run the whole product on this machine, for a demonstration or for development."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from earlyhelp import embedded
from earlyhelp.embedded.account import last_lines
from earlyhelp.embedded.children import RESTARTS, WITHIN, Child, Children
from earlyhelp.embedded.static import collect_if_changed, refuse_unbuilt

HOST = "127.0.0.1"  # this machine only: the demonstration's passwords are printed on the screen
MOST_WEB_WORKERS = 12
UNTIL_UP = 120  # seconds, on a slow machine
LOOK_EVERY = 2  # seconds between looks at the servers
STOPPED_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    help = "Start the database, the broker, the web, the worker and the scheduler; Ctrl-C stops them all."
    requires_system_checks = ()  # `migrate` makes them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, port: int, **options: Any) -> None:
        refuse_production()
        refuse_unbuilt()
        for which in STOPPED_BY:
            signal.signal(which, stop_once)
        try:
            with ExitStack() as stack:
                self._run(port, stack)
        except KeyboardInterrupt:
            self.stdout.write("Stopped. Nothing of it runs any more.")
        except embedded.EmbeddedError as error:
            raise CommandError(str(error)) from error

    def _run(self, port: int, stack: ExitStack) -> None:
        address = f"http://{HOST}:{port}/"
        children = Children(embedded.HOME, embedded.PROJECT, os.environ | {"SITE_URL": address.rstrip("/")})
        stack.enter_context(children.alone(address))
        refuse_taken(port)
        servers = self._servers(stack)
        self._prepare()
        stack.callback(children.stop)
        stack.callback(self._stopping)
        self._start(children, port)
        self._introduce(address)
        self._watch(children, servers)

    def _servers(self, stack: ExitStack) -> list[Any]:
        """The embedded ones, so far as the settings name no others."""
        held = []
        for server in embedded_servers():
            with self._step(f"Starting the {server.name}"):
                server.acquire()
            stack.callback(server.release)
            held.append(server)
        stack.callback(connections.close_all)
        return held

    def _prepare(self) -> None:
        with self._step("Bringing the tables up to date"):
            call_command("migrate", interactive=False, verbosity=0)
        with self._step("Preparing styles and scripts"):
            collect_if_changed()
        self.stdout.write("Looking at the invented county ...")
        call_command("demo", if_empty=True, stdout=self.stdout)
        connections.close_all()

    def _start(self, children: Children, port: int) -> None:
        """The web first, and alone: all three load the same code, and that is what somebody waits for."""
        with self._step("Starting web, worker and scheduler"):
            first, *others = processes(port)
            children.start(first)
            deadline = time.monotonic() + UNTIL_UP
            while not healthy(port):
                if (ended := children.ended()) or time.monotonic() > deadline:
                    raise CommandError(trouble(ended or first))
                time.sleep(0.1)
            for child in others:
                children.start(child)

    def _introduce(self, address: str) -> None:
        self.stdout.write("")
        call_command("demo", sign_ins=True, stdout=self.stdout)
        connections.close_all()
        self.stdout.write(f"\nEarly Help is at {self.style.SUCCESS(address)}")
        self.stdout.write(f"Logs are in {embedded.HOME / 'logs'}. Ctrl-C stops everything.")
        self.stdout.flush()

    def _watch(self, children: Children, servers: list[Any]) -> None:
        """Until somebody stops it: whatever ends is started again, and said so."""
        looked = time.monotonic()
        while True:
            time.sleep(0.2)
            if child := children.ended():
                self._restart(children, child)
            if time.monotonic() - looked > LOOK_EVERY:
                for server in servers:
                    if not server.running():
                        with self._step(f"The {server.name} stopped; starting it again"):
                            server.acquire()
                looked = time.monotonic()

    def _restart(self, children: Children, child: Child) -> None:
        children.end_rest_of(child)
        if child.tired():
            raise CommandError(f"{trouble(child)}\nIt ended more than {RESTARTS} times in {WITHIN} seconds: stopping.")
        self.stdout.write(f"The {child.name} ended ({outcome(child)}); starting it again. Its log: {child.log}")
        children.start(child)

    def _stopping(self) -> None:
        """Nothing may interrupt this either where it stops by itself, because something did not work."""
        hear_no_more()
        self.stdout.write("\nStopping ...")
        self.stdout.flush()

    @contextlib.contextmanager
    def _step(self, what: str) -> Iterator[None]:
        """Say what happens while it happens, and how long it took."""
        self.stdout.write(f"{what} ... ", ending="")
        self.stdout.flush()
        started = time.monotonic()
        yield
        self.stdout.write(f"{time.monotonic() - started:.1f} s")
        self.stdout.flush()


def stop_once(*_: Any) -> None:
    """The first signal stops everything; a second, at any time, must not leave half of it running. `make` passes its own on."""
    hear_no_more()
    raise KeyboardInterrupt


def hear_no_more() -> None:
    for which in STOPPED_BY:
        signal.signal(which, signal.SIG_IGN)


def refuse_production() -> None:
    if settings.PRODUCTION:
        raise CommandError(
            "'serve' is the demonstration: it invents a county and prints passwords. For production see "
            "docs/production.md. To demonstrate on a database of your own, set EARLYHELP_MODE=demo."
        )


def refuse_taken(port: int) -> None:
    """Now, rather than after a minute's work."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {port} cannot be used ({getattr(error, 'strerror', None) or error}). Another program may have "
                f"it. Choose another, for example: make run PORT={port + 1 if 1024 < port < 65535 else 8001}"
            ) from error


def embedded_servers() -> Iterator[Any]:
    database, broker = embedded.database(), embedded.broker()
    if settings.DATABASES["default"]["HOST"] == database.settings_dict()["HOST"]:
        yield database
    if broker.url() == settings.REDIS_URL:
        yield broker


def processes(port: int) -> list[Child]:
    logs = embedded.HOME / "logs"
    logs.mkdir(exist_ok=True)
    commands = {"web": web(port), "worker": worker(), "scheduler": scheduler()}
    return [Child(name, [sys.executable, "-m", *command], logs / f"{name}.log") for name, command in commands.items()]


def web(port: int) -> list[str]:
    workers = min(2 * (os.cpu_count() or 1), MOST_WEB_WORKERS)
    memory = ["--worker-tmp-dir", "/dev/shm"] if Path("/dev/shm").is_dir() else []
    bind = ["--bind", f"{HOST}:{port}", "--workers", str(workers), "--preload", "--no-control-socket"]
    return ["gunicorn", "earlyhelp.wsgi", *bind, *memory, "--graceful-timeout", "5", "--log-level", "warning"]


def worker() -> list[str]:
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]  # there is no other worker to speak to
    return ["celery", "-A", "earlyhelp", "worker", "--concurrency", "2", "--loglevel", "warning", *alone]


def scheduler() -> list[str]:
    return ["celery", "-A", "earlyhelp", "beat", "--loglevel", "warning", "--pidfile", ""]


def healthy(port: int) -> bool:
    line = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def outcome(child: Child) -> str:
    status = child.ended()
    if status is None:
        return "it runs, but does not answer"
    return f"by signal {-status}" if status < 0 else f"with status {status}"


def trouble(child: Child) -> str:
    return f"The {child.name} did not work ({outcome(child)}). Its log, {child.log}, ends:\n{last_lines(child.log)}"
