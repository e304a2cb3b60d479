from celery import shared_task
from django.utils import timezone

from referrals import sweep as clock
from referrals.services import asking


@shared_task(name="referrals.sweep")
def sweep() -> int:
    """Every minute: what time alone brings about. A lost task costs a minute."""
    now = timezone.now()
    return clock.lapse_requests(now=now) + clock.chase_handovers(now=now) + clock.take_back_returned(now=now)


@shared_task(name="referrals.tidy_drafts")
def tidy_drafts() -> int:
    """Every day: warn of fading drafts, delete those that faded."""
    return clock.tidy_drafts(now=timezone.now())[1]


@shared_task(name="referrals.tidy_asking")
def tidy_asking() -> int:
    """Every day: what families began on the public form and did not go on with."""
    return asking.tidy(now=timezone.now())
