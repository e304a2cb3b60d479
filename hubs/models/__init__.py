"""The hub, its meetings, what it decides, and what it is asked."""

from hubs.models.actions import HubAction, HubActionDeadline
from hubs.models.agenda import AgendaItem, HubDecision
from hubs.models.blockages import Blockage, BlockageDeadline
from hubs.models.collaboratives import (
    Collaborative,
    CollaborativeMeeting,
    CollaborativeMember,
    LocalAction,
    LocalActionDeadline,
    TrendReport,
)
from hubs.models.gaps import ServiceGap
from hubs.models.hub import Hub, HubMember
from hubs.models.meeting import Attendance, Conflict, HubMeeting
from hubs.models.steps import StepRequest

__all__ = [
    "AgendaItem",
    "Attendance",
    "Blockage",
    "BlockageDeadline",
    "Collaborative",
    "CollaborativeMeeting",
    "CollaborativeMember",
    "Conflict",
    "Hub",
    "HubAction",
    "HubActionDeadline",
    "HubDecision",
    "HubMeeting",
    "HubMember",
    "LocalAction",
    "LocalActionDeadline",
    "ServiceGap",
    "StepRequest",
    "TrendReport",
]
