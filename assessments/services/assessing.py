"""Writing an assessment. Every save says which version it was made from, so that nobody's words are lost (promise P10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessments.enums import AssessmentStatus, headings
from assessments.models import Assessment, HeadingNote, Review, Voice
from assessments.queries import last_review, standing_of
from assessments.services.leading import led, must_lead
from assessments.transitions import begin
from earlyhelp.audit.models import record
from earlyhelp.cases.guards import Obstacle
from earlyhelp.cases.models import Case
from earlyhelp.core.dates import day
from earlyhelp.core.words import within
from earlyhelp.families.models import Person
from earlyhelp.workflow.services import edit, lock
from earlyhelp.workflow.transitions import NotPossible, Stale, person

KEPT_FROM_LAST = ("strengths", "worries", "needs_to_change")
WRITTEN_FOR = timedelta(weeks=2)  # completed so short a time before a review, an assessment was written for it


@transaction.atomic
def start(case: Case, *, by: Any, now: datetime) -> Assessment:
    """Open an assessment with every heading in it. A later version begins with the words of the one before, and decides anew.

    Raises ``NotPossible`` if one is being written already: there is one growing record and never two.
    """
    case = led(case, by=by)
    if case.assessments.being_written().exists():
        raise NotPossible("An assessment of this family is being written already.")
    last = case.assessments.newest_first().first()
    number = last.version_number + 1 if last else 1
    assessment = Assessment.objects.create(case=case, version_number=number, started_by=by, started_at=now)
    standing = case.assessments.standing().first()
    said = {note.heading: note for note in standing.notes.all()} if standing else {}
    HeadingNote.objects.bulk_create(
        HeadingNote(assessment=assessment, heading=heading, **_words_of(said.get(heading)))
        for heading in headings(case.kind)
    )
    record("assessments.assessment.start", assessment, by=person(by), at=now, became=assessment.status)
    record("cases.case.assessment_started", case, by=person(by), at=now, number=number)
    return assessment


def _words_of(note: HeadingNote | None) -> dict[str, str]:
    return {name: getattr(note, name) for name in KEPT_FROM_LAST} if note else {}


@transaction.atomic
def save_heading(note: HeadingNote, *, by: Any, now: datetime, version: int | None = None, **words: Any) -> HeadingNote:
    """Write under one heading: ``strengths``, ``worries``, ``needs_to_change``, ``is_need``, ``reading``.

    Raises ``Stale`` if somebody else wrote there meanwhile.
    """
    assessment = _writable(note.assessment, by=by)
    note = edit(note, by=by, now=now, version=version, **words)
    _begun(assessment, by=by, now=now)
    return note


@transaction.atomic
def save_analysis(
    assessment: Assessment, *, by: Any, now: datetime, version: int | None = None, **words: Any
) -> Assessment:
    """Write what it all means: see the fields of ``Assessment``. Raises ``Stale`` as ``save_heading`` does."""
    _writable(assessment, by=by)
    assessment = edit(assessment, by=by, now=now, version=version, **words)
    return _begun(assessment, by=by, now=now)


@transaction.atomic
def record_voice(
    assessment: Assessment,
    child: Person,
    *,
    by: Any,
    now: datetime,
    how: str = "",
    words: str = "",
    why_not: str = "",
    version: int | None = None,
) -> Voice:
    """Write down what a child says or shows, or why the child was not heard. ``version`` 0 says that there was nothing yet."""
    assessment = _writable(assessment, by=by)
    said = {"how": how, "words": words, "why_not": why_not, "recorded_by": by, "recorded_at": now}
    voice = assessment.voices.filter(child=child).first()
    if voice and version == 0:
        raise Stale(voice)
    if voice:
        voice = edit(voice, by=by, now=now, version=version, **said)
    else:
        voice = Voice(assessment=assessment, child=child, **said)
        voice.full_clean()
        voice.save()
    _begun(assessment, by=by, now=now)
    return voice


def _writable(assessment: Assessment, *, by: Any) -> Assessment:
    """The assessment, held, if it may still be written in: a completed one is never rewritten (domain.md 6.6)."""
    assessment = lock(assessment)
    must_lead(assessment.case, by=by)
    if not assessment.is_being_written:
        raise NotPossible(
            f"This assessment is {within(assessment.get_status_display())}: start a new one to change it."
        )
    return assessment


def _begun(assessment: Assessment, *, by: Any, now: datetime) -> Assessment:
    return begin(assessment, by=by, now=now) if assessment.status == AssessmentStatus.DRAFT else assessment


def why_not_more(case: Case) -> Iterator[Obstacle]:
    """The hub decides a step up on an assessment that knows what the last review found (domain.md 8.1 U2, R7).

    Support begins with an assessment (6.5): it stands until a review has been held since.
    """
    review, standing = last_review(case), standing_of(case)
    if review is None or (standing and _knows_of(standing, review)):
        return
    page = f"{case.get_absolute_url()}assessment/"
    if case.assessments.being_written().exists():
        yield Obstacle("The assessment is being written again, and is not completed: complete it.", page)
    else:
        held = day(review.held_on)
        yield Obstacle(
            f"The assessment has not been updated since the review of {held}: assess the family again.", page
        )


def _knows_of(standing: Assessment, review: Review) -> bool:
    return standing.completed_at is not None and (
        timezone.localdate(standing.completed_at) >= review.held_on - WRITTEN_FOR
    )
