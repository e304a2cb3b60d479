"""Finding a service by what is needed, where, for whom and in whose words; and who answers for one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Case, Exists, OuterRef, Q, Subquery, When

from earlyhelp.audit.models import Event
from earlyhelp.core.calendar import add_months
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.directory.access import KEEPS_DIRECTORY
from earlyhelp.directory.enums import LIVE, CorrectionStatus, OnwardStatus, ServiceStatus
from earlyhelp.directory.models import OnwardReferral, Service, ServiceCorrection
from earlyhelp.families.models import Person
from earlyhelp.notices.models import Letter
from earlyhelp.partnership.enums import AgencyKind, Role
from earlyhelp.partnership.models import Area, Post, User

WORDS = SearchVector("name", weight="A", config="english") + SearchVector("description", weight="B", config="english")


CHECKED_EVERY_MONTHS = 6


def stale_before(today: date) -> date:
    """Before this day a check is too old to rely on."""
    return add_months(today, -CHECKED_EVERY_MONTHS)


def find(
    *, words: str = "", need: str = "", area: Area | None = None, age: int | None = None, among: Any = None
) -> Any:
    """Services that fit all that is asked, those that run unless ``among`` says otherwise: the nearest first, else by name.

    A service without areas serves the whole county.
    """
    services = Service.objects.live() if among is None else among
    if words:
        said = Q(name__icontains=words) | Q(organisation__name__icontains=words)
        services = services.annotate(words=WORDS).filter(
            said | Q(words=SearchQuery(words, search_type="websearch", config="english"))
        )
    if need:
        services = services.filter(needs__contains=[need])
    if age is not None:
        services = services.filter(Q(min_age=None) | Q(min_age__lte=age), Q(max_age=None) | Q(max_age__gte=age))
    services = services.select_related("organisation").order_by("name", "pk")
    return services.serving(area).nearest_first(area) if area is not None else services


def specialist_services() -> list[Service]:
    return _SPECIALISTS(None)


@PlannedOnce
def _SPECIALISTS(nobody: None) -> Any:
    return Service.objects.live().filter(specialist=True).select_related("organisation")


def services_around(area: Area) -> list[Service]:
    """Those of this area, of one around it, or of the whole county."""
    return _AROUND(None, lineage=area.lineage)


@PlannedOnce
def _AROUND(nobody: None, lineage: Any) -> Any:
    here = Q(areas=None) | Q(areas__in=lineage)
    return Service.objects.live().filter(here).select_related("organisation").distinct()


# --- keeping the directory ----------------------------------------------------------------------------------------------


def to_keep(show: str, *, today: date) -> Any:
    """What those who keep the directory look for: what is not checked, what somebody found wrong, what was withdrawn."""
    proposed = ServiceCorrection.objects.open().filter(service=OuterRef("pk"))
    shelves = {
        "check": Service.objects.live().checked_before(stale_before(today)),
        "correct": Service.objects.filter(Exists(proposed)),
        "withdrawn": Service.objects.filter(status=ServiceStatus.DEFUNCT),
    }
    return shelves.get(show, Service.objects.live())


def keepers() -> list[User]:
    """Whom to tell that something is wrong: First Contact; where there is nobody, whoever configures."""
    posts = Post.objects.current().filter(role__in=KEEPS_DIRECTORY, user__is_active=True)
    held = list(posts.select_related("user").order_by("user", "pk"))
    advisers = [post for post in held if post.role == Role.FIRST_CONTACT_ADVISER]
    return list(dict.fromkeys(post.user for post in advisers or held))


def under_way(service: Service) -> int:
    """How many are referred to it now: a number, and never who."""
    return OnwardReferral.objects.live().filter(service=service).count()


def corrections_of(service: Service, user: Any) -> Any:
    """The open ones first; to others than those who keep it only their own."""
    rows = ServiceCorrection.objects.for_user(user).filter(service=service).select_related("by__agency", "answered_by")
    open_first = Case(When(status=CorrectionStatus.OPEN, then=0), default=1)
    return rows.order_by(open_first, "-at", "-pk")[:20]


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
    """A family they are in now is."""
    return person.memberships.current().filter(family__restricted=True).exists()


@dataclass(frozen=True)
class Shelf:
    slug: str
    title: str
    empty: str
    rows: Any
    counted: bool = True


def shelves(user: Any) -> list[Shelf]:
    """The tabs of one's own list: what is under way, whom to ask, what waits for a service (for whom that is), the ended."""
    mine = OnwardReferral.objects.for_user(user, "mine")
    to_ask = Q(ended_at__isnull=False, sent_at__isnull=False) & Q(helped="") & ~Q(status=OnwardStatus.WITHDRAWN)
    newest = ("-made_at", "-pk")
    tabs = [
        Shelf("open", "Under way", "None of your referrals is under way.", mine.live().order_by(*newest)),
        Shelf("ask", "To ask: did it help?", "There is nobody to ask.", mine.filter(to_ask).order_by("ended_at", "pk")),
        Shelf("ended", "Ended", "None has ended.", mine.exclude(status__in=LIVE).order_by(*newest), counted=False),
    ]
    if user.scope.holds(Role.FIRST_CONTACT_ADVISER, Role.TEAM_MANAGER):
        waiting = OnwardReferral.objects.for_user(user, "chase").order_by("sent_at", "pk")
        tabs.insert(2, Shelf("waiting", "Waiting for a service", "No service keeps anybody waiting.", waiting))
    return tabs


def live_services_of(person: Person) -> set[int]:
    """To which services they are referred now."""
    return set(OnwardReferral.objects.live().filter(person=person).values_list("service", flat=True))


def with_letter(onwards: Any) -> Any:
    """Bring with each what became of the newest email to the service, as far as is known; nothing where there was none."""
    newest = Letter.objects.filter(reference=OuterRef("reference")).order_by("-pk")
    return onwards.annotate(letter=Subquery(newest.values("status")[:1]))


def for_list(onwards: Any) -> Any:
    return onwards.with_promises().select_related("person", "service__organisation", "made_by", "agency")


def onwards_of(people: Iterable[Person], *, limit: int = 50) -> Any:
    """All of these people, the newest first: for a reader who may see them."""
    rows = OnwardReferral.objects.filter(person__in=[person.pk for person in people])
    return for_list(rows).order_by("-made_at", "-pk")[:limit]


def trail(row: OnwardReferral | Service) -> Any:
    """What happened to it, the newest first."""
    events = Event.objects.filter(subject=row._meta.label_lower, subject_id=row.pk)
    return events.select_related("actor").order_by("-at", "-pk")
