"""The directory over the API: found as on the page, kept by those who keep it."""

import pytest
from rest_framework.test import APIClient

from earlyhelp.directory.models import Service
from tests.factories import AreaFactory, ServiceFactory

API = "/api/services/"


def api_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def names(answer):
    return [row["name"] for row in answer.json()["results"]]


def test_services_are_found_as_on_the_page_the_nearest_first(practitioner, melton):
    village = AreaFactory(name="Asfordby", parent=melton, kind="locality")
    for name, areas in {"A county one": [], "B district one": [melton], "C village one": [village]}.items():
        ServiceFactory(name=name, needs=["money"]).areas.set(areas)
    ServiceFactory(name="Other", needs=["health"])
    ServiceFactory(name="Gone", needs=["money"], withdrawn=True)

    found = api_of(practitioner).get(API, {"need": "money", "area": village.pk})

    assert names(found) == ["C village one", "B district one", "A county one"]
    assert found.json()["results"][0]["areas"] == ["Asfordby"]


@pytest.mark.parametrize("query", [{"need": "nonsense"}, {"area": "x"}, {"age": "old"}])
def test_a_filter_that_is_not_understood_is_said(practitioner, query):
    assert api_of(practitioner).get(API, query).status_code == 400


def test_no_address_for_referrals_is_told(practitioner, befriending):
    for path in (API, f"{API}{befriending.pk}/"):
        assert befriending.email not in api_of(practitioner).get(path).content.decode()


def test_those_who_keep_it_are_offered_moves_and_others_none(adviser, practitioner, befriending):
    path = f"{API}{befriending.pk}/"

    assert [move["name"] for move in api_of(adviser).get(path).json()["moves"]] == ["say_checked", "withdraw"]
    assert api_of(practitioner).get(path).json()["moves"] == []


def test_it_is_withdrawn_with_a_reason_and_brought_back(adviser, befriending):
    client, path = api_of(adviser), f"{API}{befriending.pk}/"

    assert client.post(f"{path}withdraw/", {}, format="json").status_code == 400
    withdrawn = client.post(f"{path}withdraw/", {"reason": "No money."}, format="json")
    assert (withdrawn.status_code, withdrawn.json()["status"]) == (200, "defunct")
    assert client.post(f"{path}withdraw/", {"reason": "Again."}, format="json").status_code == 409
    assert client.get(path).json()["withdrawn_because"] == "No money."
    assert client.post(f"{path}bring_back/", {}, format="json").json()["status"] == "active"


def test_nobody_else_moves_it(practitioner, befriending):
    client = api_of(practitioner)

    assert client.post(f"{API}{befriending.pk}/withdraw/", {"reason": "x"}, format="json").status_code == 403
    assert client.post(f"{API}{befriending.pk}/conquer/", {}, format="json").status_code == 404
    assert client.get(f"{API}{10**17}/").status_code == 404
    assert Service.objects.get().status == "active"


@pytest.mark.parametrize("n", [1, 20])
def test_twenty_take_as_many_queries_as_one(practitioner, melton, n, django_assert_max_num_queries):
    for service in ServiceFactory.create_batch(n):
        service.areas.set([melton])
    with django_assert_max_num_queries(4):
        assert len(api_of(practitioner).get(API).json()["results"]) == n


def test_nobody_reads_it_without_signing_in(db):
    assert APIClient().get(API).status_code in (401, 403)
