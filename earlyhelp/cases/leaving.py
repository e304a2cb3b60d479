"""Of a family's case: what somebody who leaves still holds, who has to hear that they leave, and what whoever covers may hear."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from earlyhelp.accounts.leaving import Held, announced, leaving, parting
from earlyhelp.cases.enums import LEADING
from earlyhelp.cases.models import Case, TeamMember
from earlyhelp.cases.services import leave_team
from earlyhelp.core.wall import beyond
from earlyhelp.families.models import NOT_EXPIRED
from earlyhelp.notices.enums import Kind
from earlyhelp.notices.services import notify
from earlyhelp.notices.services.telling import kept_by, may_hear
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User


@leaving
def led(person: Any) -> Held:
    """Handed on together, on one page; whoever looks after accounts sees no family, and only how many they are.

    Not the restricted ones: a number would say that there is one.
    """
    count = Case.objects.live().filter(lead=person, restricted=False).count()
    return Held(count, "family they lead", "families they lead", reverse("hubs:leaver", args=[person.pk]))


@leaving
def on_teams(person: Any) -> Held:
    """Those on whose team they are without leading them."""
    here = TeamMember.objects.current().filter(user=person, case__restricted=False)
    count = here.exclude(case__lead=person).count()
    return Held(count, "family on whose team they are", "families on whose teams they are")


@parting
def end_memberships(person: Any, *, by: Any, now: datetime) -> None:
    """Whoever leads a family does so until another has accepted: it is never nobody's, and nobody signs in as them."""
    for member in TeamMember.objects.current().filter(user=person).exclude(role__in=LEADING):
        leave_team(member, by=by, now=now, reason="They left.")


@announced
@parting
def tell_the_named(person: Any, *, by: Any, now: datetime) -> None:
    """A restricted family is on no list of a leaver's families but its named chair's: those who are named hear of it by name.

    Where no chair is named, whoever names one hears it, and opens nothing of it (domain.md 5 d).
    """
    with beyond("whoever closes an account sees no family; those who are named on this one have to hear"):
        led = Case.objects.live().filter(lead=person, restricted=True).select_related("family", "named_chair", "area")
        for case in led:
            named = [case.named_chair] if case.named_chair else []
            _say_that_another_is_needed([*named, *_named_on(case)], case, case.get_absolute_url(), person, now)
            if not named:
                _say_that_another_is_needed(_keepers(case), case, _naming(case), person, now)


@announced
@parting
def tell_who_names_a_chair(person: Any, *, by: Any, now: datetime) -> None:
    """The chair named for a restricted family leaves: nobody else decides about it until another is named."""
    with beyond("whoever closes an account sees no family; whoever names another chair for this one has to hear"):
        for case in Case.objects.live().filter(named_chair=person, restricted=True).select_related("family", "area"):
            notify(
                _keepers(case),
                kind=Kind.REQUEST,
                title="The chair of a restricted record leaves: name another",
                reference=case.reference,
                url=_naming(case),
                key=f"case:{case.pk}:chair_leaves:{person.pk}",
                now=now,
            )


def _keepers(case: Case) -> Any:
    return Post.objects.current().filter(role=Role.IG_LEAD, area__in=case.area.lineage).holders()


def _naming(case: Case) -> str:
    return reverse("cases:name_chair", args=[case.reference])


def _named_on(case: Case) -> list[User]:
    grants = case.family.grants.filter(NOT_EXPIRED, user__is_active=True).select_related("user")
    return [grant.user for grant in grants.order_by("pk")]


def _say_that_another_is_needed(people: Any, case: Case, url: str, leaver: Any, now: datetime) -> None:
    notify(
        [person for person in people if person != leaver],
        kind=Kind.REQUEST,
        title="Whoever leads a restricted record leaves: another lead is needed",
        reference=case.reference,
        url=url,
        key=f"case:{case.pk}:lead_leaves:{leaver.pk}",
        now=now,
    )


@kept_by
def of_a_restricted_record(reference: str) -> list[User] | None:
    """Whoever leads one has left, and their manager may not know that it is there."""
    case = Case.objects.filter(reference=reference, restricted=True).select_related("area").first()
    return list(_keepers(case)) if case else None


@may_hear
def of_a_case(reference: str) -> bool:
    """Not of a restricted one: that it is there is told to nobody but those it is entrusted to."""
    return Case.objects.filter(reference=reference, restricted=False).exists()
