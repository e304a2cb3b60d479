"""The lives of an assessment, a plan, its actions, its meetings and of what may go wrong (domain.md 6.5, 6.6, 6.8, 6.10), read
top to bottom.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from assessments.enums import (
    AHEAD,
    LOOK_AGAIN,
    STANDING,
    UNFINISHED,
    WRITABLE,
    ActionStatus,
    AssessmentStatus,
    FeedbackStatus,
    HasCopy,
    MeetingStatus,
    PlanStatus,
    RiskLevel,
    RiskResponse,
    RiskStatus,
)
from assessments.models import (
    Assessment,
    Attendance,
    Feedback,
    OutcomeReading,
    Plan,
    PlanAction,
    PlanAgreement,
    ProgrammeEnrolment,
    RiskLook,
    RiskNote,
    TafMeeting,
)
from assessments.queries import (
    counts_for_programme,
    gaps,
    managers_of_lead,
    may_agree_for,
    not_ready_to_agree,
    people_of,
)
from earlyhelp.audit.models import record
from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import TeamMember
from earlyhelp.cases.transitions import assessment_completed, plan_agreed
from earlyhelp.core.calendar import closing
from earlyhelp.core.words import within
from earlyhelp.deadlines.services import keep, move, pass_to, promise, release
from earlyhelp.families.models import Person
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.workflow.services import edit, lock
from earlyhelp.workflow.transitions import NotPossible, Stale, person, transition

# --- the assessment ---------------------------------------------------------------------------------------------------


@transition(
    Assessment, label="Begin", sources=[AssessmentStatus.DRAFT], target=AssessmentStatus.IN_PROGRESS, rule="lead"
)
def begin(assessment: Assessment, *, by: Any, now: datetime) -> None:
    """Something has been written in it."""


@transition(
    Assessment,
    label="Give it to the family to read",
    sources=[AssessmentStatus.IN_PROGRESS],
    target=AssessmentStatus.AWAITING_FAMILY,
    rule="lead",
)
def give_to_family(assessment: Assessment, *, by: Any, now: datetime) -> None:
    """The family reads it and says what is wrong or missing; the lead may go on writing meanwhile."""


@transition(
    Assessment,
    label="Complete the assessment",
    sources=[AssessmentStatus.IN_PROGRESS, AssessmentStatus.AWAITING_FAMILY],
    target=AssessmentStatus.COMPLETED,
    rule="lead",
)
def complete(assessment: Assessment, *, by: Any, now: datetime, family_has_copy: str = "") -> dict[str, Any]:
    """Everything is there: the readings count, an earlier assessment gives way, and the case moves to its plan.

    Raises ``NotPossible`` with the list of what is missing.
    """
    missing = gaps(assessment)
    if missing:
        raise NotPossible("This cannot be completed yet. " + " ".join(gap.text for gap in missing))
    assessment.family_has_copy = family_has_copy or assessment.family_has_copy
    if not assessment.family_has_copy:
        raise NotPossible("Say whether the family has a copy, or did not want one.")
    for earlier in assessment.case.assessments.standing():
        supersede(earlier, by=by, now=now)
    assessment.completed_at = now
    _take_readings(assessment, on=timezone.localdate(now))
    if counts_for_programme(assessment):
        ProgrammeEnrolment.objects.get_or_create(case=assessment.case, defaults={"flagged_at": now})
    _tell_the_case(assessment, by=by, now=now)
    return {"level_of_need": assessment.level_of_need, "people": [each.pk for each in people_of(assessment.case)]}


def _take_readings(assessment: Assessment, *, on: date) -> None:
    read = assessment.notes.exclude(reading=None)
    OutcomeReading.objects.bulk_create(
        OutcomeReading(
            case=assessment.case, assessment=assessment, heading=note.heading, value=note.reading or 0, taken_on=on
        )
        for note in read
    )


def _tell_the_case(assessment: Assessment, *, by: Any, now: datetime) -> None:
    """The first assessment moves the case on; a later one changes its level of need and the day of the next."""
    case, level = assessment.case, assessment.level_of_need
    if case.status == Status.ASSESSING:
        assessment_completed(case, by=by, now=now, level_of_need=level)
        return
    edit(case, by=by, now=now, level_of_need=level)
    keep(case, "D_REASSESS", "D_ASSESS", now=now)
    promise(case, "D_REASSESS", now=now, holder=case.lead, tier=case.tier)


@transition(
    Assessment,
    label="Sign off",
    sources=[AssessmentStatus.COMPLETED],
    target=AssessmentStatus.SIGNED_OFF,
    rule="ratify",
)
def sign_off(assessment: Assessment, *, by: Any, now: datetime, reason: str = "") -> dict[str, Any]:
    """A manager or the chair has read it, and it is good."""
    return {"reason": reason}


@transition(Assessment, label="Record whether the family has its copy", sources=STANDING, rule="lead")
def give_copy(assessment: Assessment, *, by: Any, now: datetime, family_has_copy: str) -> dict[str, Any]:
    """The family was given what was written about them, or did not want it (domain.md 6.6). It is asked once it is true."""
    assessment.family_has_copy = HasCopy(family_has_copy)
    return {"copy": family_has_copy}


@transition(
    Assessment,
    label="Replace by a newer one",
    sources=[AssessmentStatus.COMPLETED, AssessmentStatus.SIGNED_OFF],
    target=AssessmentStatus.SUPERSEDED,
    rule="lead",
)
def supersede(assessment: Assessment, *, by: Any, now: datetime) -> None:
    """A newer assessment of the family was completed. This one stays to be read."""


@transition(
    Assessment, label="Abandon the assessment", sources=WRITABLE, target=AssessmentStatus.ABANDONED, rule="lead"
)
def abandon(assessment: Assessment, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """It will not be finished. What was written stays to be read."""
    return {"reason": reason}


# --- the plan ---------------------------------------------------------------------------------------------------------


@transition(Plan, label="Agree the plan", sources=PlanStatus.values, target=PlanStatus.AGREED, rule="lead")
def agree(plan: Plan, *, by: Any, now: datetime, said: Mapping[Person, str]) -> dict[str, Any]:
    """The family agrees the plan at a TAF meeting: support begins. A changed plan is agreed again.

    ``said`` holds everybody who agreed, each with their own words. A child's agreement does not stand for a parent's.
    """
    if missing := not_ready_to_agree(plan.case):
        raise NotPossible(" ".join(gap.text for gap in missing))
    family = people_of(plan.case)
    if not set(said) <= set(family):
        raise NotPossible("Somebody chosen is not in the family any more: open the page again.")
    if not set(said) & set(may_agree_for(family)):
        raise NotPossible("A parent or carer has to agree to the plan: what a child says does not stand for them.")
    plan.agreed_on = timezone.localdate(now)
    PlanAgreement.objects.bulk_create(
        PlanAgreement(
            plan=plan, person=each, words=words, agreed_on=plan.agreed_on, recorded_by=person(by), recorded_at=now
        )
        for each, words in said.items()
    )
    if plan.case.status == Status.PLANNING:
        plan_agreed(plan.case, by=by, now=now)
    return {"agreed": sorted(each.pk for each in said)}


# --- an action --------------------------------------------------------------------------------------------------------


@transition(
    PlanAction, label="Say that it is under way", sources=UNFINISHED, target=ActionStatus.IN_PROGRESS, rule="update"
)
def begin_action(action: PlanAction, *, by: Any, now: datetime, came_of_it: str = "") -> dict[str, Any]:
    action.came_of_it = came_of_it
    return {"reason": came_of_it}


@transition(PlanAction, label="Say that it is done", sources=UNFINISHED, target=ActionStatus.DONE, rule="update")
def finish_action(action: PlanAction, *, by: Any, now: datetime, came_of_it: str = "") -> dict[str, Any]:
    return _end_action(action, now, came_of_it, kept=True)


@transition(
    PlanAction, label="Say that it was not done", sources=UNFINISHED, target=ActionStatus.NOT_DONE, rule="update"
)
def give_up_action(action: PlanAction, *, by: Any, now: datetime, came_of_it: str) -> dict[str, Any]:
    """It did not happen, for a reason that everybody may read without blame."""
    return _end_action(action, now, came_of_it, kept=False)


@transition(PlanAction, label="Cancel it", sources=UNFINISHED, target=ActionStatus.CANCELLED, rule="lead")
def cancel_action(action: PlanAction, *, by: Any, now: datetime, came_of_it: str) -> dict[str, Any]:
    """It is no longer wanted."""
    return _end_action(action, now, came_of_it, kept=False)


def _end_action(action: PlanAction, now: datetime, came_of_it: str, *, kept: bool) -> dict[str, Any]:
    if not kept and not came_of_it:
        raise NotPossible("Say why.")
    action.came_of_it, action.ended_at = came_of_it, now
    keep(action, "D_ACTION", now=now) if kept else release(action, now=now)
    return {"reason": came_of_it}


@transition(PlanAction, label="Change its date", sources=UNFINISHED, rule="lead")
def put_off_action(action: PlanAction, *, by: Any, now: datetime, due_on: date, reason: str) -> dict[str, Any]:
    """Another day, for a reason. The old one stays in the trail."""
    was, action.due_on = action.due_on, due_on
    for deadline in action.deadlines.open():
        move(deadline, to=closing(due_on), by=by, now=now, reason=reason)
    return {"was_due": was.isoformat(), "due_on": due_on.isoformat(), "reason": reason}


@transition(PlanAction, label="Give it to somebody else", sources=UNFINISHED, rule="lead")
def give_action(
    action: PlanAction, *, by: Any, now: datetime, owner: Any = None, owner_name: str = "", reason: str
) -> dict[str, Any]:
    """Somebody else does it from now on, and is told."""
    action.owner, action.owner_name = owner, owner_name
    pass_to(action, "D_ACTION", holder=owner or action.case.lead)
    tell_owner(action, by=by, now=now, key=f"action:{action.pk}:given:{now:%Y%m%d%H%M%S}")
    return {"owner": owner.pk if owner else None, "reason": reason}


@transition(PlanAction, label="Hand it on", sources=UNFINISHED, rule="lead")
def hand_on(action: PlanAction, *, by: Any, now: datetime, handed_to: str) -> dict[str, Any]:
    """A named person or service carries it on after early help: what a step down or a closure waits for (domain.md T1)."""
    if not handed_to:
        raise NotPossible("Say who carries it on: a name and a service.")
    action.handed_to, action.handed_on_at = handed_to, now
    release(action, now=now)
    return {"handed_to": handed_to}


def tell_owner(action: PlanAction, *, by: Any, now: datetime, key: str) -> None:
    """An action given by somebody else is news; one's own is not."""
    notify(
        [action.owner] if action.owner != person(by) else [],
        kind=Kind.REQUEST,
        title="An action is yours",
        reference=action.reference,
        url=action.get_absolute_url(),
        key=key,
        now=now,
    )


