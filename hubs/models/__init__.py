"""The hub, its meetings, what it decides, and what it is asked."""

from hubs.models.actions import HubAction, HubActionDeadline
from hubs.models.agenda import AgendaItem, HubDecision, ServiceGap
from hubs.models.hearing import Hearing
from hubs.models.hub import Hub, HubMember
from hubs.models.meeting import Attendance, Conflict, HubMeeting
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
    "ServiceGap",
    "StepRequest",
]
