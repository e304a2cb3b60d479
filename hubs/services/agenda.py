"""A hub finds its agenda by asking which cases wait for it; nobody has to put a family on a list (design.md 2)."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from earlyhelp.cases.briefing import to_note
from earlyhelp.cases.enums import LED, Status
from earlyhelp.cases.models import Case, CaseDeadline
from earlyhelp.core.calendar import add_working_days
from earlyhelp.core.words import within
from earlyhelp.workflow.transitions import SYSTEM, NotPossible
from hubs.enums import BEFORE_THE_HUB, LIVE_ITEM, UNDECIDED_STEP, ItemKind, ItemStatus, MeetingStatus
from hubs.models import AgendaItem, Hub, HubMeeting, StepRequest
from hubs.queries.blockages import blocked
from hubs.services.interests import somebody_hears
from hubs.transitions.agenda import add_papers, remove, schedule
from hubs.transitions.steps import put_to_hub, withdraw

ASKS = {
    Status.AWAITING_DECISION: ItemKind.NEW,
    Status.STEP_REQUESTED: ItemKind.STEP_REQUEST,
    Status.CLOSING: ItemKind.CLOSURE,
}
BLOCKED_AFTER = 10  # working days a review is overdue before the hub hears of it (the ladder of domain.md 7)
NOT_AGAIN_FOR = timedelta(days=28)
TO_NOTE_FOR = timedelta(days=56)  # two months of meetings: what is older is history


@transaction.atomic
def gather(*, now: datetime) -> int:
    """Bring every agenda up to date: what no longer waits goes, what waits comes, each on its next meeting. Idempotent."""
    _remove_answered(now)
    made = add_items(_waiting(now), now=now)
    _put_on_agendas(now)
    _bring_papers(now)
    somebody_hears(now=now)
    return made


def live_item(case: Case, *, now: datetime) -> AgendaItem:
    """The case's item, made now if no sweep has passed yet. Raises ``NotPossible`` if the case asks nothing of a hub."""
    add_items(Case.objects.filter(pk=case.pk).filter(_asking()), now=now)
    item = AgendaItem.objects.live().filter(case=case).select_related("case", "hub", "meeting", "step").first()
    if item is None:
        raise NotPossible(f"{case} is now “{within(case.get_status_display())}” and does not wait for the hub.")
    return item


def item_for(case: Case, *, now: datetime) -> AgendaItem:
    """The case's live item, or what it will be: for a page that only reads."""
    waiting = (
        AgendaItem.objects.live()
        .with_due()
        .filter(case=case)
        .select_related("case__family", "case__area", "hub", "meeting", "step")
        .first()
    )
    if waiting is not None:
        return waiting
    hub = hub_of(case)
    if hub is None or not Case.objects.filter(_asking(), pk=case.pk).exists():
        raise NotPossible(f"{case} does not wait for a hub.")
    step = StepRequest.objects.filter(case=case, status__in=UNDECIDED_STEP).first()
    return _item(case, hub, step, None, now)


def _asking(path: str = "") -> Q:
    """Over cases, or over what leads to one by ``path``."""
    waits = Q(**{f"{path}status__in": (Status.AWAITING_DECISION, Status.STEP_REQUESTED)})
    return waits | Q(**{f"{path}status": Status.CLOSING, f"{path}closure_approved": False})


def _waiting(now: datetime) -> Any:
    """Cases that ask something of a hub, that are blocked, or whose review is so late that it is one, and are on no agenda.

    A request for more first has its working day with EH Access, unless it is urgent, whatever else stops the family; after
    that the hub hears it all the same.
    """
    checking = CaseDeadline.objects.open().filter(owner=OuterRef("pk"), code="D_STEP_CHECK", due_at__gt=now)
    urgent = StepRequest.objects.undecided().filter(case=OuterRef("pk")).exclude(urgent_why="")
    live = AgendaItem.objects.live().filter(case=OuterRef("pk"))
    heard = AgendaItem.objects.filter(
        case=OuterRef("pk"), kind=ItemKind.REVIEW_OVERDUE, added_at__gte=now - NOT_AGAIN_FOR
    )
    overdue = Q(
        status=Status.SUPPORTED, next_review_on__lt=add_working_days(timezone.localdate(now), -BLOCKED_AFTER)
    ) & ~Exists(heard)
    stopped = Q(blocked()) & Q(status__in=LED)
    handed_over = Q(is_handed_over=True, status__in=LED)
    cases = Case.objects.annotate(is_handed_over=_handed_over(now))
    asks = cases.filter(_asking() | overdue | stopped | handed_over)
    return asks.filter(~Exists(live), ~Exists(checking) | Exists(urgent))


def _handed_over(now: datetime) -> Any:
    """Over cases: handed over to social care lately, and no hub has noted it yet."""
    at = Case.objects.filter(pk=OuterRef("pk")).annotate(at=to_note(OuterRef("pk"))).filter(at__gte=now - TO_NOTE_FOR)
    noted = AgendaItem.objects.filter(case=OuterRef("pk"), kind=ItemKind.HANDOVER, added_at__gte=OuterRef("at"))
    return Exists(at.filter(~Exists(noted)))