# --- a TAF meeting ----------------------------------------------------------------------------------------------------


@transition(
    TafMeeting, label="Send invitations", sources=[MeetingStatus.PLANNED], target=MeetingStatus.INVITED, rule="lead"
)
def invite(meeting: TafMeeting, *, by: Any, now: datetime) -> dict[str, Any]:
    """Everybody of the team who signs in is told; the family is asked by the lead professional, in person."""
    team = [member.user for member in meeting.case.team.current().select_related("user") if member.user != person(by)]
    notify(
        team,
        kind=Kind.REQUEST,
        title="You are invited to a TAF meeting",
        reference=meeting.case.reference,
        url=f"{meeting.case.get_absolute_url()}meetings/",
        key=f"taf:{meeting.pk}:invited",
        now=now,
    )
    return {"invited": len([user for user in team if user])}


@transition(TafMeeting, label="Record the meeting", sources=AHEAD, target=MeetingStatus.HELD, rule="lead")
def hold(
    meeting: TafMeeting,
    *,
    by: Any,
    now: datetime,
    members: Collection[TeamMember],
    family: Collection[Person],
    notes: str,
    views_brought: str = "",
) -> dict[str, Any]:
    """It took place, with the lead professional, and with the family there or their views brought (domain.md 6.8)."""
    if meeting.at > now:
        raise NotPossible("The meeting is still to come: it can be recorded once it has begun.")
    if not any(member.user_id == meeting.case.lead_id for member in members if member.user_id):
        raise NotPossible("The lead professional has to be at a TAF meeting. If they were not, it was not one.")
    if not family and not views_brought:
        raise NotPossible("Somebody of the family has to be there, or their views brought: say who, or what they said.")
    meeting.notes, meeting.views_brought = notes, views_brought
    _write_attendance(meeting, members, family)
    held_on = timezone.localdate(meeting.at).isoformat()
    record("cases.case.meeting_held", meeting.case, by=person(by), at=now, meeting=meeting.pk, held_on=held_on)
    return {"members": len(members), "family": len(family)}


