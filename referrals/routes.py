"""How somebody is sent to First Contact Plus: they become a contact for its advisers (domain.md 11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.directory.routes import Ask, Went, route
from earlyhelp.notices.models import Kind
from earlyhelp.partnership.enums import Role
from referrals.enums import Channel, Safeguarding, SourceKind
from referrals.queries import holders_of
from referrals.services.contacts import record_contact
from referrals.services.telling import tell


@route(
    20,
    "first_contact_plus",
    "Send to First Contact Plus",
    for_whom="An adult whom several small services could help: one adviser talks it through, and asks before each of them.",
    needs="What would help, and a way to reach them.",
)
def to_first_contact_plus(ask: Ask, *, by: Any, now: datetime) -> Went:
    """Whoever sends them on sees what comes of it, as its author; no risk is known, or they would not be sent here."""
    contact = record_contact(
        by=by,
        now=now,
        received_at=now,
        channel=Channel.WITHIN,
        source_kind=SourceKind.COUNCIL,
        said=f"{ask.words}\n\nHow to reach them: {ask.reach}\nThey agreed: {ask.agreement}",
        safeguarding=Safeguarding.NO,
        family=ask.family,
        area=ask.family.area if ask.family else ask.person.area,
        first_name=ask.person.first_name,
        last_name=ask.person.last_name,
        born_on=ask.person.born_on,
    )
    if advisers := holders_of(Role.FIRST_CONTACT_ADVISER, contact.area):
        contact.deadlines.open().update(holder_role=Role.FIRST_CONTACT_ADVISER)
        tell(contact, advisers, "A contact waits for First Contact Plus", what="directed", now=now, kind=Kind.REQUEST)
    return Went("First Contact Plus", contact.reference)
