"""Several at once: each deed in a thread and a connection of its own, all let go at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection


def together(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all of them at once; each answer, or the exception it ended with. For a test with ``transaction=True``."""
    gate = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            gate.wait(10)
            return deed()
        except Exception as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))
