"""The words for a hub and its meetings (domain.md 6.4, 6.7, 9)."""

from django.db.models import IntegerChoices, TextChoices


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


class ItemKind(TextChoices):
    """In the running order of domain.md 9.2."""

    NEW = "new", "New family"
    STEP_REQUEST = "step_request", "Step request"
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
    DecisionKind.NOTE: "Noted, with actions",
    DecisionKind.DEFER: "Deferred",
}

# What may be decided about each kind of item, short of deferring it.
DECIDES = {
    ItemKind.NEW: (DecisionKind.ALLOCATE, DecisionKind.RETURN_TO_ACCESS, DecisionKind.SIGNPOST, DecisionKind.HAND_OVER),
    ItemKind.STEP_REQUEST: (DecisionKind.APPROVE_STEP, DecisionKind.DECLINE_STEP),
    ItemKind.REVIEW_OVERDUE: (DecisionKind.NOTE,),
    ItemKind.CLOSURE: (DecisionKind.RATIFY_CLOSURE, DecisionKind.REFUSE_CLOSURE),
}


class StepStatus(TextChoices):
    SUBMITTED = "submitted", "Asked for"
    WITH_HUB = "with_hub", "On the hub’s agenda"
    APPROVED = "approved", "Approved, not yet in place"
    ENACTED = "enacted", "In place"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


UNDECIDED_STEP = (StepStatus.SUBMITTED, StepStatus.WITH_HUB)
LIVE_STEP = (*UNDECIDED_STEP, StepStatus.APPROVED)


class Agreement(TextChoices):
    AGREED = "agreed", "The family agrees"
    NOT_AGREED = "not_agreed", "The family does not agree"
    NOT_SOUGHT = "not_sought", "Not asked"


# How it reads beside a request which the family did not say yes to.
DOUBTS = {Agreement.NOT_AGREED: "Does not agree to the step", Agreement.NOT_SOUGHT: "Not asked about the step"}


class ActionStatus(TextChoices):
    OPEN = "open", "To do"
    DONE = "done", "Done"
