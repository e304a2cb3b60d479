"""What the hub puts on a case's page, and on the list of what needs a person today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from earlyhelp.cases.enums import LED, OPEN, AllocationStatus, Status, Tier
from earlyhelp.cases.models import Allocation, Case, CaseDeadline
from earlyhelp.cases.panels import (
    NextStep,
    Note,
    Offered,
    deeds,
    fact,
    heard,
    kept_at,
    next_step,
    note,
    section,
    services_named,
)
from earlyhelp.core import dates
from earlyhelp.core.calendar import closing
from earlyhelp.core.composed import Composed, PlannedOnce
from earlyhelp.core.rights import rights
from earlyhelp.core.todo import Todo, todo
from earlyhelp.partnership.enums import Role
from hubs.access import RUNS, has_a_seat
from hubs.enums import LIVE_ITEM, BlockageStatus, ItemKind, MeetingStatus, OfferStatus, StepStatus
from hubs.models import (
    AgendaItem,
    Blockage,
    ChairsRequest,
    Hub,
    HubAction,
    HubMeeting,
    LocalAction,
    ServiceGap,
    ServiceOffer,
    StepRequest,
    TrendReport,
)
from hubs.models.blockages import open_on_case
from hubs.queries import blockages
from hubs.queries.offers import unanswered, with_lapse
from hubs.services.agenda import ASKS

AHEAD, ACTIONS_AHEAD = timedelta(days=14), timedelta(days=7)
MOST = 11  # one more than the home page shows, so that it knows that there are more
COUNTED = 200  # of which it says how many there are
NAMED = 3  # families named one by one; the line of their hub counts them all
URGENT, WAITING, MEETING, BLOCKED, ACTION = 0, 5, 20, 25, 30


@section(60, "hub", "Hub", "hubs/case.html")
def hub(case: Case, user: Any) -> dict[str, Any]:
    """What the hub was asked, what it decided, and every change of tier."""
    return {
        "decisions": list(
            case.hub_decisions.select_related(
                "by", "worker", "agreed_by", "meeting__hub", "ratified_in__hub", "not_ratified_in__hub"
            ).order_by("-at")
        ),
        "steps": list(
            case.step_requests.select_related("requested_by", "new_lead", "receiving").order_by("-requested_at")
        ),
        "tier_changes": list(case.tier_changes.select_related("decided_by").order_by("-decided_at")),
        "waiting": case.agenda_items.filter(status__in=LIVE_ITEM).select_related("meeting__hub").first(),
        **_above_level(case),
    }


def _above_level(case: Case) -> dict[str, Any]:
    """That the family is given more than its level of need, and what is missing instead (domain.md 3.4)."""
    above = case.is_led and case.tier is not None and case.tier > case.level_of_need
    gaps = ServiceGap.objects.filter(decision__case=case).order_by("-raised_at") if above else ()
    return {"above_level": above, "gaps": list(gaps)}


@deeds
def of_the_hub(case: Case, user: Any) -> list[tuple[str, str]]:
    offered = []
    may = rights(user, case, {"lead", "team", "decide", "hand_on"})
    if case.is_led and "team" in may:
        offered.append(("Raise a blockage", reverse("hubs:raise_blockage", args=[case.reference])))
    if case.status == Status.SUPPORTED and "lead" in may:
        offered.append(("Ask for a step up or down", reverse("hubs:request_step", args=[case.reference])))
    if _asks(case) and "decide" in may:
        offered.append(("Decide at the hub", reverse("hubs:decide", args=[case.reference])))
        offered.append(("Chair’s action", reverse("hubs:chairs_action", args=[case.reference])))
    if case.status in OPEN and "hand_on" in may:
        label = "Ask somebody else to lead" if case.lead_id else "Offer to somebody else"
        offered.append((label, reverse("hubs:offer_again", args=[case.reference])))
    return offered


@next_step
def decide(case: Case, user: Any) -> NextStep | None:
    if _asks(case) and "decide" in rights(user, case, {"decide"}):
        return NextStep(5, "Decide at the hub", reverse("hubs:decide", args=[case.reference]))
    return None


@kept_at("D_MMT_WAIT", "D_STEP")
def where_it_is_decided(case: Case) -> str:
    return reverse("hubs:decide", args=[case.reference])


@heard
def on_an_agenda(case: Case) -> datetime | None:
    waiting = case.agenda_items.filter(status__in=LIVE_ITEM).order_by("meeting__starts_at")
    return waiting.values_list("meeting__starts_at", flat=True).first()


def _asks(case: Case) -> bool:
    return case.status in ASKS and not case.closure_approved


# --- what needs a person today -----------------------------------------------------------------------------------------


@todo
def meetings_to_come(user: Any, now: datetime) -> Iterable[Todo]:
    """The meeting in session, or the next one within a fortnight."""
    if not has_a_seat(user):
        return []
    return [
        Todo(MEETING, f"{_meeting_words(each)}: {each.hub}", each.get_absolute_url(), each.starts_at)
        for each in _to_come(user, until=now + AHEAD)
    ]


@Composed
def _to_come(user: Any, until: Any) -> Any:
    coming = HubMeeting.objects.for_user(user).exclude(status=MeetingStatus.CLOSED).filter(starts_at__lt=until)
    return coming.select_related("hub").soonest_first()[:3]


def _meeting_words(meeting: HubMeeting) -> str:
    words = {
        MeetingStatus.DRAFT: "Prepare the agenda",
        MeetingStatus.PUBLISHED: "Read the papers for the meeting",
        MeetingStatus.IN_MEETING: "The meeting is in session",
    }
    return words[MeetingStatus(meeting.status)]


@todo
def families_with_nobody(user: Any, now: datetime) -> Iterable[Todo]:
    """What no meeting waits for: an urgent family, from the moment in which EH Access accepted it; one that was declined, or
    offered and not answered in time; and the families of whoever has a last day, which stay theirs until somebody accepts,
    and are forgotten by nobody.
    """
    if not (user.scope.holds(Role.HUB_CHAIR) or user.scope.ids("managed_workers")):
        return []
    found = _with_nobody(user, now=now)
    stays = [case for case in found if case.lapsed_at or case.lead is None or case.lead.left_on is None]
    return [
        *map(_to_decide_on, stays[:MOST]),
        *map(_needs_takers, _by_lead(each for each in found if each not in stays)),
    ]


@Composed
def _with_nobody(user: Any, now: Any) -> Any:
    offered = Allocation.objects.filter(case=OuterRef("pk"), status=AllocationStatus.OFFERED)
    asks = Q(status=Status.AWAITING_DECISION, urgent=True)
    outgrown = Q(
        status__in=LED, tier=Tier.ENHANCED, lead__intensive=False
    )  # the worker who was to take over declined (T3)
    leaves = Q(status__in=LED, lead__left_on__isnull=False)
    asks |= (Q(status=Status.OPENED) | leaves | outgrown) & ~Q(Exists(offered))
    asks |= Q(status__in=OPEN) & Q(Exists(unanswered(now).filter(owner=OuterRef("pk"))))
    owed = CaseDeadline.objects.open().filter(owner=OuterRef("pk"), code="D_URGENT_HUB")
    rows = Case.objects.for_user(user, "hand_on").filter(asks).annotate(due=Subquery(owed.values("due_at")[:1]))
    return with_lapse(rows, now).select_related("family", "lead").order_by("due", "accepted_at", "pk")[:COUNTED]


def _to_decide_on(case: Any) -> Todo:
    if case.lapsed_at:
        text = f"{case.offered_to} has not answered: offer the {_named(case)} to somebody else, or ring them"
        return Todo(URGENT, text, _page("offer_again", case), case.lapsed_at)
    if case.status == Status.OPENED:
        text, page = f"Declined: offer the {_named(case)} to somebody else", "offer_again"
    elif case.lead is not None:
        text, page = f"Tier 3 needs an intensive worker: offer the {_named(case)} to one", "offer_again"
    else:
        text, page = f"Urgent: decide on the {_named(case)} by chair’s action", "chairs_action"
    return Todo(URGENT, text, _page(page, case), case.due)


def _by_lead(cases: Iterable[Case]) -> list[list[Case]]:
    return [list(theirs) for _, theirs in groupby(sorted(cases, key=_lead_of), key=_lead_of)]


def _lead_of(case: Case) -> int:
    return case.lead_id or 0


def _needs_takers(theirs: list[Any]) -> Todo:
    """One line for each who leaves: all their families are handed on from one page."""
    lead, number = theirs[0].lead, len(theirs)
    families = "1 family needs" if number == 1 else f"{number} families need"
    text = f"{lead} leaves: {families} another lead professional"
    return Todo(WAITING, text, reverse("hubs:leaver", args=[lead.pk]), closing(lead.left_on))


@todo
def kept_waiting(user: Any, now: datetime) -> Iterable[Todo]:
    """Families whom no meeting hears in time: the chair decides between meetings, or whoever runs the hub calls another."""
    if not user.scope.holds(*RUNS):
        return []
    rows = AgendaItem.objects.for_user(user, "prepare").with_rights(user, "decide").kept_waiting(now)
    items = list(rows.exclude(urgent=True, kind=ItemKind.NEW).select_related("case__family", "hub"))
    families = [
        Todo(WAITING, _heard_late(item), _page("chairs_action", item.case), item.due_at)
        for item in items[:NAMED]
        if item.may_decide
    ]
    return [*families, *(_call(hub, list(of_hub)) for hub, of_hub in _by_hub(items))]


def _by_hub(items: list[Any]) -> Iterable[tuple[Hub, Iterable[Any]]]:
    return groupby(sorted(items, key=lambda item: (item.hub_id, item.due_at)), key=lambda item: item.hub)


def _call(hub: Hub, items: list[Any]) -> Todo:
    """One line for the hub, however many they are: an extra meeting hears them all."""
    who = "1 family waits past its day" if len(items) == 1 else f"{len(items)} families wait past their day"
    return Todo(WAITING, f"{hub}: {who}: call an extra meeting", _page("extra_meeting", hub), items[0].due_at)


def _heard_late(item: Any) -> str:
    meets = f"the meeting is on {dates.day(item.heard_at)}" if item.heard_at else "no meeting is in the diary"
    return f"{_named(item.case)} waits past {dates.day(item.due_at)}; {meets}: decide by chair’s action"


@todo
def families_that_nobody_hears(user: Any, now: datetime) -> Iterable[Todo]:
    """Everybody who runs the hub knows them otherwise: a service manager says who hears them, by their number alone."""
    if not user.scope.holds(Role.SERVICE_MANAGER):
        return []
    rows = AgendaItem.objects.for_user(user, "name").live().filter(nobody_hears_since__isnull=False, heard_by=None)
    return [
        Todo(
            URGENT,
            f"Nobody who runs the hub may hear of a family: say who does, {row.case.reference}",
            reverse("hubs:hear_instead", args=[row.pk]),
            row.nobody_hears_since,
        )
        for row in rows.select_related("case").order_by("nobody_hears_since", "pk")[:MOST]
    ]


@todo
def actions_of_the_hub(user: Any, now: datetime) -> Iterable[Todo]:
    """One's own; and those of an agency that has named nobody yet, for whoever coordinates the hub."""
    return [
        Todo(ACTION, _action_words(row, user), row.get_absolute_url(), closing(row.due_on))
        for row in _actions_due(user, by=timezone.localdate(now) + ACTIONS_AHEAD)
    ]


