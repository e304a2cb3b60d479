"""The front door's records: the referral, the questions asked about it, what was decided, what was handed over."""

from referrals.models.asking import HelpDraft
from referrals.models.checking import SelfCheckCount, SelfCheckRequest
from referrals.models.checklist import ChecklistAnswer, ChecklistDeadline, ChecklistResponse, Suggestion
from referrals.models.contact import Advice, Contact, ContactCorrection, ContactDeadline, ContactFollowUp, Signpost
from referrals.models.decision import TriageDecision
from referrals.models.handover import HandoverCall, HandoverDeadline, SocialCareHandover
from referrals.models.letter import ReferralLetter
from referrals.models.message import ReferralMessage
from referrals.models.questions import Question, QuestionSet, Rule
from referrals.models.referral import Referral, ReferralDeadline
from referrals.models.request import InformationRequest, Involved, RequestDeadline

__all__ = [
    "Advice",
    "ChecklistAnswer",
    "ChecklistDeadline",
    "ChecklistResponse",
    "Contact",
    "ContactCorrection",
    "ContactDeadline",
    "ContactFollowUp",
    "HandoverCall",
    "HandoverDeadline",
    "HelpDraft",
    "InformationRequest",
    "Involved",
    "Question",
    "QuestionSet",
    "Referral",
    "ReferralDeadline",
    "ReferralLetter",
    "ReferralMessage",
    "RequestDeadline",
    "Rule",
    "SelfCheckCount",
    "SelfCheckRequest",
    "Signpost",
    "SocialCareHandover",
    "Suggestion",
    "TriageDecision",
]
