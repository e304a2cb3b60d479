"""What several transitions of a case share: whose family it is, and which promises hang on the tier."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.cases.access import CLOSED_THROUGH
from earlyhelp.cases.enums import (
    EPISODE_OVER,
    HANDED_ON,
    LEADING,
    WORKED_TOWARDS,
    AllocationEnd,
    AllocationStatus,
    CaseKind,
    EndReason,
    TeamRole,
    Tier,
)
from earlyhelp.cases.guards import pass_on, put_in_order, refuse_to_ask_for_more
from earlyhelp.cases.models import Allocation, Case, TeamMember, TierChange
from earlyhelp.core.calendar import closing
from earlyhelp.core.dates import day
from earlyhelp.deadlines.services import keep, promise, release
from earlyhelp.deadlines.standards import due_by, standard
from earlyhelp.families.models import Family
from earlyhelp.families.queries import sole_plan_is_barred
from earlyhelp.families.services import next_number
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import AgencyKind, Role
from earlyhelp.partnership.models import Agency, Area, Post, User
from earlyhelp.sharing.enums import Purpose, Say
from earlyhelp.sharing.queries import current_people, may_be_told
from earlyhelp.workflow.services import lock
from earlyhelp.workflow.transitions import NotPossible, person

REVIEWS = ("D_REVIEW", "D_REVIEW_FIRST")
OF_A_STEP = ("D_STEP", "D_STEP_CHECK")
TIMEBOX_WARNING = timedelta(weeks=2)  # domain.md 7, D_TIMEBOX
HEARS_NEXT = (Role.HUB_CHAIR, Role.HUB_COORDINATOR, Role.SERVICE_MANAGER)  # each where none before may hear of a family
HUB_OWES = ("D_MMT_WAIT", "D_URGENT_HUB", *OF_A_STEP)  # never the lead professional's, whoever holds it


@transaction.atomic
def await_decision(
    family: Family,
    *,
    area: Area,
    by: Any,
    now: datetime,
    level_of_need: int,
    proposed_tier: int,
    request: str,
    urgent: bool,
    kind: str = CaseKind.FAMILY,
) -> Case:
    """EH Access accepted the family: the case waits for the hub, and no family waits past the standard unseen.

    Raises ``NotPossible`` if the family has a live case: a second one would split the truth about them.
    """
    family = lock(family)  # restricted a moment ago, it is so here
    if family.cases.live().exists():
        raise NotPossible("This family has an early help case already: link the referral to it instead.")
    case = Case.objects.create(
        reference=f"EH-{timezone.localdate(now):%Y}-{next_number('cases_reference'):06d}",
        family=family,
        area=area,
        kind=kind,
        level_of_need=level_of_need,
        proposed_tier=proposed_tier,
        request=request,
        urgent=urgent,
        accepted_at=now,
        accepted_by=person(by),
        previous=family.cases.filter(status__in=EPISODE_OVER).order_by("-closed_on").first(),
        restricted=family.restricted,
    )
    record("cases.case.await_decision", case, by=person(by), at=now, became=case.status)
    promise(case, "D_MMT_WAIT", now=now, **decider(case))
    if urgent:
        promise(case, "D_URGENT_HUB", now=now, **decider(case))
    return case


def decider(case: Case) -> dict[str, Any]:
    """Who holds what the hub owes: its chairs; of a restricted record the one named for it, and until then who names one."""
    if not case.restricted:
        return {"holder_role": Role.HUB_CHAIR}
    return {"holder": case.named_chair} if case.named_chair else {"holder_role": Role.IG_LEAD}


def deciders(case: Case) -> list[User]:
    """The same as people, to be told. Where no chair may hear of the family somebody else of the hub does, or its managers."""
    holds = decider(case)
    if "holder" in holds:
        return [holds["holder"]]
    roles = [holds["holder_role"]] if case.restricted else HEARS_NEXT
    posts = Post.objects.current().filter(area__in=case.area.lineage).select_related("user")
    ladder = (told_of(case, [post.user for post in posts.filter(role=role)]) for role in roles)
    return next(filter(None, ladder), [])


def told_of(case: Case, people: Iterable[User | None]) -> list[User]:
    """Those of them who have declared no interest in the family: the others are told nothing of it (domain.md 9.2)."""
    return [each for each in people if each is not None and case.pk not in each.scope.ids(*CLOSED_THROUGH)]


def refuse_as_sole_plan(case: Case) -> None:
    """Nobody is opened or stepped into early help alone under a child protection plan (domain.md T5).

    It may run alongside it: then the social worker is named where the status is written down.
    """
    if sole_plan_is_barred(case.family_id):
        raise NotPossible(
            "Somebody in this family has a child protection plan. Early help may only run alongside it (T5): name the "
            "social worker with their statutory status, on the page of that person, or hand over to social care."
        )


def _refuse_whoever_cannot(worker: User, tier: int, has_it: list[int]) -> None:
    if not (worker.is_active and worker.takes_cases and worker.left_on is None):
        raise NotPossible(f"{worker} is not taking families at the moment: choose somebody else.")
    if tier == Tier.ENHANCED and not worker.intensive:
        raise NotPossible(f"Tier 3 needs an intensive family worker, and {worker} is not one.")
    if worker.pk in has_it:
        raise NotPossible(
            f"{worker} is asked already and has not answered: ring them, or choose somebody else.", field="worker"
        )


def offer(
    case: Case,
    *,
    worker: User,
    tier: int,
    by: Any,
    now: datetime,
    preference: str,
    preference_note: str,
    over_limit_reason: str = "",
    because: str = "",
    handover_note: str = "",
    joint_visit: str = "",
) -> Allocation:
    """Offer the family to a worker. At tier 3 the worker leads as an intensive family worker (domain.md R4).

    ``because``: of a family that has a lead, why another is to lead (one of ``HANDED_ON``).

    Raises ``NotPossible`` if the worker may not be offered a family, or not at this tier.
    """
    asked = case.allocations.filter(status=AllocationStatus.OFFERED)
    has_it = list(asked.values_list("worker", flat=True))
    _refuse_whoever_cannot(worker, tier, has_it)
    if has_it:
        asked.update(status=AllocationStatus.WITHDRAWN, answered_at=now)
    allocation = Allocation.objects.create(
        case=case,
        worker=worker,
        role=TeamRole.INTENSIVE if tier == Tier.ENHANCED else TeamRole.LEAD,
        preference=preference,
        preference_note=preference_note,
        over_limit_reason=over_limit_reason,
        because=because,
        handover_note=handover_note,
        joint_visit=joint_visit,
        offered_by=person(by),
        offered_at=now,
    )
    promise(case, "D_ACCEPT", now=now, holder=worker)
    notify(
        [worker],
        kind=Kind.REQUEST,
        title="A family is offered to you",
        reference=case.reference,
        url=case.get_absolute_url(),
        key=f"allocation:{allocation.pk}:offered",
        now=now,
        urgent=True,
    )
    return allocation


def turn_down(case: Case, *, by: Any, now: datetime, reason: str) -> None:
    """The offer ends declined. A worker whose manager declined hears of it: what they were to answer is answered.

    Raises ``NotPossible`` if there is no offer any more.
    """
    allocation = case.allocations.filter(status=AllocationStatus.OFFERED).select_related("worker").first()
    if allocation is None:
        raise NotPossible("The offer was withdrawn.")
    allocation.status, allocation.answered_at, allocation.decline_reason = AllocationStatus.DECLINED, now, reason
    allocation.save(update_fields=["status", "answered_at", "decline_reason"])
    release(case, now=now, codes=("D_ACCEPT",))
    if person(by) == allocation.worker:
        return
    notify(
        [allocation.worker],
        kind=Kind.NEWS,
        title="Your manager declined a family that was offered to you",
        reference=case.reference,
        url="/",
        key=f"allocation:{allocation.pk}:declined_for",
        now=now,
    )


def refuse_half_a_hand_over(case: Case, *, because: str, handover_note: str, joint_visit: str) -> None:
    """Of a family that has a lead: why another is to lead, and what goes with it, for nobody may be there to ask afterwards.

    Raises ``NotPossible`` for whatever of it was not said.
    """
    if case.lead_id is None:
        return
    if because not in HANDED_ON:
        raise NotPossible(f"Say why another than {case.lead} is to lead.", field="because")
    if not handover_note:
        raise NotPossible("Say what the next lead professional needs to know first.", field="handover_note")
    if not joint_visit:
        raise NotPossible("Say when both visit the family together, or why they do not.", field="joint_visit")


def hand_to(case: Case, allocation: Allocation, *, by: Any, now: datetime) -> None:
    """The worker leads from this moment; a former lead ends in the same moment, so that there is never a gap.

    Why another was to lead was said with the offer, and is kept as the end of the former (domain.md 6.5). What the former
    lead had promised of the family passes on with it; what the hub owes stays with the hub.
    """
    before = case.lead
    former = case.allocations.filter(status=AllocationStatus.ACCEPTED).exclude(pk=allocation.pk)
    ends_as = allocation.because or AllocationEnd.SUCCEEDED
    former.update(status=AllocationStatus.ENDED, ended_at=now, end_reason=ends_as)
    case.team.current().filter(role__in=LEADING).update(until_at=now, end_reason="succeeded by another lead")
    case.team.current().filter(user=allocation.worker).update(until_at=now, end_reason="became the lead")
    allocation.status, allocation.answered_at = AllocationStatus.ACCEPTED, now
    allocation.save(update_fields=["status", "answered_at"])
    TeamMember.objects.create(
        case=case, user=allocation.worker, agency=allocation.worker.agency, role=allocation.role, from_at=now
    )
    case.lead = allocation.worker
    held = Q(holder__isnull=False) | Q(code="D_TIMEBOX")
    of_the_hub = HUB_OWES if case.closure_approved else (*HUB_OWES, "D_CLOSE")
    case.deadlines.open().filter(held).exclude(code__in=of_the_hub).update(holder=allocation.worker, holder_role="")
    if before is not None and before != case.lead:
        pass_on(case, before, by=by, now=now)


def change_tier(case: Case, tier: int, *, by: Any, now: datetime, reason: str) -> None:
    """Write down the tier decided. The only way in which a case's tier changes (domain.md T2)."""
    if case.tier == tier:
        return
    TierChange.objects.create(
        case=case, from_tier=case.tier, to_tier=tier, reason=reason, decided_by=person(by), decided_at=now
    )
    case.tier = tier


