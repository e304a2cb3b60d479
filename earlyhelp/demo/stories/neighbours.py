"""Everybody else: invented families all over the county, so that each list has something true in it and each state somebody.

A family's story follows from the meeting at which the hub heard it; how far it has come follows from today's date.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from assessments.enums import AtHome, RiskKind, RiskLevel, RiskResponse
from earlyhelp.cases.enums import FollowUpResult
from earlyhelp.core.calendar import add_working_days
from earlyhelp.demo.clock import Since
from earlyhelp.demo.county import County
from earlyhelp.demo.front_door import arrive
from earlyhelp.demo.households import Household, Member
from earlyhelp.demo.journey import Journey
from earlyhelp.demo.names import first_name
from earlyhelp.demo.texts import REFERRALS, WISHES, Words
from earlyhelp.families.enums import FamilyRole, Sex
from hubs.enums import DecisionKind

BLABY, CHARNWOOD, BOSWORTH, MELTON, COALVILLE = (
    "Blaby",
    "Charnwood",
    "Hinckley and Bosworth",
    "Melton",
    "North West Leicestershire",
)
BEFORE = 12  # working days from the referral to the meeting, whose papers close five before it
REFERRERS = ("kerry", "hannah", "lucy", "bethan", "grace")


@dataclass(frozen=True)
class Neighbour:
    """``meeting``: 0 for the hub's last, 1 for the one before, -1 for the one to come."""

    name: str
    area: str
    meeting: int
    lead: str = ""
    tier: int = 2
    children: tuple[int, ...] = (8, 5)
    parents: int = 1
    skips_review: bool = False


WAITING = (
    Neighbour("Castledine", MELTON, -1, children=(13, 11), parents=2),
    Neighbour("Owusu", MELTON, -1, children=(4, 2)),
    Neighbour("Skeffington", BOSWORTH, -1, children=(14, 12, 10)),
    Neighbour("Tebbutt", BLABY, -1, children=(9,)),
)
# What agencies answered of those who still wait for a meeting: one knows them, one knows nothing, one is silent.
REPLIES = {
    "County health trust": "Seen at home twice this year. The parents ask for help when they need it.",
    "Example County Police": "",
    "Forest Way Primary School": None,
}
HEARD = (
    Neighbour("Grewcock", MELTON, 0, "jo", children=(6, 4), parents=2),
    Neighbour("Johal", MELTON, 1, "jo", children=(2, 1), parents=2),
    Neighbour("Rudkin", MELTON, 3, "jo", children=(5,)),
    Neighbour("Pegg", MELTON, 2, "jo", children=(7, 5), skips_review=True),
    Neighbour("Szymanski", CHARNWOOD, 0, "zainab", children=(10, 8)),
    Neighbour("Cufflin", CHARNWOOD, 1, "zainab", children=(9, 7)),
    Neighbour("Musson", BLABY, 0, "anya", children=(5, 3)),
    Neighbour("Uddin", BLABY, 1, "anya", children=(11, 9, 6, 2), parents=2),
    Neighbour("Varley", BOSWORTH, 0, "gareth", children=(14,)),
    Neighbour("Jeffcote", BOSWORTH, 4, "kofi", 3, (12, 8, 5), 2),
    Neighbour("Darko", COALVILLE, 0, "leila", 3, (16, 11, 7)),
    Neighbour("Palfreyman", COALVILLE, 1, "callum", children=(15, 13)),
    Neighbour("Afzal", COALVILLE, 3, "leila", 3, (13, 10, 4)),
)
OFFERED = Neighbour("Horobin", CHARNWOOD, 0, "dilys", children=(3,))
DECLINED = Neighbour("Measures", CHARNWOOD, 0, "zainab", children=(5, 4))
SIGNPOSTED = Neighbour("Toone", BOSWORTH, 0, children=(17,))
UP = Neighbour("Fewkes", MELTON, 3, "jo", children=(14, 6))
UP_NOW = Neighbour("Nwosu", CHARNWOOD, 4, "marek", children=(16, 14))
DOWN = Neighbour("Kandola", COALVILLE, 5, "leila", 3, (11,), 2)
CLOSING = (Neighbour("Wardle", MELTON, 6, "jo", children=(8,)), Neighbour("Igwe", COALVILLE, 8, "sam", 3, (9, 7, 3)))
CLOSED = Neighbour("Draycott", MELTON, 9, "jo", children=(6, 3), parents=2)
FOLLOW_UP = Neighbour("Quenby", CHARNWOOD, 14, "marek", children=(15,))
ENDED = Neighbour("Zafar", BLABY, 18, "anya", children=(10, 8))


