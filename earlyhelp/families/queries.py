"""Finding a person among a million: block, then score (performance.md). A typo, a swapped name or a nickname still finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import CharField, Exists, F, OuterRef, Prefetch, Q, Subquery, Value, prefetch_related_objects
from django.db.models.functions import Concat, JSONObject

from earlyhelp.core import dates
from earlyhelp.core.access import Through
from earlyhelp.core.changes import Change, changes_among
from earlyhelp.core.composed import Composed, PlannedOnce
from earlyhelp.core.postcodes import as_printed, beginning
from earlyhelp.core.prepared import name_of, written
from earlyhelp.families.access import not_restricted
from earlyhelp.families.candidates import SEARCH, SEARCH_SURE
from earlyhelp.families.enums import WITH_A_DUTY, AgreementStatus, StatutoryKind
from earlyhelp.families.models import (
    Address,
    Agreement,
    Confidant,
    Family,
    FamilyMembership,
    Person,
    Relationship,
    SignificantEvent,
    StatutoryStatus,
)
from earlyhelp.partnership.enums import Role

SAID = ("status", "from_on", "social_worker", "social_worker_phone", "source", "recorded_at")
STATUTORY = ("status", "social_worker", "social_worker_phone")
TIE = ("id", "other_id", "kind", "parental_responsibility", "ended_on")
HOME = (*Address.PLACE, "protected")

# A whole name that agrees, and a date or a home besides: who else there may be is not looked for by dearer ways.
SURELY = 5.0
WITH_THE_ADDRESS = "Kept with the secret address, and shown with it"  # the telephone of whoever hides
NICKNAMES = {
    "liz": "elizabeth",
    "beth": "elizabeth",
    "bill": "william",
    "will": "william",
    "bob": "robert",
    "rob": "robert",
    "kate": "katherine",
    "katie": "katherine",
    "tom": "thomas",
    "dave": "david",
    "mike": "michael",
    "chris": "christopher",
    "jim": "james",
    "joe": "joseph",
    "sam": "samuel",
    "tony": "anthony",
    "nick": "nicholas",
    "maggie": "margaret",
    "ted": "edward",
    "dan": "daniel",
    "matt": "matthew",
    "alex": "alexander",
    "steve": "stephen",
    "sue": "susan",
    "jen": "jennifer",
    "jenny": "jennifer",
    "vicky": "victoria",
    "becky": "rebecca",
    "andy": "andrew",
    "charlie": "charles",
}


@dataclass(frozen=True)
class Match:
    """A person who may be the one sought, and in words why. Shows the minimum that avoids a duplicate (domain.md 5 i)."""

    person: Person
    score: float
    why: str
    only_surname: bool = False  # perhaps a relative of the one sought; not the one sought

    @property
    def known(self) -> bool:
        """Whether they are in a family that is written down."""
        return bool(self.person.family_reference)  # type: ignore[attr-defined]

    @property
    def year(self) -> str:
        return str(self.person.born_on.year) if self.person.born_on else self.person.expected or "year not known"


def search(
    *,
    first: str = "",
    last: str = "",
    born_on: date | None = None,
    postcode: str = "",
    limit: int = 10,
    people: Any = None,
) -> list[Match]:
    """The likeliest people, best first, each with the reasons. Typing that finds nobody gives an empty list.

    ``people`` reads them by their identities, for a page that wants more with each: ``as_found`` says the least of it.
    """
    return _matches(_likely(first, last, born_on, postcode, limit), people)


def search_box(text: str, *, limit: int = 10, people: Any = None, **others: Any) -> list[Match]:
    """The same for one box: «Gwen Harlow», «Harlow, Gwen», a name that may be either, a family's reference, an NHS number."""
    digits = text.replace(" ", "")
    if digits.upper().startswith("FAM-"):
        return _matches(_of_family(digits.upper()), people)
    if digits.isdecimal():
        return _matches(_of_number(digits), people)
    first, last = split_name(text)
    rows = [] if last else _likely("", first, limit=limit, **others)
    rows += _likely(first, last, limit=limit, **others)
    best = {row.person: row for row in sorted(rows, key=lambda row: row.score)}
    return _matches(sorted(best.values(), key=lambda row: (row.only_surname, -row.score))[:limit], people)


