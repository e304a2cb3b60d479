"""What the agencies of the county agreed about sharing: all have a live agreement, and one of them is to be looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from earlyhelp.core.calendar import add_months
from earlyhelp.partnership.enums import AgencyKind
from earlyhelp.partnership.models import Agency
from earlyhelp.sharing import services
from earlyhelp.sharing.enums import Data, Purpose

HOUSING = "Soar Valley Homes"
TOGETHER = (Purpose.HELP, Purpose.ASSESSMENT, Purpose.REFERRAL, Purpose.SAFEGUARDING)
BASIS = "Public task: UK GDPR Article 6(1)(e) and 9(2)(g) and (h); the Data Protection Act 2018, schedule 1."


def sign(agencies: Mapping[str, Agency], *, by: Any, now: datetime) -> None:
    """The council needs none with itself. ``now``: the housing association’s comes up for review three weeks later."""
    partners = [agency for agency in agencies.values() if agency.kind != AgencyKind.COUNCIL]
    housing = [agency for agency in partners if agency.name == HOUSING]
    others = [agency for agency in partners if agency not in housing]
    today = timezone.localdate(now)
    if others:
        _sign("Early help partnership", others, list(Data), add_months(today, -6), by=by, now=now)
    if housing:
        began = add_months(today, -12) + timedelta(days=21)
        _sign("Housing and early help", housing, [Data.IDENTITY, Data.NEEDS, Data.PROGRESS], began, by=by, now=now)


def _sign(title: str, parties: list[Agency], content: list[Data], began: Any, *, by: Any, now: datetime) -> None:
    services.sign(
        title=title,
        parties=parties,
        purposes=list(TOGETHER),
        content=content,
        basis=BASIS,
        signatories="The data protection officer of each party.",
        start_on=began,
        review_on=add_months(began, 12),
        end_on=add_months(began, 36),
        by=by,
        now=now,
    )
