"""What the pages of disagreements read."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject

from earlyhelp.audit.models import Event
from earlyhelp.core.composed import record
from earlyhelp.disagreements.enums import Status
from earlyhelp.disagreements.models import Disagreement, DisagreementDeadline


def with_due(disagreements: Any) -> Any:
    """Bring with each the moment by which its stage is to settle it; nothing once it is settled."""
    owed = DisagreementDeadline.objects.open().filter(owner=OuterRef("pk")).values("due_at")
    return disagreements.annotate(due_at=Subquery(owed[:1]))


@record
def DISAGREEMENTS(user: Any) -> Any:
    """With what their pages, and those who ask for one by program, are told."""
    return with_due(Disagreement.objects.with_rights(user)).select_related("raised_by", "agency", "area", "case")


def in_sight(user: Any, *, only_open: bool) -> Any:
    """The open ones first, the soonest due at the top; then the settled, the newest first."""
    rows = with_due(Disagreement.objects.for_user(user)).select_related("raised_by", "agency", "area")
    rows = rows.open() if only_open else rows
    return rows.order_by(F("due_at").asc(nulls_last=True), "-raised_at", "-pk")


def open_on_case() -> ArraySubquery:
    """Over cases: what an overview must not leave out, as (reference, stage, what applies meanwhile)."""
    rows = Disagreement.objects.filter(case=OuterRef("pk"), status=Status.OPEN).order_by("pk")
    return ArraySubquery(rows.values(facts=JSONObject(reference="reference", stage="stage", meanwhile="meanwhile")))


def about_record(record: str, user: Any) -> Any:
    """All about one record, the open ones first."""
    rows = with_due(Disagreement.objects.for_user(user)).filter(record=record)
    return rows.order_by("status", "-raised_at", "-pk")


def trail(disagreement: Disagreement) -> Any:
    events = Event.objects.filter(subject=disagreement._meta.label_lower, subject_id=disagreement.pk)
    return events.select_related("actor").order_by("-at", "-pk")