def split_name(name: str) -> tuple[str, str]:
    """(first name, surname). A comma says that the surname stands first; one word alone is given as the first."""
    before, comma, after = (part.strip() for part in name.partition(","))
    if comma:
        return after, before
    first, _, last = " ".join(before.split()).partition(" ")
    return first, last


@dataclass(frozen=True)
class _Found:
    person: int
    score: float
    why: str
    only_surname: bool = False


def _likely(first: str, last: str, born_on: date | None = None, postcode: str = "", limit: int = 10) -> list[_Found]:
    if not (first or last or born_on or postcode):
        return []
    values = sought(first, last, born_on, postcode, limit * 2)
    rows = _scored(SEARCH_SURE, values) if first and last and (born_on or postcode) else []
    if not any(row["score"] >= SURELY for row in rows):
        rows = _scored(SEARCH, values)
    likely = [row for row in rows if row["score"] >= _threshold(first, last)]
    found = [_Found(row["id"], float(row["score"]), _why(row), bool(first) and _only_surname(row)) for row in likely]
    return sorted(found, key=lambda row: row.only_surname)[:limit]


def sought(first: str, last: str, born_on: date | None, postcode: str, limit: int) -> dict[str, Any]:
    """What was typed, as the statements take it."""
    printed = as_printed(postcode)
    return {
        "first": first,
        "last": last,
        "names": _forms_of(first.lower()),
        "born": born_on,
        "turned": _turned(born_on),
        "postcode": printed,
        "part": beginning(printed),
        "limit": limit,
    }


def _forms_of(first: str) -> list[str]:
    """However somebody of that name may be written down, the whole name first: Bill as William or Will, William as Bill."""
    formal = NICKNAMES.get(first, first)
    return [formal, *(short for short, whole in NICKNAMES.items() if whole == formal)]


