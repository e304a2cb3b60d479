"""A service that the hub named for a family, until somebody of the family has been asked (screens.md A4, domain.md 6.10)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q

from earlyhelp.cases.enums import LED
from earlyhelp.cases.models import Case
from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.history import tracked
from earlyhelp.directory.enums import LIVE as WITH_IT_NOW
from earlyhelp.directory.enums import OnwardStatus
from earlyhelp.directory.models import OnwardReferral, Service
from earlyhelp.partnership.waiting import waiting_part
from earlyhelp.workflow.models import Versioned
from hubs import access
from hubs.enums import OFFER_COLOURS, OfferStatus


def _answered() -> Exists:
    """Somebody of the family was asked about the service since, and answered; or is with it already."""
    asked = OnwardReferral.objects.filter(
        Q(made_at__gte=OuterRef("named_at")) | Q(status__in=WITH_IT_NOW),
        service=OuterRef("service"),
        person__memberships__family=OuterRef("case__family"),
        person__memberships__until_on=None,
    )
    return Exists(asked.exclude(status=OnwardStatus.PROPOSED))


class OfferQuerySet(ScopedQuerySet["ServiceOffer"]):
    rules = access.OFFER_RULES

    def unanswered(self) -> OfferQuerySet:
        """Those that nobody of the family has been asked about; and those that were settled otherwise."""
        return self.filter(~Q(_answered()))

    def to_make(self) -> OfferQuerySet:
        """Those that wait, while somebody leads who can ask."""
        return self.unanswered().filter(status=OfferStatus.OPEN, case__status__in=LED)


@tracked()
class ServiceOffer(Versioned):
    """The lead professional offers it; with a yes, which is that person's own, they are referred. Nothing goes by itself.

    That it was made is read off the referral (``to_make``), whichever way that came about, and is written down nowhere twice.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="service_offers")
    service = models.ForeignKey(Service, models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=OfferStatus, default=OfferStatus.OPEN, editable=False)
    words = models.TextField("what they said, or why it is not offered", blank=True)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("case", "service", name="offer_one_open", condition=Q(status="open")),
            models.CheckConstraint(
                name="offer_settled_says_when_and_why",
                condition=Q(status="open", words="", settled_at=None)
                | ~Q(status="open") & ~Q(words="") & Q(settled_at__isnull=False),
            ),
        ]
        indexes = [models.Index("case", "status", name="offer_of_case")]

    def __str__(self) -> str:
        return f"Offer {self.pk}"  # never of what: this string reaches logs

    @property
    def reference(self) -> str:
        return self.case.reference

    def get_absolute_url(self) -> str:
        """Where the services of the family stand."""
        return f"{self.case.get_absolute_url()}services/"

    @property
    def colour(self) -> str:
        return OFFER_COLOURS[OfferStatus(self.status)]


@waiting_part("services_to_offer")
def _to_offer() -> Any:
    """Those that this person is to offer to a family which they lead."""
    mine = ServiceOffer.objects.filter(case__lead=OuterRef("pk"))
    return ArraySubquery(mine.to_make().order_by("named_at", "pk").values("pk")[:50])
