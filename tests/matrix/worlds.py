"""The same records four times over: a family's own, a restricted one, a closed one, and one that does not exist.

Every text that says something about the family holds a canary, a word that occurs nowhere else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.utils import timezone

from assessments.models import Feedback, Goal, Plan, PlanAction, RiskNote, SafetyPlan, TafMeeting
from assessments.services import assessing
from assessments.services.feedback import write_down
from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Case, TeamMember
from earlyhelp.directory.models import Service
from earlyhelp.disagreements.enums import About
from earlyhelp.disagreements.registry import Matter
from earlyhelp.disagreements.services import disagree
from earlyhelp.documents.models import Document
from earlyhelp.documents.storing import KEPT, put
from earlyhelp.families.enums import AgreementStatus
from earlyhelp.families.kinship import say_bond, write_down_loss
from earlyhelp.families.models import (
    Address,
    Bond,
    Confidant,
    FamilyMerge,
    Merge,
    PregnancyLoss,
    Relationship,
    SignificantEvent,
)
from earlyhelp.families.services import record_agreement
from earlyhelp.letters.enums import Kind, Reader
from earlyhelp.letters.services import in_force
from earlyhelp.records.models import AccessRequest, Blanking
from earlyhelp.records.transitions.subject_access import collect
from earlyhelp.sharing.services import begin_copy, record_conflict
from earlyhelp.sharing.transitions import make
from earlyhelp.workflow.transitions import SYSTEM
from hubs.enums import DecisionKind
from hubs.models import Blockage, ChairsRequest, Hub, HubAction, HubDecision, ServiceGap, ServiceOffer, StepRequest
from hubs.services import collaboratives as forums
from hubs.services.interests import declare
from referrals.enums import LawfulBasis
from referrals.models import ReferralLetter, TriageDecision
from referrals.services.checklist import begin
from referrals.services.handover import hand_over
from referrals.transitions.checklist import answer
from referrals.transitions.message import write
from referrals.transitions.referral import ask_agencies, submit, take
from tests.directory.factories import OnwardFactory
from tests.factories import (
    CaseFactory,
    FamilyFactory,
    MemberFactory,
    PersonFactory,
    ServiceFactory,
    UserFactory,
    secret_home,
)
from tests.hubs.factories import EVIDENCE, HubFactory, ItemFactory, MeetingFactory
from tests.lac.factories import ConversationFactory, IntroductionFactory, VisionFactory
from tests.referrals.factories import DraftFactory, got_in_touch, ready_draft

NOWHERE = 999_999_999
REFERENCE = re.compile(r"[A-Z]+-.*\d")
ASKED = {"voice": "adult", "name": "hand_over", "move": "hand_over"}
HIDDEN, HIDDEN_POSTCODE = "Zqhiddenxk", "ZE1 9ZZ"  # where a child lives that nobody may learn
WORDED = {"what": "question", "code": "falls", "name": "reword"}


@dataclass
class World:
    """One family's records; ``ids`` fills the addresses of the pages that show them."""

    name: str
    canary: str = ""
    hidden: bool = False
    ids: dict[str, dict[str, Any]] = field(default_factory=dict)


def missing(like: World) -> World:
    """Addresses of the shapes of ``like`` at which there is nothing."""
    nowhere = {
        kind: {name: _nowhere(value, at) for at, (name, value) in enumerate(ids.items())}
        for kind, ids in like.ids.items()
    }
    return World("missing", ids=nowhere)


def _nowhere(value: Any, at: int) -> Any:
    """Two numbers in one address differ: a record is not compared with itself."""
    if isinstance(value, int):
        return NOWHERE - at
    return f"X-0000-00000{at}" if REFERENCE.match(value) else value


def build(
    name: str,
    people: dict[str, Any],
    melton: Any,
    *,
    restricted: bool = False,
    closed: bool = False,
    hidden: bool = False,
) -> World:
    """``hidden``: nothing beside the family that others see too. Its services, its meeting are those of a world before it."""
    world = World(name, canary=f"Zq{name}xk", hidden=hidden)
    family, child = _family(world, people, melton, restricted)
    case = _case(world, people, melton, family, closed)
    _work(world, people, case, child)
    _front_door(world, people, melton, family, case, restricted)
    _meeting(world, people, melton, case)
    if not hidden:
        _forum(world, people, melton)
    _disagreement(world, people, case)
    _alongside(world, people, melton, child)
    _referred_on(world, people, melton, family, child)
    _copies(world, people, family, child)
    _asked_for(world, people, family, child)
    _said_of_a_service(world, people, melton)
    return world


