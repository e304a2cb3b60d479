"""What may be told to whom, and what was."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, Value
from django.db.models.functions import Concat, JSONObject
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.families.models import Family, FamilyMembership, Person, Relationship
from earlyhelp.families.voices import age_of
from earlyhelp.partnership.models import Agency
from earlyhelp.sharing.deciding import Answer, Known, Voiced, decide
from earlyhelp.sharing.enums import DECIDES_FROM, OVERRIDES, Basis, GivenBy, Purpose, Whom, Wish
from earlyhelp.sharing.models import Disclosed, Disclosure, Permission, SharingAgreement
from earlyhelp.sharing.registry import AROUND, GROUNDS

VOICED = ("pk", "wish", "whom", "given_by", "at", "until_on", "limits", "parent", "capacity_note")


def can_share(person: Person, agency: Agency, purpose: str, *, now: datetime) -> Answer:
    """May this agency be told of this person, for this purpose, and why: in one query (domain.md 16).

    ``now`` may be over: what was answered after it counts for nothing then.
    """
    return may_be_told([person], [agency], purpose, now=now)[person.pk, agency.pk]


def may_be_told(
    people: Collection[Person], agencies: Collection[Agency], purpose: str, *, now: datetime, joining: bool = False
) -> dict[tuple[int, int], Answer]:
    """The same for each of these people and agencies, by their keys: still one query.

    ``joining``: as it is once they are in the team, so that what was said of everyone in it counts.
    """
    today, purpose = timezone.localdate(now), Purpose(purpose)
    asked = {f"agency_{n}": agency.pk for n, agency in enumerate(agencies)}
    kinds = {f"kind_{n}": agency.kind for n, agency in enumerate(agencies)}
    return {
        (row["pk"], agency.pk): _decided(_known(row, n, today, joining), purpose, now)
        for row in _FACTS(None, purpose, len(agencies), people=[each.pk for each in people], **asked, **kinds)
        for n, agency in enumerate(agencies)
    }


@PlannedOnce
def _FACTS(nobody: None, purpose: Purpose, agencies: int, people: Any, **of: Any) -> Any:
    """What the rule must know of these people, towards so many agencies: each told by ``agency_0``, ``kind_0`` and so on."""
    asked = {
        f"{name}_{n}": part
        for n in range(agencies)
        for name, part in _parts(of[f"agency_{n}"], of[f"kind_{n}"], purpose).items()
    }
    rows = Person.objects.annotate(holders=ArraySubquery(_holders()), **asked).filter(pk__in=people)
    return rows.values("pk", "first_name", "last_name", "born_on", "expected_on", "holders", *asked)


def _decided(known: Known, purpose: Purpose, now: datetime) -> Answer:
    by_then = replace(known, voices=[each for each in known.voices if each.at <= now])
    return decide(by_then, purpose, today=timezone.localdate(now))


def _parts(agency: Any, kind: Any, purpose: Purpose) -> dict[str, Any]:
    """What the rule must know of one agency, each part to be read beside the person."""
    grounds = {f"ground_{n}": ArraySubquery(tell(agency)) for n, (for_, tell) in enumerate(GROUNDS) if for_ == purpose}
    team = {f"around_{n}": tell(agency) for n, tell in enumerate(AROUND)}
    return {"answers": ArraySubquery(_voices(agency, kind)), **grounds, **team}


def _known(row: dict[str, Any], agency: int, today: date, joining: bool) -> Known:
    in_team = joining or any(row[f"around_{n}_{agency}"] for n, _ in enumerate(AROUND))
    answers = [_voiced(dict(facts)) for facts in row[f"answers_{agency}"] if in_team or facts["whom"] != Whom.TEAM]
    grounds = (row.get(f"ground_{n}_{agency}", ()) for n, _ in enumerate(GROUNDS))
    voices = [*answers, *(_elsewhere(dict(facts)) for found in grounds for facts in found)]
    name = f"{row['first_name']} {row['last_name']}"
    return Known(name, age_of(row["born_on"], row["expected_on"], today), voices, frozenset(row["holders"]))


def _voices(agency: Any, kind: Any) -> Any:
    reach = Q(agency=agency) | Q(kind=kind) | Q(whom=Whom.TEAM)
    named = Concat("parent__first_name", Value(" "), "parent__last_name")
    facts = JSONObject(parent_name=named, **{name: F(name) for name in VOICED})
    return Permission.objects.filter(reach, person=OuterRef("pk")).order_by("at", "pk").values(facts=facts)


def _holders() -> Any:
    held = Relationship.objects.responsible().filter(other=OuterRef("pk"))
    return held.order_by("pk").values("person_id")


def _voiced(facts: dict[str, Any]) -> Voiced:
    until = facts.pop("until_on")
    return Voiced(
        Wish(facts.pop("wish")),
        Whom(facts.pop("whom")),
        GivenBy(facts.pop("given_by")),
        datetime.fromisoformat(facts.pop("at")),
        until_on=date.fromisoformat(until) if until else None,
        **facts,
    )


def _elsewhere(facts: dict[str, Any]) -> Voiced:
    """A yes that another record keeps reaches the one agency to which that record goes."""
    wish = Wish.LIMITED if facts["limits"] else Wish.GIVEN
    given, at = GivenBy(facts.pop("given_by")), datetime.fromisoformat(facts.pop("at"))
    return Voiced(wish, Whom.AGENCY, given, at, parent_name="A parent", **facts)


# --- wishes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wishes:
    """Of one person: what they say now, about each reach; what they said before; and whether to ask them themselves."""

    person: Person
    now: list[Permission]
    before: list[Permission]
    ask_themselves: bool

    @property
    def was_asked(self) -> bool:
        return bool(self.now)

    @property
    def may_be_asked(self) -> bool:
        """Whether it makes sense to: not of somebody who has died, nor of a child not born yet."""
        return not (self.now or self.person.died_on or self.person.expected_on)


def wishes_of(people: Collection[Person], *, today: date) -> list[Wishes]:
    """Each person's, in the order of ``people``: one query for all."""
    rows = Permission.objects.filter(person__in=people).select_related("agency", "parent", "by")
    found: dict[int, list[Permission]] = {person.pk: [] for person in people}
    for row in rows.latest_first():
        found[row.person_id].append(row)
    return [_wishes(person, found[person.pk], today) for person in people]


