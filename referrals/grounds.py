"""A family is seen and kept through a referral: by who wrote it down and refers it, and by those who triage it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q

from earlyhelp.core.access import NOBODY
from earlyhelp.families.access import edit_ground, known_to
from earlyhelp.families.models import FamilyMembership
from earlyhelp.partnership.enums import Role
from referrals.enums import LIVE, UNDECIDED
from referrals.models import Referral


@edit_ground
def my_referral(families: Any, user: Any) -> Q:
    """A family that this person wrote down, until its referral is decided.

    Naming a family that others wrote down opens nothing of it: else anybody could read anybody by starting a draft.
    """
    return Q(
        pk__in=Referral.objects.filter(author=user, status__in=UNDECIDED, family__created_by=user).values("family")
    )


@edit_ground
def in_my_triage(families: Any, user: Any) -> Q:
    if not user.scope.holds(Role.EH_ACCESS):
        return NOBODY
    return Q(pk__in=Referral.objects.for_user(user, "triage").filter(status__in=LIVE).values("family"))


@known_to
def being_decided(people: Collection[int]) -> dict[int, str]:
    """That EH Access has a referral of these people is all that a search says of it."""
    live = Referral.objects.filter(status__in=LIVE, family__restricted=False).values("family")
    members = FamilyMembership.objects.current().filter(person__in=people, family__in=live)
    return dict.fromkeys(members.values_list("person", flat=True), "a referral is being decided: ask EH Access")
