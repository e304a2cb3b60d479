"""What the pages of a person and a family say of the services they were referred to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from earlyhelp.core.composed import PlannedOnce
from earlyhelp.directory.enums import LIVE, WITH_SERVICE
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.families.kinship import goes_on
from earlyhelp.families.models import Family, FamilyMembership, Person
from earlyhelp.families.panels import Involvement, around, person_panel

SHOWN = 20


def _rows(brought: list[dict[str, Any]]) -> list[OnwardReferral]:
    """Each with ``named``, the service."""
    rows = []
    for facts in brought:
        named, made_at = facts.pop("named"), datetime.fromisoformat(facts.pop("made_at"))
        row = OnwardReferral(made_at=made_at, **facts)
        row.named = named  # type: ignore[attr-defined]
        rows.append(row)
    return rows


@person_panel("referred_to", "directory/_of_person.html", read=_rows)
def referred_to() -> Any:
    """The newest first, with how it was found that they may decide. Whoever may see the person sees these: ``access.make``."""
    theirs = OnwardReferral.objects.filter(person=OuterRef("pk")).order_by("-made_at", "-pk")
    facts = JSONObject(
        reference="reference",
        named="service__name",
        status="status",
        made_at="made_at",
        capacity_note="capacity_note",
    )
    return ArraySubquery(theirs.values(facts=facts)[:SHOWN])


@around
def services_of_its_people(family: Family, user: Any) -> list[Involvement]:
    """The services that know of somebody in the family now, and how each stands; nothing of what was only asked, or refused."""
    told = [
        Involvement(
            f"For {row.person.name}",
            row.service.name,
            state=row.get_status_display(),
            live=row.status in LIVE,
            is_service=True,
        )
        for row in _of_its_people(user, family=family)
    ]
    return sorted(told, key=lambda each: not each.live)


@PlannedOnce
def _of_its_people(user: Any, family: Any) -> Any:
    people = FamilyMembership.objects.current().filter(family=family).values("person")
    rows = OnwardReferral.objects.for_user(user).filter(person__in=people, status__in=WITH_SERVICE)
    return rows.select_related("person", "service").order_by("-made_at", "-pk")


@goes_on
def a_referral_of(child: Person) -> str:
    """A service waits for them: whoever made the referral tells it that nobody will come, and no more."""
    live = OnwardReferral.objects.live().filter(person=child).select_related("service").order_by("pk").first()
    return f"A referral to {live.service} ({live.reference})" if live else ""
