"""What every page of a meeting begins with: the meeting, opened and written down, and the families its reader may hear of."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from earlyhelp.audit.views import open_record
from earlyhelp.core.composed import record
from earlyhelp.workflow.views import Page
from hubs.enums import ItemStatus
from hubs.models import AgendaItem, HubMeeting


def open_meeting(request: HttpRequest, pk: int, action: str = "view", *, purpose: str = "") -> Any:
    return open_record(request, _MEETINGS, action=action, purpose=purpose, pk=pk)


@record
def _MEETINGS(user: Any) -> Any:
    return HubMeeting.objects.with_rights(user).select_related("hub__area", "chaired_by")


def items_of(user: Any, meeting: Any) -> Any:
    """The families of a meeting that this person may hear of."""
    seen = AgendaItem.objects.for_user(user).filter(meeting=meeting).exclude(status=ItemStatus.REMOVED)
    return seen.with_due().with_births().with_agreement().with_decision().select_related("case__family", "step")


def meeting_page(row: HubMeeting, title: str, **kwargs: Any) -> Page:
    return Page(title, row.get_absolute_url(), caption=str(row), about=heard_at(row), **kwargs)


def heard_at(meeting: HubMeeting) -> list[Any]:
    """What is on its agenda, and what was decided at it: a family that was deferred stands on a later agenda by now."""
    return [*meeting.items.all(), *meeting.decisions.all()]