def tell(county: County) -> None:
    for each in WAITING:
        _referred(county, each)
    for each in HEARD:
        journey = _supported(county, each)
        if each.name == "Pegg":
            lately = county.since(working_days=3).at()
            sleep = "Visit at bedtime and talk through the sleep diary with the parents"
            journey.promises(lately, "hannah", sleep, due_on=add_working_days(timezone.localdate(), 3))
    _tell_of_answers(county)
    _tell_of_steps(county)
    _tell_of_ends(county)


def _tell_of_answers(county: County) -> None:
    """Offered and not answered; declined; and not a matter for early help at all."""
    hub = _hub(county, OFFERED)
    _referred(county, OFFERED).offered("dilys", _moment(county, OFFERED), **_offer(county, OFFERED))
    declined = _referred(county, DECLINED).offered("zainab", _moment(county, DECLINED), **_offer(county, DECLINED))
    declined.declined("zainab", hub.at(1), "On leave for three weeks from Monday: the family should not wait for me.")
    _urgent(county)
    why = "One service can help: introduced to the careers service."
    sent = _referred(county, SIGNPOSTED)
    sent.hub_decides(_moment(county, SIGNPOSTED), DecisionKind.SIGNPOST, why, where="Careers service")
    sent.told(_moment(county, SIGNPOSTED), "I rang them, and they have the number of the careers service.")


def _urgent(county: County) -> None:
    """It cannot wait for the meeting: the chair's to decide, with one other agency."""
    home = household(county, "Bhatti", CHARNWOOD, children=(7, 6, 1))
    why = "They leave the refuge on Friday and have nowhere to go."
    day = county.since(working_days=2)
    arrive(county, home, day, referrer="lucy", words=REFERRALS[5], urgent=why, level=3, tier=3)


def _tell_of_steps(county: County) -> None:
    lately = county.since(working_days=9)
    asked = _supported(county, UP, reviews=1)
    _he_comes_back(asked, county.since(working_days=10))
    asked.asks_step_up(lately.at())
    asked.passed_to_the_hub(lately.at(hour=15), "The school and the police know of nothing new.")
    _supported(county, UP_NOW, reviews=1).asks_step_up(county.since(working_days=1).at())  # EH Access has it today
    lately = county.since(working_days=4)
    down = _supported(county, DOWN, reviews=3).asks_step_down(lately.at(), receiving="callum")
    down.ready_to_lead("callum", lately.at(1))


def _he_comes_back(journey: Journey, day: Since) -> None:
    """A high risk for which the team is not enough, and a plan that must not lie about at home."""
    journey.risk(
        day.at(hour=14),
        RiskKind.DOMESTIC_ABUSE,
        "He is let in again at night. The children hear it.",
        "The eldest told the school on Monday. The mother says that he has no key, and looked at the door.",
        "The school sees the children in each morning. The police mark the address. Jo rings at eleven, when he is out.",
        level=RiskLevel.HIGH,
        response=RiskResponse.STEP_UP,
    )
    journey.looked(
        day.at(6, hour=14),
        "He has not been seen since Thursday. The children sleep.",
        "As before, until the hub has decided.",
        level=RiskLevel.HIGH,
    )
    journey.safety_plan(
        day.at(hour=15),
        signs="He texts that he is sorry. He has been drinking by six.",
        alone="I keep the bag at work, and the car outside.",
        people="My sister. 999, and I say nothing and press 55.",
        children="They go to number nine and knock.",
        services="The helpline’s number is under “dentist” in my telephone.",
        at_home=AtHome.NOT_SAFE,
    )


