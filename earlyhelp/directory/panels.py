"""What a person's own page says of the services they were referred to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from earlyhelp.directory.models import OnwardReferral
from earlyhelp.families.panels import person_panel

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
