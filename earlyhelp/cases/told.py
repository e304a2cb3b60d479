"""What whoever referred a family reads of the hub's decision: shown to the chair before it is sent, and to them after.

It says the way, and never why: the reason is the hub's and the family's. What the chair adds is read as written.
"""

from __future__ import annotations

from earlyhelp.cases.enums import NotOpenedReason

ASKING = "A lead professional is being asked."


def turned_away(outcome: str, where: str = "", message: str = "") -> str:
    label = NotOpenedReason(outcome).label
    return with_message(f"{label}: {where}" if where else label, message)


def with_message(text: str, message: str) -> str:
    return f"{text.rstrip('.')}.{f' The hub says: “{message}”' if message else ''}"