@PlannedOnce
def _actions_due(user: Any, by: Any) -> Any:
    mine = Q(owner=user)
    if areas := user.scope.areas(Role.HUB_COORDINATOR):
        mine |= Q(owner=None, hub__in=Hub.objects.filter(area__in=areas).values("pk"))
    rows = HubAction.objects.for_user(user).open().filter(mine, due_on__lte=by)
    return rows.select_related("agency").order_by("due_on", "pk")[:MOST]


def _action_words(row: HubAction, user: Any) -> str:
    return (
        f"{row.reference}: {row.what}" if row.owner_id == user.pk else f"{row.reference}: ask {row.agency} who does it"
    )


def _named(case: Case) -> str:
    return f"{case.family} ({case.reference})"


def _page(name: str, of: Case | Hub) -> str:
    return reverse(f"hubs:{name}", args=[of.reference if isinstance(of, Case) else of.pk])


@todo
def requests_of_chairs(user: Any, now: datetime) -> Iterable[Todo]:
    """Somebody between two meetings waits for a word of one's agency."""
    waiting = user.waiting.ids("requests_to_answer")
    if not waiting:
        return []
    return [
        Todo(
            URGENT, f"Does your agency agree to a chair’s action? {row.reference}", row.get_absolute_url(), row.asked_at
        )
        for row in _requests_of_chairs(user, waiting=waiting)
    ]


