"""What the family wishes its agencies to know, on the case: who of the team is to be told no more, and who is to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone

from earlyhelp.cases.enums import LEADING, LIVE
from earlyhelp.cases.models import Case, TeamMember
from earlyhelp.cases.panels import Note, fact, note, section
from earlyhelp.core.calendar import add_months
from earlyhelp.core.todo import Todo, todo
from earlyhelp.families.models import Person
from earlyhelp.partnership.models import Agency
from earlyhelp.sharing.enums import DECIDES_FROM, GivenBy, Whom
from earlyhelp.sharing.models import Permission
from earlyhelp.sharing.queries import current_people, ledger, wishes_of
from earlyhelp.sharing.registry import around

SHOWN = 10
PLACE = 12  # among the lines of the home page


@around
def on_their_team(agency: Agency) -> Any:
    """A wish about everyone in the team reaches the agencies that are on it, for as long as they are and the case lives."""
    team = TeamMember.objects.current().filter(Q(agency=agency) | Q(user__agency=agency), case__status__in=LIVE)
    return Exists(
        team.filter(case__family__memberships__person=OuterRef("pk"), case__family__memberships__until_on=None)
    )


def to_be_told_no_more() -> Any:
    """Over cases: members of the team, and their agency, of whom somebody in the family said that it may not be told."""
    here = {"person__memberships__family": OuterRef("case__family"), "person__memberships__until_on": None}
    reach = Q(agency=OuterRef("agency")) | Q(kind=OuterRef("agency__kind")) | Q(whom=Whom.TEAM)
    stands = Permission.objects.standing_no().filter(reach, **here)
    team = TeamMember.objects.current().filter(Exists(stands), case=OuterRef("pk")).exclude(role__in=LEADING)
    facts = JSONObject(first=F("user__first_name"), last=F("user__last_name"), name=F("name"), agency=F("agency__name"))
    return ArraySubquery(team.order_by("pk").values(facts=facts))


fact("told_no_more")(to_be_told_no_more)


@note
def talk_to_them(case: Case, user: Any) -> Iterable[Note]:
    """Nobody is taken off the team by it: whoever leads talks to them, and to the family."""
    if told_no_more := case.told_no_more:  # type: ignore[attr-defined]  # a fact
        names = ", ".join(f"{_name(each)} ({each['agency']})" for each in told_no_more)
        text = f"Talk to the family and to: {names}. Tell them nothing more until then."
        title = "Somebody in the family does not want everybody on the team to be told."
        yield Note(title, text, f"{case.get_absolute_url()}sharing/", "What they wish")


def _name(member: dict[str, Any]) -> str:
    return member["name"] or f"{member['first']} {member['last']}"


@section(65, "sharing", "Sharing", "cases/sharing.html")
def sharing(case: Case, user: Any) -> dict[str, Any]:
    """Each person’s wishes now, and what was told last; the family’s own page has all of it."""
    people = current_people(case.family)
    return {
        "wishes": wishes_of(people, today=timezone.localdate()),
        "told": list(ledger(case.family)[:SHOWN]),
        "sharing_url": f"{case.family.get_absolute_url()}sharing/",
    }


@todo
def wishes_to_follow(user: Any, now: datetime) -> Iterator[Todo]:
    if not user.scope.ids("case_led"):
        return
    led = Case.objects.for_user(user, "lead").live()
    for case in led.annotate(told_no_more=to_be_told_no_more()).filter(told_no_more__len__gt=0).order_by("pk")[:5]:
        text = f"Talk to those of the team whom the family does not want told: {case.reference}"
        yield Todo(PLACE, text, f"{case.get_absolute_url()}sharing/")
    for person in _sixteen_by_now(led, now).values("known_as", "first_name", "case")[:5]:
        called = person["known_as"] or person["first_name"]
        text = f"{called} is 16 now: ask them themselves who may be told"
        yield Todo(PLACE, text, f"/cases/{person['case']}/sharing/")


def _sixteen_by_now(led: Any, now: datetime) -> Any:
    """Those of these families for whom only a parent answered, and who decide themselves by now."""
    said = Permission.objects.filter(person=OuterRef("pk"))
    by_a_parent = said.filter(given_by=GivenBy.PARENT)
    by_themselves = said.exclude(given_by=GivenBy.PARENT, capacity_note="")
    born = add_months(timezone.localdate(now), -12 * DECIDES_FROM)
    theirs = Person.objects.filter(memberships__until_on=None, memberships__family__cases__in=led, born_on__lte=born)
    asked = theirs.filter(Exists(by_a_parent), ~Exists(by_themselves))
    return asked.annotate(case=F("memberships__family__cases__reference")).order_by("pk")
