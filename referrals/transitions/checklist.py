"""The life of a checklist, and of each thing that it suggests: nothing is done without the person’s own yes (domain.md 11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from earlyhelp.core.calendar import add_working_days, closing
from earlyhelp.deadlines.services import keep, promise
from earlyhelp.deadlines.standards import due_by, standard
from earlyhelp.directory.models import Service
from earlyhelp.directory.routes import ROUTES, Ask, take
from earlyhelp.workflow.services import lock
from earlyhelp.workflow.transitions import NotPossible, transition
from referrals.enums import ChecklistStatus, Outcome, SuggestionStatus, Voice
from referrals.models import ChecklistAnswer, ChecklistResponse, Suggestion
from referrals.services import handover as handovers
from referrals.services.checklist import write_suggestions
from referrals.services.telling import tell_access

ASKING = [ChecklistStatus.ASKING]
UNSETTLED = [SuggestionStatus.OPEN, SuggestionStatus.LATER]

# --- nothing may slow this one -----------------------------------------------------------------------------------------


@transition(ChecklistResponse, label="Hand over to social care", sources=list(ChecklistStatus), rule="view")
def hand_over(response: ChecklistResponse, *, by: Any, now: datetime, **what: Any) -> dict[str, Any]:
    """Somebody may be at risk. By anybody who sees the checklist, finished or not (domain.md 1, rule 1)."""
    contact, referral = response.contact, response.referral
    response.handover = handovers.hand_over(
        by=by,
        now=now,
        source=f"Checklist {response.reference}",
        family=contact.family if contact else None,
        referral=referral,
        area=response.area,
        **what,
    )
    worries = response.suggestions.open().filter(outcome=Outcome.URGENT).select_for_update()
    for worry in worries:
        _settle(worry, SuggestionStatus.DEALT_WITH, by, now, note=f"Handed over to social care: {response.handover}.")
        worry.version += 1
        worry.save()
    return {"handover": response.handover.reference}


# --- it is asked -------------------------------------------------------------------------------------------------------


@transition(ChecklistResponse, label="Save the answers", sources=ASKING, rule="offer")
def answer(
    response: ChecklistResponse,
    *,
    by: Any,
    now: datetime,
    voice: str,
    answers: Mapping[str, str],
    comments: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """One page of it. After the last, what the answers suggest is written down. What was not answered is left open."""
    if voice not in response.pages:
        raise NotPossible("These questions are not part of this checklist.")
    wanted = {each.code: each for each in response.set.questions.all() if each.voice in response.pages[Voice(voice)]}
    given = {code: value for code, value in answers.items() if value}
    for code, value in given.items():
        if code not in wanted or value not in dict(wanted[code].possible):
            raise NotPossible("That is not one of the answers.")
    said = _saved(response)
    if wanted.keys() & said.keys():
        raise NotPossible("These questions were answered already.")
    last = voice == list(response.pages)[-1]
    if last and not (given or said):
        raise NotPossible("Nothing was answered: stop the checklist instead, and say why.")
    ChecklistAnswer.objects.bulk_create(
        ChecklistAnswer(response=response, question=wanted[code], value=value, comment=(comments or {}).get(code, ""))
        for code, value in given.items()
    )
    if last:
        response.status, response.ended_at = ChecklistStatus.ASKED, now
        _suggest(response, said | given, by, now)
    return {"page": voice}


def _saved(response: ChecklistResponse) -> dict[str, str]:
    return dict(response.answers.values_list("question__code", "value"))


def _suggest(response: ChecklistResponse, answers: dict[str, str], by: Any, now: datetime) -> None:
    """A sign of harm is looked at the same day: EH Access hears of it too, unless it is they who ask."""
    if any(each.is_urgent for each in write_suggestions(response, answers)):
        promise(response, "D_HARM", now=now, holder=by)


@transition(
    ChecklistResponse, label="Stop asking", sources=ASKING, target=ChecklistStatus.STOPPED, rule="offer"
)
def stop(response: ChecklistResponse, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """They do not want to go on, or cannot now. What was said so far is kept, and suggests nothing."""
    response.ended_at, response.stopped_why = now, reason
    return {"reason": reason}
