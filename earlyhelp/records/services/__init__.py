from earlyhelp.records.services.asking import add_statement, begin_request, takes_statement
from earlyhelp.records.services.blanking import ask_to_blank
from earlyhelp.records.services.holding import lift_hold, place_hold, set_rule
from earlyhelp.records.services.verifying import verify_audit

__all__ = [
    "add_statement",
    "ask_to_blank",
    "begin_request",
    "lift_hold",
    "place_hold",
    "set_rule",
    "takes_statement",
    "verify_audit",
]
