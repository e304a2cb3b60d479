"""What is written with a family and about it: assessment, voices, readings, plan, meetings, reviews, risks."""

from assessments.models.assessment import Assessment, HeadingNote, ProgrammeEnrolment
from assessments.models.evidence import OutcomeReading, Voice
from assessments.models.feedback import Feedback
from assessments.models.meeting import Attendance, TafMeeting
from assessments.models.plan import Goal, Plan, PlanAction, PlanActionDeadline, PlanAgreement
from assessments.models.review import ActionProgress, Review
from assessments.models.risk import RiskLook, RiskNote, RiskNoteDeadline, SafetyPlan

__all__ = [
    "ActionProgress",
    "Assessment",
    "Attendance",
    "Feedback",
    "Goal",
    "HeadingNote",
    "OutcomeReading",
    "Plan",
    "PlanAction",
    "PlanActionDeadline",
    "PlanAgreement",
    "ProgrammeEnrolment",
    "Review",
    "RiskLook",
    "RiskNote",
    "RiskNoteDeadline",
    "SafetyPlan",
    "TafMeeting",
    "Voice",
]
