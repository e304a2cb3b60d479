"""The front door’s state machines (domain.md 6.2, 6.3, 6.9, 6.10)."""

from referrals.transitions import assigning, contact, directing, handover, referral, request

__all__ = ["assigning", "contact", "directing", "handover", "referral", "request"]
