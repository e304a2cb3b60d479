"""Who has read a copy of a family's documents has seen the family (promise P5)."""

from __future__ import annotations

from earlyhelp.families.reads import keeps
from earlyhelp.sharing.models import RecipientCopy

keeps(RecipientCopy, "a copy of its documents")
