"""The front door's records: the referral, the questions asked about it, what was decided, what was handed over."""

from referrals.models.asking import HelpDraft
from referrals.models.contact import Advice, Contact, ContactDeadline, ContactFollowUp, Signpost
from referrals.models.decision import TriageDecision
from referrals.models.handover import HandoverCall, HandoverDeadline, SocialCareHandover
from referrals.models.referral import Referral, ReferralDeadline
from referrals.models.request import InformationRequest, RequestDeadline

__all__ = [
    "Advice",
    "Contact",
    "ContactDeadline",
    "ContactFollowUp",
    "HandoverCall",
    "HandoverDeadline",
    "HelpDraft",
    "InformationRequest",
    "Referral",
    "ReferralDeadline",
    "RequestDeadline",
    "Signpost",
    "SocialCareHandover",
    "TriageDecision",
]
