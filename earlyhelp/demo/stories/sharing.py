"""What the Grants and the Stones wish others to be told, in each state; and something told by telephone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.demo.county import County
from earlyhelp.families.models import Family, Person
from earlyhelp.partnership.enums import AgencyKind
from earlyhelp.sharing.enums import AskedHow, Basis, Data, GivenBy, Purpose, Way, Whom, Wish
from earlyhelp.sharing.services import begin_copy, disclose, record_conflict, record_wish
from earlyhelp.sharing.transitions import ask, make

SCHOOL = "Forest Way Primary School"
ALL_OF_IT: dict[str, Any] = {"given_by": GivenBy.PERSON, "how": AskedHow.FACE_TO_FACE}


def tell(county: County) -> None:
    first, later = county.since(weeks=3), county.since(working_days=3)
    county.diary.write(first.at(hour=11), lambda now: _grants(county, now))
    county.diary.write(first.at(1, hour=11), lambda now: _stones(county, now))
    county.diary.write(later.at(hour=14), lambda now: _told(county, now))
    county.diary.write(later.at(hour=16), lambda now: _taken_back(county, now))
    county.diary.write(later.at(1, hour=9), lambda now: _copies(county, now))


def _grants(county: County, now: datetime) -> None:
    leanne, tyler = _person("Grant", "Leanne"), _person("Grant", "Tyler")
    said: dict[str, Any] = {"by": county.people["sam"], "now": now, **ALL_OF_IT}
    limits = "Not a word about Kai’s father, to anybody."
    record_wish(leanne, whom=Whom.TEAM, wish=Wish.LIMITED, limits=limits, **said)
    record_wish(leanne, whom=Whom.AGENCY, agency=county.agencies[SCHOOL], wish=Wish.GIVEN, **said)
    by_mum = said | {"given_by": GivenBy.PARENT, "parent": leanne}
    record_wish(tyler, whom=Whom.AGENCY, agency=county.agencies[SCHOOL], wish=Wish.GIVEN, **by_mum)


def _stones(county: County, now: datetime) -> None:
    dawn, elliot = _person("Stone", "Dawn"), _person("Stone", "Elliot")
    said: dict[str, Any] = {"by": county.people["marek"], "now": now, **ALL_OF_IT}
    record_wish(dawn, whom=Whom.AGENCY, agency=county.agencies[SCHOOL], wish=Wish.GIVEN, **said)
    record_wish(dawn, whom=Whom.KIND, kind=AgencyKind.POLICE, wish=Wish.REFUSED, **said)
    record_wish(elliot, whom=Whom.TEAM, wish=Wish.ASKED, **said)


def _told(county: County, now: datetime) -> None:
    leanne = _person("Grant", "Leanne")
    disclose(
        people=[leanne],
        family=Family.objects.get(name="Grant"),
        way=Way.PHONE,
        content=[Data.PROGRESS],
        what="That the hearing is withdrawn, and that mornings go better.",
        agency=county.agencies[SCHOOL],
        recipient="Bethan Price, school family worker",
        purpose=Purpose.HELP,
        basis=Basis.PERMISSION,
        by=county.people["sam"],
        now=now,
    )


def _taken_back(county: County, now: datetime) -> None:
    """Bethan is on the team of the Stones: Marek is asked to talk to her."""
    dawn, school = _person("Stone", "Dawn"), county.agencies[SCHOOL]
    said: dict[str, Any] = {"by": county.people["marek"], "now": now, **ALL_OF_IT}
    record_wish(dawn, whom=Whom.AGENCY, agency=school, wish=Wish.WITHDRAWN, **said)


def _copies(county: County, now: datetime) -> None:
    """Dawn has her copy; the Grants’ waits for a second person, since Leanne and her mother are to be kept apart for now."""
    marek, sam = county.people["marek"], county.people["sam"]
    dawn = begin_copy(
        _family("Stone"), document="plan", purpose=Purpose.HELP, person=_person("Stone", "Dawn"), by=marek, now=now
    )
    make(dawn, by=marek, now=now)
    leanne, maureen = _person("Grant", "Leanne"), _person("Grant", "Maureen")
    reason = "They have fallen out over money: neither wants the other to read what she said."
    record_conflict(_family("Grant"), one=leanne, other=maureen, reason=reason, by=sam, now=now)
    hers = begin_copy(_family("Grant"), document="plan", purpose=Purpose.HELP, person=maureen, by=sam, now=now)
    ask(hers, by=sam, now=now)


def _family(name: str) -> Family:
    return Family.objects.get(name=name)


def _person(family: str, first: str) -> Person:
    return Person.objects.get(first_name=first, memberships__family__name=family)
