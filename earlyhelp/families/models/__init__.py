from earlyhelp.families.models.agreement import Agreement
from earlyhelp.families.models.kin import Bond, PregnancyLoss
from earlyhelp.families.models.numbers import pupil_check_letter, valid_nhs_number, valid_upn
from earlyhelp.families.models.record import (
    LONGEST_WAIT,
    Address,
    Family,
    FamilyMembership,
    Person,
    Relationship,
    SignificantEvent,
    StatutoryStatus,
)
from earlyhelp.families.models.restriction import (
    NOT_EXPIRED,
    FamilyUserObjectPermission,
    Restriction,
    RestrictionDeadline,
)
from earlyhelp.families.models.watching import (
    Confidant,
    FamilyMerge,
    FamilyPair,
    Joining,
    Merge,
    OddRead,
    Pair,
    PossibleDuplicate,
)

__all__ = [
    "LONGEST_WAIT",
    "NOT_EXPIRED",
    "Address",
    "Agreement",
    "Bond",
    "Confidant",
    "Family",
    "FamilyMembership",
    "FamilyMerge",
    "FamilyPair",
    "FamilyUserObjectPermission",
    "Joining",
    "Merge",
    "OddRead",
    "Pair",
    "Person",
    "PossibleDuplicate",
    "PregnancyLoss",
    "Relationship",
    "Restriction",
    "RestrictionDeadline",
    "SignificantEvent",
    "StatutoryStatus",
    "pupil_check_letter",
    "valid_nhs_number",
    "valid_upn",
]
