"""The outbox. A notice on the page *is* the row; its e-mail is a second stage that can wait for a broker or a mail server.

No notice carries a name, a reason or a fact of a case: a few words, a reference and a link (domain.md 7).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from earlyhelp.core.history import tracked
from earlyhelp.core.sealing import SealedField
from earlyhelp.notices.enums import Delivery, How, Kind
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.scope import scope_part


class MessageQuerySet(models.QuerySet["Message"]):
    def to_ask_about(self, now) -> MessageQuerySet:
        """Taken by a service that says later what became of it, and time to ask again."""
        return self.filter(status=Delivery.ACCEPTED, ask_after__lte=now).order_by("ask_after", "pk")


class Message(models.Model):
    """One e-mail: an urgent notice, or a person's digest of a day. Its key makes that one, and is its identity on the way."""

    key = models.CharField(max_length=80, unique=True)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages")
    address = models.EmailField(help_text="Where it went; the person's may have changed since.")
    status = models.CharField(max_length=20, choices=Delivery)
    status_at = models.DateTimeField()
    taken_as = models.CharField(max_length=80, blank=True, help_text="The sending service's own name for it.")
    ask_after = models.DateTimeField(null=True, blank=True, help_text="When to ask the service what became of it.")
    asked = models.PositiveSmallIntegerField(default=0)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_asked_about_while_accepted",
                condition=Q(ask_after=None) | (Q(status=Delivery.ACCEPTED) & ~Q(taken_as="")),
            ),
        ]
        indexes = [models.Index("ask_after", "id", name="message_to_ask", condition=Q(ask_after__isnull=False))]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_status_display()}"


class FailedAddressQuerySet(models.QuerySet["FailedAddress"]):
    def standing(self) -> FailedAddressQuerySet:
        """The account has had no other since. Who has left needs none."""
        return self.filter(address=F("user__email"), user__is_active=True)

    def looked_after_by(self, user) -> FailedAddressQuerySet:
        """A team's manager looks after their people's; the system administrator after everybody's."""
        if user.scope.holds(Role.SYSTEM_ADMIN):
            return self
        return self.filter(user__team__in=user.scope.teams(Role.TEAM_MANAGER))


