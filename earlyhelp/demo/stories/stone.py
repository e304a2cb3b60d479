"""Story 7: twelve weeks with the Inclusion Service. The end of the programme is in sight, and Dawn wants it to go on."""

from __future__ import annotations

from assessments.enums import AtHome, RiskKind, RiskLevel
from earlyhelp.cases.enums import TeamRole
from earlyhelp.core.calendar import add_working_days
from earlyhelp.demo.clock import Since
from earlyhelp.demo.county import County
from earlyhelp.demo.front_door import arrive
from earlyhelp.demo.households import Household, Member
from earlyhelp.demo.journey import Journey
from earlyhelp.demo.texts import Words
from earlyhelp.directory.models import Need
from earlyhelp.families.enums import EventKind, FamilyRole, Sex

WORDS = Words(
    "Dawn is ill, the mortgage is three months behind and she fears losing the house. She doesn’t know where to start.",
    "Meetings at school about Robin; CAMHS sees both children.",
    "Somebody who comes along to appointments.",
    (Need.HEALTH, Need.HOUSING, Need.MONEY, Need.EDUCATION, Need.RELATIONSHIPS),
    "Elliot cooks. Robin knows everything about bees.",
    "The letters are not opened any more.",
)
HOUSEHOLD = Household(
    "Stone",
    "Charnwood",
    (
        Member("Dawn", 41, FamilyRole.PARENT, Sex.FEMALE),
        Member("Elliot", 16, sex=Sex.MALE),
        Member("Robin", 10, note="Autistic. Same place, same time, and say beforehand what will happen."),
    ),
    town="Syston",
)


def tell(county: County) -> None:
    sitting = county.sittings["Charnwood"]
    meeting = sitting.ago(2)
    start, hub = Since(add_working_days(meeting.date(), -12)), Since(meeting.date())
    sitting.hold(meeting)
    journey = arrive(county, HOUSEHOLD, start, referrer="lucy", words=WORDS)
    journey.allocated(
        "marek",
        meeting,
        wish="Somebody who comes along to appointments.",
        reason="The Inclusion Service for twelve weeks; Supporting Families may follow. CAMHS is invited to the team.",
    )
    journey.first_contact(hub.at(4), "Dawn and Robin at home; Elliot by telephone, as he asked.")
    journey.joined(hub.at(5), "bethan", "maxine")
    journey.joined_by_name(hub.at(5), "CAMHS worker", TeamRole.SPECIALIST)
    journey.event(
        hub.at(weeks=2),
        EventKind.HEALTH,
        "First appointment with the diabetes nurse in two years. Marek went with her.",
    )
    journey.assessed(
        hub.at(5, hour=12), hub.at(weeks=3), needs=(Need.HEALTH, Need.HOUSING, Need.MONEY, Need.EDUCATION), level=3
    )
    journey.planned(hub.at(1, weeks=3), agreed=hub.at(weeks=4))
    _of_elliot(journey, hub)
    journey.event(hub.at(weeks=6), EventKind.HOME, "The lender agrees to smaller payments for six months.")
    journey.event(hub.at(weeks=8), EventKind.SERVICE, "Five of seven appointments kept.")
    journey.reviewed(hub.at(weeks=10))


def _of_elliot(journey: Journey, hub: Since) -> None:
    """He is sixteen, and told his worker; the plan is his own."""
    journey.risk(
        hub.at(2, weeks=5),
        RiskKind.SELF_HARM,
        "Elliot hurts himself when it is loud at home and nobody else is up.",
        "He told Marek on Wednesday, and showed his arm. CAMHS knew, and sees him each fortnight.",
        "CAMHS sees him weekly from now on. His mother keeps the medicines locked. His plan is below.",
        level=RiskLevel.MEDIUM,
        child=True,
    )
    journey.safety_plan(
        hub.at(3, weeks=5),
        child=True,
        signs="I stop answering. I put the headphones on and want the door shut.",
        alone="Cook something. Cold water. Walk to the bridge and back.",
        people="Mum, if I knock twice. My aunt, any time. Shout, by text.",
        places="The kitchen. My aunt’s.",
        services="CAMHS in office hours; 111, and then 2, at night.",
        at_home=AtHome.KEEPS,
    )
