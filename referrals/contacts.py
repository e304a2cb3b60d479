"""What the pages of contacts read: what waits for an answer, what came before it, who it may be about."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case as Whichever
from django.db.models import Count, Exists, OuterRef, Q, Subquery, When
from django.db.models.functions import JSONObject

from earlyhelp.audit.models import Event
from earlyhelp.cases.models import Case
from earlyhelp.core import dates
from earlyhelp.core.composed import Number, PlannedOnce, Rows
from earlyhelp.directory.models import Service
from earlyhelp.families.access import whom_to_ask
from earlyhelp.families.queries import Match, readable, search
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User
from referrals.enums import (
    CHECKLIST_COLOURS,
    CONTACT_ANSWERED,
    TO_EARLY_HELP,
    WORRYING,
    ChecklistStatus,
    ContactStatus,
    SourceKind,
    SuggestionStatus,
)
from referrals.models import ChecklistResponse, Contact, ContactCorrection, ContactDeadline, Signpost, Suggestion
from referrals.queries import Tab, holders_of

REPEATED_WITHIN = timedelta(days=60)


def who_answers(contact: Contact) -> list[User]:
    """EH Access of the place; of every place if nobody said where; for a restricted family the governance lead."""
    if contact.family and contact.family.restricted:
        return holders_of(Role.IG_LEAD, contact.area)
    if not contact.anywhere:
        return holders_of(Role.EH_ACCESS, contact.area)
    posts = Post.objects.current().filter(role=Role.EH_ACCESS, user__is_active=True).select_related("user")
    return [post.user for post in posts]


# --- the list ----------------------------------------------------------------------------------------------------------


def shelves(lately: Any) -> list[Tab]:
    """What is to be answered; what was, and what was put aside, for as long as a repeat is looked for."""
    answered = Q(status__in=CONTACT_ANSWERED, answered_at__gte=lately)
    return [
        Tab("waiting", "To answer", "Every contact has been answered.", Q(status=ContactStatus.RECEIVED)),
        Tab("answered", "Answered in the last 60 days", "Nothing has been answered in the last 60 days.", answered),
        Tab(
            "void",
            "Not counted",
            "Nothing has been put aside in the last 60 days.",
            Q(status=ContactStatus.VOID, answered_at__gte=lately),
        ),
    ]


# Of those that wait: where somebody may be at risk, then by the time that is left.
WORRYING_FIRST = Whichever(When(safeguarding__in=WORRYING, then=0), default=1)


def counted(user: Any, *, lately: datetime) -> dict[str, int]:
    """How many stand on each tab, in one query that looks at no other contact."""
    return next(iter(_counted(user, lately=lately)), {})


@PlannedOnce
def _counted(user: Any, lately: Any) -> Any:
    tabs = shelves(lately)
    rows = Contact.objects.for_user(user).filter(reduce(or_, (tab.where for tab in tabs)))
    return rows.order_by().values(**{tab.slug: Number(tab.where) for tab in tabs})


def listed(user: Any, tab: str, *, lately: datetime) -> Rows:
    """What stands on one tab: those to answer, worries and then the least time left first; those that were, the newest."""
    return _listed.rows(user, tab, lately=lately)


@PlannedOnce
def _listed(user: Any, slug: str, lately: Any) -> Any:
    """Each with its promises and repeats, and whether its reader answers it: only they are told a family’s name."""
    shown = next(tab for tab in shelves(lately) if tab.slug == slug)
    rows = Contact.objects.for_user(user).filter(shown.where).with_promises().with_rights(user, "answer")
    order = (WORRYING_FIRST, "answer_by", "received_at", "pk") if slug == "waiting" else ("-answered_at", "-pk")
    return with_repeats(rows, user).select_related("area", "family").order_by(*order)


# --- repeats -----------------------------------------------------------------------------------------------------------


def with_repeats(contacts: Any, user: Any) -> Any:
    """Bring how many came before each within 60 days: about the family, about the same person, from the same telephone.

    Only those in the reader’s own sight are counted: a number must not tell that a restricted family is known.
    """
    at, pk = OuterRef("received_at"), OuterRef("pk")
    before = Contact.objects.for_user(user).counted().filter(_before(at, at - REPEATED_WITHIN, pk))
    person = _same_person(OuterRef("first_name"), OuterRef("last_name"), OuterRef("born_on"))
    return contacts.annotate(
        same_family=_count(before.filter(family=OuterRef("family")), "family"),
        same_person=_count(before.filter(person), "born_on"),
        same_number=_count(
            before.filter(_same_number(OuterRef("caller_digits")), source_kind=OuterRef("source_kind")), "caller_digits"
        ),
    )


def earlier(contact: Contact, user: Any) -> list[Contact]:
    """Those contacts themselves, the newest first."""
    person, number = bool(contact.born_on), contact.source_kind == SourceKind.FAMILY
    if not (contact.family_id or person or number):
        return []
    names = ("family_id", "first_name", "last_name", "born_on", "caller_digits", "received_at", "pk")
    said = {name: getattr(contact, name) for name in names}
    since = contact.received_at - REPEATED_WITHIN
    return _earlier(user, bool(contact.family_id), person, number, since=since, **said)


@PlannedOnce
def _earlier(user: Any, family: bool, person: bool, number: bool, since: Any, **said: Any) -> Any:
    alike = [Q(family=said["family_id"])] if family else []
    alike += [_same_person(said["first_name"], said["last_name"], said["born_on"])] if person else []
    alike += [_same_number(said["caller_digits"])] if number else []
    before = _before(said["received_at"], since, said["pk"])
    rows = Contact.objects.for_user(user).counted().filter(before, reduce(or_, alike))
    return rows.order_by("-received_at", "-pk")[:10]


def _before(at: Any, since: Any, pk: Any) -> Q:
    return Q(received_at__gt=since) & (Q(received_at__lt=at) | Q(received_at=at, pk__lt=pk))


def _same_person(first: Any, last: Any, born_on: Any) -> Q:
    return Q(first_name__iexact=first, last_name__iexact=last, born_on=born_on) & ~Q(last_name="")


def _same_number(digits: Any) -> Q:
    """Of those who ring about themselves: a school, or a surgery, rings about many families."""
    return Q(source_kind=SourceKind.FAMILY, caller_digits=digits) & ~Q(caller_digits="")


def _count(contacts: Any, alike: str) -> Subquery:
    return Subquery(contacts.order_by().values(alike).annotate(n=Count("pk")).values("n")[:1])


# --- one contact -------------------------------------------------------------------------------------------------------


def for_page(contacts: Any, user: Any) -> Any:
    """A contact with its promises and repeats, and whether somebody works with its family already."""
    live = Case.objects.live().filter(family=OuterRef("family"))
    untold = ContactDeadline.objects.open().filter(owner=OuterRef("pk"), code="D_OUTCOME")
    read = with_repeats(contacts.with_promises(), user).annotate(
        has_open_case=Exists(live),
        untold=Exists(untold),
        checklists_asked=_checklists(),
        agreed_to=_agreed(),
        corrections_made=_corrections(),
        reads_family=readable("family", user),
    )
    return read.select_related("area", "family", "author__agency", "agency", "referral", "case", "handover")


def _checklists() -> ArraySubquery:
    """Those asked from it, which whoever sees it may see; read with the contact itself."""
    facts = {name: name for name in ("reference", "status", "at", "person__first_name", "person__last_name")}
    asked = ChecklistResponse.objects.filter(contact=OuterRef("pk")).order_by("-at", "-pk")
    return ArraySubquery(asked.values(each=JSONObject(**facts))[:10])


def checklists_of(contact: Any) -> list[dict[str, Any]]:
    rows = map(_unpacked, contact.checklists_asked)
    return [
        {
            "reference": row["reference"],
            "name": f"{row['person__first_name']} {row['person__last_name']}",
            "at": datetime.fromisoformat(row["at"]),
            "status": ChecklistStatus(row["status"]).label,
            "colour": CHECKLIST_COLOURS[ChecklistStatus(row["status"])],
        }
        for row in rows
    ]


def may_finish(contact: Any) -> bool:
    """Nothing is left but to say that it was answered: they said yes to something, and not to early help."""
    agreed = agreed_of(contact)
    return bool(agreed) and not any(each["rule__route"] == TO_EARLY_HELP and not each["taken_up_at"] for each in agreed)


def agreed_of(contact: Any) -> list[dict[str, str]]:
    return list(map(_unpacked, contact.agreed_to))


CORRECTABLE = {
    "channel": "How they got in touch",
    "source_kind": "Who got in touch",
    "caller_name": "Their name",
    "caller_phone": "Their telephone number",
    "caller_email": "Their email address",
    "first_name": "First name of whom it is about",
    "last_name": "Surname of whom it is about",
    "born_on": "Date of birth of whom it is about",
    "area": "Where they live",
    "said": "What they said",
    "safeguarding": "Whether anybody may be at risk",
}


def in_words(contact: Contact) -> dict[str, str]:
    """What may be corrected of a contact, as people read it."""
    said = {name: str(getattr(contact, name)) for name in CORRECTABLE}
    shown = {name: getattr(contact, f"get_{name}_display")() for name in ("channel", "source_kind", "safeguarding")}
    born = dates.day(contact.born_on) if contact.born_on else ""
    return said | shown | {"born_on": born, "area": "" if contact.anywhere else str(contact.area)}


def _agreed() -> ArraySubquery:
    """What they said yes to when its checklists were talked over, and where that went."""
    facts = {name: name for name in ("title", "went_to", "went_reference", "rule__route", "taken_up_at")}
    agreed = Suggestion.objects.filter(response__contact=OuterRef("pk"), status=SuggestionStatus.YES)
    return ArraySubquery(agreed.order_by("response", "place").values(each=JSONObject(**facts))[:20])


def _corrections() -> ArraySubquery:
    """What was put right, the newest first; read with the contact itself."""
    facts = {name: name for name in ("what", "was", "became", "reason", "at", "by__first_name", "by__last_name")}
    made = ContactCorrection.objects.filter(contact=OuterRef("pk")).order_by("-at", "-pk")
    return ArraySubquery(made.values(each=JSONObject(**facts))[:30])


def corrections_of(contact: Any) -> list[dict[str, Any]]:
    return [
        {
            "what": CORRECTABLE[row["what"]],
            "was": row["was"],
            "became": row["became"],
            "reason": row["reason"],
            "who": f"{row['by__first_name']} {row['by__last_name']}",
            "at": datetime.fromisoformat(row["at"]),
        }
        for row in map(_unpacked, contact.corrections_made)
    ]


def _unpacked(row: Any) -> dict[str, Any]:
    return json.loads(row) if isinstance(row, str) else row


def answer_of(contact: Contact) -> Any:
    """What was advised, or where they were pointed to, with the names of the services."""
    if contact.status == ContactStatus.ADVISED:
        return contact.advice.order_by("-at", "-pk").first()
    if contact.status != ContactStatus.SIGNPOSTED:
        return None
    names = Service.objects.filter(pk__in=_services(OuterRef(OuterRef("pk")))).order_by("name").values("name")
    return contact.signposts.annotate(names=ArraySubquery(names)).order_by("-at", "-pk").first()


def _services(signpost: Any) -> Any:
    return Signpost.services.through.objects.filter(signpost=signpost).values("service")


def trail(contact: Contact) -> Any:
    """What happened to it, the newest first."""
    events = Event.objects.filter(subject=contact._meta.label_lower, subject_id=contact.pk)
    return events.select_related("actor").order_by("-at", "-pk")


@dataclass(frozen=True)
class Likely:
    """Somebody whom it may be about; whom to ask about them, if early help knows them."""

    match: Match
    ask: str


def likely(contact: Contact) -> list[Likely]:
    """Who is written down and may be meant. A restricted person is not among them (domain.md 5 d)."""
    if not (contact.last_name or contact.born_on):
        return []
    found = search(first=contact.first_name, last=contact.last_name, born_on=contact.born_on)
    asks = whom_to_ask([match.person.pk for match in found])
    return [Likely(match, asks.get(match.person.pk, "")) for match in found]
