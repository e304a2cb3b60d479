from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.deadlines.models import Deadline, DeadlineQuerySet
from earlyhelp.partnership.models import Agency, Area
from earlyhelp.workflow.models import Versioned
from referrals import access
from referrals.enums import LawfulBasis, RequestStatus
from referrals.models.referral import Referral

REPLIED = (RequestStatus.ANSWERED, RequestStatus.NOTHING_HELD, RequestStatus.DECLINED)
COLOURS = {RequestStatus.SENT: "yellow", RequestStatus.LAPSED: "red", RequestStatus.ANSWERED: "green"}


@dataclass(frozen=True)
class Involved:
    """One service that works, or worked, with the family: whom to ring, and no more (complaint 15 of screens.md)."""

    MOST: ClassVar[int] = 5

    service: str
    worker: str = ""
    contact: str = ""
    last_contact_on: date | None = None
    ended_because: str = ""

    def stored(self) -> dict[str, str]:
        day = self.last_contact_on.isoformat() if self.last_contact_on else ""
        return {**asdict(self), "last_contact_on": day}

    @classmethod
    def of(cls, stored: dict[str, str]) -> Involved:
        day = stored["last_contact_on"]
        words = {name: text for name, text in stored.items() if name != "last_contact_on"}
        return cls(**words, last_contact_on=date.fromisoformat(day) if day else None)


class RequestQuerySet(ScopedQuerySet["InformationRequest"]):
    rules = access.REQUEST_RULES

    def waiting(self) -> RequestQuerySet:
        return self.filter(status=RequestStatus.SENT)


@tracked()
class InformationRequest(Versioned):
    """A question to one agency about a family in triage. The agency sees the question, names and years of birth: no more."""

    reference = models.CharField(max_length=20, unique=True)
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="requests")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="information_requests")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=RequestStatus, default=RequestStatus.SENT, editable=False)
    question = models.TextField()
    lawful_basis = models.CharField(max_length=20, choices=LawfulBasis)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When it lapses unanswered: the clock of the referral never waits for it.")

    chased_on = models.DateField(null=True, blank=True, help_text="The working day on which it was last chased.")

    involved = models.JSONField(
        "who is involved", default=list, blank=True, help_text="As answered, at most five: see ``Involved``."
    )
    known = models.TextField("what is known", blank=True)
    decline_reason = models.TextField("why it cannot be answered", blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "referral", "agency", name="request_one_waiting_an_agency", condition=Q(status="sent")
            ),
            models.CheckConstraint(
                name="request_replied_says_who",
                condition=Q(status__in=REPLIED, answered_at__isnull=False, answered_by__isnull=False)
                | ~Q(status__in=REPLIED) & Q(answered_at=None, answered_by=None),
            ),
            models.CheckConstraint(
                name="request_answer_says_what", condition=~Q(status="answered") | ~Q(known="") | ~Q(involved=[])
            ),
            models.CheckConstraint(
                name="request_declined_says_why", condition=~Q(status="declined") | ~Q(decline_reason="")
            ),
        ]
        indexes = [
            models.Index("agency", "status", "due_at", name="request_agency"),
            models.Index("due_at", "id", name="request_lapses", condition=Q(status="sent")),
            models.Index("referral", "asked_at", name="request_referral"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("referrals:request", args=[self.reference])

    @property
    def who_is_involved(self) -> list[Involved]:
        return [Involved.of(each) for each in self.involved]

    @property
    def is_missing(self) -> bool:
        return self.status in (RequestStatus.SENT, RequestStatus.LAPSED)

    @property
    def colour(self) -> str:
        return COLOURS.get(RequestStatus(self.status), "blue")


class RequestDeadlineQuerySet(DeadlineQuerySet["RequestDeadline"]):
    rules = Through("owner")


class RequestDeadline(Deadline):
    RESTRICTED = Q(owner__referral__family__restricted=True)

    owner = models.ForeignKey(InformationRequest, models.PROTECT, related_name="deadlines")

    objects = RequestDeadlineQuerySet.as_manager()
