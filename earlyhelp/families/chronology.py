"""What happened to a family, in one list: what people wrote down of its life, and what the record says by itself.

Apps above lodge what they have to tell of a family; the pages of a family and of its cases, and whoever makes a copy of it,
ask ``chronology_of``, and know none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Max
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.core.words import within
from earlyhelp.families.beside import Statement, record_of, statements_of
from earlyhelp.families.enums import AgreementStatus, EventKind
from earlyhelp.families.models import Family, Person, SignificantEvent

AUTHORED, SYSTEM = "authored", "system"
SOURCES = {AUTHORED: "What people wrote down", SYSTEM: "What the record says by itself"}
EVENT = SignificantEvent._meta.label_lower
LATE = timedelta(days=2)  # written down later than this after it happened, a line says so


@dataclass(frozen=True)
class Entry:
    """One line. ``on`` is when it happened, ``written_at`` when it was written down."""

    on: date
    written_at: datetime
    title: str
    text: str
    who: str
    agency: str = ""
    person: Person | None = None
    where: str = ""  # of what the record says by itself: in which record
    url: str = ""
    event: SignificantEvent | None = None  # of what somebody wrote down

    @property
    def is_late(self) -> bool:
        return timezone.localdate(self.written_at) - self.on > LATE

    @property
    def age(self) -> str:
        """At the time, of whom it is about: «8 then», «before birth»."""
        age = self.person.age_on(self.on) if self.person else ""
        return f"{age} then" if age and age != "before birth" else age


Tell = Callable[[Family, Any], Iterable[Entry]]
TOLD: list[Tell] = []


def tells(tell: Tell) -> Tell:
    """Lodge ``(family, user) -> entries`` of what the record says by itself: only what this reader may open."""
    TOLD.append(tell)
    return tell


def chronology_of(
    family: Family,
    user: Any,
    *,
    source: str = "",
    person: Person | None = None,
    kind: str = "",
    since: date | None = None,
    until: date | None = None,
    mistakes: bool = False,
) -> list[Entry]:
    """The newest first, of a family that ``user`` may see. What the record says by itself has no kind.

    ``source``: only what people wrote down, or only what the record says; ``since`` and ``until`` are days that count.
    ``mistakes``: on screen, what was entered in error too, to those to whom it is shown; in no copy that leaves.
    """
    lines = [] if source == SYSTEM else list(_written(family, user, kind, mistakes))
    if source != SYSTEM and not kind:
        lines += _involved(family, user)
    if source != AUTHORED and not kind:
        lines += [entry for tell in TOLD for entry in tell(family, user)]
    wanted = [line for line in lines if (since is None or line.on >= since) and (until is None or line.on <= until)]
    wanted = [line for line in wanted if person is None or line.person == person]
    return sorted(wanted, key=lambda line: (line.on, line.written_at), reverse=True)


def _written(family: Family, user: Any, kind: str, mistakes: bool) -> Iterable[Entry]:
    """What people wrote down; and what somebody says themselves of it, to whoever reads that."""
    said = statements_of(family)
    for event in _events(family, user, kind, mistakes):
        yield _authored(event)
        of_that_day = f"what is written of that day: {within(event.get_kind_display())}"
        yield from (_said(each, of_that_day) for each in said.pop(record_of(event), ()))
    if not kind:
        of_others = ((label, each) for (label, _), rows in said.items() for each in rows)
        yield from (_said(each, f"the {_called(label)}") for label, each in of_others if label != EVENT)


def _said(each: Statement, beside: str) -> Entry:
    return Entry(
        each.on, each.at, f"What {each.person.name} says of {beside}", each.words, each.who, person=each.person
    )


def _called(label: str) -> str:
    return str(apps.get_model(label)._meta.verbose_name)


def _events(family: Family, user: Any, kind: str, mistakes: bool) -> Any:
    rows = SignificantEvent.objects.filter(family=family)
    shown = rows.shown_to(user) if mistakes else rows.standing()
    events = shown.told_to(user).select_related("person", "agency", "recorded_by", "error_by")
    return events.filter(kind=kind) if kind else events


def _involved(family: Family, user: Any) -> Iterable[Entry]:
    """Of what an agency keeps to itself: that it is involved, once, on the day on which it last wrote something down."""
    kept = SignificantEvent.objects.filter(family=family, private_to_agency=True).standing()
    untold = kept.exclude(pk__in=kept.told_to(user).values("pk"))
    for agency, at in untold.values_list("agency__name").annotate(last=Max("recorded_at")).order_by("agency__name"):
        yield Entry(timezone.localdate(at), at, "Involved, and keeps to itself with what", "", agency)


def _authored(event: SignificantEvent) -> Entry:
    return Entry(
        on=event.happened_on,
        written_at=event.recorded_at,
        title=EventKind(event.kind).label,
        text=event.text,
        who=str(event.recorded_by),
        agency=str(event.agency or ""),
        person=event.person,
        event=event,
    )


WORDS = {
    "families.family.create": "The family was written down",
    "families.family.member_added": "{name} was written down as one of the family",
    "families.family.member_changed": "{name} has another place in the family",
    "families.family.member_left": "{name} left the family",
    "families.family.agreement": "{name} was asked about early help: {answer}",
}


@tells
def in_the_record(family: Family, user: Any) -> Iterable[Entry]:
    """Who came and went, and who agreed, from the trail of the family."""
    trail = Event.objects.filter(subject=Family._meta.label_lower, subject_id=family.pk, kind__in=WORDS)
    rows = list(trail.select_related("actor").order_by("pk"))
    people = Person.objects.filter(memberships__family=family).in_bulk() if rows else {}
    for event in rows:
        person = people.get(event.facts.get("person", 0))
        answer = within(AgreementStatus(event.became).label) if event.became in AgreementStatus.values else ""
        title = WORDS[event.kind].format(name=person.name if person else "Somebody", answer=answer)
        who = str(event.actor or "Early Help")
        yield Entry(timezone.localdate(event.at), event.at, title, event.reason, who, person=person)
