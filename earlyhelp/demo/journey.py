"""A family's way through early help, told by calling what the product itself calls, at the moments at which it happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from assessments.enums import ReviewDecision
from assessments.services import planning
from earlyhelp.cases import services as cases
from earlyhelp.cases import transitions
from earlyhelp.cases.enums import EndReason, Preference, TeamRole
from earlyhelp.cases.models import Case
from earlyhelp.demo import casework
from earlyhelp.demo.clock import Since
from earlyhelp.demo.county import County
from earlyhelp.demo.households import district_of
from earlyhelp.demo.meetings import Sitting
from earlyhelp.families import services as families
from hubs.enums import Agreement, DecisionKind, Readiness
from hubs.models import ServiceOffer
from hubs.services.agenda import live_item
from hubs.services.requests import ask_to_agree
from hubs.services.steps import request_step
from hubs.transitions import items, requests, service_offers, steps
from referrals.transitions.referral import tell_family

SUMMARY = "What the family came with is done; the school carries on the one action that is left."
CANNOT_WAIT = "Allocate at once: the day by which they need somebody is before the next meeting."
VIEWS = "“We know whom to ring now.”"
HAVE_IT = "They have been with them since the spring, through the housing officer."
NOT_WANTED = "“Not another waiting list. Ask us again in the summer.”"
EVIDENCE = {
    "what_changed": "Two readings without progress, and the eldest was missing overnight twice.",
    "tried": "The parenting group, a bedtime routine, a mentor at school; the readings stand where they were.",
    "views": "“I am worn out.” The eldest says nobody listens.",
    "agreement": Agreement.AGREED,
    "agreement_note": "They asked for it themselves.",
    "risk_if_nothing": "More nights away from home, and school ending altogether.",
    "wanted": "One intensive worker for the whole family, for up to a year.",
    "handover_note": "The eldest talks while walking. The school rings their mother, never their father.",
    "joint_visit": "In the first week, at home.",
}
CALMER = {
    "what_changed": "Three reviews with less to worry about each time.",
    "tried": "What was planned was done; the readings are up under every heading.",
    "views": "“We can manage most of it now.” The children agree.",
    "agreement": Agreement.AGREED,
    "agreement_note": "They would like somebody nearby, less often.",
    "risk_if_nothing": "Little: but others wait for an intensive worker.",
    "wanted": "A lead professional at the children’s centre instead of an intensive worker.",
}


class Journey:
    """The life of one case. Each verb writes a deed into the diary; it happens when its moment comes, if it has come."""

    def __init__(self, county: County, sitting: Sitting, find: Callable[[], Case]) -> None:
        self.county, self.sitting, self._find = county, sitting, find

    @property
    def case(self) -> Case:
        """As it stands when a deed is done."""
        return self._find()

    def do(self, at: datetime, deed: Callable[[datetime], Any]) -> Journey:
        self.county.diary.write(at, deed)
        return self

    # --- the hub -----------------------------------------------------------------------------------------------------

    def allocated(self, lead: str, at: datetime, *, reason: str, wish: str, tier: int = 2, **facts: Any) -> Journey:
        """The hub offers the family in its meeting at that moment; the worker answers a working day later."""
        return self.offered(lead, at, reason=reason, wish=wish, tier=tier, **facts).accepted(
            lead, Since(at.date()).at(1, hour=14)
        )

    def offered(
        self,
        lead: str,
        at: datetime,
        *,
        reason: str,
        wish: str,
        tier: int = 2,
        specialists: tuple[str, ...] = (),
        alone: bool = False,
    ) -> Journey:
        """``alone``: by the chair's action, agreed with the police, because it could not wait for a meeting."""

        def decide(now: datetime) -> None:
            facts = {
                "kind": DecisionKind.ALLOCATE,
                "rationale": reason,
                "tier": tier,
                "worker": self.county.people[lead],
                "preference": Preference.ASKED,
                "preference_note": wish,
                "specialists": [self.county.services[key] for key in specialists],
            }
            item = live_item(self.case, now=now)
            if alone:
                chair, police = self.sitting.chair, self.county.people["peter"]
                asked = ask_to_agree(self.case, by=chair, now=now, asked=police, proposal=CANNOT_WAIT)
                requests.agree(asked, by=police, now=now, answer="Agreed: we would say the same at the meeting.")
                items.decide_out_of_meeting(item, by=chair, now=now, agreed_by=police, **facts)
            else:
                items.decide(item, by=self.sitting.chair, now=now, **facts)

        return self.do(at + timedelta(minutes=0 if alone else 20), decide)

    def accepted(self, lead: str, at: datetime) -> Journey:
        return self.do(at, lambda now: transitions.accept(self.case, by=self.county.people[lead], now=now))

    def declined(self, lead: str, at: datetime, reason: str) -> Journey:
        return self.do(
            at, lambda now: transitions.decline(self.case, by=self.county.people[lead], now=now, reason=reason)
        )

    def hub_decides(self, at: datetime, kind: DecisionKind, rationale: str, **facts: Any) -> Journey:
        """Anything but an allocation, at the meeting of that moment."""
        return self.do(
            at + timedelta(minutes=30),
            lambda now: items.decide(
                live_item(self.case, now=now), by=self.sitting.chair, now=now, kind=kind, rationale=rationale, **facts
            ),
        )

    def told(self, at: datetime, how: str) -> Journey:
        """The next day EH Access tells the family what the hub decided instead of opening a case."""

        def tell(now: datetime) -> None:
            referral = self.case.referrals.get()
            tell_family(referral, by=referral.holder, now=now, how=how)

        return self.do(at + timedelta(days=1), tell)

    def talks_services_over(self, at: datetime) -> Journey:
        """Of the services that the hub named they have the first already, and want no other."""

        def settle(now: datetime) -> None:
            for number, named in enumerate(ServiceOffer.objects.to_make().filter(case=self.case).order_by("pk")):
                deed, words = (
                    (service_offers.decline_service, NOT_WANTED) if number else (service_offers.leave_service, HAVE_IT)
                )
                deed(named, by=self.case.lead, now=now, words=words)

        return self.do(at, settle)

    # --- the work ----------------------------------------------------------------------------------------------------

    def first_contact(self, at: datetime, seen: str) -> Journey:
        return self.do(
            at,
            lambda now: transitions.record_first_contact(
                self.case, by=self.case.lead, now=now, met_on=now.date(), who_was_seen=seen
            ),
        )

    def joined(self, at: datetime, *usernames: str) -> Journey:
        for username in usernames:
            self._joins(at, user=self.county.people[username], role=TeamRole.MEMBER)
        return self

    def joined_by_name(self, at: datetime, name: str, role: TeamRole = TeamRole.FAMILY_NETWORK) -> Journey:
        return self._joins(at, name=name, role=role)

    def _joins(self, at: datetime, **who: Any) -> Journey:
        return self.do(at, lambda now: cases.join_team(self.case, by=self.case.lead, now=now, **who))

    def event(self, at: datetime, kind: str, text: str) -> Journey:
        """A dated fact of the family's chronology."""
        return self.do(
            at,
            lambda now: families.add_event(
                self.case.family, happened_on=now.date(), kind=kind, text=text, by=self.case.lead, now=now
            ),
        )

    def risk(self, at: datetime, kind: str, what: str, found: str, doing: str, *, level: str, **more: Any) -> Journey:
        """What may go wrong, written down by the lead. ``child``: about the first of the children, not all of the family."""
        return self.do(at, lambda now: casework.raise_risk(self.case, kind, what, found, doing, level, now=now, **more))

    def looked(self, at: datetime, found: str, doing: str, *, level: str) -> Journey:
        """The newest of the open risks is looked at again."""
        return self.do(at, lambda now: casework.look_at_risk(self.case, found, doing, level, now=now))

    def risk_over(self, at: datetime, because: str) -> Journey:
        return self.do(at, lambda now: casework.end_risk(self.case, because, now=now))

    def safety_plan(self, at: datetime, *, child: bool = False, **parts: str) -> Journey:
        """Made with the first of the adults, or of the children."""
        return self.do(at, lambda now: casework.make_safety_plan(self.case, child=child, now=now, **parts))

    def assessed(self, begun: datetime, completed: datetime, *, needs: tuple[str, ...], level: int) -> Journey:
        self.do(begun, lambda now: casework.begin_assessment(self.case, needs, now=now))
        dice = self.county.dice
        return self.do(completed, lambda now: casework.complete_assessment(self.case, needs, level, dice=dice, now=now))

    def planned(self, at: datetime, *, agreed: datetime, where: str = "At the family’s home") -> Journey:
        """The plan is drafted and the team invited; at the first meeting it is agreed."""
        self.do(at, lambda now: casework.invite_team(self.case, to=agreed, where=where, now=now))
        self.do(at + timedelta(hours=1), lambda now: casework.make_plan(self.case, now=now))
        return self.do(agreed + timedelta(hours=2), lambda now: casework.agree_plan(self.case, now=now))

    def promises(self, at: datetime, username: str, what: str, *, due_on: date) -> Journey:
        """Somebody of the team takes on one thing more, for the goal that was set last."""
        owner = self.county.people[username]

        def promise(now: datetime) -> None:
            goal = planning.plan_of(self.case).goals.latest("pk")
            how = "The family says that it is done."
            planning.add_action(
                goal, what=what, due_on=due_on, how_we_will_know=how, by=self.case.lead, now=now, owner=owner
            )

        return self.do(at, promise)

    def reviewed(self, at: datetime, *, better: bool = True, decision: str = ReviewDecision.CONTINUE) -> Journey:
        dice = self.county.dice
        return self.do(at, lambda now: casework.review(self.case, decision, better=better, dice=dice, now=now))

    # --- more, less, and the end -------------------------------------------------------------------------------------

    def asks_step_up(self, at: datetime) -> Journey:
        """That morning the family is assessed again: the hub decides on what is so now (domain.md R7)."""
        self.do(at - timedelta(hours=1), lambda now: casework.assess_again(self.case, dice=self.county.dice, now=now))
        return self._asks(at, to_tier=3, evidence=EVIDENCE, decision=ReviewDecision.STEP_UP, better=False)

    def asks_step_down(self, at: datetime, *, receiving: str) -> Journey:
        evidence = CALMER | {"receiving": self.county.people[receiving]}
        return self._asks(at, to_tier=2, evidence=evidence, decision=ReviewDecision.STEP_DOWN, better=True)

    def _asks(self, at: datetime, *, to_tier: int, evidence: dict[str, Any], decision: str, better: bool) -> Journey:
        self.reviewed(at, better=better, decision=decision)
        return self.do(
            at + timedelta(hours=2),
            lambda now: request_step(self.case, by=self.case.lead, now=now, to_tier=to_tier, **evidence),
        )

    def passed_to_the_hub(self, at: datetime, known: str) -> Journey:
        """EH Access looked at the request, and adds what agencies know."""
        by = self.county.people["bilal"]
        return self.do(at, lambda now: steps.pass_on(self.case.step_requests.latest("pk"), by=by, now=now, known=known))

    def ready_to_lead(self, username: str, at: datetime) -> Journey:
        by = self.county.people[username]
        return self.do(
            at,
            lambda now: steps.say_ready(self.case.step_requests.latest("pk"), by=by, now=now, ready=Readiness.YES),
        )

    def proposes_closure(self, at: datetime, *, follow_up: bool = True) -> Journey:
        self.do(at, lambda now: casework.finish(self.case, dice=self.county.dice, now=now))
        return self.do(
            at + timedelta(hours=1),
            lambda now: transitions.propose_closure(
                self.case,
                by=self.case.lead,
                now=now,
                end_reason=EndReason.OUTCOMES_MET,
                summary=SUMMARY,
                family_views=VIEWS,
                follow_up_agreed=follow_up,
            ),
        )

    def closure_ratified(self, at: datetime) -> Journey:
        why = "The plan is done and the family agrees."
        return self.hub_decides(at, DecisionKind.RATIFY_CLOSURE, why, end_reason=EndReason.OUTCOMES_MET)

    def follow_up_begun(self, at: datetime) -> Journey:
        return self.do(at, lambda now: transitions.begin_follow_up(self.case, by=self.case.lead, now=now))

    def followed_up(self, at: datetime, result: str, note: str) -> Journey:
        return self.do(
            at,
            lambda now: transitions.record_follow_up(self.case, by=self.case.lead, now=now, result=result, note=note),
        )


def sitting_for(county: County, area: str) -> Sitting:
    return county.sittings[district_of(county.areas[area]).name]
