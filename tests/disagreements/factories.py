"""Invented disagreements, raised through the product's own service."""

from earlyhelp.disagreements.enums import About
from earlyhelp.disagreements.registry import find
from earlyhelp.disagreements.services import disagree
from tests.factories import MONDAY

SAID = {
    "decision": "Tier 2, by the hub.",
    "why": "Two children were hurt since. It should be tier 3.",
    "meanwhile": "A visit every day.",
}


def disagreed(*, by, record, about=About.TIER, now=MONDAY, **said):
    by.forget_scope()
    return disagree(find(str(record), by), by=by, now=now, about=about, **(SAID | said))
