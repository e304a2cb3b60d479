"""What the page of a meeting says beside its agenda, in one query: who is to be there, what waits, how full its workers are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, Subquery
from django.db.models.functions import JSONObject

from earlyhelp.cases.models import inside
from earlyhelp.core.composed import Number, PlannedOnce
from hubs.models import HubMeeting
from hubs.queries.attendance import Here, Present, present_at
from hubs.queries.capacity import room_of, workers_at
from hubs.queries.people import Reader, reading
from hubs.services import agenda

MOST = 6  # minutes to confirm at once


def beside(user: Any, meeting: Any) -> dict[str, Any]:
    """Of a meeting read ``with_openings`` and with this person's rights. Of one that is over only who was to be there."""
    goes_on, opened = not meeting.is_over, meeting.opened_by
    (found,) = _BESIDE(
        user,
        goes_on,
        goes_on and meeting.may_prepare,
        hub=meeting.hub_id,
        area=meeting.hub.area_id,
        lineage=meeting.hub.area.lineage,
        meeting=meeting.pk,
        starts_at=meeting.starts_at,
    )
    return {
        "readers": [Reader(**each, opened_at=opened.get(each["pk"])) for each in found["readers"]],
        "here": _here(meeting, found["present"]) if meeting.in_session else None,
        "to_confirm": [_to_confirm(each) for each in found.get("to_confirm") or () if meeting.in_session],
        "room": room_of(found["workers"]) if goes_on else None,
        "later": found.get("later"),
        "not_gathered": found.get("not_gathered"),
    }


@PlannedOnce
def _BESIDE(
    user: Any, goes_on: bool, runs: bool, *, hub: Any, area: Any, lineage: Any, meeting: Any, starts_at: Any
) -> Any:
    """Of one meeting: who is to be there, who is, how full the hub's workers are; to whoever runs it also what waits."""
    asked: dict[str, Any] = {"readers": ArraySubquery(reading(hub=hub, area=area, meeting=meeting))}
    if goes_on:
        asked |= {"present": ArraySubquery(present_at(meeting)), "workers": ArraySubquery(workers_at(lineage))}
    if runs:
        asked |= {
            "later": _later(user, hub, starts_at),
            "not_gathered": _not_gathered(user, area),
            "to_confirm": _unconfirmed(user, hub, starts_at),
        }
    return HubMeeting.objects.for_user(user).filter(pk=meeting).values(**asked)


def _later(user: Any, hub: Any, starts_at: Any) -> Subquery:
    """How many wait for a later meeting."""
    waits = agenda.waiting_elsewhere(user, hub=hub, starts_at=starts_at).order_by()
    return Subquery(waits.values(n=Func("pk", function="COUNT", output_field=IntegerField())))


def _not_gathered(user: Any, area: Any) -> Subquery:
    """How many are on no list yet.

    Each that waits in their reach is asked where it is: the database takes an area and all inside it for one, and looked
    through everything that waits once for each of them.
    """
    return Subquery(agenda.still_waiting(user).order_by().values(n=Number(inside(area))))


def _unconfirmed(user: Any, hub: Any, starts_at: Any) -> ArraySubquery:
    """Whose minutes a meeting of the hub confirms."""
    held = HubMeeting.objects.for_user(user, "prepare").unconfirmed_before(hub=hub, starts_at=starts_at)
    return ArraySubquery(held.values_list(JSONObject(pk="pk", starts_at="starts_at"), flat=True)[:MOST])


def _here(meeting: HubMeeting, people: list[dict[str, Any]]) -> Here:
    return Here([Present(**each) for each in people], meeting.asks, frozenset(filter(None, [meeting.chaired_by_id])))


def _to_confirm(facts: dict[str, Any]) -> HubMeeting:
    """As much of the meeting as its reference and its address need."""
    return HubMeeting(pk=facts["pk"], starts_at=datetime.fromisoformat(facts["starts_at"]))
