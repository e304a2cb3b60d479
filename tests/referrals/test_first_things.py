"""What stands first for whoever triages: danger in the queue, and on the page who works with the family already."""

from django.urls import reverse
from django.utils import timezone

from referrals.enums import Status
from referrals.models import Referral
from referrals.queries.triage import queue
from tests.factories import MONDAY
from tests.referrals.factories import sent, taken


def test_where_somebody_works_with_them_the_page_says_who(client, access_worker, led_case, practitioner):
    referral = taken(area=led_case.area, author=practitioner, by=access_worker, family=led_case.family)
    client.force_login(access_worker)

    page = client.get(reverse("referrals:triage_case", args=[referral.reference]))

    assert led_case.reference in page.content.decode()
    assert str(led_case.lead) in page.content.decode()
    decisions = [each["url"].rsplit("/", 2)[1] for each in page.context["decisions"]]
    assert decisions[0] == "link"
    assert "accept" not in decisions


def test_what_is_overdue_stands_with_danger_and_on_a_tab_of_its_own_that_home_leads_to(
    client, access_worker, practitioner, melton
):
    soon = sent(area=melton, author=practitioner, urgent=True, urgent_why="Missing two nights.", now=timezone.now())
    danger = sent(
        area=melton, author=practitioner, safeguarding="unsure", safeguarding_detail="A bruise.", now=timezone.now()
    )
    late = sent(area=melton, author=practitioner, now=MONDAY)
    asking = taken(area=melton, author=practitioner, by=access_worker, now=MONDAY)

    assert queue(access_worker, "new", today=timezone.now()) == [late, danger, soon]
    assert {each.pk for each in queue(access_worker, "overdue", today=timezone.now())} == {late.pk, asking.pk}

    client.force_login(access_worker)
    assert "2 referrals past the time for a decision" in client.get("/").content.decode()
    assert f'href="{reverse("referrals:triage")}?tab=overdue"' in client.get("/").content.decode()
    page = client.get(f"{reverse('referrals:triage')}?tab=overdue")
    assert [each["count"] for each in page.context["items"] if each["label"] == "Overdue"] == [2]


def test_each_tab_shows_its_own_whichever_was_looked_at_before(client, access_worker, practitioner, melton):
    ready = taken(area=melton, author=practitioner, by=access_worker)
    asking = taken(area=melton, author=practitioner, by=access_worker)
    Referral.objects.filter(pk=asking.pk).update(status=Status.INFO_REQUESTED)

    for tab, shown in (("ready", ready), ("asking", asking), ("ready", ready)):
        assert queue(access_worker, tab, today=timezone.now()) == [shown]


def test_the_queue_puts_danger_first_then_what_is_urgent(access_worker, practitioner, melton):
    now = timezone.now()
    calm = sent(area=melton, author=practitioner, now=now)
    urgent = sent(area=melton, author=practitioner, now=now, urgent=True, urgent_why="Missing two nights.")
    danger = sent(area=melton, author=practitioner, now=now, safeguarding="unsure", safeguarding_detail="A bruise.")

    assert queue(access_worker, "new", today=timezone.now()) == [danger, urgent, calm]
