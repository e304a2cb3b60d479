"""The table of the benchmark, and which targets it meets (performance.md)."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from earlyhelp.demo.bench import client
from earlyhelp.demo.bench.client import Measured
from earlyhelp.demo.bench.pages import READ, Page

RATIO, SWEEP = 0.20, 20_000
TURNS = 5
YARDSTICK = 1.8  # milliseconds that raw SQL for a caseload took where the targets in milliseconds were set
HEADINGS = ("page", "median ms", "p95 ms", "queries", "ratio to raw SQL")


def measure(page: Page, port: int) -> tuple[Measured, float]:
    """The page, and how it stands to hand-written SQL for the same rows.

    The two take turns: whatever else the machine does then falls on both, and one disturbed turn is outvoted by the others.
    """
    median, p95, queries = client.alone(port, page.requests(), expected=page.expected)
    if page.saves:
        limit, _, _ = client.alone(port, page.bare_requests(), expected=200)
        return Measured(median, p95, queries, 1000 / median), limit / median
    ours, theirs = page.requests(), page.bare_requests()
    turns = [
        (client.rate(port, ours, expected=page.expected), client.rate(port, theirs, expected=200)) for _ in range(TURNS)
    ]
    rate = statistics.median(done for done, _ in turns)
    return Measured(median, p95, queries, rate), statistics.median(done / limit for done, limit in turns)


def raw_caseload(caseload: Page, port: int) -> float:
    """Milliseconds that the machine takes for hand-written SQL alone, page and count."""
    taken, _, _ = client.alone(port, caseload.bare_requests(), expected=200)
    return taken


def yardstick(taken: float) -> str:
    """How much slower this machine is than that for which the milliseconds of the targets are meant."""
    times = taken / YARDSTICK
    return f"Raw SQL for a caseload, alone: {taken:.1f} ms, {times:.1f} times what it took where the targets were set."


def line(*cells: object) -> str:
    name, *numbers = map(str, cells)
    return f"  {name:<16}" + "".join(f"{number:>18}" for number in numbers)


def row(page: Page, measured: Measured, ratio: float) -> str:
    return line(page.name, f"{measured.median:.1f}", f"{measured.p95:.1f}", measured.queries, f"{ratio:.2f}")


def misses(page: Page, measured: Measured, ratio: float) -> list[str]:
    """What this page does not meet, in words."""
    found = []
    if measured.median > page.target:
        found.append(f"{page.name}: {measured.median:.0f} ms, not {page.target:.0f}")
    if page.most_queries is not None and measured.queries > page.most_queries:
        found.append(f"{page.name}: {measured.queries} queries, not {page.most_queries}")
    if page.target == READ and ratio < RATIO:
        found.append(f"{page.name}: {ratio:.2f} of the rate of raw SQL, not {RATIO:.2f}")
    return found


def targets(page: Page) -> int:
    """How many there are for this page: its time; of lists and records also the queries and the ratio."""
    return 1 + (page.most_queries is not None) + (page.target == READ)


def closing(missed: list[str], asked: int, say: Callable[[str], object]) -> None:
    if not missed:
        say(f"All {asked} targets are met.")
        return
    say(f"{asked - len(missed)} of {asked} targets are met. Not met:")
    for each in missed:
        say(f"  {each}")
