"""What agencies were asked."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Value
from django.db.models.functions import Concat

from earlyhelp.families.models import FamilyMembership
from referrals.models import (
    InformationRequest,
)
from referrals.queries.people import known_to_reader


def questions_to(user: Any) -> Any:
    """Those that wait, the soonest due first, then those that this person answered; each with the names it is about."""
    members = FamilyMembership.objects.current().filter(known_to_reader(user), family=OuterRef("referral__family"))
    name = Concat("person__first_name", Value(" "), "person__last_name")
    names = ArraySubquery(members.order_by("person__born_on", "pk").values(name=name))
    rows = InformationRequest.objects.for_user(user, "list").select_related("agency").annotate(names=names)
    return rows.order_by(F("answered_at").desc(nulls_first=True), "due_at", "pk")
