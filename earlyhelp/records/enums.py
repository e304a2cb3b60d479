"""How long what is kept, and what becomes of it (domain.md 16)."""

from django.db.models import TextChoices


class RecordClass(TextChoices):
    CHILDREN = "children", "Early help for a family with children"
    ADULTS = "adults", "Early help for grown-ups only"
    CONTACT = "contact", "A contact or referral that led to no early help"


class Status(TextChoices):
    DUE = "due", "Due: to be reviewed"
    PROPOSED = "proposed", "Proposed: a second person decides"
    KEPT = "kept", "Kept longer"
    DISPOSED = "disposed", "Destroyed"


OPEN = (Status.DUE, Status.PROPOSED)
COLOURS = {Status.DUE: "yellow", Status.PROPOSED: "orange", Status.KEPT: "blue", Status.DISPOSED: "grey"}
