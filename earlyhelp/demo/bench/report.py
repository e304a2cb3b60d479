"""The table of the benchmark, and which targets it meets (performance.md)."""

from __future__ import annotations

from collections.abc import Callable

from earlyhelp.demo.bench import client
from earlyhelp.demo.bench.client import Measured
from earlyhelp.demo.bench.pages import Page

RATIO, SWEEP = 0.20, 20_000
HEADINGS = ("page", "median ms", "p95 ms", "queries", "ratio to raw SQL")


def measure(page: Page, port: int) -> tuple[Measured, float]:
    """The page, and its rate over that of hand-written SQL for the same rows, measured one after the other."""
    median, p95, queries = client.alone(port, page.requests(), expected=page.expected)
    rate = client.rate(port, page.requests(), expected=page.expected)
    bare = client.rate(port, page.bare_requests(), expected=200)
    return Measured(median, p95, queries, rate), rate / bare


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
    if ratio < RATIO:
        found.append(f"{page.name}: {ratio:.2f} of the rate of raw SQL, not {RATIO:.2f}")
    return found


def closing(missed: list[str], targets: int, say: Callable[[str], object]) -> None:
    if not missed:
        say(f"All {targets} targets are met.")
        return
    say(f"{targets - len(missed)} of {targets} targets are met. Not met:")
    for each in missed:
        say(f"  {each}")
