"""What the pages of the front door read: who is asked, what is still to be said, what needs somebody today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Concat, JSONObject, TruncMonth

from earlyhelp.audit.models import Event
from earlyhelp.cases.models import Case
from earlyhelp.core.calendar import LONDON, add_months, add_working_days, closing
from earlyhelp.families.access import whom_to_ask
from earlyhelp.families.enums import AgreementStatus
from earlyhelp.families.models import Address, Agreement, Family, FamilyMembership, Person
from earlyhelp.families.queries import Match, search
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Agency, Area, Post, User
from earlyhelp.workflow.models import Draft
from referrals.enums import CheckResult, Safeguarding, SetKind, Status
from referrals.models import (
    HandoverDeadline,
    InformationRequest,
    Referral,
    ReferralLetter,
    ReferralMessage,
    SelfCheckCount,
    SocialCareHandover,
    TriageDecision,
)
from referrals.models.request import REPLIED

YES_STANDS_FOR = timedelta(days=90)  # before a referral is begun: then people are asked anew
ASKED_FROM = 13  # years: who is old enough to be asked whether they agree (screens.md B2)


# --- people ------------------------------------------------------------------------------------------------------------


def holders_of(role: str, area: Area) -> list[User]:
    """Everybody who holds the role in the area or around it."""
    posts = Post.objects.current().filter(role=role, area__in=area.lineage, user__is_active=True).select_related("user")
    return [post.user for post in posts]


def contacts_of(agency: Agency, area: Area) -> list[User]:
    """Who answers for the agency when EH Access asks about a family of this area."""
    posts = Post.objects.current().filter(
        role=Role.AGENCY_CONTACT, area__in=area.lineage, user__is_active=True, user__agency=agency
    )
    return [post.user for post in posts.select_related("user").order_by("user_id")]


def agencies_to_ask(area: Area) -> Any:
    """Agencies that have somebody to answer: asking any other would be asking nobody."""
    posts = Post.objects.current().filter(role=Role.AGENCY_CONTACT, area__in=area.lineage, user__is_active=True)
    return Agency.objects.filter(is_active=True, pk__in=posts.values("user__agency"))


def people_of(family_id: int, *, seen_by: Any = None) -> list[FamilyMembership]:
    """Who is in the family now: as much of it as ``seen_by`` may know, and the whole of it where nobody is shown it."""
    members = FamilyMembership.objects.current().filter(family=family_id).select_related("person")
    if seen_by is not None:
        members = members.filter(known_to_reader(seen_by))
    return list(members.order_by("person__born_on", "pk"))


def known_to_reader(user: Any) -> Q:
    """Anybody finds a name by searching, but not that of a restricted person: that is for those who work with them, and
    for whoever wrote them down (domain.md 5 d, i).

    Nothing says that somebody is left out: whether there is such a person may itself be a secret.
    """
    seen = Person.objects.for_user(user).values("pk")
    return Q(person__restricted=False) | Q(person__created_by=user) | Q(person__in=seen)


def lives_hidden(family_id: int) -> bool:
    """Whether the address of somebody in the family is protected now."""
    now = Address.objects.filter(protected=True, until_on=None)
    return now.filter(person__memberships__family=family_id, person__memberships__until_on=None).exists()


def old_enough(members: Iterable[FamilyMembership], today: date) -> list[FamilyMembership]:
    """Those who are asked for their own agreement: 13 and over, and whoever’s age is not known."""
    return [each for each in members if each.person.born_on is None or age_on(each.person.born_on, today) >= ASKED_FROM]


def age_on(born_on: date, today: date) -> int:
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def answers_since(family_id: int, since: datetime, *, seen_by: Any = None) -> dict[int, Agreement]:
    """Each person’s latest answer, by person, of those given since a moment; of those people whom ``seen_by`` may know."""
    given = Agreement.objects.filter(family=family_id, recorded_at__gte=since).select_related("person")
    if seen_by is not None:
        given = given.filter(known_to_reader(seen_by))
    given = given.order_by("person", "-recorded_at", "-pk")
    return {answer.person_id: answer for answer in given.distinct("person")}


def answers_held(referral: Referral, *, latest: dict[int, Agreement] | None = None) -> dict[int, Agreement]:
    """Each person’s latest answer, by person, that stands for this referral: what is known is not asked again.

    A yes of the three months before counts where the referrer wrote it down, or sees the family anyway: to anybody else
    it would tell that early help knows these people.
    """
    began, author = referral.created_at, referral.author
    latest = answers_since(referral.family_id, began - YES_STANDS_FOR) if latest is None else latest
    earlier = [each for each in latest.values() if each.recorded_at < began]
    sees = bool(earlier and author) and may_name(referral.family, author)
    stale = [
        each
        for each in earlier
        if each.status != AgreementStatus.GIVEN or not (sees or (author and each.recorded_by_id == author.pk))
    ]
    return {person: answer for person, answer in latest.items() if answer not in stale}


def may_keep(family: Family, user: Any) -> bool:
    """Whether this person may add to the family's record, or change it."""
    return Family.objects.for_user(user, "edit").filter(pk=family.pk).exists()


