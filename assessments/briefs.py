"""What a hub reads of a family before it decides: what may go wrong, and what is done about it (domain.md 8.2)."""

from __future__ import annotations

from collections.abc import Iterable

from assessments.models import RiskNote
from earlyhelp.cases.briefing import Brief, brief
from earlyhelp.cases.models import Case
from earlyhelp.core import dates


@brief(15)
def what_may_go_wrong(case: Case) -> Iterable[Brief]:
    """What is open, the worst first. Nothing at all where nobody has written any down: that is no finding."""
    risks = list(RiskNote.objects.filter(case=case).open().select_related("about").worst_first())
    if risks:
        yield Brief(
            "What may go wrong",
            head=("Who", "What may happen", "How high", "What is done about it"),
            rows=[_row(each) for each in risks],
            drawn_from=[(each._meta.label_lower, each.pk) for each in risks],
        )


def _row(risk: RiskNote) -> tuple[str, str, str, str]:
    level = f"{risk.level_word}, looked at {dates.day(risk.looked_at)}. {risk.get_response_display()}"
    return risk.whose, f"{risk.get_kind_display()}. {risk.what}", level, risk.doing
