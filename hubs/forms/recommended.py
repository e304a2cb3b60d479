"""Who was recommended to whoever chooses, as a page of the hub says it to itself.

Who has most room changes with every family that is offered. Whoever chose the one recommended on the page before them owes no
reason, whatever changed meanwhile; whoever chose another does. The page sends it back, and so it is signed: a browser that
sends something else, or nothing, is asked by what holds now.
"""

from __future__ import annotations

from django.core import signing

from earlyhelp.cases.models import Case
from earlyhelp.core.forms import CharField, FilterForm
from hubs.queries import Choice

SALT = "hubs.recommended"
A_DAY = 24 * 60 * 60  # longer than any meeting: of yesterday’s pages nothing is true any more


class Suggestion(FilterForm):
    """In the address of a decision: the worker whom its chair took over from the agenda as it was shared out."""

    suggested = CharField(label="Proposed")


def said_of(case: Case, tier: int, worker: int | None) -> str:
    """That this worker, or nobody, was recommended for this family at this tier."""
    return signing.dumps([case.pk, int(tier), worker or 0], salt=SALT)


def read(said: str, choice: Choice) -> int | None:
    """The worker who was. Raises ``BadSignature`` for what no page said of this family and tier within a day."""
    case, tier, worker = signing.loads(said, salt=SALT, max_age=A_DAY)
    if (case, tier) != (choice.case.pk, int(choice.tier)):
        raise signing.BadSignature("Of another family, or another tier.")
    return worker or None


def recommended_by(said: str | None, choice: Choice) -> int | None:
    """The same, and of whoever sends anything else who is recommended now."""
    try:
        return read(said or "", choice)
    except signing.BadSignature:
        return choice.recommended()
