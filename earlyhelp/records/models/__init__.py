from earlyhelp.records.models.blanking import Blanking
from earlyhelp.records.models.retention import Disposal, Hold, PastEpisode, RetentionRule
from earlyhelp.records.models.subject_access import AccessDeadline, AccessItem, AccessRequest, Addendum

__all__ = [
    "AccessDeadline",
    "AccessItem",
    "AccessRequest",
    "Addendum",
    "Blanking",
    "Disposal",
    "Hold",
    "PastEpisode",
    "RetentionRule",
]