def _said_of_a_service(world: World, people: dict[str, Any], area: Any) -> None:
    """Somebody praises a service and complains of early help, and does not wish to be quoted."""
    said = {"words": world.canary, "said_by": "family", "said_on": timezone.localdate(), "quoting": "no"}
    written = write_down(_service(world), by=people["lead"], now=timezone.now(), **said)
    better = said | {"words": "Nobody rang back.", "kind": "complaint", "area": area}
    complaint = (
        Feedback.objects.waiting().latest("pk")
        if world.hidden
        else write_down(None, by=people["lead"], now=timezone.now(), **better)
    )
    world.ids |= {"feedback": {"pk": written.pk}, "complaint": {"pk": complaint.pk}}


def _service(world: World, **facts: Any) -> Service:
    return Service.objects.latest("pk") if world.hidden else ServiceFactory(**facts)


def _asked_for(world: World, people: dict[str, Any], family: Any, child: Any) -> None:
    """Somebody of the family asks for what is kept about them; it is collected."""
    today = timezone.localdate()
    asked = AccessRequest.objects.create(
        reference=f"SAR-{family.reference}",
        person=child,
        area=family.area,
        restricted=family.restricted,
        received_on=today,
        due_on=today,
        asker="person",
        asker_name=world.canary,
        kept_by=people["system_admin"],
        recorded_at=timezone.now(),
    )
    collect(asked, by=SYSTEM, now=timezone.now())
    reference = {"reference": asked.reference}
    world.ids |= {"asked_for": reference, "asked_for_item": reference | {"pk": asked.items.first().pk}}


def _copies(world: World, people: dict[str, Any], family: Any, child: Any) -> None:
    by, now, reference = people["lead"], timezone.now(), {"reference": family.reference}
    parent = child.relationships_to.get().person
    said = {"document": "chronology", "purpose": "help", "person": parent, "by": by, "now": now}
    copy, made = begin_copy(family, **said), begin_copy(family, **said)
    make(made, by=SYSTEM, now=now)
    conflict = record_conflict(family, one=parent, other=child, reason=world.canary, by=by, now=now)
    world.ids |= {
        "copy": reference | {"pk": copy.pk},
        "made_copy": reference | {"pk": made.pk},
        "conflict": reference | {"pk": conflict.pk},
    }


def _family(world: World, people: dict[str, Any], area: Any, restricted: bool) -> tuple[Any, Any]:
    canary = world.canary
    family = FamilyFactory(area=area, name=canary, restricted=restricted)
    other = FamilyFactory(area=area, name=canary, restricted=world.hidden)
    parent = PersonFactory(first_name=canary, last_name=canary, area=area, born_on="1990-01-01")
    child = PersonFactory(first_name=canary, last_name=canary, area=area)
    MemberFactory(family=family, person=parent, role="parent")
    member = MemberFactory(family=family, person=child)
    Address.objects.create(person=parent, line_1=f"1 {canary} Lane", postcode="LE1 1AA")
    tie = Relationship.objects.create(person=parent, other=child, kind="parent")
    event = SignificantEvent.objects.create(
        family=family,
        happened_on="2026-01-01",
        kind="home",
        text=canary,
        recorded_by=people["lead"],
        recorded_at=timezone.now(),
    )
    world.ids |= {
        "family": {"reference": family.reference},
        "family_log": {"reference": family.reference},
        "kept": {"reference": family.reference},
        "two": {"reference": family.reference, "other": other.reference},
        "joined": {"pk": _went_into(family, people).pk},
        "kept_name": {"reference": family.reference, "pk": NOWHERE},
        "person": {"pk": child.pk},
        "pair": {"pk": child.pk, "other": parent.pk},
        "merge": {"pk": _merged_into(child, people).pk},
        "confidants": {"reference": family.reference},
        **_hidden(child, people["lead"]),
        "membership": {"reference": family.reference, "pk": member.pk},
        "relationship": {"reference": family.reference, "pk": tie.pk},
        "unborn": {"pk": MemberFactory(family=family, person=_expected(canary, area)).person.pk},
        "bond": {"reference": family.reference, "pk": _felt(parent, child, people).pk},
        "loss": {"pk": parent.pk, "loss": _lost(parent, canary, people).pk},
        "event": {"reference": family.reference, "pk": event.pk},
        "document": {"pk": _document(world, people, family).pk},
        "blanked": {"pk": _blanked(world, people, family).pk},
    }
    return family, child


