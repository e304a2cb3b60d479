from celery import shared_task
from django.utils import timezone

from hubs.services import agenda, blockages, diary, offers, papers, steps


@shared_task(name="hubs.gather")
def gather() -> int:
    """Every few minutes: each hub's agenda as it should be."""
    return agenda.gather(now=timezone.now())


@shared_task(name="hubs.plan_ahead")
def plan_ahead() -> int:
    """Every day: meetings for the months ahead."""
    return diary.plan_ahead(now=timezone.now())


@shared_task(name="hubs.follow_up_steps")
def follow_up_steps() -> int:
    """Every day: steps that took place, and those that have not."""
    return steps.follow_up_steps(now=timezone.now())


@shared_task(name="hubs.destroy_notes")
def destroy_notes() -> int:
    """Every day: what readers wrote for themselves, once they may read no more."""
    return papers.destroy_notes(now=timezone.now())


@shared_task(name="hubs.follow_up_blockages")
def follow_up_blockages() -> int:
    """Every hour: what nobody unpicked goes to the hub."""
    return blockages.follow_up_blockages(now=timezone.now())


@shared_task(name="hubs.tell_of_unanswered")
def tell_of_unanswered() -> int:
    """Every quarter of an hour: offers that nobody answered in time are the chair's again."""
    return offers.tell_of_unanswered(now=timezone.now())
