"""How a family comes to early help in the stories: referred, asked about, decided (domain.md 6.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from earlyhelp.cases.models import Case
from earlyhelp.demo.clock import Since
from earlyhelp.demo.county import County
from earlyhelp.demo.households import Household, settle
from earlyhelp.demo.journey import Journey, sitting_for
from earlyhelp.demo.texts import Words
from earlyhelp.families.enums import AgreementStatus
from earlyhelp.families.models import Family
from earlyhelp.partnership.enums import AgencyKind
from earlyhelp.partnership.models import User
from referrals.enums import LawfulBasis, Safeguarding, SourceKind
from referrals.models import Involved, Referral
from referrals.queries import contacts_of, old_enough, people_of
from referrals.services import drafts
from referrals.transitions import referral as triage
from referrals.transitions import request as replies

QUESTION = "What do you know of this family, who works with them, and when were you last in touch?"


class Arrival:
    """One referral. Each verb writes a deed into the diary, as those of a ``Journey`` do."""

    def __init__(self, county: County, household: Household, *, referrer: str, words: Words, urgent: str = "") -> None:
        self.county, self.household, self.words, self.urgent = county, household, words, urgent
        self.referrer = county.people[referrer]
        self.officer = county.people["asha"]
        self.family: Family
        self._referral: int

    @property
    def referral(self) -> Referral:
        return Referral.objects.get(pk=self._referral)

    def do(self, at: datetime, deed: Callable[[datetime], Any]) -> Arrival:
        self.county.diary.write(at, deed)
        return self

    # --- the referrer ------------------------------------------------------------------------------------------------

    def drafted(self, at: datetime, *, half: bool = False) -> Arrival:
        """``half``: only begun, and left for another day."""

        def write(now: datetime) -> None:
            self.family = settle(self.county, self.household, by=self.referrer, now=now)
            referral = drafts.start(self.family, by=self.referrer, now=now)
            self._referral = referral.pk
            facts = {"why_now": self.words.why_now, "people_checked": True} if half else self._facts()
            drafts.save_draft(referral, by=self.referrer, now=now, **facts)
            if not half:
                self._ask_for_agreement(now)

        return self.do(at, write)

    def sent(self, at: datetime) -> Arrival:
        """Written in half an hour, and sent."""
        self.drafted(at)
        return self.do(at + timedelta(minutes=30), lambda now: triage.submit(self.referral, by=self.referrer, now=now))

    def _facts(self) -> dict[str, Any]:
        words = self.words
        return {
            "people_checked": True,
            "why_now": words.why_now,
            "tried": words.tried,
            "wants": words.wants,
            "needs": [need.value for need in words.needs],
            "strengths": words.strengths,
            "worries": words.worries,
            "safeguarding": Safeguarding.NO,
            "urgent": bool(self.urgent),
            "urgent_why": self.urgent,
            "source_kind": _source(self.referrer),
            "contact_phone": "01632 960 101",
        }

    def _ask_for_agreement(self, now: datetime) -> None:
        asked = old_enough(people_of(self.family.pk), now.date())
        answers = [(member.person, AgreementStatus.GIVEN, "") for member in asked]
        drafts.record_answers(self.referral, by=self.referrer, now=now, answers=answers)

    # --- EH Access ---------------------------------------------------------------------------------------------------

    def taken(self, at: datetime, by: str = "asha") -> Arrival:
        self.officer = self.county.people[by]
        return self.do(at, lambda now: triage.take(self.referral, by=self.county.people[by], now=now))

    def asked(self, at: datetime, *agencies: str) -> Arrival:
        chosen = [self.county.agencies[name] for name in agencies]
        return self.do(
            at,
            lambda now: triage.ask_agencies(
                self.referral,
                by=self.referral.holder,
                now=now,
                agencies=chosen,
                question=QUESTION,
                lawful_basis=LawfulBasis.AGREED,
            ),
        )

    def answered(self, at: datetime, agency: str, known: str = "") -> Arrival:
        """What the agency knows; that it knows nothing, if nothing is said."""

        def answer(now: datetime) -> None:
            request = self.referral.requests.get(agency=self.county.agencies[agency])
            contact = contacts_of(request.agency, request.area)[0]
            if known:
                who = Involved(agency, str(contact), contact.phone, now.date() - timedelta(days=9))
                replies.answer(request, by=contact, now=now, known=known, involved=[who])
            else:
                replies.nothing_held(request, by=contact, now=now)

        return self.do(at, answer)

    def waited_long_enough(self, at: datetime) -> Arrival:
        why = "Enough is known to decide; the hub may still ask."
        return self.do(at, lambda now: triage.stop_waiting(self.referral, by=self.referral.holder, now=now, reason=why))

    def answered_with(self, at: datetime, agency: str, known: str, *involved: Involved) -> Arrival:
        """What the agency knows, and whom it names."""

        def answer(now: datetime) -> None:
            request = self.referral.requests.get(agency=self.county.agencies[agency])
            contact = contacts_of(request.agency, request.area)[0]
            replies.answer(request, by=contact, now=now, known=known, involved=involved)

        return self.do(at, answer)

    def decided(self, at: datetime, step: Any, **facts: Any) -> Arrival:
        """``step`` is one of the decisions of EH Access; the referrer is told, and so is the family."""
        message = "Thank you. We have spoken with the family and told them what happens next."
        return self.do(
            at,
            lambda now: step(
                self.referral, by=self.referral.holder, now=now, message=message, family_told=True, **facts
            ),
        )

    def progressed(self, at: datetime, *, level: int = 3, tier: int = 2) -> Arrival:
        """To the hub: a case waits."""
        reason = "Several agencies are needed, and nobody holds it together. Below the threshold of social care."
        facts = {"reason": reason, "level_of_need": level, "proposed_tier": tier, "urgent": bool(self.urgent)}
        return self.decided(at, triage.accept, **facts)

    def journey(self) -> Journey:
        return Journey(self.county, sitting_for(self.county, self.household.area), self._case)

    def _case(self) -> Case:
        return Case.objects.select_related("lead", "family", "area").get(referrals=self._referral)


def arrive(
    county: County,
    household: Household,
    day: Since,
    *,
    referrer: str,
    words: Words,
    urgent: str = "",
    level: int = 3,
    tier: int = 2,
    replies: Mapping[str, str | None] | None = None,
) -> Journey:
    """The ordinary way in: sent in the morning, taken at noon, decided the next working day.

    ``replies``: what the agencies that are asked know, nothing, or no answer at all.
    """
    arrival = Arrival(county, household, referrer=referrer, words=words, urgent=urgent)
    arrival.sent(day.at(hour=9, minute=30)).taken(day.at(hour=11, minute=45))
    if replies:
        arrival.asked(day.at(hour=12), *replies)
    for agency, known in (replies or {}).items():
        if known is not None:
            arrival.answered(day.at(hour=15), agency, known)
    if None in (replies or {}).values():
        arrival.waited_long_enough(day.at(hour=16))
    arrival.progressed(day.at(1, hour=10), level=level, tier=tier)
    return arrival.journey()


def _source(referrer: User) -> SourceKind:
    kinds = {
        AgencyKind.SCHOOL: SourceKind.SCHOOL,
        AgencyKind.HEALTH: SourceKind.HEALTH_VISITOR,
        AgencyKind.POLICE: SourceKind.POLICE,
        AgencyKind.DISTRICT: SourceKind.HOUSING,
    }
    return kinds.get(AgencyKind(referrer.agency.kind), SourceKind.COUNCIL) if referrer.agency else SourceKind.COUNCIL
