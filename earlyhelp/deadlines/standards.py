"""The service standards a new authority starts with (domain.md 7). They are rows, and an authority changes them there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from earlyhelp.core.calendar import Unit, due
from earlyhelp.core.composed import Composed
from earlyhelp.deadlines.models import ServiceStandard

# code, tier, label, amount, unit, amber point in per cent
DEFAULTS = (
    ("D_ACK", None, "Acknowledge the contact", 1, Unit.WORKING_DAYS, 75),
    ("D_PICKUP", None, "Open the referral", 4, Unit.WORKING_HOURS, 75),
    ("D_TRIAGE", None, "Decide the referral", 1, Unit.WORKING_DAYS, 75),
    ("D_SECOND_LOOK", None, "Second pair of eyes", 1, Unit.WORKING_DAYS, 75),
    ("D_OUTCOME", None, "Tell referrer and family", 2, Unit.WORKING_DAYS, 75),
    ("D_INFO", None, "Answer the question", 1, Unit.WORKING_DAYS, 75),
    ("D_RR_ACK", None, "Social care acknowledges", 1, Unit.WORKING_DAYS, 75),
    ("D_DISAGREE", None, "Settle the disagreement", 2, Unit.WORKING_DAYS, 75),
    ("D_MMT_WAIT", None, "Hub decision", 20, Unit.WORKING_DAYS, 75),
    ("D_URGENT_HUB", None, "Chair’s action", 2, Unit.WORKING_DAYS, 75),
    ("D_ACCEPT", None, "Accept or decline the family", 2, Unit.WORKING_DAYS, 75),
    ("D_FIRST_CONTACT", 2, "First contact with the family", 5, Unit.WORKING_DAYS, 75),
    ("D_FIRST_CONTACT", 3, "First contact with the family", 3, Unit.WORKING_DAYS, 75),
    ("D_ASSESS", None, "Complete the assessment", 20, Unit.WORKING_DAYS, 75),
    ("D_FIRST_TAF", None, "First TAF meeting and agreed plan", 6, Unit.WEEKS, 75),
    ("D_REVIEW_FIRST", None, "First review", 6, Unit.WEEKS, 75),
    ("D_REVIEW", 2, "Review", 12, Unit.WEEKS, 85),
    ("D_REVIEW", 3, "Review", 6, Unit.WEEKS, 75),
    ("D_STEP", None, "Hub decides the step request", 20, Unit.WORKING_DAYS, 75),
    ("D_STEP_CHECK", None, "EH Access checks the step request", 1, Unit.WORKING_DAYS, 75),
    ("D_REASSESS", None, "Assess the whole family again", 12, Unit.MONTHS, 90),
    ("D_TIMEBOX", None, "Time-limited programme ends", 12, Unit.WEEKS, 83),
    ("D_CLOSE", None, "Ratify the closure", 10, Unit.WORKING_DAYS, 75),
    ("D_FOLLOW_UP", None, "Check that the change lasted", 6, Unit.MONTHS, 95),
    ("D_FOLLOW_UP_ANSWER", None, "Record the follow-up", 20, Unit.WORKING_DAYS, 75),
    ("D_BLOCKAGE_OWNER", None, "Say who unpicks the blockage", 2, Unit.WORKING_DAYS, 75),
    ("D_BLOCKAGE", None, "Unpick the blockage", 10, Unit.WORKING_DAYS, 75),
    ("D_ACTION", None, "Action", 2, Unit.WEEKS, 75),
    ("D_RISK_HIGH", None, "Look again at what was written down", 5, Unit.WORKING_DAYS, 75),
    ("D_RISK_MEDIUM", None, "Look again at what was written down", 20, Unit.WORKING_DAYS, 75),
    ("D_RISK_LOW", None, "Look again at what was written down", 12, Unit.WEEKS, 85),
    ("D_ADVICE_FOLLOW_UP", None, "Follow up what was advised", 2, Unit.WEEKS, 85),
    ("D_HARM", None, "Say what was done about a sign of harm", 1, Unit.WORKING_DAYS, 25),
    ("D_REPEAT_OFFER", None, "Offer again what they did not want then", 3, Unit.MONTHS, 100),
    ("D_OFFER_AGAIN", None, "Offer help again to a family that was signposted", 8, Unit.WEEKS, 100),
    ("D_PRESCRIPTION", None, "The service accepts or returns", 5, Unit.WORKING_DAYS, 75),
    ("D_ONWARD_FOLLOW_UP", None, "Ask the person whether it helped", 4, Unit.WEEKS, 85),
    ("D_ONWARD_UNANSWERED", None, "Ask the person, though the service has not said that it ended", 12, Unit.WEEKS, 85),
    ("D_SAR", None, "Answer the subject access request", 1, Unit.MONTHS, 75),
    ("D_RESTRICTED", None, "Look at a restricted record again", 6, Unit.MONTHS, 95),
    ("D_COMPLAINT", None, "Answer a complaint or a suggestion", 10, Unit.WORKING_DAYS, 75),
    ("D_LAC_CONTACT", None, "First contact after an introduction", 5, Unit.WORKING_DAYS, 75),
)


def load() -> None:
    """Add the standards that are missing; those that an authority has changed are left as they are."""
    ServiceStandard.objects.bulk_create(
        [
            ServiceStandard(code=code, tier=tier, label=label, amount=amount, unit=unit.value, amber_percent=amber)
            for code, tier, label, amount, unit, amber in DEFAULTS
        ],
        ignore_conflicts=True,
    )


def standard(code: str, tier: int | None = None) -> ServiceStandard:
    """The standard for this tier, or else the one for every tier. Raises ``LookupError`` if there is none at all."""
    found = {row.tier: row for row in _OF_CODE(None, code=code)}
    row = found.get(tier) or found.get(None)
    if row is None:
        raise LookupError(f"There is no service standard {code} (tier {tier}).")
    return row


def standards(*codes: str) -> Callable[[str, int], ServiceStandard]:
    """Several of them, read in one query: answers with the standard of a code at a tier, as ``standard`` does."""
    rows = {(row.code, row.tier): row for row in ServiceStandard.objects.filter(code__in=codes)}
    return lambda code, tier: rows.get((code, tier)) or rows[code, None]


@Composed
def _OF_CODE(user: None, code: Any) -> Any:
    return ServiceStandard.objects.filter(code=code)


def due_by(row: ServiceStandard, start: datetime) -> datetime:
    return due(start, row.amount, row.unit)