def _tell_of_ends(county: County) -> None:
    for each in CLOSING:
        _supported(county, each, reviews=4 if each.tier == 3 else 2).proposes_closure(county.since(working_days=7).at())
    _closed(county, CLOSED, weeks=24)
    _closed(county, FOLLOW_UP, weeks=24).follow_up_begun(county.since(working_days=10).at())
    hub = _hub(county, ENDED)
    ended = _closed(county, ENDED, weeks=36).follow_up_begun(hub.at(weeks=66))
    note = "The children are at school every day and the house is calm. They said thank you."
    ended.followed_up(hub.at(weeks=68), FollowUpResult.SUSTAINED, note)


def _closed(county: County, each: Neighbour, *, weeks: int) -> Journey:
    """Closure is proposed so many weeks after the hub's first decision, and ratified at its next meeting."""
    proposed = _hub(county, each).at(weeks=weeks)
    journey = _supported(county, each, reviews=weeks // 12).proposes_closure(proposed)
    return journey.closure_ratified(journey.sitting.next_after(proposed))


def _supported(county: County, each: Neighbour, *, reviews: int = 9) -> Journey:
    """The usual course: accepted, visited, assessed in three weeks, a plan in five, and reviews at the tier's pace."""
    hub = _hub(county, each)
    journey = _referred(county, each).allocated(each.lead, _moment(county, each), **_offer(county, each))
    journey.first_contact(hub.at(4), "The parents and every child, at home.")
    journey.joined(hub.at(5), "bethan", "hannah")
    journey.talks_services_over(hub.at(5, hour=10, minute=30))
    needs = tuple(need.value for need in _words(each).needs)
    journey.assessed(hub.at(5, hour=11), hub.at(weeks=3), needs=needs, level=3)
    journey.planned(hub.at(1, weeks=3), agreed=hub.at(weeks=5))
    every = 6 if each.tier == 3 else 12
    for number in range(0 if each.skips_review else reviews):
        journey.reviewed(hub.at(weeks=10 + every * number))
    return journey


def _referred(county: County, each: Neighbour) -> Journey:
    sitting = county.sittings[each.area]
    moment = sitting.ago(each.meeting)
    sitting.hold(moment)
    start = Since(add_working_days(moment.date(), -BEFORE))
    home = household(county, each.name, each.area, children=each.children, parents=each.parents)
    return arrive(
        county,
        home,
        start,
        referrer=county.dice.choice(REFERRERS),
        words=_words(each),
        level=3,
        tier=each.tier,
        replies=REPLIES if each in WAITING else None,
    )


def _moment(county: County, each: Neighbour) -> Any:
    return county.sittings[each.area].ago(each.meeting)


def _hub(county: County, each: Neighbour) -> Since:
    """The day on which the hub heard the family, from which the rest of its story counts."""
    return Since(_moment(county, each).date())


def _offer(county: County, each: Neighbour) -> dict[str, Any]:
    apart = "Several agencies know the family: one person brings them together."
    return {
        "tier": each.tier,
        "wish": county.dice.choice(WISHES),
        "reason": "One worker for the whole family, with specialists beside." if each.tier == 3 else apart,
        "specialists": ("debt", "camhs") if each.tier == 3 else (),
    }


def _words(each: Neighbour) -> Words:
    return REFERRALS[sum(map(ord, each.name)) % len(REFERRALS)]


def household(county: County, name: str, area: str, *, children: tuple[int, ...], parents: int = 1) -> Household:
    dice = county.dice
    members = [
        Member(
            first_name(dice, female=number == 0, adult=True),
            max(children) + dice.randint(20, 30),
            FamilyRole.PARENT,
            _sex(number == 0),
        )
        for number in range(parents)
    ]
    for age in children:
        female = dice.random() < 0.5
        members.append(Member(first_name(dice, female=female, adult=False), age, sex=_sex(female)))
    return Household(name, area, tuple(members))


def _sex(female: bool) -> str:
    return Sex.FEMALE if female else Sex.MALE