@tracked()
class FailedAddress(models.Model):
    """An address from which messages come back: nothing is sent to it until the account has another, or it is tried again."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="failed_address")
    address = models.EmailField()
    since = models.DateTimeField()

    objects = FailedAddressQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-since", "-id"], name="failed_address_since")]
        verbose_name_plural = "failed addresses"

    def __str__(self) -> str:
        return f"{self.user}, since {self.since:%Y-%m-%d}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)

    def owed(self) -> NoticeQuerySet:
        """Not sent, not read on the page meanwhile, and to somebody who is here and has an address that works."""
        failed = FailedAddress.objects.filter(user=models.OuterRef("to"), address=models.OuterRef("to__email"))
        mine = self.unread().filter(emailed_at=None, email_after__isnull=False, to__is_active=True)
        return mine.exclude(to__email="").exclude(models.Exists(failed))

    def to_email(self, now) -> NoticeQuerySet:
        """Owed by e-mail, now."""
        return self.owed().filter(email_after__lte=now)


class Notice(models.Model):
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=120)
    reference = models.CharField(max_length=40, blank=True)
    url = models.CharField(max_length=200)
    key = models.CharField(max_length=120, help_text="What this tells of: told to each person once.")
    urgent = models.BooleanField(default=False, help_text="E-mailed at once, whatever the person has chosen.")
    how = models.CharField(max_length=20, choices=How, default=How.DIGEST)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    email_after = models.DateTimeField(null=True, blank=True, help_text="Nothing, where it is on the page only.")
    emailed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="notices", db_index=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("key", "to", name="notice_once"),
            models.CheckConstraint(name="notice_urgent_at_once", condition=Q(urgent=False) | Q(how=How.AT_ONCE)),
            models.CheckConstraint(
                name="notice_on_page_only_is_not_emailed",
                condition=Q(how=How.PAGE, email_after=None) | (~Q(how=How.PAGE) & Q(email_after__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                F("urgent").desc(),
                "how",
                "email_after",
                "id",
                name="notice_to_email",
                condition=Q(emailed_at=None, read_at=None),
            ),
            models.Index(fields=["to", "-created_at", "-id"], name="notice_of_person"),
            models.Index("to", name="notice_unread", condition=Q(read_at=None)),
            models.Index("message", name="notice_of_message", condition=Q(message__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.reference}".strip()


ALARMS = (Kind.HANDOVER, Kind.EMERGENCY)  # they never wait, nor may anybody choose otherwise (domain.md 7)


@tracked()
class Preference(models.Model):
    """How one person wants to hear of one kind. Who has chosen nothing hears in the daily e-mail."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preferences")
    kind = models.CharField(max_length=20, choices=Kind)
    how = models.CharField(max_length=20, choices=How)

    class Meta:
        constraints = [
            models.UniqueConstraint("user", "kind", name="preference_once_a_kind"),
            models.CheckConstraint(
                name="preference_never_silences_handovers",
                condition=~Q(kind__in=ALARMS) | Q(how=How.AT_ONCE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}, {self.get_how_display()}"


class LetterQuerySet(models.QuerySet["Letter"]):
    def to_ask_about(self, now) -> LetterQuerySet:
        """As of messages."""
        return self.filter(status=Delivery.ACCEPTED, ask_after__lte=now).order_by("ask_after", "pk")

    def owed(self) -> LetterQuerySet:
        return self.filter(sent_at=None, failed_at=None)

    def to_send(self, now) -> LetterQuerySet:
        return self.owed().filter(send_after__lte=now).order_by("send_after", "pk")


class Letter(models.Model):
    """An e-mail to an address that is nobody's who signs in: a service outside. Its text is sealed until it has gone.

    It may hold what opens a page, and nothing of any person. Of one that has gone only that it went is kept.
    """

    key = models.CharField(max_length=80, unique=True)
    address = models.EmailField()
    subject = models.CharField(max_length=120)
    sealed = SealedField(blank=True)
    told_if_it_fails = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", help_text="Who hears if it cannot be delivered."
    )
    reference = models.CharField(max_length=40)
    url = models.CharField(max_length=200, help_text="Where whoever hears of it finds what it was about.")
    created_at = models.DateTimeField()
    send_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=20, choices=Delivery, default=Delivery.OWED)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    taken_as = models.CharField(max_length=80, blank=True, help_text="The sending service's own name for it.")
    ask_after = models.DateTimeField(null=True, blank=True, help_text="When to ask the service what became of it.")
    asked = models.PositiveSmallIntegerField(default=0)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="letter_emptied_when_gone", condition=Q(sent_at=None, failed_at=None) | Q(sealed=b"")
            ),
            models.CheckConstraint(name="letter_went_or_failed", condition=Q(sent_at=None) | Q(failed_at=None)),
            models.CheckConstraint(
                name="letter_asked_about_while_accepted",
                condition=Q(ask_after=None) | (Q(status=Delivery.ACCEPTED) & ~Q(taken_as="")),
            ),
        ]
        indexes = [
            models.Index("ask_after", "id", name="letter_to_ask", condition=Q(ask_after__isnull=False)),
            models.Index(fields=["reference", "-id"], name="letter_reference"),
            models.Index("send_after", "id", name="letter_to_send", condition=Q(sent_at=None, failed_at=None)),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def status_at(self) -> Any:
        return self.sent_at

    @property
    def binding(self) -> str:
        return f"letter:{self.key}"


class Heartbeat(models.Model):
    """When scheduled work last ran. If the machinery stops, it is seen here and people are told (promise P9)."""

    SCHEDULER = "scheduler"

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


@scope_part("unread")
def _unread() -> models.Subquery:
    mine = Notice.objects.unread().filter(to=models.OuterRef("pk")).order_by().values("to")
    return models.Subquery(mine.annotate(n=models.Count("pk")).values("n"))
