"""What came with a family from the front door: its referral, and what agencies were asked."""

from itertools import count

from referrals.models import InformationRequest
from tests.factories import MONDAY, AgencyFactory, UserFactory
from tests.referrals.factories import DraftFactory

NUMBERS = count(1)


def referred(case, **said):
    decided = {"submitted_at": MONDAY, "decided_at": MONDAY, "decided_by": UserFactory(), "level_of_need": 2}
    return DraftFactory(family=case.family, case=case, status="accepted", **decided | said)


def asked(referral, **said):
    facts = {
        "reference": f"Q-T-{next(NUMBERS):06d}",
        "referral": referral,
        "area": referral.area,
        "question": "Do you know them?",
        "lawful_basis": "public_task",
        "asked_by": referral.author,
        "asked_at": MONDAY,
        "due_at": MONDAY,
    }
    return InformationRequest.objects.create(**facts | {"agency": said.pop("agency", None) or AgencyFactory()} | said)