@Composed
def _requests_of_chairs(user: Any, waiting: list[int]) -> Any:
    rows = ChairsRequest.objects.for_user(user, "answer").filter(pk__in=waiting).select_related("item__case")
    return rows.order_by("asked_at", "pk")[:3]


# --- services that it named ---------------------------------------------------------------------------------------------


@services_named
def named_by_the_hub(case: Case, user: Any) -> Iterable[Offered]:
    """Those to be offered, and those that were not wanted. One to which somebody was referred since stands with the referrals."""
    may_offer = case.is_led and bool(rights(user, case, {"lead"}))
    rows = ServiceOffer.objects.unanswered().filter(case=case).select_related("service__organisation", "named_by")
    for row in rows.order_by("-named_at", "pk"):
        waits = row.status == OfferStatus.OPEN
        if waits and not case.is_live:
            continue  # the case ended before anybody was asked
        yield Offered(
            row.service,
            f"Named by {row.named_by}, {dates.day(row.named_at)}",
            row.get_status_display(),
            row.colour,
            words=row.words,
            answers=_otherwise(row) if waits and may_offer else [],
        )


def _otherwise(row: ServiceOffer) -> list[tuple[str, str]]:
    labels = {"decline_service": "They do not want it", "leave_service": "It is not offered"}
    return [(label, reverse("hubs:service_offer_move", args=[row.pk, name])) for name, label in labels.items()]


