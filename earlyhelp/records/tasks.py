from celery import shared_task
from django.utils import timezone

from earlyhelp.records import said_before, services, sweep


@shared_task(name="records.verify_audit")
def verify_audit() -> int:
    """Every six hours: the seals of the last three days."""
    return services.verify_audit(now=timezone.now(), whole=False).faults


@shared_task(name="records.verify_whole_audit")
def verify_whole_audit() -> int:
    """Every week: every seal there is."""
    return services.verify_audit(now=timezone.now(), whole=True).faults


@shared_task(name="records.find_due")
def find_due() -> int:
    """Every six hours: whose time is over. What is on the list already is not put there again."""
    return sweep.find_due(now=timezone.now())


@shared_task(name="records.look_for_addresses")
def look_for_addresses() -> int:
    """Every few minutes: what was written before an address became secret is looked through once."""
    return said_before.look_for_addresses(now=timezone.now())
