from celery import shared_task
from django.utils import timezone

from earlyhelp.families import matching, one_family, sweep


@shared_task(name="families.find_odd_reads")
def find_odd_reads() -> int:
    """Every six hours: what was read in the last three days and wants a look. What was found before is not found again."""
    return sweep.find_odd_reads(now=timezone.now())


@shared_task(name="families.find_duplicates")
def find_duplicates() -> int:
    """Each night: which records may be two of one person. What somebody said of a pair is not asked again."""
    return matching.find_duplicates(now=timezone.now())


@shared_task(name="families.find_families_twice")
def find_families_twice() -> int:
    """Each night: which records may be two of one family."""
    return one_family.find_pairs(now=timezone.now())
