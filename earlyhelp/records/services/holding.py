"""What keeps a record from going, and what lets it go: holds, and the rules in versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from earlyhelp.audit.models import record
from earlyhelp.families.models import Family
from earlyhelp.partnership.enums import Role
from earlyhelp.records.access import keeps_records
from earlyhelp.records.models import Disposal, Hold, RetentionRule
from earlyhelp.records.transitions import keep
from earlyhelp.workflow.transitions import NotPossible

GONE = "There is no family of this reference in your area."


@transaction.atomic
def place_hold(reference: str, *, by: Any, now: datetime, reason: str) -> Hold:
    """Keep a family's record whatever the rules say; a disposal of it that is under way stops.

    Raises ``NotPossible`` if there is no such family, or it was destroyed a moment ago. The disposal is locked before the
    family, as whoever approves it locks them: of the two, one waits for the other.
    """
    meant = Family.objects.under(reference.strip().upper()).values("pk")
    wanted = Family.objects.filter(pk__in=meant, area__in=by.scope.areas(Role.IG_LEAD))
    for disposal in Disposal.objects.open().filter(family__in=wanted):
        keep(disposal, by=by, now=now, reason="A hold was placed: it is kept for as long as that stands.", until=None)
    family = wanted.select_for_update(of=("self",)).first()
    if family is None:
        raise NotPossible(GONE, field="reference")
    hold = Hold.objects.create(family=family, reason=reason, placed_by=by, placed_at=now)
    record("records.hold.placed", hold, by=by, at=now, reason=reason)
    return hold


@transaction.atomic
def lift_hold(hold: Hold, *, by: Any, now: datetime, reason: str) -> Hold:
    """From now on the rules count again: the next sweep finds the record if it is due."""
    hold = Hold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if not Hold.objects.for_user(by, "lift").filter(pk=hold.pk).exists():
        raise PermissionDenied
    if hold.lifted_at:
        raise NotPossible("This hold was lifted already.")
    hold.lifted_by, hold.lifted_at, hold.lifted_because = by, now, reason
    hold.save(update_fields=["lifted_by", "lifted_at", "lifted_because"])
    record("records.hold.lifted", hold, by=by, at=now, reason=reason)
    return hold


@transaction.atomic
def set_rule(
    *, by: Any, now: datetime, record_class: str, years: int, until_age: int | None, source: str
) -> RetentionRule:
    """Another version of a rule, in force from now on: what was found under the one before is looked at anew."""
    if not keeps_records(by):
        raise PermissionDenied
    rule = RetentionRule.objects.create(
        record_class=record_class, years=years, until_age=until_age, source=source, made_by=by, made_at=now
    )
    record("records.rule.set", rule, by=by, at=now, years=years, until_age=until_age)
    return rule
