"""What a hub's meeting reads of its place besides the families: the trends and gaps (domain.md 9.2, 8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from earlyhelp.core.words import within
from earlyhelp.insight.access import reads_trends
from earlyhelp.insight.trends import Trend, trends_of
from hubs.models import Hub
from hubs.running_order import Point, point

MOST = 3


@point(80)
def trends_and_gaps(hub: Hub, user: Any, now: datetime) -> Point | None:
    """The most pressing needs that were not met; a small number is hidden here as on the page that it leads to."""
    if not reads_trends(user):
        return None
    found = trends_of(user, hub.area, today=timezone.localdate(now))
    return Point(
        "Trends and gaps",
        text="" if found else "Nothing is written down as missing here in the last four quarters.",
        lines=[_line(each) for each in found[:MOST]],
        url=f"{reverse('insight:trends')}?area={hub.area_id}",
        link="All trends and gaps of the area",
    )


def _line(trend: Trend) -> tuple[str, str, str]:
    """«Autism: 6 times this quarter, rising; 2 reports of collaboratives»."""
    number = trend.numbers[-1]
    said = [
        f"{number} {'time' if str(number) == '1' else 'times'} this quarter" if number.counted else "not this quarter"
    ]
    said += [within(trend.says)] if trend.says else []
    said += [f"reported by collaboratives: {trend.reports}"] if trend.reports.counted else []
    return trend.label, ", ".join(said), number.url if number.opened else ""
