"""Reviews: what moved, what each child says, and a decision. An approach that makes no difference is changed (domain.md R11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.enums import UNFINISHED, ReviewDecision, Risk
from assessments.models import ActionProgress, OutcomeReading, PlanAction, Review, Voice
from assessments.queries import (
    Occasion,
    actions_owed,
    children_among,
    is_stuck,
    last_review,
    managers_of_lead,
    needs_of,
    occasions,
    people_of,
)
from assessments.services.leading import led
from earlyhelp.audit.models import record
from earlyhelp.cases.enums import Status
from earlyhelp.cases.guards import Obstacle, raise_what_stops, refuse_before_it_began
from earlyhelp.cases.models import Case
from earlyhelp.cases.services import deciders
from earlyhelp.cases.transitions import reviewed
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.models import User
from earlyhelp.workflow.transitions import NotPossible, person

STUCK = (
    "Two readings running show no progress. Change the plan, ask for a step, raise what stops it, or say why you carry on "
    "as before."
)


@dataclass(frozen=True)
class Found:
    """What a review found: progress by action, readings by heading, and (how, words, why not) by child."""

    progress: Mapping[int, str] = field(default_factory=dict)
    readings: Mapping[str, int] = field(default_factory=dict)
    voices: Mapping[int, tuple[str, str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Stopped:
    """What stops the plan, and is in nobody's hands here: what it is, since when, and what has been tried."""

    what: str
    since_on: date
    tried: str


@transaction.atomic
def record_review(
    case: Case,
    *,
    held_on: date,
    risk: str,
    decision: str,
    summary: str,
    found: Found,
    by: Any,
    now: datetime,
    no_reading_reason: str = "",
    continue_reason: str = "",
    stopped: Stopped | None = None,
) -> Review:
    """Write a review down and make the next promise. A decision to close needs no next review of a case already closing.

    ``stopped``: what stops the plan is raised as a blockage in the same step (R11). Raises ``NotPossible`` while anything is
    missing (domain.md 6.8).
    """
    case = led(case, by=by)
    review = Review(
        case=case,
        held_on=held_on,
        risk=Risk(risk),
        decision=ReviewDecision(decision),
        summary=summary,
        no_reading_reason=no_reading_reason,
        continue_reason=continue_reason,
        blockage=stopped.what if stopped else "",
        recorded_by=by,
        recorded_at=now,
    )
    _refuse_half_a_review(review, found, today=timezone.localdate(now))
    review.full_clean()
    review.save()
    _write_down(review, found)
    record("assessments.review.record", review, by=person(by), at=now, decision=decision, risk=risk)
    if case.status == Status.SUPPORTED or decision != ReviewDecision.CLOSE:
        reviewed(case, by=by, now=now, held_on=held_on, decision=decision)
    if stopped:
        raise_what_stops(case, by=by, now=now, what=stopped.what, since_on=stopped.since_on, tried=stopped.tried)
    _tell(review, now=now)
    return review


def _refuse_half_a_review(review: Review, found: Found, *, today: date) -> None:
    if review.held_on > today:
        raise NotPossible("The day of the review cannot be in the future.")
    refuse_before_it_began(review.case, review.held_on, field="held_on")
    if {action.pk for action in actions_owed(review.case)} - {pk for pk, text in found.progress.items() if text}:
        raise NotPossible("Say how each open action stands.")
    children = {child.pk for child in children_among(people_of(review.case))}
    if children - {pk for pk, said in found.voices.items() if any(said)}:
        raise NotPossible("Write down what each child says or shows, or why they were not heard.")
    needs = needs_of(review.case)
    if not review.no_reading_reason and (not found.readings or set(needs) - set(found.readings)):
        raise NotPossible("Take a reading for each need, or say why none was taken.")
    said_why = review.continue_reason or review.blockage
    if review.decision == ReviewDecision.CONTINUE and not said_why and _stuck_with(review, found, needs):
        raise NotPossible(STUCK)


def _stuck_with(review: Review, found: Found, needs: list[str]) -> bool:
    if not found.readings:
        return False
    return is_stuck([*occasions(review.case), Occasion(review.held_on, dict(found.readings))], needs)


def _write_down(review: Review, found: Found) -> None:
    OutcomeReading.objects.bulk_create(
        OutcomeReading(case=review.case, review=review, heading=heading, value=value, taken_on=review.held_on)
        for heading, value in found.readings.items()
    )
    owed = {action.pk for action in PlanAction.objects.filter(case=review.case, pk__in=found.progress)}
    ActionProgress.objects.bulk_create(
        ActionProgress(review=review, action_id=pk, text=text)
        for pk, text in found.progress.items()
        if text and pk in owed
    )
    children = {child.pk for child in children_among(people_of(review.case))}
    written = {"recorded_by": review.recorded_by, "recorded_at": review.recorded_at}
    Voice.objects.bulk_create(
        Voice(review=review, child_id=pk, how=how, words=words, why_not=why_not, **written)
        for pk, (how, words, why_not) in found.voices.items()
        if pk in children
    )


# --- who is told (domain.md 7, step reminders 3 and 4) ----------------------------------------------------------------


def _tell(review: Review, *, now: datetime) -> None:
    case = review.case
    if review.decision == ReviewDecision.CHANGE_LEAD:
        _notify(review, deciders(case), "Another lead professional is asked for", "lead", now)
    if is_stuck(occasions(case), needs_of(case)):
        _notify(review, [case.lead, *managers_of_lead(case)], "Consider asking for a step up", "stuck", now)
    elif _calmer(case):
        _notify(review, [case.lead, *managers_of_lead(case)], "Consider asking for a step down", "calmer", now)


def _calmer(case: Case) -> bool:
    """Three reviews running with falling risk, and nothing left to do."""
    last = list(Review.objects.filter(case=case).newest_first()[:3])
    done = not PlanAction.objects.filter(case=case, status__in=UNFINISHED, handed_to="").exists()
    return done and len(last) == 3 and all(review.risk == Risk.LOWER for review in last)


def _notify(review: Review, people: Sequence[User | None], title: str, what: str, now: datetime) -> None:
    case = review.case
    notify(
        people,
        kind=Kind.REQUEST,
        title=title,
        reference=case.reference,
        url=case.get_absolute_url(),
        key=f"review:{review.pk}:{what}",
        now=now,
    )


def why_not_close(case: Case) -> Iterator[Obstacle]:
    """What of a plan and its readings still stands in the way of closing (domain.md 6.5)."""
    for action in actions_owed(case):
        page = reverse("assessments:action", args=[case.reference, action.pk, "update"])
        yield Obstacle(f"“{action.what}” ({action.whose}) is unfinished: finish it, or hand it on.", page)
    if case.status in (Status.SUPPORTED, Status.CLOSING) and occasions(case) and last_review(case) is None:
        page = reverse("assessments:review", args=[case.reference])
        yield Obstacle("Record a last review, with readings or the reason why there are none.", page)
