"""What a chair asks somebody of another agency to agree to, between two meetings (domain.md 9.4)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q
from django.urls import reverse

from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.history import tracked
from earlyhelp.partnership.waiting import waiting_part
from earlyhelp.workflow.models import Versioned
from hubs import access
from hubs.enums import AnswerStatus
from hubs.models.agenda import AgendaItem


class ChairsRequestQuerySet(ScopedQuerySet["ChairsRequest"]):
    rules = access.REQUEST_RULES

    def agreed(self) -> ChairsRequestQuerySet:
        return self.filter(status=AnswerStatus.AGREED)


@tracked()
class ChairsRequest(Versioned):
    """One is asked, and answers for themselves: nobody is written down as agreeing on the chair's word alone.

    It opens no record: whoever is asked reads what the chair wrote, and of the family no more than they see anyway.
    """

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="requests")
    asked = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposal = models.TextField(help_text="What the chair would decide and why it cannot wait. It names nobody.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=20, choices=AnswerStatus, default=AnswerStatus.ASKED, editable=False)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ChairsRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("item", "asked", name="chairs_request_once", condition=Q(status="asked")),
            models.CheckConstraint(name="chairs_request_of_another", condition=~Q(asked=F("asked_by"))),
            models.CheckConstraint(name="chairs_request_says_what", condition=~Q(proposal="")),
            models.CheckConstraint(
                name="chairs_request_answered_says_when",
                condition=Q(status="asked", answered_at=None) | ~Q(status="asked") & Q(answered_at__isnull=False),
            ),
        ]
        indexes = [models.Index("asked", "asked_at", name="chairs_request_asked", condition=Q(status="asked"))]

    def __str__(self) -> str:
        return f"Request {self.pk}"

    @property
    def reference(self) -> str:
        return self.item.case.reference

    def get_absolute_url(self) -> str:
        return reverse("hubs:request", args=[self.pk])


@waiting_part("requests_to_answer")
def _requests_to_answer() -> Any:
    waiting = ChairsRequest.objects.filter(asked=OuterRef("pk"), status=AnswerStatus.ASKED)
    return ArraySubquery(waiting.filter(item__case__restricted=False).values("pk"))