def _write_attendance(meeting: TafMeeting, members: Collection[TeamMember], family: Collection[Person]) -> None:
    there = {member.pk for member in members}
    team = meeting.case.team.current()
    rows = [Attendance(meeting=meeting, member=member, present=member.pk in there) for member in team]
    rows += [Attendance(meeting=meeting, person=each, present=True) for each in family]
    Attendance.objects.bulk_create(rows)


@transition(TafMeeting, label="Too few came", sources=AHEAD, target=MeetingStatus.NOT_QUORATE, rule="lead")
def not_quorate(meeting: TafMeeting, *, by: Any, now: datetime, why_not: str) -> dict[str, Any]:
    """It could not be held as a TAF meeting. Plan another."""
    meeting.why_not = why_not
    return {"reason": why_not}


@transition(TafMeeting, label="Cancel the meeting", sources=AHEAD, target=MeetingStatus.CANCELLED, rule="lead")
def cancel_meeting(meeting: TafMeeting, *, by: Any, now: datetime, why_not: str) -> dict[str, Any]:
    """Those who were invited are told."""
    meeting.why_not = why_not
    team = [member.user for member in meeting.case.team.current().select_related("user") if member.user != person(by)]
    notify(
        team,
        kind=Kind.NEWS,
        title="A TAF meeting was cancelled",
        reference=meeting.case.reference,
        url=f"{meeting.case.get_absolute_url()}meetings/",
        key=f"taf:{meeting.pk}:cancelled",
        now=now,
    )
    return {"reason": why_not}


