"""Story 8: what people say of those who help them, as far as they may be quoted, and what a doctor has noticed.

And what should be better: a suggestion that waits, a complaint that was answered (domain.md 4, system 37).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from assessments.enums import DidItHelp, FeedbackKind, Quoting, SaidBy
from assessments.models import Feedback
from assessments.services.feedback import write_down
from assessments.transitions import answer_feedback
from earlyhelp.demo.county import County

MADE: dict[str, DidItHelp] = {FeedbackKind.PRAISE: DidItHelp.A_GREAT_DEAL, FeedbackKind.THANKS: DidItHelp.YES}


def tell(county: County) -> None:
    dele, ruth, joan = (county.people[name] for name in ("dele", "ruth", "joan"))
    alongside, age = county.services["alongside"], county.services["age"]

    def said(
        weeks: int, service: Any, by: Any, words: str, who: SaidBy, kind: str, quoting: Quoting, name: str = ""
    ) -> None:
        def written(now: datetime) -> None:
            facts: dict[str, Any] = {
                "said_by": who,
                "said_on": now.date(),
                "words": words,
                "quoting": quoting,
                "quoted_as": name,
            }
            write_down(service, by=by, now=now, kind=kind, rating=MADE.get(kind), **facts)

        county.diary.write(county.since(weeks=weeks).at(hour=16), written)

    person, family, doctor = SaidBy.PERSON, SaidBy.FAMILY, SaidBy.PROFESSIONAL
    praise = "He listened before he wrote anything down. We have not been so well for years."
    said(5, alongside, dele, praise, person, FeedbackKind.PRAISE, Quoting.NAMED, "Mr and Mrs T")
    alone = "I go on my own now. I did not think that I would."
    said(4, alongside, dele, alone, person, FeedbackKind.THANKS, Quoting.ANONYMOUS)
    said(3, age, joan, "I would not like anybody to know that I needed this.", person, FeedbackKind.THANKS, Quoting.NO)
    noticed = "I have noticed patients not using the surgery as often."
    said(2, alongside, ruth, noticed, doctor, "", Quoting.NAMED, "Dr M")
    waited = "We waited three weeks to hear who would come, and nobody told us why."
    said(4, None, joan, waited, family, FeedbackKind.COMPLAINT, Quoting.ANONYMOUS)
    county.diary.write(county.since(weeks=3).at(hour=11), lambda now: _answer(county, waited, now))
    evening = "An evening group would help those of us who work."
    said(1, age, ruth, evening, person, FeedbackKind.SUGGESTION, Quoting.ANONYMOUS)


def _answer(county: County, words: str, now: datetime) -> None:
    said = "You should have been rung. From this month we ring every family within a week, even if there is no news."
    answer_feedback(Feedback.objects.get(words=words), by=county.people["martin"], now=now, answer=said)
