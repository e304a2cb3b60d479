"""The words of Local Area Coordination (domain.md 6.10, 12, 18.3). These screens must not sound like a case system."""

from django.db.models import TextChoices


class Status(TextChoices):
    RECEIVED = "received", "Waiting to hear from you"
    CONTACTED = "contacted", "In touch"
    IN_CONVERSATION = "in_conversation", "In conversation"
    LEVEL_1 = "level_1", "Level 1 – information and a connection"
    LEVEL_2 = "level_2", "Level 2 – walking alongside"
    NOT_NOW = "not_now", "Not now"
    UNABLE_TO_CONTACT = "unable_to_contact", "Could not be reached"
    MOVED_ON = "moved_on", "Moved on"


ALONGSIDE = (Status.IN_CONVERSATION, Status.LEVEL_1, Status.LEVEL_2)
PRESENT = (Status.RECEIVED, Status.CONTACTED, *ALONGSIDE)
ELSEWHERE = (Status.NOT_NOW, Status.UNABLE_TO_CONTACT, Status.MOVED_ON)

ABOUT_HOW_MANY = 60  # people alongside one coordinator: a warning and not a bar (domain.md 12.4)


class Source(TextChoices):
    SELF = "self", "The person themselves"
    FAMILY = "family", "Family"
    NEIGHBOUR = "neighbour", "A friend or neighbour"
    GP = "gp", "A GP surgery or other health service"
    PARISH = "parish", "A parish council or faith group"
    JOBCENTRE = "jobcentre", "Jobcentre"
    COUNCIL = "council", "A council service"
    SCHOOL = "school", "A school or college"
    HOUSING = "housing", "A housing organisation"
    POLICE = "police", "Police or fire service"
    VOLUNTARY = "voluntary", "A voluntary or community group"
    OTHER = "other", "Somebody else"


class ConnectionKind(TextChoices):
    """People and places first: a service is the last part of the conversation (domain.md 12.1)."""

    PERSON = "person", "A person"
    GROUP = "group", "A group"
    PLACE = "place", "A place"
    ACTIVITY = "activity", "An activity"
    EMPLOYER = "employer", "An employer or a course"
    SERVICE = "service", "A service"


class ContributionKind(TextChoices):
    FRIENDSHIP = "friendship", "Friendship"
    SKILL = "skill", "A skill they share"
    VOLUNTEERING = "volunteering", "Volunteering"
    TIME_BANK = "time_bank", "Time bank"
    OTHER = "other", "Something else"
