from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery, Value
from django.urls import reverse

from earlyhelp.audit.models import append_only
from earlyhelp.cases.models import Case
from earlyhelp.core.access import ScopedQuerySet, Through
from earlyhelp.core.history import tracked
from earlyhelp.deadlines.models import Deadline, DeadlineQuerySet
from earlyhelp.directory.models import Service
from earlyhelp.families.models import Family
from earlyhelp.partnership.models import Agency, Area
from earlyhelp.workflow.models import Versioned
from referrals import access
from referrals.enums import (
    CONTACT_ANSWERED,
    CONTACT_COLOURS,
    WORRYING,
    Channel,
    ContactStatus,
    FollowUpResult,
    Safeguarding,
    SourceKind,
    VoidBecause,
)
from referrals.models.handover import SocialCareHandover
from referrals.models.referral import Referral

ORDINALS = {2: "Second", 3: "Third", 4: "Fourth", 5: "Fifth", 6: "Sixth", 7: "Seventh", 8: "Eighth", 9: "Ninth"}


class ContactQuerySet(ScopedQuerySet["Contact"]):
    rules = access.CONTACT_RULES

    def waiting(self) -> ContactQuerySet:
        return self.filter(status=ContactStatus.RECEIVED)

    def counted(self) -> ContactQuerySet:
        """All but those that are no contact at all: a test, a wrong number, one recorded twice."""
        return self.exclude(status=ContactStatus.VOID)

    def with_promises(self) -> ContactQuerySet:
        """Bring by when it is to be answered, and by when what was advised is to be followed up; nothing once it is."""
        owed = ContactDeadline.objects.open().filter(owner=OuterRef("pk"))
        return self.annotate(
            answer_by=Subquery(owed.filter(code="D_TRIAGE").values("due_at")[:1]),
            follow_up_by=Subquery(owed.filter(code="D_ADVICE_FOLLOW_UP").values("due_at")[:1]),
        )


