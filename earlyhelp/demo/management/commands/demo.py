"""Load the invented county, say whom one can sign in as, or grow it to any size."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from earlyhelp.demo import staff
from earlyhelp.demo.access import settle_accounts
from earlyhelp.demo.aftermath import settle_addresses, settle_letters, settle_log, settle_notices
from earlyhelp.demo.archive import file_away
from earlyhelp.demo.county import build
from earlyhelp.demo.stories import tell
from earlyhelp.partnership.demo_accounts import DEMO_PASSWORD
from earlyhelp.partnership.models import User

HEADINGS = ("Name", "Role", "Username", "Password")


class Command(BaseCommand):
    help = "An invented county: its places, people, services and families, with one sign-in for every role."
    requires_system_checks = ()  # `migrate` makes them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when somebody is there already")
        parser.add_argument("--sign-ins", action="store_true", help="only print whom one can sign in as")
        parser.add_argument(
            "--cases", type=int, default=0, help="grow the county by so many cases (100000 is a large one)"
        )
        parser.add_argument("--seed", type=int, default=1, help="the same seed grows the same county")
        parser.add_argument("--i-know", action="store_true", help="even in production mode: it adds invented people")

    def handle(self, *, if_empty: bool, sign_ins: bool, cases: int, seed: int, i_know: bool, **options: Any) -> None:
        if sign_ins:
            return self._print_sign_ins()
        if settings.PRODUCTION and not i_know:
            raise CommandError(
                "This would add invented families to a production database. If that is what you want, add --i-know."
            )
        there = User.objects.exists()
        if there and not cases:
            if not if_empty:
                raise CommandError(
                    "There are people here already. The invented county is loaded into an empty database only."
                )
            return self._say("People are here already: nothing to do.")
        if not there:
            self._load()
        if cases:
            self._grow(cases, seed)

    def _load(self) -> None:
        started = time.monotonic()
        now = timezone.now()
        with transaction.atomic():  # whole, or not at all: a half-made county would be taken for a whole one
            self._say("Places, agencies, services and staff ...")
            county = build(now=now)
            self._say("Families and their journeys ...")
            tell(county)
            settle_accounts(county)
            file_away(now=now)
            settle_letters(now=now)
            settle_notices(now=now)
            settle_addresses(now=now)
            settle_log(now=now)
        self._say(f"The invented county is loaded ({time.monotonic() - started:.0f} s).")

    def _grow(self, cases: int, seed: int) -> None:
        from earlyhelp.demo.bulk import grow

        grow(cases, seed=seed, now=timezone.now(), say=self._say)

    def _print_sign_ins(self) -> None:
        rows = staff.sign_ins()
        wide = [max(len(row[column]) for row in rows) for column in ("name", "role", "username")]
        self._say("Sign in as any of these invented people:")
        for name, role, username, password in [HEADINGS, *[(*row.values(), DEMO_PASSWORD) for row in rows]]:
            self._say(f"  {name:<{wide[0]}}  {role:<{wide[1]}}  {username:<{wide[2]}}  {password}")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
