"""What somebody undertook at the hub, and by when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.deadlines.models import Deadline, DeadlineQuerySet
from earlyhelp.partnership.models import Agency, Area
from earlyhelp.workflow.models import Versioned
from hubs import access
from hubs.enums import GAP_NEEDS, ActionStatus
from hubs.models.agenda import HubDecision
from hubs.models.blockages import Blockage
from hubs.models.hub import Hub
from hubs.models.meeting import HubMeeting


class ActionQuerySet(ScopedQuerySet["HubAction"]):
    rules = access.ACTION_RULES

    def open(self) -> ActionQuerySet:
        return self.filter(status=ActionStatus.OPEN)

    def overdue(self, today: date) -> ActionQuerySet:
        return self.open().filter(due_on__lt=today)

    def to_chase(self, now: datetime) -> ActionQuerySet:
        """Overdue, of somebody by name who was not chased today."""
        today = timezone.localdate(now)
        return self.overdue(today).filter(owner__isnull=False).exclude(chased_at__isnull=False, chased_at__date=today)

    def of_agency(self, agency: Any) -> ActionQuerySet:
        """Of whoever works there, or of the agency with nobody by name."""
        return self.filter(Q(owner__agency=agency) | Q(owner=None, agency=agency))

    def by_agency(self) -> Any:
        """Bring with each whose agency it is, and stand them in that order, within each the longest overdue first."""
        whose = {"agency_name": Coalesce("owner__agency__name", "agency__name", Value(""))}
        whose |= {"agency_key": Coalesce("owner__agency", "agency")}
        rows: Any = self.annotate(**whose)
        return rows.order_by("agency_name", "due_on", "pk")

    def with_named(self, user: Any) -> ActionQuerySet:
        """Bring with each whether this person may read whose family it is about: to owe an action opens no case."""
        heard = Q(decision__in=HubDecision.objects.for_user(user).values("pk"))
        return self.annotate(named=ExpressionWrapper(heard, output_field=models.BooleanField()))

    def for_gaps(self) -> ActionQuerySet:
        return self.exclude(need="")

    def told_to(self, user: Any) -> ActionQuerySet:
        """Less those about a family of which this person may not hear: of a meeting whose minutes they read."""
        heard = HubDecision.objects.for_user(user).values("pk")
        return self.filter(Q(decision=None) | Q(decision__in=heard))


@tracked()
class HubAction(Versioned):
    """An action has an owner and a date, or it is a wish."""

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="actions")
    meeting = models.ForeignKey(HubMeeting, models.PROTECT, null=True, blank=True, related_name="actions")
    decision = models.ForeignKey(HubDecision, models.PROTECT, null=True, blank=True, related_name="actions")
    blockage = models.ForeignKey(
        Blockage, models.PROTECT, null=True, blank=True, related_name="hub_actions", help_text="What it is to unblock."
    )
    need = models.CharField(
        max_length=20, choices=GAP_NEEDS, blank=True, help_text="Which gap of the area it is to close, if one."
    )
    what = models.CharField(max_length=255)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="hub_actions"
    )
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    status = models.CharField(max_length=10, choices=ActionStatus, default=ActionStatus.OPEN, editable=False)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    chased_at = models.DateTimeField(
        null=True, blank=True, help_text="When its owner was last asked what became of it."
    )

    objects = ActionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hub_action_for_a_gap_is_about_nobody", condition=Q(need="") | Q(decision=None, blockage=None)
            ),
            models.CheckConstraint(
                name="hub_action_is_somebodys", condition=Q(owner__isnull=False) | Q(agency__isnull=False)
            ),
            models.CheckConstraint(
                name="hub_action_done_says_when",
                condition=Q(status="done", done_at__isnull=False) | Q(status="open", done_at=None),
            ),
        ]
        indexes = [
            models.Index("hub", "due_on", name="hub_action_hub", condition=Q(status="open")),
            models.Index("owner", "due_on", name="hub_action_owner", condition=Q(status="open")),
            models.Index("hub", "need", "made_at", name="hub_action_gap", condition=~Q(need="")),
        ]

    def __str__(self) -> str:
        return f"Action {self.pk}"

    @property
    def reference(self) -> str:
        return f"Hub action {self.pk}"

    @property
    def area(self) -> Area:
        return self.hub.area

    @property
    def area_id(self) -> int:
        return self.hub.area_id

    def get_absolute_url(self) -> str:
        return f"{reverse('hubs:actions')}#action-{self.pk}"


class HubActionDeadlineQuerySet(DeadlineQuerySet["HubActionDeadline"]):
    rules = Through("owner")


class HubActionDeadline(Deadline):
    RESTRICTED = Q(owner__decision__item__case__restricted=True)

    owner = models.ForeignKey(HubAction, models.PROTECT, related_name="deadlines")

    objects = HubActionDeadlineQuerySet.as_manager()
