"""A family is seen and kept through a referral: by who wrote it down and refers it, and by those who triage it.

And what the front door does when the hub opens no case for a family that it sent there.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Exists, Q

from earlyhelp.cases.enums import EndReason, NotOpenedReason
from earlyhelp.cases.guards import TurnedAway, at_the_end, if_not_opened, when_accepted, when_opened
from earlyhelp.cases.models import Case
from earlyhelp.core.access import NOBODY
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.families.access import edit_ground, known_to, not_restricted, person_ground
from earlyhelp.families.models import Family, FamilyMembership
from earlyhelp.families.reads import Known, keeps
from earlyhelp.letters.enums import Kind
from earlyhelp.letters.services import finish
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Area, Post
from earlyhelp.workflow.transitions import SYSTEM
from referrals.access import ANSWERS_CONTACTS
from referrals.checklists import being_talked_over
from referrals.enums import LIVE, UNACKNOWLEDGED, UNDECIDED, HandoverStatus, Status
from referrals.models import ChecklistResponse, Contact, Referral, SocialCareHandover
from referrals.queries.of_case import referrals_of
from referrals.services.handover import hand_over, write_call
from referrals.services.hub_letters import write_of_case
from referrals.services.letters import said_in_full
from referrals.services.telling import tell
from referrals.transitions.referral import not_opened_by_hub


@edit_ground
def my_referral(families: Any, user: Any) -> Q:
    """A family that this person wrote down, until its referral is decided.

    Naming a family that others wrote down opens nothing of it: else anybody could read anybody by starting a draft.
    """
    return Q(
        pk__in=Referral.objects.filter(author=user, status__in=UNDECIDED, family__created_by=user).values("family")
    )


@edit_ground
def in_my_triage(families: Any, user: Any) -> Q:
    if not user.scope.holds(Role.EH_ACCESS):
        return NOBODY
    return Q(pk__in=Referral.objects.for_user(user, "triage").filter(status__in=LIVE).values("family"))


@known_to
def being_decided(people: Collection[int]) -> dict[int, str]:
    """That EH Access has a referral of these people is all that a search says of it."""
    return dict.fromkeys(_in_triage(None, people=list(people)), "a referral is being decided: ask EH Access")


@PlannedOnce
def _in_triage(nobody: None, people: Any) -> Any:
    live = Referral.objects.filter(status__in=LIVE, family__restricted=False).values("family")
    members = FamilyMembership.objects.current().filter(person__in=people, family__in=live)
    return members.values_list("person", flat=True)


SOCIAL_CARE_HAS_IT = (*UNACKNOWLEDGED, HandoverStatus.ACKNOWLEDGED, HandoverStatus.ACCEPTED)


@if_not_opened
def go_on_from_the_hub(case: Case, by: Any, said: TurnedAway, now: datetime) -> None:
    """What the hub hands over is sent in the same moment; who referred hears, and EH Access owes the family the news.

    A family that the hub returns is taken back by the sweep, with a clock of its own. One that was not told of a hand-over
    may be in danger if it hears of it: no letter lies ready then.
    """
    if case.not_opened_reason == NotOpenedReason.RETURNED:
        return
    referrals = referrals_of(case)
    if case.not_opened_reason == NotOpenedReason.HANDED_OVER:
        _hand_over(case, by=by, now=now, **said.handover)
        knows = bool(said.handover["family_told"])
        write_of_case(case, Kind.HUB_HANDED_OVER, referrals, now=now, to_family=knows, says=said.message)
    elif case.not_opened_reason == NotOpenedReason.SIGNPOSTED:
        where = finish(said.where, {}, family_id=case.family_id, field="where")
        write_of_case(case, Kind.HUB_SIGNPOSTED, referrals, now=now, says=said.message, words={"where": where})
    for referral in referrals:
        not_opened_by_hub(referral, by=SYSTEM, now=now)


@when_opened
def say_that_the_hub_decided(case: Case, by: Any, message: str, now: datetime) -> None:
    """Who referred hears that the hub has decided: their page of the referral says what, in the words of ``cases.told``."""
    referrals = referrals_of(case)
    for referral in referrals:
        tell(referral, [referral.author], "The hub has decided about your referral", what=f"hub:{case.pk}", now=now)
    write_of_case(case, Kind.HUB_OPENED, referrals, now=now, says=message)


@when_accepted
def say_who_leads(case: Case, by: Any, now: datetime) -> None:
    """And that a lead professional has accepted: from now on their page says where from. Social care hears it otherwise.

    The family is told by name (domain.md 6.5): the lead professional finds the letter ready, and takes it along.
    """
    referrals = referrals_of(case)
    for referral in (each for each in referrals if not each.step_down):
        title = "A lead professional has accepted the family you referred"
        tell(referral, [referral.author], title, what=f"led:{case.pk}", now=now)
    if lead := case.lead:
        who = {"lead": said_in_full(lead), "lead_name": str(lead), "lead_agency": str(lead.agency or "")}
        write_of_case(case, Kind.LED, referrals, now=now, words=who)


@at_the_end
def say_that_it_ended(case: Case, now: datetime) -> None:
    """The closing letters (screens.md 5). Whoever referred reads how it ended; the family, that they may ask again.

    Of a death no letter speaks by itself; and where social care goes on, it is social care that speaks with the family.
    """
    if case.end_reason == EndReason.DIED:
        return
    told = case.end_reason != EndReason.STEPPED_UP
    ended = EndReason(case.end_reason).label
    write_of_case(case, Kind.ENDED, referrals_of(case), now=now, to_family=told, words={"ended": ended})


def _hand_over(case: Case, *, by: Any, now: datetime, concern: str, spoken_to: str = "", **facts: Any) -> None:
    """By whoever decided, in their words. What was said of one that social care has already is added to it, not sent again."""
    sent = SocialCareHandover.objects.filter(case=case, status__in=SOCIAL_CARE_HAS_IT).order_by("sent_at").first()
    if sent and spoken_to:
        theirs = facts.get("their_reference")
        said = f"{concern}\nTheir reference: {theirs}" if theirs else concern
        write_call(sent, by=by, now=now, spoken_to=spoken_to, said=said)
        return
    source = f"The hub, about {case.reference}"
    hand_over(
        by=by, now=now, about=str(case.family), concern=concern, source=source, spoken_to=spoken_to, case=case, **facts
    )


@person_ground
def asked_at_the_front_door(people: Any, user: Any) -> Q:
    """Whoever answers contacts, for as long as something that a checklist suggests is to be talked over with the person.

    Not whoever only took the contact: naming a family that others wrote down opens nothing of it.
    """
    if not user.scope.holds(*ANSWERS_CONTACTS):
        return NOBODY
    contacts = Contact.objects.for_user(user, "answer").values("pk")
    asked = ChecklistResponse.objects.filter(contact__in=contacts).filter(being_talked_over())
    return not_restricted("") & Q(pk__in=asked.values("person"))


def _by_a_referral(family: Family) -> list[Known]:
    """EH Access of the place, once a referral of theirs was sent; whoever wrote one."""
    sent = Referral.objects.filter(family=family).exclude(status=Status.DRAFT)
    around = Area.objects.filter(pk__in=family.area.lineage)
    weighs = Post.objects.filter(Exists(sent), role=Role.EH_ACCESS, area__in=around)
    return [Known(weighs, "user", "EH Access, which weighed a referral"), Known(sent, "author", "referred them")]


def _by_a_contact(family: Family) -> list[Known]:
    """Whoever took or answered a contact about them, and whoever asked one of them the checklist."""
    about = Contact.objects.filter(family=family)
    asked = ChecklistResponse.objects.filter(person__memberships__family=family)
    return [
        Known(about, "author", "took a contact about them"),
        Known(about, "answered_by", "answered a contact about them"),
        Known(asked, "by", "asked one of them what might help"),
    ]


keeps(Referral, "a referral", workers=_by_a_referral)
keeps(Contact, "a contact about it", workers=_by_a_contact)
keeps(SocialCareHandover, "a hand-over to social care")
