from earlyhelp.records.models.retention import Disposal, Hold, PastEpisode, RetentionRule
from earlyhelp.records.models.subject_access import AccessDeadline, AccessItem, AccessRequest, Addendum

__all__ = [
    "AccessDeadline",
    "AccessItem",
    "AccessRequest",
    "Addendum",
    "Disposal",
    "Hold",
    "PastEpisode",
    "RetentionRule",
]
