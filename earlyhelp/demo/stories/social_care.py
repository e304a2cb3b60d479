"""To and from social care: a hand-over that waits, one that was refused and is argued about, and a family stepped down."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from earlyhelp.cases.models import Case
from earlyhelp.demo.county import County
from earlyhelp.demo.front_door import Arrival
from earlyhelp.demo.stories.neighbours import household
from earlyhelp.demo.texts import REFERRALS
from earlyhelp.disagreements import transitions as disagreements
from earlyhelp.disagreements.enums import About
from earlyhelp.disagreements.models import Disagreement
from earlyhelp.disagreements.registry import find
from earlyhelp.disagreements.services import disagree
from earlyhelp.families.enums import FamilyRole, StatutoryKind
from earlyhelp.families.services import record_statutory_status
from referrals.models import SocialCareHandover
from referrals.services.handover import hand_over
from referrals.transitions import handover as answers
from referrals.transitions.step_down import pass_step_down

SCHOOL, TRUST = "Forest Way Primary School", "County health trust"
LED_BY = "zainab"


def tell(county: County) -> None:
    _just_handed_over(county)
    _not_accepted(county)
    _stepped_down(county)


def _just_handed_over(county: County) -> None:
    """Nobody at social care has acknowledged it yet: the link worker’s list begins with it."""
    kerry = county.people["kerry"]
    lately = county.now - timedelta(hours=3)  # of yesterday it would be late by the evening, and social care reminded
    county.diary.write(lately, lambda now: hand_over(by=kerry, now=now, **SEEN_FROM_THE_LANDING))


def _not_accepted(county: County) -> None:
    """The lead handed over what a child said; social care asked for more first. It is argued between managers now."""
    day, zainab, asha = county.since(working_days=4), county.people[LED_BY], county.people["asha"]
    told: dict[str, Any] = {}

    def handover() -> SocialCareHandover:
        return SocialCareHandover.objects.get(pk=told["handover"])

    def disagreement() -> Disagreement:
        return Disagreement.objects.get(pk=told["disagreement"])

    def send(now: datetime) -> None:
        case = Case.objects.live().get(family__name="Cufflin")
        told["handover"] = hand_over(
            by=zainab, now=now, about="The Cufflin family: the child of nine", case=case, **WORRY
        ).pk

    def object_to_it(now: datetime) -> None:
        zainab.forget_scope()
        matter = find(handover().reference, zainab)
        assert matter is not None
        told["disagreement"] = disagree(matter, by=zainab, now=now, about=About.HANDOVER, **NOT_AGREED).pk

    write = county.diary.write
    write(day.at(hour=10), send)
    write(
        day.at(hour=14), lambda now: answers.call(handover(), by=zainab, now=now, said="Rang twice. Nobody answered.")
    )
    taken = {"spoken_to": "Duty desk, Mr Hale", "their_reference": "SC-4471"}
    write(day.at(hour=15), lambda now: answers.acknowledge(handover(), by=zainab, now=now, **taken))
    write(day.at(1, hour=9), lambda now: answers.not_accepted(handover(), by=zainab, now=now, **REFUSAL))
    write(day.at(1, hour=11), lambda now: answers.settle(handover(), by=asha, now=now, reason=SETTLED))
    write(day.at(1, hour=12), object_to_it)
    write(day.at(3, hour=10), lambda now: disagreements.take_further(disagreement(), by=zainab, now=now, **FIRST_STAGE))


SEEN_FROM_THE_LANDING: dict[str, Any] = {
    "about": "A boy of about four, top flat, Bakewell House: the tenant is Mr D. Arkley",
    "concern": "He was alone on the landing at three o’clock in socks. Nobody answered the door for forty minutes.",
    "source": "I saw him myself when I came about the gas check.",
    "family_told": False,
    "not_told_why": "Nobody was there to be told.",
}
WORRY: dict[str, Any] = {
    "concern": "Said at school: “I sleep in the shed when Mum’s friend stays.” There is a burn on one hand.",
    "source": "The class teacher, this morning.",
    "family_told": True,
}
REFUSAL: dict[str, Any] = {
    "spoken_to": "Duty manager",
    "answer": "One account, and no injury seen by a doctor: ask the school nurse first.",
}
SETTLED = (
    "The school nurse sees the child today, the lead visits in the evening, and the hub hears of it on its next day."
)
NOT_AGREED: dict[str, Any] = {
    "decision": "Social care’s duty manager did not accept the hand-over.",
    "why": "A burn and a shed are two signs, and the child is nine. It needs a strategy discussion, not another opinion.",
    "meanwhile": "The lead professional sees both children at school every day; at the weekend their grandmother has them.",
}
FIRST_STAGE: dict[str, Any] = {
    "spoke_with": "Zainab Iqbal and the duty manager, by telephone",
    "outcome": "They will look again if the nurse finds more. We think that it cannot wait for that.",
}


class SteppingDown(Arrival):
    """A social worker sends a closing summary and a plan instead of why now."""

    def _facts(self) -> dict[str, Any]:
        facts = super()._facts()
        for name in ("why_now", "tried", "source_kind"):
            del facts[name]
        return facts | {"closing_summary": CLOSING_SUMMARY, "plan_ahead": PLAN_AHEAD}


def _stepped_down(county: County) -> None:
    """A child in need plan ends well. The family waits for the hub, and social care waits to close."""
    day, miriam = county.since(working_days=6), county.people["miriam"]
    home = household(county, "Naseby", "Charnwood", children=(7, 3))
    arrival = SteppingDown(county, home, referrer="miriam", words=REFERRALS[3])
    arrival.sent(day.at(hour=10))

    def known(now: datetime) -> None:
        for member in arrival.family.memberships.filter(role=FamilyRole.CHILD).select_related("person"):
            facts: dict[str, Any] = {
                "from_on": day.at(-120).date(),
                "social_worker": "Miriam Coates",
                "source": "Miriam Coates",
            }
            record_statutory_status(member.person, status=StatutoryKind.CHILD_IN_NEED, by=miriam, now=now, **facts)

    arrival.do(day.at(hour=10, minute=10), known)
    arrival.taken(day.at(hour=13)).asked(day.at(hour=14), SCHOOL, TRUST)
    arrival.answered(day.at(1, hour=9), SCHOOL, "He reads well and has a friend now. He is collected on time.")
    arrival.answered(day.at(1, hour=10), TRUST)
    reason = "The school sees the change too; the health visitor knows of nothing new."
    arrival.decided(day.at(1, hour=11), pass_step_down, reason=reason, proposed_tier=2, urgent=False)


CLOSING_SUMMARY = (
    "A child in need plan since the spring, after nights on which the children were left alone. Their mother has found work by "
    "day, her sister comes in the evening, and every visit since June has gone well."
)
PLAN_AHEAD = (
    "Somebody who holds it together with the school and the nursery until Easter. We would worry again if the sister moved "
    "away. We hope to close within the month."
)