def ask_for_step(case: Case, to_tier: int, *, now: datetime, urgent: bool) -> None:
    """The hub owes its decision; an urgent one as soon as a chair’s action is owed.

    Going up, EH Access looks first whether the request is whole, and adds what agencies know (R7); but not of a restricted
    record, of which the named chair alone knows. Raises ``NotPossible`` where something is to be done before more is asked for,
    unless it is ``urgent``.
    """
    more = to_tier > (case.tier or 0)
    if more and not urgent:
        refuse_to_ask_for_more(case)
    soon = due_by(standard("D_URGENT_HUB", case.tier), now) if urgent else None
    promise(case, "D_STEP", now=now, due_at=soon, **decider(case))
    if more and not case.restricted:
        promise(case, "D_STEP_CHECK", now=now, holder_role=Role.EH_ACCESS)
    tell_chairs(case, "A step is asked for", f"case:{case.pk}:step:{now:%Y%m%d%H%M%S}", now)


def end_the_timebox(case: Case, *, now: datetime) -> None:
    keep(case, "D_TIMEBOX", now=now)
    case.timebox_ends_on = None


def promise_review(case: Case, *, now: datetime, first: bool = False, at_latest: date | None = None) -> None:
    """Every open case has exactly one next review, set by its tier's standard; ``at_latest``: if the hub wanted it sooner.

    One that follows a step comes as soon as a ``first`` one (domain.md 7), and is not called so where others were held.
    """
    code = "D_REVIEW_FIRST" if first else "D_REVIEW"
    held = first and case.deadlines.filter(code__in=REVIEWS, met_at__isnull=False).exists()
    release(case, now=now, codes=REVIEWS)
    label = "Next review" if held else ""
    sooner = closing(at_latest) if at_latest and at_latest >= timezone.localdate(now) else None
    due_at = min(sooner, due_by(standard(code, case.tier), now)) if sooner else None
    deadline = promise(case, code, now=now, holder=case.lead, tier=case.tier, label=label, due_at=due_at)
    case.next_review_on = timezone.localdate(deadline.due_at)


