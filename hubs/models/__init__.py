"""The hub, its meetings, what it decides, and what it is asked."""

from hubs.models.actions import HubAction, HubActionDeadline
from hubs.models.agenda import AgendaItem, HubDecision, to_ratify_at
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
from hubs.models.hearing import Hearing
from hubs.models.hub import Hub, HubMember, HubTerms
from hubs.models.meeting import Attendance, Conflict, HubMeeting, StandIn
from hubs.models.minutes import MinutesCorrection
from hubs.models.papers import PackNote, PackPage
from hubs.models.requests import ChairsRequest
from hubs.models.service_offers import ServiceOffer
from hubs.models.steps import StepRequest

__all__ = [
    "AgendaItem",
    "Attendance",
    "Blockage",
    "BlockageDeadline",
    "ChairsRequest",
    "Collaborative",
    "CollaborativeMeeting",
    "CollaborativeMember",
    "Conflict",
    "Hearing",
    "Hub",
    "HubAction",
    "HubActionDeadline",
    "HubDecision",
    "HubMeeting",
    "HubMember",
    "HubTerms",
    "LocalAction",
    "LocalActionDeadline",
    "MinutesCorrection",
    "PackNote",
    "PackPage",
    "ServiceGap",
    "ServiceOffer",
    "StandIn",
    "StepRequest",
    "TrendReport",
    "to_ratify_at",
]
