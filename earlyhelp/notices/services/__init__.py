"""Owe a notice; send what is owed. The first is a row in the caller's transaction, the second is one commit a message."""

from earlyhelp.notices.services.asking import ask
from earlyhelp.notices.services.choosing import choose, chosen_by
from earlyhelp.notices.services.delivery import try_again
from earlyhelp.notices.services.letters import owe_letter, send_letters, take_back
from earlyhelp.notices.services.pruning import prune
from earlyhelp.notices.services.sending import send_owed
from earlyhelp.notices.services.telling import beat, mark_read, next_digest, notify

__all__ = [
    "ask",
    "beat",
    "choose",
    "chosen_by",
    "mark_read",
    "next_digest",
    "notify",
    "owe_letter",
    "prune",
    "send_letters",
    "send_owed",
    "take_back",
    "try_again",
]