def may_name(family: Family, user: Any) -> bool:
    """Whether this person works with the family, and may be told its name."""
    return Family.objects.for_user(user).filter(pk=family.pk).exists()


def somebody_agrees(family: Family) -> bool:
    """Somebody’s last word is yes: without it there is no early help (domain.md 16)."""
    latest = Agreement.objects.filter(family=family).order_by("person", "-recorded_at", "-pk").distinct("person")
    return any(answer.status == AgreementStatus.GIVEN for answer in latest)


# --- what a draft still lacks ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Task:
    """One page of the form: finished, begun or not."""

    slug: str
    title: str
    complete: bool
    begun: bool
    optional: bool = False


def tasks(referral: Referral, *, today: date) -> list[Task]:
    members = people_of(referral.family_id, seen_by=referral.author)
    agreement = agreement_settled(referral, members, today)
    r = referral
    own = r.author is None  # a family that asks for itself need not have tried anything, nor explain what it fears
    why = _closing(r) if r.step_down else _why_now(r)
    safe = r.safeguarding == Safeguarding.NO or bool(r.safeguarding and (r.safeguarding_detail or own))
    urgent = r.urgent is False or bool(r.urgent and r.urgent_why)
    return [
        Task(
            "family",
            "Who is in the family",
            r.people_checked and bool(members or people_of(r.family_id)),
            r.people_checked or bool(r.people_note),
        ),
        why,
        Task("wants", "What the family wants", bool(r.wants), bool(r.wants)),
        Task(
            "needs",
            "Strengths and worries",
            bool(r.strengths or r.worries),
            bool(r.strengths or r.worries or r.needs),
            optional=True,
        ),
        Task("safety", "Safety and urgency", safe and urgent, bool(r.safeguarding) or r.urgent is not None),
        Task(
            "agreement",
            "Who agrees to early help",
            agreement,
            agreement or bool(answers_held(r)),
        ),
        Task(
            "you",
            "You and your agency",
            bool(r.source_kind and (r.contact_phone or r.reach_safely)),
            bool(r.source_kind or r.contact_phone),
        ),
    ]


def _why_now(r: Referral) -> Task:
    done = bool(r.why_now and (r.tried or r.author is None))
    return Task("why", "Why now, and what you have tried", done, bool(r.why_now or r.tried))


def _closing(r: Referral) -> Task:
    """Instead of why now: what social care leaves, and what it leaves to be done (domain.md 8.4)."""
    done, begun = bool(r.closing_summary and r.plan_ahead), bool(r.closing_summary or r.plan_ahead)
    return Task("closing", "What social care did, and what is still to be done", done, begun)


def agreement_settled(referral: Referral, members: list[FamilyMembership], today: date) -> bool:
    """Everybody old enough has been asked or it is said why not; or nobody was, and it is said why."""
    if referral.no_agreement_reason:
        return True
    asked = old_enough(members, today)
    answers = answers_held(referral)
    return bool(asked) and all(member.person_id in answers for member in asked)


def missing(referral: Referral, *, today: date) -> list[str]:
    """The titles of what must be said before it can be sent (domain.md 6.3)."""
    return [task.title for task in tasks(referral, today=today) if not task.complete and not task.optional]


def same_day(now: datetime) -> datetime:
    """The close of today’s business; of the next working day where today’s is over."""
    today = now.astimezone(LONDON).date()
    end = closing(add_working_days(today, 0))
    return end if end > now else closing(add_working_days(today, 1))


# --- one's own referrals -----------------------------------------------------------------------------------------------


def written_by(user: Any, *, team: bool = False) -> Any:
    """One's own, each with whether an answer to its author waits unread; or those that one's team has sent."""
    rows = with_unread(Referral.objects.for_user(user, "supervise" if team else "own"), from_referrer=False)
    return rows.select_related("family", "case", "author").order_by("-created_at", "-pk")


