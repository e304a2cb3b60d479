"""Who may do what to a case, said once (domain.md 5). Read top to bottom: who sees, who leads, who decides."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from earlyhelp.cases.enums import EPISODE_OVER, LIVE, Status
from earlyhelp.core.access import NOBODY, Rule
from earlyhelp.partnership.enums import Role

# Parts of a person's scope that hold identities of cases they may see; apps above lodge theirs with ``also_seen_through``.
SEEN_THROUGH = ["case_team", "case_granted", "case_offered", "case_follow_up"]
# Of those the ones by which somebody works with the family: who leads and helps, whom it is offered, who asks how it went after
# it ended, and whoever opened it in an emergency, who has said why.
WORKED_THROUGH = ("case_team", "case_granted", "case_offered", "case_follow_up")
# Rules of rooms above: who works with the family while it is before them.
WORK_GROUNDS: list[Rule] = []
# Parts that hold cases which a person decides on in the place of a chair, who may not.
CHAIRED_THROUGH: list[str] = []
# Parts that hold cases closed to a person who would otherwise see them by sitting at the hub: they know the family otherwise.
CLOSED_THROUGH: list[str] = []
ANSWERS_FOR_CASES = (Role.EH_ACCESS, Role.HUB_CHAIR, Role.HUB_COORDINATOR, Role.TEAM_MANAGER, Role.SERVICE_MANAGER)
# Until a lead professional has accepted, EH Access holds the family (domain.md 1, rule 2): it waits, or is being offered.
HELD_BY_ACCESS = (Status.AWAITING_DECISION, Status.OPENED)
# What EH Access needs to triage: what it holds, what is asked of them, and what was before; not the life of an open case.
ACCESS_SEES = (*HELD_BY_ACCESS, Status.STEP_REQUESTED, Status.NOT_OPENED, *EPISODE_OVER)


def also_seen_through(part: str) -> None:
    SEEN_THROUGH.append(part)


def work_ground(rule: Rule) -> Rule:
    """Lodge ``(cases, user) -> Q``: with whom somebody works now, beside those who help and those who keep the record."""
    WORK_GROUNDS.append(rule)
    return rule


def also_chaired_through(part: str) -> None:
    """Lodge a part of the scope that holds cases on which a person decides as the hub's chair would, and so sees them."""
    CHAIRED_THROUGH.append(part)
    SEEN_THROUGH.append(part)


def closed_through(part: str) -> None:
    """Lodge a part of the scope that holds cases in which a person declared an interest: a hub post opens none of them."""
    CLOSED_THROUGH.append(part)


def _in_area(user: Any, *roles: str) -> Q:
    """Cases of the areas in which the person holds one of the roles; never a restricted record."""
    areas = user.scope.areas(*roles)
    return Q(area__in=areas, restricted=False) if areas else NOBODY


def _by_hub_post(user: Any, *roles: str) -> Q:
    closed = user.scope.ids(*CLOSED_THROUGH)
    return _in_area(user, *roles) & ~Q(pk__in=closed) if closed else _in_area(user, *roles)


def _chaired(user: Any) -> Q:
    """Restricted records for which this one chair was named, for as long as they chair there and declare no interest."""
    named, closed = user.scope.ids("case_chaired"), user.scope.ids(*CLOSED_THROUGH)
    areas = user.scope.areas(Role.HUB_CHAIR)
    if not (named and areas):
        return NOBODY
    chaired = Q(pk__in=named, area__in=areas, restricted=True)
    return chaired & ~Q(pk__in=closed) if closed else chaired


def _entrusted(user: Any) -> Q:
    """A restricted record that nobody leads yet is held by the one worker of EH Access who accepted it."""
    mine, areas = user.scope.ids("case_entrusted"), user.scope.areas(Role.EH_ACCESS)
    return Q(pk__in=mine, area__in=areas, status__in=HELD_BY_ACCESS) if mine and areas else NOBODY


def _team_managed(user: Any) -> Q:
    workers = user.scope.ids("managed_workers")
    return Q(lead__in=workers, restricted=False) if workers else NOBODY


def view(cases: Any, user: Any) -> Q:
    seen = user.scope.ids(*SEEN_THROUGH)
    member = Q(pk__in=seen) if seen else NOBODY
    triaging = (
        _in_area(user, Role.EH_ACCESS) & Q(status__in=ACCESS_SEES) if user.scope.holds(Role.EH_ACCESS) else NOBODY
    )
    hub = _by_hub_post(user, Role.HUB_CHAIR, Role.HUB_COORDINATOR) | _chaired(user)
    return member | triaging | _entrusted(user) | hub | _team_managed(user) | _with_the_family(user)


def _with_the_family(user: Any) -> Q:
    """Whoever was named for a restricted family sees its cases with it (domain.md 5 d)."""
    named = user.scope.ids("family_named")
    return Q(family__in=named) if named else NOBODY


def reads_a_caseload(user: Any) -> bool:
    """Whether cases can be in sight of this person at all: of those whom they help, or of a place that they answer for."""
    return (
        user.takes_cases or user.scope.holds(*ANSWERS_FOR_CASES) or bool(user.scope.ids(*SEEN_THROUGH, "family_named"))
    )


