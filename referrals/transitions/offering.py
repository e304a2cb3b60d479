"""A family that was signposted is asked once more whether it wants help, and again if it would like that (domain.md R17)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from earlyhelp.core.calendar import add_working_days, closing
from earlyhelp.deadlines.services import keep, promise
from earlyhelp.directory.enums import Helped
from earlyhelp.workflow.transitions import NotPossible, transition
from referrals.enums import Status
from referrals.models import Referral


@transition(Referral, label="Record the repeat offer", sources=[Status.SIGNPOSTED], rule="triage")
def offer_again(
    referral: Referral, *, by: Any, now: datetime, result: str, note: str, offer_again_on: date | None = None
) -> dict[str, Any]:
    """Somebody asked whether the service helped, and offered help again. Who still needs it is referred anew."""
    if not keep(referral, "D_OFFER_AGAIN", now=now):
        raise NotPossible("Help was offered again already.")
    if offer_again_on is not None:
        if offer_again_on <= timezone.localdate(now):
            raise NotPossible("Choose a day to come.", field="offer_again_on")
        due_at = closing(add_working_days(offer_again_on, 0))
        promise(referral, "D_OFFER_AGAIN", now=now, holder=by, due_at=due_at, once=True)
    return {"reason": f"{Helped(result).label}. {note}", "result": result}
