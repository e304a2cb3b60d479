from celery import shared_task
from django.utils import timezone

from earlyhelp.cases import sweep


@shared_task(name="cases.begin_follow_ups")
def begin_follow_ups() -> int:
    """Every hour: follow-ups whose day has come. A lost task costs an hour."""
    return sweep.begin_follow_ups(now=timezone.now())
