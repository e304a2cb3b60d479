"""Finding a service by what is needed, where, for whom and in whose words; and who answers for one."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Exists, OuterRef, Q

from earlyhelp.audit.models import Event
from earlyhelp.directory.models import OnwardReferral, Service
from earlyhelp.families.models import Person
from earlyhelp.partnership.enums import AgencyKind, Role
from earlyhelp.partnership.models import Area, Post, User

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


# --- referrals to a service --------------------------------------------------------------------------------------------


def who_answers(service: Service) -> list[User]:
    """Those of the service's agency who answer with an account: the other side of ``access.answers_for_services``."""
    agency = service.organisation.agency_id
    if agency is None:
        return []
    posts = Post.objects.current().filter(user=OuterRef("pk"))
    contact = Q(Exists(posts.filter(role=Role.AGENCY_CONTACT)))
    anybody = Q(Exists(posts), agency__kind=AgencyKind.VOLUNTARY)
    return list(User.objects.filter(contact | anybody, agency=agency, is_active=True).order_by("pk"))


def is_restricted(person: Person) -> bool:
    """They themselves, or a family they are in now."""
    return person.restricted or person.memberships.current().filter(family__restricted=True).exists()


def for_list(onwards: Any) -> Any:
    return onwards.with_promises().select_related("person", "service__organisation", "made_by", "agency")


def trail(onward: OnwardReferral) -> Any:
    """What happened to it, the newest first."""
    events = Event.objects.filter(subject=onward._meta.label_lower, subject_id=onward.pk)
    return events.select_related("actor").order_by("-at", "-pk")
