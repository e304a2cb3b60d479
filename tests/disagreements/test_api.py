"""Disagreements over the API, under the rules of the pages; and the way to them in the menu."""

import uuid

import pytest
from rest_framework.test import APIClient

from earlyhelp.audit.models import Access
from earlyhelp.disagreements.enums import About
from earlyhelp.disagreements.models import Disagreement
from earlyhelp.disagreements.transitions import resolve, take_further
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from tests.disagreements.factories import SAID, disagreed
from tests.factories import MONDAY, CaseFactory, FamilyFactory, PostFactory
from tests.referrals.factories import handed_over

API = "/api/disagreements/"
ENDS = {"outcome": "No agreement.", "spoke_with": "Two managers."}


class Caller:
    def __init__(self, user):
        self.client = APIClient()
        self.client.force_authenticate(user)

    def get(self, path=""):
        return self.client.get(f"{API}{path}")

    def post(self, path, data, key=None):
        headers = {"Idempotency-Key": str(key or uuid.uuid4())}
        return self.client.post(f"{API}{path}", data, format="json", headers=headers)


@pytest.fixture
def raised(led_case, worker, chair):
    return disagreed(by=worker, record=led_case)


def test_whoever_sees_the_case_records_one_and_those_who_decided_hear(led_case, worker, chair):
    answer = Caller(worker).post("", SAID | {"record": led_case.reference, "about": "tier"})

    row = Disagreement.objects.get()
    assert answer.status_code == 201, answer.content
    assert answer.json() == {"reference": row.reference, "status": "open", "stage": 1}
    assert (row.raised_by, row.meanwhile) == (worker, SAID["meanwhile"])
    assert Notice.objects.filter(to=chair).exists()


def test_the_same_key_again_records_one(led_case, worker):
    key, said, caller = uuid.uuid4(), SAID | {"record": led_case.reference, "about": "tier"}, Caller(worker)

    assert caller.post("", said, key).json() == caller.post("", said, key).json()
    assert Disagreement.objects.count() == 1


def test_another_key_for_what_is_open_already_is_409(raised, led_case, worker):
    assert Caller(worker).post("", SAID | {"record": led_case.reference, "about": "tier"}).status_code == 409
    assert Disagreement.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"record": "EH-9999-999999"},
        {"record": ""},
        {"record": None},
        {"about": "weather"},
        {"about": "handover"},  # not decided in a case
        {"why": ""},
        {"meanwhile": " "},
        {"decision": ["x"]},
        {"why": "\x00"},
    ],
)
def test_what_is_missing_or_nonsense_is_400_and_leaves_nothing_behind(led_case, worker, wrong):
    said = SAID | {"record": led_case.reference, "about": "tier"} | wrong

    assert Caller(worker).post("", said).status_code == 400
    assert not Disagreement.objects.exists()


def test_without_a_key_it_is_400(led_case, worker):
    said = SAID | {"record": led_case.reference, "about": "tier"}

    assert Caller(worker).client.post(API, said, format="json").status_code == 400
    assert not Disagreement.objects.exists()


def test_a_case_out_of_sight_is_as_if_it_were_not_there(led_case, stranger):
    answers = [
        Caller(stranger).post("", SAID | {"record": record, "about": "tier"}).json()
        for record in (led_case.reference, "EH-9999-999999")
    ]

    assert answers[0] == answers[1]
    assert not Disagreement.objects.exists()


def test_about_a_hand_over_one_may_disagree_too(practitioner, access_worker, melton):
    handover = handed_over(by=practitioner, family=FamilyFactory(area=melton))

    answer = Caller(access_worker).post("", SAID | {"record": handover.reference, "about": "handover"})

    assert answer.status_code == 201, answer.content
    assert Disagreement.objects.get().about == About.HANDOVER


def test_the_list_holds_what_is_in_sight(raised, worker, stranger):
    answer = Caller(worker).get()

    assert [row["reference"] for row in answer.json()["results"]] == [raised.reference]
    assert raised.why not in answer.content.decode()
    assert Caller(stranger).get().json()["results"] == []


def test_the_open_ones_alone(raised, worker):
    resolve(raised, by=worker, now=MONDAY, **ENDS)

    assert Caller(worker).get("?show=open").json()["results"] == []
    assert Caller(worker).get("?show=nonsense").status_code == 400


