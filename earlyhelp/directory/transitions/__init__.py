"""The directory’s state machines: a service that is kept true, and a person’s referral to one (domain.md 6.10)."""

from earlyhelp.directory.transitions import onward, service

__all__ = ["onward", "service"]
