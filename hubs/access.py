"""Who sits where, said once (domain.md 5): the chair decides, the coordinator prepares, members read their own hub's papers.

A member sees an agenda from its publication until ten working days after the meeting; nobody sees an item about a
family in which they have declared an interest.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from earlyhelp.core.access import NOBODY, Rule, Through
from earlyhelp.core.standin import Today
from earlyhelp.partnership.enums import Role
from hubs.enums import OPEN_BLOCKAGE, SHOWN_TO_MEMBERS, Level

RUNS = (Role.HUB_CHAIR, Role.HUB_COORDINATOR)
# Who keeps the hub itself, its day, its members and its terms: nothing of a family stands there.
KEEPS = (*RUNS, Role.SERVICE_MANAGER, Role.SYSTEM_ADMIN)


def has_a_seat(user: Any) -> bool:
    return user.scope.holds(*RUNS) or bool(user.scope.ids("hub_seats", "hub_stood_in"))


def only_keeps(user: Any) -> bool:
    """Whether somebody keeps hubs and goes to none of their meetings."""
    return user.scope.holds(*KEEPS) and not has_a_seat(user)


def _hubs(rows: Any, user: Any, *roles: str) -> Q:
    """Rows of the hubs in whose area the person holds one of the roles."""
    areas = user.scope.areas(*roles)
    return Q(hub__area__in=areas) if areas else NOBODY


def run(rows: Any, user: Any) -> Q:
    return _hubs(rows, user, *RUNS)


def chair(rows: Any, user: Any) -> Q:
    return _hubs(rows, user, Role.HUB_CHAIR)


def _published_to(user: Any, path: str = "") -> Q:
    """Over meetings, or over what leads to one: those whose papers this person may read as a member, or in another's place."""
    seats, stood_in = user.scope.ids("hub_seats"), user.scope.ids("hub_stood_in")
    sits = Q(**{f"{path}hub__in": seats}) if seats else NOBODY
    stands_in = Q(**{f"{path}pk__in": stood_in}) if stood_in else NOBODY
    shown = {"status__in": SHOWN_TO_MEMBERS, "members_until__gte": Today()}
    return (sits | stands_in) & Q(**{f"{path}{lookup}": value for lookup, value in shown.items()})


def meeting_view(meetings: Any, user: Any) -> Q:
    return run(meetings, user) | _published_to(user)


def _in_sight(items: Any, user: Any) -> Q:
    """Of a case that the person may see at all, and in which they have declared no interest."""
    conflicted = user.scope.ids("case_conflict")
    seen = Through("case")["view"](items, user)
    return seen & ~Q(case__in=conflicted) if conflicted else seen


def item_view(items: Any, user: Any) -> Q:
    """Members read of no family whose page is kept back from them."""
    read = _published_to(user, "meeting__") & Q(kept_back="")
    return (run(items, user) | _stands_in(user) | read) & _in_sight(items, user)


def item_prepare(items: Any, user: Any) -> Q:
    return (run(items, user) | _stands_in(user)) & _in_sight(items, user)


def _stands_in(user: Any) -> Q:
    """Items that this person hears because nobody who runs the hub may: theirs to prepare too."""
    stands_in = user.scope.ids("case_in_the_chair")
    return Q(heard_by=user.pk, nobody_hears_since__isnull=False) if stands_in else NOBODY


def item_name(items: Any, user: Any) -> Q:
    """Who says who hears a family instead: whoever runs the hub; where none of them may hear of it, a service manager of the
    place, by its reference alone, if they know the family no better.
    """
    areas = user.scope.areas(Role.SERVICE_MANAGER)
    if not areas:
        return item_prepare(items, user)
    asked = Q(hub__area__in=areas, nobody_hears_since__isnull=False, case__restricted=False)
    return item_prepare(items, user) | asked & ~Q(case__in=user.scope.ids("case_conflict"))


def item_decide(items: Any, user: Any) -> Q:
    """Whoever decides on the case, of this hub: never their own request, and a restricted record only by its named chair.

    And whoever was named to hear one family, where no chair who is here may hear of it.
    """
    return (chair(items, user) | Q(heard_by=user.pk)) & Through("case")["decide"](items, user)


def _of_the_hub(conflicts: Any, user: Any) -> Q:
    """Interests in families of the hubs that one runs, and of which one may hear oneself."""
    areas = user.scope.areas(*RUNS)
    return Q(case__area__in=areas) & _in_sight(conflicts, user) if areas else NOBODY