def add_items(cases: Any, *, now: datetime) -> int:
    """One item for each of these cases at the hub of its area. Two sweeps at once make one: the database keeps count."""
    cases = list(cases.select_related("area").annotate(is_blocked=blocked()))
    hubs = {hub.area_id: hub for hub in Hub.objects.active()}
    steps = {step.case_id: step for step in StepRequest.objects.filter(case__in=cases, status__in=UNDECIDED_STEP)}
    asked = dict(CaseDeadline.objects.open().filter(owner__in=cases, code="D_CLOSE").values_list("owner", "started_at"))
    placed = [(case, hub_of(case, hubs)) for case in cases]
    items = [_item(case, hub, steps.get(case.pk), asked.get(case.pk), now) for case, hub in placed if hub is not None]
    made = AgendaItem.objects.bulk_create(items, ignore_conflicts=True)
    for step in steps.values():
        if step.status in BEFORE_THE_HUB:
            put_to_hub(step, by=SYSTEM, now=now)
    return len(made)


def hub_of(case: Case, hubs: dict[int, Hub] | None = None) -> Hub | None:
    """The nearest hub around the case's area."""
    hubs = {hub.area_id: hub for hub in Hub.objects.active()} if hubs is None else hubs
    return next((hubs[area] for area in reversed(case.area.lineage) if area in hubs), None)


def _item(case: Case, hub: Hub, step: StepRequest | None, asked_at: datetime | None, now: datetime) -> AgendaItem:
    kind = _kind(case)
    since = {
        ItemKind.NEW: case.accepted_at,
        ItemKind.STEP_REQUEST: step.requested_at if step else now,
        ItemKind.CLOSURE: asked_at or now,
    }.get(kind, now)
    urgent = (case.urgent and kind == ItemKind.NEW) or (step is not None and step.urgent)
    return AgendaItem(hub=hub, case=case, step=step, kind=kind, urgent=urgent, since_at=since, added_at=now)


def _kind(case: Any) -> ItemKind:
    if case.status in ASKS and not case.closure_approved:
        return ASKS[Status(case.status)]
    if getattr(case, "is_blocked", False):
        return ItemKind.BLOCKAGE
    return ItemKind.HANDOVER if getattr(case, "is_handed_over", False) else ItemKind.REVIEW_OVERDUE


def _remove_answered(now: datetime) -> None:
    """Items, and requests, whose case has gone on otherwise: withdrawn, handed over, closed."""
    asks = Q(
        kind=ItemKind.REVIEW_OVERDUE, case__status=Status.SUPPORTED, case__next_review_on__lt=timezone.localdate(now)
    )
    for status, kind in ASKS.items():
        asks |= Q(kind=kind, case__status=status)
    asks |= Q(kind=ItemKind.HANDOVER, case__status__in=LED)
    asks |= Q(blocked("case")) & Q(kind=ItemKind.BLOCKAGE) & ~_asking("case__")
    for item in AgendaItem.objects.live().exclude(asks).exclude(meeting__status=MeetingStatus.IN_MEETING):
        remove(item, by=SYSTEM, now=now, reason="The case no longer waits for the hub.")
    for step in StepRequest.objects.filter(status__in=UNDECIDED_STEP).exclude(case__status=Status.STEP_REQUESTED):
        withdraw(step, by=SYSTEM, now=now, reason="The case went on without it.")


def _put_on_agendas(now: datetime) -> None:
    """Each waiting item onto the first agenda of its hub whose papers are still open."""
    drafts = (
        HubMeeting.objects.filter(status=MeetingStatus.DRAFT, starts_at__gt=now).select_related("hub").soonest_first()
    )
    first: dict[int, HubMeeting] = {}
    for meeting in drafts:
        if meeting.papers_close_at >= now:
            first.setdefault(meeting.hub_id, meeting)
    for item in AgendaItem.objects.filter(status=ItemStatus.QUEUED, hub__in=first):
        schedule(item, by=SYSTEM, now=now, meeting=first[item.hub_id])


def _bring_papers(now: datetime) -> None:
    """Of each family that was kept back from the papers, and no longer has to be, a page is added to them."""
    kept = AgendaItem.objects.on_agenda().exclude(kept_back="").exclude(meeting__status=MeetingStatus.CLOSED)
    for item in kept:
        with suppress(NotPossible):
            add_papers(item, by=SYSTEM, now=now)


def waiting_elsewhere(user: Any, *, hub: Any, starts_at: Any) -> Any:
    """What waits for a later meeting of this hub, or for none yet: it may come onto this one."""
    seen = AgendaItem.objects.for_user(user, "prepare").filter(hub=hub)
    waits = seen.filter(status__in=(ItemStatus.QUEUED, ItemStatus.SCHEDULED, ItemStatus.DEFERRED))
    return waits.filter(Q(meeting=None) | Q(meeting__starts_at__gt=starts_at)).select_related("case__family")


def still_waiting(user: Any) -> Any:
    """Cases in sight of this person that ask something and that no sweep has put on an agenda yet."""
    live = AgendaItem.objects.filter(status__in=LIVE_ITEM, case=OuterRef("pk"))
    return Case.objects.for_user(user).filter(_asking()).filter(~Exists(live))
