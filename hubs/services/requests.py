"""Between two meetings the chair asks somebody of another agency, who answers for themselves (domain.md 9.4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from earlyhelp.audit.models import record
from earlyhelp.cases.models import Case
from earlyhelp.core.rights import may
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.workflow.transitions import NotPossible
from hubs.enums import AnswerStatus
from hubs.models import ChairsRequest
from hubs.naming import names_of_family
from hubs.services.agenda import live_item
from hubs.transitions.items import may_agree, may_decide_alone


@transaction.atomic
def ask_to_agree(case: Case, *, by: Any, now: datetime, asked: Any, proposal: str) -> ChairsRequest:
    """One line of what would be decided and why it cannot wait, to somebody who may not see the family: it names nobody."""
    item = live_item(case, now=now)
    if not may(by, "decide", item):
        raise NotPossible("Only whoever decides about this family asks.")
    may_decide_alone(item)
    may_agree(item, by, asked)
    if case.restricted:
        raise NotPossible("This record is restricted: speak with them, and write down that they agreed.")
    if named := names_of_family(proposal, case.family):
        raise NotPossible(f"This names the family: {', '.join(named)}. Say it without a name.", field="proposal")
    if ChairsRequest.objects.filter(item=item, asked=asked, status=AnswerStatus.ASKED).exists():
        raise NotPossible(f"{asked} is asked already, and has not answered.", field="asked")
    request = ChairsRequest.objects.create(item=item, asked=asked, proposal=proposal, asked_by=by, asked_at=now)
    record("hubs.chairsrequest.ask", request, by=by, at=now, became=request.status)
    notify(
        [asked],
        kind=Kind.REQUEST,
        title="The chair of a hub asks whether your agency agrees",
        reference=request.reference,
        url=request.get_absolute_url(),
        key=f"chairs_request:{request.pk}:asked",
        now=now,
        urgent=True,
    )
    return request
