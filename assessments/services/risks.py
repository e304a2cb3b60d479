"""What may go wrong is written down and looked at until it is over; a safety plan is its owner’s (domain.md 4, system 17)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from assessments.enums import RiskLevel, RiskResponse
from assessments.models import RiskNote, RiskNoteDeadline, SafetyPlan
from assessments.queries import managers_of_lead, people_of
from assessments.services.leading import led
from assessments.transitions import write_look
from earlyhelp.audit.models import record
from earlyhelp.cases.guards import Obstacle
from earlyhelp.cases.models import Case
from earlyhelp.families.models import Person
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.models import User
from earlyhelp.workflow.services import edit, lock
from earlyhelp.workflow.transitions import NotPossible, person

WATCH = "keep_watch"


@transaction.atomic
def raise_risk(
    case: Case,
    *,
    kind: str,
    what: str,
    found: str,
    level: str,
    response: str,
    doing: str,
    by: Any,
    now: datetime,
    about: Person | None = None,
) -> RiskNote:
    """Whoever works with the family writes down what may happen, and what is done about it from this moment."""
    case = led(case, by=by, right=WATCH)
    _refuse_strangers(case, about)
    risk = RiskNote(case=case, about=about, kind=kind, what=what, raised_by=person(by), raised_at=now, looked_at=now)
    risk.level, risk.response, risk.doing = RiskLevel(level), RiskResponse(response), doing
    risk.full_clean()
    risk.save()
    record("assessments.risknote.raise", risk, by=person(by), at=now, became=risk.status, level=level)
    record("cases.case.risk_raised", case, by=person(by), at=now)
    look = write_look(risk, by=by, now=now, found=found)
    notify(
        [case.lead] if case.lead != person(by) else [],
        kind=Kind.NEWS,
        title="Somebody of the team wrote down a risk",
        reference=case.reference,
        url=risk.get_absolute_url(),
        key=f"risk:{look.pk}:A risk needs you",  # of a high one the lead has heard already
        now=now,
    )
    return risk


def _refuse_strangers(case: Case, about: Person | None) -> None:
    """Nor is anything written of a record that is being made one with another: it would stay on the one that is gone."""
    if about and (lock(about).merged_into_id or about not in people_of(case)):
        raise NotPossible("Whom you chose is not in the family any more: open the page again.", field="about")


@transaction.atomic
def write_safety_plan(case: Case, *, whose: Person, by: Any, now: datetime, **parts: str) -> SafetyPlan:
    """Written with whom it is for. Somebody has one at most: it is changed, and what it said stays in its history."""
    case = led(case, by=by, right=WATCH)
    _refuse_strangers(case, whose)
    if case.safety_plans.current().filter(whose=whose).exists():
        raise NotPossible(f"{whose.called} has a safety plan already: change that one.", field="whose")
    plan = SafetyPlan(case=case, whose=whose, written_by=person(by), written_at=now, **parts)
    plan.full_clean()
    plan.save()
    record("assessments.safetyplan.write", plan, by=person(by), at=now, at_home=plan.at_home)
    return plan


@transaction.atomic
def change_safety_plan(plan: SafetyPlan, *, by: Any, now: datetime, version: int | None, **parts: str) -> SafetyPlan:
    _refuse_if_over(plan, by=by)
    return edit(plan, by=by, now=now, version=version, written_by=person(by), written_at=now, **parts)


@transaction.atomic
def end_safety_plan(plan: SafetyPlan, *, by: Any, now: datetime, ended_because: str) -> SafetyPlan:
    """Its owner needs it no more, or it was written down twice. It stays to be read, and no copy of it is made."""
    _refuse_if_over(plan, by=by)
    return edit(plan, by=by, now=now, ended_at=now, ended_because=ended_because)


def _refuse_if_over(plan: SafetyPlan, *, by: Any) -> None:
    led(plan.case, by=by, right=WATCH)
    if SafetyPlan.objects.get(pk=plan.pk).ended_at:
        raise NotPossible("This plan is not in force any more: make a new one.")


# --- what a case asks, and passes on ----------------------------------------------------------------------------------


def risks_left(case: Case) -> Iterator[Obstacle]:
    """A case does not close on what may still go wrong, unless it is said who keeps an eye on it (domain.md 6.5)."""
    for risk in case.risks.open().select_related("about").worst_first():
        text = (
            f"“{risk.get_kind_display()}” ({risk.whose}) is still open: say that it is over, or who keeps an eye on it."
        )
        yield Obstacle(text, f"{case.get_absolute_url()}risks/")


def silence_risks(case: Case, now: datetime) -> None:
    """Nobody is reminded of a case that has ended; what was open when it did stays to be read, and what was high is said."""
    if case.risks.high().exists():
        notify(
            managers_of_lead(case),
            kind=Kind.REQUEST,
            title="A case ended while a risk was high",
            reference=case.reference,
            url=case.get_absolute_url(),
            key=f"case:{case.pk}:ended_high:{now:%Y%m%d}",
            now=now,
        )
    RiskNoteDeadline.objects.filter(owner__case=case).open().update(void_at=now, rings_at=None)


def pass_on_risks(case: Case, former: User, by: Any, now: datetime) -> None:
    """Who leads from now on is reminded of the next look, and not who led before."""
    RiskNoteDeadline.objects.filter(owner__case=case).open().update(holder=case.lead)
