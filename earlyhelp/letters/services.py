"""Fill a letter in, refuse what it must not say, and put a new version of a template in force."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from earlyhelp.audit.models import record
from earlyhelp.core.composed import Composed
from earlyhelp.families.secrets import secrets_of
from earlyhelp.letters.enums import words_of
from earlyhelp.letters.models import LetterTemplate
from earlyhelp.workflow.transitions import NotPossible, Stale

PROTECTED = (
    "The address of somebody in this family is protected, so no letter says what looks like an address, whichever it is: take "
    "it out, and write the name of the place or a telephone."
)
WORD = re.compile(r"\{([a-z_]*)\}")
GAP = re.compile(r"\n\s*\n\s*")


def in_force(kind: str, reader: str) -> LetterTemplate:
    return LetterTemplate.objects.filter(kind=kind, reader=reader).latest("version")


def newest() -> QuerySet[LetterTemplate]:
    """Every text that is in force."""
    return LetterTemplate.objects.order_by("kind", "reader", "-version").distinct("kind", "reader")


def all_in_force(kind: str) -> dict[str, LetterTemplate]:
    """What is written to each reader who is written to about this."""
    return {each.reader: each for each in _OF_KIND(None, kind=kind)}


@Composed
def _OF_KIND(nobody: None, kind: Any) -> Any:
    return newest().filter(kind=kind)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put in what is known; a word that is not known yet stays in its brackets."""
    return WORD.sub(lambda found: values.get(found[1], found[0]), text)


def fill_whole(text: str, values: Mapping[str, str]) -> str:
    """What goes with nobody looking it over: a line for which there is nothing to say is left out."""
    return GAP.sub("\n\n", fill(text, values)).strip()


def fault_of(text: str, kind: str) -> str:
    """What is wrong with the brackets of a text, in words; nothing if every one of them can be filled in."""
    known = words_of(kind)
    if unknown := sorted({word for word in WORD.findall(text) if word not in known}):
        named = ", ".join(f"{{{word}}}" for word in unknown)
        return f"Nothing can be filled in for {named}: use the words listed below"
    if set("{}") & set(WORD.sub("", text)):
        return "Curly brackets are only for the words listed below, like {people}"
    return ""


def finish(text: str, values: Mapping[str, str], *, family_id: int, field: str) -> str:
    """The text as it is sent. Raises ``NotPossible`` if a word is left open, or it may say where somebody is hidden.

    In a family with a protected address no letter carries what somebody typed that looks like one, be it that one or
    another: a letter that is refused for the right one alone would answer whoever guesses.
    """
    said = fill(text, values).strip()
    if set("{}") & set(said):
        left = ", ".join(WORD.findall(said)) or "a bracket"
        raise NotPossible(f"Something in curly brackets cannot be filled in ({left}): write it out.", field=field)
    secrets = secrets_of([family_id])
    if secrets.may_stand_in(text) or secrets.stand_in(said):
        raise NotPossible(PROTECTED, field=field)
    return said


@transaction.atomic
def publish(
    template: LetterTemplate, *, by: Any, now: datetime, version: int, subject: str, body: str
) -> LetterTemplate:
    """A new version, in force at once. Raises ``Stale`` if somebody else wrote one since ``version`` was read."""
    versions = LetterTemplate.objects.filter(kind=template.kind, reader=template.reader)
    latest = versions.select_for_update().latest("version")
    if latest.version != version:
        raise Stale(latest)
    for field, text in (("subject", subject), ("body", body)):
        if fault := fault_of(text, template.kind):
            raise NotPossible(fault, field=field)
    made = LetterTemplate.objects.create(
        kind=template.kind, reader=template.reader, version=version + 1, subject=subject, body=body, by=by, at=now
    )
    record("letters.template.publish", made, by=by, at=now, version=made.version)
    return made
