from earlyhelp.families.models.record import (
    Address,
    Agreement,
    Family,
    FamilyMembership,
    Person,
    Relationship,
    SignificantEvent,
    StatutoryStatus,
    valid_nhs_number,
    valid_upn,
)
from earlyhelp.families.models.watching import Confidant, Merge, OddRead, PossibleDuplicate

__all__ = [
    "Address",
    "Agreement",
    "Confidant",
    "Family",
    "FamilyMembership",
    "Merge",
    "OddRead",
    "Person",
    "PossibleDuplicate",
    "Relationship",
    "SignificantEvent",
    "StatutoryStatus",
    "valid_nhs_number",
    "valid_upn",
]
