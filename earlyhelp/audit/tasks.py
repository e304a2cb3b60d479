from celery import shared_task
from django.utils import timezone

from earlyhelp.audit import services


@shared_task(name="audit.prepare_months")
def prepare_months() -> int:
    return len(services.prepare_months(today=timezone.localdate()))
