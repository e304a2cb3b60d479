"""The front door’s state machines (domain.md 6.2, 6.3, 6.9, 6.10)."""

from referrals.transitions import contact, handover, message, questions, referral, request

__all__ = ["contact", "handover", "message", "questions", "referral", "request"]
