"""On a case’s shelf: the referral behind it and what was handed over; and the deed that is never more than one click away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from earlyhelp.cases.models import Case
from earlyhelp.cases.panels import deeds, section
from earlyhelp.families.models import Family, Person
from earlyhelp.families.panels import Involvement, involved, person_links
from earlyhelp.partnership.enums import Role
from referrals.enums import LIVE
from referrals.models import Contact, Referral, SocialCareHandover
from referrals.progress import summary
from referrals.queries import with_unread


@section(15, "referral", "Referral", "referrals/on_case.html")
def referral(case: Case, user: Any) -> dict[str, Any]:
    """What was asked, and what EH Access decided. What agencies answered stays with EH Access (domain.md 6.3)."""
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
    return {"referrals": told, "handovers": handovers, "contacts": contacts}


@deeds
def hand_over(case: Case, user: Any) -> list[tuple[str, str]]:
    return [("Hand over to social care", f"{reverse('referrals:handover_start')}?about={case.reference}")]


@involved
def being_decided(family: Family, user: Any) -> Iterable[Involvement]:
    """A referral that EH Access has not decided yet; a link only for whoever may open it."""
    rows = Referral.objects.with_rights(user, "view").filter(family=family, status__in=LIVE).select_related("holder")
    for row in rows:
        who = f"{row.holder}, {Role.EH_ACCESS.label}" if row.holder else Role.EH_ACCESS.label
        url = row.get_absolute_url() if row.may_view else ""
        yield Involvement(f"Referral {row.reference}", who, state=row.get_status_display(), url=url)


@person_links
def checklists_of_a_person(person: Person, may_change: bool) -> Iterable[tuple[str, str]]:
    """The early-indicator checklist: asked by those who work with them, read by whoever sees them (domain.md R31)."""
    if may_change:
        yield "Ask what might help", reverse("referrals:checklist_start", args=["person", person.pk])
    yield "Their checklists", reverse("referrals:checklists_of", args=[person.pk])
