"""A contact is written down, whoever takes it and however little is known (domain.md 6.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.deadlines.services import keep, promise
from earlyhelp.families.models import Family
from earlyhelp.families.services import next_number
from earlyhelp.notices.models import Kind
from earlyhelp.partnership.models import Area
from earlyhelp.workflow.transitions import NotPossible
from referrals.contacts import who_answers
from referrals.models import Contact
from referrals.services.handover import area_of
from referrals.services.telling import role_for, tell


@transaction.atomic
def record_contact(
    *,
    by: Any,
    now: datetime,
    received_at: datetime,
    channel: str,
    source_kind: str,
    said: str,
    safeguarding: str,
    area: Area | None = None,
    family: Family | None = None,
    **known: Any,
) -> Contact:
    """Write down who got in touch and what they said. ``known``: the caller, and whom it is about, as far as they say.

    The reference is the acknowledgement, and is given in the same breath. The time for an answer runs from the moment
    at which they got in touch, not from that at which somebody found time to write it down. ``by`` is none where they
    wrote it themselves.
    """
    if received_at > now:
        raise NotPossible("They cannot have got in touch in the future.")
    contact = Contact.objects.create(
        reference=f"C-{timezone.localdate(now):%Y}-{next_number('referrals_contact_reference'):06d}",
        author=by,
        agency=by.agency if by else None,
        area=area or (family.area if family else area_of(by)),
        anywhere=area is None and family is None,
        received_at=received_at,
        recorded_at=now,
        channel=channel,
        source_kind=source_kind,
        said=said,
        safeguarding=safeguarding,
        family=family,
        **known,
    )
    record("referrals.contact.record", contact, by=by, at=now, became=contact.status)
    promise(contact, "D_ACK", now=received_at, **({"holder": by} if by else {"holder_role": role_for(family)}))
    keep(contact, "D_ACK", now=now)
    promise(contact, "D_TRIAGE", now=received_at, holder_role=role_for(family), label="Answer the contact")
    if contact.worrying:
        warn(contact, by=by, now=now)
    return contact


def warn(contact: Contact, *, by: Any, now: datetime) -> None:
    """Somebody may be at risk: whoever answers it hears so at once."""
    people = [person for person in who_answers(contact) if person != by]
    tell(contact, people, "A contact waits: look at it first", what="worrying", now=now, kind=Kind.REQUEST, urgent=True)
