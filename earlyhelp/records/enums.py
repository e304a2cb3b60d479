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


class BlankingStatus(TextChoices):
    ASKED = "asked", "To decide"
    BLANKED = "blanked", "Taken out"
    LEFT = "left", "Left as they are"


BLANKING_COLOURS = {BlankingStatus.ASKED: "yellow", BlankingStatus.BLANKED: "green", BlankingStatus.LEFT: "grey"}


# --- subject access (UK GDPR Art 12 and 15; standards.md 14) ----------------------------------------------------------


class Asker(TextChoices):
    PERSON = "person", "The person themselves"
    PARENT = "parent", "A parent, for their child"
    AUTHORITY = "authority", "Somebody with authority, such as a solicitor or an attorney"


class AccessStatus(TextChoices):
    RECEIVED = "received", "Received"
    COLLECTING = "collecting", "Being collected and decided on"
    ASKED = "asked", "Waits for a second person"
    APPROVED = "approved", "Approved"
    HANDED_OVER = "handed_over", "Handed over"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


LIVE = (AccessStatus.RECEIVED, AccessStatus.COLLECTING, AccessStatus.ASKED, AccessStatus.APPROVED)
OPENED = (AccessStatus.COLLECTING, AccessStatus.ASKED, AccessStatus.APPROVED)  # something is collected
ACCESS_COLOURS = {
    AccessStatus.RECEIVED: "yellow",
    AccessStatus.COLLECTING: "blue",
    AccessStatus.ASKED: "orange",
    AccessStatus.APPROVED: "teal",
    AccessStatus.HANDED_OVER: "green",
    AccessStatus.REFUSED: "grey",
    AccessStatus.WITHDRAWN: "grey",
}


class Decision(TextChoices):
    """``UNDECIDED`` goes nowhere: nothing is chosen for what speaks of somebody else."""

    UNDECIDED = "undecided", "Not decided yet"
    DISCLOSE = "disclose", "Give it as it is"
    REDACT = "redact", "Give it with words struck out"
    WITHHOLD = "withhold", "Keep it back"


DECISION_COLOURS = {
    Decision.UNDECIDED: "orange",
    Decision.DISCLOSE: "green",
    Decision.REDACT: "yellow",
    Decision.WITHHOLD: "red",
}


class Code(TextChoices):
    """Why something is left out: paragraphs of the Data Protection Act 2018 (standards.md 14)."""

    THIRD_PARTY = "S2P3", "S2P3: somebody else’s rights"
    CRIME = "S2P1-2", "S2P1-2: crime"
    SERIOUS_HARM = "S3P3-11", "S3P3-11: serious harm, in social work data"
    COURT = "S3P3-9/10", "S3P3-9/10: given to a court, or against what was expected"
    PRIVILEGE = "LPP", "LPP: legal advice"


# As the person reads it.
IN_PLAIN_WORDS = {
    Code.THIRD_PARTY: "It tells something of another person, who has a right to privacy as well.",
    Code.CRIME: "Telling it could get in the way of preventing or looking into a crime.",
    Code.SERIOUS_HARM: "Telling it would probably cause serious harm to somebody’s health or safety.",
    Code.COURT: "It was given to a court, or by or about somebody who expected that it would not be told.",
    Code.PRIVILEGE: "It is advice from a lawyer, or was written for one.",
}
