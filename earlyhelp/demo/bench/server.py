"""The web as it is in production: gunicorn, two sync workers a core, on this machine only."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time
from collections.abc import Iterator

from django.core.management import CommandError

from earlyhelp import embedded
from earlyhelp.embedded.children import Child, Children
from earlyhelp.embedded.management.commands.serve import HOST, healthy, trouble, web

UNTIL_UP = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serving() -> Iterator[int]:
    """The port on which the product answers, for as long as this lasts."""
    port, logs = free_port(), embedded.HOME / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "earlyhelp.demo.bench.settings"}
    child = Child("web", [sys.executable, "-m", *web(port)], logs / "bench.log")
    children = Children(embedded.HOME, embedded.PROJECT, environment)
    try:
        children.start(child)
        deadline = time.monotonic() + UNTIL_UP
        while not healthy(port):
            if child.ended() is not None or time.monotonic() > deadline:
                raise CommandError(trouble(child))
            time.sleep(0.1)
        yield port
    finally:
        children.stop()
