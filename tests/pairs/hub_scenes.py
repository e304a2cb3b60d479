"""What is raced of the hub besides its families: who unpicks what, who agrees, who may not hear, who undertook what."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from earlyhelp.disagreements.models import Disagreement
from hubs import transitions as hub
from hubs.models import Blockage, ChairsRequest, Conflict, HubAction, LocalAction, ServiceOffer, TrendReport
from hubs.services.actions import undertake
from hubs.services.blockages import raise_blockage
from hubs.services.collaboratives import found, plan, report
from hubs.services.interests import declare
from hubs.transitions import blockages
from tests.disagreements.factories import disagreed
from tests.factories import MONDAY, AreaFactory, CaseFactory, ServiceFactory
from tests.hubs.factories import MEETS_AT, HubFactory, ItemFactory, MeetingFactory
from tests.pairs.racing import Act, Scene

NOW = MEETS_AT + timedelta(minutes=20)
SOON = (MONDAY + timedelta(days=7)).date()
FORUMS = count(1)


def _place(people: dict[str, Any]) -> Any:
    """A place with a hub of its own."""
    area = AreaFactory(parent=people["melton"])
    HubFactory(area=area)
    return area


# --- what stops a family -----------------------------------------------------------------------------------------------


def _blockage(people: dict[str, Any], state: str, needs: set[str]) -> Blockage:
    case = CaseFactory.led_by(people["worker"], area=_place(people))
    said = {"what": "No place before Easter.", "since_on": MONDAY.date(), "tried": "Rang twice."}
    row = raise_blockage(case, by=people["worker"], now=MONDAY, **said)
    if state == "owned":
        blockages.own(row, by=people["worker"], now=MONDAY, owner=people["other_worker"], act_by=SOON)
    elif state == "escalated":
        blockages.escalate(row, by=people["worker"], now=MONDAY, reason="The head does not answer.")
    return Blockage.objects.get(pk=row.pk)


BLOCKAGES = Scene(
    Blockage,
    (
        Act("own", "worker", {"owner": "practitioner", "act_by": SOON}),
        Act("escalate", "worker", {"reason": "Nobody answers.", "asked": "A place at any school."}),
        Act("resolve", "worker", {"resolution": "A place at another school."}),
        Act("hear", "system"),
        Act("own", "coordinator", {"owner": "member", "act_by": SOON}),
        Act("resolve", "coordinator", {"resolution": "The school has a place."}),
    ),
    {state: state for state in ("raised", "owned", "escalated")},
    _blockage,
    MONDAY,
)

# --- a service that the hub named ---------------------------------------------------------------------------------------


def _named(people: dict[str, Any], state: str, needs: set[str]) -> ServiceOffer:
    case = CaseFactory.led_by(people["worker"], area=_place(people))
    return ServiceOffer.objects.create(case=case, service=ServiceFactory(), named_by=people["chair"], named_at=MONDAY)


NAMED = Scene(
    ServiceOffer,
    (
        Act("decline_service", "worker", {"words": "“No.”"}),
        Act("leave_service", "worker", {"words": "They have it."}),
    ),
    {"open": "open"},
    _named,
    MONDAY,
)

# --- another agency answers the chair ----------------------------------------------------------------------------------


def _request(people: dict[str, Any], state: str, needs: set[str]) -> ChairsRequest:
    area = _place(people)
    item = ItemFactory(meeting=MeetingFactory(hub=area.hub), case=CaseFactory(area=area, urgent=True))
    asked = {"asked": people["member"], "asked_by": people["chair"], "asked_at": MONDAY}
    return ChairsRequest.objects.create(item=item, proposal="Tier 2, at once.", **asked)


REQUESTS = Scene(
    ChairsRequest,
    (Act("agree", "member", {"answer": "Yes."}), Act("disagree", "member", {"answer": "It can wait."})),
    {"asked": "asked"},
    _request,
    MONDAY,
)

# --- who may not hear of a family --------------------------------------------------------------------------------------


def _conflict(people: dict[str, Any], state: str, needs: set[str]) -> Conflict:
    case = CaseFactory(area=_place(people))
    row = declare(case, user=people["member"], by=people["member"], now=MONDAY)
    if state == "doubted":
        hub.doubt(row, by=people["member"], now=MONDAY, reason="Another family of that name.")
    return Conflict.objects.get(pk=row.pk)


CONFLICTS = Scene(
    Conflict,
    (
        Act("doubt", "member", {"reason": "Another family of that name."}),
        Act("doubt", "coordinator", {"reason": "They mixed them up."}),
        Act("uphold", "coordinator", {"reason": "They do know them."}),
        Act("take_back", "coordinator", {"reason": "It is another family."}),
        Act("take_back", "chair", {"reason": "I asked them."}),
    ),
    {"standing": "standing", "doubted": "doubted"},
    _conflict,
    MONDAY,
)

# --- who undertook what ------------------------------------------------------------------------------------------------


def _action(people: dict[str, Any], state: str, needs: set[str]) -> HubAction:
    row = undertake(
        _place(people).hub, what="Ring the school", due_on=MONDAY.date(), owner=people["member"], now=MONDAY
    )
    return HubAction.objects.get(pk=row.pk)


ACTIONS = Scene(
    HubAction,
    (Act("complete", "member"), Act("complete", "coordinator"), Act("chase", "coordinator")),
    {"open": "open"},
    _action,
    NOW,
)


def _forum(people: dict[str, Any]) -> Any:
    who = {"by": people["coordinator"], "chair": people["practitioner"]}
    return found(area=_place(people), name=f"Forum {next(FORUMS)}", now=MONDAY, **who)


def _report(people: dict[str, Any], state: str, needs: set[str]) -> TrendReport:
    forum = _forum(people)
    said = {"kind": "trend", "need": "anxiety", "seen": "More children stay away.", "band": "some"}
    said |= {"since_on": MONDAY.date(), "evidence": "Three schools count it."}
    row = report(forum, by=people["practitioner"], now=MONDAY, area=forum.area, **said)
    return TrendReport.objects.get(pk=row.pk)


REPORTS = Scene(
    TrendReport,
    (
        Act("answer_report", "coordinator", {"answer": "We ask the schools."}),
        Act("answer_report", "chair", {"answer": "The hub hears it in May."}),
    ),
    {"reported": "reported"},
    _report,
    MONDAY,
)


def _local(people: dict[str, Any], state: str, needs: set[str]) -> LocalAction:
    forum = _forum(people)
    said = {"need": "anxiety", "what": "A quiet room", "owner": forum.members.get(), "due_on": SOON}
    return LocalAction.objects.get(pk=plan(forum, by=people["practitioner"], now=MONDAY, **said).pk)


LOCAL_ACTIONS = Scene(
    LocalAction,
    (
        Act("finish", "practitioner", {"came_of_it": "It opened."}),
        Act("finish", "coordinator", {"came_of_it": "It did not open."}),
    ),
    {"open": "open"},
    _local,
    MONDAY,
)

# --- what professionals do not agree on --------------------------------------------------------------------------------


def _disagreement(people: dict[str, Any], state: str, needs: set[str]) -> Disagreement:
    case = CaseFactory.led_by(people["worker"], area=_place(people))
    return Disagreement.objects.get(pk=disagreed(by=people["worker"], record=case).pk)


SPOKE = {"outcome": "Tier 3 it is.", "spoke_with": "Their manager"}
DISAGREEMENTS = Scene(
    Disagreement,
    (
        Act("resolve", "worker", SPOKE),
        Act("take_further", "worker", SPOKE),
        Act("set_meanwhile", "worker", {"meanwhile": "A visit every week."}),
    ),
    {"open": "open"},
    _disagreement,
    MONDAY,
    beside=lambda row: list(row.stages.order_by("stage").values_list("stage", "outcome")),
)

HUB_SCENES = {
    "blockages": BLOCKAGES,
    "services that it named": NAMED,
    "requests of chairs": REQUESTS,
    "interests at the hub": CONFLICTS,
    "actions of a hub": ACTIONS,
    "reports of a forum": REPORTS,
    "actions of a forum": LOCAL_ACTIONS,
    "disagreements": DISAGREEMENTS,
}
