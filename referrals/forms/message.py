"""A few words to the other side."""

from __future__ import annotations

from earlyhelp.core.forms import OnceForm, TextField
from referrals.models.message import LONGEST


class WriteMessage(OnceForm):
    text = TextField(
        label="Your message",
        hint="Keep it short. If somebody may be in danger, ring: nobody watches these messages.",
        max_length=LONGEST,
        rows=4,
    )