@todo
def services_to_offer(user: Any, now: datetime) -> Iterable[Todo]:
    """What the hub named for a family that one leads, until somebody of them was asked: one line for each family."""
    waiting = user.waiting.ids("services_to_offer")
    if not waiting:
        return []
    rows = _to_offer(user, waiting=waiting)
    return [
        Todo(ACTION, _offer_words(list(of_case)), of_case_url) for of_case_url, of_case in groupby(rows, key=_page_of)
    ]


@Composed
def _to_offer(user: Any, waiting: list[int]) -> Any:
    rows = ServiceOffer.objects.for_user(user, "lead").filter(pk__in=waiting)
    return rows.select_related("case__family").order_by("case", "pk")


def _page_of(row: ServiceOffer) -> str:
    return row.get_absolute_url()


def _offer_words(rows: list[ServiceOffer]) -> str:
    services = "a service" if len(rows) == 1 else f"{len(rows)} services"
    return f"Offer {services} that the hub named to the {_named(rows[0].case)}"


# --- what stops a family ------------------------------------------------------------------------------------------------

fact("open_blockages")(open_on_case)


@section(58, "blockages", "Blockages", "hubs/blockages/case.html")
def stops_the_case(case: Case, user: Any) -> dict[str, Any]:
    may_raise = case.is_led and bool(rights(user, case, {"team"}))
    return {"blockages": blockages.of_case(case), "may_raise": may_raise}


@note
def is_blocked(case: Any, user: Any) -> Iterable[Note]:
    """What stops a family is on the overview until it is unpicked."""
    for facts in case.open_blockages:
        url = reverse("hubs:blockage", args=[facts["pk"]])
        yield Note("Something stops this family’s plan.", STOPS[facts["status"]], url, "See the blockage")