def end(case: Case, *, now: datetime, reason: str) -> None:
    """The episode is over: nobody is reminded and nobody keeps access who held it through the team."""
    case.closed_on, case.end_reason = timezone.localdate(now), reason
    case.next_review_on = case.timebox_ends_on = None
    keep(case, "D_CLOSE", now=now)
    release(case, now=now)
    case.allocations.filter(status=AllocationStatus.OFFERED).update(status=AllocationStatus.WITHDRAWN, answered_at=now)
    case.allocations.filter(status=AllocationStatus.ACCEPTED).update(
        status=AllocationStatus.ENDED, ended_at=now, end_reason=AllocationEnd.CLOSED
    )
    _tell_the_team(case, now=now)
    case.team.current().update(until_at=now, end_reason="closed")
    case.grants.all().delete()
    put_in_order(case, now=now)


def close(case: Case, *, now: datetime, end_reason: str) -> None:
    """The end that was worked towards: where the family agreed, somebody asks later whether the change has lasted."""
    if end_reason not in WORKED_TOWARDS:
        raise NotPossible(
            "This end has a way of its own, on the page of the case: choose another reason.", field="end_reason"
        )
    end(case, now=now, reason=EndReason(end_reason))
    if case.follow_up_agreed:
        promise(case, "D_FOLLOW_UP", now=now, holder=case.lead)