def in_list(cases: Any, user: Any) -> Q:
    """Counted and listed without a name: a service manager sees how many and where, and opens only what ``view`` allows."""
    return view(cases, user) | _in_area(user, Role.SERVICE_MANAGER)


def lead(cases: Any, user: Any) -> Q:
    led = user.scope.ids("case_led")
    return Q(pk__in=led) if led else NOBODY


def on_team(cases: Any, user: Any) -> Q:
    mine = user.scope.ids("case_team")
    return Q(pk__in=mine) if mine else NOBODY


def keep_watch(cases: Any, user: Any) -> Q:
    """Who writes down what may go wrong and what is done about it: everybody who helps, and whoever manages the lead."""
    return on_team(cases, user) | _team_managed(user)


def offered(cases: Any, user: Any) -> Q:
    """The worker to whom the family is being offered."""
    mine = user.scope.ids("case_offered")
    return Q(pk__in=mine) if mine else NOBODY


def decline_offer(cases: Any, user: Any) -> Q:
    """The worker, or whoever manages their team: it opens nothing of the family to the manager (domain.md 6.5)."""
    to_my_team = user.scope.ids("case_offered_to_team")
    return offered(cases, user) | (Q(pk__in=to_my_team) if to_my_team else NOBODY)


def chair(cases: Any, user: Any) -> Q:
    """A chair of the hub; of a restricted record only the one who was named for it (domain.md 5 d)."""
    return _by_hub_post(user, Role.HUB_CHAIR) | _chaired(user) | _in_the_chair(user)


def _in_the_chair(user: Any) -> Q:
    stands_in = user.scope.ids(*CHAIRED_THROUGH)
    return Q(pk__in=stands_in, restricted=False) if stands_in else NOBODY


def hand_on(cases: Any, user: Any) -> Q:
    """Who asks somebody else to lead: a chair, or whoever manages the lead professional, of whom one is never oneself."""
    return chair(cases, user) | _team_managed(user) & ~Q(lead=user)


def name_chair(cases: Any, user: Any) -> Q:
    """Who keeps restricted records safe names who decides on one, by its reference alone: it opens nothing of it to them."""
    areas = user.scope.areas(Role.IG_LEAD)
    return Q(area__in=areas, restricted=True, status__in=LIVE) if areas else NOBODY


def time_box(cases: Any, user: Any) -> Q:
    """The hub sets how long a programme lasts, or the lead professional writes down what it set."""
    return lead(cases, user) | chair(cases, user)


def chair_not_lead(cases: Any, user: Any) -> Q:
    """A chair decides, but never their own request (domain.md 5)."""
    return chair(cases, user) & ~lead(cases, user) if user.scope.ids("case_led") else chair(cases, user)


def manager_or_chair(cases: Any, user: Any) -> Q:
    led = user.scope.ids("case_led")  # of those for whom one covers too
    own = Q(lead=user) | (Q(pk__in=led) if led else NOBODY)
    return (chair(cases, user) | _team_managed(user)) & ~own


def follow_up(cases: Any, user: Any) -> Q:
    """Whoever led it, while the follow-up is theirs; or their manager."""
    mine = user.scope.ids("case_follow_up")
    return (Q(pk__in=mine) if mine else NOBODY) | _team_managed(user)


def access_team(cases: Any, user: Any) -> Q:
    return _in_area(user, Role.EH_ACCESS)


def edit_family(cases: Any, user: Any) -> Q:
    """Who keeps the record of the family itself: the team while it works, and EH Access for as long as it holds the family.

    Not whoever is being offered it, who has not said yes, and not the hub, which reads.
    """
    working = on_team(cases, user) & Q(status__in=LIVE)
    return working | access_team(cases, user) & Q(status__in=HELD_BY_ACCESS) | _entrusted(user)


def work(cases: Any, user: Any) -> Q:
    """Those who work with the family, or were named for it; a post that opens it to others is not work with it (promise P5)."""
    mine = user.scope.ids(*WORKED_THROUGH)
    grounds = [rule(cases, user) for rule in WORK_GROUNDS]
    own = Q(pk__in=mine) if mine else NOBODY
    return reduce(or_, grounds, own | edit_family(cases, user) | _with_the_family(user))


def weigh_emergency(emergencies: Any, user: Any) -> Q:
    """The governance lead of the place, and the manager of whoever leads the case, but of no restricted one; nobody their own."""
    areas, managed = user.scope.areas(Role.IG_LEAD), user.scope.ids("managed_workers")
    keeps = Q(case__area__in=areas) if areas else NOBODY
    manages = Q(case__lead__in=managed, case__restricted=False) if managed else NOBODY
    return (keeps | manages) & ~Q(user=user)


EMERGENCY_RULES: dict[str, Rule] = {"view": weigh_emergency}
RULES: dict[str, Rule] = {
    "view": view,
    "list": in_list,
    "lead": lead,
    "team": on_team,
    "keep_watch": keep_watch,
    "decide": chair_not_lead,
    "allocate": chair,
    "hand_on": hand_on,
    "answer_offer": offered,
    "decline_offer": decline_offer,
    "ratify": manager_or_chair,
    "follow_up": follow_up,
    "wait": access_team,
    "name_chair": name_chair,
    "time_box": time_box,
    "edit_family": edit_family,
    "work": work,
}
