"""What other apps ask before a case may close or be given more, and put in order once it has ended: the case knows none of them
(design.md 2 b).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone

from earlyhelp.cases.models import Case
from earlyhelp.core.access import NOBODY
from earlyhelp.core.dates import day
from earlyhelp.partnership.models import User
from earlyhelp.workflow.services import last_step
from earlyhelp.workflow.transitions import NotPossible

ClosureGuard = Callable[[Case], Iterable["Obstacle"]]
Ending = Callable[[Case, datetime], None]
HandOver = Callable[[Case, User, Any, datetime], None]
Following = Callable[[Case, Any, datetime], None]
Opening = Callable[[Case, Any, str, datetime], None]
TurningAway = Callable[[Case, Any, "TurnedAway", datetime], None]
CLOSURE_GUARDS: list[ClosureGuard] = []
SOCIAL_CARE_GUARDS: list[ClosureGuard] = []
MORE_GUARDS: list[ClosureGuard] = []
HEARINGS_OF_CLOSURES: list[Callable[[], Q]] = []
ENDINGS: list[Ending] = []
HAND_OVERS: list[HandOver] = []
LEAVINGS: list[HandOver] = []
NOT_AGREED: list[Following] = []
TURNED_AWAY: list[TurningAway] = []
TAKEN_ON: list[Following] = []
STOPPED: list[Callable[..., Any]] = []
OPENED: list[Opening] = []


HEARD_NOW = (
    "A meeting of the hub that sits now has this closure before it: it is decided there, or once the meeting is closed."
)


@dataclass(frozen=True)
class TurnedAway:
    """Why the hub opens no case, where the family goes instead, and what it adds for whoever referred."""

    reason: str
    where: str = ""
    message: str = ""
    handover: Mapping[str, Any] = field(default_factory=dict)  # what social care is to know, where it is handed over


@dataclass(frozen=True)
class Obstacle:
    """One thing that stands in the way, in words fit for a person, and the page on which it is put right."""

    text: str
    url: str = ""


def closure_guard(guard: ClosureGuard) -> ClosureGuard:
    """Lodge the reasons why a case may not close yet; none at all if it may."""
    CLOSURE_GUARDS.append(guard)
    return guard


def before_social_care_leads(guard: ClosureGuard) -> ClosureGuard:
    """Lodge the reasons why early help may not end yet in favour of social care; none at all if it may."""
    SOCIAL_CARE_GUARDS.append(guard)
    return guard


def before_more_is_asked(guard: ClosureGuard) -> ClosureGuard:
    """Lodge the reasons why a step up may not be asked for yet (domain.md R7); none at all if it may."""
    MORE_GUARDS.append(guard)
    return guard


def hears_closures(sits: Callable[[], Q]) -> Callable[[], Q]:
    """Lodge when a closure is before a meeting that decides on it, ``() -> condition`` over cases: nobody else does meanwhile."""
    HEARINGS_OF_CLOSURES.append(sits)
    return sits


def at_the_end(ending: Ending) -> Ending:
    """Lodge what is put in order in the moment in which a case ends, however it ends: nobody is reminded afterwards."""
    ENDINGS.append(ending)
    return ending


def at_the_hand_over(passing: HandOver) -> HandOver:
    """Lodge what passes with the lead, ``(case, former lead, by, now)``, in the moment in which ``case.lead`` takes over."""
    HAND_OVERS.append(passing)
    return passing


def when_somebody_leaves(passing: HandOver) -> HandOver:
    """Lodge what passes to the lead, ``(case, who left, by, now)``, in the moment in which somebody leaves the team."""
    LEAVINGS.append(passing)
    return passing


def if_closure_is_refused(following: Following) -> Following:
    """Lodge what follows, ``(case, by, now)``, where a closure is not agreed: what was approved of it holds no more."""
    NOT_AGREED.append(following)
    return following


def if_not_opened(following: TurningAway) -> TurningAway:
    """Lodge what follows, ``(case, by, said, now)``, where the hub opens no case: nobody is turned away unheard."""
    TURNED_AWAY.append(following)
    return following


def when_opened(following: Opening) -> Opening:
    """Lodge what follows, ``(case, by, message, now)``, in the moment in which the hub opens a case and offers it to somebody.

    ``message``: what the hub adds for whoever referred, if anything.
    """
    OPENED.append(following)
    return following


def when_accepted(following: Following) -> Following:
    """Lodge what follows, ``(case, by, now)``, in the moment in which the first lead professional accepts the family."""
    TAKEN_ON.append(following)
    return following


def when_stopped(raising: Callable[..., Any]) -> Callable[..., Any]:
    """Lodge how what stops a plan is raised, ``(case, by, now, what, since_on, tried)``, so that somebody unpicks it."""
    STOPPED.append(raising)
    return raising


def refuse_before_it_began(case: Case, on: date, *, field: str = "") -> None:
    """Nothing was done with a family before early help accepted it: an earlier day is a slip of the pen, and is said so."""
    began = timezone.localdate(case.accepted_at)
    if on < began:
        raise NotPossible(f"The case began on {day(began)}: choose that day or a later one.", field=field)


def obstacles(case: Case, *, social_care_leads: bool = False) -> list[Obstacle]:
    """All that still stands in the way of closing (domain.md 6.5): said before anybody types, and asked again when they send."""
    guards = SOCIAL_CARE_GUARDS if social_care_leads else CLOSURE_GUARDS
    return [obstacle for guard in guards for obstacle in guard(case)]


def refuse_if_unfinished(case: Case, *, social_care_leads: bool = False) -> None:
    """Raise ``NotPossible`` with all that still stands in the way of closing."""
    if found := obstacles(case, social_care_leads=social_care_leads):
        raise NotPossible(" ".join(obstacle.text for obstacle in found))


def obstacles_to_more(case: Case) -> list[Obstacle]:
    """All that is done before a step up is asked for: said before anybody types. What cannot wait is held up by none of it."""
    return [obstacle for guard in MORE_GUARDS for obstacle in guard(case)]


def refuse_to_ask_for_more(case: Case) -> None:
    if found := obstacles_to_more(case):
        raise NotPossible(" ".join(obstacle.text for obstacle in found), field="to_tier")


def with_closure_heard(cases: Any) -> Any:
    """Bring with each ``closure_heard``: whether a meeting that sits now has its closure before it."""
    heard = reduce(or_, (sits() for sits in HEARINGS_OF_CLOSURES), NOBODY)
    return cases.annotate(closure_heard=ExpressionWrapper(heard, output_field=BooleanField()))


def refuse_to_answer_closure(case: Case, by: Any, *, heard: bool) -> None:
    """A chair or a manager answers from the case (domain.md 6.5, ``D_CLOSE``), but not past a meeting that hears it now.

    ``heard``: it is that meeting which answers.
    """
    before = with_closure_heard(Case.objects.filter(pk=case.pk)).filter(closure_heard=True)
    if not heard and before.exists():
        raise NotPossible(HEARD_NOW)
    refuse_whoever_asked(case, by)


def refuse_whoever_asked(case: Case, by: Any) -> None:
    """Nobody decides on what they asked for: not later, nor by another right, as when they had covered for the lead."""
    asked = last_step(case, "request_step", "propose_closure")
    if asked and asked.actor and asked.actor == by:
        raise NotPossible("You asked for this yourself, for whoever leads the case: somebody else has to decide.")


def pass_on(case: Case, former: User, *, by: Any, now: datetime) -> None:
    for passing in HAND_OVERS:
        passing(case, former, by, now)


def left(case: Case, user: User, *, by: Any, now: datetime) -> None:
    for passing in LEAVINGS:
        passing(case, user, by, now)


def closure_refused(case: Case, *, by: Any, now: datetime) -> None:
    for following in NOT_AGREED:
        following(case, by, now)


def opened(case: Case, *, by: Any, message: str, now: datetime) -> None:
    """Do what rooms above have lodged for this moment."""
    for following in OPENED:
        following(case, by, message, now)


def follow_acceptance(case: Case, *, by: Any, now: datetime) -> None:
    for following in TAKEN_ON:
        following(case, by, now)


def raise_what_stops(case: Case, *, by: Any, now: datetime, **said: Any) -> None:
    for raising in STOPPED:
        raising(case, by=by, now=now, **said)


def put_in_order(case: Case, *, now: datetime) -> None:
    for ending in ENDINGS:
        ending(case, now)


def turn_away(case: Case, *, by: Any, now: datetime, **said: Any) -> None:
    for following in TURNED_AWAY:
        following(case, by, TurnedAway(**said), now)