# --- what may go wrong ------------------------------------------------------------------------------------------------


@transition(RiskNote, label="Look at it again", sources=[RiskStatus.OPEN], rule="keep_watch")
def look_again(
    risk: RiskNote,
    *,
    by: Any,
    now: datetime,
    level: str,
    found: str,
    response: str,
    doing: str,
    version: int | None = None,
) -> dict[str, Any]:
    """What is known now, how high it is, and what is decided: manage it, ask for more, or hand over (domain.md 4, system 17).

    Raises ``Stale`` if somebody else has looked since ``version``: two looks never overwrite each other.
    """
    _hold_its_case(risk, version)
    was, risk.level, risk.response, risk.doing, risk.looked_at = risk.level, level, response, doing, now
    look = write_look(risk, by=by, now=now, found=found)
    if was == RiskLevel.HIGH and level != was:
        _tell_of_risk(look, by=by, now=now, title="A high risk was lowered")
    return {"level": level, "was_level": was, "response": response}


def _hold_its_case(risk: RiskNote, version: int | None) -> None:
    """Who leads it, and whether anybody does, stays as it is until this is done."""
    if version is not None and risk.version != version:
        raise Stale(risk)
    risk.case = lock(risk.case)
    if not risk.case.is_led:
        raise NotPossible(f"{risk.case} is now “{within(risk.case.get_status_display())}”: nobody leads it any more.")