def being_typed(referral: Referral, user: Any) -> set[str]:
    """The addresses of the pages of this draft into which something was typed and not saved yet."""
    kept = Draft.objects.filter(user=user, key__startswith=referral.get_absolute_url())
    return set(kept.values_list("key", flat=True))


def last_told(referral: Referral) -> TriageDecision | None:
    """What EH Access decided last, and told its author."""
    return referral.decisions.prefetch_related("services").order_by("-at", "-pk").first()


def who_knows(family: Family, user: Any) -> list[str]:
    """Whom to ask about the people of a family, before one refers it."""
    members = people_of(family.pk, seen_by=user)
    return sorted(set(whom_to_ask([member.person_id for member in members]).values()))


# --- messages between whoever referred and whoever holds the family --------------------------------------------------


def with_unread(referrals: Any, *, from_referrer: bool) -> Any:
    """Bring with each whether a message of that side waits to be read."""
    waiting = ReferralMessage.objects.unread().filter(from_referrer=from_referrer, referral=OuterRef("pk"))
    return referrals.annotate(has_unread=Exists(waiting))


def with_any_message(referrals: Any) -> Any:
    """Bring with each whether anything was said about it at all: most often nothing was."""
    return referrals.annotate(has_messages=Exists(ReferralMessage.objects.filter(referral=OuterRef("pk"))))


def messages_about(referral: Referral, user: Any) -> Any:
    """As much of the thread as this person is shown, the newest first."""
    return ReferralMessage.objects.for_user(user).filter(referral=referral).newest_first()


@dataclass(frozen=True)
class Said:
    """One message as this reader sees it."""

    message: ReferralMessage
    mine: bool
    new: bool


def as_read_by(user: Any, referral: Any, messages: Iterable[ReferralMessage]) -> list[Said]:
    """Whose each is, and whether it is new to the side on which this reader stands. Whoever only reads stands on neither."""
    own_side, talks = referral.author_id == user.pk, referral.may_talk
    new = [talks and each.is_unread and each.from_referrer != own_side for each in messages]
    return [Said(each, each.by_id == user.pk, is_new) for each, is_new in zip(messages, new, strict=True)]


def _unread_by_access() -> Q:
    return Q(pk__in=ReferralMessage.objects.unread().filter(from_referrer=True).values("referral"))


# --- triage ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tab:
    slug: str
    title: str
    empty: str
    rows: Q
    apart: bool = (
        False  # its rows are found through another table: in one OR with the rest every referral would be read
    )


def doubtful() -> Q:
    """Sent by the public form, perhaps by a program; nobody has looked yet."""
    return Q(status=Status.SUBMITTED) & ~Q(doubts=[])


def tabs(now: datetime) -> list[Tab]:
    today = now.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    return [
        Tab("new", "New", "Every referral has been taken.", Q(status=Status.SUBMITTED, doubts=[])),
        Tab("doubtful", "Check first", "Nothing looks as if a program had sent it.", doubtful()),
        Tab("asking", "Asking agencies", "No agency owes an answer.", Q(status=Status.INFO_REQUESTED)),
        Tab("ready", "Ready to decide", "Nothing waits for a decision.", Q(status=Status.IN_TRIAGE)),
        Tab("messages", "Messages", "Every message from a referrer has been read.", _unread_by_access(), apart=True),
        Tab("decided", "Done today", "Nothing has been decided today yet.", Q(decided_at__gte=today)),
    ]


def for_workbench(referrals: Any, user: Any) -> Any:
    """Bring with a referral all that its page asks before it asks more: a page without replies need not look for them."""
    return with_open_case(referrals.with_decide_by()).annotate(
        was_asked=Exists(InformationRequest.objects.filter(referral=OuterRef("pk"))),
        was_decided=Exists(TriageDecision.objects.filter(referral=OuterRef("pk"))),
        may_open_case=Exists(Case.objects.for_user(user).filter(pk=OuterRef("case"))),
    )


def with_open_case(referrals: Any) -> Any:
    """Bring with each whether somebody works with its family already: only then is there a case to link it to."""
    live = Case.objects.live().filter(family=OuterRef("family"))
    return referrals.annotate(has_open_case=Exists(live))


