"""A family is seen through the work done with it. Each app above lodges the grounds that it gives (design.md 2 c).

Small registries, because what is asked here is known only above: who sees a family and who keeps its record, the same of
a person that has none, which families are taken on, and what anybody who searches may be told of a person (domain.md 5 i).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q

from earlyhelp.core.access import NOBODY, Rule, Through
from earlyhelp.partnership.enums import Role

# What was found to be of one person with another record is shown as that one.
NOT_MERGED = Q(merged_into=None)
KnownTo = Callable[[Collection[int]], dict[int, str]]

GROUNDS: list[Rule] = []
EDIT_GROUNDS: list[Rule] = []
PERSON_GROUNDS: list[Rule] = []
PERSON_EDIT_GROUNDS: list[Rule] = []
LOG_GROUNDS: list[Rule] = []
TAKEN_ON: list[Rule] = []
WORK_GROUNDS: list[Rule] = []
# Posts that open a family to somebody who need not work with it: they are asked why they look.
LOOKS_IN = (
    Role.EH_ACCESS,
    Role.HUB_CHAIR,
    Role.HUB_COORDINATOR,
    Role.TEAM_MANAGER,
    Role.SERVICE_MANAGER,
    Role.IG_LEAD,
)
KNOWN_TO: list[KnownTo] = []


def ground(rule: Rule) -> Rule:
    """Lodge a ground: ``(families, user) -> Q`` over families, by identity and never by a join."""
    GROUNDS.append(rule)
    return rule


def edit_ground(rule: Rule) -> Rule:
    """Lodge a ground to keep the family's record: the work itself, and not a look at it. Whoever keeps it sees it."""
    EDIT_GROUNDS.append(rule)
    return ground(rule)


def person_ground(rule: Rule) -> Rule:
    """A ground to see people, whatever family they are in."""
    PERSON_GROUNDS.append(rule)
    return rule


def person_edit_ground(rule: Rule) -> Rule:
    """The same to keep what is known of them, for as long as they are in no family: then it is for those who keep that."""
    PERSON_EDIT_GROUNDS.append(rule)
    return person_ground(rule)


def log_ground(rule: Rule) -> Rule:
    """Lodge a ground to read who has seen the family: whoever answers for it to the family itself."""
    LOG_GROUNDS.append(rule)
    return rule


def work_ground(rule: Rule) -> Rule:
    """Lodge who works with the family besides those who keep its record. It opens nothing: see ``work``."""
    WORK_GROUNDS.append(rule)
    return rule


def taken_on(rule: Rule) -> Rule:
    """Lodge which families somebody works with: whoever wrote them down then needs a ground like everybody else."""
    TAKEN_ON.append(rule)
    return rule


def known_to(tell: KnownTo) -> KnownTo:
    """Lodge the one masked fact: ``(people) -> {person: whom to ask}``. Names and agencies of workers, and no more."""
    KNOWN_TO.append(tell)
    return tell


def whom_to_ask(people: Collection[int]) -> dict[int, str]:
    """For each of these people whom early help knows, whom to ask about them. The first app to answer is heard."""
    answers: dict[int, str] = {}
    for tell in KNOWN_TO:
        if unknown := [person for person in people if person not in answers]:
            answers |= tell(unknown)
    return answers


def view(families: Any, user: Any) -> Q:
    """Through work with the family; until anybody works with them, also whoever wrote them down; or by name."""
    return (_any_of(GROUNDS, families, user) | _wrote_down(families, user) | _named(user)) & NOT_MERGED


def restrict(families: Any, user: Any) -> Q:
    """Who keeps restricted records (domain.md 5): the governance lead of the place, by its reference. It opens nothing of it."""
    areas = user.scope.areas(Role.IG_LEAD)
    return Q(area__in=areas) & NOT_MERGED if areas else NOBODY


def edit(families: Any, user: Any) -> Q:
    """Those who work with the family now. Chairs, coordinators, managers and members of a hub read, and change nothing."""
    return (_any_of(EDIT_GROUNDS, families, user) | _wrote_down(families, user)) & NOT_MERGED


def work(families: Any, user: Any) -> Q:
    """Those who see it because they work with it, or were named for it. To anybody else a post alone opens it (promise P5)."""
    return (edit(families, user) | _any_of(WORK_GROUNDS, families, user) | _named(user)) & NOT_MERGED


