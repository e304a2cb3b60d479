"""The words for a disagreement between professionals (domain.md 8.5)."""

from django.db.models import IntegerChoices, TextChoices


class About(TextChoices):
    """Which kind of decision somebody disagrees with."""

    TIER = "tier", "The tier"
    STEP = "step", "A step up or down, or that there was none"
    HANDOVER = "handover", "A hand-over to or from social care"


class Stage(IntegerChoices):
    """Who tries to settle it; each stage has two working days."""

    WORKERS = 1, "Stage 1: worker to worker"
    MANAGERS = 2, "Stage 2: managers"
    LEADERS = 3, "Stage 3: hub chair and head of service"
    PARTNERSHIP = 4, "Stage 4: safeguarding partnership"


class Status(TextChoices):
    OPEN = "open", "Open"
    RESOLVED = "resolved", "Resolved"


COLOURS = {Status.OPEN: "orange", Status.RESOLVED: "green"}
