"""Each transition of a case: from which state, by whom, with what. The tests beside this read it as a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from earlyhelp.cases.enums import EPISODE_OVER, LED, OPEN, AllocationStatus, Preference, Status
from earlyhelp.cases.models import Allocation, Case, TeamMember
from earlyhelp.cases.transitions import Case as _Case  # noqa: F401  (the registry is filled by importing it)
from earlyhelp.workflow.transitions import REGISTRY, Transition
from referrals.models import SocialCareHandover
from tests.factories import MONDAY, CaseFactory

ASKED = {"preference": Preference.ASKED, "preference_note": "A woman, local."}
CLOSURE = {"end_reason": "outcomes_met", "summary": "All is paid.", "family_views": "Better.", "follow_up_agreed": True}


@dataclass(frozen=True)
class Journey:
    """One legal use of one transition."""

    name: str
    source: Status
    actor: str
    target: Status
    facts: dict[str, Any] = field(default_factory=dict)
    offered: bool = False
    approved: bool = False
    boxed: bool = False
    restricted: bool = False
    taken: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def move(self) -> Transition:
        return REGISTRY[Case][self.name]

    def given(self, people: dict[str, Any]) -> dict[str, Any]:
        """The facts, with the people named in them made real."""
        return {
            name: people.get(value, value) if isinstance(value, str) else value for name, value in self.facts.items()
        }


TABLE = [
    Journey(
        "allocate",
        Status.AWAITING_DECISION,
        "chair",
        Status.OPENED,
        {"tier": 2, "worker": "worker", "reason": "Best placed.", **ASKED},
    ),
    Journey(
        "offer_again", Status.OPENED, "chair", Status.OPENED, {"worker": "other_worker", "reason": "Declined.", **ASKED}
    ),
    Journey(
        "not_opened",
        Status.AWAITING_DECISION,
        "chair",
        Status.NOT_OPENED,
        {"outcome": "returned", "reason": "Ask the school first."},
    ),
    Journey("accept", Status.OPENED, "worker", Status.ALLOCATED, offered=True),
    Journey("decline", Status.OPENED, "worker", Status.OPENED, {"reason": "I know the family."}, offered=True),
    Journey("decline", Status.SUPPORTED, "other_worker", Status.SUPPORTED, {"reason": "On leave."}, offered=True),
    Journey(
        "offer_again",
        Status.SUPPORTED,
        "chair",
        Status.SUPPORTED,
        {
            "worker": "other_worker",
            "reason": "Moved.",
            "because": "absence",
            "handover_note": "See the plan.",
            "joint_visit": "Tuesday.",
            **ASKED,
        },
    ),
    Journey("take_over", Status.SUPPORTED, "other_worker", Status.SUPPORTED, offered=True),
    Journey(
        "record_first_contact",
        Status.ALLOCATED,
        "worker",
        Status.ASSESSING,
        {"met_on": MONDAY.date(), "who_was_seen": "All."},
    ),
    Journey("assessment_completed", Status.ASSESSING, "worker", Status.PLANNING, {"level_of_need": 3}),
    Journey("plan_agreed", Status.PLANNING, "worker", Status.SUPPORTED),
    Journey(
        "reviewed", Status.SUPPORTED, "worker", Status.SUPPORTED, {"held_on": MONDAY.date(), "decision": "continue"}
    ),
    Journey("request_step", Status.SUPPORTED, "worker", Status.STEP_REQUESTED, {"to_tier": 3, "reason": "No change."}),
    Journey("approve_step", Status.STEP_REQUESTED, "chair", Status.SUPPORTED, {"to_tier": 3, "reason": "Agreed."}),
    Journey("approve_step_out", Status.STEP_REQUESTED, "chair", Status.CLOSING, {"reason": "The school carries on."}),
    Journey("decline_step", Status.STEP_REQUESTED, "chair", Status.SUPPORTED, {"reason": "Try the plan first."}),
    Journey("withdraw_step", Status.STEP_REQUESTED, "worker", Status.SUPPORTED, {"reason": "Things are better."}),
    Journey("return_step", Status.STEP_REQUESTED, "access", Status.SUPPORTED, {"reason": "The readings are missing."}),
    Journey(
        "set_timebox",
        Status.SUPPORTED,
        "worker",
        Status.SUPPORTED,
        {"ends_on": date(2026, 5, 25), "programme": "12 weeks."},
    ),
    Journey("end_timebox", Status.SUPPORTED, "worker", Status.SUPPORTED, {"reason": "The school."}, boxed=True),
    Journey(
        "name_chair",
        Status.SUPPORTED,
        "ig_lead",
        Status.SUPPORTED,
        {"chair": "chair", "reason": "Lives elsewhere."},
        restricted=True,
    ),
    Journey("propose_closure", Status.SUPPORTED, "worker", Status.CLOSING, CLOSURE),
    Journey("close_stepped_down", Status.CLOSING, "worker", Status.CLOSED, CLOSURE, approved=True),
    Journey(
        "ratify_closure", Status.CLOSING, "chair", Status.CLOSED, {"end_reason": "outcomes_met", "reason": "Agreed."}
    ),
    Journey("refuse_closure", Status.CLOSING, "chair", Status.SUPPORTED, {"reason": "Too early."}),
    Journey(
        "family_withdrew",
        Status.SUPPORTED,
        "worker",
        Status.CLOSED,
        {"safeguarding_check": "No risk.", "reason": "Enough."},
    ),
    Journey("stepped_up", Status.SUPPORTED, "worker", Status.CLOSED, {"reason": "Social care leads."}, taken=True),
    Journey("begin_follow_up", Status.CLOSED, "worker", Status.FOLLOW_UP),
    Journey(
        "record_follow_up", Status.FOLLOW_UP, "worker", Status.ENDED, {"result": "sustained", "note": "Still at home."}
    ),
]


def case_in(status: Status, people: dict[str, Any], *, area: Any, journey: Journey | None = None) -> Case:
    """A case as it would be found in that state, led by the worker where it is led at all."""
    worker = people["worker"]
    if status in LED:
        case = CaseFactory.led_by(worker, area=area, status=status)
    elif status == Status.OPENED:
        case = CaseFactory(area=area, status=status, tier=2, opened_on=MONDAY.date())
    elif status in EPISODE_OVER:
        case = CaseFactory(
            area=area,
            status=status,
            tier=2,
            lead=worker,
            opened_on=MONDAY.date(),
            closed_on=MONDAY.date(),
            end_reason="outcomes_met",
            follow_up_agreed=True,
        )
    else:
        extra = {"not_opened_reason": "returned"} if status == Status.NOT_OPENED else {}
        case = CaseFactory(area=area, status=status, **extra)
    if journey and journey.approved and status == Status.CLOSING:
        Case.objects.filter(pk=case.pk).update(closure_approved=True)
    if journey and journey.boxed and status in OPEN:
        Case.objects.filter(pk=case.pk).update(timebox_ends_on=date(2026, 5, 25))
    if journey and journey.restricted:
        Case.objects.filter(pk=case.pk).update(restricted=True)
    if journey and journey.taken:
        taken_by_social_care(case, by=worker)
    if journey and journey.offered:
        Allocation.objects.create(
            case=case,
            worker=people[journey.actor],
            role="lead",
            status=AllocationStatus.OFFERED,
            preference="asked",
            preference_note="-",
            offered_at=MONDAY,
        )
    return Case.objects.get(pk=case.pk)


def taken_by_social_care(case: Case, *, by: Any) -> SocialCareHandover:
    """A hand-over of the family that social care has accepted."""
    return SocialCareHandover.objects.create(
        reference=f"H-T-{case.pk:06d}",
        author=by,
        area=case.area,
        about="The family",
        family=case.family,
        case=case,
        concern="Bruises again.",
        family_told=True,
        sent_at=MONDAY,
        status="accepted",
        spoken_to="Duty worker",
        acknowledged_at=MONDAY,
        answer="An assessment.",
        answered_at=MONDAY,
    )


def lead_of(case: Case) -> list[TeamMember]:
    return list(case.team.current().filter(role__in=("lead", "intensive")))
