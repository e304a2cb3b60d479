"""What is told, how it reaches a person, and what became of it."""

from django.db.models import TextChoices


class Kind(TextChoices):
    REMINDER = "reminder", "Reminder"
    REQUEST = "request", "Something is asked of you"
    DECISION = "decision", "A decision was made"
    HANDOVER = "handover", "Hand-over to social care"
    EMERGENCY = "emergency", "An access in an emergency"
    NEWS = "news", "For your information"


class How(TextChoices):
    """How a notice reaches a person besides the page, on which every one of them stands."""

    AT_ONCE = "at_once", "E-mail at once"
    DIGEST = "digest", "In the daily e-mail"
    PAGE = "page", "On the page only"


class Delivery(TextChoices):
    """What became of a message, as far as we were told."""

    OWED = "owed", "Not sent yet"
    ACCEPTED = "accepted", "Sent"
    DELIVERED = "delivered", "Delivered"
    TEMPORARY = "temporary", "Not delivered yet: it is tried again"
    PERMANENT = "permanent", "Came back: the address does not work"
    LOST = "lost", "It did not arrive"
