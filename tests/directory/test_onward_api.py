"""Referrals to services over the API: the same rows, the same rules, the same moves as the pages."""

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from earlyhelp.audit.models import Access
from earlyhelp.directory.models import OnwardReferral
from earlyhelp.directory.transitions import onward as deeds

API = "/api/onward-referrals/"


@pytest.fixture
def calling(db):
    def as_user(user):
        client = APIClient()
        client.force_authenticate(user)
        return client

    return as_user


def test_the_list_holds_ones_own_and_names_nobody(calling, sent, practitioner, stranger):
    answer = calling(practitioner).get(API)

    assert [row["reference"] for row in answer.json()["results"]] == [sent.reference]
    assert "Gwen" not in answer.content.decode()
    assert calling(stranger).get(API).json()["results"] == []


def test_the_record_says_what_may_be_done_and_that_it_was_read_is_written_down(calling, sent, practitioner):
    record = calling(practitioner).get(f"{API}{sent.reference}/").json()

    assert (record["person"], record["given_by"], record["limits"]) == ("Gwen Harlow", "person", sent.limits)
    assert {move["name"] for move in record["moves"]} == {"withdraw", "send_anew", "follow_up"}
    assert Access.objects.filter(actor=practitioner, subject_id=sent.pk).exists()


def test_a_service_reads_what_it_is_told_and_answers(calling, sent, provider):
    client = calling(provider)
    record = client.get(f"{API}{sent.reference}/").json()
    assert (record["person"], record["given_by"], record["helped"]) == ("Gwen Harlow", None, None)

    moved = client.post(f"{API}{sent.reference}/give_back/", {"because": "full"}, format="json")
    assert moved.json()["status"] == "returned"


def test_returned_it_names_the_person_to_the_service_no_more(calling, sent, provider):
    deeds.give_back(sent, by=provider, now=timezone.now(), because="full")

    assert "Gwen" not in calling(provider).get(f"{API}{sent.reference}/").content.decode()


def test_what_is_not_theirs_is_refused_and_what_is_impossible_says_why(calling, sent, practitioner, provider, stranger):
    assert calling(stranger).get(f"{API}{sent.reference}/").status_code == 404
    assert calling(practitioner).post(f"{API}{sent.reference}/accept/").status_code == 403
    assert (
        calling(provider).post(f"{API}{sent.reference}/start/", {"started_on": "2026-03-02"}, format="json").status_code
        == 409
    )
    assert (
        calling(provider).post(f"{API}{sent.reference}/give_back/", {"because": "nonsense"}, format="json").status_code
        == 400
    )

    assert OnwardReferral.objects.get().status == "sent"


@pytest.mark.parametrize("n", [0, 20])
def test_twenty_take_as_many_queries_as_one(calling, sent, practitioner, n, django_assert_max_num_queries):
    for number in range(n):
        OnwardReferral.objects.create(
            reference=f"ON-T-{number}",
            person=sent.person,
            service=sent.service,
            made_by=practitioner,
            area=sent.area,
            made_at=sent.made_at,
            ended_at=sent.made_at,
            status="refused",
            why="Company.",
        )
    client = calling(practitioner)
    client.get(API)
    with django_assert_max_num_queries(7):
        client.get(API)
