from celery import shared_task
from django.utils import timezone

from earlyhelp.workflow.services import tidy


@shared_task(name="workflow.tidy")
def tidy_forms() -> int:
    """Several times a day: forms that nobody has gone on with for a month, and sendings that nobody repeats any more."""
    return tidy(now=timezone.now())