def conflict_view(conflicts: Any, user: Any) -> Q:
    return Q(user=user) | Q(declared_by=user) | _of_the_hub(conflicts, user)


def take_back(conflicts: Any, user: Any) -> Q:
    """Whoever runs the hub and hears of the family; never whoever it is hidden from."""
    return _of_the_hub(conflicts, user) & ~Q(user=user)


def request_answer(requests: Any, user: Any) -> Q:
    """Whoever was asked: of no restricted record, and never about a family in which they have an interest since."""
    conflicted = user.scope.ids("case_conflict")
    return Q(asked=user.pk, item__case__restricted=False) & ~Q(item__case__in=conflicted)


def request_view(requests: Any, user: Any) -> Q:
    return request_answer(requests, user) | Through("item")["decide"](requests, user)


def chase_action(actions: Any, user: Any) -> Q:
    """Those of the hubs one runs; but not what was undertaken about a family of which one may not hear."""
    return run(actions, user) & (Q(decision=None) | Through("decision")["view"](actions, user))


def own_action(actions: Any, user: Any) -> Q:
    """One's own, and those that one may chase."""
    return chase_action(actions, user) | Q(owner=user)


def step_decide(steps: Any, user: Any) -> Q:
    return Through("case")["decide"](steps, user)


def step_check(steps: Any, user: Any) -> Q:
    """EH Access sees that it is whole, and adds what agencies know (domain.md R7): of no restricted record."""
    return Through("case")["wait"](steps, user)


def step_receive(steps: Any, user: Any) -> Q:
    """Whoever was named to lead from then on says whether they are ready; nothing of the family is opened by it."""
    mine = user.scope.ids("steps_to_receive")
    return Q(pk__in=mine, case__restricted=False) if mine else NOBODY


def step_hear(steps: Any, user: Any) -> Q:
    return Through("case")["view"](steps, user) | step_receive(steps, user)


def runs_hub(hubs: Any, user: Any) -> Q:
    areas = user.scope.areas(*RUNS)
    return Q(area__in=areas) if areas else NOBODY


def keep(hubs: Any, user: Any) -> Q:
    areas = user.scope.areas(*KEEPS)
    return Q(area__in=areas) if areas else NOBODY


def hub_view(hubs: Any, user: Any) -> Q:
    seats = user.scope.ids("hub_seats")
    return keep(hubs, user) | (Q(pk__in=seats) if seats else NOBODY)


# --- blockages: whoever works with the family raises one; the hub carries it on; service managers read what is asked of them


def reads_blockages(user: Any) -> bool:
    """In the menu of whoever answers for what stops other people's families, or has one of their own to unpick."""
    return user.scope.holds(*RUNS, Role.TEAM_MANAGER, Role.SERVICE_MANAGER) or bool(user.scope.ids("blockages_owned"))


def blockage_owner(rows: Any, user: Any) -> Q:
    """Whoever was named to unpick it reads it for as long as it is theirs: of no restricted record, where names are kept."""
    mine = user.scope.ids("blockages_owned")
    return Q(pk__in=mine, case__restricted=False) if mine else NOBODY


def blockage_view(rows: Any, user: Any) -> Q:
    return Through("case")["view"](rows, user) | blockage_owner(rows, user)


def blockage_asked(rows: Any, user: Any) -> Q:
    """What was taken to the service managers of the place: they read what they are asked, and nothing of the family."""
    areas = user.scope.areas(Role.SERVICE_MANAGER)
    asked = Q(case__area__in=areas, case__restricted=False, level=Level.MANAGERS) if areas else NOBODY
    return asked & Q(status__in=OPEN_BLOCKAGE)


def blockage_hear(rows: Any, user: Any) -> Q:
    return blockage_view(rows, user) | blockage_asked(rows, user)


def blockage_list(rows: Any, user: Any) -> Q:
    """Counted and listed without a name by whoever may list the case; read by those who may read it."""
    return Through("case")["list"](rows, user) | blockage_owner(rows, user)


def blockage_carry(rows: Any, user: Any) -> Q:
    """The family's team, its owner, whoever runs the hub or manages the lead; service managers what they are asked."""
    works = Through("case")["team"](rows, user) | Through("case")["ratify"](rows, user)
    areas = user.scope.areas(*RUNS)
    hub = Q(case__area__in=areas) & Through("case")["view"](rows, user) if areas else NOBODY
    return works | hub | blockage_owner(rows, user) | blockage_asked(rows, user)


# --- local forums, and what is missing: of a place, and of nobody --------------------------------------------------------

