"""On a case’s shelf: the referral behind it and what was handed over; and the deed that is never more than one click away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from earlyhelp.cases.enums import Status as CaseStatus
from earlyhelp.cases.models import Case
from earlyhelp.cases.panels import Note, deeds, fact, note, section
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.families.chronology import Entry, tells
from earlyhelp.families.models import Family, Person
from earlyhelp.families.panels import Involvement, involved, person_links
from earlyhelp.partnership.enums import AgencyKind, Role
from referrals.enums import LIVE
from referrals.models import Contact, Referral, SocialCareHandover
from referrals.progress import summary
from referrals.queries import handovers_of_family, letters_of_case, to_the_family, with_unread

TAKES_A_LETTER: dict[str, str] = {
    CaseStatus.ALLOCATED: "It says that you work with them. Take it along, or send it before your first visit.",
    CaseStatus.CLOSED: "It says that early help has ended, and that they may ask again.",
}


@section(15, "referral", "Referral and letters", "referrals/on_case.html")
def referral(case: Case, user: Any) -> dict[str, Any]:
    """What was asked, decided and written since. What agencies answered stays with EH Access (domain.md 6.3)."""
    behind = with_unread(Referral.objects.filter(case=case), from_referrer=True)
    behind = behind.select_related("author", "agency", "family").order_by("-submitted_at")
    handovers = (
        SocialCareHandover.objects.for_user(user).filter(case=case).select_related("author").order_by("-sent_at")
    )
    told = [
        {
            "referral": each,
            "rows": summary(each, seen_by=user),
            "decision": each.decisions.order_by("-at", "-pk").first(),
            "talks": each.author_id is not None and case.lead_id == user.pk,
        }
        for each in behind
    ]
    contacts = Contact.objects.for_user(user).filter(case=case).order_by("-received_at")
    return {
        "referrals": told,
        "letters": letters_of_case(case, user),
        "handovers": handovers,
        "contacts": contacts,
    }


@deeds
def hand_over(case: Case, user: Any) -> list[tuple[str, str]]:
    return [("Hand over to social care", f"{reverse('referrals:handover_start')}?about={case.reference}")]


@fact("letter_to_the_family")
def newest_letter_to_the_family() -> Subquery:
    return Subquery(to_the_family(OuterRef("pk")).values("pk")[:1])


@note
def a_letter_lies_ready(case: Case, user: Any) -> Iterable[Note]:
    """Who leads is named to the family in it, and takes it along to the first visit; at the end it is the last that they hear."""
    letter: int | None = case.letter_to_the_family  # type: ignore[attr-defined]  # a fact
    says = TAKES_A_LETTER.get(case.status)
    if letter and says and case.lead_id == user.pk:
        yield Note(
            "A letter to the family lies ready.", says, reverse("referrals:letter", args=[letter]), "Read and print it"
        )


@fact("steps_down_with")
def from_social_care() -> Subquery:
    """Over cases: who of social care steps the family down, or with whom it was spoken where it was returned."""
    rows = Referral.objects.filter(case=OuterRef("pk"), step_down=True).order_by("-submitted_at", "-pk")
    facts = JSONObject(
        first="author__first_name",
        last="author__last_name",
        job="author__job_title",
        phone="author__phone",
        here="author__is_active",
        agency="author__agency__name",
        kind="author__agency__kind",
        spoken_to="returned_from__spoken_to",
        reference="returned_from__their_reference",
    )
    return Subquery(rows.values(facts=facts)[:1])


@note
def who_hands_over(case: Case, user: Any) -> Iterable[Note]:
    """The social worker, by name, and whom to ring: social care closes only after the hand-over meeting (domain.md 8.4)."""
    known: dict[str, Any] | None = case.steps_down_with  # type: ignore[attr-defined]  # a fact
    if known and case.is_live:
        told = _social_worker(known) if known["kind"] == AgencyKind.SOCIAL_CARE else _duty_desk(known)
        yield Note("This family steps down from social care.", told)


def _social_worker(known: dict[str, Any]) -> str:
    name = f"{known['first']} {known['last']}"
    who = ", ".join(filter(None, [name, known["job"], known["agency"]]))
    if not known["here"]:
        return f"Their social worker was {who}, who has left. {_ring_the_front_door()}"
    ring = f"Ring {name} on {known['phone']}." if known["phone"] else _ring_the_front_door()
    return f"Their social worker is {who}. {ring} Social care closes after the first meeting, at which they hand over."


def _duty_desk(known: dict[str, Any]) -> str:
    """It was returned, and somebody here began the step-down."""
    spoken = f"It was spoken with {known['spoken_to']}." if known["spoken_to"] else ""
    reference = f"Their reference is {known['reference']}." if known["reference"] else ""
    return " ".join(filter(None, ["Social care returned them.", spoken, reference, _ring_the_front_door()]))


def _ring_the_front_door() -> str:
    return f"Ring the {settings.SOCIAL_CARE_NAME} on {settings.SOCIAL_CARE_PHONE}."


@involved
def being_decided(family: Family, user: Any) -> Iterable[Involvement]:
    """A referral that EH Access has not decided yet; a link only for whoever may open it."""
    for row in _being_decided(user, family=family):
        who = f"{row.holder}, {Role.EH_ACCESS.label}" if row.holder else Role.EH_ACCESS.label
        url = row.get_absolute_url() if row.may_view else ""
        yield Involvement(f"Referral {row.reference}", who, state=row.get_status_display(), url=url)


@PlannedOnce
def _being_decided(user: Any, family: Any) -> Any:
    return Referral.objects.with_rights(user, "view").filter(family=family, status__in=LIVE).select_related("holder")


@tells
def handed_over(family: Family, user: Any) -> Iterable[Entry]:
    """What was handed over to social care, and how that stands."""
    for each in handovers_of_family(family, user):
        title = f"Handed over to social care. {each.get_status_display()}."
        on, url = timezone.localdate(each.sent_at), each.get_absolute_url()
        yield Entry(on, each.sent_at, title, "", str(each.author), where=each.reference, url=url)


@person_links
def checklists_of_a_person(person: Person, may_change: bool) -> Iterable[tuple[str, str]]:
    """The early-indicator checklist: asked by those who work with them, read by whoever sees them (domain.md R31)."""
    if may_change:
        yield "Ask what might help", reverse("referrals:checklist_start", args=["person", person.pk])
    yield "Their checklists", reverse("referrals:checklists_of", args=[person.pk])
