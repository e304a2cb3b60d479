"""Measure the pages people live in on a county of 100,000 cases: ``make bench``."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone

from earlyhelp import embedded
from earlyhelp.cases.models import Case
from earlyhelp.demo.bench import client, fairness, matching, report, sweep
from earlyhelp.demo.bench.pages import Page, People, all_pages
from earlyhelp.demo.bench.server import serving
from earlyhelp.demo.bulk import crowd, grow
from earlyhelp.embedded.management.commands.serve import embedded_servers
from earlyhelp.embedded.static import collect_if_changed, refuse_unbuilt

ONE_COUNTY = 100_000
FEWEST_WAITING = 500
MATCHING_TARGETS = 2
HOME = "bench"  # a folder of its own, so that the demonstration's county stays small
CROWD = "crowd"  # and another, so that the county of the benchmark stays one county


class Command(BaseCommand):
    help = "How fast the pages are on a county of 100,000 cases, beside hand-written SQL; the county is built once."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=int, default=ONE_COUNTY)
        parser.add_argument("--only", help="only the pages whose name contains this")
        parser.add_argument(
            "--people", type=int, default=0, help="only matching, among so many people in a database of their own"
        )

    def handle(self, *, cases: int, only: str | None, people: int, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The benchmark invents a county, and is not for a production database.")
        home = CROWD if people else HOME
        if "DATABASE_URL" not in os.environ and embedded.HOME.name != home:
            self._in_a_home_of_its_own(home)
        refuse_unbuilt()
        with ExitStack() as stack:
            for server in embedded_servers():
                server.acquire()
                stack.callback(server.release)
            stack.callback(connections.close_all)
            if people:
                return self._crowd(people)
            self._county(cases)
            self._measure(only)

    def _in_a_home_of_its_own(self, home: str) -> None:
        """Begin again, on the database of the benchmark."""
        self.stdout.flush()
        os.execve(
            sys.executable, [sys.executable, *sys.argv], os.environ | {"EARLYHELP_HOME": str(embedded.HOME / home)}
        )

    def _crowd(self, people: int) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        crowd.gather(people, now=timezone.now(), say=self._say)
        connections.close_all()
        report.closing(self._matching(), MATCHING_TARGETS, self._say)

    def _county(self, cases: int) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        collect_if_changed()
        missing = cases - Case.objects.count()
        if missing > 0:
            self._say(f"Building a county of {cases:,} cases; this is done once.")
            call_command("demo", if_empty=True, stdout=self.stdout)
            call_command("demo", cases=missing, stdout=self.stdout)
        if (
            Case.objects.awaiting_decision().filter(agenda_items=None).count() < FEWEST_WAITING
        ):  # each run has decided some of them
            grow(FEWEST_WAITING, seed=Case.objects.count(), now=timezone.now(), say=self._say, only="awaiting_decision")

    def _measure(self, only: str | None) -> None:
        everything = all_pages(People())
        pages = [page for page in everything if not only or only.lower() in page.name.lower()]
        connections.close_all()
        self._say(f"\n{Case.objects.count():,} cases. Each page alone, then in turns with raw SQL, 8 clients each.\n")
        missed: list[str] = []
        with serving() as port:
            self._say(report.line(*report.HEADINGS))
            for page in pages:
                missed += self._page(page, port)
            taken = report.raw_caseload(next(page for page in everything if page.name == "Caseload"), port)
            self._say(f"\n  {report.yardstick(taken)}")
        targets = sum(map(report.targets, pages))
        if not only:
            missed += self._sweep()
            targets += 1
        if not only or only.lower() in "matching":
            missed += self._matching()
            targets += MATCHING_TARGETS
        if not only or only.lower() in "fairness":
            missed += self._fairness()
            targets += 3
        self._say("")
        report.closing(missed, targets, self._say)

    def _page(self, page: Page, port: int) -> list[str]:
        """One line of the table. A page that does not answer is told, and the others are measured."""
        try:
            measured, ratio = report.measure(page, port)
        except client.Refused as problem:
            self._say(report.line(page.name, "did not answer"))
            return [f"{page.name}: {problem}"]
        self._say(report.row(page, measured, ratio))
        return report.misses(page, measured, ratio)

    def _sweep(self) -> list[str]:
        rate, rang, told = sweep.notices_a_second(now=timezone.now())
        self._say(f"\n  Reminders: {rang:,} deadlines rang and owed {told:,} notices, {rate:,.0f} a second.")
        return [f"Reminders: {rate:,.0f} notices a second, not {report.SWEEP:,}"] if rate < report.SWEEP else []

    def _matching(self) -> list[str]:
        """Whether somebody is found whose facts are typed otherwise than they are written down."""
        result = matching.measured()
        found = ", ".join(f"{result.recall(within):.1%} in {within}" for within in (1, 5, 10))
        self._say(f"\n  Matching, {result.people:,} people, {matching.SEARCHES:,} spoilt searches: {found}")
        self._say(
            f"  median {result.median:.1f} ms, 95 in 100 within {result.slowest:.1f} ms. In ten, by what was spoilt:"
        )
        for how in result.places:
            self._say(f"    {how}: {result.recall(10, how):.1%}")
        too_few = result.recall(10) < matching.FOUND_IN_TEN
        too_slow = result.slowest > matching.SLOWEST
        return [f"Matching: {result.recall(10):.1%} found in ten, not {matching.FOUND_IN_TEN:.1%}"] * too_few + [
            f"Matching: {result.slowest:.1f} ms, not {matching.SLOWEST:.0f}"
        ] * too_slow

    def _fairness(self) -> list[str]:
        """A whole agenda shared out at once, beside family by family, and beside as even as can be."""
        rows = fairness.measured()
        self._say(
            f"\n  Fairness, {fairness.AGENDAS} agendas of {fairness.FAMILIES} families, {fairness.WORKERS} workers of "
            f"{fairness.AGENCIES} agencies: placed, the busiest, spread, cost, slowest, proven"
        )
        for row in rows:
            self._say(
                f"    {row.name:<20} {row.placed:>6.2f} {row.most:>6.1f}% {row.spread:>6.1f} {row.cost:>6.0f} "
                f"{row.slowest:>5.1f} s {row.proven:>3}"
            )
        return fairness.misses(*rows)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
