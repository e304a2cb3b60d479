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


DECIDES_FROM = 16  # years: from then on nobody else says yes for a person who can


class GivenBy(TextChoices):
    """Who said so. From sixteen on a person decides themselves (domain.md 16)."""

    PERSON = "person", "The person themselves"
    PARENT = "parent", "A parent, for a child under 16"
    DECIDER = "decider", "Somebody who may decide for them, such as an attorney"


class AskedHow(TextChoices):
    FACE_TO_FACE = "face_to_face", "Face to face"
    PHONE = "phone", "By telephone"
    VIDEO = "video", "By video"
    WRITING = "writing", "In writing"


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
    """Stored once, from the first person to the second: «is the parent of» (standards.md 13).

    To a child not born yet one is a parent, or a brother or sister, all the same: that the child is unborn is said of the
    child, so that nothing needs changing on the day of the birth.
    """

    PARENT = "parent", "parent of"
    STEP_PARENT = "step_parent", "step-parent of"
    ADOPTIVE_PARENT = "adoptive_parent", "adoptive parent of"
    FOSTER_CARER = "foster_carer", "foster carer of"
    PRIVATE_FOSTER_CARER = "private_foster_carer", "private foster carer of"
    CARER = "carer", "carer of"
    SIBLING = "sibling", "brother or sister of"
    HALF_SIBLING = "half_sibling", "half-brother or half-sister of"
    STEP_SIBLING = "step_sibling", "step-brother or step-sister of"
    IDENTICAL_TWIN = "identical_twin", "identical twin of"
    SPOUSE = "spouse", "husband or wife of"
    PARTNER = "partner", "partner of"
    FORMER_SPOUSE = "former_spouse", "former husband or wife of"
    FORMER_PARTNER = "former_partner", "former partner of"
    GRANDPARENT = "grandparent", "grandparent of"
    GREAT_GRANDPARENT = "great_grandparent", "great-grandparent of"
    AUNT_UNCLE = "aunt_uncle", "aunt or uncle of"
    COUSIN = "cousin", "cousin of"
    FRIEND = "friend", "friend of"
    NEIGHBOUR = "neighbour", "neighbour of"
    ACQUAINTANCE = "acquaintance", "acquaintance of"
    IN_CONTACT = "in_contact", "in contact with"
    OTHER = "other", "connected in another way to"


R = RelationshipKind
INVERSE = {
    R.PARENT: "child of",
    R.STEP_PARENT: "step-child of",
    R.ADOPTIVE_PARENT: "adopted child of",
    R.FOSTER_CARER: "foster child of",
    R.PRIVATE_FOSTER_CARER: "privately fostered child of",
    R.GRANDPARENT: "grandchild of",
    R.GREAT_GRANDPARENT: "great-grandchild of",
    R.AUNT_UNCLE: "niece or nephew of",
    R.CARER: "cared for by",
}
# Nobody is the parent of their own parent; but two people may well care for each other.
ONE_WAY = frozenset(INVERSE) - {R.CARER}
# What it has become once it has ended; of others that end it is said that they were.
FORMER = {R.SPOUSE: R.FORMER_SPOUSE, R.PARTNER: R.FORMER_PARTNER}
# By birth or by law for good: the rest begins and ends.
FOR_GOOD = (
    R.PARENT,
    R.ADOPTIVE_PARENT,
    R.SIBLING,
    R.HALF_SIBLING,
    R.IDENTICAL_TWIN,
    R.GRANDPARENT,
    R.GREAT_GRANDPARENT,
    R.AUNT_UNCLE,
    R.COUSIN,
)
# In the order in which they are looked for: parents stand first.
KIND_GROUPS = {
    "Parents and carers": (R.PARENT, R.STEP_PARENT, R.ADOPTIVE_PARENT, R.FOSTER_CARER, R.PRIVATE_FOSTER_CARER, R.CARER),
    "Brothers and sisters": (R.SIBLING, R.HALF_SIBLING, R.STEP_SIBLING, R.IDENTICAL_TWIN),
    "Couples": (R.SPOUSE, R.PARTNER, R.FORMER_SPOUSE, R.FORMER_PARTNER),
    "Wider family": (R.GRANDPARENT, R.GREAT_GRANDPARENT, R.AUNT_UNCLE, R.COUSIN),
    "Friends and others": (R.FRIEND, R.NEIGHBOUR, R.ACQUAINTANCE, R.IN_CONTACT, R.OTHER),
}
ONE_OF_SEVERAL = (R.COUSIN, R.FRIEND, R.NEIGHBOUR, R.ACQUAINTANCE)
NO_NOUN = (R.IN_CONTACT, R.OTHER)


class LossKind(TextChoices):
    """How a pregnancy ended. A termination has no kind, and nobody is asked for one.

    Early help needs to know that a family has lost somebody, or that a birth is expected no more. Whether an early loss was
    chosen helps nobody to help, and could be used against whoever reads it of herself: both are one kind, with one sign. Who
    wishes it to be known says it in the chronology, in her own words.
    """

    STILLBIRTH = "stillbirth", "Stillbirth"
    EARLY = "early", "The pregnancy ended early, such as by a miscarriage"


class BondKind(TextChoices):
    """How two people get on, in the eyes of whoever says it (standards.md 10): an opinion, never a fact."""

    CLOSE = "close", "close"
    FUSED = "fused", "very close"
    DISTANT = "distant", "distant"
    CONFLICT = "conflict", "in conflict"
    CUT_OFF = "cut_off", "cut off from each other"


class EventKind(TextChoices):
    CONTACT = "contact", "Contact with the family"
    HEALTH = "health", "Health"
    HOME = "home", "Home and housing"
    SCHOOL = "school", "School, learning or work"
    SAFETY = "safety", "Safety"
    POLICE = "police", "Police"
    MONEY = "money", "Money"
    FAMILY = "family", "Family change"
    SERVICE = "service", "A service began or ended"
    OTHER = "other", "Other"


class WhyLook(TextChoices):
    """Why somebody looks at a family with which they do not work. It is in their own words, where none of these fits."""

    SUPERVISION = "supervision", "Supervision of whoever works with them"
    DECIDE = "decide", "To decide, or to allocate"
    QUESTION = "question", "A question or a complaint"
    AUDIT = "audit", "An audit"
    OTHER = "other", "Something else"


class OddReason(TextChoices):
    """Why somebody's reads of a family want a look (promise P5)."""

    OWN_NAME = "own_name", "Somebody of the family has the reader’s own name"
    SAME_SURNAME = "same_surname", "Somebody of the family has the reader’s surname"
    SAME_STREET = "same_street", "The reader may live in the same street"
    NO_LINK = "no_link", "No link to the family is known"
    GUESSED = "guessed", "Typed one address after another where an address is kept secret that they may not know"
    SECRET_TYPED = "secret_typed", "Typed what is kept secret of somebody here, and is not one of those who may know it"


class OddStatus(TextChoices):
    OPEN = "open", "To look at"
    EXPLAINED = "explained", "Explained"
    WORRYING = "worrying", "Taken further"


class RestrictionKind(TextChoices):
    """Why only named people may see a record (domain.md 5 d)."""

    STAFF = "staff", "Somebody of the family works with us, or is related to somebody who does"
    PROFILE = "profile", "The family is in the public eye"
    AT_RISK = "at_risk", "Somebody looks for them, and must not find them"
    OTHER = "other", "Another reason"


class MatchStatus(TextChoices):
    """What was said of two records that may be of one person."""

    OPEN = "open", "To look at"
    NOT_SAME = "not_same", "Not the same person"
    SAME = "same", "The same person"
