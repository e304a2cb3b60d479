from celery import shared_task
from django.utils import timezone

from earlyhelp.deadlines import sweep


@shared_task(name="deadlines.ring")
def ring() -> int:
    """Every minute: one notice for each deadline and rung that has rung. The database is the schedule, this only looks."""
    rang, _ = sweep.ring(now=timezone.now())
    return rang
