"""The hub, its meetings, what it decides, and what it is asked."""

from hubs.models.actions import HubAction, HubActionDeadline
from hubs.models.agenda import AgendaItem, HubDecision, ServiceGap, to_ratify_at
from hubs.models.hearing import Hearing
from hubs.models.hub import Hub, HubMember, HubTerms
from hubs.models.meeting import Attendance, Conflict, HubMeeting, StandIn
from hubs.models.papers import PackNote, PackPage
from hubs.models.steps import StepRequest

__all__ = [
    "AgendaItem",
    "Attendance",
    "Conflict",
    "Hearing",
    "Hub",
    "HubAction",
    "HubActionDeadline",
    "HubDecision",
    "HubMeeting",
    "HubMember",
    "HubTerms",
    "PackNote",
    "PackPage",
    "ServiceGap",
    "StandIn",
    "StepRequest",
    "to_ratify_at",
]