def _expected(canary: str, area: Any) -> Any:
    return PersonFactory(first_name=canary, last_name=canary, area=area, born_on=None, expected_on="2027-01-01")


def _felt(parent: Any, child: Any, people: dict[str, Any]) -> Bond:
    now = timezone.now()
    return say_bond(parent, child, kind="close", said_on=timezone.localdate(now), by=people["lead"], now=now)


def _lost(parent: Any, canary: str, people: dict[str, Any]) -> PregnancyLoss:
    return write_down_loss(parent, kind="stillbirth", name=canary, by=people["lead"], now=timezone.now())


def _hidden(child: Any, lead: Any) -> dict[str, dict[str, Any]]:
    """Where the child lives may nobody learn but the lead."""
    home = secret_home(child, line_1=f"2 {HIDDEN} Lane", postcode=HIDDEN_POSTCODE)
    named = Confidant.objects.create(address=home, user=lead, named_by=lead, from_at=timezone.now())
    return {"secret": {"pk": home.pk}, "confidant": {"pk": home.pk, "confidant": named.pk}}


def _merged_into(child: Any, people: dict[str, Any]) -> Merge:
    """The child was written down twice, and was made one."""
    twice = PersonFactory(first_name=child.first_name, last_name=child.last_name, merged_into=child)
    return Merge.objects.create(
        kept=child, merged=twice, reason=child.last_name, by=people["access"], at=timezone.now()
    )


def _went_into(family: Any, people: dict[str, Any]) -> FamilyMerge:
    """The family was written down twice, and was made one."""
    twice = FamilyFactory(area=family.area, name=family.name, merged_into=family)
    return FamilyMerge.objects.create(
        kept=family, merged=twice, reason=family.name, by=people["access"], at=timezone.now()
    )


def _blanked(world: World, people: dict[str, Any], family: Any) -> Blanking:
    """Words were taken out of the family's record, and why."""
    said = {"why": world.canary, "note": world.canary, "status": "blanked"}
    who = {"asked_by": people["lead"], "asked_at": timezone.now(), "decided_by": people["system_admin"]}
    return Blanking.objects.create(family=family, decided_at=timezone.now(), **said, **who)


def _document(world: World, people: dict[str, Any], family: Any) -> Document:
    now = timezone.now()
    stored = put(BytesIO(world.canary.encode()), under=KEPT)
    return Document.objects.create(
        family=family,
        title=world.canary,
        kind="letter",
        format="text",
        uploaded_by=people["lead"],
        agency=people["lead"].agency,
        uploaded_at=now,
        available_at=now,
        visibility="family",
        status="available",
        **stored._asdict(),
    )


def _case(world: World, people: dict[str, Any], area: Any, family: Any, closed: bool) -> Case:
    case = CaseFactory.led_by(
        people["lead"], area=area, family=family, request=world.canary, restricted=family.restricted
    )
    now = timezone.now()
    member = TeamMember.objects.create(
        case=case, user=people["member"], agency=people["member"].agency, role="member", from_at=now
    )
    TeamMember.objects.create(case=case, user=people["ex_member"], role="member", from_at=now, until_at=now)
    world.ids["case"] = world.ids["unread"] = {"reference": case.reference}
    world.ids["member"] = {"reference": case.reference, "pk": member.pk}
    if closed:
        case.team.update(until_at=now)
        Case.objects.filter(pk=case.pk).update(status=Status.CLOSED, closed_on=now.date(), end_reason="outcomes_met")
    return Case.objects.get(pk=case.pk)


def _work(world: World, people: dict[str, Any], case: Case, child: Any) -> None:
    canary, reference = world.canary, {"reference": case.reference}
    now = timezone.now()
    if case.is_led:
        Case.objects.filter(pk=case.pk).update(status=Status.ASSESSING)
        assessing.start(Case.objects.get(pk=case.pk), by=people["lead"], now=now)
        Case.objects.filter(pk=case.pk).update(status=case.status)
    plan = Plan.objects.create(case=case)
    goal = Goal.objects.create(plan=plan, words=canary)
    action = PlanAction.objects.create(
        case=case, goal=goal, what=canary, owner=people["member"], due_on=now.date(), how_we_will_know=canary
    )
    taf = TafMeeting.objects.create(case=case, at=now, where=canary, planned_by=people["lead"])
    looked = {"level": "high", "response": "manage", "doing": canary, "looked_at": now}
    who = {"raised_by": people["lead"], "raised_at": now}
    risk = RiskNote.objects.create(case=case, about=child, kind="other", what=canary, **looked, **who)
    said = {"signs": canary, "alone": canary, "people": canary, "at_home": "keeps"}
    safety = SafetyPlan.objects.create(case=case, whose=child, written_by=people["lead"], written_at=now, **said)
    world.ids |= {
        "risk": reference | {"pk": risk.pk, "name": "look"},
        "safety_plan": reference | {"pk": safety.pk},
        "goal": reference | {"pk": goal.pk},
        "action": reference | {"pk": action.pk},
        "taf": reference | {"pk": taf.pk},
        "review": reference | {"pk": NOWHERE},
        "version": reference | {"number": 1},
        "child": reference | {"child": child.pk},
    }


