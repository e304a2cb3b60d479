"""Who sees a family through its referral, and what at the front door is restricted with it (domain.md 5 d)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, Func, OuterRef, Q

from earlyhelp.families.models import Family
from earlyhelp.families.restricting import Way, follows, sight, tells_what_follows
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Area, Post
from referrals.enums import LIVE, UNDECIDED, RequestStatus, Status
from referrals.models import (
    Contact,
    ContactDeadline,
    HandoverDeadline,
    InformationRequest,
    Referral,
    ReferralDeadline,
    SocialCareHandover,
)
from referrals.services.telling import role_for


@sight
def through_a_referral(family: Family) -> Iterable[Way]:
    referrals = Referral.objects.filter(family=family)
    mine = referrals.filter(status__in=UNDECIDED, author=F("family__created_by"))
    waiting = referrals.filter(status__in=LIVE).exclude(status=Status.DRAFT)
    here = Post.objects.current().filter(role=Role.EH_ACCESS)
    around = Area.objects.filter(pk__in=waiting.values("area")).annotate(one=Func("lineage", function="unnest"))
    held = waiting.filter(Exists(here.filter(user=OuterRef("holder"))))
    return [
        Way(mine, "author", "refers the family", lasts=True, covered=False),
        Way(held, "holder", "holds their referral at EH Access", lasts=True, covered=False),
        Way(here.filter(area__in=around.values("one")), "user", "works in EH Access", lasts=False),
    ]


@follows
def promises_follow(family: Family, *, by: Any, now: datetime) -> None:
    """What EH Access owes as a team is owed by whoever entrusts it to one of them; lifted, by the team again."""
    role = role_for(family)
    for kind in (ReferralDeadline, ContactDeadline, HandoverDeadline):
        owed = kind.objects.open().filter(owner__family=family, holder=None)
        looks = Q(code="D_SECOND_LOOK")
        owed.exclude(looks).update(holder_role=role)
        owed.filter(looks).update(holder_role=role if family.restricted else Role.TEAM_MANAGER)


@tells_what_follows
def what_at_the_front_door(family: Family) -> Iterable[str]:
    referrals = Referral.objects.filter(family=family).exclude(status=Status.DRAFT).count()
    others = sum(kind.objects.filter(family=family).count() for kind in (Contact, SocialCareHandover))
    asked = InformationRequest.objects.filter(referral__family=family, status=RequestStatus.SENT).count()
    if referrals:
        yield (
            f"{referrals} {'referral' if referrals == 1 else 'referrals'}: whoever holds one keeps it, and one that nobody "
            "holds is entrusted by you. Whoever sent it follows it on a page of their own, as before."
        )
    if others:
        yield f"{others} {'contact or hand-over' if others == 1 else 'contacts and hand-overs'} about them."
    if asked:
        yield (
            f"{asked} {'question that an agency has' if asked == 1 else 'questions that agencies have'} not answered yet: "
            "nobody there can open it any more. Ask by telephone."
        )
