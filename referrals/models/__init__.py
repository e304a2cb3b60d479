"""The front door's records: the referral, the questions asked about it, what was decided, what was handed over."""

from referrals.models.asking import HelpDraft
from referrals.models.checking import SelfCheckCount, SelfCheckRequest
from referrals.models.contact import Advice, Contact, ContactDeadline, ContactFollowUp, Signpost
from referrals.models.decision import TriageDecision
from referrals.models.handover import HandoverDeadline, SocialCareHandover
from referrals.models.message import ReferralMessage
from referrals.models.questions import Question, QuestionSet, Rule
from referrals.models.referral import Referral, ReferralDeadline
from referrals.models.request import InformationRequest, RequestDeadline

__all__ = [
    "Advice",
    "Contact",
    "ContactDeadline",
    "ContactFollowUp",
    "HandoverDeadline",
    "HelpDraft",
    "InformationRequest",
    "Question",
    "QuestionSet",
    "Referral",
    "ReferralDeadline",
    "ReferralMessage",
    "RequestDeadline",
    "Rule",
    "SelfCheckCount",
    "SelfCheckRequest",
    "Signpost",
    "SocialCareHandover",
    "TriageDecision",
]
