"""The words for a hub and its meetings (domain.md 6.4, 6.7, 9)."""

from django.db.models import IntegerChoices, TextChoices

from earlyhelp.directory.enums import Need


class Weekday(IntegerChoices):
    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"


class WhichWeek(IntegerChoices):
    FIRST = 1, "First"
    SECOND = 2, "Second"
    THIRD = 3, "Third"
    FOURTH = 4, "Fourth"


class Cadence(TextChoices):
    WEEKLY = "weekly", "Every week"
    FORTNIGHTLY = "fortnightly", "Every two weeks"
    MONTHLY = "monthly", "Every month"


class MeetingStatus(TextChoices):
    DRAFT = "draft", "Agenda being made"
    PUBLISHED = "published", "Papers are out"
    IN_MEETING = "in_meeting", "In meeting"
    CLOSED = "closed", "Closed"


TO_COME = (MeetingStatus.DRAFT, MeetingStatus.PUBLISHED)
SHOWN_TO_MEMBERS = (MeetingStatus.PUBLISHED, MeetingStatus.IN_MEETING, MeetingStatus.CLOSED)


class Presence(TextChoices):
    PRESENT = "present", "Present"
    APOLOGIES = "apologies", "Sent apologies"
    ABSENT = "absent", "Absent"


class ConflictStatus(TextChoices):
    """Of an interest in a family that somebody at the hub declared."""

    STANDING = "standing", "Declared"
    DOUBTED = "doubted", "Said to be a mistake"
    TAKEN_BACK = "taken_back", "Taken back"


# It hides the family until a second person has confirmed that it was a mistake.
HIDES = (ConflictStatus.STANDING, ConflictStatus.DOUBTED)


class ItemKind(TextChoices):
    """In the running order of domain.md 9.2."""

    NEW = "new", "New family"
    STEP_REQUEST = "step_request", "Step request"
    BLOCKAGE = "blockage", "Blockage"
    HANDOVER = "handover", "Handed over to social care, to note"
    REVIEW_OVERDUE = "review_overdue", "Review overdue"
    CLOSURE = "closure", "Closure to ratify"


RUNNING_ORDER = tuple(ItemKind)


class ItemStatus(TextChoices):
    QUEUED = "queued", "Waiting for a meeting"
    SCHEDULED = "scheduled", "On the agenda"
    DISCUSSED = "discussed", "Parked"
    DEFERRED = "deferred", "Deferred"
    DECIDED = "decided", "Decided"
    DECIDED_OUT_OF_MEETING = "decided_out_of_meeting", "Decided by chair’s action"
    REMOVED = "removed", "Removed"


LIVE_ITEM = (ItemStatus.QUEUED, ItemStatus.SCHEDULED, ItemStatus.DISCUSSED, ItemStatus.DEFERRED)
ON_AGENDA = (ItemStatus.SCHEDULED, ItemStatus.DISCUSSED, ItemStatus.DEFERRED)
DONE_ITEM = (ItemStatus.DECIDED, ItemStatus.DECIDED_OUT_OF_MEETING)


class DecisionKind(TextChoices):
    ALLOCATE = "allocate", "Allocate"
    APPROVE_STEP = "approve_step", "Approve the step"
    DECLINE_STEP = "decline_step", "Decline the step"
    RETURN_TO_ACCESS = "return_to_access", "Return to EH Access"
    SIGNPOST = "signpost", "Signpost"
    HAND_OVER = "hand_over", "Hand over to social care"
    RATIFY_CLOSURE = "ratify_closure", "Ratify the closure"
    REFUSE_CLOSURE = "refuse_closure", "Do not agree to the closure"
    UNBLOCK = "unblock", "Unblock: somebody does it, by a day"
    NOTE = "note", "Note, with actions"
    DEFER = "defer", "Defer to the next meeting"


# How a decision reads once it is made.
DECIDED_AS = {
    DecisionKind.ALLOCATE: "Allocated",
    DecisionKind.APPROVE_STEP: "Step approved",
    DecisionKind.DECLINE_STEP: "Step declined",
    DecisionKind.RETURN_TO_ACCESS: "Returned to EH Access",
    DecisionKind.SIGNPOST: "Signposted",
    DecisionKind.HAND_OVER: "Handed over to social care",
    DecisionKind.RATIFY_CLOSURE: "Closure ratified",
    DecisionKind.REFUSE_CLOSURE: "Closure not agreed",
    DecisionKind.UNBLOCK: "To be unblocked",
    DecisionKind.NOTE: "Noted, with actions",
    DecisionKind.DEFER: "Deferred",
}

