"""What somebody undertook at the hub, and by when."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, Q
from django.urls import reverse

from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.deadlines.models import Deadline, DeadlineQuerySet
from earlyhelp.partnership.models import Agency, Area
from earlyhelp.workflow.models import Versioned
from hubs import access
from hubs.enums import ActionStatus
from hubs.models.agenda import HubDecision
from hubs.models.blockages import Blockage
from hubs.models.hub import Hub
from hubs.models.meeting import HubMeeting


class ActionQuerySet(ScopedQuerySet["HubAction"]):
    rules = access.ACTION_RULES

    def open(self) -> ActionQuerySet:
        return self.filter(status=ActionStatus.OPEN)

    def with_named(self, user: Any) -> ActionQuerySet:
        """Bring with each whether this person may read whose family it is about: to owe an action opens no case."""
        heard = Q(decision__in=HubDecision.objects.for_user(user).values("pk"))
        return self.annotate(named=ExpressionWrapper(heard, output_field=models.BooleanField()))

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
    what = models.CharField(max_length=255)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="hub_actions"
    )
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    status = models.CharField(max_length=10, choices=ActionStatus, default=ActionStatus.OPEN, editable=False)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        constraints = [
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