def _front_door(world: World, people: dict[str, Any], area: Any, family: Any, case: Case, restricted: bool) -> None:
    canary, now = world.canary, timezone.now()
    said = {name: canary for name in ("why_now", "tried", "wants", "strengths", "worries")}
    draft = ready_draft(area=area, author=people["referrer"], family=family, now=now, **said)
    parent = family.memberships.get(role="parent", person__last_name=canary).person
    record_agreement(family, parent, status=AgreementStatus.GIVEN, by=people["referrer"], now=now)
    referral = submit(draft, by=people["referrer"], now=now)
    if not restricted:
        referral = take(referral, by=people["access"], now=now)
        asked = [people["contact"].agency]
        ask_agencies(
            referral, by=people["access"], now=now, agencies=asked, question=canary, lawful_basis=LawfulBasis.AGREED
        )
        world.ids["request"] = {"reference": referral.requests.get().reference}
    else:
        world.ids["request"] = {"reference": "X-0000-000000"}
    referral = write(referral, by=people["referrer"], now=now, text=canary)
    message = referral.messages.get().pk
    handover = hand_over(
        about=canary, concern=canary, family_told=True, case=case, family=family, by=people["lead"], now=now
    )
    facts = {"first_name": canary, "last_name": canary, "caller_name": canary}
    contact = got_in_touch(by=people["referrer"], family=family, now=now, said=canary, **facts)
    _asked(world, people, contact, parent)
    unsent = DraftFactory(author=people["referrer"], family=family, area=area, **said)
    world.ids |= {
        "letter": {"pk": letter_to(people, referral, canary).pk},
        "referral": {"reference": referral.reference},
        "own_referral": {"reference": referral.reference},
        "in_triage": {"reference": referral.reference},
        "message": {"reference": referral.reference, "pk": message},
        "message_of": {"reference": referral.reference, "message": message},
        "handover": {"reference": handover.reference},
        "handover_copy": {"reference": handover.reference},
        "contact": {"reference": contact.reference},
        "contact_move": {"reference": contact.reference, "name": "advise", "move": "advise"},
        "draft": {"reference": unsent.reference},
    }


def letter_to(people: dict[str, Any], referral: Any, canary: str) -> ReferralLetter:
    now, by = timezone.now(), people["access"]
    decision = TriageDecision.objects.create(
        referral=referral, kind="advice_given", advice=canary, reason=canary, by=by, at=now
    )
    template = in_force(Kind.ADVICE_GIVEN, Reader.REFERRER)
    return ReferralLetter.objects.create(
        owner=referral,
        decision=decision,
        reader=Reader.REFERRER,
        to=referral.author,
        how="status_page",
        subject=canary,
        body=canary,
        template=template,
        by=by,
        at=now,
    )


def _asked(world: World, people: dict[str, Any], contact: Any, person: Any) -> None:
    canary, by, now = world.canary, people["referrer"], timezone.now()
    response = begin(contact=contact, person=person, about="adult", agreed_by=canary, by=by, now=now)
    answer(response, by=by, now=now, voice="adult", answers={"lonely": "yes"}, comments={"lonely": canary})
    reference, offered = {"reference": response.reference}, response.suggestions.get().pk
    world.ids |= {
        "checklist": reference | ASKED,
        "checklist_start": {"source": "contact", "whom": contact.reference},
        "suggestion": reference | {"pk": offered, "suggestion": offered, "name": "decline", "move": "decline"},
        "questions": {"pk": response.set_id} | WORDED,
    }


