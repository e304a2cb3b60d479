"""What may happen to a meeting, to one item of its agenda, to a step request and to an action, and who may do it."""

from hubs.transitions.actions import complete
from hubs.transitions.items import (
    decide,
    decide_out_of_meeting,
    defer,
    discuss,
    hear,
    move,
    record_preference,
    remove,
    schedule,
)
from hubs.transitions.meetings import close, confirm_minutes, publish, start, take_attendance
from hubs.transitions.steps import answer, enact, put_to_hub, withdraw

__all__ = [
    "answer",
    "close",
    "complete",
    "confirm_minutes",
    "decide",
    "decide_out_of_meeting",
    "defer",
    "discuss",
    "enact",
    "hear",
    "move",
    "publish",
    "put_to_hub",
    "record_preference",
    "remove",
    "schedule",
    "start",
    "take_attendance",
    "withdraw",
]
