"""What people read of the referrals that they wrote themselves."""

from __future__ import annotations

from typing import Any

from earlyhelp.core.composed import Composed, Rows
from earlyhelp.families.access import whom_to_ask
from earlyhelp.families.models import Family
from earlyhelp.workflow.models import Draft
from referrals.models import (
    Referral,
    TriageDecision,
)
from referrals.queries.messages import with_unread
from referrals.queries.people import people_of


def written_by(user: Any, *, team: bool = False) -> Rows:
    """One's own, each with whether an answer to its author waits unread; or those that one's team has sent."""
    return _written_by.rows(user, team)


@Composed
def _written_by(user: Any, team: bool) -> Any:
    rows = with_unread(Referral.objects.for_user(user, "supervise" if team else "own"), from_referrer=False)
    return rows.select_related("family", "case", "author").order_by("-created_at", "-pk")


def being_typed(referral: Referral, user: Any) -> set[str]:
    """The addresses of the pages of this draft into which something was typed and not saved yet."""
    kept = Draft.objects.filter(user=user, key__startswith=referral.get_absolute_url())
    return set(kept.values_list("key", flat=True))


def last_told(referral: Referral) -> TriageDecision | None:
    """What EH Access decided last, and told its author."""
    return referral.decisions.prefetch_related("services").order_by("-at", "-pk").first()


def who_knows(family: Family, user: Any) -> list[str]:
    """Whom to ask about the people of a family, before one refers it."""
    members = people_of(family.pk, seen_by=user)
    return sorted(set(whom_to_ask([member.person_id for member in members]).values()))