MANAGES = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER)
COUNTS_GAPS = (*RUNS, Role.HUB_MEMBER, *MANAGES)


def reads_forums(user: Any) -> bool:
    """The members of local forums, and those to whom they speak."""
    return user.scope.holds(*COUNTS_GAPS) or bool(user.scope.ids("forum_seats", "hub_seats"))


def _seated(user: Any, path: str = "pk", part: str = "forum_seats") -> Q:
    seats = user.scope.ids(part)
    return Q(**{f"{path}__in": seats}) if seats else NOBODY


def _around(user: Any, *roles: str, path: str = "area") -> Q:
    areas = user.scope.areas(*roles)
    return Q(**{f"{path}__in": areas}) if areas else NOBODY


def _hub_of(user: Any) -> Q:
    """Of the areas of the hubs at which this person sits, and of the places inside them."""
    seats = user.scope.ids("hub_seats")
    return Q(area__hub__in=seats) | Q(area__parent__hub__in=seats) if seats else NOBODY


def forum_view(forums: Any, user: Any) -> Q:
    """Its members; and the hub and the managers of its area, to whom it speaks."""
    return _seated(user) | _around(user, *COUNTS_GAPS) | _hub_of(user)


def forum_keep(forums: Any, user: Any) -> Q:
    """Its chair, and whoever runs the hub of its area."""
    return _seated(user, part="forums_chaired") | _around(user, *RUNS)


def forum_speak(forums: Any, user: Any) -> Q:
    """Every member may tell the hub what they see."""
    return _seated(user) | _around(user, *RUNS)


def report_view(reports: Any, user: Any) -> Q:
    seen = _seated(user, "collaborative") | _around(user, *COUNTS_GAPS, path="collaborative__area")
    return seen | _hub_of(user)


def report_answer(reports: Any, user: Any) -> Q:
    return _around(user, *RUNS, path="collaborative__area")


def gap_view(gaps: Any, user: Any) -> Q:
    """Whoever may read what it came from."""
    return (
        Through("decision")["view"](gaps, user)
        | Through("blockage")["view"](gaps, user)
        | Through("report")["view"](gaps, user)
    )


def gap_count(gaps: Any, user: Any) -> Q:
    """For the hub and the managers of the place; what came of a restricted record only for whoever reads it (promise P4)."""
    open_to_all = Q(decision__case__restricted=False) | Q(blockage__case__restricted=False) | Q(report__isnull=False)
    return gap_view(gaps, user) | (_around(user, *COUNTS_GAPS) | _hub_of(user)) & open_to_all


def for_a_gap(actions: Any, user: Any) -> Q:
    """What is undertaken about a gap is read by whoever reads the gap: it names nobody."""
    seats = user.scope.ids("hub_seats")
    here = _around(user, *COUNTS_GAPS, path="hub__area") | (Q(hub__in=seats) if seats else NOBODY)
    return here & ~Q(need="")


COLLABORATIVE_RULES: dict[str, Rule] = {"view": forum_view, "keep": forum_keep, "speak": forum_speak}
REPORT_RULES: dict[str, Rule] = {"view": report_view, "answer": report_answer}
GAP_RULES: dict[str, Rule] = {"view": gap_view, "count": gap_count}
BLOCKAGE_RULES: dict[str, Rule] = {
    "view": blockage_view,
    "hear": blockage_hear,
    "list": blockage_list,
    "carry": blockage_carry,
}
HUB_RULES: dict[str, Rule] = {"view": hub_view, "prepare": runs_hub, "keep": keep}
MEETING_RULES: dict[str, Rule] = {"view": meeting_view, "prepare": run, "chair": chair}
ITEM_RULES: dict[str, Rule] = {
    "view": item_view,
    "prepare": item_prepare,
    "decide": item_decide,
    "name": item_name,
}
CONFLICT_RULES: dict[str, Rule] = {"view": conflict_view, "doubt": conflict_view, "take_back": take_back}
REQUEST_RULES: dict[str, Rule] = {"view": request_view, "answer": request_answer}
ACTION_RULES: dict[str, Rule] = {
    "view": own_action,
    "complete": own_action,
    "chase": chase_action,
    "gap": for_a_gap,
}
OFFER_RULES: dict[str, Rule] = {"view": Through("case")["view"], "lead": Through("case")["lead"]}
STEP_RULES: dict[str, Rule] = {
    "view": Through("case")["view"],
    "hear": step_hear,
    "lead": Through("case")["lead"],
    "check": step_check,
    "receive": step_receive,
    "decide": step_decide,
}
