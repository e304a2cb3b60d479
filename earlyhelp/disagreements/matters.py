"""One may disagree with what is decided of a case: its tier, and its steps."""

from __future__ import annotations

from typing import Any

from earlyhelp.cases.models import Case
from earlyhelp.cases.services import deciders
from earlyhelp.disagreements.enums import About
from earlyhelp.disagreements.registry import Matter, matter


@matter("EH-")
def of_a_case(reference: str, user: Any) -> Matter | None:
    case = Case.objects.for_user(user).select_related("family", "area", "lead").filter(reference=reference).first()
    if case is None:
        return None
    people = (*deciders(case), case.lead)
    url = case.get_absolute_url()
    return Matter(case.reference, url, (About.TIER, About.STEP), case.area, case.family, case, people)
