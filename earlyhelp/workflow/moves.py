"""What is asked of whoever starts a transition, and what is said around it. The rules are in each app's ``transitions``."""

from __future__ import annotations

from dataclasses import dataclass

from earlyhelp.core.forms import Form


@dataclass(frozen=True)
class Move:
    """The page of one transition: what is asked, and what is said around it."""

    form: type[Form]
    button: str
    said: str
    intro: str = ""
    warning: str = ""
    danger: bool = False
