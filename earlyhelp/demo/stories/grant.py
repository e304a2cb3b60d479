"""Story 5: rent arrears, complaints, an intensive worker at tier 3. Two reviews have gone well; a third decides the step down."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from assessments.enums import RiskKind, RiskLevel
from earlyhelp.demo import casework
from earlyhelp.demo.clock import Since
from earlyhelp.demo.county import County
from earlyhelp.demo.front_door import Arrival
from earlyhelp.demo.households import Household, Member
from earlyhelp.demo.journey import Journey
from earlyhelp.demo.stories import kin
from earlyhelp.demo.stories.onward import Referred
from earlyhelp.demo.texts import Words
from earlyhelp.directory.models import Need
from earlyhelp.directory.transitions import onward as transitions
from earlyhelp.families.enums import EventKind, FamilyRole, Sex
from earlyhelp.families.models import Person
from earlyhelp.families.services import add_event

WORDS = Words(
    "Leanne owes £2,340 in rent and a possession hearing is seven weeks away. Four complaints in three months.",
    "Two repayment plans, neither kept. A warning about the noise.",
    "Somebody who won’t judge, and to stay in the house.",
    (Need.HOUSING, Need.MONEY, Need.RELATIONSHIPS, Need.CRIME, Need.EDUCATION),
    "The children are close. Leanne’s mother lives ten minutes away and wants to help.",
    "Eviction, and three children moved again.",
)
HOUSEHOLD = Household(
    "Grant",
    "North West Leicestershire",
    (
        Member("Leanne", 29, FamilyRole.PARENT, Sex.FEMALE),
        Member("Tyler", 9, sex=Sex.MALE, upn="A855200119003"),
        Member("Demi", 6, sex=Sex.FEMALE),
        Member("Kai", 3, sex=Sex.MALE),
        Member("Maureen", 58, FamilyRole.RELATIVE, Sex.FEMALE, at_home=False),
    ),
    town="Coalville",
)


def tell(county: County) -> None:
    start = county.since(weeks=17)
    urgent = "A possession hearing is seven weeks away."
    arrival = Arrival(county, HOUSEHOLD, referrer="kerry", words=WORDS, urgent=urgent)
    arrival.sent(start.at(hour=9)).taken(start.at(hour=10))
    arrival.asked(
        start.at(hour=11),
        "Forest Way Primary School",
        "Example County Police",
        "County health trust",
        "County social care",
    )
    arrival.answered(start.at(hour=13), "Forest Way Primary School", "Tyler is late most days. Demi is a delight.")
    arrival.answered(
        start.at(hour=14), "Example County Police", "Four calls about noise since the summer. No other concern."
    )
    arrival.answered(start.at(hour=14, minute=30), "County health trust", "Kai’s two-year check was missed.")
    arrival.answered(start.at(hour=15), "County social care")
    arrival.progressed(start.at(1, hour=9), level=3, tier=3)
    journey = arrival.journey()
    journey.offered(
        "sam",
        start.at(3),
        tier=3,
        specialists=("debt", "centre"),
        wish="Somebody who won’t judge.",
        alone=True,
        reason="An eviction is near, and three needs at once call for one worker for the whole family.",
    )
    journey.accepted("sam", start.at(3, hour=15))
    journey.first_contact(
        start.at(5), "Leanne, Tyler, Demi and Kai, at home. Each child was seen; Kai showed his trains."
    )
    _the_home_at_risk(journey, start)
    journey.joined(start.at(6), "kerry", "bethan", "hannah", "jo")
    journey.joined_by_name(start.at(6, hour=11), "Maureen Grant, grandmother")
    _services(county, journey, start)
    kin.tell(county, journey, start.at(7))
    journey.event(start.at(weeks=2), EventKind.HOME, "The housing officer agrees to wait for the benefits claim.")
    journey.do(start.at(weeks=2, hour=15), lambda now: _health_keeps(journey, county, now))
    needs = (Need.HOUSING, Need.MONEY, Need.RELATIONSHIPS, Need.CRIME, Need.EDUCATION)
    journey.assessed(start.at(6, hour=12), start.at(weeks=3), needs=needs, level=3)
    journey.planned(start.at(1, weeks=3), agreed=start.at(weeks=4), where="Coalville children’s centre")
    journey.event(start.at(weeks=9), EventKind.HOME, "Arrears down to £900. The hearing is adjourned.")
    journey.reviewed(start.at(weeks=10))
    journey.event(start.at(weeks=13), EventKind.SCHOOL, "Tyler has been to school every day this half term.")
    journey.event(
        start.at(weeks=15), EventKind.HOME, "Arrears cleared. No complaint for six weeks. The hearing is withdrawn."
    )
    journey.reviewed(start.at(weeks=16))


def _services(county: County, journey: Journey, start: Since) -> None:
    """Both that the hub named, each with Leanne's own yes."""

    def leanne() -> Person:
        return casework.parent_of(journey.case)

    reach = {"reach": "Text her after nine; she rings back."}
    advice = "Rent arrears of £2,340, and a hearing in six weeks. She would like somebody to go through the letters with her."
    debt = Referred(county, start.at(6, hour=14), "sam", leanne, "debt", advice, **reach)
    debt.then(start.at(7), transitions.accept).then(start.at(8), transitions.start)
    debt.then(start.at(weeks=13), transitions.complete, outcome="The claim is paid and the arrears are cleared.")
    home = "Help with routines, and a safer home for Kai."
    centre = Referred(county, start.at(6, hour=15), "sam", leanne, "centre", home, **reach)
    centre.then(start.at(8), transitions.accept).then(start.at(10), transitions.start)


def _the_home_at_risk(journey: Journey, start: Since) -> None:
    """From high to over: what was known, and what was done about it, at each look."""
    journey.risk(
        start.at(5, hour=15),
        RiskKind.HOME,
        "They are evicted seven weeks from now, and the children lose school, nursery and their grandmother next door.",
        "The possession order was read at the visit. Leanne has not opened the letters since the summer.",
        "Sam rings the housing officer today and goes through the letters with Leanne on Tuesday.",
        level=RiskLevel.HIGH,
    )
    journey.looked(
        start.at(5, weeks=1, hour=15),
        "The claim is in. The housing officer waits for it.",
        "Sam rings the housing officer each Friday. If the claim is refused, the debt adviser comes the same day.",
        level=RiskLevel.HIGH,
    )
    journey.looked(
        start.at(1, weeks=3, hour=15),
        "Benefits are paid and the first instalment of the arrears too.",
        "Kerry tells Sam if an instalment is missed.",
        level=RiskLevel.MEDIUM,
    )
    journey.looked(
        start.at(2, weeks=9, hour=15),
        "Arrears down to £900; the hearing is adjourned.",
        "As before.",
        level=RiskLevel.LOW,
    )
    journey.risk_over(start.at(1, weeks=15, hour=15), "The arrears are cleared and the hearing is withdrawn.")


def _health_keeps(journey: Journey, county: County, now: datetime) -> None:
    """Sam reads that health is involved, and Hannah reads with what."""
    add_event(
        journey.case.family,
        happened_on=timezone.localdate(now),
        kind=EventKind.HEALTH,
        text="Leanne was seen about her own health, and asked that it stays with the health visitor.",
        private_to_agency=True,
        by=county.people["hannah"],
        now=now,
    )
