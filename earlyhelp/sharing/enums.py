"""What a person wishes their agencies to know, what for, and by which way it went (domain.md 16)."""

from __future__ import annotations

from django.db.models import TextChoices

from earlyhelp.families.enums import DECIDES_FROM as DECIDES_FROM
from earlyhelp.families.enums import AskedHow as AskedHow
from earlyhelp.families.enums import GivenBy as GivenBy


class Wish(TextChoices):
    ASKED = "asked", "Asked, no answer yet"
    GIVEN = "given", "Yes"
    LIMITED = "limited", "Yes, with limits"
    REFUSED = "refused", "No"
    WITHDRAWN = "withdrawn", "Taken back"


YES = (Wish.GIVEN, Wish.LIMITED)
NO = (Wish.REFUSED, Wish.WITHDRAWN)
WISH_COLOURS = {
    Wish.ASKED: "grey",
    Wish.GIVEN: "green",
    Wish.LIMITED: "yellow",
    Wish.REFUSED: "red",
    Wish.WITHDRAWN: "red",
}


class Whom(TextChoices):
    """How widely a wish reaches. The narrower one is the more exact: see ``deciding``."""

    AGENCY = "agency", "One agency"
    KIND = "kind", "Every agency of a kind"
    TEAM = "team", "Everyone in the team around the family"


class Purpose(TextChoices):
    HELP = "help", "Helping together: who does what"
    ASSESSMENT = "assessment", "Understanding what they need"
    REFERRAL = "referral", "Referring them on to a service"
    SAFEGUARDING = "safeguarding", "Somebody may be at risk of harm"
    CRIME = "crime", "To prevent or look into a crime"
    COURT = "court", "A court asks for it"
    STATUTORY = "statutory", "The law says that they must be told"


# These need nobody's yes: a reason, and whether the family was told, are written down instead (golden rule 3 of the advice).
OVERRIDES = (Purpose.SAFEGUARDING, Purpose.CRIME, Purpose.COURT, Purpose.STATUTORY)


class Say(TextChoices):
    ALLOW = "allow", "Yes"
    ALLOW_WITH_LIMITS = "allow_with_limits", "Yes, within limits"
    ASK = "ask", "Ask first"
    DENY = "deny", "No"


SAY_COLOURS = {Say.ALLOW: "green", Say.ALLOW_WITH_LIMITS: "yellow", Say.ASK: "orange", Say.DENY: "red"}


class Data(TextChoices):
    """What kind of thing was told: the words beside it say what exactly."""

    IDENTITY = "identity", "Who they are, and how to reach them"
    NEEDS = "needs", "What they need help with"
    ASSESSMENT = "assessment", "The assessment"
    PLAN = "plan", "The plan"
    CHRONOLOGY = "chronology", "What has happened"
    HEALTH = "health", "Health"
    CONCERN = "concern", "A worry that somebody is not safe"
    PROGRESS = "progress", "That help began, goes on, or ended"


class Way(TextChoices):
    COPY = "copy", "A copy"
    LETTER = "letter", "A letter"
    ONWARD = "onward", "A referral to a service"
    HANDOVER = "handover", "A hand-over to social care"
    QUESTION = "question", "A question to an agency"
    PHONE = "phone", "By telephone"
    FACE_TO_FACE = "face_to_face", "Face to face, or in a meeting"


BY_HAND = (Way.PHONE, Way.FACE_TO_FACE, Way.LETTER)  # those that somebody writes down afterwards


class Basis(TextChoices):
    """What allowed it."""

    PERMISSION = "permission", "Their wish, as it is written down"
    AGREED = "agreed", "Their yes to this one thing"
    REPLY = "reply", "It answers whoever told us of them"
    PUBLIC_TASK = "public_task", "Public task: the least that had to be said"
    OVERRIDE = "override", "No permission is needed for this"
    OWN = "own", "It is a copy of their own, with what they may not have left out"


class EndedBecause(TextChoices):
    RAN_OUT = "ran_out", "It was not renewed"
    LEFT = "left", "A party left the partnership"
    BREACH = "breach", "It was not kept"
    REPLACED = "replaced", "Another agreement takes its place"
    OTHER = "other", "Another reason"


class CopyStatus(TextChoices):
    DRAFT = "draft", "Being made"
    ASKED = "asked", "Waits for a second person"
    APPROVED = "approved", "Approved"
    MADE = "made", "Made"
    DROPPED = "dropped", "Not made"


UNMADE = (CopyStatus.DRAFT, CopyStatus.ASKED, CopyStatus.APPROVED)
COPY_COLOURS = {
    CopyStatus.DRAFT: "blue",
    CopyStatus.ASKED: "orange",
    CopyStatus.APPROVED: "teal",
    CopyStatus.MADE: "green",
    CopyStatus.DROPPED: "grey",
}
