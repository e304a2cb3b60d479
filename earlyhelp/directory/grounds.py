"""How a referral's own yes, to one service, stands beside what a person wishes an agency to be told (domain.md 16).

It counts as their yes to the service's agency for the one purpose of referring them on, for as long as the referral lives.
A later no to the agency stands against it, and ends what is open.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject

from earlyhelp.directory.models import OnwardReferral
from earlyhelp.directory.transitions.onward import withdraw
from earlyhelp.partnership.models import Agency
from earlyhelp.sharing.enums import Purpose, Say, Whom
from earlyhelp.sharing.models import Permission
from earlyhelp.sharing.queries import can_share
from earlyhelp.sharing.registry import ground, when_ended


@ground(Purpose.REFERRAL)
def through_a_referral(agency: Agency) -> Any:
    permitted = OnwardReferral.objects.live().filter(
        person=OuterRef("pk"), service__organisation__agency=agency, permitted_at__isnull=False
    )
    named = {name: F(name) for name in ("given_by", "limits", "capacity_note")}
    facts = JSONObject(at=F("permitted_at"), record=F("reference"), **named)
    return permitted.order_by("permitted_at", "pk").values(facts=facts)


@when_ended
def withdraw_what_is_open(permission: Permission, by: Any, now: datetime) -> None:
    """The service hears at once that it is to do no more: not where it has a yes that still stands, or parents differ."""
    if permission.whom == Whom.TEAM:
        return
    reach = {"agency": permission.agency} if permission.whom == Whom.AGENCY else {"agency__kind": permission.kind}
    sent_to = Q(**{f"service__organisation__{name}": value for name, value in reach.items()})
    open_ones = OnwardReferral.objects.live().filter(sent_to, person=permission.person)
    for onward in open_ones.select_related("service__organisation__agency").order_by("pk"):
        agency = onward.service.organisation.agency
        if agency and can_share(permission.person, agency, Purpose.REFERRAL, now=now).say == Say.DENY:
            withdraw(onward, by=by, now=now, reason=f"{permission.get_wish_display()}, for {agency}.")
