"""How other teams send somebody to a coordinator: by an introduction, as anybody does (domain.md R20)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.directory.routes import Ask, Went, route
from earlyhelp.workflow.transitions import NotPossible
from lac.enums import Source
from lac.services import introduce


@route(
    10,
    "lac",
    "Introduce to a local area coordinator",
    for_whom="Anybody who would like somebody alongside them to find what a good life is: no diagnosis, no eligibility.",
    needs="What they hope for, in up to three sentences of their own.",
    longest=600,
)
def to_a_coordinator(ask: Ask, *, by: Any, now: datetime) -> Went:
    area = ask.person.area or (ask.family.area if ask.family else None)
    if area is None:
        raise NotPossible("It is not known where they live: write it on their page first.")
    introduction = introduce(
        person=ask.person,
        area=area,
        source=Source.COUNCIL,
        hopes=ask.words,
        how_to_reach=ask.reach,
        agreed=True,
        by=by,
        now=now,
    )
    return Went("A local area coordinator", introduction.reference)
