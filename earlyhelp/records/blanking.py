"""Taking words out of a record wherever they stand: in every row of it, in its versions, and in the log.

Called inside the transaction of the decision. As where a record is destroyed, the triggers that refuse a change and those
that keep versions are put aside for this alone. What had left by then cannot be called back: who has it is said. A copy
that was made stays sealed as it was given, and so does the ledger.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pgtrigger
from django.db import models

from earlyhelp.audit.models import Event
from earlyhelp.audit.seals import erase_texts_of
from earlyhelp.core.sealing import unseal
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.families.models import Family
from earlyhelp.records import plan
from earlyhelp.records.models import Blanking
from earlyhelp.sharing.copying import bound
from earlyhelp.sharing.models import RecipientCopy
from referrals.models import InformationRequest, ReferralLetter, SocialCareHandover

TAKEN_OUT = "[taken out]"
STAYS = {Blanking}  # says itself what was taken out of others, and holds no word of it


def take_out(family: Family, words: str, *, because: str, now: datetime) -> tuple[dict[str, int], list[str]]:
    """Replace the words wherever they stand; says of each kind in how many rows, and who had been given them."""
    found, pattern = plan.of_family(family), as_written(words)
    places: Counter[str] = Counter()
    received: list[str] = _copies_with(family, pattern)
    with pgtrigger.ignore():
        for model, pks in found.rows.items():
            if model in STAYS:
                continue
            for row in _changed(model._base_manager.filter(pk__in=pks), pattern):
                places[str(model._meta.verbose_name)] += 1
                received += _given_to(row)
            if (versions := found.history(model)) is not None:
                places["version kept"] += sum(1 for _ in _changed(versions, pattern))
    places["entry in the log"] = _out_of_the_log(found, pattern, because=because, now=now)
    return {kind: rows for kind, rows in sorted(places.items()) if rows}, sorted(set(received))


def as_written(words: str) -> re.Pattern[str]:
    """Whatever the capitals, and however the words are parted."""
    return re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)


def _changed(rows: Any, pattern: re.Pattern[str]) -> Iterator[Any]:
    """Each row in which the words stood, once they are out of it. By identity, so that nothing else happens on saving."""
    names = [each.name for each in _fields(rows.model)]
    for row in rows.only("pk", *names) if names else ():
        facts = {name: _without(getattr(row, name), pattern) for name in names}
        changed = {name: value for name, value in facts.items() if value != getattr(row, name)}
        if changed:
            rows.model._base_manager.filter(pk=row.pk).update(**changed)
            yield row


def _fields(model: type[models.Model]) -> list[Any]:
    """What people write: no choice, no key and no reference."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    return [
        each
        for each in model._meta.concrete_fields
        if isinstance(each, kinds) and not each.choices and not each.unique and each.name != "reference"
    ]


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(TAKEN_OUT, value)
    if isinstance(value, list):
        return [_without(each, pattern) for each in value]
    if isinstance(value, dict):
        return {name: _without(each, pattern) for name, each in value.items()}
    return value


def _out_of_the_log(found: plan.Collected, pattern: re.Pattern[str], *, because: str, now: datetime) -> int:
    """Of an event in which they stand all that was written goes, for its seal holds by the digest of the whole."""
    spoken: list[int] = []
    for model, pks in found.rows.items():
        events = Event.objects.filter(subject=model._meta.label_lower, subject_id__in=pks).exclude(reason="", facts={})
        spoken += [
            each.pk for each in events if _without([each.reason, each.facts], pattern) != [each.reason, each.facts]
        ]
    return erase_texts_of(Event.objects.filter(pk__in=spoken), because=because, now=now)


def _given_to(row: Any) -> list[str]:
    """Who has read the words in it, outside the record."""
    if isinstance(row, ReferralLetter):
        return [f"Letter: {row.get_reader_display().lower()}"]
    if isinstance(row, OnwardReferral) and row.sent_at:
        return [f"Service: {row.service}"]
    if isinstance(row, InformationRequest):
        return [f"Agency that was asked: {row.agency}"]
    return ["Hand-over: social care"] if isinstance(row, SocialCareHandover) else []


def _copies_with(family: Family, pattern: re.Pattern[str]) -> list[str]:
    made = RecipientCopy.objects.filter(family=family, sealed__isnull=False)
    return [
        f"Copy: {copy.recipient}" for copy in made if pattern.search(unseal(copy.sealed or b"", bound_to=bound(copy)))
    ]
