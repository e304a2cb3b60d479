from earlyhelp.records.services.holding import lift_hold, place_hold, set_rule
from earlyhelp.records.services.verifying import verify_audit

__all__ = ["lift_hold", "place_hold", "set_rule", "verify_audit"]