def _scored(statement: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        prepared = name_of(connection, written(connection, statement, values))
        cursor.execute(f"EXECUTE {prepared} ({', '.join(['%s'] * len(values))})", tuple(values.values()))
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _only_surname(row: dict[str, Any]) -> bool:
    """Whether nothing but the surname agrees: somebody of the family, rather than the person."""
    agrees = row["by_first"] >= 0.3 or row["first_sounds"] or row["by_date"] > 0 or row["by_postcode"] == 1
    return row["by_last"] == 1 and row["swapped"] < 0.6 and not agrees


def _threshold(first: str, last: str) -> float:
    """A whole name must mostly agree; a single thing typed alone must agree as a whole."""
    named = bool(first) + bool(last)
    return {2: 1.9, 1: 1.3, 0: 0.9}[named]


def _turned(day: date | None) -> date | None:
    """Day and month exchanged, the commonest slip of all; none where that is not a date."""
    if day is None or day.day > 12:
        return None
    return day.replace(month=day.day, day=day.month)


def _of_family(reference: str) -> list[_Found]:
    """For whoever has the reference on a letter."""
    members = FamilyMembership.objects.current().filter(not_restricted("person"), family__reference=reference)
    return [_Found(person, 9, "family reference") for person in members.values_list("person", flat=True)]


def _of_number(digits: str) -> list[_Found]:
    shown = Person.objects.filter(not_restricted(""), merged_into=None)
    people = shown.filter(nhs_number=digits).exclude(nhs_number="")
    return [_Found(person, 9, "NHS number") for person in people.values_list("pk", flat=True)]


def _matches(rows: list[_Found], people: Any) -> list[Match]:
    found = {person.pk: person for person in (people or _plainly)([row.person for row in rows])}
    return [Match(found[row.person], row.score, row.why, row.only_surname) for row in rows if row.person in found]


def as_found(people: Any) -> Any:
    """Bring with each what a search tells of them."""
    family = (
        FamilyMembership.objects.current().filter(person=OuterRef("pk")).order_by("-pk").values("family__reference")[:1]
    )
    return people.select_related("area").annotate(family_reference=Subquery(family), address_hidden=hides("pk"))


def _plainly(pks: list[int]) -> list[Person]:
    return _people(None, pks=pks)


@PlannedOnce
def _people(nobody: None, pks: Any) -> Any:
    return as_found(Person.objects.filter(pk__in=pks))


def _why(row: dict[str, Any]) -> str:
    reasons = []
    if row["by_last"] == 1 and row["by_first"] == 1:
        reasons.append("same name")
    elif row["swapped"] >= 0.6:
        reasons.append("names the other way round")
    else:
        reasons += _name_reasons(row)
    by_date = {1.0: "same date of birth", 0.8: "day and month exchanged", 0.6: "date of birth nearly the same"}.get(
        float(row["by_date"])
    )
    reasons += [by_date] if by_date else []
    if row["by_postcode"]:
        reasons.append("same postcode" if row["by_postcode"] == 1 else "same part of a postcode")
    return ", ".join(reasons) or "similar name"


def _name_reasons(row: dict[str, Any]) -> list[str]:
    reasons = []
    if row["by_last"] == 1:
        reasons.append("same surname")
    elif row["last_sounds"]:
        reasons.append("surname sounds the same")
    elif row["by_last"] >= 0.8:
        reasons.append("surname nearly the same")
    if row["by_first"] == 1:
        reasons.append("same first name")
    elif row["short_form"]:
        reasons.append("a short form of the first name")
    elif row["first_sounds"]:
        reasons.append("first name sounds the same")
    return reasons


# --- what the pages of a family read ----------------------------------------------------------------------------------


def members(family: Family) -> list[Any]:
    """Everybody who is or was in the family, children first; with each their home, their answer, and whom they are to others.

    One query, however many they are: a family's page has several other things to ask.
    """
    home = Address.objects.filter(person=OuterRef("person"), until_on=None).values(facts=_facts(*HOME))
    answer = Agreement.objects.filter(family=family, person=OuterRef("person")).order_by("-recorded_at", "-pk")
    ties = Relationship.objects.standing().filter(person=OuterRef("person")).order_by("pk")
    rows = (
        family.memberships.filter(person__merged_into=None)
        .select_related("person")
        .annotate(
            home_facts=Subquery(home[:1]),
            answer=Subquery(answer.values("status")[:1]),
            duty=Subquery(_statutory_of("person").values(facts=_facts(*STATUTORY))[:1]),
            ties=ArraySubquery(ties.values(facts=_facts(*TIE))),
        )
    )
    ordered = rows.order_by(F("until_on").desc(nulls_first=True), F("person__born_on").desc(nulls_last=True), "pk")
    found: list[Any] = list(ordered)
    for member in found:  # what is withheld is decided by the address itself, and nowhere else
        member.home = Address(**member.home_facts).shown if member.home_facts else ""
        member.agreement = AgreementStatus(member.answer).label if member.answer else ""
        member.statutory = (
            StatutoryStatus(**member.duty) if member.duty and member.duty["status"] in WITH_A_DUTY else None
        )
    return found


def _statutory_of(person: str) -> Any:
    return StatutoryStatus.objects.filter(person=OuterRef(person)).latest_first()


def with_statutory(people: Any) -> Any:
    """With each person all that was ever said of their statutory status, for ``said_of``: no query of its own."""
    who = Concat("recorded_by__first_name", Value(" "), "recorded_by__last_name", output_field=CharField())
    facts = JSONObject(**{name: name for name in SAID}, who=who)
    return people.annotate(said=ArraySubquery(_statutory_of("pk").values(facts=facts)))


def said_of(person: Any) -> list[StatutoryStatus]:
    """The latest first; each with ``who`` wrote it down."""
    rows = []
    for facts in person.said:
        who, on, at = facts.pop("who"), facts.pop("from_on"), facts.pop("recorded_at")
        said = StatutoryStatus(from_on=date.fromisoformat(on), recorded_at=datetime.fromisoformat(at), **facts)
        said.who = who  # type: ignore[attr-defined]
        rows.append(said)
    return rows


def under_protection(family: str) -> Exists:
    """Over rows with a family: whether somebody in it now has a child protection plan."""
    here = FamilyMembership.objects.current().filter(family=OuterRef(family))
    latest = here.annotate(duty=Subquery(_statutory_of("person").values("status")[:1]))
    return Exists(latest.filter(duty=StatutoryKind.CHILD_PROTECTION))


def sole_plan_is_barred(family: int) -> bool:
    """Whether somebody in the family now has a child protection plan, with no social worker named to run alongside (T5)."""
    return bool(_BARRED(None, family=family))


@Composed
def _BARRED(user: None, family: Any) -> Any:
    latest = {"kind": "status", "beside": "social_worker"}
    found: Any = FamilyMembership.objects.current().filter(family=family)
    found = found.annotate(
        **{name: Subquery(_statutory_of("person").values(field)[:1]) for name, field in latest.items()}
    )
    return found.filter(kind=StatutoryKind.CHILD_PROTECTION, beside="").values_list("pk")[:1]


def relationships(people: list[Any]) -> list[Relationship]:
    """Between those of ``members`` who are in the family now, whoever is oldest first."""
    here = {member.person_id: member.person for member in reversed(people) if member.until_on is None}
    ties = [(member.person, tie) for member in reversed(people) if member.until_on is None for tie in member.ties]
    return [_tie_read(person, here, **tie) for person, tie in ties if tie["other_id"] in here]


def _tie_read(
    person: Person, here: dict[int, Person], *, other_id: int, ended_on: str | None, **facts: Any
) -> Relationship:
    ended = date.fromisoformat(ended_on) if ended_on else None
    return Relationship(person=person, other=here[other_id], ended_on=ended, **facts)


def _facts(*names: str) -> JSONObject:
    return JSONObject(**{name: name for name in names})


def relationships_of(person: Person, user: Any) -> list[tuple[str, Person, str]]:
    """(in words, to whom, until when), from this person's side; only to people whom the reader may see."""
    rows = ties_seen(user, people=[person.pk])
    return [(row.seen_from(person), row.other if row.person_id == person.pk else row.person, row.until) for row in rows]


@PlannedOnce
def ties_seen(user: Any, people: Any) -> Any:
    """Of these people, with others whom the reader may see as well; whoever was merged is seen as another."""
    which = Q(person__in=people) | Q(other__in=people)
    both = Relationship.objects.standing().filter(which).select_related("person", "other").order_by("pk")
    return both.filter(*(Through(side)["view"](Relationship._base_manager, user) for side in ("person", "other")))


def among(family: Family) -> Any:
    """The relationships between those who are in the family now: what whoever keeps its record may correct."""
    here = FamilyMembership.objects.current().filter(family=family).values("person")
    return Relationship.objects.standing().filter(person__in=here, other__in=here).select_related("person", "other")


def homes_of(person: Person, user: Any) -> list[Address]:
    """Where they live and lived, the present first; with each secret one whether it may be shown to the reader, for a reason."""
    named = Confidant.objects.filter(address=OuterRef("pk"), user=user, until_at=None)
    homes = person.addresses.annotate(may_reveal=Exists(named)).order_by(F("until_on").desc(nulls_first=True), "-pk")
    known = Confidant.objects.filter(until_at=None, user__is_active=True).select_related("user").order_by("pk")
    prefetch_related_objects([home for home in homes if home.protected], Prefetch("confidants", known))
    return list(homes)


def hides(person: str) -> Exists:
    """Over rows with a person: whether nobody may learn where they live."""
    return Exists(Address.objects.filter(person=OuterRef(person), until_on=None, protected=True))


def hides_now(person: Person) -> bool:
    return person.addresses.filter(until_on=None, protected=True).exists()


def phone_of(person: Person) -> str:
    """Theirs, for a page or a form; of whoever hides none: it is shown with the secret address, and with nothing else."""
    return "" if not person.phone or hides_now(person) else person.phone


def homes_now(people: list[Person]) -> dict[int, str]:
    """Where each of them lives, as a page may show it."""
    return {home.person_id: home.shown for home in Address.objects.filter(person__in=people, until_on=None)}


def family_now(person: Person, **lookup: Any) -> Family:
    """The family they are in now; of several the first, or the one that is asked for."""
    here = Family.objects.filter(memberships__person=person, memberships__until_on=None)
    return here.filter(**lookup).earliest("pk")


def secret_homes(reference: str, user: Any) -> Any:
    """The secret addresses of those who are in the family now, with who may know each, for whoever may name them."""
    here = FamilyMembership.objects.current().filter(family__reference=reference).values("person")
    known = Confidant.objects.filter(until_at=None).select_related("user__agency").order_by("pk")
    mine = Address.objects.with_rights(user, "reveal").for_user(user, "confide").filter(person__in=here, until_on=None)
    return mine.select_related("person").prefetch_related(Prefetch("confidants", known)).order_by("pk")


def lives_hidden(family: str) -> Exists:
    """Over rows with a family: whether the address of somebody who is in it now is secret."""
    return Exists(FamilyMembership.objects.current().filter(hides("person"), family=OuterRef(family)))


def readable(family: str, user: Any) -> Exists:
    """Over rows with a family: whether this person may read its record."""
    return Exists(Family.objects.for_user(user).filter(pk=OuterRef(family)))


def people_found(*families: Family) -> list[FamilyMembership]:
    """Who is in them now, as far as a search would show it: nobody restricted, and of two records the one that was kept."""
    here = FamilyMembership.objects.current().filter(not_restricted("person"), family__in=families)
    rows = here.filter(person__merged_into=None).select_related("person")
    return list(rows.order_by(F("person__born_on").asc(nulls_last=True), "pk"))


def who_came_and_went(family: Family) -> list[Change]:
    """Each who is or was in it: when they were written down, and what was changed of it since."""
    members = family.memberships.select_related("person")
    since = {member.pk: f" from {dates.day(member.from_on)}" if member.from_on else "" for member in members}
    of = {member.pk: f"{member.person.name} in the family{since[member.pk]}" for member in members}
    return changes_among(FamilyMembership, of, ("role", "lives_in_household", "from_on", "until_on"))


def what_became_one_with(family: Family) -> list[Change]:
    """Other records that were found to be of this family, and those that were parted from it again."""
    found = []
    for each in family.merges.select_related("merged", "by", "undone_by"):
        what = f"Another record, {each.merged.reference}"
        found.append(Change(each.at, each.by, what, "", "Became one with this"))
        if each.undone_at:
            found.append(Change(each.undone_at, each.undone_by, what, "One with this", "A record of its own again"))
    return found


def how_ties_changed(family: Family) -> list[Change]:
    """Who its people are to each other; not what was entered in error, which is out of sight."""
    people = family.memberships.values("person")
    ties = Relationship.objects.standing().filter(person__in=people, other__in=people)
    of = {tie.pk: f"{tie.person.name} and {tie.other.name}" for tie in ties.select_related("person", "other")}
    return changes_among(Relationship, of, ("kind", "parental_responsibility", "ended_on"))


def families_of(person: Person, user: Any) -> list[FamilyMembership]:
    """The families a person is in now, as far as the reader may see them."""
    seen = Through("family")["view"](FamilyMembership._base_manager, user)
    return list(person.memberships.current().filter(seen).select_related("family").order_by("pk"))


def household(person: Person, user: Any) -> Any:
    """Those who may move with a person: who live with them in a family whose record the reader keeps."""
    with_them = FamilyMembership.objects.current().filter(
        family__in=Family.objects.for_user(user, "edit").filter(memberships__in=person.memberships.current())
    )
    at_home = with_them.filter(lives_in_household=True).exclude(person=person)
    return Person.objects.filter(pk__in=at_home.values("person")).order_by("born_on", "pk")


def at_home_with(person: Person, user: Any) -> list[FamilyMembership]:
    """Who lives in one household with a person, themselves included, as far as the reader keeps its record."""
    kept = Family.objects.for_user(user, "edit")
    theirs = person.memberships.current().filter(lives_in_household=True, family__in=kept)
    at_home = FamilyMembership.objects.current().filter(lives_in_household=True, family__in=theirs.values("family"))
    return list(at_home.order_by("pk"))


def mistakes(user: Any) -> Any:
    """What was entered in error in the chronologies of a governance lead's places, the newest first."""
    areas = user.scope.areas(Role.IG_LEAD)
    rows = SignificantEvent.objects.filter(error_at__isnull=False, family__area__in=areas)
    return rows.select_related("family", "recorded_by", "error_by").order_by("-error_at", "-pk")
