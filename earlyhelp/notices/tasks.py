from celery import shared_task
from django.utils import timezone

from earlyhelp.notices import services
from earlyhelp.notices.models import Heartbeat


@shared_task(name="notices.send")
def send() -> int:
    """Every minute: send what is owed. The outbox is the truth; a lost task costs a minute and no message."""
    now = timezone.now()
    services.beat(Heartbeat.SCHEDULER, now=now)
    return services.send_owed(now=now) + services.send_letters(now=now)


@shared_task(name="notices.ask")
def ask() -> int:
    """Every minute: ask what became of messages, where the service that took them can be asked."""
    return services.ask(now=timezone.now())


@shared_task(name="notices.prune")
def prune() -> int:
    """Every day: what became of messages of long ago."""
    return services.prune(now=timezone.now())