def read_log(families: Any, user: Any) -> Q:
    """Who has seen a family is for whoever answers for it, and for the governance lead of the area, restricted or not: to
    them it opens nothing of the family but its reference.
    """
    areas = user.scope.areas(Role.IG_LEAD)
    return _any_of(LOG_GROUNDS, families, user) | (Q(area__in=areas) if areas else NOBODY)


def person_view(people: Any, user: Any) -> Q:
    """A person is seen with a family they are in now that one may see; whoever wrote them down alone sees them too."""
    return (_in_a_family(user, "view") | _any_of(PERSON_GROUNDS, people, user) | _wrote_down_alone(user)) & NOT_MERGED


def person_edit(people: Any, user: Any) -> Q:
    """With a family they are in now whose record one keeps; out of any family, by those who lodge a ground."""
    in_none = ~Exists(_memberships().current().filter(person=OuterRef("pk")))
    outside = _any_of(PERSON_EDIT_GROUNDS, people, user) & in_none
    return (_in_a_family(user, "edit") | outside | _wrote_down_alone(user)) & NOT_MERGED


def person_work(people: Any, user: Any) -> Q:
    """With a family they are in now with which one works; or as one sees them apart from any family, which is work too."""
    return _in_a_family(user, "work") | _any_of(PERSON_GROUNDS, people, user) | _wrote_down_alone(user)


def add_to_family(people: Any, user: Any) -> Q:
    """Adding a person to a family gives sight and keeping of them: only to whom one keeps already, and EH Access, who match."""
    return person_edit(people, user) | match(people, user)


def reveal(addresses: Any, user: Any) -> Q:
    """A secret address is shown to whoever was named for it, as long as they see the person (promise P2)."""
    named = apps.get_model("families", "Confidant").objects.filter(address=OuterRef("pk"), user=user, until_at=None)
    return Q(Exists(named), protected=True) & Through("person")["view"](addresses, user)


def confide(addresses: Any, user: Any) -> Q:
    """Who else is named is said by whoever may know it, and by the governance lead, who does not: somebody always can."""
    if not (areas := user.scope.areas(Role.IG_LEAD)):
        return reveal(addresses, user)
    here = _memberships().current().filter(person=OuterRef("person"), family__area__in=areas)
    return reveal(addresses, user) | Q(Exists(here), protected=True)


def match(people: Any, user: Any) -> Q:
    """To say that two records are of one person, or are not, is for EH Access, who match; of a restricted record for nobody."""
    return not_restricted("") & NOT_MERGED if user.scope.holds(Role.EH_ACCESS) else NOBODY


def match_pair(pairs: Any, user: Any) -> Q:
    if not user.scope.holds(Role.EH_ACCESS):
        return NOBODY
    alone = Q(person__merged_into=None, other__merged_into=None)
    return not_restricted("person") & not_restricted("other") & alone


def see_merge(merges: Any, user: Any) -> Q:
    """What was merged, and to undo it, is for the same; by then only the record that was kept says who may."""
    return not_restricted("kept") & not_restricted("merged") if user.scope.holds(Role.EH_ACCESS) else NOBODY


def match_families(families: Any, user: Any) -> Q:
    """The same of two records of one family: by those who match people, and of a restricted one by nobody."""
    return Q(restricted=False) & NOT_MERGED if user.scope.holds(Role.EH_ACCESS) else NOBODY


def _both_open(*paths: str) -> Q:
    return Q(**{f"{path}__restricted": False for path in paths})


def match_family_pair(pairs: Any, user: Any) -> Q:
    if not user.scope.holds(Role.EH_ACCESS):
        return NOBODY
    return _both_open("family", "other") & Q(family__merged_into=None, other__merged_into=None)


def see_family_merge(merges: Any, user: Any) -> Q:
    return _both_open("kept", "merged") if user.scope.holds(Role.EH_ACCESS) else NOBODY


def not_restricted(path: str = "person") -> Q:
    """Over anything about a person: they are in no restricted family now. A restricted record is for those who are named.

    ``path``: to the person; empty over people themselves.
    """
    return Q(~in_restricted_family(path or "pk"))


