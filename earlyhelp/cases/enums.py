"""The words for a case's life (domain.md 3.1, 6.5)."""

from django.db.models import IntegerChoices, TextChoices


class Tier(IntegerChoices):
    """The response the partnership gives; neither the level of need nor a legal status."""

    COMMUNITY = 0, "0 – Community"
    UNIVERSAL = 1, "1 – Universal"
    TARGETED = 2, "2 – Targeted"
    ENHANCED = 3, "3 – Enhanced"


class Status(TextChoices):
    AWAITING_DECISION = "awaiting_decision", "Waiting for the hub"
    OPENED = "opened", "Offered to a lead professional"
    ALLOCATED = "allocated", "Allocated"
    ASSESSING = "assessing", "Assessing"
    PLANNING = "planning", "Planning"
    SUPPORTED = "supported", "Supported"
    STEP_REQUESTED = "step_requested", "Step requested"
    CLOSING = "closing", "Closure proposed"
    CLOSED = "closed", "Closed"
    FOLLOW_UP = "follow_up", "Follow-up due"
    ENDED = "ended", "Ended"
    NOT_OPENED = "not_opened", "Not opened"


LED = (Status.ALLOCATED, Status.ASSESSING, Status.PLANNING, Status.SUPPORTED, Status.STEP_REQUESTED, Status.CLOSING)
OPEN = (Status.OPENED, *LED)
LIVE = (Status.AWAITING_DECISION, *OPEN)
OVER = (Status.CLOSED, Status.FOLLOW_UP, Status.ENDED, Status.NOT_OPENED)
EPISODE_OVER = (Status.CLOSED, Status.FOLLOW_UP, Status.ENDED)


class CaseKind(TextChoices):
    FAMILY = "family", "Family with children"
    ADULT = "adult", "Adult household"


class EndReason(TextChoices):
    OUTCOMES_MET = "outcomes_met", "Outcomes met"
    SINGLE_AGENCY = "single_agency", "One agency can carry on"
    STEPPED_DOWN_UNIVERSAL = "stepped_down_universal", "Stepped down to universal services"
    STEPPED_UP = "stepped_up", "Stepped up to social care"
    FAMILY_WITHDREW = "family_withdrew", "The family withdrew"
    UNABLE_TO_ENGAGE = "unable_to_engage", "Unable to engage the family"
    MOVED_AWAY = "moved_away", "Moved away"
    DIED = "died", "Died"
    OTHER = "other", "Other"


# The two other ends have ways of their own: social care has to accept first, and a family that says no needs no ratifying.
WORKED_TOWARDS = [reason for reason in EndReason if reason not in (EndReason.STEPPED_UP, EndReason.FAMILY_WITHDREW)]


class NotOpenedReason(TextChoices):
    RETURNED = "returned", "Returned to EH Access"
    SIGNPOSTED = "signposted", "Signposted"
    HANDED_OVER = "handed_over", "Handed over to social care"
    WITHDRAWN = "withdrawn", "Withdrawn"


class TeamRole(TextChoices):
    LEAD = "lead", "Lead professional"
    INTENSIVE = "intensive", "Intensive family worker"
    SPECIALIST = "specialist", "Specialist service"
    MEMBER = "member", "TAF member"
    FAMILY_NETWORK = "family_network", "Family or friend"


LEADING = (TeamRole.LEAD, TeamRole.INTENSIVE)


class AllocationStatus(TextChoices):
    OFFERED = "offered", "Offered"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Offer withdrawn"
    ENDED = "ended", "Ended"


class AllocationEnd(TextChoices):
    """Why somebody leads a family no longer (domain.md 6.5)."""

    MANAGE_CASELOAD = "manage_caseload", "They have too much on"
    LEFT_ROLE = "left_role", "They leave, or have left, their post"
    FAMILY_ASKED = "family_asked", "The family asks for somebody else"
    ABSENCE = "absence", "They are away for long"
    TIER_CHANGE = "tier_change", "The tier changed"
    CLOSED = "closed", "The case ended"
    SUCCEEDED = "succeeded", "Another leads: why was not asked"


HANDED_ON = [reason for reason in AllocationEnd if reason not in (AllocationEnd.CLOSED, AllocationEnd.SUCCEEDED)]


class Preference(TextChoices):
    """Was the family asked whom they would like (domain.md R5)?"""

    ASKED = "asked", "Asked"
    NOT_ASKED = "not_asked", "Not asked"


class FollowUpResult(TextChoices):
    SUSTAINED = "sustained", "The change has lasted"
    NOT_SUSTAINED = "not_sustained", "The change has not lasted"
    UNABLE_TO_CONTACT = "unable_to_contact", "Unable to contact"
    DECLINED = "declined", "The family declined"


class EmergencyStatus(TextChoices):
    """Of an access in an emergency, once somebody else has weighed it (promise P6)."""

    OPEN = "open", "To be weighed"
    RIGHT = "right", "It was right"
    WRONG = "wrong", "It was not right"
