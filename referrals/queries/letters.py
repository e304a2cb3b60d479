"""The letters about the case that came of a referral, for whoever may read them."""

from __future__ import annotations

from typing import Any

from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Case
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.letters.enums import Reader
from referrals.models import Referral, ReferralLetter


def letters_of_referral(referral: Referral, user: Any) -> list[ReferralLetter]:
    """The newest first; none before the hub has decided about the case that came of it."""
    decided = referral.case is not None and referral.case.status != Status.AWAITING_DECISION
    return [*_OF_REFERRAL(user, owner=referral)] if decided else []


def letters_to_the_family(referral: Referral, user: Any) -> list[ReferralLetter]:
    """All that were written to them: what EH Access decided, and what came of it at the hub."""
    return list(_newest_first(user).filter(owner=referral, reader=Reader.FAMILY))


def letters_of_case(case: Case, user: Any) -> list[ReferralLetter]:
    return [*_OF_CASE(user, case=case)]


def to_the_family(case: Any) -> Any:
    """Over cases, ``case`` being their column: the letters to the family about it, the newest first."""
    return ReferralLetter.objects.filter(case=case, reader=Reader.FAMILY).order_by("-at", "-pk")


@PlannedOnce
def _OF_REFERRAL(user: Any, owner: Any) -> Any:
    return _newest_first(user).filter(owner=owner, case__isnull=False)


@PlannedOnce
def _OF_CASE(user: Any, case: Any) -> Any:
    return _newest_first(user).filter(case=case)


def _newest_first(user: Any) -> Any:
    return ReferralLetter.objects.for_user(user).order_by("-at", "-pk")
