"""Referrals over the API: the pages' own rules, said in HTTP."""

import uuid

import pytest
from rest_framework.test import APIClient

from referrals.enums import Status
from referrals.models import Referral
from tests.factories import MONDAY, FamilyFactory, MemberFactory, PersonFactory, ServiceFactory
from tests.referrals.factories import sent, taken

LIST = "/api/referrals/"
SAID = {
    "why_now": "Arrears.",
    "tried": "A plan.",
    "wants": "Calm.",
    "safeguarding": "no",
    "urgent": False,
    "source_kind": "housing",
    "contact_phone": "01632 960 100",
    "needs": ["housing", "money"],
    "submit": True,
}


def api_of(user):
    api = APIClient()
    api.force_authenticate(user)
    return api


@pytest.fixture
def api(practitioner):
    return api_of(practitioner)


@pytest.fixture
def family(melton, practitioner):
    family = FamilyFactory(area=melton, created_by=practitioner)
    MemberFactory(family=family, person=PersonFactory(born_on=MONDAY.date().replace(year=1990)), role="parent")
    return family


def whole(family, /, **said):
    mother = family.memberships.get().person_id
    return SAID | {"family": family.reference, "agreements": [{"person": mother, "status": "given"}]} | said


def post(api, data, key=None):
    return api.post(LIST, data, format="json", headers={"Idempotency-Key": str(key or uuid.uuid4())})


def test_a_whole_referral_is_written_and_sent_in_one_call(api, family, practitioner):
    response = post(api, whole(family))

    referral = Referral.objects.get()
    assert response.status_code == 201, response.content
    assert response.json()["status"] == "submitted"
    assert (referral.status, referral.author, referral.needs) == (Status.SUBMITTED, practitioner, ["housing", "money"])


def test_the_same_key_again_makes_no_second_one(api, family):
    key = uuid.uuid4()

    first, second = post(api, whole(family), key), post(api, whole(family), key)

    assert first.json() == second.json()
    assert Referral.objects.count() == 1


def test_without_a_key_nothing_is_taken(api, family):
    assert api.post(LIST, whole(family), format="json").status_code == 400
    assert not Referral.objects.exists()


def test_what_is_missing_is_409_and_leaves_nothing_behind(api, family):
    response = post(api, whole(family, wants=""))

    assert response.status_code == 409
    assert "What the family wants" in response.json()["detail"]
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"why_now": None},
        {"why_now": ["x"]},
        {"why_now": {"a": 1}},
        {"needs": "housing"},
        {"needs": [None]},
        {"needs": ["nothing"]},
        {"urgent": "perhaps"},
        {"safeguarding": 7},
        {"family": None},
        {"family": "FAM-NONE"},
        {"family": {"$ne": ""}},
        {"agreements": "yes"},
        {"agreements": [{"person": -1, "status": "given"}]},
        {"agreements": [{"person": 10**30, "status": "given"}]},
        {"agreements": [{"person": 999999, "status": "given"}]},
        {"agreements": [None]},
        {"submit": "maybe"},
        {"contact_phone": "1" * 500},
        {"wants": "\x00"},
        {"proposed_level": 9},
        {"agreements": [{"person": 1, "status": "not_asked"}]},
    ],
)
def test_nonsense_is_400_and_leaves_nothing_behind(api, family, wrong):
    assert post(api, whole(family, **wrong)).status_code == 400
    assert not Referral.objects.exists()


@pytest.mark.parametrize("body", [[], None, "text", 7, [1, 2]])
def test_a_body_that_is_no_object_is_400(api, body):
    assert post(api, body).status_code == 400


def test_a_draft_begun_on_the_page_is_not_written_over(api, family):
    post(api, {"family": family.reference, "wants": "Mine."})

    response = post(api, whole(family))

    assert response.status_code == 409
    assert Referral.objects.get().wants == "Mine."


def test_the_list_and_the_record_show_only_what_is_in_sight(api, melton, practitioner, worker):
    mine, other = sent(area=melton, author=practitioner), sent(area=melton, author=worker)

    listed = api.get(LIST).json()["results"]

    assert [row["reference"] for row in listed] == [mine.reference]
    assert api.get(f"{LIST}{mine.reference}/").json()["moves"] == [{"name": "withdraw", "label": "Withdraw"}]
    assert api.get(f"{LIST}{other.reference}/").status_code == 404
    assert api.get(f"{LIST}R-NONE/").status_code == 404


@pytest.mark.parametrize("query", ["status=nonsense"])
def test_a_filter_that_is_not_understood_is_said(api, query):
    assert api.get(f"{LIST}?{query}").status_code == 400


def test_moves_go_through_the_pages_own_forms(access_worker, melton, practitioner):
    referral = taken(area=melton, author=practitioner, by=access_worker)
    api, service = api_of(access_worker), ServiceFactory()
    facts = {"reason": "r", "message": "m", "level_of_need": 2, "services": [service.pk], "family_told": True}

    wrong = api.post(f"{LIST}{referral.reference}/signpost/", facts | {"services": [0]}, format="json")
    right = api.post(f"{LIST}{referral.reference}/signpost/", facts, format="json")
    again = api.post(f"{LIST}{referral.reference}/signpost/", facts, format="json")

    assert [each.status_code for each in (wrong, right, again)] == [400, 200, 409]
    assert right.json()["status"] == "signposted"


def test_stepping_up_asks_why_only_if_the_family_was_not_told(access_worker, melton, practitioner):
    referral = taken(area=melton, author=practitioner, by=access_worker)
    api, address = api_of(access_worker), f"{LIST}{referral.reference}/step_up/"

    refused = api.post(address, {"reason": "r", "message": "m", "family_told": False}, format="json")
    done = api.post(address, {"reason": "r", "message": "m", "family_told": True}, format="json")

    assert (refused.status_code, done.status_code) == (400, 200), done.content


def test_what_is_not_yours_to_do_is_403_and_what_you_cannot_see_404(api, melton, practitioner, worker):
    mine, other = sent(area=melton, author=practitioner), sent(area=melton, author=worker)

    assert api.post(f"{LIST}{mine.reference}/take/", {}, format="json").status_code == 403
    assert api.post(f"{LIST}{other.reference}/take/", {}, format="json").status_code == 404
    assert api.post(f"{LIST}{mine.reference}/conquer/", {}, format="json").status_code == 404
    assert api.post(f"{LIST}{mine.reference}/by_itself/", {}, format="json").status_code == 404


def test_nobody_reads_it_without_signing_in(db):
    assert APIClient().get(LIST).status_code in (401, 403)
