from __future__ import annotations

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

    service = models.CharField("which service is involved", max_length=120, blank=True)
    worker = models.CharField("who works with the family", max_length=120, blank=True)
    worker_contact = models.CharField("how to reach them", max_length=120, blank=True)
    last_contact_on = models.DateField("when they were last in touch", null=True, blank=True)
    ended_because = models.CharField("why their work ended", max_length=200, blank=True)
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
                name="request_answer_says_what", condition=~Q(status="answered") | ~Q(known="") | ~Q(service="")
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
    def colour(self) -> str:
        return COLOURS.get(RequestStatus(self.status), "blue")


class RequestDeadlineQuerySet(DeadlineQuerySet["RequestDeadline"]):
    rules = Through("owner")


class RequestDeadline(Deadline):
    owner = models.ForeignKey(InformationRequest, models.PROTECT, related_name="deadlines")

    objects = RequestDeadlineQuerySet.as_manager()
