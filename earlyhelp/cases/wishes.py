"""What the family wishes its agencies to know, on the case: who of the team is to be told no more, and who is to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import JSONObject, Now, TruncDate
from django.urls import reverse
from django.utils import timezone

from earlyhelp.cases.enums import LEADING, LIVE, OPEN
from earlyhelp.cases.models import Case, TeamMember
from earlyhelp.cases.panels import Note, fact, note, section
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.core.todo import Todo, todo
from earlyhelp.families.enums import AgreementStatus
from earlyhelp.families.models import Agreement, Person
from earlyhelp.partnership.models import Agency
from earlyhelp.sharing.enums import NO, GivenBy, Whom
from earlyhelp.sharing.models import Permission
from earlyhelp.sharing.queries import current_people, ledger, wishes_of
from earlyhelp.sharing.registry import around

SHOWN = 10
PLACE = 12  # among the lines of the home page
SIXTEEN_YEARS = timedelta(days=5844)  # to the day: any sixteen of them have four leap days


@around
def on_their_team(agency: Agency) -> Any:
    """A wish about everyone in the team reaches the agencies that are on it, for as long as they are and the case lives."""
    team = TeamMember.objects.current().filter(Q(agency=agency) | Q(user__agency=agency), case__status__in=LIVE)
    return Exists(
        team.filter(case__family__memberships__person=OuterRef("pk"), case__family__memberships__until_on=None)
    )


def _of_the_team() -> Any:
    """Over cases: members of the team of whose agency somebody in the family said that it may not be told."""
    here = {"person__memberships__family": OuterRef("case__family"), "person__memberships__until_on": None}
    reach = Q(agency=OuterRef("agency")) | Q(kind=OuterRef("agency__kind")) | Q(whom=Whom.TEAM)
    stands = Permission.objects.standing_no().filter(reach, **here)
    return TeamMember.objects.current().filter(Exists(stands), case=OuterRef("pk")).exclude(role__in=LEADING)


@fact("told_no_more")
def to_be_told_no_more() -> Any:
    """Their names, and their agencies’."""
    facts = JSONObject(first=F("user__first_name"), last=F("user__last_name"), name=F("name"), agency=F("agency__name"))
    return ArraySubquery(_of_the_team().order_by("pk").values(facts=facts))


@fact("said_no")
def somebody_says_no() -> Any:
    """Whether somebody of the family has said no to early help, by what each of them last said."""
    later = Agreement.objects.filter(
        family=OuterRef("family"), person=OuterRef("person"), recorded_at__gt=OuterRef("recorded_at")
    )
    no = (AgreementStatus.REFUSED, AgreementStatus.WITHDRAWN)
    return Exists(Agreement.objects.filter(~Exists(later), family=OuterRef("family"), status__in=no))


@note
def they_may_stop(case: Case, user: Any) -> Iterable[Note]:
    """Help is voluntary (domain.md 16): whoever leads asks whether all of it ends, and nothing ends by itself."""
    if case.said_no and case.is_live:  # type: ignore[attr-defined]  # a fact
        title = "Somebody in the family has said no to early help."
        text = "Help is their choice. Ask what they want to stop, and whether the others want to go on."
        leads = case.lead_id == user.pk and case.status in OPEN
        url = reverse("cases:move", args=[case.reference, "family_withdrew"]) if leads else ""
        yield Note(title, text, url, "The family withdraws" if leads else "")


def _grown_on(person: str = "") -> Any:
    return ExpressionWrapper(F(f"{person}born_on") + SIXTEEN_YEARS, DateField())


def _sixteen_by_now() -> Any:
    """Over cases: those of the family for whom only a parent answered, and who decide themselves by now."""
    said = Permission.objects.filter(person=OuterRef("pk"))
    by_a_parent = said.filter(given_by=GivenBy.PARENT)
    by_themselves = said.exclude(given_by=GivenBy.PARENT, capacity_note="")
    theirs = Person.objects.filter(memberships__until_on=None, memberships__family=OuterRef("family"))
    asked = theirs.annotate(grown_on=_grown_on()).filter(grown_on__lte=TruncDate(Now()))
    return asked.filter(Exists(by_a_parent), ~Exists(by_themselves))


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
    for case in _with_wishes_to_follow(user) if user.scope.ids("case_led") else ():
        url = f"{case.get_absolute_url()}sharing/"
        if case.told_no_more:
            yield Todo(PLACE, f"Talk to those of the team whom the family does not want told: {case.reference}", url)
        for each in case.grown_up:
            named = each["known_as"] or each["first_name"]
            yield Todo(PLACE, f"{named} is 16 now: ask them themselves who may be told", url)


@PlannedOnce
def _with_wishes_to_follow(user: Any) -> Any:
    """Cases that this person leads of whose people somebody said no, or only a parent answered for somebody grown up since.

    Not each has a line. That is seen by what is read of these few, which the database would otherwise work out for every
    case that they lead, and for these twice.
    """
    theirs = Permission.objects.filter(
        person__memberships__family=OuterRef("family"), person__memberships__until_on=None
    )
    answered = theirs.annotate(grown_on=_grown_on("person__")).filter(
        Q(wish__in=NO) | Q(given_by=GivenBy.PARENT, grown_on__lte=TruncDate(Now()))
    )
    called = JSONObject(known_as=F("known_as"), first_name=F("first_name"))
    grown_up = ArraySubquery(_sixteen_by_now().order_by("pk").values(facts=called))
    led = Case.objects.for_user(user, "lead").led().filter(Exists(answered))
    return led.annotate(told_no_more=to_be_told_no_more(), grown_up=grown_up).order_by("pk")
