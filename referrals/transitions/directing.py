"""One more decision of EH Access: somebody is taken on to help that needs no plan (domain.md 6.3, ``directed``)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.directory.routes import Ask, take
from earlyhelp.families.enums import LevelOfNeed
from earlyhelp.families.models import Person
from earlyhelp.workflow.transitions import NotPossible, transition
from referrals.enums import Status
from referrals.models import Referral
from referrals.queries import people_of
from referrals.transitions.referral import below_social_care, decide


@transition(Referral, label="Direct to other help", sources=[Status.IN_TRIAGE], target=Status.DIRECTED, rule="triage")
def direct(
    referral: Referral,
    *,
    by: Any,
    now: datetime,
    reason: str,
    message: str,
    level_of_need: int,
    route: str,
    person: Person,
    words: str,
    reach: str,
    agreed: bool,
    agreement: str,
    family_told: bool = False,
) -> dict[str, Any]:
    """One of the family is introduced, and not only told of it. With their own yes, which is written down."""
    if person.pk not in {member.person_id for member in people_of(referral.family_id)}:
        raise NotPossible("Choose somebody of this family.", field="person")
    if not agreed:
        raise NotPossible("Nobody is sent on without their own yes: ask them, or choose another decision.")
    ask = Ask(person, words=words, reach=reach, agreement=agreement, family=referral.family)
    went = take(route, ask, by=by, now=now)
    return decide(
        referral,
        by=by,
        now=now,
        reason=reason,
        message=message,
        family_told=family_told,
        level_of_need=below_social_care(level_of_need),
        second_look=level_of_need >= LevelOfNeed.SEVERAL,
        route=route,
        went=person,
        went_to=went.where,
        went_reference=went.reference,
        agreement=agreement,
    )
