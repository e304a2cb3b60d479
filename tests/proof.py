"""``make prove``: the promises that take longer to prove than a test run may last. One line is printed for each."""

import os
from dataclasses import dataclass

import pytest

LINES = []


@dataclass
class Proof:
    """What was tried and what came of it; ``kept`` is asserted as well as printed."""

    promise: str

    def line(self, tried, found, *, kept):
        LINES.append(f"{self.promise} | {tried} | {found} | {'kept' if kept else 'BROKEN'}")
        assert kept, LINES[-1]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """``PROMISES="P9 P10"`` proves those alone."""
    wanted = {name.upper() for name in os.environ.get("PROMISES", "").split()}
    for item in items:
        marker = item.get_closest_marker("promise")
        if marker:
            item.add_marker(pytest.mark.prove)
        if wanted and item.get_closest_marker("prove") and not (marker and marker.args[0] in wanted):
            item.add_marker(pytest.mark.skip(reason="not asked for"))


@pytest.fixture
def proof(request):
    return Proof(request.node.get_closest_marker("promise").args[0])


def pytest_terminal_summary(terminalreporter):
    if LINES:
        terminalreporter.section("promises")
        for line in sorted(LINES, key=lambda line: int(line.partition(" ")[0][1:])):
            terminalreporter.write_line(line)