@tracked()
class Contact(Versioned):
    """Somebody got in touch about somebody: kept from the first word, whatever becomes of it (domain.md 6.2)."""

    reference = models.CharField(max_length=20, unique=True)
    status = models.CharField(max_length=20, choices=ContactStatus, default=ContactStatus.RECEIVED, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        help_text="Nobody: they asked for it themselves, after a self-check.",
    )
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="contacts")
    anywhere = models.BooleanField(
        default=False, help_text="Nobody said where they live: for everybody who answers contacts."
    )
    received_at = models.DateTimeField("when they got in touch")
    recorded_at = models.DateTimeField()
    channel = models.CharField("how they got in touch", max_length=20, choices=Channel)

    source_kind = models.CharField("who got in touch", max_length=20, choices=SourceKind)
    caller_name = models.CharField("their name", max_length=120, blank=True)
    caller_phone = models.CharField("their telephone number", max_length=40, blank=True)
    caller_email = models.EmailField("their email address", blank=True)
    caller_digits = models.GeneratedField(
        expression=Func(
            Func(F("caller_phone"), Value("[^0-9]"), Value(""), Value("g"), function="regexp_replace"),
            Value(10),
            function="right",
        ),
        output_field=models.CharField(max_length=10),
        db_persist=True,
    )

    family = models.ForeignKey(Family, models.PROTECT, null=True, blank=True, related_name="contacts")
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField("surname", max_length=80, blank=True)
    born_on = models.DateField("date of birth", null=True, blank=True)
    said = models.TextField("what they said")
    safeguarding = models.CharField("may anybody be at risk of harm", max_length=10, choices=Safeguarding)

    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    referral = models.ForeignKey(Referral, models.PROTECT, null=True, blank=True, related_name="contacts")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="contacts")
    handover = models.ForeignKey(SocialCareHandover, models.PROTECT, null=True, blank=True, related_name="contacts")
    void_because = models.CharField(max_length=20, choices=VoidBecause, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contact_answered_says_who",
                condition=Q(status="received", answered_at=None, answered_by=None)
                | ~Q(status="received") & Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
            models.CheckConstraint(
                name="contact_converted_has_referral", condition=~Q(status="converted") | Q(referral__isnull=False)
            ),
            models.CheckConstraint(
                name="contact_linked_has_case", condition=~Q(status="linked") | Q(case__isnull=False)
            ),
            models.CheckConstraint(
                name="contact_handed_over_has_handover", condition=~Q(status="handed_over") | Q(handover__isnull=False)
            ),
            models.CheckConstraint(
                name="contact_void_says_why",
                condition=Q(status="void") & ~Q(void_because="") | ~Q(status="void") & Q(void_because=""),
            ),
            models.CheckConstraint(name="contact_says_something", condition=~Q(said="")),
            models.CheckConstraint(
                name="contact_by_somebody_or_a_check", condition=Q(author__isnull=False) | Q(channel="check")
            ),
        ]
        indexes = [
            models.Index("area", "received_at", name="contact_waiting", condition=Q(status="received")),
            models.Index("received_at", name="contact_anywhere", condition=Q(anywhere=True, status="received")),
            models.Index(fields=["area", "-answered_at", "-id"], name="contact_answered"),
            models.Index(fields=["author", "-received_at", "-id"], name="contact_author"),
            models.Index("family", "received_at", name="contact_family", condition=Q(family__isnull=False)),
            models.Index("born_on", "received_at", name="contact_born", condition=Q(born_on__isnull=False)),
            models.Index("caller_digits", "received_at", name="contact_phone", condition=~Q(caller_digits="")),
            models.Index("case", name="contact_case", condition=Q(case__isnull=False)),
            models.Index("referral", name="contact_referral", condition=Q(referral__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("referrals:contact", args=[self.reference])

    @property
    def colour(self) -> str:
        return CONTACT_COLOURS[ContactStatus(self.status)]

    @property
    def is_waiting(self) -> bool:
        return self.status == ContactStatus.RECEIVED

    @property
    def is_answered(self) -> bool:
        return self.status in CONTACT_ANSWERED

    @property
    def worrying(self) -> bool:
        """Somebody said, or could not rule out, that a person may be at risk."""
        return self.safeguarding in WORRYING

    @property
    def named(self) -> str:
        """Whom it is about, in the caller’s words."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def repeat(self) -> str:
        """“Third contact about this family in 60 days”: of one that was read with its repeats, and is not the first."""
        row: Any = self
        counts = (
            (row.same_family or 0, "about this family"),
            (row.same_person or 0, "about somebody of this name and date of birth"),
            (row.same_number or 0, "from this telephone number"),
        )
        before, what = max(counts, key=lambda each: each[0])
        return f"{ORDINALS.get(before + 1, f'No. {before + 1}:')} contact {what} in 60 days" if before else ""


class ContactDeadlineQuerySet(DeadlineQuerySet["ContactDeadline"]):
    rules = Through("owner")


class ContactDeadline(Deadline):
    RESTRICTED = Q(owner__family__restricted=True)

    owner = models.ForeignKey(Contact, models.PROTECT, related_name="deadlines")

    objects = ContactDeadlineQuerySet.as_manager()


class OfContactQuerySet(ScopedQuerySet[Any]):
    rules = Through("contact")


class Advice(models.Model):
    """What somebody was advised. Never altered: another follows it."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="advice")
    text = models.TextField("what was advised")
    follow_up_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfContactQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "advice"
        constraints = [models.CheckConstraint(name="advice_says_what", condition=~Q(text=""))]
        indexes = [models.Index(fields=["contact", "-at"], name="advice_contact")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"Advice, {self.contact}"


class Signpost(models.Model):
    """Which services somebody was pointed to, and why these (domain.md 4, system 4)."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="signposts")
    services = models.ManyToManyField(Service, related_name="+")
    elsewhere = models.CharField("another place", max_length=255, blank=True)
    reason = models.TextField()
    person_told = models.BooleanField()
    follow_up_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfContactQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="signpost_has_reason", condition=~Q(reason=""))]
        indexes = [models.Index(fields=["contact", "-at"], name="signpost_contact")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"Signpost, {self.contact}"


class ContactFollowUp(models.Model):
    """Somebody asked whether it helped, and may have offered again (domain.md R17)."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="follow_ups")
    result = models.CharField(max_length=20, choices=FollowUpResult)
    note = models.TextField()
    offer_again_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfContactQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="contact_follow_up_says_what", condition=~Q(note=""))]
        indexes = [models.Index(fields=["contact", "-at"], name="contact_follow_up")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"Follow-up, {self.contact}"


class ContactCorrection(models.Model):
    """One thing that had been written down wrong: what stood there, who put it right, when and why. Never altered itself."""

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="corrections")
    what = models.CharField(max_length=30, help_text="The field of the contact.")
    was = models.TextField(blank=True)
    became = models.TextField(blank=True)
    reason = models.TextField("what was wrong")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="correction_says_why", condition=~Q(reason="")),
            models.CheckConstraint(name="correction_changes_something", condition=~Q(was=F("became"))),
        ]
        indexes = [models.Index(fields=["contact", "-at"], name="contact_correction")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"Correction, {self.contact}"
