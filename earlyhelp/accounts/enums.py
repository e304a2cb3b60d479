from django.db.models import TextChoices


class State(TextChoices):
    """How an account stands. Leaving and not having been here for long are read from dates, never stored."""

    IN_USE = "in_use", "In use"
    INVITED = "invited", "Invited"
    DORMANT = "dormant", "Dormant"
    SUSPENDED = "suspended", "Suspended"
    LEFT = "left", "Left"


COLOURS = {
    State.IN_USE: "green",
    State.INVITED: "blue",
    State.DORMANT: "yellow",
    State.SUSPENDED: "orange",
    State.LEFT: "grey",
}
