"""Families and their people, and nothing else: how a search fares among more people than one county has."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from random import Random

from django.utils import timezone

from earlyhelp.demo.bulk import analyse
from earlyhelp.demo.bulk.copying import go_on_from, quietly
from earlyhelp.demo.bulk.households import Households
from earlyhelp.demo.bulk.workforce import SHARES, Workforce
from earlyhelp.demo.staff import COUNTY
from earlyhelp.families.models import Person
from earlyhelp.partnership.enums import AreaKind
from earlyhelp.partnership.models import Area, User

CHUNK = 25_000  # people whose rows are kept together: a run that was stopped goes on from there
DAYS = 3_650


def gather(people: int, *, now: datetime, say: Callable[[str], None]) -> None:
    """Add families until so many people are written down, the same ones for the same number."""
    began, before = time.monotonic(), Person.objects.count()
    there = before
    while there < people:
        with quietly():
            there += _families(min(CHUNK, people - there), Random(there), now)
        rate = (there - before) / (time.monotonic() - began)
        say(f"  {there:,} of {people:,} people ({rate:,.0f} a second)")
    if there > before:
        analyse()


def _families(people: int, dice: Random, now: datetime) -> int:
    """So many people, or the few more of the last family."""
    today = timezone.localdate(now).toordinal()
    homes = Households(_nobody_but_one(), dice, today)
    first = homes.person.next_id
    while homes.person.next_id - first < people:
        homes.settle(today - dice.randint(100, DAYS))
    for table in homes.tables:
        table.finish()
    go_on_from("families_reference", homes.number)
    return homes.person.next_id - first


def _nobody_but_one() -> Workforce:
    """The places, and the one account that has written everybody down."""
    county, _ = Area.objects.get_or_create(name=COUNTY, kind=AreaKind.AUTHORITY)
    areas = {}
    for name in SHARES:
        area, _ = Area.objects.get_or_create(name=name, kind=AreaKind.DISTRICT, parent=county)
        area.lineage = [county.pk, area.pk]
        area.save(update_fields=["lineage"])
        areas[name] = area.pk
    by, _ = User.objects.get_or_create(username="crowd", defaults={"is_active": False})
    return Workforce(areas, {}, {}, {}, {}, by.pk)
