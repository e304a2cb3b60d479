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
from earlyhelp.families.models.restriction import FamilyUserObjectPermission, Restriction, RestrictionDeadline
from earlyhelp.families.models.watching import Confidant, Merge, OddRead, PossibleDuplicate

__all__ = [
    "Address",
    "Agreement",
    "Confidant",
    "Family",
    "FamilyMembership",
    "FamilyUserObjectPermission",
    "Merge",
    "OddRead",
    "Person",
    "PossibleDuplicate",
    "Relationship",
    "Restriction",
    "RestrictionDeadline",
    "SignificantEvent",
    "StatutoryStatus",
    "valid_nhs_number",
    "valid_upn",
]
