"""What stands first for whoever triages: danger in the queue, and on the page who works with the family already."""

from django.urls import reverse
from django.utils import timezone

from referrals.queries.triage import queue
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


def test_the_queue_puts_danger_first_then_what_is_urgent(access_worker, practitioner, melton):
    calm = sent(area=melton, author=practitioner)
    urgent = sent(area=melton, author=practitioner, urgent=True, urgent_why="Missing two nights.")
    danger = sent(area=melton, author=practitioner, safeguarding="unsure", safeguarding_detail="A bruise.")

    assert queue(access_worker, "new", today=timezone.now()) == [danger, urgent, calm]
