"""What may happen to a meeting, to an item of its agenda, a step request, a service it named and an action, and who may do it."""

from hubs.transitions.actions import chase, complete
from hubs.transitions.agenda import (
    add_papers,
    hear_without_agreement,
    leave_for_later,
    move,
    record_preference,
    remove,
    schedule,
)
from hubs.transitions.in_the_chair import find_nobody, find_somebody, name_chair
from hubs.transitions.interests import doubt, take_back, uphold
from hubs.transitions.items import decide, decide_out_of_meeting, defer, defer_unheard, discuss, hear
from hubs.transitions.meetings import (
    ask_agencies_again,
    close,
    name_stand_in,
    publish,
    reschedule,
    restore_order,
    start,
    take_attendance,
)
from hubs.transitions.minutes import confirm_minutes, correct_minutes
from hubs.transitions.ratifying import not_ratify, ratify
from hubs.transitions.requests import agree, disagree
from hubs.transitions.service_offers import decline_service, leave_service
from hubs.transitions.steps import (
    answer,
    enact,
    pass_on,
    put_to_hub,
    say_ready,
    send_back,
    takers_agree,
    withdraw,
)

__all__ = [
    "add_papers",
    "agree",
    "answer",
    "ask_agencies_again",
    "chase",
    "close",
    "complete",
    "confirm_minutes",
    "correct_minutes",
    "decide",
    "decide_out_of_meeting",
    "decline_service",
    "defer",
    "defer_unheard",
    "disagree",
    "discuss",
    "doubt",
    "enact",
    "find_nobody",
    "find_somebody",
    "hear",
    "hear_without_agreement",
    "leave_for_later",
    "leave_service",
    "move",
    "name_chair",
    "name_stand_in",
    "not_ratify",
    "pass_on",
    "publish",
    "put_to_hub",
    "ratify",
    "record_preference",
    "remove",
    "reschedule",
    "restore_order",
    "say_ready",
    "schedule",
    "send_back",
    "start",
    "take_attendance",
    "take_back",
    "takers_agree",
    "uphold",
    "withdraw",
]
