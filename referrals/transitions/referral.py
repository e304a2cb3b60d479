"""The life of a referral. Read this file from top to bottom: it is the state machine of domain.md 6.3."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from earlyhelp.cases.enums import NotOpenedReason
from earlyhelp.cases.enums import Status as CaseStatus
from earlyhelp.deadlines.services import keep, pass_to, promise, release
from earlyhelp.families.enums import LevelOfNeed
from earlyhelp.families.services import next_number
from earlyhelp.notices.models import Kind
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.services import edit
from earlyhelp.workflow.transitions import NotPossible, transition
from referrals.enums import (
    LIVE,
    MAY_BE_RECONSIDERED,
    TRIAGING,
    WITH_A_CASE,
    LawfulBasis,
    RequestStatus,
    Status,
    WithdrawnBy,
)
from referrals.models import InformationRequest, Referral, TriageDecision
from referrals.queries import contacts_of, holders_of, missing, same_day
from referrals.services.handover import hand_over, settle_return
from referrals.services.hub import in_their_words, refuse_from_protection, to_the_hub
from referrals.services.ledger import agency_asked
from referrals.services.letters import keep_letters, write
from referrals.services.telling import role_for, tell, tell_access, tell_contacts
from referrals.transitions.contact import sent_as_referral

# --- it comes in -------------------------------------------------------------------------------------------------------


@transition(Referral, label="Send", sources=[Status.DRAFT], target=Status.SUBMITTED, rule="edit")
def submit(referral: Referral, *, by: Any, now: datetime) -> None:
    """The triage clock starts, and from here EH Access holds the family."""
    if lacking := missing(referral, today=timezone.localdate(now)):
        raise NotPossible("Before it can be sent, complete: " + "; ".join(lacking) + ".")
    if referral.step_down:
        refuse_from_protection(referral.family)
        settle_return(referral, now=now)
    referral.submitted_at = now
    role = role_for(referral.family)
    promise(referral, "D_PICKUP", now=now, holder_role=role)
    promise(referral, "D_TRIAGE", now=now, holder_role=role)
    sent_as_referral(referral, now=now)
    tell(referral, [referral.author], "Your referral has been received", what="received", now=now, kind=Kind.NEWS)
    if (referral.urgent or referral.worrying) and not referral.doubts:  # a thousand programs would ring everybody
        title = "An urgent referral waits" if referral.urgent else "A referral waits: look at it first"
        tell_access(referral, title, what="urgent", now=now, kind=Kind.REQUEST, urgent=True)


@transition(Referral, label="A person sent this", sources=LIVE, rule="triage")
def vouch(referral: Referral, *, by: Any, now: datetime) -> dict[str, Any]:
    """What looked like a program’s work is a person’s: from here it is a referral like every other."""
    if not referral.doubts:
        raise NotPossible("Nobody doubts that a person sent this.")
    doubts, referral.doubts = referral.doubts, []
    return {"doubts": doubts}


@transition(Referral, label="Say where they live", sources=LIVE, rule="triage")
def place(referral: Referral, *, by: Any, now: datetime, area: Any) -> dict[str, Any]:
    """Whoever asked for help did not know in which district they live."""
    if not referral.place_unknown:
        raise NotPossible("It is known where this family lives: change it on the family’s page.")
    edit(referral.family, by=by, now=now, area=area)
    referral.area = area
    referral.deadlines.update(area=area)
    return {"area": area.pk}


@transition(Referral, label="Take this referral", sources=[Status.SUBMITTED], target=Status.IN_TRIAGE, rule="triage")
def take(referral: Referral, *, by: Any, now: datetime) -> None:
    """One of EH Access answers for it from now on. The second to try is told who was first."""
    held_by(referral, by, now)


@transition(
    Referral, label="Entrust to one worker", sources=[Status.SUBMITTED], target=Status.IN_TRIAGE, rule="entrust"
)
def entrust(referral: Referral, *, by: Any, now: datetime, worker: Any) -> dict[str, Any]:
    """A restricted family’s referral goes to one named worker of EH Access and to nobody else (domain.md 5 d)."""
    if worker not in holders_of(Role.EH_ACCESS, referral.area):
        raise NotPossible(f"{worker} does not work in EH Access for this area.")
    held_by(referral, worker, now)
    tell(
        referral, [worker], "A referral is entrusted to you", what="entrusted", now=now, kind=Kind.REQUEST, urgent=True
    )
    return {"worker": worker.pk}


def held_by(referral: Referral, worker: Any, now: datetime) -> None:
    referral.holder, referral.taken_at = worker, now
    keep(referral, "D_PICKUP", now=now)
    pass_to(referral, "D_TRIAGE", holder=worker)


# --- agencies are asked ------------------------------------------------------------------------------------------------


@transition(Referral, label="Ask agencies", sources=TRIAGING, target=Status.INFO_REQUESTED, rule="triage")
def ask_agencies(
    referral: Referral, *, by: Any, now: datetime, agencies: Iterable[Any], question: str, lawful_basis: str
) -> dict[str, Any]:
    """Each agency gets the question and no more. The clock of the referral goes on (domain.md 6.3)."""
    agencies = [agency for agency in agencies if not referral.requests.waiting().filter(agency=agency).exists()]
    if not agencies:
        raise NotPossible("Each of these agencies has been asked already, and has not answered yet.")
    for agency in agencies:
        _ask(referral, agency, by=by, now=now, question=question, lawful_basis=LawfulBasis(lawful_basis))
    return {"agencies": [agency.pk for agency in agencies], "lawful_basis": lawful_basis}


def _ask(referral: Referral, agency: Any, *, by: Any, now: datetime, question: str, lawful_basis: LawfulBasis) -> None:
    contacts = contacts_of(agency, referral.area)
    if not contacts:
        raise NotPossible(f"{agency} has nobody who answers in Early Help: ring them.")
    request = InformationRequest(
        reference=f"Q-{timezone.localdate(now):%Y}-{next_number('referrals_request_reference'):06d}",
        referral=referral,
        agency=agency,
        area=referral.area,
        question=question,
        lawful_basis=lawful_basis,
        asked_by=by,
        asked_at=now,
        due_at=now,
    )
    request.save()
    due_at = same_day(now) if referral.urgent else None
    request.due_at = promise(request, "D_INFO", now=now, holder=contacts[0], due_at=due_at).due_at
    request.save(update_fields=["due_at"])
    agency_asked(request, by=by, now=now)
    tell_contacts(request, now=now)


@transition(
    Referral, label="Replies are in", sources=[Status.INFO_REQUESTED], target=Status.IN_TRIAGE, rule="by_itself"
)
def replies_in(referral: Referral, *, by: Any, now: datetime) -> None:
    """The last answer came, or its time ran out: ready to decide."""
    what = f"ready:{now:%Y%m%d%H%M%S}"
    tell(referral, [referral.holder], "A referral is ready to decide", what=what, now=now, kind=Kind.NEWS)


@transition(
    Referral, label="Stop waiting for agencies", sources=[Status.INFO_REQUESTED], target=Status.IN_TRIAGE, rule="triage"
)
def stop_waiting(referral: Referral, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """Enough is known to decide. Late answers are still welcome."""
    _let_lapse(referral, now)
    return {"reason": reason}


# --- EH Access decides -------------------------------------------------------------------------------------------------


@transition(Referral, label="Progress to the hub", sources=[Status.IN_TRIAGE], target=Status.ACCEPTED, rule="triage")
def accept(
    referral: Referral,
    *,
    by: Any,
    now: datetime,
    level_of_need: int,
    proposed_tier: int,
    urgent: bool,
    **said: Any,
) -> dict[str, Any]:
    """It is for early help: a case waits for the hub of the family’s home."""
    if level_of_need not in (LevelOfNeed.ONE_AGENCY, LevelOfNeed.SEVERAL):
        raise NotPossible("Early help is for levels of need 2 and 3: choose another decision for this level.")
    _refuse_to_weigh_again(referral)
    referral.case = to_the_hub(
        referral,
        by=by,
        now=now,
        level_of_need=level_of_need,
        proposed_tier=proposed_tier,
        request=in_their_words(referral),
        urgent=urgent,
    )
    return decide(
        referral,
        by=by,
        now=now,
        level_of_need=level_of_need,
        proposed_tier=proposed_tier,
        urgent=urgent,
        case=referral.case,
        **said,
    )


@transition(Referral, label="Step up to social care", sources=LIVE, target=Status.STEPPED_UP, rule="triage")
def step_up(
    referral: Referral,
    *,
    by: Any,
    now: datetime,
    reason: str,
    family_told: bool,
    not_told_why: str = "",
    spoken_to: str = "",
    **said: Any,
) -> dict[str, Any]:
    """Social care is needed. It waits for no answer and no agreement (domain.md 8.1 U5)."""
    handover = hand_over(
        by=by,
        now=now,
        about=f"{referral.family}",
        concern=reason,
        source=f"Referral {referral.reference}",
        family_told=family_told,
        not_told_why=not_told_why,
        spoken_to=spoken_to,
        referral=referral,
    )
    return decide(
        referral,
        by=by,
        now=now,
        reason=reason,
        family_told=family_told,
        level_of_need=LevelOfNeed.SOCIAL_CARE,
        handover=handover,
        second_look=True,
        **said,
    )


@transition(Referral, label="Signpost", sources=[Status.IN_TRIAGE], target=Status.SIGNPOSTED, rule="triage")
def signpost(
    referral: Referral,
    *,
    by: Any,
    now: datetime,
    level_of_need: int,
    services: Iterable[Any],
    **said: Any,
) -> dict[str, Any]:
    """A service can help without a plan: the referrer is told which and why (domain.md R2); later it is offered again (R17)."""
    _refuse_to_weigh_again(referral)
    services = list(services)
    if not services:
        raise NotPossible("Choose at least one service.")
    decided = decide(
        referral,
        by=by,
        now=now,
        level_of_need=below_social_care(level_of_need),
        services=services,
        second_look=level_of_need >= LevelOfNeed.SEVERAL,
        **said,
    )
    promise(referral, "D_OFFER_AGAIN", now=now, holder=by, once=True)
    return decided


@transition(Referral, label="Give advice", sources=[Status.IN_TRIAGE], target=Status.ADVICE_GIVEN, rule="triage")
def advise(
    referral: Referral,
    *,
    by: Any,
    now: datetime,
    level_of_need: int,
    advice: str,
    **said: Any,
) -> dict[str, Any]:
    """Those who know the family can help, once they are told how."""
    _refuse_to_weigh_again(referral)
    return decide(
        referral,
        by=by,
        now=now,
        level_of_need=below_social_care(level_of_need),
        advice=advice,
        second_look=level_of_need >= LevelOfNeed.SEVERAL,
        **said,
    )


@transition(Referral, label="Link to the open case", sources=[Status.IN_TRIAGE], target=Status.LINKED, rule="triage")
def link(referral: Referral, *, by: Any, now: datetime, **said: Any) -> dict[str, Any]:
    """Somebody works with the family already: what is new goes to them."""
    case = referral.family.cases.live().first()
    if case is None:
        raise NotPossible("This family has no open case to link to.")
    referral.case = case
    people = [case.lead] if case.lead else holders_of(Role.HUB_CHAIR, case.area)
    tell(referral, people, "A new referral was linked to your case", what="linked", now=now, urgent=True)
    return decide(referral, by=by, now=now, case=case, **said)


def _refuse_to_weigh_again(referral: Referral) -> None:
    """What social care steps down has met its threshold there (domain.md 8.4)."""
    if referral.step_down:
        raise NotPossible(
            "Social care steps this family down: pass it to the hub without weighing the threshold again."
        )


def below_social_care(level: int) -> int:
    if level == LevelOfNeed.SOCIAL_CARE:
        raise NotPossible("Level 4 is for social care: step it up.")
    return level


def decide(
    referral: Referral,
    *,
    by: Any,
    now: datetime,
    reason: str,
    message: str,
    family_letter: str = "",
    family_told: bool = False,
    second_look: bool = False,
    services: Iterable[Any] = (),
    service: Any = None,
    level_of_need: int | None = None,
    **what: Any,
) -> dict[str, Any]:
    """Write it down, tell the referrer, stop the clocks; owe the family the news, and a second look where one is due.

    ``reason``, ``message``, ``family_letter`` and ``family_told`` are what every decision says, whatever else it does.
    """
    said = {"message": message, "family_letter": family_letter, "services": services, **what}
    letters = write(referral, referral.status, by=by, now=now, **said, service=service)
    _ends(referral, by, now)
    referral.holder, referral.level_of_need = referral.holder or by, level_of_need
    decision = TriageDecision.objects.create(
        referral=referral,
        kind=referral.status,
        reason=reason,
        message=letters[0].body,
        level_of_need=level_of_need,
        needs_second_look=second_look,
        by=by,
        at=now,
        **what,
    )
    decision.services.set(services)
    keep_letters(decision, letters)
    promise(referral, "D_OUTCOME", now=now, holder=by, label="Tell the family the outcome")
    if family_told:
        keep(referral, "D_OUTCOME", now=now)
    tell(referral, [referral.author], "Your referral has been decided", what=f"decided:{decision.pk}", now=now)
    if second_look:
        _owe_second_look(referral, now)
    return {"reason": reason, "decision": decision.pk}


def _ends(referral: Referral, by: Any, now: datetime) -> None:
    referral.decided_by, referral.decided_at = by, now
    referral.needs_second_look, referral.second_look_at, referral.second_look_by, referral.second_look_note = (
        False,
        None,
        None,
        "",
    )
    keep(referral, "D_PICKUP", "D_TRIAGE", now=now)
    release(referral, now=now)
    _let_lapse(referral, now)


def _let_lapse(referral: Referral, now: datetime) -> None:
    """Questions still open are not waited for. One that is being answered this very moment is left to its answer."""
    for request in referral.requests.waiting().select_for_update(skip_locked=True):
        release(request, now=now)
        request.status, request.version = RequestStatus.LAPSED, request.version + 1
        request.save()


def _owe_second_look(referral: Referral, now: datetime) -> None:
    referral.needs_second_look = True
    role = Role.IG_LEAD if referral.family.restricted else Role.TEAM_MANAGER
    promise(referral, "D_SECOND_LOOK", now=now, holder_role=role)
    people = [person for person in holders_of(role, referral.area) if person != referral.decided_by]
    tell(
        referral, people, "A second pair of eyes is needed", what=f"look:{now:%Y%m%d%H%M%S}", now=now, kind=Kind.REQUEST
    )


# --- after the decision ------------------------------------------------------------------------------------------------


@transition(
    Referral,
    label="Record that the family was told",
    sources=(*MAY_BE_RECONSIDERED, *WITH_A_CASE),
    rule="triage",
)
def tell_family(referral: Referral, *, by: Any, now: datetime, how: str) -> dict[str, Any]:
    """The family hears what was decided about them from a person (domain.md 1, rule 3)."""
    if not keep(referral, "D_OUTCOME", now=now):
        raise NotPossible("The family has been told already.")
    return {"reason": how}


@transition(Referral, label="Agree with the decision", sources=MAY_BE_RECONSIDERED, rule="second_look")
def confirm(referral: Referral, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """The second pair of eyes agrees. The decision has stood all along."""
    _looked_at(referral, by, now, reason)
    return {"reason": reason}


@transition(
    Referral, label="Put back in triage", sources=MAY_BE_RECONSIDERED, target=Status.IN_TRIAGE, rule="second_look"
)
def reconsider(referral: Referral, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """The second pair of eyes does not agree: it is decided again."""
    _looked_at(referral, by, now, reason)
    back_in_triage(referral, now, "A second pair of eyes put a referral back in triage")
    return {"reason": reason}


def _looked_at(referral: Referral, by: Any, now: datetime, note: str) -> None:
    referral.second_look_by, referral.second_look_at, referral.second_look_note = by, now, note
    keep(referral, "D_SECOND_LOOK", now=now)


@transition(Referral, label="Back from the hub", sources=[Status.ACCEPTED], target=Status.IN_TRIAGE, rule="by_itself")
def return_from_hub(referral: Referral, *, by: Any, now: datetime) -> dict[str, Any]:
    """The hub sent it back: the clock starts again, and the referral bears the mark of it."""
    case = referral.case
    if case is None or case.status != CaseStatus.NOT_OPENED or case.not_opened_reason != NotOpenedReason.RETURNED:
        raise NotPossible("The hub has not returned this family.")
    referral.returned_at = now
    title = "The hub asks for more about your referral"
    tell(referral, [referral.author], title, what=f"returned:{case.pk}", now=now)
    back_in_triage(referral, now, "The hub returned a referral")
    return {"case": case.reference}


@transition(Referral, label="The hub opened no case", sources=WITH_A_CASE, rule="by_itself")
def not_opened_by_hub(referral: Referral, *, by: Any, now: datetime) -> dict[str, Any]:
    """The hub signposted or handed over instead: who referred hears of it, and somebody owes the family the news."""
    what = f"hub:{referral.case_id}"
    tell(referral, [referral.author], "The hub has decided about your referral", what=what, now=now)
    label, title = "Tell the family what the hub decided", "Tell a family what the hub decided"
    if referral.holder and referral.holder.is_active:
        promise(referral, "D_OUTCOME", now=now, holder=referral.holder, label=label)
        tell(referral, [referral.holder], title, what=f"{what}:tell", now=now, kind=Kind.REQUEST)
    else:
        promise(referral, "D_OUTCOME", now=now, holder_role=role_for(referral.family), label=label)
        tell_access(referral, title, what=f"{what}:tell", now=now, kind=Kind.REQUEST)
    return {"case": referral.case_id}


def back_in_triage(referral: Referral, now: datetime, title: str, due_at: datetime | None = None) -> None:
    """To whoever held it; to the queue if nobody did, or if they have left."""
    referral.case = referral.decided_at = referral.decided_by = None
    release(referral, now=now)
    what = f"back:{now:%Y%m%d%H%M%S}"
    if referral.holder and referral.holder.is_active:
        promise(referral, "D_TRIAGE", now=now, holder=referral.holder, due_at=due_at)
        tell(referral, [referral.holder], title, what=what, now=now, urgent=True)
        return
    referral.status, referral.holder, referral.taken_at = Status.SUBMITTED, None, None
    for code in ("D_PICKUP", "D_TRIAGE"):
        promise(referral, code, now=now, holder_role=role_for(referral.family), due_at=due_at)
    tell_access(referral, title, what=what, now=now, kind=Kind.DECISION, urgent=True)


@transition(Referral, label="Withdraw", sources=LIVE, target=Status.WITHDRAWN, rule="withdraw")
def withdraw(
    referral: Referral,
    *,
    by: Any,
    now: datetime,
    withdrawn_by: str,
    reason: str,
    risk_noted: bool | None = None,
    risk_detail: str = "",
) -> dict[str, Any]:
    """It is no longer asked for. Where the family declines, somebody says whether anybody is at risk without help."""
    if withdrawn_by == WithdrawnBy.FAMILY and (risk_noted is None or not risk_detail):
        raise NotPossible("Say whether anybody is at risk if the family gets no help, and what you considered.")
    referral.withdrawn_by, referral.withdrawn_why = WithdrawnBy(withdrawn_by), reason
    _ends(referral, by, now)
    if by != referral.holder:
        tell(referral, [referral.holder], "A referral was withdrawn", what="withdrawn", now=now, urgent=True)
    if by != referral.author:
        tell(referral, [referral.author], "Your referral was withdrawn", what="withdrawn", now=now)
    if risk_noted:
        _owe_second_look(referral, now)
    return {"reason": reason, "withdrawn_by": withdrawn_by, "risk_noted": risk_noted, "risk": risk_detail}