def _tell_the_team(case: Case, *, now: datetime) -> None:
    """That it ended, and nothing of why: whoever wants to know asks the family (domain.md 16). They open the case no more."""
    members = case.team.current().filter(user__isnull=False).exclude(user=case.lead).select_related("user")
    notify(
        [member.user for member in members],
        kind=Kind.NEWS,
        title="A Team Around the Family that you were on has ended",
        reference=case.reference,
        url="/",
        key=f"case:{case.pk}:ended",
        now=now,
    )


@transaction.atomic
def add_to_team(
    case: Case, *, role: str, by: Any, now: datetime, user: User | None = None, name: str = "", all_the_same: str = ""
) -> TeamMember:
    """The lead professional adds somebody: with ``all_the_same``, where somebody of the family has not said yes to their agency.

    Whoever joins reads what is written of them all. Raises ``NotPossible`` with each answer that is not a yes, until it is said
    why they join all the same; it is kept with the membership, and stands beside their name.
    """
    lacking = _not_said_yes(case.family, user.agency if user else None, now)
    if lacking and not all_the_same:
        ask = "Ask first; or say why they join all the same."
        raise NotPossible(" ".join(["Not everybody has said yes to this agency.", *lacking, ask]), field="all_the_same")
    return join_team(
        case, role=role, user=user, name=name, all_the_same=all_the_same if lacking else "", by=by, now=now
    )


def _not_said_yes(family: Family, agency: Agency | None, now: datetime) -> list[str]:
    """Each who said no, and why; then who is to be asked. The council needs no yes to help together with itself."""
    if agency is None or agency.kind == AgencyKind.COUNCIL:
        return []
    people = [each for each in current_people(family) if not (each.died_on or each.expected_on)]
    answers = may_be_told(people, [agency], Purpose.HELP, now=now, joining=True)
    said = [(each.name, answers[each.pk, agency.pk]) for each in people]
    no = [f"{name}: {answer.why}" for name, answer in said if answer.say == Say.DENY]
    to_ask = [name for name, answer in said if not answer.allows and answer.say != Say.DENY]
    return no + ([f"To be asked: {', '.join(to_ask)}."] if to_ask else [])


