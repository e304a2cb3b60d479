from celery import shared_task
from django.utils import timezone

from earlyhelp.families import sweep


@shared_task(name="families.find_odd_reads")
def find_odd_reads() -> int:
    """Every six hours: what was read in the last three days and wants a look. What was found before is not found again."""
    return sweep.find_odd_reads(now=timezone.now())