def _meeting(world: World, people: dict[str, Any], area: Any, case: Case) -> None:
    hub = Hub.objects.filter(area=area).first() or HubFactory(area=area)
    months_on, now = hub.meetings.count() * 31, timezone.now()
    starts = {"starts_at": now + timedelta(days=20 + months_on)}
    meeting = hub.meetings.latest("pk") if world.hidden else MeetingFactory(hub=hub, **starts)
    item = ItemFactory(meeting=meeting, case=case)
    said = {"rationale": world.canary, "needed": world.canary}
    deferred = HubDecision.objects.create(
        item=item, case=case, hub=hub, meeting=meeting, kind=DecisionKind.DEFER, by=people["lead"], at=now, **said
    )
    action = HubAction.objects.create(
        hub=hub,
        meeting=meeting,
        decision=deferred,
        what=world.canary,
        owner=people["lead"],
        due_on=timezone.localdate(),
        made_at=now,
    )
    blockage = Blockage.objects.create(
        case=case, what=world.canary, tried=world.canary, since_on=now.date(), raised_by=people["lead"], raised_at=now
    )
    knows, asks = (people["introducer"], people["coordinator"]) if world.hidden else (UserFactory(), UserFactory())
    interest = declare(case, user=knows, by=knows, now=now, meeting=meeting)
    asked = ChairsRequest.objects.create(item=item, asked=knows, proposal=world.canary, asked_by=asks, asked_at=now)
    world.ids |= {"interest": {"pk": interest.pk}, "chairs_request": {"pk": asked.pk}}
    ServiceGap.objects.create(area=area, need="autism", note="At school age", blockage=blockage, raised_at=now)
    world.ids["blockage"] = {"pk": blockage.pk, "name": "own"}
    step = StepRequest.objects.create(
        case=case,
        from_tier=2,
        to_tier=3,
        requested_by=people["lead"],
        requested_at=now,
        **{**EVIDENCE, "wanted": world.canary, "views": world.canary},
    )
    world.ids["step"] = {"pk": step.pk, "name": "pass_on"}
    offer = ServiceOffer.objects.create(case=case, service=_service(world), named_by=people["chair"], named_at=now)
    world.ids["service_offer"] = {"pk": offer.pk, "name": "decline_service"}
    world.ids |= {"meeting": {"pk": meeting.pk}, "item": {"pk": item.pk}, "hub_action": {"pk": action.pk}}


def _forum(world: World, people: dict[str, Any], area: Any) -> None:
    by, now, today = people["coordinator"], timezone.now(), timezone.localdate()
    forum = forums.found(area=area, name=f"Forum {world.name}", by=by, now=now)
    member = forums.join(forum, by=by, now=now, name="Ann Other")
    action = forums.plan(forum, by=by, now=now, need="transport", what="A bus", owner=member, due_on=today)
    said = {
        "kind": "trend",
        "need": "transport",
        "seen": "No bus.",
        "band": "some",
        "evidence": "Four services say so.",
    }
    told = forums.report(forum, by=by, now=now, area=area, since_on=today, **said)
    world.ids |= {"forum": {"pk": forum.pk}, "told": {"pk": told.pk}, "answerable": {"pk": told.pk}}
    world.ids["forum_seat"] = {"pk": forum.pk, "member": member.pk}
    world.ids["forum_action"] = {"pk": forum.pk, "action": action.pk}


def _referred_on(world: World, people: dict[str, Any], area: Any, family: Any, child: Any) -> None:
    said = {"why": world.canary, "reach": world.canary, "area": area, "made_by": people["lead"]}
    onward = OnwardFactory(person=child, service=_service(world, name=f"Service of {family.pk}"), **said)
    world.ids |= {
        "onward": {"reference": onward.reference},
        "referable": {"service": onward.service_id, "person": child.pk},
    }


def _disagreement(world: World, people: dict[str, Any], case: Case) -> None:
    matter = Matter(case.reference, case.get_absolute_url(), (About.TIER,), case.area, case.family, case)
    said = {name: world.canary for name in ("decision", "why", "meanwhile")}
    raised = disagree(matter, by=people["lead"], now=timezone.now(), about=About.TIER, **said)
    world.ids["disagreement"] = {"reference": raised.reference}


def _alongside(world: World, people: dict[str, Any], area: Any, child: Any) -> None:
    named = {"first_name": world.canary, "last_name": world.canary}
    person = child if world.hidden else PersonFactory(**named, area=area)
    introduction = IntroductionFactory(person=person, area=area, hopes=world.canary, introduced_by=people["introducer"])
    ConversationFactory(introduction=introduction, note=world.canary, recorded_by=people["coordinator_of_people"])
    VisionFactory(introduction=introduction, vision=world.canary, recorded_by=people["coordinator_of_people"])
    world.ids["introduction"] = {"reference": introduction.reference}
