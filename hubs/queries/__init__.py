"""What the hub's pages read: whom a family could be offered to, in which order families are heard, who is in them."""

from hubs.queries.after import attendance_of_year, before_closing, in_session_after, minutes, session_of
from hubs.queries.attendance import Here, here_now, quorum_missing
from hubs.queries.candidates import (
    AT_ONCE,
    FORMULA,
    Candidate,
    Choice,
    all_compared,
    candidates,
    compared,
    eligible,
    is_eligible,
    percent_with,
    who_takes,
)
from hubs.queries.decided import asked_to_agree, decided_lately, offers_since, with_asked
from hubs.queries.interests import interests_of
from hubs.queries.matching import Asked, needs_of
from hubs.queries.order import Line, days_waited, in_order
from hubs.queries.people import (
    agreements_of,
    household,
    how_many_sit,
    managers_of,
    may_undertake,
    members_of,
    next_meeting,
    readers_of,
    reading,
    runners_of,
    sitting_at,
    undecided_of,
)

__all__ = [
    "AT_ONCE",
    "FORMULA",
    "Asked",
    "Candidate",
    "Choice",
    "Here",
    "Line",
    "agreements_of",
    "all_compared",
    "asked_to_agree",
    "attendance_of_year",
    "before_closing",
    "candidates",
    "compared",
    "days_waited",
    "decided_lately",
    "eligible",
    "here_now",
    "household",
    "how_many_sit",
    "in_order",
    "in_session_after",
    "interests_of",
    "is_eligible",
    "managers_of",
    "may_undertake",
    "members_of",
    "minutes",
    "needs_of",
    "next_meeting",
    "offers_since",
    "percent_with",
    "quorum_missing",
    "readers_of",
    "reading",
    "runners_of",
    "session_of",
    "sitting_at",
    "undecided_of",
    "who_takes",
    "with_asked",
]
