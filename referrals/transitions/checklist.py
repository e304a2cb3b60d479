"""The life of a checklist, and of each thing that it suggests: nothing is done without the person’s own yes (domain.md 11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from earlyhelp.core.calendar import add_working_days, closing
from earlyhelp.core.rights import may
from earlyhelp.core.words import within
from earlyhelp.deadlines.services import keep, promise
from earlyhelp.deadlines.standards import due_by, standard
from earlyhelp.directory import routes
from earlyhelp.directory.enums import AskedHow, GivenBy
from earlyhelp.directory.models import Service
from earlyhelp.directory.services import onward
from earlyhelp.workflow.transitions import SYSTEM, NotPossible, transition
from referrals.enums import ChecklistStatus, Outcome, SuggestionStatus, Voice
from referrals.models import ChecklistAnswer, ChecklistResponse, Suggestion
from referrals.services import handover as handovers
from referrals.services.checklist import family_of, refuse_age, write_suggestions

ASKING = [ChecklistStatus.ASKING]
UNSETTLED = [SuggestionStatus.OPEN, SuggestionStatus.LATER]

# --- nothing may slow this one -----------------------------------------------------------------------------------------


@transition(ChecklistResponse, label="Hand over to social care", sources=list(ChecklistStatus), rule="view")
def hand_over(response: ChecklistResponse, *, by: Any, now: datetime, **what: Any) -> dict[str, Any]:
    """Somebody may be at risk. By anybody who sees the checklist, finished or not (domain.md 1, rule 1)."""
    response.handover = handovers.hand_over(
        by=by,
        now=now,
        source=f"Checklist {response.reference}",
        family=family_of(response),
        referral=response.referral,
        area=response.area,
        **what,
    )
    for worry in response.suggestions.open().filter(outcome=Outcome.URGENT):
        deal_with(worry, by=SYSTEM, now=now, note="Handed over to social care.", author=by)
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
    if not given:
        raise NotPossible("Nothing was answered here: answer one question, or stop the checklist and say why.")
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
    """A sign of harm is never only a suggestion: whoever asks says within a day what was done, or their manager hears of it."""
    if any(each.is_urgent for each in write_suggestions(response, answers)):
        promise(response, "D_HARM", now=now, holder=by)


@transition(ChecklistResponse, label="Stop asking", sources=ASKING, target=ChecklistStatus.STOPPED, rule="offer")
def stop(response: ChecklistResponse, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """They do not want to go on, or cannot now. What was said so far is kept, and suggests nothing."""
    response.ended_at, response.stopped_why = now, reason
    return {"reason": reason}


@transition(
    ChecklistResponse,
    label="Write down their age",
    sources=[ChecklistStatus.ASKING, ChecklistStatus.ASKED],
    rule="offer",
)
def write_age(response: ChecklistResponse, *, by: Any, now: datetime, age: int) -> dict[str, Any]:
    """In years, as they say it: services are for an age. A date of birth, where there is one, says more and is believed."""
    if response.person.born_on:
        raise NotPossible("Their date of birth is written down.", field="age")
    refuse_age(age, response.about, field="age")
    response.age = age
    return {}


# --- what it suggests is talked over, one by one -----------------------------------------------------------------------


@transition(Suggestion, label="They say yes", sources=UNSETTLED, target=SuggestionStatus.YES, rule="offer")
def agree(
    suggestion: Suggestion,
    *,
    by: Any,
    now: datetime,
    note: str = "",
    given_by: str = "",
    given_how: str = "",
    limits: str = "",
    service: Service | None = None,
    elsewhere: str = "",
    words: str = "",
    reach: str = "",
    capacity_note: str = "",
) -> dict[str, Any]:
    """Their yes to this one thing, and at once what follows from it: a referral to the service, or the way on that was named.

    Where it is done outside Early Help, or nobody could be told from here, it stays to be done: see ``take_up``.
    """
    _refuse_harm(suggestion)
    if capacity_note and service is None:  # else it stands with the permission that goes to the service
        note = f"{note}\n\nTheir capacity to decide this: {capacity_note}".strip()
    _answered(suggestion, by, now, note)
    if suggestion.outcome != Outcome.ADVICE:
        suggestion.given_by, suggestion.given_how = GivenBy(given_by), AskedHow(given_how)
        suggestion.limits = limits
    if suggestion.outcome == Outcome.ADVICE:
        suggestion.taken_up_at = now
    elif service is not None:
        _refer(suggestion, service, by, now, why=words, reach=reach, capacity_note=capacity_note)
    elif suggestion.rule.route in routes.ROUTES:
        _send_on(suggestion, by, now, words=words, reach=reach)
    else:
        suggestion.went_to = elsewhere
    return {"rule": suggestion.rule.code, "onward": suggestion.onward_id}


def _refer(
    suggestion: Suggestion, service: Service, by: Any, now: datetime, *, why: str, reach: str, capacity_note: str
) -> None:
    """A referral of its own to the service, with this permission (domain.md 11)."""
    person = suggestion.response.person
    if not may(by, "view", person):
        raise NotPossible(
            "Somebody who works with this person sends this: ask First Contact Plus, who see this checklist."
        )
    age = suggestion.response.age
    if age is not None:  # as they said it: nobody knows the date of birth, which a service is otherwise told
        why = f"{why}\n\nThey are about {age} years old."
    suggestion.onward = onward.offer(
        person=person,
        service=service,
        by=by,
        now=now,
        why=why,
        given_by=suggestion.given_by,
        how=suggestion.given_how,
        limits=suggestion.limits,
        reach=reach,
        capacity_note=capacity_note,
    )
    suggestion.went_to, suggestion.went_reference = str(service), suggestion.onward.reference
    suggestion.taken_up_at = now


def _send_on(suggestion: Suggestion, by: Any, now: datetime, *, words: str, reach: str) -> None:
    response = suggestion.response
    record = response.contact or response.referral
    agreement = (
        f"{suggestion.get_given_by_display()}, {within(suggestion.get_given_how_display())}. {suggestion.limits}"
    )
    ask = routes.Ask(
        response.person, words=words, reach=reach, agreement=agreement.strip(), family=record.family if record else None
    )
    went = routes.take(suggestion.rule.route, ask, by=by, now=now)
    suggestion.went_to, suggestion.went_reference, suggestion.taken_up_at = went.where, went.reference, now


@transition(Suggestion, label="They say no", sources=UNSETTLED, target=SuggestionStatus.NO, rule="offer")
def decline(suggestion: Suggestion, *, by: Any, now: datetime, note: str = "") -> dict[str, Any]:
    _refuse_harm(suggestion)
    _answered(suggestion, by, now, note)
    return {"rule": suggestion.rule.code, "reason": note}


@transition(Suggestion, label="Not now", sources=UNSETTLED, target=SuggestionStatus.LATER, rule="offer")
def not_now(
    suggestion: Suggestion, *, by: Any, now: datetime, note: str = "", offer_again_on: date | None = None
) -> dict[str, Any]:
    """It is offered again, once (domain.md R17): on a day that they choose, or else after the usual time."""
    _refuse_harm(suggestion)
    on = offer_again_on or again_on(now)
    if on <= timezone.localdate(now):
        raise NotPossible("Choose a day to come.", field="offer_again_on")
    _answered(suggestion, by, now, note, again=on)
    return {"rule": suggestion.rule.code, "reason": note}


def again_on(now: datetime) -> date:
    return due_by(standard("D_REPEAT_OFFER"), now).date()


@transition(Suggestion, label="It is done", sources=[SuggestionStatus.YES], rule="offer")
def take_up(suggestion: Suggestion, *, by: Any, now: datetime, went_to: str) -> dict[str, Any]:
    """What they said yes to, and was done elsewhere than here."""
    if suggestion.taken_up_at:
        raise NotPossible("That is written down already.")
    suggestion.went_to, suggestion.taken_up_at = went_to, now
    return {"rule": suggestion.rule.code, "reason": went_to}


@transition(
    Suggestion,
    label="Say what was done",
    sources=[SuggestionStatus.OPEN],
    target=SuggestionStatus.DEALT_WITH,
    rule="offer",
)
def deal_with(suggestion: Suggestion, *, by: Any, now: datetime, note: str, author: Any = None) -> dict[str, Any]:
    """A sign of harm is no offer: somebody speaks to social care, or finds out that there is none, and says so."""
    if not suggestion.is_urgent:
        raise NotPossible("This is an offer: write down what they said to it.")
    _answered(suggestion, author or by, now, note)
    others = suggestion.response.suggestions.open().filter(outcome=Outcome.URGENT).exclude(pk=suggestion.pk)
    if not others.exists():
        keep(suggestion.response, "D_HARM", now=now)
    return {"rule": suggestion.rule.code, "reason": note}


# --- what these share --------------------------------------------------------------------------------------------------


def _refuse_harm(suggestion: Suggestion) -> None:
    if suggestion.is_urgent:
        raise NotPossible("A sign of harm is no offer: speak to social care, and say what was done.")


def _answered(suggestion: Suggestion, by: Any, now: datetime, note: str, *, again: date | None = None) -> None:
    suggestion.answered_by, suggestion.answered_at, suggestion.note = by, now, note
    suggestion.offer_again_on = again
    _repeat(suggestion, by, now)


def _repeat(suggestion: Suggestion, by: Any, now: datetime) -> None:
    """One promise for all of a checklist’s offers that were not wanted then: for the first day on which one is due."""
    response = suggestion.response
    others = response.suggestions.filter(status=SuggestionStatus.LATER).exclude(pk=suggestion.pk)
    days = [day for day in others.values_list("offer_again_on", flat=True) if day]
    days += [suggestion.offer_again_on] if suggestion.offer_again_on else []
    if not days:
        keep(response, "D_REPEAT_OFFER", now=now)
    elif min(days) > timezone.localdate(now):
        due_at = closing(add_working_days(min(days), 0))
        promise(response, "D_REPEAT_OFFER", now=now, holder=by, due_at=due_at, once=True)
