"""What is kept about one person, as it stands now: each thing with its day, its words and whom else it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, reduce
from operator import attrgetter, or_
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F, Min, Q
from django.utils import timezone

from earlyhelp.audit.models import Access
from earlyhelp.core import dates
from earlyhelp.families.models import Family, FamilyMembership, Person
from earlyhelp.families.secrets import secrets_kept_from
from earlyhelp.families.spelling import Secrets
from earlyhelp.partnership.models import User
from earlyhelp.records.enums import Asker
from earlyhelp.records.models import AccessRequest
from earlyhelp.records.told import KINDS, Kind

READS = "records.accessrequest"
EVERYBODY = "everybody in the family"
OUTSIDE = "somebody outside the family"
SPAN = {"from_on": "From", "until_on": "Until"}  # in the words of whoever reads it
RELATIVE = "a relative who is not named"
KIN = re.compile(
    r"\b(mum|mummy|mother|dad|daddy|father|parents?|brothers?|sisters?|siblings?|twins?|son|daughter|sons|daughters|husband|"
    r"wife|partner|boyfriend|girlfriend|uncle|aunt|auntie|cousins?|nan|nana|gran|granny|grandad|grandm\w+|grandf\w+|"
    r"grandparents?|step\w*|neighbours?|carers?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Found:
    source: str
    source_id: int
    kind: str
    on: date | None
    text: str
    others: tuple[str, ...] = ()
    weighed: bool = False


@dataclass(frozen=True)
class Around:
    """The person, the families they are or were of, and until when; who else is there."""

    request: AccessRequest
    people: frozenset[int]
    left_on: dict[int, date | None] = field(default_factory=dict)  # by family; none: they are of it now

    @cached_property
    def others(self) -> list[Person]:
        rows = Person.objects.filter(memberships__family__in=self.left_on).exclude(pk__in=self.people)
        return list(rows.distinct().order_by("first_name", "last_name", "pk"))

    @cached_property
    def secrets(self) -> Secrets:
        """Where others are hidden; and to whoever else asks, where the person is."""
        own = self.request.person if self.request.asker == Asker.PERSON else None
        return secrets_kept_from(own, self.left_on)

    def spoken_of(self, text: str) -> list[str]:
        """Everybody else whom these words name; and anybody who is called what a relative is called."""
        named = [
            each.name for each in self.others if any(_named(name, text) for name in (each.first_name, each.known_as))
        ]
        return [*named, RELATIVE] if KIN.search(text) else named


def around(request: AccessRequest) -> Around:
    merged = Person.objects.filter(merged_into=request.person).values_list("pk", flat=True)
    people = frozenset([request.person_id, *merged])
    left: dict[int, date | None] = {}
    for family, until in FamilyMembership.objects.filter(person__in=people).values_list("family", "until_on"):
        known = left.get(family, date.min)
        left[family] = None if until is None or known is None else max(known, until)
    return Around(request, people, left)


def collect(request: AccessRequest) -> list[Found]:
    """All of it, the oldest first. Of a family that they have left only what was written of the time before."""
    here = around(request)
    found = [each for kind in KINDS for each in _of_kind(kind, here)]
    found += _reads(here)
    return sorted(found, key=lambda each: (each.on or date.min, each.source, each.source_id))


def _of_kind(kind: Kind, here: Around) -> Iterator[Found]:
    model = apps.get_model(kind.label)
    about = [Q(**{f"{path}__in": here.people}) for path in kind.people]
    whole = [Q(**{f"{path}__in": list(here.left_on)}) for path in kind.families]
    if kind.people and kind.families:  # of such a kind a row about somebody else is theirs
        whole = [each & Q(**{path: None for path in kind.people}) for each in whole]
    rows: Any = model._base_manager.filter(reduce(or_, about + whole)).distinct()
    families = {f"family_{n}": F(path) for n, path in enumerate(kind.families)}
    for row in rows.annotate(**families).select_related(*_related(model, kind)).order_by("pk"):
        family = next((pk for name in families if (pk := getattr(row, name)) in here.left_on), None)
        of_them = not kind.families or any(_names_somebody(row, path) for path in kind.people)
        on = _day(_read(row, kind.on))
        left_on = here.left_on.get(family) if family and not of_them else None
        if left_on and on and on > left_on:
            continue
        if text := _words(row, kind):
            others = _others(row, kind, here, text, of_them)
            yield Found(model._meta.label_lower, row.pk, kind.words, on, text, others, kind.weighed)


def _names_somebody(row: Any, path: str) -> bool:
    """Whether the row says by this way whom it is about, or is about all of the family."""
    *through, last = path.split("__")
    return bool(getattr(reduce(getattr, through, row), f"{last}_id", None))


def _others(row: Any, kind: Kind, here: Around, text: str, of_them: bool) -> tuple[str, ...]:
    named = [person.name for path in kind.others for person in _people(row, path) if person.pk not in here.people]
    said = [*named, *here.spoken_of(text)]
    if not of_them and here.others:
        said.append(EVERYBODY)
    if kind.outside:
        said.append(OUTSIDE)
    return tuple(dict.fromkeys(said))


def _people(row: Any, path: str) -> Iterable[Person]:
    value = getattr(row, path)
    return value.all() if hasattr(value, "all") else [value] if value else []


def _words(row: Any, kind: Kind) -> str:
    """Each field that says something, a line each; and who wrote it: professionals’ names are not held back."""
    lines = [_line(row, name) for name in kind.fields]
    if not any(lines):
        return ""
    if kind.who and (who := getattr(row, kind.who)):
        lines.append(f"Written down by {who}")
    return "\n".join(filter(None, lines))


def _line(row: Any, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if value in (None, "", [], {}, False):
        return ""
    said = _in_words(value)
    if name not in {each.name for each in row._meta.get_fields()}:
        return said
    label = SPAN.get(name) or str(row._meta.get_field(name).verbose_name)
    return f"{label[:1].upper()}{label[1:]}: {said}"


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes"
    if isinstance(value, date):  # a moment is one too
        return dates.day(value)
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _read(row: Any, path: str) -> Any:
    return attrgetter(path)(row)


def _day(value: date | datetime | None) -> date | None:
    return timezone.localdate(value) if isinstance(value, datetime) else value


def _related(model: type[models.Model], kind: Kind) -> list[str]:
    wanted = [*kind.fields, kind.who, kind.on.partition(".")[0], *kind.others]
    links = {each.name for each in model._meta.concrete_fields if each.is_relation}
    return sorted(links.intersection(wanted))


def _named(name: str, text: str) -> bool:
    return bool(name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None


def _reads(here: Around) -> list[Found]:
    """Who has looked at their record until the request came; what is read for its sake is not part of it."""
    subject = Q(subject=Person._meta.label_lower, subject_id__in=here.people)
    families = Q(subject=Family._meta.label_lower, subject_id__in=list(here.left_on))
    before = Access.objects.filter(subject | families, at__date__lt=here.request.received_on, actor__isnull=False)
    first: Any = before.order_by().values("actor").annotate(first=Min("at")).values_list("actor", "first")
    users = User.objects.select_related("agency").in_bulk([actor for actor, _ in first])
    lines = [f"{users[pk]}, {users[pk].agency or 'no agency'}: first on {dates.day(at)}" for pk, at in sorted(first)]
    if not lines:
        return []
    text = "\n".join(lines)
    return [Found(READS, here.request.pk, "Who has looked at their record", here.request.received_on, text)]