def _wishes(person: Person, rows: Iterable[Permission], today: date) -> Wishes:
    now: dict[tuple[Any, ...], Permission] = {}
    before = []
    for row in rows:
        key = (row.whom, row.agency_id, row.kind, row.given_by, row.parent_id)
        if key in now:
            before.append(row)
        else:
            now[key] = row
    return Wishes(person, list(now.values()), before, _ask_themselves(person, list(now.values()), today))


def _ask_themselves(person: Person, now: Collection[Permission], today: date) -> bool:
    """Sixteen by now, and a parent's word is all there is."""
    years = age_of(person.born_on, person.expected_on, today)
    if years is None or years < DECIDES_FROM or not now:
        return False
    return all(row.given_by == GivenBy.PARENT and not row.capacity_note for row in now)


def limits_of(people: Collection[Person], *, today: date) -> list[Permission]:
    """What they do not want told, and to whom: for whoever is about to tell something, or has."""
    said = [each for wishes in wishes_of(people, today=today) for each in wishes.now if each.limits]
    return [each for each in said if each.until_on is None or each.until_on >= today]


def current_people(family: Family) -> list[Person]:
    """Who is in the family now, the eldest first."""
    rows = FamilyMembership.objects.current().filter(family=family).select_related("person")
    return [row.person for row in rows.order_by(F("person__born_on").asc(nulls_first=True), "pk")]


def people_here(family: Family) -> Any:
    """The same as rows, for a form to choose from."""
    here = FamilyMembership.objects.current().filter(family=family)
    return Person.objects.filter(pk__in=here.values("person")).order_by("born_on", "pk")


# --- agreements -------------------------------------------------------------------------------------------------------

REVIEWED = "sharing.agreement.reviewed"


def reviews_of(agreement: SharingAgreement) -> Any:
    """Each time somebody looked at it again, the newest first."""
    trail = Event.objects.filter(subject=agreement._meta.label_lower, subject_id=agreement.pk, kind=REVIEWED)
    return trail.select_related("actor").order_by("-at", "-pk")


# --- the ledger -------------------------------------------------------------------------------------------------------


def ledger(family: Family, **chosen: Any) -> Any:
    """The family's disclosures, the newest first; and those about its people of whom nobody knew a family then."""
    here = FamilyMembership.objects.current().filter(family=family).values("person")
    alone = Disclosed.objects.filter(person__in=here).values("disclosure")
    rows = Disclosure.objects.filter(Q(family=family) | Q(family=None, pk__in=alone))
    if person := chosen.pop("person", None):
        rows = rows.filter(pk__in=Disclosed.objects.filter(person=person).values("disclosure"))
    rows = rows.filter(**{name: value for name, value in chosen.items() if value})
    return rows.select_related("by", "agency").prefetch_related("people").latest_first()


def told_about(person: Person) -> tuple[list[Disclosure], int]:
    """What was told about this one person, and how many more are on no paper for them.

    Those are what the family was not told of, and what needed no permission where nobody says that it was.
    """
    rows = Disclosure.objects.filter(pk__in=Disclosed.objects.filter(person=person).values("disclosure"))
    rows = rows.filter(~Q(basis=Basis.OWN) | Q(copy__person=person))  # what others of the family were given is theirs
    every = list(rows.select_related("agency", "by").prefetch_related("about").latest_first())
    shown = [row for row in every if row.family_told or not (row.purpose in OVERRIDES or row.family_told is False)]
    return shown, len(every) - len(shown)
