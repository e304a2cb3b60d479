"""How much the page of a referral asks of the database, whatever stands on it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.models import InformationRequest, Referral
from referrals.transitions.message import write
from referrals.transitions.referral import accept, advise, ask_agencies, confirm, step_up
from tests.referrals.test_workbench import HUB, text


def test_the_page_of_a_referral_takes_few_queries(client, access_worker, in_triage, django_assert_max_num_queries):
    client.force_login(access_worker)
    client.get(reverse("referrals:triage"))

    with django_assert_max_num_queries(7):
        client.get(reverse("referrals:triage_case", args=[in_triage.reference]))


@pytest.mark.parametrize("decided", ["not yet", "advised", "accepted", "with a second look"])
def test_one_that_was_asked_about_and_answered_on_takes_no_more(
    client, in_triage, access_worker, practitioner, contact, manager, decided, django_assert_max_num_queries
):
    """Replies, the decision and a message stand on the same page."""
    now, question = timezone.now(), {"question": "Known to you?", "lawful_basis": "agreed"}
    ask_agencies(in_triage, by=access_worker, now=now, agencies=[contact.agency], **question)
    client.force_login(contact)
    client.post(InformationRequest.objects.get().get_absolute_url(), {"reply": "answered", "known": "Known to us."})
    row = write(Referral.objects.get(), by=practitioner, now=now, text="Is anybody there?")
    if decided == "advised":
        advise(row, by=access_worker, now=now, reason="R", message="M", advice="Ring the bank.", level_of_need=2)
    if decided == "accepted":
        accept(row, by=access_worker, now=now, **HUB)
    if decided == "with a second look":
        confirm(
            step_up(row, by=access_worker, now=now, reason="R", message="M", family_told=True),
            by=manager,
            now=now,
            reason="Agreed.",
        )
    client.force_login(access_worker)
    client.get("/")

    with django_assert_max_num_queries(7):
        shown = text(client.get(reverse("referrals:triage_case", args=[row.reference])))
    assert "Known to us." in shown
    assert "Is anybody there?" in shown
    assert "Leanne Invented: agreed" in shown
    assert "Tyler Invented, child, born 2017" in shown
