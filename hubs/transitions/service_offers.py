"""What becomes of a service that the hub named, where nobody was referred to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.workflow.transitions import transition
from hubs.enums import OfferStatus
from hubs.models import ServiceOffer


@transition(ServiceOffer, label="They said no", sources=[OfferStatus.OPEN], target=OfferStatus.DECLINED, rule="lead")
def decline_service(offer: ServiceOffer, *, by: Any, now: datetime, words: str) -> dict[str, Any]:
    """The family does not want it, in their own words. Early help goes on as it was."""
    offer.words, offer.settled_at = words, now
    return {"reason": words}


@transition(
    ServiceOffer, label="It is not offered", sources=[OfferStatus.OPEN], target=OfferStatus.NOT_OFFERED, rule="lead"
)
def leave_service(offer: ServiceOffer, *, by: Any, now: datetime, words: str) -> dict[str, Any]:
    """It is not right for them any more, or they have the same from elsewhere: whoever named it reads why."""
    offer.words, offer.settled_at = words, now
    return {"reason": words}
