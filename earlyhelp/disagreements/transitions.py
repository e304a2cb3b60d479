"""How a disagreement is settled, stage by stage (domain.md 8.5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.deadlines.services import keep, release
from earlyhelp.disagreements.enums import Stage, Status
from earlyhelp.disagreements.models import Disagreement
from earlyhelp.disagreements.services import begin, tell
from earlyhelp.workflow.transitions import NotPossible, transition

OPEN = [Status.OPEN]


@transition(Disagreement, label="Record that it is settled", sources=OPEN, target=Status.RESOLVED, rule="carry")
def resolve(disagreement: Disagreement, *, by: Any, now: datetime, outcome: str, spoke_with: str) -> dict[str, Any]:
    """They agree how it goes on: that is written down, and everybody who took part hears."""
    _end_stage(disagreement, by=by, now=now, outcome=outcome, spoke_with=spoke_with)
    keep(disagreement, "D_DISAGREE", now=now)
    disagreement.outcome, disagreement.resolved_at = outcome, now
    case = disagreement.case
    took_part = [stage.ended_by for stage in disagreement.stages.select_related("ended_by")]
    people = [disagreement.raised_by, case.lead if case else None, *took_part]
    tell(disagreement, [each for each in people if each != by], "A disagreement is settled", what="settled", now=now)
    return {"reason": outcome, "stage": disagreement.stage}


@transition(Disagreement, label="Go to the next stage", sources=OPEN, rule="carry")
def take_further(
    disagreement: Disagreement, *, by: Any, now: datetime, outcome: str, spoke_with: str, meanwhile: str = ""
) -> dict[str, Any]:
    """They do not agree: those of the next stage have two working days from now. ``meanwhile``: if what is safest has changed."""
    if disagreement.stage == Stage.PARTNERSHIP:
        raise NotPossible("The safeguarding partnership is the last stage: record how it was settled there.")
    was = Stage(disagreement.stage)
    _end_stage(disagreement, by=by, now=now, outcome=outcome, spoke_with=spoke_with)
    release(disagreement, now=now)
    disagreement.meanwhile = meanwhile or disagreement.meanwhile
    begin(disagreement, Stage(was + 1), now=now)
    if by != disagreement.raised_by:
        title = "A disagreement that you raised goes to the next stage"
        tell(disagreement, [disagreement.raised_by], title, what=f"further:{was.value}", now=now)
    return {"reason": outcome, "stage": was.value}


@transition(Disagreement, label="Change what applies meanwhile", sources=OPEN, rule="carry")
def set_meanwhile(disagreement: Disagreement, *, by: Any, now: datetime, meanwhile: str) -> dict[str, Any]:
    """Something has changed, and another option is the safest now."""
    was, disagreement.meanwhile = disagreement.meanwhile, meanwhile
    return {"reason": meanwhile, "before": was}


def _end_stage(disagreement: Disagreement, *, by: Any, now: datetime, outcome: str, spoke_with: str) -> None:
    stage = disagreement.stages.get(until_at=None)
    stage.until_at, stage.outcome, stage.spoke_with, stage.ended_by = now, outcome, spoke_with, by
    stage.save()
