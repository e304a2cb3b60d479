"""The papers of a meeting: a page for each family, kept as it went out; and what a reader wrote beside it for themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from earlyhelp.core import sealing
from earlyhelp.workflow.transitions import NotPossible, person
from hubs.models import AgendaItem, HubMeeting, PackNote, PackPage
from hubs.queries.papers import agencies_at, papers_of
from hubs.queries.readiness import as_read, stops


def said_of(items: Iterable[AgendaItem], meeting: HubMeeting, *, now: datetime) -> dict[int, list[dict[str, Any]]]:
    """What each family's page says, by its item."""
    agencies = agencies_at(meeting.hub)
    return {item.pk: papers_of(item, agencies, now=now).said() for item in items}


def keep_pages(meeting: HubMeeting, said: dict[int, list[dict[str, Any]]], *, by: Any, now: datetime) -> None:
    """From now on members read these, whatever is written afterwards."""
    pages = [
        PackPage(item_id=item, meeting=meeting, said=parts, published_by=person(by), published_at=now)
        for item, parts in said.items()
    ]
    PackPage.objects.bulk_create(pages, ignore_conflicts=True)


# --- a family that comes once they are out -----------------------------------------------------------------------------


def add_page(item: AgendaItem, *, by: Any, now: datetime) -> None:
    """Its page is kept as it is at that moment. Raises ``NotPossible``, in words, while anything bars it.

    So no family comes before members by a way round what stops the papers themselves (``queries.readiness``).
    """
    if barred := _keep_page(item, by=by, now=now):
        raise NotPossible(f"The papers are out, and this family cannot be added to them yet. {barred}")
    item.kept_back = ""


def add_page_or_keep_back(item: AgendaItem, *, by: Any, now: datetime) -> None:
    """The same for a family that nobody turns away, for the hub put it off: what bars its page keeps it from members."""
    item.kept_back = _keep_page(item, by=by, now=now)


def _keep_page(item: AgendaItem, *, by: Any, now: datetime) -> str:
    """What bars its page; nothing if it is kept, or if none is to be: the papers are not out, or the record is restricted."""
    meeting = item.meeting
    if meeting is None or not meeting.published_at or item.case.restricted:
        return ""
    read = as_read(AgendaItem.objects.filter(pk=item.pk))
    said = said_of(read, meeting, now=now)
    barred = [stop.words for stop in stops(read, said) if stop.bars]
    if not barred:
        keep_pages(meeting, said, by=by, now=now)
    return "".join(f"{words}. " for words in barred).strip()


# --- a reader's own note -----------------------------------------------------------------------------------------------


@transaction.atomic
def write_note(item: AgendaItem, *, by: Any, now: datetime, text: str) -> None:
    """Seal it to whoever wrote it; an empty one is thrown away."""
    notes = PackNote.objects.filter(item=item, user=by)
    if not text:
        notes.delete()
        return
    sealed = sealing.seal(text, bound_to=PackNote(user_id=by.pk, item_id=item.pk).binding)
    values = {"sealed": sealed, "meeting": item.meeting, "written_at": now}
    PackNote.objects.update_or_create(item=item, user=by, defaults=values)


def destroy_notes(*, now: datetime) -> int:
    """Those of meetings whose members may read no more: ten working days after. Says how many went."""
    today = timezone.localdate(now)
    over = Q(meeting__members_until__lt=today)
    return PackNote.objects.filter(over).delete()[0]
