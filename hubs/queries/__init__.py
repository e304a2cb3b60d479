"""What the hub's pages read: whom a family could be offered to, in which order families are heard, who is in them."""

from hubs.queries.candidates import FORMULA, Candidate, Choice, candidates, compared, eligible, is_eligible
from hubs.queries.order import Line, days_waited, in_order
from hubs.queries.people import (
    agreements_of,
    household,
    managers_of,
    members_of,
    minutes,
    next_meeting,
    quorum_missing,
    readers_of,
    reading,
    runners_of,
    undecided_of,
)

__all__ = [
    "FORMULA",
    "Candidate",
    "Choice",
    "Line",
    "agreements_of",
    "candidates",
    "compared",
    "days_waited",
    "eligible",
    "household",
    "in_order",
    "is_eligible",
    "managers_of",
    "members_of",
    "minutes",
    "next_meeting",
    "quorum_missing",
    "readers_of",
    "reading",
    "runners_of",
    "undecided_of",
]