def write_look(risk: RiskNote, *, by: Any, now: datetime, found: str) -> RiskLook:
    """The look itself, kept for good; the day of the next one; and who must hear of a high one, or of more that is needed."""
    look = RiskLook(risk=risk, looked_by=person(by), looked_at=now, found=found)
    look.level, look.response, look.doing = risk.level, risk.response, risk.doing
    look.full_clean(exclude=["risk"])
    look.save()
    release(risk, now=now, codes=tuple(code for level, code in LOOK_AGAIN.items() if level != risk.level))
    keep(risk, LOOK_AGAIN[RiskLevel(risk.level)], now=now)
    promise(risk, LOOK_AGAIN[RiskLevel(risk.level)], now=now, holder=risk.case.lead)
    if risk.level == RiskLevel.HIGH or risk.response != RiskResponse.MANAGE:
        _tell_of_risk(look, by=by, now=now, title="A risk needs you")
    return look


def _tell_of_risk(look: RiskLook, *, by: Any, now: datetime, title: str) -> None:
    """The lead and their manager, but for whoever does it: when it is high, and when it is so no longer."""
    case = look.risk.case
    notify(
        [each for each in (case.lead, *managers_of_lead(case)) if each and each != person(by)],
        kind=Kind.REQUEST,
        title=title,
        reference=case.reference,
        url=look.risk.get_absolute_url(),
        key=f"risk:{look.pk}:{title}",
        now=now,
    )


@transition(RiskNote, label="It is over", sources=[RiskStatus.OPEN], target=RiskStatus.OVER, rule="keep_watch")
def end_risk(
    risk: RiskNote, *, by: Any, now: datetime, ended_because: str, version: int | None = None
) -> dict[str, Any]:
    """It cannot happen any more, or was not so. A high one is looked at first: from high to over is no single step."""
    _hold_its_case(risk, version)
    if risk.level == RiskLevel.HIGH:
        raise NotPossible("This is a high risk. Look at it again first, and say how high it is now.")
    return _end_risk(risk, ended_because, now=now)


@transition(
    RiskNote,
    label="Somebody else keeps an eye on it",
    sources=[RiskStatus.OPEN],
    target=RiskStatus.PASSED_ON,
    rule="keep_watch",
)
def pass_risk_on(
    risk: RiskNote, *, by: Any, now: datetime, ended_because: str, version: int | None = None
) -> dict[str, Any]:
    """A named person or service outside answers for it from now on: social care after a hand-over, a clinic."""
    _hold_its_case(risk, version)
    if risk.level == RiskLevel.HIGH and (look := risk.looks.order_by("-looked_at", "-pk").first()):
        _tell_of_risk(look, by=by, now=now, title="Somebody else keeps an eye on a high risk")
    return _end_risk(risk, ended_because, now=now)


def _end_risk(risk: RiskNote, ended_because: str, *, now: datetime) -> dict[str, Any]:
    risk.ended_because, risk.ended_at = ended_because, now
    release(risk, now=now)
    return {"reason": ended_because}


# --- what somebody said should be better ------------------------------------------------------------------------------


@transition(Feedback, label="Answer it", sources=[FeedbackStatus.OPEN], target=FeedbackStatus.ANSWERED, rule="answer")
def answer_feedback(feedback: Feedback, *, by: Any, now: datetime, answer: str) -> dict[str, Any]:
    """What was done is said, and whoever wrote the complaint or suggestion down hears it, who tells whoever made it."""
    feedback.answer, feedback.answered_by, feedback.answered_at = answer, person(by), now
    keep(feedback, "D_COMPLAINT", now=now)
    notify(
        [feedback.recorded_by] if feedback.recorded_by != by else [],
        kind=Kind.NEWS,
        title="What somebody told you should be better was answered",
        reference=feedback.reference,
        url=reverse("feedback:mine"),
        key=f"feedback:{feedback.pk}:answered",
        now=now,
    )
    return {"reason": answer}
