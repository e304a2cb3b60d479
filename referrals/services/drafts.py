"""A referral while its author is still writing it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.families.models import Family, Person
from earlyhelp.families.services import next_number, record_agreement
from earlyhelp.partnership.enums import AgencyKind
from earlyhelp.workflow.services import edit, lock
from earlyhelp.workflow.transitions import SYSTEM, NotPossible
from referrals.enums import UNDECIDED, HandoverStatus, SourceKind, Status
from referrals.models import Referral, SocialCareHandover
from referrals.queries import answers_held
from referrals.services.hub import refuse_from_protection
from referrals.transitions import contact as contacts

# What is known of the author is not asked again; they may change it. A district does many things, housing among them.
SOURCE_OF = {
    AgencyKind.SCHOOL: SourceKind.SCHOOL,
    AgencyKind.POLICE: SourceKind.POLICE,
    AgencyKind.HOUSING: SourceKind.HOUSING,
    AgencyKind.VOLUNTARY: SourceKind.VOLUNTARY,
    AgencyKind.COUNCIL: SourceKind.COUNCIL,
    AgencyKind.SOCIAL_CARE: SourceKind.SOCIAL_CARE,
}


@transaction.atomic
def start(family: Family, *, by: Any, now: datetime) -> Referral:
    """Begin a referral of a family, or go on with the one this person has begun. Social care's is a step-down."""
    if earlier := begun(family, by=by):
        return earlier
    step_down = steps_down(by)
    if step_down:
        refuse_from_protection(family)
    try:
        with transaction.atomic():
            referral = Referral.objects.create(
                reference=f"R-{timezone.localdate(now):%Y}-{next_number('referrals_reference'):06d}",
                author=by,
                agency=by.agency,
                source_kind=SOURCE_OF.get(AgencyKind(by.agency.kind), "") if by.agency else "",
                contact_phone=by.phone,
                family=family,
                area=family.area,
                created_at=now,
                touched_at=now,
                step_down=step_down,
            )
    except IntegrityError:  # the same person began it in another window at the same moment
        return Referral.objects.get(family=family, author=by, status=Status.DRAFT)
    record("referrals.referral.start", referral, by=by, at=now, became=referral.status)
    return referral


def steps_down(user: Any) -> bool:
    """Whether what this person refers is a family that social care hands on."""
    return bool(user.agency) and user.agency.kind == AgencyKind.SOCIAL_CARE


@transaction.atomic
def start_step_down(handover: SocialCareHandover, *, by: Any, now: datetime) -> Referral:
    """Social care returned the family: the step-down begins with what is known of it (domain.md 6.9, 8.4)."""
    if handover.status != HandoverStatus.RETURNED:
        raise NotPossible("Social care has not returned this family.")
    if handover.family is None:
        raise NotPossible("It is not written down which family this is: find or add them, and refer them from there.")
    refuse_from_protection(handover.family)
    referral = start(handover.family, by=by, now=now)
    known = {"closing_summary": handover.closing_summary, "source_kind": SourceKind.SOCIAL_CARE}
    said: dict[str, Any] = {
        name: value for name, value in known.items() if name == "source_kind" or not getattr(referral, name)
    }
    return save_draft(referral, by=by, now=now, step_down=True, returned_from=handover, **said)


def begun(family: Family, *, by: Any) -> Referral | None:
    """The referral of this family that this person is still writing: there is one at most."""
    return Referral.objects.drafts().filter(family=family, author=by).first()


@transaction.atomic
def save_draft(referral: Referral, *, by: Any, now: datetime, version: int | None = None, **changes: Any) -> Referral:
    """Keep what the author wrote. Raises ``NotPossible`` once it has been sent: what was sent is not rewritten."""
    _own_draft(referral, by)
    return edit(referral, by=by, now=now, version=version, touched_at=now, **changes)


@transaction.atomic
def record_answers(
    referral: Referral,
    *,
    by: Any,
    now: datetime,
    answers: Iterable[tuple[Person, str, str]],
    no_agreement_reason: str = "",
) -> Referral:
    """Write down each person’s own answer (person, status, why not); the same answer again is not a new one."""
    referral = lock(referral)
    if referral.status not in UNDECIDED:
        raise NotPossible(f"{referral} is decided: an answer is recorded with the family now.")
    known = answers_held(referral)
    for person, status, why_not in answers:
        before = known.get(person.pk)
        if before is None or (before.status, before.why_not) != (status, why_not):
            record_agreement(referral.family, person, status=status, why_not=why_not, by=by, now=now)
    if referral.is_draft:
        return save_draft(referral, by=by, now=now, no_agreement_reason=no_agreement_reason)
    return referral


@transaction.atomic
def discard(referral: Referral, *, by: Any, now: datetime) -> None:
    """Throw a draft away. That there was one stays in the trail; what it said does not."""
    referral = _own_draft(referral, by)
    record("referrals.referral.discard", referral, by=by, at=now, was=referral.status)
    throw_away(referral, now=now)


def throw_away(draft: Referral, *, now: datetime) -> None:
    """The draft goes; a contact that it was to answer waits for an answer again."""
    for contact in draft.contacts.all():
        contacts.wait_again(contact, by=SYSTEM, now=now)
    draft.delete()


def _own_draft(referral: Referral, by: Any) -> Referral:
    referral = lock(referral)
    if referral.author_id != by.pk:
        raise PermissionDenied
    if not referral.is_draft:
        raise NotPossible(f"{referral} has been sent, and what was sent is not rewritten.")
    return referral
