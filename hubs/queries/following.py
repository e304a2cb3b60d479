"""What those see who follow a meeting from their own seats: which family is heard, since when, and what was decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, DateTimeField, DurationField, F, IntegerField, Max, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, Now

from earlyhelp.core.composed import PlannedOnce
from hubs.models import AgendaItem, Hearing, HubDecision, HubMeeting

MOST = 6  # of the decisions that a page which follows has beside it


def stand_of(meeting: int, user: Any) -> str:
    """Differs whenever something has changed that this person may see of the meeting; empty where they may not see it.

    Asked every second by every screen that follows: one query, and nothing of any family is read for it.
    """
    found = _STAND(user, meeting=meeting)
    return ".".join(map(str, found[0])) if found else ""


@PlannedOnce
def _STAND(user: Any, meeting: Any) -> Any:
    seen = AgendaItem.objects.for_user(user).filter(meeting=OuterRef("pk"))
    one = {"in_sight": Count("pk"), "changes": Sum("version")}
    counted = {name: _figure(seen.order_by().values("meeting").annotate(n=what)) for name, what in one.items()}
    made = HubDecision.objects.for_user(user).filter(meeting=OuterRef("pk"))
    last = _figure(made.order_by().values("meeting").annotate(n=Max("pk")))
    heard = Hearing.objects.filter(meeting=OuterRef("pk"), ended_at=None, item__in=AgendaItem.objects.for_user(user))
    now = _figure(heard.values(n=F("pk")))
    rows = HubMeeting.objects.for_user(user).filter(pk=meeting).annotate(**counted, last_made=last, heard=now)
    return rows.values_list("version", "in_sight", "changes", "last_made", "heard")


def _figure(rows: Any) -> Any:
    return Coalesce(Subquery(rows.values("n")), 0, output_field=IntegerField())


def heard_now(meeting: HubMeeting, user: Any) -> AgendaItem | None:
    """The family being heard, if this person may hear of it: of another the page says what it says between two families."""
    return next(iter(_HEARD(user, meeting=meeting.pk)), None)


@PlannedOnce
def _HEARD(user: Any, meeting: Any) -> Any:
    seen = AgendaItem.objects.for_user(user).filter(hearings__meeting=meeting, hearings__ended_at=None)
    return with_hearing(seen, user, Now()).with_due().select_related("case__family", "step")


def last_decisions(meeting: HubMeeting, user: Any) -> list[HubDecision]:
    """The latest first."""
    return _LAST(user, meeting=meeting.pk)


@PlannedOnce
def _LAST(user: Any, meeting: Any) -> Any:
    seen = HubDecision.objects.for_user(user).filter(meeting=meeting)
    return seen.select_related("case__family", "worker", "by").order_by("-at", "-pk")[:MOST]


def stand_beside(item: Any) -> str:
    """Of an item read ``with_hearing``: differs once it is decided, or another family is heard."""
    return f"{item.version}.{item.heard_id or 0}"


def with_hearing(items: Any, user: Any, now: Any) -> Any:
    """Bring with each how long its meeting has heard it, every time it came back to it, and which family it hears now."""
    length = Coalesce(F("ended_at"), now, output_field=DateTimeField()) - F("began_at")
    each_time = Hearing.objects.filter(item=OuterRef("pk"), meeting=OuterRef("meeting")).order_by().values("item")
    given = Subquery(each_time.annotate(n=Sum(length)).values("n"), output_field=DurationField())
    open_one = Hearing.objects.filter(meeting=OuterRef("meeting"), ended_at=None)
    heard = open_one.filter(item__in=AgendaItem.objects.for_user(user)).values("item")
    return items.annotate(given=Coalesce(given, timedelta()), heard_id=Subquery(heard))
