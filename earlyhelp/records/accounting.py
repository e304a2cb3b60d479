"""Whether what words were taken out of is still what was left of it (promises P2 and P5).

Where words are taken out, triggers are put aside, so that versions and texts of the log change which otherwise never do. The
entry of the deed says which, by number, and is sealed like every entry: here each of them is found again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.apps import apps

from earlyhelp.audit.models import Erasure, Event
from earlyhelp.audit.seals import also_verified
from earlyhelp.records.blanking import BECAUSE, marks_in
from earlyhelp.records.models import Blanking

DEED = "records.blanking.take_words_out"
OTHERWISE = "disposal "  # the record went, and its texts with it


@also_verified
def taken_out(using: str) -> Iterator[str]:
    deeds = Event.objects.using(using).filter(kind=DEED, subject=Blanking._meta.label_lower).order_by("pk")
    told = {each.subject_id: each.facts for each in deeds}
    for number, facts in told.items():  # of a record that was destroyed the entry tells nothing any more
        for label, versions in facts.get("versions", {}).items():
            yield from _versions(number, label, versions, using)
    yield from _erasures(told, using)


def _versions(number: int, label: str, pks: list[int], using: str) -> Iterator[str]:
    """Each has the mark of this decision, or of a later one that took out more."""
    history = apps.get_model(label).history.rel.related_model
    found = history._base_manager.using(using).in_bulk(pks)
    if missing := len(pks) - len(found):
        yield f"{missing} versions ({label}) out of which words were taken are missing (decision {number})"
    if other := sum(1 for each in found.values() if max(marks_in(each), default=0) < number):
        yield f"{other} versions ({label}) are not what was left when words were taken out (decision {number})"


def _erasures(told: dict[int, dict[str, dict[str, int]]], using: str) -> Iterator[str]:
    """No text of the log went but by a decision that stands there, and by each as many as it says."""
    gone: Counter[int] = Counter()
    for because in (
        Erasure.objects.using(using).exclude(because__startswith=OTHERWISE).values_list("because", flat=True)
    ):
        by = because.removeprefix(BECAUSE)
        gone[int(by) if by.isdecimal() else 0] += 1
    for number in gone.keys() | told.keys():
        if number not in told:
            yield f"{gone[number]} texts of the log were taken out by no decision that stands there"
        elif told[number] and gone[number] != told[number].get("places", {}).get("entry in the log", 0):
            yield f"other texts of the log were taken out than decision {number} says"
