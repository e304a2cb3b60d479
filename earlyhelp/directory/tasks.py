from celery import shared_task
from django.utils import timezone

from earlyhelp.directory import sweep


@shared_task(name="directory.remind")
def remind() -> int:
    """Every minute: services that have not answered in time. A lost task costs a minute."""
    return sweep.remind_services(now=timezone.now())
