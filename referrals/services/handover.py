"""Handing over to social care: the one deed that nothing may slow (domain.md 1, rule 1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.cases.models import Case
from earlyhelp.deadlines.services import keep, promise
from earlyhelp.families.models import Family
from earlyhelp.families.services import next_number
from earlyhelp.notices.models import Kind
from earlyhelp.partnership.models import Area
from earlyhelp.workflow.transitions import NotPossible, person
from referrals.enums import HandoverStatus
from referrals.models import HandoverCall, Referral, SocialCareHandover
from referrals.services.ledger import handed_over
from referrals.services.telling import tell, tell_access, tell_social_care

# Telephone first, form after (domain.md 6.9): whoever rang at night or before a bank holiday writes it down at work.
RANG_BEFORE = timedelta(days=7)


@transaction.atomic
def hand_over(
    *,
    by: Any,
    now: datetime,
    about: str,
    concern: str,
    family_told: bool,
    not_told_why: str = "",
    source: str = "",
    spoken_to: str = "",
    spoke_at: datetime | None = None,
    their_reference: str = "",
    case: Case | None = None,
    family: Family | None = None,
    referral: Referral | None = None,
    area: Area | None = None,
) -> SocialCareHandover:
    """Write down that a worry was handed over: who, what, and whether the family knows. Anybody may, from any record.

    ``spoken_to``: they rang first, as they should, and social care has acknowledged it already; ``spoke_at``: when.
    """
    refuse_impossible_call(spoke_at, sent_at=now, now=now, field="spoke_at")
    family = family or _family_of(case or referral)
    case = case or (Case.objects.live().filter(family=family).first() if family else None)
    owner = case or referral or family
    handover = SocialCareHandover.objects.create(
        reference=f"H-{timezone.localdate(now):%Y}-{next_number('referrals_handover_reference'):06d}",
        author=by,
        agency=by.agency,
        area=owner.area if owner else area or area_of(by),
        about=about,
        family=family,
        case=case,
        referral=referral,
        concern=concern,
        source=source,
        family_told=family_told,
        not_told_why="" if family_told else not_told_why or "Not said.",
        sent_at=now,
    )
    record("referrals.socialcarehandover.send", handover, by=by, at=now, became=handover.status)
    handed_over(handover, by=by, now=now, to=spoken_to)
    promise(handover, "D_RR_ACK", now=now, holder=by)
    _tell_at_once(handover, by=by, now=now)
    if spoken_to:
        acknowledged(handover, by=by, now=now, spoken_to=spoken_to, their_reference=their_reference, at=spoke_at or now)
        handover.status = HandoverStatus.ACKNOWLEDGED
        handover.save()
    return handover


def _family_of(told_of: Case | Referral | None) -> Family | None:
    return told_of.family if told_of else None


def _tell_at_once(handover: SocialCareHandover, *, by: Any, now: datetime) -> None:
    title, case = "A hand-over to social care", handover.case
    tell_access(handover, title, what="sent", now=now, kind=Kind.HANDOVER, urgent=True, but=by)
    tell_social_care(handover, "A hand-over to you: acknowledge it today", what="sent", now=now)
    if case and case.lead_id != by.pk:
        tell(handover, [case.lead], title, what="sent", now=now, kind=Kind.HANDOVER, urgent=True)


def acknowledged(
    handover: SocialCareHandover, *, by: Any, now: datetime, spoken_to: str, their_reference: str, at: datetime
) -> None:
    """Social care has it. What they will do about it is the next thing owed."""
    told = f"They have it. Their reference: {their_reference}" if their_reference else "They have it."
    write_call(handover, by=by, now=now, at=at, spoken_to=spoken_to, said=told)
    handover.spoken_to, handover.their_reference, handover.acknowledged_at = spoken_to, their_reference, at
    keep(handover, "D_RR_ACK", now=now)
    promise(handover, "D_RR_ACK", now=now, holder=handover.author, label="Social care says what it will do")


def write_call(
    handover: SocialCareHandover, *, by: Any, now: datetime, said: str, spoken_to: str = "", at: datetime | None = None
) -> HandoverCall:
    """What was said to whom, and when; of a call that nobody answered, that it was made."""
    refuse_impossible_call(at, sent_at=handover.sent_at, now=now, field="at")
    return HandoverCall.objects.create(
        handover=handover, at=at or now, spoken_to=spoken_to, said=said, by=person(by), recorded_at=now
    )


def refuse_impossible_call(at: datetime | None, *, sent_at: datetime, now: datetime, field: str) -> None:
    """One rule for every conversation about a hand-over, whoever writes it down and in whichever step."""
    if at and at > now:
        raise NotPossible("This conversation cannot be in the future.", field=field)
    if at and timezone.localdate(at) < timezone.localdate(sent_at) - RANG_BEFORE:
        raise NotPossible("This conversation cannot be more than a week before the hand-over was written.", field=field)


def settle_return(referral: Referral, *, now: datetime) -> None:
    """The step-down of a returned family is sent: what was owed of the hand-over is done."""
    if referral.returned_from:
        keep(referral.returned_from, "D_RR_ACK", now=now)


def area_of(by: Any) -> Area:
    """Where somebody works, for a worry about a person whom we do not know: the whole authority if nowhere in particular."""
    if by and by.team_id:
        return by.team.area
    post = by.posts.current().select_related("area").order_by("pk").first() if by else None
    return post.area if post else Area.objects.filter(parent=None).order_by("pk")[0]
