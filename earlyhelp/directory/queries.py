"""Finding a service by what is needed, where, for whom and in whose words."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q

from earlyhelp.directory.models import Service
from earlyhelp.partnership.models import Area

WORDS = SearchVector("name", weight="A", config="english") + SearchVector("description", weight="B", config="english")


def find(*, words: str = "", need: str = "", area: Area | None = None, age: int | None = None) -> Any:
    """Services that are running now and fit all that is asked, by name. A service without areas serves the whole county."""
    services = Service.objects.live()
    if words:
        said = Q(name__icontains=words) | Q(organisation__name__icontains=words)
        services = services.annotate(words=WORDS).filter(
            said | Q(words=SearchQuery(words, search_type="websearch", config="english"))
        )
    if need:
        services = services.filter(needs__contains=[need])
    if area is not None:
        services = services.serving(area)
    if age is not None:
        services = services.filter(Q(min_age=None) | Q(min_age__lte=age), Q(max_age=None) | Q(max_age__gte=age))
    return services.select_related("organisation").order_by("name", "pk")
