"""The front door’s state machines (domain.md 6.3, 6.9, 6.10)."""

from referrals.transitions import handover, referral, request

__all__ = ["handover", "referral", "request"]
