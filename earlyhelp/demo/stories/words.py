"""Words that say where somebody lives: Sam wrote some down for a family, which were taken out; of others it is asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from earlyhelp.cases.models import Case
from earlyhelp.demo.county import County
from earlyhelp.families.enums import EventKind
from earlyhelp.families.services import add_event
from earlyhelp.records.services import ask_to_blank
from earlyhelp.records.transitions.blanking import take_words_out

NAME = "Grant"
GONE, WAITS = "9 Teasel Court", "the flats behind the marina"
TEXT = f"Leanne’s sister has left her husband and lives at {GONE}. The children see her there on Saturdays."
LATER = f"Demi was brought home from her aunt, from {WAITS}."
WHY = "In the chronology, of Leanne’s sister: nobody is to know where she lives."
NOTE = "She is not of this family, and her husband knows people who read this."


def tell(county: County) -> None:
    day = county.since(working_days=6)
    county.diary.write(day.at(hour=14), lambda now: _taken_out(county, now))
    county.diary.write(day.at(4, hour=9), lambda now: _asked(county, now))


def _taken_out(county: County, now: datetime) -> None:
    for case in Case.objects.filter(family__name=NAME).select_related("family", "lead")[:1]:
        _write(case, TEXT, now)
        row = ask_to_blank(case.family, by=case.lead, now=now, words=GONE, why=WHY)
        take_words_out(row, by=county.people["imran"], now=now + timedelta(hours=2), note=NOTE)


def _asked(county: County, now: datetime) -> None:
    for case in Case.objects.filter(family__name=NAME).select_related("family", "lead")[:1]:
        _write(case, LATER, now)
        ask_to_blank(case.family, by=case.lead, now=now, words=WAITS, why=WHY)


def _write(case: Case, text: str, now: datetime) -> None:
    day = timezone.localdate(now)
    add_event(case.family, happened_on=day, kind=EventKind.FAMILY, text=text, by=case.lead, now=now)
