"""What the coordinators' pages read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count

from lac.enums import ALONGSIDE
from lac.models import CommunityContribution, Connection, GoodLifeVision, Introduction, IntroductionDeadline

MOST = 11  # one more than the home page shows, so that it knows that there are more


def how_many(user: Any) -> list[tuple[str, int]]:
    """(coordinator, people alongside) of the areas that this person sees, the fullest first."""
    rows = Introduction.objects.for_user(user).filter(status__in=ALONGSIDE)
    counted = rows.values("coordinator", "coordinator__first_name", "coordinator__last_name").annotate(n=Count("pk"))
    return [
        (f"{row['coordinator__first_name']} {row['coordinator__last_name']}", row["n"])
        for row in counted.order_by("-n", "coordinator")
    ]


def latest_vision(introduction: Introduction) -> GoodLifeVision | None:
    return introduction.visions.order_by("-version").first()


def connections(introduction: Introduction) -> list[Connection]:
    return list(introduction.connections.select_related("service").order_by("-on", "-pk"))


def contributions(introduction: Introduction) -> list[CommunityContribution]:
    return list(introduction.contributions.order_by("-on", "-pk"))


def first_contacts_due(areas: list[int], now: datetime) -> list[IntroductionDeadline]:
    """Promised to somebody who was introduced, soonest first."""
    due: Any = IntroductionDeadline.objects.open().filter(area__in=areas, code="D_LAC_CONTACT").soonest_first()
    return list(due.select_related("owner__person")[:MOST])
