from celery import shared_task
from django.utils import timezone

from earlyhelp.documents import sweep


@shared_task(name="documents.look_through")
def look_through() -> int:
    """Every fifteen seconds: whoever added a document waits for it. A lost task costs as long."""
    return sweep.look_through(now=timezone.now())


@shared_task(name="documents.clear")
def clear() -> int:
    """Every minute: bytes that nobody may read any more."""
    return sweep.clear(now=timezone.now())


@shared_task(name="documents.clear_ownerless")
def clear_ownerless() -> int:
    """Once a day: files that a process left behind when it died. Where the store is silent, tomorrow."""
    return sweep.clear_ownerless(now=timezone.now())
