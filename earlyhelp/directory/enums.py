"""What services help with, and where somebody who is referred to one stands (domain.md 6.10 and 10)."""

from __future__ import annotations

from django.db import models

from earlyhelp.sharing.enums import (
    AskedHow as AskedHow,
)  # who said yes and how is asked alike wherever somebody is asked
from earlyhelp.sharing.enums import GivenBy as GivenBy


class Need(models.TextChoices):
    """What a service helps with: the ten headings of an early help assessment, and connection (domain.md 10)."""

    EDUCATION = "education", "Getting a good education"
    EARLY_YEARS = "early_years", "Good early years development"
    HEALTH = "health", "Mental and physical health"
    SUBSTANCES = "substances", "Alcohol and drugs"
    RELATIONSHIPS = "relationships", "Family relationships"
    SAFETY = "safety", "Safe from abuse and exploitation"
    CRIME = "crime", "Crime and anti-social behaviour"
    DOMESTIC_ABUSE = "domestic_abuse", "Safe from domestic abuse"
    HOUSING = "housing", "Secure housing"
    MONEY = "money", "Financial stability"
    CONNECTION = "connection", "Connection and purpose"


class ServiceStatus(models.TextChoices):
    """As Open Referral UK names them. One that is withdrawn stays: referrals and old plans lead to it."""

    ACTIVE = "active", "Running"
    DEFUNCT = "defunct", "Withdrawn"


class CorrectionStatus(models.TextChoices):
    """What became of a correction that somebody proposed."""

    OPEN = "open", "Not looked at yet"
    DONE = "done", "Put right"
    LEFT = "left", "Left as it is"


class OnwardStatus(models.TextChoices):
    PROPOSED = "proposed", "Suggested"
    PERMITTED = "permitted", "Agreed, not sent"
    REFUSED = "refused", "They said no"
    NOT_NOW = "not_now", "Not now"
    SENT = "sent", "Sent"
    RECEIVED = "received", "Read by the service"
    ACCEPTED = "accepted", "Accepted"
    RETURNED = "returned", "Returned"
    STARTED = "started", "Started"
    COMPLETED = "completed", "Completed"
    DROPPED_OUT = "dropped_out", "Dropped out"
    DID_NOT_ATTEND = "did_not_attend", "Did not attend"
    OUTCOME_RECORDED = "outcome_recorded", "Outcome recorded"
    WITHDRAWN = "withdrawn", "Withdrawn"


S = OnwardStatus
ASKING = (S.PROPOSED, S.PERMITTED)  # between the worker and the person; the service knows nothing yet
WAITING = (S.SENT, S.RECEIVED)  # for the service's answer
TAKEN = (S.ACCEPTED, S.STARTED)
LIVE = (*ASKING, *WAITING, *TAKEN)
ENDED = (S.COMPLETED, S.DROPPED_OUT, S.DID_NOT_ATTEND)  # as the service tells it; then perhaps what came of it
HAD_AN_ENDING = (*ENDED, S.OUTCOME_RECORDED)
NOT_AGREED = (S.REFUSED, S.NOT_NOW)
WITH_SERVICE = (*WAITING, *TAKEN, S.RETURNED, *HAD_AN_ENDING)
COLOURS = {
    S.PROPOSED: "grey",
    S.PERMITTED: "blue",
    S.REFUSED: "grey",
    S.NOT_NOW: "grey",
    S.SENT: "blue",
    S.RECEIVED: "blue",
    S.ACCEPTED: "teal",
    S.RETURNED: "orange",
    S.STARTED: "teal",
    S.COMPLETED: "green",
    S.DROPPED_OUT: "yellow",
    S.DID_NOT_ATTEND: "yellow",
    S.OUTCOME_RECORDED: "green",
    S.WITHDRAWN: "grey",
}


class Occasion(models.IntegerChoices):
    """On which a service is written to: each once, unless somebody sends the link again."""

    REFERRED = 0, "Somebody was referred to it"
    NEARS = 1, "The time to answer nears"
    PASSED = 2, "The time to answer is over"


class ReturnReason(models.TextChoices):
    NOT_FOR_THEM = "not_for_them", "We are not the right service for this"
    FULL = "full", "We have no place soon enough"
    AREA_OR_AGE = "area_or_age", "They live outside our area, or are not of the age we help"
    NOT_REACHED = "not_reached", "We could not reach them"
    DECLINED = "declined", "They told us that they do not want it"
    OTHER = "other", "Another reason"


class Helped(models.TextChoices):
    """What the person said when somebody asked whether it helped (domain.md 11 and R17)."""

    HELPED = "helped", "It helped"
    STILL_NEEDED = "still_needed", "They still need help"
    DECLINED = "declined", "They want nothing more"
    NOT_REACHED = "not_reached", "They could not be reached"
