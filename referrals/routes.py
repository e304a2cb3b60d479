"""The ways on that the front door lodges: First Contact Plus, and the menu of services (domain.md 11 and 13.1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from earlyhelp.core.dates import years_old
from earlyhelp.directory.enums import GivenBy
from earlyhelp.directory.routes import Ask, Went, route
from earlyhelp.directory.services.onward import offer
from earlyhelp.notices.models import Kind
from earlyhelp.partnership.enums import Role
from earlyhelp.sharing.enums import DECIDES_FROM
from earlyhelp.workflow.transitions import NotPossible
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
    title="First Contact Plus",
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


@route(
    30,
    "service",
    "Refer to a service",
    for_whom="Somebody whom one group or service would help: choose it from the menu, and it answers to you.",
    needs="Which service, and what it is to read.",
    title="the service that you chose together",
)
def to_a_service(ask: Ask, *, by: Any, now: datetime) -> Went:
    """The social prescribing menu. From sixteen on they say yes themselves; below, a parent does (domain.md 16)."""
    if ask.service is None:
        raise NotPossible("Choose the service.", field="service")
    born = ask.person.born_on
    child = born is not None and years_old(born, timezone.localdate(now)) < DECIDES_FROM
    onward = offer(
        person=ask.person,
        service=ask.service,
        by=by,
        now=now,
        why=ask.words,
        reach=ask.reach,
        given_by=GivenBy.PARENT if child else GivenBy.PERSON,
        how=ask.asked_how,
    )
    return Went(ask.service.name, onward.reference)
