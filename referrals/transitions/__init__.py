"""The front door’s state machines (domain.md 6.2, 6.3, 6.9, 6.10)."""

from referrals.transitions import checklist, contact, directing, handover, questions, referral, request

__all__ = ["checklist", "contact", "directing", "handover", "questions", "referral", "request"]