STOPS = {
    BlockageStatus.RAISED: "Nobody has been named yet to unpick it.",
    BlockageStatus.OWNED: "Somebody is on it, by a day.",
    BlockageStatus.ESCALATED: "It was taken further, and nobody there has been named yet.",
}


@todo
def blockages_to_unpick(user: Any, now: datetime) -> Iterable[Todo]:
    """One's own; and those for which one owes a name: of a family one leads, of the hub one runs, of one's service."""
    mine = [*user.scope.ids("blockages_owned"), *user.waiting.ids("blockages_unowned")]
    return [_to_unpick(each) for each in _blockages_of(user, mine=mine)] if mine else []


@Composed
def _blockages_of(user: Any, mine: list[int]) -> Any:
    rows = Blockage.objects.for_user(user, "hear").open().filter(pk__in=mine).with_due().select_related("case")
    return rows.order_by("due_at", "pk")[:MOST]


def _to_unpick(row: Any) -> Todo:
    text = "Unpick the blockage" if row.owner_id else "Say who unpicks the blockage"
    return Todo(BLOCKED, f"{text}: {row.case.reference}", row.get_absolute_url(), row.due_at)


# --- a step that waits for somebody -------------------------------------------------------------------------------------


@kept_at("D_STEP_CHECK")
def where_it_is_checked(case: Case) -> str:
    waiting = case.step_requests.filter(status=StepStatus.WITH_ACCESS).first()
    return waiting.get_absolute_url() if waiting else case.get_absolute_url()


@todo
def steps_to_check(user: Any, now: datetime) -> Iterable[Todo]:
    """EH Access looks at each request for more before the hub hears it (domain.md R7)."""
    if not user.scope.holds(Role.EH_ACCESS):
        return []
    rows = StepRequest.objects.for_user(user, "check").filter(status=StepStatus.WITH_ACCESS).select_related("case")
    return [_to_check(row) for row in rows.order_by("requested_at", "pk")[:MOST]]


def _to_check(row: StepRequest) -> Todo:
    return Todo(WAITING, f"Check a request for a step up: {row.case.reference}", row.get_absolute_url())


@todo
def families_to_receive(user: Any, now: datetime) -> Iterable[Todo]:
    """Whoever is named to lead next says whether they are ready; they read the number of the case, and no name."""
    if not user.scope.ids("steps_to_receive"):
        return []
    rows = StepRequest.objects.for_user(user, "receive").filter(receiving_says="", to_tier__gte=Tier.TARGETED)
    return [
        Todo(WAITING, f"Say whether you are ready to lead: {row.case.reference}", row.get_absolute_url())
        for row in rows.select_related("case").order_by("requested_at", "pk")[:MOST]
    ]


# --- local forums -------------------------------------------------------------------------------------------------------


@todo
def of_my_collaboratives(user: Any, now: datetime) -> Iterable[Todo]:
    """What one undertook there; and for whoever runs the hub, what waits for its answer."""
    lines: list[Todo] = []
    if user.scope.ids("forum_seats"):
        lines += [_local(row) for row in _undertaken(user, by=timezone.localdate(now) + ACTIONS_AHEAD)]
    if user.waiting.any("reports_to_answer"):
        lines += [
            Todo(ACTION, f"Answer what a collaborative reports: {row}", row.get_absolute_url()) for row in _told(user)
        ]
    return lines


@Composed
def _undertaken(user: Any, by: Any) -> Any:
    rows = LocalAction.objects.for_user(user).open().filter(owner__user=user, due_on__lte=by)
    return rows.select_related("collaborative").order_by("due_on", "pk")[:MOST]


def _local(row: Any) -> Todo:
    return Todo(ACTION, f"{row.collaborative}: {row.what}", row.get_absolute_url(), closing(row.due_on))


@Composed
def _told(user: Any) -> Any:
    rows = TrendReport.objects.for_user(user, "answer").unanswered().select_related("area")
    return rows.order_by("raised_at", "pk")[:3]
