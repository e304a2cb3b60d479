from earlyhelp.records.transitions import blanking, subject_access
from earlyhelp.records.transitions.disposal import approve, keep, propose, send_back

__all__ = ["approve", "blanking", "keep", "propose", "send_back", "subject_access"]
