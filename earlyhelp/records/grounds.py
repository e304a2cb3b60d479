"""Who reads a family's record because somebody of it asked for what is kept about them: the log of reads says so."""

from __future__ import annotations

from earlyhelp.families.models import Family
from earlyhelp.families.reads import Known, keeps
from earlyhelp.records.models import AccessRequest


def _answering(family: Family) -> list[Known]:
    asked = AccessRequest.objects.filter(person__memberships__family=family)
    return [Known(asked, "second", "approves what somebody of it is given")]


keeps(AccessRequest, "what somebody of it asked for", family="person__memberships__family", workers=_answering)
