"""Whoever got in touch: answered each in another way, three still waiting, and one of those the third about a family."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from earlyhelp.core.calendar import add_working_days
from earlyhelp.demo.clock import born
from earlyhelp.demo.county import County
from earlyhelp.demo.households import settle
from earlyhelp.demo.stories.neighbours import household
from earlyhelp.families.models import Family, FamilyMembership
from referrals.enums import Channel, FollowUpResult, Safeguarding, SourceKind, VoidBecause
from referrals.models import Contact
from referrals.services.contacts import record_contact
from referrals.transitions import contact as answers

GRANDMOTHER = {"source_kind": SourceKind.FAMILY, "caller_name": "Jean Ashwell", "caller_phone": "01632 960 177"}


def tell(county: County) -> None:
    _three_times(county)
    _waiting(county)
    _answered(county)
    _elsewhere(county)


class Call:
    """One contact. Each verb writes a deed into the diary."""

    def __init__(
        self,
        county: County,
        at: datetime,
        taker: str,
        said: str,
        *,
        family: Callable[[], Family] | None = None,
        **known: Any,
    ) -> None:
        self.county, self.at = county, at
        facts: dict[str, Any] = {
            "channel": Channel.PHONE,
            "source_kind": SourceKind.FAMILY,
            "safeguarding": Safeguarding.NO,
        }
        facts |= known

        def take(now: datetime) -> None:
            about = family() if family else None
            by = county.people[taker]
            self._pk = record_contact(by=by, now=now, received_at=now, said=said, family=about, **facts).pk

        county.diary.write(at, take)

    @property
    def contact(self) -> Contact:
        return Contact.objects.get(pk=self._pk)

    def then(self, step: Any, *, by: str = "asha", hours: float = 1, **facts: Any) -> Call:
        """What became of it, so long after."""
        person = self.county.people[by]
        at = self.at + timedelta(hours=hours)
        self.county.diary.write(at, lambda now: step(self.contact, by=person, now=now, **facts))
        return self


def _three_times(county: County) -> None:
    """A grandmother rings again and again: nobody need remember the last time."""
    home = household(county, "Ashwell", "Melton", children=(6, 3))
    known: dict[str, Family] = {}

    def write_down(now: datetime) -> None:
        known["family"] = settle(county, home, by=county.people["asha"], now=now)

    def family() -> Family:
        return known["family"]

    first = county.since(weeks=7)
    county.diary.write(first.at(hour=9), write_down)
    advice = "Ask the nursery about the free hours; the children’s centre has a toddler group on Tuesdays."
    caller: dict[str, Any] = GRANDMOTHER | {"family": family}
    one = Call(county, first.at(hour=10), "ruth", "My daughter cannot cope with the two little ones alone.", **caller)
    one.then(answers.advise, by="ruth", advice=advice, follow_up_on=first.at(10).date())
    one.then(
        answers.follow_up,
        by="ruth",
        hours=(first.at(10, hour=11) - one.at).total_seconds() / 3600,
        result=FollowUpResult.HELPED,
        note="The three-year-old goes to nursery now.",
    )
    second = county.since(weeks=3)
    Call(county, second.at(hour=14), "asha", "She has stopped opening her post.", **caller).then(
        answers.signpost,
        services=[county.services["play"]],
        reason="Somebody who comes to the house, and looks at the post with her.",
        person_told=True,
    )
    Call(county, county.now - timedelta(hours=3), "asha", "There was a man at the door about the rent.", **caller)


def _waiting(county: County) -> None:
    """One that nobody can place, one with a worry about safety."""
    Call(
        county,
        county.now - timedelta(hours=2),
        "ruth",
        "My neighbour’s boy is out until midnight. I would rather not say where we live.",
        source_kind=SourceKind.OTHER,
        safeguarding=Safeguarding.UNSURE,
    )
    Call(
        county,
        county.since(working_days=2).at(hour=16),
        "hannah",
        "A mother wrote that she sleeps on a friend’s sofa with the baby since the separation.",
        channel=Channel.EMAIL,
        source_kind=SourceKind.HEALTH_VISITOR,
        caller_name="Hannah Lowe",
        first_name="Rosie",
        last_name="Elston",
        born_on=born(24, now=county.now, days=120),
        area=county.areas["Melton"],
    )


def _answered(county: County) -> None:
    """Advised with a date to ask again; made into a referral that is being written; linked to a case."""
    yesterday = county.since(working_days=1)
    Call(
        county,
        yesterday.at(hour=10),
        "asha",
        "He is behind with the council tax and ashamed to ring them himself.",
        caller_name="Mark Orton",
        caller_phone="01632 960 178",
        first_name="Mark",
        last_name="Orton",
        area=county.areas["Blaby"],
    ).then(
        answers.advise,
        advice="The council’s hardship fund, and the form for it; we filled in the first page together.",
        follow_up_on=_soon(county),
    )
    Call(
        county,
        yesterday.at(hour=11),
        "asha",
        "A boy of nine who misses Mondays, and a mother who works nights. She would like somebody to talk to.",
        source_kind=SourceKind.SCHOOL,
        caller_name="Bethan Price",
        caller_phone="01632 960 179",
        first_name="Callum",
        last_name="Thorley",
        born_on=born(9, now=county.now, days=80),
        area=county.areas["Charnwood"],
    ).then(answers.convert, **_child(county, "Callum", "Thorley"))
    Call(
        county,
        yesterday.at(hour=13),
        "asha",
        "Leanne asks when somebody comes about the landlord’s second letter.",
        source_kind=SourceKind.HOUSING,
        caller_name="Kerry Baines",
        family=_family_with_a_case,
    ).then(answers.link, message="Please ring her before Friday: the letter gives a date.")


def _elsewhere(county: County) -> None:
    """Handed over at once; and one that was no contact at all."""
    day = county.since(working_days=3)
    Call(
        county,
        day.at(hour=15),
        "ruth",
        "The little girl next door has bruises on both arms and is not at school.",
        source_kind=SourceKind.OTHER,
        safeguarding=Safeguarding.YES,
        area=county.areas["Hinckley and Bosworth"],
    ).then(
        answers.hand_over,
        by="ruth",
        hours=0.2,
        about="A girl of about seven, next door to the caller",
        concern="Bruises on both arms, not at school this week.",
        family_told=False,
        not_told_why="The caller is a neighbour: it might put the child in danger.",
        spoken_to="Duty desk",
    )
    Call(county, day.at(hour=12), "bilal", "A caller who wanted the parking office.").then(
        answers.void, by="bilal", because=VoidBecause.WRONG_NUMBER
    )


def _soon(county: County) -> date:
    return add_working_days(timezone.localdate(county.now), 1)


def _child(county: County, first: str, last: str) -> dict[str, Any]:
    born_on = born(9, now=county.now, days=80)
    area = county.areas["Charnwood"]
    return {"first_name": first, "last_name": last, "born_on": born_on, "role": "child", "area": area}


def _family_with_a_case() -> Family:
    return FamilyMembership.objects.current().filter(family__name="Grant").earliest("pk").family
