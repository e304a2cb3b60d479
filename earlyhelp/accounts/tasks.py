from celery import shared_task
from django.utils import timezone

from earlyhelp.accounts import sweep as accounts


@shared_task(name="accounts.sweep")
def sweep() -> int:
    """Every hour: last days that have passed, and accounts that nobody uses."""
    return accounts.sweep(now=timezone.now())
