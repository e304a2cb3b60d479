"""What EH Access works on: the queue, its tabs, and what is known beside a referral."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case as Whichever
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce, JSONObject, Now

from earlyhelp.audit.models import Event
from earlyhelp.cases.models import Case
from earlyhelp.core.composed import Composed, Number, PlannedOnce
from earlyhelp.families.access import not_restricted, whom_to_ask
from earlyhelp.families.models import FamilyMembership, Person
from earlyhelp.families.queries import Match, search
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User
from referrals.enums import LIVE, WORRYING, Status
from referrals.models import (
    InformationRequest,
    Referral,
    ReferralDeadline,
    ReferralLetter,
    TriageDecision,
)
from referrals.models.request import REPLIED
from referrals.queries.messages import unread_by_access, with_unread
from referrals.queries.people import people_of


@dataclass(frozen=True)
class Tab:
    slug: str
    title: str
    empty: str
    rows: Q | Callable[[], Q]
    # Its rows are found through another table: in one OR with the rest every referral would be read.
    apart: bool = False

    @property
    def where(self) -> Q:
        """Which rows stand on it; worked out only where they are asked for, and not for every title that is shown."""
        return self.rows() if callable(self.rows) else self.rows


def doubtful() -> Q:
    """Sent by the public form, perhaps by a program; nobody has looked yet."""
    return Q(status=Status.SUBMITTED) & ~Q(doubts=[])


def overdue() -> Q:
    """Not decided by the time it was promised for, on whichever other tab it stands."""
    promised = ReferralDeadline.objects.open().filter(owner=OuterRef("pk"), code="D_TRIAGE", due_at__lt=Now())
    return Q(status__in=LIVE) & Q(Exists(promised))


def tabs(today: Any) -> list[Tab]:
    """``today`` is the moment at which it began."""
    return [
        Tab("new", "New", "Every referral has been taken.", Q(status=Status.SUBMITTED, doubts=[])),
        Tab("doubtful", "Check first", "Nothing looks as if a program had sent it.", doubtful()),
        Tab("asking", "Asking agencies", "No agency owes an answer.", Q(status=Status.INFO_REQUESTED)),
        Tab("ready", "Ready to decide", "Nothing waits for a decision.", Q(status=Status.IN_TRIAGE)),
        Tab("overdue", "Overdue", "Nothing is past the time for a decision.", overdue),
        Tab("messages", "Messages", "Every message from a referrer has been read.", unread_by_access, apart=True),
        Tab("decided", "Done today", "Nothing has been decided today yet.", _decided_since(today)),
    ]


def _decided_since(moment: Any) -> Q:
    """Nothing is decided tomorrow. Where that is said, the database expects a day’s worth and not a third of everything."""
    return Q(decided_at__gte=moment, decided_at__lt=Now() + timedelta(days=1))


def for_workbench(referrals: Any, user: Any) -> Any:
    """Bring with a referral all that its page asks before it asks more: a page without replies need not look for them."""
    return with_open_case(referrals.with_decide_by()).annotate(
        was_asked=Exists(InformationRequest.objects.filter(referral=OuterRef("pk"))),
        was_decided=Exists(TriageDecision.objects.filter(referral=OuterRef("pk"))),
        may_open_case=Exists(Case.objects.for_user(user).filter(pk=OuterRef("case"))),
    )


def open_case_of(referral: Referral) -> Case | None:
    """Of which only this is told: that there is one, and whom to ask about it."""
    return (
        Case.objects.live().filter(family=referral.family_id, restricted=False).select_related("lead__agency").first()
    )


def with_open_case(referrals: Any) -> Any:
    """Bring with each whether somebody works with its family already: only then is there a case to link it to."""
    live = Case.objects.live().filter(family=OuterRef("family"))
    return referrals.annotate(has_open_case=Exists(live))


def counted_in_triage(user: Any, today: datetime) -> dict[str, int]:
    """How many stand on each tab, in queries that look at no other referral: those of ten years are many."""
    numbers: dict[str, int] = {}
    for row in [*_counted(user, False, today=today), *_counted(user, True, today=today)]:
        numbers |= row
    return {tab.slug: numbers.get(f"n_{tab.slug}", 0) for tab in tabs(today)}


@PlannedOnce
def _counted(user: Any, apart: bool, today: Any) -> Any:
    shelves = [tab for tab in tabs(today) if tab.apart == apart]
    rows = Referral.objects.for_user(user, "triage").filter(reduce(or_, (tab.where for tab in shelves)))
    return rows.order_by().values(**{f"n_{tab.slug}": Number(tab.where) for tab in shelves})


@Composed
def queue(user: Any, slug: str, today: Any) -> Any:
    """What stands on one tab: what is overdue and where somebody may be at risk, then what is urgent; the soonest due first."""
    shown = next(tab for tab in tabs(today) if tab.slug == slug)
    rows = Referral.objects.for_user(user, "triage").filter(shown.where)
    pressing = Q(safeguarding__in=WORRYING) | Q(decide_by__lt=Now())
    first = Whichever(When(pressing, then=0), When(urgent=True, then=1), default=2)
    return for_queue(rows).order_by(first, "decide_by", "decided_at", "pk")


def for_queue(referrals: Any) -> Any:
    """The rows of the queue, by time left, each with how many agencies were asked and how many have replied."""
    asked = (
        InformationRequest.objects.filter(referral=OuterRef("pk"))
        .order_by()
        .values("referral")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        with_unread(referrals.with_decide_by(), from_referrer=True)
        .annotate(
            asked=Coalesce(Subquery(asked), 0),
            replied=Coalesce(Subquery(asked.filter(status__in=REPLIED)), 0),
            likely=Coalesce(_likely(), 0),
        )
        .select_related("family", "agency", "holder", "area")
    )


def _likely() -> Subquery:
    """How many other records have the day of birth and the sound of the surname of somebody in the family.

    Neither a restricted person nor one of a restricted family is among them, as in the search itself (domain.md 5 d).
    """
    here = FamilyMembership.objects.current().filter(person=OuterRef("pk"))
    own = here.filter(family=OuterRef(OuterRef("family")))
    same = Person.objects.filter(born_on=OuterRef("person__born_on"), last_sound=OuterRef("person__last_sound"))
    others = same.filter(~Exists(own), not_restricted(""))
    number = others.order_by().values("born_on").annotate(n=Count("pk")).values("n")
    members = FamilyMembership.objects.current().filter(family=OuterRef("family")).order_by()
    return Subquery(members.values("family").annotate(n=Sum(Subquery(number))).values("n"))


def access_workers() -> Any:
    """Everybody who works in EH Access now."""
    posts = Post.objects.current().filter(role=Role.EH_ACCESS)
    return User.objects.filter(is_active=True, pk__in=posts.values("user")).order_by("first_name", "last_name", "pk")


@Composed
def _access_team(nobody: None) -> Any:
    return access_workers()


def access_team() -> list[User]:
    """The same, read: for a page that names them and chooses nobody."""
    return _access_team(None)


@dataclass(frozen=True)
class Other:
    """Another record that may be of one of these people, and whom to ask about it."""

    whose: str
    match: Match
    ask: str = ""


def matches(referral: Referral) -> list[Other]:
    """Other records that may be of the people of this referral, the likeliest first."""
    members = people_of(referral.family_id)
    own = {member.person_id for member in members}
    found: dict[int, Other] = {}
    for person in (member.person for member in members):
        for match in search(
            first=person.first_name, last=person.last_name, born_on=person.born_on, postcode=person.postcode
        ):
            known = found.get(match.person.pk)
            if match.only_surname:  # a relative perhaps; here it is asked who is the same person
                continue
            if match.person.pk not in own and (known is None or known.match.score < match.score):
                found[match.person.pk] = Other(person.name, match)
    asks = whom_to_ask(list(found))
    likely = sorted(found.values(), key=lambda other: -other.match.score)
    return [replace(other, ask=asks.get(other.match.person.pk, "")) for other in likely]


def questions(referral: Referral, user: Any) -> Any:
    """What agencies were asked about it, for those who may read the answers."""
    asked = InformationRequest.objects.for_user(user, "triage").filter(referral=referral)
    return asked.select_related("agency", "answered_by").order_by("asked_at", "pk")


def decisions(referral: Referral) -> Any:
    """What was decided, the newest first, each with the services that it names, the letters that went and what was said later."""
    services = TriageDecision.services.through.objects.filter(triagedecision=OuterRef("pk")).order_by("pk")
    letters = ReferralLetter.objects.filter(decision=OuterRef("pk")).order_by("-reader")
    named = ArraySubquery(services.values("service__name"))
    written = ArraySubquery(letters.values(letter=JSONObject(pk="pk", reader="reader")))
    later = Event.objects.filter(
        subject=referral._meta.label_lower, subject_id=OuterRef("referral"), at__gte=OuterRef("at")
    )
    later = later.filter(kind=f"{referral._meta.label_lower}.offer_again")
    again = ArraySubquery(later.order_by("at", "pk").values(said=JSONObject(at="at", reason="reason")))
    made = referral.decisions.select_related("by", "case", "handover", "went")
    return made.annotate(named=named, written=written, again=again).order_by("-at", "-pk")
