"""Who may write: the one who leads the case, as things stand this moment."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied

from earlyhelp.cases.models import Case
from earlyhelp.core.rights import may
from earlyhelp.workflow.services import lock
from earlyhelp.workflow.transitions import SYSTEM, NotPossible


def must_lead(case: Case, *, by: Any, right: str = "lead") -> None:
    """Raises ``PermissionDenied`` unless ``by`` has this right to the case now: never on an old answer (promise P7)."""
    if by is SYSTEM:
        return
    by.forget_scope()
    if not may(by, right, case):
        raise PermissionDenied


def led(case: Case, *, by: Any, right: str = "lead") -> Case:
    """The case as it stands, held for the rest of the transaction, led by somebody, where ``by`` has this right."""
    case = lock(case)
    must_lead(case, by=by, right=right)
    if not case.is_led:
        raise NotPossible(f"{case} is now “{case.get_status_display().lower()}”, so nothing can be added to it.")
    return case
