from celery import shared_task
from django.utils import timezone

from earlyhelp.partnership import guessing


@shared_task(name="partnership.forget_guesses")
def forget_guesses() -> int:
    """Every hour: wrong passwords too old to count."""
    return guessing.forget(now=timezone.now())
