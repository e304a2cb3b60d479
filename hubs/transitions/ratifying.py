"""What a chair decided between two meetings: the next that sits and is quorate ratifies it, or says why not (domain.md 9.4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from earlyhelp.cases.services import told_of
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible, transition
from hubs.enums import ItemStatus
from hubs.models import AgendaItem, HubDecision, HubMeeting
from hubs.queries import runners_of, session_of
from hubs.transitions.sitting import sitting


def ratify_all(decisions: Iterable[HubDecision], *, meeting: HubMeeting, by: Any) -> int:
    """Those to which the hub agrees; says how many. Raises ``NotPossible`` unless it sat with this chair, and is quorate."""
    decisions = list(decisions)
    for decision in decisions:
        _refuse_alone(meeting, decision, by)
    waiting = HubDecision.objects.to_ratify().filter(hub=meeting.hub_id, pk__in=[each.pk for each in decisions])
    return waiting.update(ratified_in=meeting)


@transition(AgendaItem, label="Ratify", sources=[ItemStatus.DECIDED_OUT_OF_MEETING], rule="decide")
def ratify(item: AgendaItem, *, by: Any, now: datetime) -> dict[str, Any]:
    """The hub agrees, while it sits and has the family before it; what nobody brought up is asked as the meeting closes."""
    decision, meeting = _before_the_hub(item)
    if not ratify_all([decision], meeting=meeting, by=by):
        raise NotPossible("A meeting has answered this chair’s action meanwhile.")
    return {"decision": decision.pk, "meeting": meeting.pk}


@transition(AgendaItem, label="Not ratified", sources=[ItemStatus.DECIDED_OUT_OF_MEETING], rule="decide")
def not_ratify(item: AgendaItem, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """The hub does not agree. What was done stands until it is decided otherwise: so whoever leads, and managers, hear of it."""
    decision, meeting = _before_the_hub(item)
    _refuse_alone(meeting, decision, by)
    waiting = HubDecision.objects.to_ratify().filter(pk=decision.pk)
    if not waiting.update(not_ratified_in=meeting, not_ratified_why=reason):
        raise NotPossible("A meeting has answered this chair’s action meanwhile.")
    _tell(decision, now)
    return {"reason": reason, "decision": decision.pk, "meeting": meeting.pk}


def _before_the_hub(item: AgendaItem) -> tuple[HubDecision, HubMeeting]:
    """What waits to be answered, and the meeting that sits and answers it."""
    decision = HubDecision.objects.to_ratify().filter(item=item).select_related("case__lead", "worker", "hub").first()
    if decision is None:
        raise NotPossible("A meeting has answered this chair’s action already.")
    meeting = session_of(item.hub)
    if meeting is None:
        raise NotPossible("The hub answers a chair’s action while it meets.")
    return decision, meeting


def _refuse_alone(meeting: HubMeeting, decision: HubDecision, by: Any) -> None:
    if meeting.opened_at is None:
        raise NotPossible("This meeting does not take place: a chair’s action waits for one that does.")
    if missing := sitting(meeting, by, decision.case_id).missing:
        raise NotPossible(
            f"The hub is not quorate, so no chair’s action is ratified or refused: {missing} more needed."
        )


def _tell(decision: HubDecision, now: datetime) -> None:
    """Whoever leads the family or was asked to; and, but for a restricted record, service managers, on the page of the hub.

    Nobody who declared an interest in it, but for whoever leads it: they work with the family, and by what the hub decides.
    """
    case = decision.case
    told: dict[str, Any] = {
        "kind": Kind.DECISION,
        "title": "A chair’s action was not ratified",
        "reference": case.reference,
        "now": now,
    }
    key = f"decision:{decision.pk}:not_ratified"
    asked = [case.lead] if case.lead else told_of(case, [decision.worker])
    notify(asked, url=case.get_absolute_url(), key=key, **told)
    if not case.restricted:
        managers = told_of(case, runners_of(decision.hub, Role.SERVICE_MANAGER))
        notify(managers, url=decision.hub.get_absolute_url(), key=f"{key}:managers", **told)