def test_a_record_says_its_stages_and_what_may_be_done_and_is_written_down_as_read(raised, worker):
    record = Caller(worker).get(f"{raised.reference}/").json()

    assert {move["name"] for move in record["moves"]} == {"resolve", "take_further", "set_meanwhile"}
    assert [stage["stage"] for stage in record["stages"]] == [1]
    assert Access.objects.filter(actor=worker, subject_id=raised.pk).exists()


def test_it_goes_through_its_stages_and_is_settled(raised, worker):
    caller = Caller(worker)

    for stage in (2, 3, 4):
        assert caller.post(f"{raised.reference}/take_further/", ENDS).json()["stage"] == stage
    assert "take_further" not in {move["name"] for move in caller.get(f"{raised.reference}/").json()["moves"]}
    assert caller.post(f"{raised.reference}/take_further/", ENDS).status_code == 409
    assert caller.post(f"{raised.reference}/resolve/", {"outcome": "x"}).status_code == 400
    assert caller.post(f"{raised.reference}/resolve/", ENDS).json()["status"] == "resolved"
    assert caller.post(f"{raised.reference}/resolve/", ENDS).status_code == 409


def test_who_only_reads_of_it_does_nothing_and_who_does_not_finds_nothing(raised, coordinator, stranger):
    assert Caller(coordinator).get(f"{raised.reference}/").json()["moves"] == []
    assert Caller(coordinator).post(f"{raised.reference}/resolve/", ENDS).status_code == 403
    assert Caller(stranger).get(f"{raised.reference}/").status_code == 404
    assert Caller(stranger).post(f"{raised.reference}/resolve/", ENDS).status_code == 404
    assert Caller(coordinator).post(f"{raised.reference}/conquer/", {}).status_code == 404
    raised.refresh_from_db()
    assert raised.status == "open"


@pytest.mark.parametrize("rows", [1, 20])
def test_a_list_of_many_asks_no_more_than_a_list_of_one(worker, melton, rows, django_assert_max_num_queries):
    for _ in range(rows):
        disagreed(by=worker, record=CaseFactory.led_by(worker, area=melton))
    with django_assert_max_num_queries(5):
        assert len(Caller(worker).get().json()["results"]) == rows


def test_nobody_reads_them_without_signing_in(db):
    assert APIClient().get(API).status_code in (401, 403)


# --- the way to them in the menu ---------------------------------------------------------------------------------------


def in_menu(client, user):
    client.force_login(user)
    return 'href="/disagreements/"' in client.get("/notices/").content.decode()


def test_whoever_raised_one_finds_it_in_the_menu_at_every_stage_until_it_is_settled(client, raised, worker):
    assert in_menu(client, worker)
    for _ in range(2):
        take_further(raised, by=worker, now=MONDAY, **ENDS)
        assert in_menu(client, worker)

    resolve(raised, by=worker, now=MONDAY, **ENDS)
    assert not in_menu(client, worker)


def test_those_of_a_stage_find_it_from_then_on(client, raised, worker, manager, service_manager):
    assert [in_menu(client, user) for user in (manager, service_manager)] == [False, False]
    take_further(raised, by=worker, now=MONDAY, **ENDS)
    assert [in_menu(client, user) for user in (manager, service_manager)] == [True, False]
    take_further(raised, by=worker, now=MONDAY, **ENDS)
    assert [in_menu(client, user) for user in (manager, service_manager)] == [True, True]


def test_nobody_else_has_it_in_their_menu(client, raised, worker, stranger, practitioner, charnwood):
    elsewhere = PostFactory(role=Role.TEAM_MANAGER, area=charnwood).user
    take_further(raised, by=worker, now=MONDAY, **ENDS)

    assert [in_menu(client, user) for user in (stranger, practitioner, elsewhere)] == [False, False, False]


def test_whom_the_menu_leads_there_sees_what_it_leads_to(client, raised, worker, manager, chair):
    take_further(raised, by=worker, now=MONDAY, **ENDS)

    for user in (worker, manager):
        assert in_menu(client, user)
        assert raised.reference in client.get("/disagreements/").content.decode()