def open_here() -> Q:
    """Over memberships: whom no restriction of *another* family hides. In one that is restricted whoever reads it reads all."""
    return not_restricted("person") | Q(family__restricted=True)


def in_restricted_family(path: str) -> Func:
    """Over a column of people: whether one is in a restricted family now. Known whoever asks, for the wall hides the family.

    Looked for through the families, a person would be in none as soon as somebody asks who may not see it.
    """
    known = "%(expressions)s = ANY ((SELECT families_in_restricted())::bigint[])"
    return Func(F(path), template=known, output_field=BooleanField())


def is_restricted(path: str) -> Q:
    """The opposite, over a set: by joins, so that a row may be found more than once."""
    families = f"{path}__memberships__"
    return Q(**{f"{families}family__restricted": True, f"{families}until_on": None})


def may_search(user: Any) -> bool:
    """Everybody who holds a post, but not for keeping the system going alone: that needs no families (domain.md 5)."""
    return user.scope.holds_other_than(Role.SYSTEM_ADMIN)


def _wrote_down(families: Any, user: Any) -> Q:
    return Q(created_by=user) & not_taken_on(families)


def not_taken_on(families: Any) -> Q:
    """Nobody works with them yet. Whoever wrote them down sees them until somebody does."""
    return ~_any_of(TAKEN_ON, families, None)


def _named(user: Any) -> Q:
    named = user.scope.ids("family_named")
    return Q(pk__in=named) if named else NOBODY


def _wrote_down_alone(user: Any) -> Q:
    return Q(~Exists(_memberships().filter(person=OuterRef("pk"))), created_by=user)


def _in_a_family(user: Any, action: str) -> Q:
    mine = apps.get_model("families", "Family").objects.for_user(user, action).values("pk")
    return Q(Exists(_memberships().current().filter(person=OuterRef("pk"), family__in=mine)))


def _memberships() -> Any:
    return apps.get_model("families", "FamilyMembership").objects


def _any_of(rules: list[Rule], rows: Any, user: Any) -> Q:
    return reduce(or_, (rule(rows, user) for rule in rules), NOBODY)


def event_told(events: Any, user: Any) -> Q:
    """What an agency keeps to itself is for those of it who see the family, and for the governance lead (domain.md 5 g).

    Everybody else who sees the family reads that this agency is involved, and no more.
    """
    areas, agency = user.scope.areas(Role.IG_LEAD), user.agency_id
    own = Q(recorded_by=user) | (Q(agency=agency) if agency else NOBODY)
    return Q(private_to_agency=False) | own | (Q(family__area__in=areas) if areas else NOBODY)


def event_shown(events: Any, user: Any) -> Q:
    """What was entered in error is for whoever wrote it, and for the governance lead of the place (domain.md 16)."""
    areas = user.scope.areas(Role.IG_LEAD)
    return Q(error_at=None) | Q(recorded_by=user) | (Q(family__area__in=areas) if areas else NOBODY)


def see_bond(bonds: Any, user: Any) -> Q:
    """How two get on is for whoever sees both of them."""
    return Through("person")["view"](bonds, user) & Through("other")["view"](bonds, user)


def watch(odd: Any, user: Any) -> Q:
    """The governance lead of the place; but nobody weighs what they read themselves."""
    areas = user.scope.areas(Role.IG_LEAD)
    return Q(family__area__in=areas) & ~Q(reader=user) if areas else NOBODY


ODD_READ_RULES: dict[str, Rule] = {"view": watch}
FAMILY_RULES: dict[str, Rule] = {
    "view": view,
    "edit": edit,
    "work": work,
    "log": read_log,
    "restrict": restrict,
    "match": match_families,
}
BOND_RULES: dict[str, Rule] = {"view": see_bond}
ADDRESS_RULES: dict[str, Rule] = {"reveal": reveal, "confide": confide}
PERSON_RULES: dict[str, Rule] = {
    "view": person_view,
    "edit": person_edit,
    "work": person_work,
    "add": add_to_family,
    "match": match,
}
MATCH_RULES: dict[str, Rule] = {"view": match_pair}
MERGE_RULES: dict[str, Rule] = {"view": see_merge}
FAMILY_PAIR_RULES: dict[str, Rule] = {"view": match_family_pair}
FAMILY_MERGE_RULES: dict[str, Rule] = {"view": see_family_merge}
