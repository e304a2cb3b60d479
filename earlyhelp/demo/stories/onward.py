"""Services that people were referred to with their own permission: stories 1 and 3, each at another point (domain.md 17)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from earlyhelp.demo.clock import born
from earlyhelp.demo.county import County
from earlyhelp.directory.enums import AskedHow, GivenBy, Helped, ReturnReason
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.directory.services.onward import offer, propose
from earlyhelp.directory.transitions import onward as transitions
from earlyhelp.families.enums import FamilyRole, RelationshipKind
from earlyhelp.families.models import Person
from earlyhelp.families.services import add_member, create_person, relate, write_down
from earlyhelp.workflow.transitions import SYSTEM


class Referred:
    """One referral of a person to a service. Each verb writes a deed into the diary."""

    def __init__(
        self, county: County, at: datetime, by: str, person: Callable[[], Person], to: str, why: str, **said: Any
    ):
        self.county, self.by = county, county.people[by]

        def make(now: datetime) -> None:
            facts = {"given_by": GivenBy.PERSON, "how": AskedHow.FACE_TO_FACE} | said
            service = county.services[to]
            self._pk = offer(person=person(), service=service, by=self.by, now=now, why=why, **facts).pk

        county.diary.write(at, make)

    def then(self, at: datetime, step: Any, *, by: str = "", **facts: Any) -> Referred:
        """By somebody with an account, or by the service itself through its link."""
        actor = self.county.people[by] if by else SYSTEM
        self.county.diary.write(
            at, lambda now: step(OnwardReferral.objects.get(pk=self._pk), by=actor, now=now, **facts)
        )
        return self


def tell(county: County) -> None:
    _gwen(county)
    _bentleys(county)


def _gwen(county: County) -> None:
    """Two services accept; her coordinator asked her about each. She met him three working days after she was introduced."""
    start = county.since(weeks=9)

    def gwen() -> Person:
        return Person.objects.get(nhs_number="9990001014")

    how = {"reach": "A visit in the morning; she forgets telephone calls. Her coordinator comes along the first time."}
    dementia = Referred(
        county,
        start.at(weeks=2, hour=14),
        "dele",
        gwen,
        "dementia",
        "She would like somebody who knows what forgetting is like, for herself and for her daughter.",
        capacity_note="Asked on two mornings, at home, with the leaflet read aloud: she understood and chose this herself.",
        **how,
    )
    dementia.then(start.at(4, weeks=2), transitions.receive).then(start.at(4, weeks=2, hour=11), transitions.accept)
    dementia.then(start.at(weeks=4), transitions.start)
    company = Referred(
        county,
        start.at(weeks=2, hour=15),
        "dele",
        gwen,
        "neighbours",
        "Company once a week, and somebody to walk to the choir with.",
        limits="Do not speak with the daughter about it first.",
        **how,
    )
    company.then(start.at(2, weeks=2), transitions.accept).then(start.at(1, weeks=3), transitions.start)
    outcome = "Visited every week for a month. She now goes to the choir with her neighbour and asked us to stop."
    company.then(start.at(weeks=8), transitions.complete, outcome=outcome)


def _bentleys(county: County) -> None:
    """Arthur lost his wife. Age UK asks him and his children, each of them, about the bereavement service."""
    start, people = county.since(weeks=6), dict[str, Person]()

    def write_them_down(now: datetime) -> None:
        by, area = county.people["joan"], county.areas["Enderby"]
        named = {"sex": "male", "phone": "01632 960 130", "nhs_number": "9990001030"}
        family = write_down(
            name="Bentley", area=area, role=FamilyRole.PARENT, by=by, now=now, first_name="Arthur", last_name="Bentley",
            born_on=born(79, now=county.now, days=200), **named,
        )  # fmt: skip
        people["arthur"] = family.memberships.get().person
        for first, age, sex in (("Carol", 51, "female"), ("Neil", 48, "male")):
            facts: dict[str, Any] = {
                "last_name": "Bentley",
                "born_on": born(age, now=county.now, days=90),
                "sex": sex,
                "area": area,
            }
            child = create_person(by=by, now=now, first_name=first, phone="01632 960 131", **facts)
            add_member(family, child, role=FamilyRole.RELATIVE, by=by, now=now, lives_in_household=False)
            relate(people["arthur"], child, kind=RelationshipKind.PARENT, by=by, now=now)
            people[first.lower()] = child

    county.diary.write(start.at(), write_them_down)
    why = "His wife died in the spring while he was in hospital himself. He would like company, and to talk."
    age = Referred(county, start.at(hour=11), "joan", lambda: people["arthur"], "age", why)
    age.then(start.at(1), transitions.accept, by="joan").then(start.at(4), transitions.start, by="joan")
    grief = "Grieving for a wife and mother who died in the spring."
    sent = {
        who: Referred(county, start.at(days, weeks=2), "joan", partial(_named, people, who), "bereavement", grief)
        for who, days in (("arthur", 1), ("carol", 2))
    }
    sent["arthur"].then(start.at(4, weeks=2), transitions.accept)
    full = {"because": ReturnReason.FULL, "note": "We start a group in the new year. Please ask us again then."}
    sent["carol"].then(start.at(weeks=3), transitions.give_back, **full)
    sent["carol"].then(
        start.at(1, weeks=3), transitions.follow_up, by="joan", helped=Helped.STILL_NEEDED, note="She would wait."
    )
    county.diary.write(start.at(weeks=3, hour=15), lambda now: _suggest(county, people["neil"], now))
    men = "He mended clocks all his life and would like to use his hands in company again."
    Referred(county, county.since(working_days=4).at(), "joan", lambda: people["arthur"], "sheds", men)


def _named(people: dict[str, Person], who: str) -> Person:
    return people[who]


def _suggest(county: County, neil: Person, now: datetime) -> None:
    """Neil has not been asked yet."""
    why = "Grieving for his mother."
    propose(person=neil, service=county.services["bereavement"], by=county.people["joan"], now=now, why=why)