@transaction.atomic
def join_team(
    case: Case,
    *,
    role: str,
    by: Any,
    now: datetime,
    user: User | None = None,
    name: str = "",
    service: Any = None,
    agency: Any = None,
    all_the_same: str = "",
) -> TeamMember:
    """Add somebody to the Team Around the Family. Adding a person who is on it already answers with what there is.

    Raises ``NotPossible`` for a case that has ended meanwhile: nobody would be left to end the membership.
    """
    if lock(case).closed_on:
        raise NotPossible(f"{case} has ended: nobody joins its team any more.")
    if user is not None and (present := case.team.current().filter(user=user).first()):
        return present
    member = TeamMember.objects.create(
        case=case,
        user=user,
        name=name,
        service=service,
        agency=agency or (user.agency if user else None),
        role=role,
        all_the_same=all_the_same,
        from_at=now,
    )
    record("cases.case.team_joined", case, by=person(by), at=now, member=member.pk, role=role)
    if user is not None:
        notify(
            [user],
            kind=Kind.NEWS,
            title="You joined a Team Around the Family",
            reference=case.reference,
            url=case.get_absolute_url(),
            key=f"team:{member.pk}:joined",
            now=now,
        )
    return member


@transaction.atomic
def leave_team(member: TeamMember, *, by: Any, now: datetime, reason: str) -> None:
    """End a membership, and with it any exception granted to the same person (design.md 6)."""
    member = lock(member)
    if member.role in LEADING:
        raise NotPossible("The lead professional leaves only when another has accepted.")
    if member.until_at:
        raise NotPossible("They have left the team already.")
    member.until_at, member.end_reason = now, reason
    member.save(update_fields=["until_at", "end_reason"])
    member.case.grants.filter(user=member.user).delete()
    record("cases.case.team_left", member.case, by=person(by), at=now, reason=reason, member=member.pk)


def promise_first_dates(case: Case, worker: Any, *, taf_on: date | None, review_on: date | None, now: datetime) -> None:
    """The first TAF meeting; and the first review, where the hub names a day of its own for it."""
    if taf_on and review_on and review_on <= taf_on:
        raise NotPossible(
            "The first review follows the first TAF meeting: choose a later day.", field="first_review_on"
        )
    _promise_first_taf(case, worker, taf_on, now=now)
    if review_on:
        _promise_first_review(case, worker, review_on, now=now)


def _promise_first_taf(case: Case, worker: Any, on: date | None, *, now: datetime) -> None:
    """Within the standard; sooner where the hub names a day (promise ``D_FIRST_TAF``)."""
    if on is None:
        promise(case, "D_FIRST_TAF", now=now, holder=worker)
        return
    latest = timezone.localdate(due_by(standard("D_FIRST_TAF", case.tier), now))
    if not timezone.localdate(now) <= on <= latest:
        raise NotPossible(
            f"The first TAF meeting is held by {day(latest)}: choose a day until then.", field="first_taf_on"
        )
    promise(case, "D_FIRST_TAF", now=now, holder=worker, due_at=closing(on))


def _promise_first_review(case: Case, worker: Any, on: date, *, now: datetime) -> None:
    """Sooner than the standard would have it. Where the hub names no day, it is promised once the plan is agreed."""
    taf_by = case.deadlines.open().get(code="D_FIRST_TAF").due_at
    latest = timezone.localdate(due_by(standard("D_REVIEW_FIRST", case.tier), taf_by))
    if not timezone.localdate(now) < on <= latest:
        raise NotPossible(f"The first review is by {day(latest)}: choose a day until then.", field="first_review_on")
    promise(case, "D_REVIEW_FIRST", now=now, holder=worker, due_at=closing(on))
    case.next_review_on = on


def hand_to_chair(case: Case, chair: User) -> None:
    """What the hub owes of a restricted record, the one chair who was named for it owes."""
    held = Q(holder_role__in=(Role.IG_LEAD, Role.HUB_CHAIR)) | Q(holder=case.named_chair_id, holder__isnull=False)
    case.deadlines.open().filter(held).update(holder=chair, holder_role="")


# --- who is told -------------------------------------------------------------------------------------------------------


def tell_chairs(case: Case, title: str, key: str, now: datetime) -> None:
    tell(case, deciders(case), title, key, now)


def tell_lead(case: Case, title: str, key: str, now: datetime) -> None:
    tell(case, [case.lead], title, key, now)


def tell(case: Case, people: list[Any], title: str, key: str, now: datetime) -> None:
    notify(
        people, kind=Kind.DECISION, title=title, reference=case.reference, url=case.get_absolute_url(), key=key, now=now
    )
