"""What somebody said of a service is written down with their permission to quote it, which they may change at any time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from assessments.models import Feedback
from earlyhelp.audit.models import record
from earlyhelp.directory.models import Service
from earlyhelp.workflow.services import edit


@transaction.atomic
def write_down(service: Service, *, by: Any, now: datetime, **said: Any) -> Feedback:
    feedback = Feedback(service=service, recorded_by=by, recorded_at=now, **said)
    feedback.full_clean()
    feedback.save()
    record("assessments.feedback.write_down", feedback, by=by, at=now, became=feedback.quoting)
    return feedback


def change_quoting(
    feedback: Feedback, *, by: Any, now: datetime, version: int, quoting: str, quoted_as: str
) -> Feedback:
    """They think again: from this moment it is quoted so, or not at all."""
    return edit(feedback, by=by, now=now, version=version, quoting=quoting, quoted_as=quoted_as)
