"""Families who are still at the front door, each at another point of it; and those for whom it led elsewhere."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from earlyhelp.demo.county import County
from earlyhelp.demo.front_door import Arrival
from earlyhelp.demo.households import Household
from earlyhelp.demo.stories.neighbours import household
from earlyhelp.demo.texts import REFERRALS
from earlyhelp.directory.models import Need
from earlyhelp.families.enums import FamilyRole
from referrals.enums import Safeguarding
from referrals.services import asking
from referrals.transitions import referral as triage

SCHOOL, POLICE, TRUST = "Forest Way Primary School", "Example County Police", "County health trust"


def tell(county: County) -> None:
    _waiting(county)
    _by_herself(county)
    _asked(county)
    _elsewhere(county)


def _arrival(
    county: County, name: str, area: str, children: tuple[int, ...], referrer: str, words: int, urgent: str = ""
) -> Arrival:
    home: Household = household(county, name, area, children=children)
    return Arrival(county, home, referrer=referrer, words=REFERRALS[words], urgent=urgent)


def _waiting(county: County) -> None:
    """Not taken yet: one just in, one urgent, one that should have been decided by now; and one half written."""
    now = county.now
    _arrival(county, "Castelow", "Charnwood", (6, 4), "zainab", 0).sent(now - timedelta(hours=2))
    _arrival(county, "Abara", "Blaby", (14,), "lucy", 8, urgent="Missing two nights this week.").sent(
        now - timedelta(hours=1, minutes=30)
    )
    _arrival(county, "Gadsby", "Melton", (11, 8, 2), "hannah", 5).sent(county.since(working_days=2).at(hour=15))
    _arrival(county, "Ibstock", "Melton", (3,), "hannah", 7).drafted(
        county.since(working_days=1).at(hour=16), half=True
    )


def _by_herself(county: County) -> None:
    """A mother who asked on the public form last night, and must not be rung at home."""
    at = county.since(working_days=1).at(hour=20, minute=40)

    def ask(now: datetime) -> None:
        begun = now - timedelta(minutes=25)
        ticket = asking.begin("you", {}, opened_at=begun, address="", now=begun)
        draft = asking.held(ticket)
        assert draft is not None
        asking.send(draft, said=HER_WORDS | {"area": county.areas["Blaby"]}, now=now)

    county.diary.write(at, ask)


HER_WORDS = {
    "first_name": "Shona",
    "last_name": "Ellwood",
    "born_on": date(1993, 3, 27),
    "role": FamilyRole.PARENT,
    "lives_here": True,
    "others": [
        {
            "first_name": "Caleb",
            "last_name": "Ellwood",
            "born_on": date(2017, 11, 5),
            "role": FamilyRole.CHILD,
            "lives_here": True,
        }
    ],
    "contact_phone": "01632 960 187",
    "reach_safely": "Safe, they say: “send me a text”.\nOnly before three o’clock. Please never leave a message.",
    "why_now": "I have not slept since we moved. Caleb will not go to the new school and I do not know anybody here.",
    "tried": "",
    "wants": "Somebody to talk to, and Caleb with one friend.",
    "needs": [Need.EDUCATION.value, Need.CONNECTION.value],
    "strengths": "Caleb reads to me every night.",
    "safeguarding": Safeguarding.UNSURE,
    "safeguarding_detail": "",
    "urgent": False,
    "urgent_why": "",
}


def _asked(county: County) -> None:
    """In triage: one waits for answers, one has them all and is ready, one is simply held."""
    yesterday, today = county.since(working_days=1), county.now
    held = _arrival(county, "Kinch", "Hinckley and Bosworth", (12, 9), "lucy", 6)
    held.sent(yesterday.at(hour=14)).taken(yesterday.at(hour=16))
    waiting = _arrival(county, "Sahota", "Charnwood", (10, 7), "bethan", 2)
    waiting.sent(yesterday.at(hour=13)).taken(today - timedelta(minutes=80))
    waiting.asked(today - timedelta(minutes=70), POLICE, SCHOOL)
    ready = _arrival(county, "Wardell", "North West Leicestershire", (5,), "kerry", 3)
    ready.sent(yesterday.at(hour=10)).taken(yesterday.at(hour=11), by="bilal").asked(
        yesterday.at(hour=12), POLICE, TRUST
    )
    ready.answered(yesterday.at(hour=14), POLICE).answered(
        yesterday.at(hour=15), TRUST, "The two-year check went well. Seen in March."
    )


def _elsewhere(county: County) -> None:
    """Signposted, advised, and handed over to social care."""
    start = county.since(working_days=4)
    for name, area, words in (("Tugby", "Blaby", 9), ("Pickering", "Melton", 1)):
        arrival = _arrival(county, name, area, (8,), "lucy", words)
        arrival.sent(start.at(hour=9)).taken(start.at(hour=11))
        if name == "Tugby":
            services = [county.services["bereavement"]]
            arrival.decided(
                start.at(1), triage.signpost, reason="One service can help.", level_of_need=2, services=services
            )
        else:
            advice = "Ask for the school’s breakfast club and the free hours at nursery; ring us again in a month."
            arrival.decided(
                start.at(1), triage.advise, reason="The school can help, once told how.", level_of_need=2, advice=advice
            )
    up = _arrival(county, "Rudd", "Charnwood", (2, 1), "hannah", 4)
    up.sent(county.since(working_days=1).at(hour=9)).taken(county.since(working_days=1).at(hour=9, minute=50))
    up.decided(
        county.since(working_days=1).at(hour=10, minute=30),
        triage.step_up,
        reason="Unexplained bruises on a baby.",
        spoken_to="Duty desk",
    )
