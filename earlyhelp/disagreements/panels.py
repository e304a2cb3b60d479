"""On a case: that somebody disagrees stands above everything else; and recording it is never more than one click away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from earlyhelp.cases.models import Case
from earlyhelp.cases.panels import Note, deeds, fact, note
from earlyhelp.core.words import within
from earlyhelp.disagreements.enums import Stage
from earlyhelp.disagreements.queries import open_on_case

fact("open_disagreements")(open_on_case)


@note
def not_agreed(case: Case, user: Any) -> Iterable[Note]:
    for facts in case.open_disagreements:  # type: ignore[attr-defined]  # a fact
        url = reverse("disagreements:disagreement", args=[facts["reference"]])
        title = f"Professionals disagree: {within(Stage(facts['stage']).label)}."
        yield Note(title, f"Until it is settled: {facts['meanwhile']}", url, f"Disagreement {facts['reference']}")


@deeds
def disagree(case: Case, user: Any) -> list[tuple[str, str]]:
    return [("Record a disagreement", f"{reverse('disagreements:new')}?about={case.reference}")]