# What may be decided about each kind of item, short of deferring it.
DECIDES = {
    ItemKind.NEW: (DecisionKind.ALLOCATE, DecisionKind.RETURN_TO_ACCESS, DecisionKind.SIGNPOST, DecisionKind.HAND_OVER),
    ItemKind.STEP_REQUEST: (DecisionKind.APPROVE_STEP, DecisionKind.DECLINE_STEP),
    ItemKind.BLOCKAGE: (DecisionKind.UNBLOCK, DecisionKind.NOTE),
    ItemKind.HANDOVER: (DecisionKind.NOTE,),  # nothing waited for it (domain.md 8.1, U3 and U4)
    ItemKind.REVIEW_OVERDUE: (DecisionKind.NOTE,),
    ItemKind.CLOSURE: (DecisionKind.RATIFY_CLOSURE, DecisionKind.REFUSE_CLOSURE),
}


class AnswerStatus(TextChoices):
    """Of what a chair asks another agency to agree to, between two meetings."""

    ASKED = "asked", "Asked"
    AGREED = "agreed", "Agreed"
    NOT_AGREED = "not_agreed", "Did not agree"


class StepStatus(TextChoices):
    SUBMITTED = "submitted", "Asked for"
    WITH_ACCESS = "with_access", "At the front door, to be checked"
    WITH_HUB = "with_hub", "On the hub’s agenda"
    APPROVED = "approved", "Approved, not yet in place"
    ENACTED = "enacted", "In place"
    DECLINED = "declined", "Declined"
    RETURNED = "returned", "Sent back to the lead"
    WITHDRAWN = "withdrawn", "Withdrawn"


BEFORE_THE_HUB = (StepStatus.SUBMITTED, StepStatus.WITH_ACCESS)
UNDECIDED_STEP = (*BEFORE_THE_HUB, StepStatus.WITH_HUB)
LIVE_STEP = (*UNDECIDED_STEP, StepStatus.APPROVED)


class Agreement(TextChoices):
    AGREED = "agreed", "The family agrees"
    NOT_AGREED = "not_agreed", "The family does not agree"
    NOT_SOUGHT = "not_sought", "Not asked"


# How it reads beside a request which the family did not say yes to.
DOUBTS = {Agreement.NOT_AGREED: "Does not agree to the step", Agreement.NOT_SOUGHT: "Not asked about the step"}


class Readiness(TextChoices):
    """What whoever was named to lead after a step says to it."""

    YES = "yes", "Yes, I am ready to lead"
    NO = "no", "No, I cannot"


class BlockageStatus(TextChoices):
    """Of what stops the progress of a case (domain.md 6.10)."""

    RAISED = "raised", "Raised"
    OWNED = "owned", "Somebody is on it"
    ESCALATED = "escalated", "Taken further"
    RESOLVED = "resolved", "Resolved"


OPEN_BLOCKAGE = (BlockageStatus.RAISED, BlockageStatus.OWNED, BlockageStatus.ESCALATED)
BLOCKAGE_COLOURS = {
    BlockageStatus.RAISED: "red",
    BlockageStatus.OWNED: "blue",
    BlockageStatus.ESCALATED: "orange",
    BlockageStatus.RESOLVED: "green",
}


class Level(IntegerChoices):
    """Who is to unpick a blockage: each asks the next when it cannot."""

    TEAM = 1, "The team around the family"
    HUB = 2, "The hub"
    MANAGERS = 3, "Service managers"


class Lacking(TextChoices):
    """What nobody here can give, where the headings of an assessment are too wide to plan by (domain.md 15.4)."""

    AUTISM = "autism", "Support with autism"
    ADHD = "adhd", "Support with ADHD"
    SPEECH = "speech", "Speech and language"
    ANXIETY = "anxiety", "Anxiety, and being away from school"
    CARERS = "carers", "Support for carers and young carers"
    TRANSPORT = "transport", "Transport"
    LANGUAGE = "language", "Help in another language"


# What a gap may be in: what is named most often first, then the headings.
GAP_NEEDS = [*Lacking.choices, *Need.choices]


class TrendKind(TextChoices):
    """What a local forum tells the hub (domain.md R12)."""

    TREND = "trend", "A need that grows"
    GAP = "gap", "A need that nobody here can meet"


class Band(TextChoices):
    """How many families, told so that nobody can be picked out."""

    FEW = "few", "Fewer than 5"
    SOME = "some", "5 to 9"
    MANY = "many", "10 to 19"
    MOST = "most", "20 or more"
    UNKNOWN = "unknown", "Not known"


class ReportStatus(TextChoices):
    REPORTED = "reported", "Told to the hub"
    ANSWERED = "answered", "Answered by the hub"


class ActionStatus(TextChoices):
    OPEN = "open", "To do"
    DONE = "done", "Done"


class OfferStatus(TextChoices):
    """Of a service that the hub named. That it was offered, and to whom, is said by the referral to it."""

    OPEN = "open", "To be offered"
    DECLINED = "declined", "They said no"
    NOT_OFFERED = "not_offered", "Not offered"


OFFER_COLOURS = {OfferStatus.OPEN: "yellow", OfferStatus.DECLINED: "grey", OfferStatus.NOT_OFFERED: "grey"}
