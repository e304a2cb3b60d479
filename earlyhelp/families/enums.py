"""Who is who to whom, in the words of domain.md 18 and standards.md 13."""

from django.db.models import IntegerChoices, TextChoices


class Sex(TextChoices):
    FEMALE = "female", "Female"
    MALE = "male", "Male"
    OTHER = "other", "Other or not stated"
    UNKNOWN = "unknown", "Not known"


class FamilyRole(TextChoices):
    CHILD = "child", "Child"
    PARENT = "parent", "Parent"
    CARER = "carer", "Carer"
    PARTNER = "partner", "Partner"
    RELATIVE = "relative", "Relative"
    SIGNIFICANT_OTHER = "significant_other", "Significant other"


class LevelOfNeed(IntegerChoices):
    """The threshold document's level: what the family needs, never what it is given (domain.md 3.4)."""

    NO_EXTRA = 1, "1 – No extra support"
    ONE_AGENCY = 2, "2 – One agency"
    SEVERAL = 3, "3 – Several agencies"
    SOCIAL_CARE = 4, "4 – Social care assessment"


class AgreementStatus(TextChoices):
    GIVEN = "given", "Agreed"
    REFUSED = "refused", "Did not agree"
    NOT_ASKED = "not_asked", "Not asked"
    WITHDRAWN = "withdrawn", "Agreement withdrawn"


class StatutoryKind(TextChoices):
    """What another service, with legal duties, is doing: neither the tier nor the level of need (domain.md T5)."""

    NONE = "none", "None"
    CHILD_IN_NEED = "child_in_need", "Child in need"
    CHILD_PROTECTION = "child_protection", "Child protection plan"
    LOOKED_AFTER = "looked_after", "Looked after"
    ADULT_ELIGIBLE = "adult_eligible", "Adult with eligible care needs"
    UNKNOWN = "unknown", "Not known"


# Another service has a duty to this person now: it is said wherever the person is shown.
WITH_A_DUTY = (
    StatutoryKind.CHILD_IN_NEED,
    StatutoryKind.CHILD_PROTECTION,
    StatutoryKind.LOOKED_AFTER,
    StatutoryKind.ADULT_ELIGIBLE,
)


class RelationshipKind(TextChoices):
    """Stored once, from the first person to the second: «is the parent of»."""

    PARENT = "parent", "parent of"
    STEP_PARENT = "step_parent", "step-parent of"
    GRANDPARENT = "grandparent", "grandparent of"
    SIBLING = "sibling", "brother or sister of"
    PARTNER = "partner", "partner of"
    FORMER_PARTNER = "former_partner", "former partner of"
    AUNT_UNCLE = "aunt_uncle", "aunt or uncle of"
    CARER = "carer", "carer of"
    FRIEND = "friend", "friend of"


INVERSE = {
    RelationshipKind.PARENT: "child of",
    RelationshipKind.STEP_PARENT: "step-child of",
    RelationshipKind.GRANDPARENT: "grandchild of",
    RelationshipKind.AUNT_UNCLE: "niece or nephew of",
    RelationshipKind.CARER: "cared for by",
}
# Nobody is the parent of their own parent; but two people may well care for each other.
ONE_WAY = frozenset(INVERSE) - {RelationshipKind.CARER}


class EventKind(TextChoices):
    CONTACT = "contact", "Contact with the family"
    HEALTH = "health", "Health"
    HOME = "home", "Home and housing"
    SCHOOL = "school", "School, learning or work"
    SAFETY = "safety", "Safety"
    FAMILY = "family", "Family change"
    SERVICE = "service", "A service began or ended"
    OTHER = "other", "Other"


class OddReason(TextChoices):
    """Why somebody's reads of a family want a look (promise P5)."""

    OWN_NAME = "own_name", "Somebody of the family has the reader’s own name"
    SAME_SURNAME = "same_surname", "Somebody of the family has the reader’s surname"
    NO_LINK = "no_link", "No link to the family is known"


class OddStatus(TextChoices):
    OPEN = "open", "To look at"
    EXPLAINED = "explained", "Explained"
    WORRYING = "worrying", "Taken further"


class MatchStatus(TextChoices):
    """What was said of two records that may be of one person."""

    OPEN = "open", "To look at"
    NOT_SAME = "not_same", "Not the same person"
    SAME = "same", "The same person"
