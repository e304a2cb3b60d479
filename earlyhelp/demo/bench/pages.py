"""The pages people live in: who opens each, what is asked for, and with which bare view it is compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from earlyhelp.cases.enums import LIVE
from earlyhelp.cases.models import Case
from earlyhelp.demo.bench.bare import PREFIX
from earlyhelp.demo.bench.client import get, sign_in
from earlyhelp.demo.bench.prepare import decisions, full_meeting, hub_in_session, referral_saves
from earlyhelp.families.models import Person
from earlyhelp.partnership.models import Area, User
from hubs.models import AgendaItem
from referrals.models import Referral

USUAL_CASELOAD = 25
READ, DASHBOARD, SAVE, FULL = 12.0, 120.0, 60.0, 1_000.0  # milliseconds, median, alone


@dataclass(frozen=True)
class Page:
    """``saves``: each request uses something up, so it is measured alone only, and its ratio is of times and not of rates."""

    name: str
    requests: Callable[[], Iterator[bytes]]
    bare: str
    target: float = READ
    most_queries: int | None = 7
    expected: int = 200
    saves: bool = False

    def bare_requests(self) -> Iterator[bytes]:
        return repeat(get(self.bare))


class People:
    """Suitable people of the county, signed in."""

    def __init__(self) -> None:
        self.practitioner = _practitioner()
        self.chair, self.access, self.manager = (User.objects.get(username=name) for name in ("graham", "asha", "nia"))
        self.session = hub_in_session(now=timezone.now())
        self.full = full_meeting(now=timezone.now())
        self.author = _author()
        people = (
            self.full.chair,
            self.practitioner,
            self.chair,
            self.access,
            self.manager,
            self.session.chair,
            self.author,
        )
        self.cookies = {person.pk: sign_in(person) for person in people}

    def cookie(self, person: User) -> str:
        return self.cookies[person.pk]

    def reads(self, person: User, path: str) -> Callable[[], Iterator[bytes]]:
        return lambda: repeat(get(path, self.cookie(person)))


def _practitioner() -> User:
    """The one whose caseload is nearest to twenty-five families."""
    led = Case.objects.filter(status__in=LIVE, lead__isnull=False).values("lead").annotate(n=Count("pk"))
    nearest = min(led, key=lambda row: abs(row["n"] - USUAL_CASELOAD))
    return User.objects.get(pk=nearest["lead"])


def _author() -> User:
    """Of whose referrals the most were accepted."""
    written = Referral.objects.filter(status="accepted").values("author").annotate(n=Count("pk"))
    return User.objects.get(pk=written.latest("n")["author"])


def all_pages(people: People) -> list[Page]:
    pages = (_everyday, _of_a_family, _at_the_front_door, _at_the_hub, _with_two_hundred_families, _for_managers)
    return [page for each in pages for page in each(people)]


def _everyday(people: People) -> list[Page]:
    worker, access = people.practitioner, people.access
    case = Case.objects.filter(lead=worker, status="supported").latest("pk")
    sought = Person.objects.order_by("-pk").values("first_name", "last_name")[500]
    names = {"first": sought["first_name"], "last": sought["last_name"]}
    district = Area.objects.get(name="Charnwood").pk
    return [
        Page("Home", people.reads(worker, reverse("home")), _bare("home", user=worker.pk), most_queries=None),
        Page(
            "Search", people.reads(access, f"{reverse('families:search')}?{urlencode(names)}"), _bare("search", **names)
        ),
        Page("Triage queue", people.reads(access, reverse("referrals:triage")), _bare("triage")),
        Page("Caseload", people.reads(people.chair, reverse("cases:caseload")), _bare("caseload", area=district)),
        Page("Case", people.reads(worker, case.get_absolute_url()), _bare("case", reference=case.reference)),
        Page("API list", people.reads(people.chair, reverse("case-list")), _bare("api", area=district)),
    ]


def _of_a_family(people: People) -> list[Page]:
    worker = people.practitioner
    family = Case.objects.filter(lead=worker, status="supported").latest("pk").family
    person = family.memberships.earliest("pk").person_id
    named = {"Family": "family", "Chronology": "chronology", "Genogram": "genogram", "Who has seen": "seen"}
    bare = _bare("family", family=family.pk)
    pages = [
        Page(name, people.reads(worker, reverse(f"families:{page}", args=[family.reference])), bare)
        for name, page in named.items()
    ]
    one = Page(
        "Person", people.reads(worker, reverse("families:person", args=[person])), _bare("person", person=person)
    )
    return [*pages, one]


def _at_the_front_door(people: People) -> list[Page]:
    author, access = people.author, people.access
    waiting = Referral.objects.filter(status="submitted").latest("pk")
    own = Referral.objects.filter(author=author, status="accepted").latest("pk")
    return [
        Page("My referrals", people.reads(author, reverse("referrals:list")), _bare("referrals", user=author.pk)),
        Page("Referral status", people.reads(author, own.get_absolute_url()), _bare("status", reference=own.reference)),
        Page(
            "Triage case",
            people.reads(access, reverse("referrals:triage_case", args=[waiting.reference])),
            _bare("triage_case", reference=waiting.reference),
        ),
        Page("Services", people.reads(author, reverse("directory:services")), _bare("services")),
    ]


def _at_the_hub(people: People) -> list[Page]:
    session, now = people.session, timezone.now()
    chair = session.chair
    pk = session.meeting.pk
    item = AgendaItem.objects.get(meeting=pk, case=session.waiting[0])  # of those that stay undecided
    hub = {
        "Meeting": session.meeting.get_absolute_url(),
        "Papers": reverse("hubs:pack", args=[pk]),
        "Following": reverse("hubs:follow_now", args=[pk]),
    }
    of_a_family = {"Page of the pack": reverse("hubs:page", args=[item.pk]), "Decision page": item.get_absolute_url()}
    bare, bare_item = _bare("meeting", meeting=pk), _bare("item", item=item.pk)
    first = session.waiting[-1].pk  # the only one of them that is not decided
    decide = lambda: decisions(session, people.cookie(chair), now=now)  # noqa: E731
    save = lambda: referral_saves(people.practitioner, people.cookie(people.practitioner), now=now)  # noqa: E731
    return [
        *(Page(name, people.reads(chair, path), bare) for name, path in hub.items()),
        *(Page(name, people.reads(chair, path), bare_item) for name, path in of_a_family.items()),
        Page("Decision save", decide, _bare("decision", case=first, user=chair.pk), SAVE, None, 302, saves=True),
        Page("Referral save", save, _bare("referral", user=people.practitioner.pk), SAVE, None, 302, saves=True),
    ]


def _with_two_hundred_families(people: People) -> list[Page]:
    """The pages of a meeting that grow with its agenda."""
    meeting = people.full.meeting
    item = meeting.items.earliest("pk")
    shown = {
        "Meeting, 200": meeting.get_absolute_url(),
        "Following, 200": reverse("hubs:follow_now", args=[meeting.pk]),
        "Papers, 200": reverse("hubs:pack", args=[meeting.pk]),
        "Decision, 200": item.get_absolute_url(),
    }
    bare = _bare("meeting", meeting=meeting.pk)
    return [Page(name, people.reads(people.full.chair, path), bare, FULL, None) for name, path in shown.items()]


def _for_managers(people: People) -> list[Page]:
    named = {
        "Dashboard": "insight:dashboard",
        "Workload": "workforce:people",
        "Trends": "insight:trends",
        "Above the level": "insight:above_level",
    }
    return [
        Page(name, people.reads(people.manager, reverse(page)), _bare("dashboard"), DASHBOARD, most_queries=None)
        for name, page in named.items()
    ]


def _bare(name: str, **values: Any) -> str:
    return f"{PREFIX}{name}?{urlencode(values)}"
