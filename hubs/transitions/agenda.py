"""A family comes onto an agenda, is put in its order, waits for a later meeting, or leaves it (domain.md 6.4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.cases.enums import Preference
from earlyhelp.core.composed import held
from earlyhelp.core.rights import may
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.workflow.transitions import SYSTEM, NotPossible, transition
from hubs.enums import LIVE_ITEM, ON_AGENDA, TO_COME, ItemStatus, MeetingStatus
from hubs.models import AgendaItem, HubMeeting
from hubs.queries import in_order, next_meeting
from hubs.queries.interests import chairs_who_may_hear
from hubs.services.papers import add_page, add_page_or_keep_back


@transition(
    AgendaItem,
    label="Put on the agenda",
    sources=[ItemStatus.QUEUED, ItemStatus.SCHEDULED, ItemStatus.DEFERRED],
    target=ItemStatus.SCHEDULED,
    rule="prepare",
)
def schedule(
    item: AgendaItem, *, by: Any, now: datetime, meeting: HubMeeting, late_reason: str = "", late_by: Any = None
) -> dict[str, Any]:
    """On a meeting's agenda; once its papers are closed, late and only with a reason (``D_PAPERS``).

    ``late_by``: the chair on whose word somebody else puts a late family there. What the hub itself moved is not turned away.
    """
    meeting = held(HubMeeting, meeting.pk)  # whoever closes it meanwhile leaves nobody behind on it
    if meeting.hub_id != item.hub_id or meeting.is_over:
        raise NotPossible("Choose a meeting of this hub that is still to come.")
    late = now > meeting.papers_close_at or meeting.status not in TO_COME
    if late and not late_reason:
        raise NotPossible("The papers of this meeting are closed: say why this family cannot wait for the next one.")
    item.meeting, item.late_reason, item.position = meeting, late_reason, None
    item.late_by = _whose_exception(item, by, late_by, now) if late and by is not SYSTEM else None
    add = add_page_or_keep_back if by is SYSTEM else add_page
    add(item, by=by, now=now)
    return {"meeting": meeting.pk, "reason": late_reason, "late_by": item.late_by_id}


def _whose_exception(item: AgendaItem, by: Any, named: Any, now: datetime) -> Any:
    """A late family is the chair's or the deputy's exception (domain.md 6.4): their own, or on the word of one who is told so."""
    assert item.meeting is not None
    if may(by, "chair", item.meeting):
        return by
    if named is None or not chairs_who_may_hear(item.case).filter(pk=named.pk).exists():
        raise NotPossible(
            "The chair or the deputy says that a family is heard late: name who of them did.", field="late_by"
        )
    notify(
        [named],
        kind=Kind.NEWS,
        title="A late family is on the agenda on your word",
        reference=item.case.reference,
        url=item.get_absolute_url(),
        key=f"item:{item.pk}:late:{item.version}",
        now=now,
    )
    return named


@transition(AgendaItem, label="Add their papers", sources=ON_AGENDA, rule="prepare")
def add_papers(item: AgendaItem, *, by: Any, now: datetime) -> dict[str, Any]:
    """What kept a family back from those who read the papers is put right: its page is kept, and they read of it."""
    if not item.kept_back:
        raise NotPossible("Nothing keeps this family back from the papers.")
    add_page(item, by=by, now=now)
    return {}


@transition(
    AgendaItem,
    label="Leave for the next meeting",
    sources=[ItemStatus.SCHEDULED, ItemStatus.DEFERRED],
    target=ItemStatus.SCHEDULED,
    rule="prepare",
)
def leave_for_later(item: AgendaItem, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Off an agenda whose papers are not out: the hub has not heard them, so it is no deferral."""
    if item.meeting is None or item.meeting.status != MeetingStatus.DRAFT:
        raise NotPossible("The papers are out: the meeting itself defers what it does not decide.")
    later = next_meeting(item.hub, after=item.meeting)
    if later is None:
        raise NotPossible("This hub has no next meeting in the diary: add one first.")
    goes_on_to(item, later, by=by, now=now, late="Left for this meeting after its papers had gone out.")
    return {"reason": reason, "to_meeting": later.pk}


@transition(AgendaItem, label="Hear them without their agreement", sources=LIVE_ITEM, rule="decide")
def hear_without_agreement(item: AgendaItem, *, by: Any, now: datetime, purpose: str, reason: str) -> dict[str, Any]:
    """The chair says what allows the hub to hear of a family that has not said yes, and why (domain.md 16)."""
    item.without_agreement, item.without_agreement_why = purpose, reason
    return {"reason": reason, "purpose": purpose}


@transition(AgendaItem, label="Change the order", sources=ON_AGENDA, rule="prepare")
def move(item: AgendaItem, *, by: Any, now: datetime, up: bool) -> dict[str, Any]:
    """One place up or down among those of which the mover may hear. From then on the agenda stands as they put it."""
    seen = AgendaItem.objects.for_user(by, "prepare").filter(meeting=item.meeting_id).on_agenda()
    siblings = seen.select_related("case").with_due().with_births().with_grounds()
    order = [line.item for line in in_order(siblings.select_for_update(of=("self",)), now=now)]
    here = order.index(item)
    there = max(0, min(len(order) - 1, here + (-1 if up else 1)))
    order.insert(there, order.pop(here))
    for position, each in enumerate(order, start=1):
        each.position = position
    AgendaItem.objects.bulk_update(order, ["position"])
    item.position = there + 1
    return {"from_place": here + 1, "to_place": there + 1}


@transition(AgendaItem, label="Record the family’s preference", sources=LIVE_ITEM, rule="prepare")
def record_preference(
    item: AgendaItem,
    *,
    by: Any,
    now: datetime,
    preference: str,
    preference_note: str,
    wished_for: Any = None,
    wished_not: Any = None,
) -> dict[str, Any]:
    """Asked before the meeting whom they would like (R5), so that it need not be found out in it."""
    if (wished_for or wished_not) and preference != Preference.ASKED:
        raise NotPossible("Whoever was not asked named nobody.", field="preference")
    if wished_for and wished_for == wished_not:
        raise NotPossible("They cannot both want this worker and not.", field="wished_not")
    item.preference, item.preference_note = Preference(preference), preference_note
    item.wished_for, item.wished_not = wished_for, wished_not
    return {"preference": preference, "reason": preference_note}


@transition(AgendaItem, label="Remove from the agenda", sources=LIVE_ITEM, target=ItemStatus.REMOVED, rule="prepare")
def remove(item: AgendaItem, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """The case no longer waits for the hub: it was withdrawn, handed over or answered elsewhere."""
    return {"reason": reason}


def goes_on_to(item: AgendaItem, later: HubMeeting | None, *, by: Any, now: datetime, late: str) -> None:
    """To a later meeting, from which nobody turns it away.

    Once its papers are out it is late there, and members read of it only with a page that nothing barred.
    """
    item.meeting, item.position, item.late_by = later, None, None
    item.late_reason = late if later is not None and later.published_at else ""
    add_page_or_keep_back(item, by=by, now=now)
