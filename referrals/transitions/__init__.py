"""The front door’s state machines (domain.md 6.2, 6.3, 6.9, 6.10)."""

from referrals.transitions import (
    assigning,
    checklist,
    contact,
    directing,
    handover,
    message,
    offering,
    questions,
    referral,
    request,
    step_down,
)

__all__ = [
    "assigning",
    "checklist",
    "contact",
    "directing",
    "handover",
    "message",
    "offering",
    "questions",
    "referral",
    "request",
    "step_down",
]
