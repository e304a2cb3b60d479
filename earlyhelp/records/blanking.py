"""Taking words out of a record wherever they stand: in every row of it, in its versions, and in the log.

Called inside the transaction of the decision. As where a record is destroyed, the triggers that refuse a change and those
that keep versions are put aside for this alone. What had left by then cannot be called back: who has it is said. A copy
that was made stays sealed as it was given, and so does the ledger.

Where the words stood a mark with the number of the decision is left: pages lead from it to why and when, and
``accounting`` looks whether each version that lost them is still what was left of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import pgtrigger
from django.db import models

from earlyhelp.audit.models import Event
from earlyhelp.audit.seals import erase_texts_of
from earlyhelp.core.marks import mark_of, marks_of
from earlyhelp.core.sealing import unseal
from earlyhelp.core.words import within
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.families.models import Family
from earlyhelp.records import plan
from earlyhelp.records.models import Blanking
from earlyhelp.sharing.models import RecipientCopy
from referrals.models import InformationRequest, ReferralLetter, SocialCareHandover

STAYS = {Blanking}  # says itself what was taken out of others, and holds no word of it
BECAUSE = "words taken out "  # of each text of the log that went with the words, and by which decision


class Taken(NamedTuple):
    """``places``: in how many rows of each kind. ``received``: who had been given the words. ``versions``: which lost them."""

    places: dict[str, int]
    received: list[str]
    versions: dict[str, list[int]]


def take_out(blanking: Blanking, *, now: datetime) -> Taken:
    """Replace the words wherever they stand in the record of the family."""
    found, out = plan.of_family(blanking.family), Words(as_written(blanking.words), mark_of(blanking.pk))
    places: Counter[str] = Counter()
    versions: dict[str, list[int]] = {}
    received: list[str] = _copies_with(blanking.family, out.pattern)
    with pgtrigger.ignore():
        for model, pks in found.rows.items():
            if model in STAYS:
                continue
            for row in _changed(model._base_manager.filter(pk__in=pks), out):
                places[str(model._meta.verbose_name)] += 1
                received += _given_to(row)
            lost = [*_changed(found.history(model), out)]
            places["version kept"] += len(lost)
            if marked := [row.pk for row in lost if marks_in(row)]:
                versions[model._meta.label_lower] = marked
    places["entry in the log"] = _out_of_the_log(found, out, because=f"{BECAUSE}{blanking.pk}", now=now)
    counted = {kind: rows for kind, rows in sorted(places.items()) if rows}
    return Taken(counted, sorted(set(received)), versions)


def as_written(words: str) -> re.Pattern[str]:
    """Whatever the capitals, and however the words are parted."""
    return re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)


class Words(NamedTuple):
    """What goes, and what stands in its place."""

    pattern: re.Pattern[str]
    mark: str

    def out_of(self, value: Any, *, longest: int | None = None) -> Any:
        if isinstance(value, str):
            said = self.pattern.sub(self.mark, value)
            return said if longest is None or len(said) <= longest else self._where_none_has_room(value, longest)
        if isinstance(value, list):
            return [self.out_of(each) for each in value]
        if isinstance(value, dict):
            return {name: self.out_of(each) for name, each in value.items()}
        return value

    def _where_none_has_room(self, value: str, longest: int) -> str:
        """The mark first, and of the rest what fits; nothing at all in a field that is shorter than the mark."""
        return f"{self.mark} {self.pattern.sub('', value)}"[:longest] if longest >= len(self.mark) else ""


def _changed(rows: Any, out: Words) -> Iterator[Any]:
    """Each row in which the words stood, once they are out of it. By identity, so that nothing else happens on saving."""
    fields = written_in(rows.model) if rows is not None else []
    for row in rows.only("pk", *(each.name for each in fields)) if fields else ():
        facts = {
            each.name: out.out_of(getattr(row, each.name), longest=getattr(each, "max_length", None)) for each in fields
        }
        changed = {name: value for name, value in facts.items() if value != getattr(row, name)}
        if changed:
            rows.model._base_manager.filter(pk=row.pk).update(**changed)
            vars(row).update(changed)
            yield row


def marks_in(row: Any) -> list[int]:
    """The numbers of the decisions by which something was taken out of this row."""
    return [number for each in written_in(type(row)) for number in marks_of(str(getattr(row, each.name)))]


def written_in(model: type[models.Model]) -> list[Any]:
    """What people write: no choice, no key and no reference."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    return [
        each
        for each in model._meta.concrete_fields
        if isinstance(each, kinds) and not each.choices and not each.unique and each.name != "reference"
    ]


def _out_of_the_log(found: plan.Collected, out: Words, *, because: str, now: datetime) -> int:
    """Of an event in which they stand all that was written goes, for its seal holds by the digest of the whole."""
    spoken: list[int] = []
    for model, pks in found.rows.items():
        events = Event.objects.filter(subject=model._meta.label_lower, subject_id__in=pks).exclude(reason="", facts={})
        said = ((each.pk, [each.reason, each.facts]) for each in events)
        spoken += [pk for pk, texts in said if out.out_of(texts) != texts]
    return erase_texts_of(Event.objects.filter(pk__in=spoken), because=because, now=now)


def _given_to(row: Any) -> list[str]:
    """Who has read the words in it, outside the record."""
    if isinstance(row, ReferralLetter):
        return [f"Letter: {within(row.get_reader_display())}"]
    if isinstance(row, OnwardReferral) and row.sent_at:
        return [f"Service: {row.service}"]
    if isinstance(row, InformationRequest):
        return [f"Agency that was asked: {row.agency}"]
    return ["Hand-over: social care"] if isinstance(row, SocialCareHandover) else []


def _copies_with(family: Family, pattern: re.Pattern[str]) -> list[str]:
    made = RecipientCopy.objects.filter(family=family, sealed__isnull=False)
    return [
        f"Copy: {copy.recipient}" for copy in made if pattern.search(unseal(copy.sealed or b"", bound_to=copy.binding))
    ]
