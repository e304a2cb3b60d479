from celery import shared_task
from django.utils import timezone

from earlyhelp.audit import seals, services


@shared_task(name="audit.prepare_months")
def prepare_months() -> int:
    return len(services.prepare_months(today=timezone.localdate()))


@shared_task(name="audit.seal")
def seal() -> int:
    """Every minute. A lost task costs a minute: whatever is not sealed is sealed at the next."""
    return seals.seal(now=timezone.now())
