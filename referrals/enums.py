"""The words for a referral's way through the front door, and for what is asked and handed over on the way (domain.md 6)."""

from django.db.models import TextChoices

from earlyhelp.directory.enums import Helped


class Status(TextChoices):
    """Of a referral (domain.md 6.3)."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Received"
    IN_TRIAGE = "in_triage", "In triage"
    INFO_REQUESTED = "info_requested", "Asking agencies"
    ACCEPTED = "accepted", "Accepted for early help"
    STEPPED_UP = "stepped_up_to_social_care", "Handed over to social care"
    SIGNPOSTED = "signposted", "Signposted"
    ADVICE_GIVEN = "advice_given", "Advice given"
    DIRECTED = "directed", "Directed to other help"
    LINKED = "linked_to_open_case", "Linked to an open case"
    WITHDRAWN = "withdrawn", "Withdrawn"


TRIAGING = (Status.IN_TRIAGE, Status.INFO_REQUESTED)
LIVE = (Status.SUBMITTED, *TRIAGING)
UNDECIDED = (Status.DRAFT, *LIVE)
DECIDED = (
    Status.ACCEPTED,
    Status.STEPPED_UP,
    Status.SIGNPOSTED,
    Status.ADVICE_GIVEN,
    Status.DIRECTED,
    Status.LINKED,
    Status.WITHDRAWN,
)
WITH_A_CASE = (Status.ACCEPTED, Status.LINKED)
MAY_BE_RECONSIDERED = (Status.STEPPED_UP, Status.SIGNPOSTED, Status.ADVICE_GIVEN, Status.DIRECTED, Status.WITHDRAWN)

STATUS_COLOURS = {
    Status.DRAFT: "grey",
    Status.SUBMITTED: "blue",
    Status.IN_TRIAGE: "yellow",
    Status.INFO_REQUESTED: "orange",
    Status.ACCEPTED: "green",
    Status.STEPPED_UP: "red",
    Status.SIGNPOSTED: "teal",
    Status.ADVICE_GIVEN: "teal",
    Status.DIRECTED: "teal",
    Status.LINKED: "purple",
    Status.WITHDRAWN: "grey",
}


class SourceKind(TextChoices):
    """Who refers; each has its code in the national datasets (standards.md)."""

    FAMILY = "family", "The family, a relative or carer"
    SCHOOL = "school", "School, college or nursery"
    GP = "gp", "GP"
    HEALTH_VISITOR = "health_visitor", "Health visitor or school nurse"
    HEALTH = "health", "Hospital or other health service"
    HOUSING = "housing", "Housing"
    POLICE = "police", "Police"
    COUNCIL = "council", "Council service"
    SOCIAL_CARE = "social_care", "Social care (step-down)"
    VOLUNTARY = "voluntary", "Voluntary or community group"
    OTHER = "other", "Somebody else"


SOURCE_CODES = {
    SourceKind.FAMILY: "1A",
    SourceKind.SCHOOL: "2A",
    SourceKind.GP: "3A",
    SourceKind.HEALTH_VISITOR: "3B",
    SourceKind.HEALTH: "3F",
    SourceKind.HOUSING: "4",
    SourceKind.COUNCIL: "5B",
    SourceKind.SOCIAL_CARE: "5A",
    SourceKind.POLICE: "6",
    SourceKind.VOLUNTARY: "8",
    SourceKind.OTHER: "8",
}


class ContactStatus(TextChoices):
    """Of a contact: any approach about somebody, before it is decided what it is (domain.md 6.2)."""

    RECEIVED = "received", "Waiting for an answer"
    ADVISED = "advised", "Advice given"
    SIGNPOSTED = "signposted", "Signposted"
    CONVERTED = "converted", "Made into a referral"
    LINKED = "linked", "Linked to an open case"
    HANDED_OVER = "handed_over", "Handed over to social care"
    VOID = "void", "Not counted"


CONTACT_ANSWERED = (
    ContactStatus.ADVISED,
    ContactStatus.SIGNPOSTED,
    ContactStatus.CONVERTED,
    ContactStatus.LINKED,
    ContactStatus.HANDED_OVER,
)
CONTACT_COLOURS = {
    ContactStatus.RECEIVED: "yellow",
    ContactStatus.ADVISED: "teal",
    ContactStatus.SIGNPOSTED: "teal",
    ContactStatus.CONVERTED: "green",
    ContactStatus.LINKED: "purple",
    ContactStatus.HANDED_OVER: "red",
    ContactStatus.VOID: "grey",
}


class Channel(TextChoices):
    """How somebody got in touch."""

    PHONE = "phone", "By telephone"
    EMAIL = "email", "By email"
    WALK_IN = "walk_in", "In person"
    LETTER = "letter", "By letter"
    MESSAGE = "message", "By text or web message"
    WITHIN = "within", "From a colleague in early help"
    CHECK = "check", "After a self-check on the web"


class VoidBecause(TextChoices):
    """Why a contact is not counted. It is kept all the same (domain.md 6.2)."""

    TEST = "test", "It was a test"
    WRONG_NUMBER = "wrong_number", "It was a wrong number"
    DUPLICATE = "duplicate", "It was recorded twice"
    MISTAKE = "mistake", "It was recorded by mistake"


FollowUpResult = Helped  # one answer, whether advice is asked about or a service


class Safeguarding(TextChoices):
    """May anybody be at risk of significant harm?"""

    NO = "no", "No"
    YES = "yes", "Yes"
    UNSURE = "unsure", "I am not sure"


WORRYING = (Safeguarding.YES, Safeguarding.UNSURE)  # somebody said, or could not rule out, that a person may be at risk


class Doubt(TextChoices):
    """Why what came by the public form may have been sent by a program, and not by a person."""

    TRAP = "trap", "It answered a question that people do not see"
    HASTE = "haste", "It was written faster than people write"
    LINKS = "links", "It holds several web addresses"
    CROWD = "crowd", "Many came from the same place within the hour"


class LawfulBasis(TextChoices):
    """Why one agency may ask another about a family (domain.md 16)."""

    AGREED = "agreed", "The family agreed that we ask"
    PUBLIC_TASK = "public_task", "Public task: promoting the welfare of children and adults"
    RISK = "risk", "Somebody may be at risk of harm: no agreement is needed"


class RequestStatus(TextChoices):
    """Of a question to an agency (domain.md 6.10)."""

    SENT = "sent", "Waiting for the answer"
    ANSWERED = "answered", "Answered"
    NOTHING_HELD = "nothing_held", "Nothing held"
    DECLINED = "declined", "Declined"
    LAPSED = "lapsed", "No answer"


class HandoverStatus(TextChoices):
    """Of a hand-over to social care (domain.md 6.9)."""

    SENT = "sent", "Waiting for social care to acknowledge"
    CHASED = "chased", "Not acknowledged in time"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    ACCEPTED = "accepted", "Accepted by social care"
    NOT_ACCEPTED = "not_accepted", "Not accepted by social care"
    RETURNED = "returned", "Returned to early help"


UNACKNOWLEDGED = (HandoverStatus.SENT, HandoverStatus.CHASED)
HANDOVER_COLOURS = {
    HandoverStatus.SENT: "orange",
    HandoverStatus.CHASED: "red",
    HandoverStatus.ACKNOWLEDGED: "yellow",
    HandoverStatus.ACCEPTED: "green",
    HandoverStatus.NOT_ACCEPTED: "red",
    HandoverStatus.RETURNED: "purple",
}


class WithdrawnBy(TextChoices):
    FAMILY = "family", "The family does not want early help"
    REFERRER = "referrer", "The referrer no longer asks for it"
    DUPLICATE = "duplicate", "It was sent twice, or by mistake"
    NO_PERSON = "no_person", "A program sent it: there is no such family"


class SetKind(TextChoices):
    """Of a set of questions: one mechanism for every short list that is asked, and suggests what may help."""

    CHECKLIST = "checklist", "Early-indicator checklist"
    EQUIPMENT = "equipment", "Equipment that helps at home"
    TEMPERATURE = "temperature", "How is the family doing"


MOST_QUESTIONS = {SetKind.CHECKLIST: 25, SetKind.EQUIPMENT: 12, SetKind.TEMPERATURE: 5}  # domain.md 10, 14.4 and 11


class SetStatus(TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "In use"
    RETIRED = "retired", "No longer in use"


SET_COLOURS = {SetStatus.DRAFT: "yellow", SetStatus.PUBLISHED: "green", SetStatus.RETIRED: "grey"}


TO_EARLY_HELP = "early_help"  # the way on of a suggestion that a referral is for


class Voice(TextChoices):
    """For whom a question is worded (domain.md R31: one list, for children and adults)."""

    CHILD = "child", "About a child"
    ADULT = "adult", "About an adult"
    HOUSEHOLD = "household", "About the home they share"
    EVERYONE = "everyone", "About anybody"


class AnswerKind(TextChoices):
    YES_NO_UNSURE = "yes_no_unsure", "Yes, no or not sure"
    CHOICE = "choice", "One of several answers"


YES_NO_UNSURE = (("yes", "Yes"), ("no", "No"), ("unsure", "Not sure"))


class Outcome(TextChoices):
    """What a rule leads to, the gravest first."""

    URGENT = "urgent", "Somebody may be at risk: act now"
    ROUTE = "route", "A way into help"
    SERVICE = "service", "A service of the directory"
    ADVICE = "advice", "Advice"


class ChecklistStatus(TextChoices):
    ASKING = "asking", "Being asked"
    ASKED = "asked", "Asked"
    STOPPED = "stopped", "Stopped"


CHECKLIST_COLOURS = {
    ChecklistStatus.ASKING: "yellow",
    ChecklistStatus.ASKED: "green",
    ChecklistStatus.STOPPED: "grey",
}


class AskedAbout(TextChoices):
    """Whom a checklist is asked about: which of its voices are used (domain.md R31, story 4)."""

    ADULT = "adult", "An adult"
    BOTH = "both", "An adult, and the children who live with them"
    CHILD = "child", "A child"


# The pages of a checklist, and the questions of each: what is said of the home is asked once.
PAGES: dict[AskedAbout, dict[Voice, tuple[Voice, ...]]] = {
    AskedAbout.ADULT: {Voice.ADULT: (Voice.ADULT, Voice.EVERYONE, Voice.HOUSEHOLD)},
    AskedAbout.CHILD: {Voice.CHILD: (Voice.CHILD, Voice.EVERYONE, Voice.HOUSEHOLD)},
    AskedAbout.BOTH: {
        Voice.ADULT: (Voice.ADULT, Voice.EVERYONE, Voice.HOUSEHOLD),
        Voice.CHILD: (Voice.CHILD,),
    },
}


class SuggestionStatus(TextChoices):
    """What the person said to what was suggested. What is urgent is no offer, and is dealt with (domain.md 11)."""

    OPEN = "open", "Not talked about yet"
    YES = "yes", "Yes"
    NO = "no", "No"
    LATER = "later", "Not now"
    DEALT_WITH = "dealt_with", "Dealt with"


SUGGESTION_COLOURS = {
    SuggestionStatus.OPEN: "yellow",
    SuggestionStatus.YES: "green",
    SuggestionStatus.NO: "grey",
    SuggestionStatus.LATER: "blue",
    SuggestionStatus.DEALT_WITH: "green",
}


class CheckResult(TextChoices):
    """What a self-check ended with. Nothing else is kept of it, unless somebody asks to be contacted (domain.md 11, 14.4)."""

    URGENT = "urgent", "Somebody to speak to first"
    SUGGESTED = "suggested", "Something that may help"
    NOTHING = "nothing", "Nothing to suggest"
