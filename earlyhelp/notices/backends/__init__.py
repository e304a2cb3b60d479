"""Ways to send an e-mail besides SMTP, and what any of them may answer."""

from __future__ import annotations


class Refused(OSError):
    """This one message is not taken; the service itself works. ``for_good`` if the address is one that cannot work."""

    def __init__(self, said: str, *, for_good: bool = False) -> None:
        super().__init__(said)
        self.for_good = for_good
