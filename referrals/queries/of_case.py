"""The referrals of which a case came."""

from __future__ import annotations

from typing import Any

from earlyhelp.cases.models import Case
from earlyhelp.core.composed import Composed
from referrals.enums import WITH_A_CASE
from referrals.models import Referral


def referrals_of(case: Case) -> list[Referral]:
    """The one that was accepted first, then those accepted or linked to it since; each with what a letter about it says."""
    return _OF_CASE(None, case=case.pk)


@Composed
def _OF_CASE(nobody: None, case: Any) -> Any:
    rows = Referral.objects.filter(case=case, status__in=WITH_A_CASE)
    return rows.select_related("author__agency", "family", "area").order_by("pk")
