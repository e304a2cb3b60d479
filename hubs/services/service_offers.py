"""What the hub names for a family is offered to it, and whoever leads hears that it is theirs to offer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from earlyhelp.cases.models import Case
from earlyhelp.directory.models import Service
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from hubs.enums import OfferStatus
from hubs.models import ServiceOffer


def name_services(case: Case, services: Iterable[Service], *, by: Any, now: datetime) -> None:
    """Each once, however often it is named. Nobody at the service hears of it: that takes somebody's yes (domain.md 16)."""
    named = list(dict.fromkeys(services))
    if not named:
        return
    open_ones = set(case.service_offers.filter(status=OfferStatus.OPEN).values_list("service", flat=True))
    for service in named:
        if service.pk not in open_ones:
            ServiceOffer.objects.create(case=case, service=service, named_by=by, named_at=now)
    if case.lead is not None:
        tell_whoever_offers(case, now=now)


def tell_whoever_offers(case: Case, *, now: datetime) -> None:
    """Whoever leads the family now, of what nobody has offered to it yet."""
    waiting = list(ServiceOffer.objects.unanswered().filter(case=case, status=OfferStatus.OPEN).order_by("pk"))
    if not waiting:
        return
    notify(
        [case.lead],
        kind=Kind.REQUEST,
        title="The hub named services for a family: offer them",
        reference=case.reference,
        url=waiting[0].get_absolute_url(),
        key=f"offers:{waiting[-1].pk}:{case.lead_id}",
        now=now,
    )
