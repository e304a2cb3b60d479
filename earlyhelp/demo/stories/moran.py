"""Story 6: a village without buses. Referred by the health visitor; waits for the monthly hub in Melton."""

from __future__ import annotations

from earlyhelp.core.calendar import add_working_days
from earlyhelp.demo.clock import Since
from earlyhelp.demo.county import County
from earlyhelp.demo.front_door import arrive
from earlyhelp.demo.households import Household, Member
from earlyhelp.demo.texts import Words
from earlyhelp.directory.models import Need
from earlyhelp.families.enums import FamilyRole, Sex

WORDS = Words(
    "Finn, who is four, hits and bites. Aoife cares for him and for Declan, who uses a wheelchair. One bus a day.",
    "Advice on behaviour at two visits. A carer’s assessment was offered to Aoife; she will think about it.",
    "Help with behaviour, a benefits check and, in time, to go back to work. A woman, please, and somebody local.",
    (Need.RELATIONSHIPS, Need.MONEY, Need.EARLY_YEARS),
    "They are funny and kind with each other. Declan does the bedtime story every night.",
    "They see nobody from one week to the next.",
)
HOUSEHOLD = Household(
    "Moran",
    "Melton",
    (
        Member("Aoife", 34, FamilyRole.PARENT, Sex.FEMALE),
        Member(
            "Declan", 38, FamilyRole.PARENT, Sex.MALE, note="Uses a wheelchair: meet at home, or where there is a ramp."
        ),
        Member("Finn", 4, sex=Sex.MALE),
    ),
    town="Buckminster",
)


def tell(county: County) -> None:
    meeting = county.sittings["Melton"].ago(-1)
    start = Since(add_working_days(meeting.date(), -12))
    arrive(county, HOUSEHOLD, start, referrer="hannah", words=WORDS, level=2)
