"""Story 8: what people say of those who help them, as far as they may be quoted, and what a doctor has noticed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from assessments.enums import Quoting, SaidBy
from assessments.services.feedback import write_down
from earlyhelp.demo.county import County


def tell(county: County) -> None:
    dele, ruth, joan = (county.people[name] for name in ("dele", "ruth", "joan"))
    alongside, age = county.services["alongside"], county.services["age"]

    def said(weeks: int, service: Any, by: Any, words: str, who: SaidBy, quoting: Quoting, name: str = "") -> None:
        def written(now: datetime) -> None:
            facts = {"said_by": who, "said_on": now.date(), "words": words, "quoting": quoting, "quoted_as": name}
            write_down(service, by=by, now=now, **facts)

        county.diary.write(county.since(weeks=weeks).at(hour=16), written)

    praise = "He listened before he wrote anything down. We have not been so well for years."
    said(5, alongside, dele, praise, SaidBy.PERSON, Quoting.NAMED, "Mr and Mrs T")
    said(4, alongside, dele, "I go on my own now. I did not think that I would.", SaidBy.PERSON, Quoting.ANONYMOUS)
    said(3, age, joan, "I would not like anybody to know that I needed this.", SaidBy.PERSON, Quoting.NO)
    noticed = "I have noticed patients not using the surgery as often."
    said(2, alongside, ruth, noticed, SaidBy.PROFESSIONAL, Quoting.NAMED, "Dr M")
