"""The front door’s state machines (domain.md 6.2, 6.3, 6.9, 6.10)."""

from referrals.transitions import (
    assigning,
    checklist,
    contact,
    directing,
    handover,
    message,
    questions,
    referral,
    request,
)

__all__ = ["assigning", "checklist", "contact", "directing", "handover", "message", "questions", "referral", "request"]
