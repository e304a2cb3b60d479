"""What is written to whom when something was decided, and the only words that such a letter may have filled in."""

from django.db.models import TextChoices


class Kind(TextChoices):
    """Which decision a letter tells of. Of EH Access’s, the values are those of the states that they tell of."""

    ACCEPTED = "accepted", "Accepted for early help"
    STEPPED_UP = "stepped_up_to_social_care", "Handed over to social care"
    SIGNPOSTED = "signposted", "Signposted"
    ADVICE_GIVEN = "advice_given", "Advice given"
    DIRECTED = "directed", "Directed to other help"
    LINKED = "linked_to_open_case", "Linked to an open case"
    HUB_OPENED = "hub_opened", "The hub takes the family on"
    HUB_SIGNPOSTED = "hub_signposted", "The hub signposts"
    HUB_HANDED_OVER = "hub_handed_over", "The hub hands over to social care"
    LED = "led", "A lead professional has accepted"
    ENDED = "ended", "Early help has ended"


class Reader(TextChoices):
    REFERRER = "referrer", "The referrer"
    FAMILY = "family", "The family"


class How(TextChoices):
    """How a letter reaches its reader. Never by e-mail: that says only that there is something to read."""

    STATUS_PAGE = "status_page", "Read on the page of the referral"
    PAPER = "paper", "Printed, and sent or handed over"


# {word}: (what it stands for, an invented value for the preview)
WORDS = {
    "people": ("The adults of the family, by first name", "Marta and Owen"),
    "family": ("The family’s name", "Winterbourne family"),
    "reference": ("The reference of the referral", "R-2030-000123"),
    "referrer": ("Who referred the family", "Robin Ashdown"),
    "area": ("The district where the family lives", "Westmarsh"),
    "date": ("The day on which it is sent", "4 March 2030"),
    "council": ("The name of the council", "Westmarsh Council"),
}
WORDS_OF_AN_OFFICER = {
    "officer": ("Who decided, their job and their telephone number", "Ana Lindqvist, EH Access officer, 01632 960 199"),
    "officer_name": ("Who decided", "Ana Lindqvist"),
}
THE_HUB_SAYS = {
    "hub_says": (
        "What the hub adds; where it adds nothing, its line is left out",
        "The hub says: “A place is free in May.”",
    )
}
WORDS_OF_ANSWERS = {
    Kind.SIGNPOSTED: {
        "services": ("The services chosen, each with its telephone number", "Bereavement group, 01632 960 177")
    },
    Kind.ADVICE_GIVEN: {"advice": ("What is advised", "Ask at school about the breakfast club.")},
    Kind.DIRECTED: {"where": ("Where somebody is directed to", "a local area coordinator")},
    Kind.HUB_OPENED: THE_HUB_SAYS,
    Kind.HUB_SIGNPOSTED: THE_HUB_SAYS
    | {"where": ("Where the family is signposted to", "Bereavement group, 01632 960 177")},
    Kind.HUB_HANDED_OVER: THE_HUB_SAYS,
    Kind.LED: {
        "lead": ("The lead professional, their job and their telephone number", "Noor Castell, nurse, 01632 960 188"),
        "lead_name": ("The lead professional", "Noor Castell"),
        "lead_agency": ("Their agency", "Westmarsh Health"),
    },
    Kind.ENDED: {"ended": ("How it ended", "Outcomes met")},
}
# Nobody looks these over before they go: they are written in the moment in which the thing itself is done.
BY_ITSELF = (Kind.HUB_OPENED, Kind.HUB_SIGNPOSTED, Kind.HUB_HANDED_OVER, Kind.LED, Kind.ENDED)


def words_of(kind: str) -> dict[str, tuple[str, str]]:
    """All that a letter about this decision may have filled in: what each stands for, and an invented value."""
    signed = {} if kind in BY_ITSELF else WORDS_OF_AN_OFFICER
    return WORDS | signed | WORDS_OF_ANSWERS.get(Kind(kind), {})