def counted(referrals: Any, shelves: list[Tab]) -> dict[str, int]:
    """How many stand on each tab, in queries that look at no other referral: those of ten years are many."""
    together = [tab for tab in shelves if not tab.apart]
    rows = referrals.filter(reduce(or_, (tab.rows for tab in together))).order_by()
    numbers = rows.aggregate(**{tab.slug: Count("pk", filter=tab.rows) for tab in together})
    return numbers | {tab.slug: referrals.filter(tab.rows).count() for tab in shelves if tab.apart}


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
    own, hidden = here.filter(family=OuterRef(OuterRef("family"))), here.filter(family__restricted=True)
    same = Person.objects.filter(born_on=OuterRef("person__born_on"), last_sound=OuterRef("person__last_sound"))
    others = same.filter(~Exists(own), ~Exists(hidden), restricted=False)
    number = others.order_by().values("born_on").annotate(n=Count("pk")).values("n")
    members = FamilyMembership.objects.current().filter(family=OuterRef("family")).order_by()
    return Subquery(members.values("family").annotate(n=Sum(Subquery(number))).values("n"))


def access_workers() -> Any:
    """Everybody who works in EH Access now."""
    posts = Post.objects.current().filter(role=Role.EH_ACCESS)
    return User.objects.filter(is_active=True, pk__in=posts.values("user")).order_by("first_name", "last_name", "pk")


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
    """What was decided, the newest first, each with the services that it names and the letters that went."""
    services = TriageDecision.services.through.objects.filter(triagedecision=OuterRef("pk")).order_by("pk")
    letters = ReferralLetter.objects.filter(decision=OuterRef("pk")).order_by("-reader")
    named = ArraySubquery(services.values("service__name"))
    written = ArraySubquery(letters.values(letter=JSONObject(pk="pk", reader="reader")))
    made = referral.decisions.select_related("by", "case", "handover", "went")
    return made.annotate(named=named, written=written).order_by("-at", "-pk")


# --- questions to an agency --------------------------------------------------------------------------------------------


def questions_to(user: Any) -> Any:
    """Those that wait, the soonest due first, then those that this person answered; each with the names it is about."""
    members = FamilyMembership.objects.current().filter(known_to_reader(user), family=OuterRef("referral__family"))
    name = Concat("person__first_name", Value(" "), "person__last_name")
    names = ArraySubquery(members.order_by("person__born_on", "pk").values(name=name))
    rows = InformationRequest.objects.for_user(user, "answer").select_related("agency").annotate(names=names)
    return rows.order_by(F("answered_at").desc(nulls_first=True), "due_at", "pk")


# --- hand-overs to social care -----------------------------------------------------------------------------------------


def handovers_of(user: Any, *, waiting: bool) -> Any:
    rows = SocialCareHandover.objects.for_user(user).select_related("author", "agency", "area")
    return (rows.unacknowledged() if waiting else rows).order_by("-sent_at", "-pk")


def handovers_of_family(family: Family, user: Any) -> Any:
    rows = SocialCareHandover.objects.for_user(user).filter(family=family).select_related("author")
    return rows.order_by("-sent_at", "-pk")


def calls_of(handover: SocialCareHandover) -> Any:
    """What was said to whom, the newest first."""
    return handover.calls.select_related("by").order_by("-at", "-pk")


def trail(handover: SocialCareHandover) -> Any:
    """What happened to it, the newest first."""
    events = Event.objects.filter(subject=handover._meta.label_lower, subject_id=handover.pk)
    return events.select_related("actor").order_by("-at", "-pk")


def owed(handover: SocialCareHandover) -> HandoverDeadline | None:
    return handover.deadlines.open().first()


# --- how self-checks are used ------------------------------------------------------------------------------------------


def checks_by_month(user: Any, *, today: date, months: int = 13) -> list[dict[str, Any]]:
    """Each month and check with how often it ended in what, the newest first."""
    since = add_months(today.replace(day=1), 1 - months)
    rows = SelfCheckCount.objects.for_user(user).filter(day__gte=since).annotate(month=TruncMonth("day"))
    ends = {result.value: Sum("number", filter=Q(result=result), default=0) for result in CheckResult}
    found = rows.values("month", "kind").annotate(all=Sum("number"), **ends).order_by("-month", "kind")
    return [
        {
            "month": row["month"],
            "title": SetKind(row["kind"]).label,
            "all": row["all"],
            "ends": [row[result.value] for result in CheckResult],
        }
        for row in found
    ]
