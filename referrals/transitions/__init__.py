"""The front door’s state machines (domain.md 6.2, 6.3, 6.9, 6.10)."""

from referrals.transitions import contact, directing, handover, questions, referral, request

__all__ = ["contact", "directing", "handover", "questions", "referral", "request"]
