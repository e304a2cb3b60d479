"""The words of assessment, plan, meeting and review (domain.md 6.6, 6.8, 6.10, 10)."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices

from earlyhelp.cases.enums import CaseKind
from earlyhelp.directory.models import Need


class AssessmentStatus(TextChoices):
    DRAFT = "draft", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    AWAITING_FAMILY = "awaiting_family", "With the family"
    COMPLETED = "completed", "Completed"
    SIGNED_OFF = "signed_off", "Signed off"
    SUPERSEDED = "superseded", "Replaced by a newer one"
    ABANDONED = "abandoned", "Abandoned"


WRITABLE = (AssessmentStatus.DRAFT, AssessmentStatus.IN_PROGRESS, AssessmentStatus.AWAITING_FAMILY)
STANDING = (AssessmentStatus.COMPLETED, AssessmentStatus.SIGNED_OFF)


class HasCopy(TextChoices):
    YES = "yes", "Yes, they have a copy"
    DECLINED = "declined", "No, they did not want one"
    NOT_YET = "not_yet", "Not yet: I will give it to them"


class Reading(IntegerChoices):
    """Our own instrument, in our own words (domain.md 10): how it is for the family under one heading."""

    VERY_HARD = 0, "0 – Very hard: it spoils every day and nothing has helped"
    HARD = 1, "1 – Hard: we know it has to change and want help"
    TRYING = 2, "2 – Trying: some days are better, with a lot of help"
    MOSTLY_WELL = 3, "3 – Mostly well: we manage, with a little help"
    WELL = 4, "4 – Well: we manage this ourselves"


class VoiceHow(TextChoices):
    WORDS = "words", "In their own words"
    DRAWING = "drawing", "By drawing or play"
    OBSERVATION = "observation", "By watching and listening, for a child too young to say"


class SaidBy(TextChoices):
    PERSON = "person", "Somebody who was helped"
    FAMILY = "family", "A relative of somebody who was helped"
    PROFESSIONAL = "professional", "A professional"


class Quoting(TextChoices):
    """What whoever said it allows to be done with their words."""

    NAMED = "named", "Yes, with the name that they give"
    ANONYMOUS = "anonymous", "Yes, without any name"
    NO = "no", "No"


class ActionStatus(TextChoices):
    OPEN = "open", "To do"
    IN_PROGRESS = "in_progress", "Under way"
    DONE = "done", "Done"
    NOT_DONE = "not_done", "Not done"
    CANCELLED = "cancelled", "Cancelled"


UNFINISHED = (ActionStatus.OPEN, ActionStatus.IN_PROGRESS)


class PlanStatus(TextChoices):
    DRAFT = "draft", "Not agreed yet"
    AGREED = "agreed", "Agreed with the family"


class MeetingStatus(TextChoices):
    PLANNED = "planned", "Planned"
    INVITED = "invited", "Invitations sent"
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"
    NOT_QUORATE = "not_quorate", "Too few came"


AHEAD = (MeetingStatus.PLANNED, MeetingStatus.INVITED)


class Risk(TextChoices):
    LOWER = "lower", "Lower than last time"
    UNCHANGED = "unchanged", "Unchanged"
    HIGHER = "higher", "Higher than last time"


class RiskKind(TextChoices):
    """What may happen to somebody, in our own words."""

    DOMESTIC_ABUSE = "domestic_abuse", "Abuse by a partner, a former partner or a relative"
    CHILD_HURT = "child_hurt", "A child who is hurt or frightened"
    NOT_CARED_FOR = "not_cared_for", "Somebody who is not looked after"
    EXPLOITED = "exploited", "Somebody who is used by others, in person or online"
    SELF_HARM = "self_harm", "Self-harm, or thoughts of ending one’s life"
    SUBSTANCES = "substances", "Alcohol or drugs"
    THREATS = "threats", "Threats or violence from outside the family"
    HOME = "home", "An unsafe home, or losing it"
    HEALTH = "health", "Health that gets worse"
    OTHER = "other", "Something else"


class RiskLevel(TextChoices):
    LOW = "low", "Low: it is not likely, or would do little harm"
    MEDIUM = "medium", "Medium: it is likely, or would do real harm"
    HIGH = "high", "High: it is likely and would do real harm"

    @property
    def word(self) -> str:
        return self.label.partition(":")[0]


class RiskResponse(TextChoices):
    """What is decided at each look (domain.md 4, system 17)."""

    MANAGE = "manage", "We manage it, with what is written here"
    STEP_UP = "step_up", "It needs more: ask the hub for a step up"
    HAND_OVER = "hand_over", "Hand over to social care now"


class RiskStatus(TextChoices):
    OPEN = "open", "Kept an eye on"
    OVER = "over", "Over"
    PASSED_ON = "passed_on", "Somebody else keeps an eye on it"


LOOK_AGAIN = {RiskLevel.HIGH: "D_RISK_HIGH", RiskLevel.MEDIUM: "D_RISK_MEDIUM", RiskLevel.LOW: "D_RISK_LOW"}


class AtHome(TextChoices):
    """Whether its owner can keep a safety plan: on paper or a telephone that somebody else finds, it is a danger itself."""

    KEEPS = "keeps", "Yes, they keep a copy where it is safe"
    DECLINED = "declined", "They do not want one"
    NOT_SAFE = "not_safe", "No: it is not safe for them to have one"


class ReviewDecision(TextChoices):
    CONTINUE = "continue", "Continue with the plan as it is"
    CHANGE_PLAN = "change_plan", "Change the plan"
    STEP_UP = "step_up", "Ask the hub for a step up"
    STEP_DOWN = "step_down", "Ask the hub for a step down"
    CHANGE_LEAD = "change_lead", "Ask for another lead professional"
    CLOSE = "close", "Close the case"


FINAL = (ReviewDecision.CLOSE, ReviewDecision.STEP_DOWN)
PROGRAMME_NEEDS = 3  # headline needs at completion from which a family may count for the programme (domain.md 10)


def headings(kind: str) -> list[Need]:
    """The headings of an assessment: the ten national ones, or for adults the same less two plus connection."""
    if kind == CaseKind.ADULT:
        return [need for need in Need if need not in (Need.EDUCATION, Need.EARLY_YEARS)]
    return [need for need in Need if need != Need.CONNECTION]
