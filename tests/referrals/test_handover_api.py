"""Hand-overs over the API: three answers, nobody's leave, and followed under the rules of the pages."""

import uuid

import pytest
from rest_framework.test import APIClient

from earlyhelp.audit.models import Access
from earlyhelp.notices.models import Notice
from referrals.models import SocialCareHandover
from tests.factories import FamilyFactory, UserFactory
from tests.referrals.factories import handed_over

API = "/api/handovers/"
WORRY = {"about": "A boy of six next door", "concern": "He cries every night.", "family_told": True}


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
def api(practitioner, access_worker):
    return Caller(practitioner)


def test_three_answers_hand_over_and_eh_access_hears_at_once(api, access_worker, practitioner):
    answer = api.post("", WORRY)

    handover = SocialCareHandover.objects.get()
    assert answer.status_code == 201, answer.content
    assert answer.json() == {
        "reference": handover.reference,
        "status": "sent",
        "status_label": handover.get_status_display(),
        "cautions": [],
    }
    assert (handover.author, handover.concern) == (practitioner, "He cries every night.")
    assert Notice.objects.get(to=access_worker).urgent


def test_whoever_has_no_post_and_no_agency_may(melton):
    assert Caller(UserFactory(agency=None)).post("", WORRY).status_code == 201


def test_the_same_key_again_is_one_hand_over(api):
    key = uuid.uuid4()

    assert api.post("", WORRY, key).json() == api.post("", WORRY, key).json()
    assert SocialCareHandover.objects.count() == 1


def test_without_a_key_it_is_refused(api):
    assert api.client.post(API, WORRY, format="json").status_code == 400
    assert not SocialCareHandover.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"about": ""},
        {"concern": None},
        {"concern": ["x"]},
        {"family_told": "perhaps"},
        {"family_told": None},
        {"family_told": False},  # and not why
        {"about": "x" * 256},
        {"concern": "\x00"},
        {"spoke_at": "yesterday"},
        {"record": ["EH-1"]},
    ],
)
def test_what_is_missing_or_nonsense_is_400_and_leaves_nothing_behind(api, wrong):
    assert api.post("", WORRY | wrong).status_code == 400
    assert not SocialCareHandover.objects.exists()


def test_told_why_the_family_does_not_know_and_whom_they_spoke_to(api):
    more = {"family_told": False, "not_told_why": "It might put him in danger.", "spoken_to": "Duty desk"}

    assert api.post("", WORRY | more).json()["status"] == "acknowledged"
    assert SocialCareHandover.objects.get().not_told_why == "It might put him in danger."


@pytest.mark.parametrize("when", ["1950-01-01T10:00:00Z", "2099-01-01T10:00:00Z"])
def test_a_conversation_that_cannot_have_been_is_refused_and_leaves_nothing_behind(api, when):
    answer = api.post("", WORRY | {"spoken_to": "Duty desk", "spoke_at": when})

    assert answer.status_code == 409
    assert "This conversation cannot be" in answer.json()["detail"]
    assert not SocialCareHandover.objects.exists()


def test_it_carries_the_record_it_is_about(led_case, worker):
    Caller(worker).post("", WORRY | {"record": led_case.reference})

    handover = SocialCareHandover.objects.get()
    assert (handover.case, handover.family) == (led_case, led_case.family)


def test_a_record_out_of_sight_holds_nothing_up_and_is_not_carried(api, led_case):
    assert api.post("", WORRY | {"record": led_case.reference}).status_code == 201
    assert SocialCareHandover.objects.get().case is None


def test_the_list_holds_those_in_sight_and_says_nothing_of_whom(api, practitioner, worker):
    mine, other = handed_over(by=practitioner), handed_over(by=worker)

    answer = api.get()

    assert [row["reference"] for row in answer.json()["results"]] == [mine.reference]
    assert "Bruises" not in answer.content.decode()
    assert api.get(f"{other.reference}/").status_code == 404
    assert api.get("H-NONE/").status_code == 404


def test_those_that_wait_for_social_care(api, practitioner):
    waiting = handed_over(by=practitioner)
    handed_over(by=practitioner, spoken_to="Duty desk")

    assert [row["reference"] for row in api.get("?show=waiting").json()["results"]] == [waiting.reference]
    assert api.get("?show=nonsense").status_code == 400


def test_the_record_says_what_may_be_done_and_that_it_was_read_is_written_down(api, practitioner):
    handover = handed_over(by=practitioner)

    record = api.get(f"{handover.reference}/").json()

    assert {move["name"] for move in record["moves"]} == {"acknowledge", "call"}
    assert record["concern"] == "Bruises again."
    assert Access.objects.filter(actor=practitioner, subject_id=handover.pk).exists()


def test_moves_are_the_pages_own(api, practitioner):
    handover = handed_over(by=practitioner)

    wrong = api.post(f"{handover.reference}/acknowledge/", {})
    right = api.post(f"{handover.reference}/acknowledge/", {"spoken_to": "Duty desk", "their_reference": "SC-1"})
    again = api.post(f"{handover.reference}/acknowledge/", {"spoken_to": "Duty desk"})

    assert [each.status_code for each in (wrong, right, again)] == [400, 200, 409]
    assert right.json()["status"] == "acknowledged"


def test_a_call_with_the_same_token_is_written_down_once(api, practitioner):
    handover = handed_over(by=practitioner)
    call = {"token": str(uuid.uuid4()), "said": "Nobody answered."}

    codes = [api.post(f"{handover.reference}/call/", call).status_code for _ in range(2)]

    assert codes == [200, 200]
    assert handover.calls.count() == 1


def test_what_only_time_brings_about_and_what_is_out_of_sight_cannot_be_done(api, practitioner, worker):
    mine, other = handed_over(by=practitioner), handed_over(by=worker)

    assert api.post(f"{mine.reference}/chase/", {}).status_code == 404
    assert api.post(f"{other.reference}/acknowledge/", {"spoken_to": "x"}).status_code == 404
    other.refresh_from_db()
    assert other.status == "sent"


def test_who_only_takes_note_may_do_nothing(led_case, worker, practitioner, chair):
    handover = handed_over(by=practitioner, case=led_case)

    record = Caller(chair).get(f"{handover.reference}/").json()
    assert record["moves"] == []
    assert Caller(chair).post(f"{handover.reference}/acknowledge/", {"spoken_to": "x"}).status_code == 403


@pytest.mark.parametrize("n", [1, 20])
def test_twenty_take_as_many_queries_as_one(api, practitioner, melton, n, django_assert_max_num_queries):
    for _ in range(n):
        handed_over(by=practitioner, family=FamilyFactory(area=melton))
    with django_assert_max_num_queries(5):
        assert len(api.get().json()["results"]) == n


def test_nobody_reads_them_without_signing_in(db):
    assert APIClient().get(API).status_code in (401, 403)
