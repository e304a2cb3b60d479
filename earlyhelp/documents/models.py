"""A document in a family's record: what it is, where it stands, who may see it. Its bytes lie in the store (``storing``)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from earlyhelp.core.access import ScopedQuerySet
from earlyhelp.core.history import tracked
from earlyhelp.documents import access
from earlyhelp.documents.enums import ENDING, TYPES, WAITING, DocumentKind, DocumentStatus, Format, Visibility
from earlyhelp.families.models import Family, Person
from earlyhelp.partnership.models import Agency
from earlyhelp.workflow.models import Versioned


class DocumentQuerySet(ScopedQuerySet["Document"]):
    rules = access.DOCUMENT_RULES

    def held(self) -> DocumentQuerySet:
        return self.filter(status=DocumentStatus.HELD)

    def withdrawn(self) -> DocumentQuerySet:
        return self.filter(status=DocumentStatus.WITHDRAWN)

    def to_look_at(self, now: datetime) -> DocumentQuerySet:
        return self.filter(look_again_at__lte=now).order_by("look_again_at", "pk")

    def waiting_since(self, moment: datetime) -> DocumentQuerySet:
        return self.filter(look_again_at__isnull=False, uploaded_at__lt=moment)


@tracked(exclude=["look_again_at", "attempts"])
class Document(Versioned):
    """Nobody opens it before it is available. The file's own name is never kept: it may say more than its sender meant."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="documents")
    about = models.ManyToManyField(Person, blank=True, related_name="+", verbose_name="who it is about")
    title = models.CharField(max_length=120)
    kind = models.CharField("what it is", max_length=20, choices=DocumentKind)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", help_text="Theirs on that day."
    )
    uploaded_at = models.DateTimeField()
    format = models.CharField(max_length=10, choices=Format)
    blob = models.CharField(max_length=80, blank=True, editable=False, help_text="Its random name in the store.")
    size = models.PositiveIntegerField(help_text="Bytes, of what is in the store.")
    sha256 = models.CharField(max_length=64, help_text="Of what is in the store.")
    visibility = models.CharField("who may see it", max_length=10, choices=Visibility)
    readers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="DocumentReader", blank=True, related_name="+", verbose_name="who is named"
    )
    status = models.CharField(max_length=10, choices=DocumentStatus, default=DocumentStatus.RECEIVED, editable=False)
    available_at = models.DateTimeField(null=True, blank=True, editable=False)
    held_because = models.TextField(blank=True, editable=False)
    held_for_good = models.BooleanField(default=False, editable=False, help_text="Nobody can release it.")
    note = models.TextField("what the governance lead said", blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_because = models.TextField(blank=True, editable=False)
    look_again_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When a sweep looks at it next; a sweep that does claims it so.",
    )
    attempts = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="Sweeps that began and never ended."
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["family", "-uploaded_at"], name="document_family"),
            models.Index("look_again_at", name="document_look", condition=Q(look_again_at__isnull=False)),
            models.Index("family", name="document_held", condition=Q(status="held")),
        ]
        constraints = [
            models.CheckConstraint(
                name="document_looked_at_while_it_waits",
                condition=Q(look_again_at__isnull=False, status__in=WAITING)
                | Q(look_again_at__isnull=True) & ~Q(status__in=WAITING),
            ),
            models.CheckConstraint(name="document_held_says_why", condition=~Q(status="held") | ~Q(held_because="")),
            models.CheckConstraint(
                name="document_available_since", condition=~Q(status="available") | Q(available_at__isnull=False)
            ),
            models.CheckConstraint(
                name="document_refused_is_gone",
                condition=Q(status="refused", blob="", decided_at__isnull=False) | ~Q(status="refused") & ~Q(blob=""),
            ),
            models.CheckConstraint(
                name="document_withdrawn_says_why", condition=~Q(status="withdrawn") | ~Q(withdrawn_because="")
            ),
            models.CheckConstraint(
                name="document_of_an_agency", condition=~Q(visibility="agency") | Q(agency__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Document {self.pk}"  # never its title: this string reaches logs

    def get_absolute_url(self) -> str:
        return reverse("documents:of_family", args=[self.family.reference])

    @property
    def content_type(self) -> str:
        return TYPES[Format(self.format)]

    @property
    def file_name(self) -> str:
        """What it is called where it is saved: our own reference and nothing of the family, on whoever's computer that is."""
        return f"{self.family.reference.lower()}-document-{self.pk}.{ENDING[Format(self.format)]}"

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING


@tracked()
class DocumentReader(models.Model):
    """One of those who alone may see a document; whoever put it there sees it anyway."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="named")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("document", "user", name="document_reader_once")]

    def __str__(self) -> str:
        return f"{self.user} reads {self.document}"


class Leaving(models.Model):
    """Bytes that are to go from the store. Written with whatever makes them needless; a sweep deletes them, and then this."""

    blob = models.CharField(max_length=80, unique=True)
    since = models.DateTimeField()

    class Meta:
        verbose_name_plural = "leaving"

    def __str__(self) -> str:
        return self.blob
