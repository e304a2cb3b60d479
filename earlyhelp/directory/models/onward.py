"""A person is referred to a service, with their own permission for that one service (domain.md 6.10 and 11)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse

from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.deadlines.models import Deadline, DeadlineQuerySet
from earlyhelp.directory import access
from earlyhelp.directory.enums import (
    ASKING,
    COLOURS,
    ENDED,
    HAD_AN_ENDING,
    LIVE,
    NOT_AGREED,
    TAKEN,
    WAITING,
    WITH_SERVICE,
    AskedHow,
    GivenBy,
    Helped,
    Occasion,
    OnwardStatus,
    ReturnReason,
)
from earlyhelp.directory.models.service import Service
from earlyhelp.families.access import is_restricted, not_restricted
from earlyhelp.families.models import Person
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Agency, Area
from earlyhelp.partnership.waiting import waiting_part
from earlyhelp.workflow.models import Versioned

S = OnwardStatus


TEXTS = {"given_by", "given_how", "helped"}


def _empty(name: str) -> Q:
    return Q(**({name: ""} if name in TEXTS else {f"{name}__isnull": True}))


def _all_or_none(*names: str) -> Q:
    """Columns that are filled together or not at all."""
    none, every = Q(), Q()
    for name in names:
        none, every = none & _empty(name), every & ~_empty(name)
    return none | every


def _when(statuses: Any, then: Q) -> Q:
    return ~Q(status__in=[each.value for each in statuses]) | then


class OnwardQuerySet(ScopedQuerySet["OnwardReferral"]):
    rules = access.ONWARD_RULES

    def live(self) -> OnwardQuerySet:
        return self.filter(status__in=LIVE)

    def with_promises(self) -> OnwardQuerySet:
        """Bring by when the service is to answer, and when the person is to be asked; nothing once it is done."""
        owed = OnwardDeadline.objects.open().filter(owner=OuterRef("pk"))
        return self.annotate(
            answer_by=Subquery(owed.filter(code="D_PRESCRIPTION").values("due_at")[:1]),
            ask_by=Subquery(owed.filter(code="D_ONWARD_FOLLOW_UP").values("due_at")[:1]),
        )


@tracked()
class OnwardReferral(Versioned):
    """One person, one service, one permission. What the service is told is written down here, and nothing else is told."""

    reference = models.CharField(max_length=20, unique=True)
    status = models.CharField(max_length=20, choices=OnwardStatus, default=S.PROPOSED, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="onward_referrals")
    service = models.ForeignKey(Service, models.PROTECT, related_name="onward_referrals")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="onward_referrals")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    why = models.TextField("what the service needs to know")
    reach = models.CharField("how the service reaches them safely", max_length=200, blank=True)
    repeat_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeats")

    given_by = models.CharField("who said yes", max_length=20, choices=GivenBy, blank=True)
    given_how = models.CharField("how they were asked", max_length=20, choices=AskedHow, blank=True)
    permitted_at = models.DateTimeField(null=True, blank=True)
    limits = models.TextField("what they do not want passed on, or done", blank=True)
    capacity_note = models.TextField("how it was found that they, or who for them, may decide", blank=True)

    sent_at = models.DateTimeField(null=True, blank=True)
    reminded = models.PositiveSmallIntegerField(
        "of what the service was reminded", choices=Occasion, default=Occasion.REFERRED, editable=False
    )
    received_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    expected_on = models.DateField("when the service expects to see them", null=True, blank=True)
    returned_because = models.CharField(max_length=20, choices=ReturnReason, blank=True)
    returned_note = models.TextField(blank=True)
    started_on = models.DateField(null=True, blank=True)
    ending = models.CharField(max_length=20, choices=[(each.value, each.label) for each in ENDED], blank=True)
    outcome = models.TextField("what came of it", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    helped = models.CharField("did it help", max_length=20, choices=Helped, blank=True)
    helped_note = models.TextField(blank=True)
    followed_up_at = models.DateTimeField(null=True, blank=True)
    followed_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = OnwardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "person", "service", name="onward_one_live", condition=Q(status__in=[each.value for each in LIVE])
            ),
            models.CheckConstraint(name="onward_says_why", condition=~Q(why="")),
            models.CheckConstraint(
                name="onward_permission_is_whole", condition=_all_or_none("given_by", "given_how", "permitted_at")
            ),
            models.CheckConstraint(
                name="onward_permitted_before_it_goes",
                condition=_when([S.PERMITTED, *WITH_SERVICE], Q(permitted_at__isnull=False))
                & _when([S.PROPOSED, *NOT_AGREED], Q(permitted_at=None)),
            ),
            models.CheckConstraint(
                name="onward_decider_says_why", condition=~Q(given_by=GivenBy.DECIDER) | ~Q(capacity_note="")
            ),
            models.CheckConstraint(
                name="onward_sent_is_permitted",
                condition=_when(WITH_SERVICE, Q(sent_at__isnull=False))
                & _when([*ASKING, *NOT_AGREED], Q(sent_at=None))
                & (Q(sent_at=None) | Q(permitted_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="onward_received_says_when", condition=_when([S.RECEIVED], Q(received_at__isnull=False))
            ),
            models.CheckConstraint(
                name="onward_answered_says_when",
                condition=_when([*TAKEN, S.RETURNED, *HAD_AN_ENDING], Q(answered_at__isnull=False))
                & _when([*ASKING, *NOT_AGREED, *WAITING], Q(answered_at=None)),
            ),
            models.CheckConstraint(
                name="onward_returned_says_why",
                condition=Q(status=S.RETURNED) & ~Q(returned_because="")
                | ~Q(status=S.RETURNED) & Q(returned_because="", returned_note=""),
            ),
            models.CheckConstraint(
                name="onward_started_says_when", condition=_when([S.STARTED], Q(started_on__isnull=False))
            ),
            models.CheckConstraint(
                name="onward_ending_is_its_own",
                condition=Q(ending="", status__in=[each.value for each in S if each not in HAD_AN_ENDING])
                | Q(ending=F("status"))
                | Q(status=S.OUTCOME_RECORDED) & ~Q(ending=""),
            ),
            models.CheckConstraint(
                name="onward_outcome_is_said",
                condition=Q(status=S.OUTCOME_RECORDED) & ~Q(outcome="") | ~Q(status=S.OUTCOME_RECORDED) & Q(outcome=""),
            ),
            models.CheckConstraint(
                name="onward_ended_says_when",
                condition=_when(LIVE, Q(ended_at=None))
                & _when([each for each in S if each not in LIVE], Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="onward_follow_up_is_whole",
                condition=_all_or_none("helped", "followed_up_at", "followed_up_by")
                & (Q(helped="") | Q(sent_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="onward_no_repeat_of_itself", condition=Q(repeat_of=None) | ~Q(repeat_of=F("pk"))
            ),
        ]
        indexes = [
            models.Index(fields=["made_by", "-made_at", "-id"], name="onward_made_by"),
            models.Index(fields=["person", "-made_at", "-id"], name="onward_person"),
            models.Index(
                fields=["service", "-sent_at", "-id"], name="onward_service", condition=Q(sent_at__isnull=False)
            ),
            models.Index(
                "area", "sent_at", name="onward_waiting", condition=Q(status__in=[each.value for each in WAITING])
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("directory:onward", args=[self.reference])

    @property
    def nameless_actor(self) -> str:
        """Whoever acts on it without an account has the service’s link."""
        return f"{self.service}, by its link"

    @property
    def colour(self) -> str:
        return COLOURS[OnwardStatus(self.status)]

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def shows_person(self) -> bool:
        """To the service: until it has nothing left to do for them."""
        return self.status in (*WAITING, *TAKEN, *ENDED)


class OnwardDeadlineQuerySet(DeadlineQuerySet["OnwardDeadline"]):
    rules = Through("owner")


class OnwardDeadline(Deadline):
    # First Contact runs the referrals to services, and sees those that no service answers (domain.md 5 and 11).
    ESCALATES_TO = (Role.FIRST_CONTACT_ADVISER, Role.FIRST_CONTACT_ADVISER)

    RESTRICTED = is_restricted("owner__person")

    owner = models.ForeignKey(OnwardReferral, models.PROTECT, related_name="deadlines")

    objects = OnwardDeadlineQuerySet.as_manager()


LINK_KEPT_FOR = timedelta(days=30)  # after the end: long enough to say what came of it
LINK_NEVER_LONGER_THAN = timedelta(days=365)


class OnwardLinkQuerySet(models.QuerySet["OnwardLink"]):
    def open(self, now: datetime) -> OnwardLinkQuerySet:
        """Those that still lead somewhere: not void, not too old, and to what the person still permits and is no secret."""
        lately = Q(onward__ended_at=None) | Q(onward__ended_at__gt=now - LINK_KEPT_FOR)
        fresh = self.filter(lately, void_at=None, made_at__gt=now - LINK_NEVER_LONGER_THAN)
        return fresh.filter(not_restricted("onward__person"), onward__status__in=WITH_SERVICE)


class OnwardLink(models.Model):
    """A service's way in, without an account. Only the digest is kept of what opens it.

    At most one opens for each occasion: a reminder brings another, for the one before cannot be told again, and leaves
    that open, for a page of it may stand open at the service.
    """

    onward = models.ForeignKey(OnwardReferral, models.PROTECT, related_name="links")
    occasion = models.PositiveSmallIntegerField(choices=Occasion, default=Occasion.REFERRED)
    digest = models.CharField(max_length=64, unique=True)
    address = models.EmailField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    void_at = models.DateTimeField(null=True, blank=True)

    objects = OnwardLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("onward", "occasion", name="onward_link_one_open", condition=Q(void_at=None))
        ]

    def __str__(self) -> str:
        return f"Link {self.pk}"  # never what opens it: this string reaches logs


@waiting_part("refers_on")
def _refers_on() -> models.Exists:
    """Whether this person ever referred anybody to a service: who never did is asked nothing on their home page."""
    return models.Exists(OnwardReferral.objects.filter(made_by=OuterRef("pk")))
