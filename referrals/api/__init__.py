"""The front door for other systems, under the rules of the pages: the same rows, the same forms, the same moves."""

from referrals.api.checklist import ChecklistViewSet
from referrals.api.contact import ContactViewSet
from referrals.api.handover import HandoverViewSet
from referrals.api.referral import ReferralViewSet

__all__ = ["ChecklistViewSet", "ContactViewSet", "HandoverViewSet", "ReferralViewSet"]
