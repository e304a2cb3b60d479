"""Whose time is over: families, and contacts about nobody we know, by the rule in force for their class (domain.md 16).

A family with anything under way is never due. What it ended with is the last thing that happened of any kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import DateField, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils import timezone

from earlyhelp.cases.enums import LIVE
from earlyhelp.cases.enums import Status as CaseStatus
from earlyhelp.cases.models import Case
from earlyhelp.core.calendar import add_months
from earlyhelp.directory.enums import OnwardStatus
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.disagreements.enums import Status as DisagreementStatus
from earlyhelp.disagreements.models import Disagreement
from earlyhelp.documents.models import Document
from earlyhelp.families.enums import FamilyRole
from earlyhelp.families.models import Agreement, Family, FamilyMembership, SignificantEvent, StatutoryStatus
from earlyhelp.records.enums import RecordClass
from earlyhelp.records.models import AccessRequest, Hold, RetentionRule
from earlyhelp.sharing.models import Disclosure, Permission, RecipientCopy
from lac.enums import PRESENT
from lac.models import Introduction
from referrals.enums import TRIAGING, UNACKNOWLEDGED, ContactStatus, HandoverStatus
from referrals.enums import Status as ReferralStatus
from referrals.models import Contact, Referral, SocialCareHandover

GROWN_UP = 18
ALONE = Q(family=None, case=None, referral=None, handover=None)  # a contact that led to nothing and to nobody


class Term(NamedTuple):
    years: int
    until_age: int | None = None


# In force until somebody decides otherwise. Later of youngest child's 25th birthday and six years; six; three.
DEFAULTS = {
    RecordClass.CHILDREN: Term(6, 25),
    RecordClass.ADULTS: Term(6),
    RecordClass.CONTACT: Term(3),
}


class Work(NamedTuple):
    """A kind of work with a family: what is under way, and when it last did anything."""

    model: Any
    family: str
    under_way: Q
    last: Any


NEVER = Q(pk__in=())
FAMILY_OF_PERSON = "person__memberships__family"
ONWARD_OPEN = (
    OnwardStatus.PROPOSED,
    OnwardStatus.PERMITTED,
    OnwardStatus.SENT,
    OnwardStatus.RECEIVED,
    OnwardStatus.ACCEPTED,
    OnwardStatus.STARTED,
)
WORK = (
    Work(
        Case,
        "family",
        Q(status__in=(*LIVE, CaseStatus.FOLLOW_UP)),
        Coalesce("closed_on", Cast("accepted_at", DateField())),
    ),
    Work(
        Referral,
        "family",
        Q(status__in=(ReferralStatus.DRAFT, ReferralStatus.SUBMITTED, *TRIAGING)),
        Greatest("touched_at", "created_at", "decided_at"),
    ),
    Work(Contact, "family", Q(status=ContactStatus.RECEIVED), Coalesce("answered_at", "recorded_at")),
    Work(
        SocialCareHandover,
        "family",
        Q(status__in=(*UNACKNOWLEDGED, HandoverStatus.ACKNOWLEDGED)),
        Coalesce("answered_at", "sent_at"),
    ),
    Work(Disagreement, "family", Q(status=DisagreementStatus.OPEN), Coalesce("resolved_at", "raised_at")),
    Work(
        OnwardReferral, FAMILY_OF_PERSON, Q(status__in=ONWARD_OPEN), Coalesce("followed_up_at", "ended_at", "made_at")
    ),
    Work(Introduction, FAMILY_OF_PERSON, Q(status__in=PRESENT), Greatest(Cast("received_at", DateField()), "since_on")),
    Work(SignificantEvent, "family", NEVER, F("recorded_at")),
    Work(Agreement, "family", NEVER, F("recorded_at")),
    Work(StatutoryStatus, FAMILY_OF_PERSON, NEVER, F("recorded_at")),
    Work(Permission, FAMILY_OF_PERSON, NEVER, F("at")),
    Work(Disclosure, "family", NEVER, F("at")),
    Work(RecipientCopy, "family", NEVER, Coalesce("made_at", "begun_at")),
    Work(Document, "family", NEVER, F("uploaded_at")),
)


@dataclass(frozen=True)
class Due:
    """A record, its class, and the days that the rule gives."""

    record: Family | Contact
    record_class: RecordClass
    ended_on: date
    due_on: date


def terms() -> dict[RecordClass, Term]:
    """The rules in force: the newest version of each class, or what the product begins with."""
    newest = RetentionRule.objects.order_by("record_class", "-made_at", "-pk").distinct("record_class")
    return DEFAULTS | {RecordClass(each.record_class): Term(each.years, each.until_age) for each in newest}


def due_families(*, today: date, among: Any = None) -> Iterator[Due]:
    """Families with nothing under way and no hold, whose time by the rule is over."""
    in_force = terms()
    shortest = min(each.years for each in in_force.values())
    families = (Family.objects.all() if among is None else among).filter(merged_into=None)
    families = families.filter(*map(_nothing_of, WORK)).filter(_not_held())
    facts = families.annotate(
        last=Greatest(Cast("created_at", DateField()), *map(_last_of, WORK)),
        had_episode=Exists(Case.objects.filter(family=OuterRef("pk"), opened_on__isnull=False)),
        has_child=Exists(_members().filter(role=FamilyRole.CHILD)),
        youngest=Subquery(_members().values("family").annotate(at=Max("person__born_on")).values("at")),
    )
    for family in facts.filter(last__lte=add_months(today, -12 * shortest)).order_by("pk").iterator():
        due = _by_rule(family, in_force)
        if due.due_on <= today:
            yield due


def due_contacts(*, today: date, among: Any = None) -> Iterator[Due]:
    """Contacts about nobody we know that were answered and led to nothing."""
    years = terms()[RecordClass.CONTACT].years
    contacts = (Contact.objects.all() if among is None else among).filter(ALONE).exclude(status=ContactStatus.RECEIVED)
    ended = contacts.annotate(last=Cast(Coalesce("answered_at", "recorded_at"), DateField()))
    rows: Any = ended.filter(last__lte=add_months(today, -12 * years)).order_by("pk")
    for contact in rows.iterator():
        yield Due(contact, RecordClass.CONTACT, contact.last, add_months(contact.last, 12 * years))


def _by_rule(family: Any, in_force: dict[RecordClass, Term]) -> Due:
    youngest = family.youngest if _was_a_child(family) else None
    if family.has_child and youngest is None:
        youngest = family.last  # a child whose age nobody wrote down: as young as it could be
    kind = RecordClass.CHILDREN if youngest else RecordClass.ADULTS
    if not family.had_episode:
        kind = RecordClass.CONTACT
    term = in_force[kind]
    due_on = add_months(family.last, 12 * term.years)
    if term.until_age and youngest:
        due_on = max(due_on, add_months(youngest, 12 * term.until_age))
    return Due(family, kind, family.last, due_on)


def _was_a_child(family: Any) -> bool:
    return bool(family.youngest) and add_months(family.youngest, 12 * GROWN_UP) > family.last


def _nothing_of(work: Work) -> Q:
    return Q(~Exists(work.model._base_manager.filter(work.under_way, **{work.family: OuterRef("pk")})))


def _not_held() -> Q:
    """Neither by a hold nor by anybody of it who asks for what is kept about them."""
    asked = AccessRequest.objects.live().filter(person__memberships__family=OuterRef("pk"))
    return Q(~Exists(Hold.objects.live().filter(family=OuterRef("pk")))) & Q(~Exists(asked))


def _last_of(work: Work) -> Subquery:
    rows = work.model._base_manager.filter(**{work.family: OuterRef("pk")}).order_by().values(work.family)
    return Subquery(rows.annotate(at=Max(Cast(work.last, DateField()))).values("at"))


def _members() -> Any:
    return FamilyMembership.objects.filter(family=OuterRef("pk")).order_by()


def still_due(record: Family | Contact, *, now: datetime) -> bool:
    """Whether it is due at this moment: nothing has begun since, and nobody holds it."""
    among = type(record)._base_manager.filter(pk=record.pk)
    find = due_families if isinstance(record, Family) else due_contacts
    return any(find(today=timezone.localdate(now), among=among))


def is_restricted(record: Family | Contact) -> bool:
    """Whether only whoever keeps such records may know that there is one."""
    if isinstance(record, Contact):
        return False
    secret = Q(restricted=True) | Q(cases__restricted=True)
    return Family.objects.filter(secret, pk=record.pk).exists()
