"""A program is refused what would say a secret address, but for a hand-over: it is told afterwards (promise P2)."""

import uuid

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from earlyhelp.disagreements.models import Disagreement
from earlyhelp.families.secrets import MAY_BE_SAID, SAID
from referrals.models import Contact, SocialCareHandover
from tests.families.pages import sent

SHE = "She is at 17 Quince Lane now."


def post(user, path, data):
    client = APIClient()
    client.force_authenticate(user)
    return client.post(path, data, format="json", headers={"Idempotency-Key": str(uuid.uuid4())})


def test_a_disagreement_that_says_it_is_not_recorded(hidden, led_case, worker):
    said = {"decision": "Tier 2.", "why": SHE, "meanwhile": "Visits.", "record": led_case.reference, "about": "tier"}

    answer = post(worker, "/api/disagreements/", said)

    assert answer.json() == {"non_field_errors": [SAID]}
    assert not Disagreement.objects.exists()


def test_a_contact_about_the_family_that_says_it_is_not_recorded(hidden, grants, worker):
    said = {
        "family": grants.reference,
        "area": grants.area_id,
        "source_kind": "family",
        "channel": "phone",
        "received_at": "2026-03-02T10:00:00Z",
        "said": SHE,
        "safeguarding": "no",
        "caller_name": "Pat",
    }

    answer = post(worker, "/api/contacts/", said)

    assert answer.status_code == 400
    assert answer.json() == {"non_field_errors": [SAID]}
    assert not Contact.objects.exists()


HAND_OVER = reverse("referrals:handover_start")
WORRY = {"about": "Dana", "concern": SHE, "family_told": True}


def test_a_hand_over_by_a_program_goes_at_once_and_says_what_should_give_pause(hidden, grants, worker):
    answer = post(worker, "/api/handovers/", WORRY | {"record": grants.reference})

    assert answer.status_code == 201
    assert answer.json()["cautions"] == [SAID]
    assert SocialCareHandover.objects.get().concern == SHE


def test_a_hand_over_on_the_page_goes_at_once_and_its_writer_reads_who_can_read_it(hidden, grants, worker, signed_in):
    fields = sent(about="Dana", concern=SHE, family_told="yes")

    answer = signed_in(worker).post(f"{HAND_OVER}?about={grants.reference}", fields, follow=True)

    assert SocialCareHandover.objects.get().concern == SHE
    assert f"It was sent as it is. {SAID}" in answer.text
    assert "social care read it" in answer.text


@pytest.mark.parametrize("said", [SHE, "She is at 18 Mulberry Road now."])
def test_nor_does_a_hand_over_answer_a_guess(hidden, grants, member, signed_in, said):
    fields = sent(about="Dana", concern=said, family_told="yes")

    answer = signed_in(member).post(f"{HAND_OVER}?about={grants.reference}", fields, follow=True)

    assert SocialCareHandover.objects.exists()
    assert MAY_BE_SAID in answer.text
    assert SAID not in answer.text
