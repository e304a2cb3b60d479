"""What the workbench of EH Access shows: three replies side by side, one that never came, and somebody directed on."""

from __future__ import annotations

from datetime import datetime, timedelta

from earlyhelp.demo.county import County
from earlyhelp.demo.front_door import Arrival
from earlyhelp.demo.stories.neighbours import household
from earlyhelp.demo.texts import REFERRALS
from earlyhelp.letters.enums import Kind, Reader
from referrals.models import Involved
from referrals.queries import people_of
from referrals.services.letters import GROWN_UP, begun
from referrals.transitions.directing import direct

SCHOOL, POLICE, TRUST = "Forest Way Primary School", "Example County Police", "County health trust"
CARE = "County social care"


def tell(county: County) -> None:
    _side_by_side(county)
    _directed(county)


def _side_by_side(county: County) -> None:
    """Three have answered, each in another way; the time of a fourth has run out."""
    home = household(county, "Fairbrother", "Charnwood", children=(9, 6, 1))
    arrival = Arrival(county, home, referrer="bethan", words=REFERRALS[2])
    day = county.since(working_days=2)
    arrival.sent(day.at(hour=9)).taken(day.at(hour=10), by="asha")
    arrival.asked(day.at(hour=10, minute=15), SCHOOL, POLICE, TRUST, CARE)
    seen = (day.at(hour=10) - timedelta(days=12)).date()
    nurse = Involved("Health visiting", "Morag Example", "01632 960 141", seen)
    clinic = Involved("Speech and language", "Clinic desk", "01632 960 142", None, "Two appointments were missed.")
    club = Involved("Breakfast club", "Mrs Example", "01632 960 143", seen)
    arrival.answered_with(day.at(hour=13), TRUST, "The baby gains weight well.", nurse, clinic)
    arrival.answered_with(day.at(hour=14), SCHOOL, "The eldest is tired on Mondays.", club)
    arrival.answered(day.at(hour=15), POLICE)


def _directed(county: County) -> None:
    """A mother who knows nobody yet is introduced to a coordinator, and the officer wrote the letter a little warmer."""
    home = household(county, "Peverell", "Melton", children=(4,))
    arrival = Arrival(county, home, referrer="hannah", words=REFERRALS[7])
    day = county.since(working_days=3)
    arrival.sent(day.at(hour=9)).taken(day.at(hour=11))

    def decide(now: datetime) -> None:
        referral = arrival.referral
        officer = referral.holder
        person = next(each.person for each in people_of(referral.family_id) if each.role in GROWN_UP)
        letter = begun(referral, Kind.DIRECTED, Reader.FAMILY, by=officer, now=now)
        warmer = (
            "It was good to talk with you on the telephone. The coffee morning that you asked about is on Thursdays."
        )
        direct(
            referral,
            by=officer,
            now=now,
            reason="She would like company more than a plan. The nursery goes on seeing the child.",
            message=begun(referral, Kind.DIRECTED, Reader.REFERRER, by=officer, now=now),
            family_letter=letter.replace("\n\n", f"\n\n{warmer}\n\n", 1),
            level_of_need=2,
            route="lac",
            person=person,
            words="To know somebody in the village, and to sing again.",
            reach="By text, on weekday mornings.",
            agreed=True,
            agreement="She said yes when I rang her.",
        )

    arrival.do(day.at(1, hour=10), decide)
