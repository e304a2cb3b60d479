"""A checklist over the API: the pages' own rules, forms and moves, said in HTTP."""

import uuid
from datetime import date

import pytest
from rest_framework.test import APIClient

from earlyhelp.audit.models import Access
from earlyhelp.directory.models import OnwardReferral
from referrals.models import ChecklistAnswer, ChecklistResponse, SocialCareHandover
from referrals.services.checklist import begin
from referrals.transitions import checklist as deeds
from tests.factories import MONDAY, FamilyFactory, MemberFactory, PersonFactory, ServiceFactory
from tests.referrals.factories import sent

API = "/api/checklists/"
YES = {"given_by": "person", "given_how": "phone"}


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
def api(adviser):
    return Caller(adviser)


@pytest.fixture
def befriending(melton):
    service = ServiceFactory(name="Befriending", needs=["connection"], email="befriending@example.org")
    service.areas.add(melton)
    return service


@pytest.fixture
def known(melton, practitioner):
    """Somebody with whom the practitioner works."""
    person = PersonFactory(first_name="Ida", born_on="1980-01-01", area=melton)
    MemberFactory(family=FamilyFactory(area=melton, created_by=practitioner), person=person, role="parent")
    return person


def suggestion(response, code):
    return response.suggestions.get(rule__code=code)


def to(response, code, move=""):
    return f"{response.reference}/suggestions/{suggestion(response, code).pk}/{f'{move}/' if move else ''}"


def token(**more):
    return {"token": str(uuid.uuid4())} | more


# --- from the first to the last ----------------------------------------------------------------------------------------


def test_begun_answered_and_talked_over_without_a_page(api, gwens_contact, befriending):
    named = {"first_name": "Gwen", "last_name": "Invented", "about": "adult", "agreed_by": "She herself"}
    begun = api.post("", {"contact": gwens_contact.reference} | named)
    assert begun.status_code == 201, begun.content
    reference = begun.json()["reference"]

    record = api.get(f"{reference}/").json()
    assert [(page["voice"], page["answered"]) for page in record["pages"]] == [("adult", False)]
    codes = [question["code"] for question in record["pages"][0]["questions"]]
    assert {"lonely", "memory"} <= set(codes)

    said = {"voice": "adult", "answers": {"lonely": "yes"}, "comments": {"lonely": "Since May."}}
    answered = api.post(f"{reference}/answers/", said)
    assert answered.json()["status"] == "asked"

    record = api.get(f"{reference}/").json()
    [company] = [each for each in record["suggestions"] if each["title"].startswith("Company")]
    assert company["reasons"] == ["Often feels lonely or left out: yes"]
    assert {move["name"] for move in company["moves"]} == {"agree", "not_now", "decline"}

    one = api.get(f"{reference}/suggestions/{company['id']}/").json()
    assert [service["name"] for service in one["services"]] == ["Befriending"]
    yes = token(service=str(befriending.pk), words="Company on weekday mornings.", reach="", **YES)
    agreed = api.post(f"{reference}/suggestions/{company['id']}/agree/", yes)

    onward = OnwardReferral.objects.get()
    assert agreed.status_code == 200, agreed.content
    assert (agreed.json()["status"], agreed.json()["went_reference"]) == ("yes", onward.reference)
    assert (onward.status, onward.service) == ("sent", befriending)


# --- beginning ---------------------------------------------------------------------------------------------------------


def test_whoever_works_with_a_person_asks_them(practitioner, known):
    begun = Caller(practitioner).post("", {"person": known.pk, "about": "adult", "agreed_by": "She herself"})

    assert begun.status_code == 201, begun.content
    assert ChecklistResponse.objects.get().person == known


def test_from_a_referral_one_of_its_people_is_asked(practitioner, melton):
    referral = sent(area=melton, author=practitioner)
    mother = referral.family.memberships.get(role="parent").person
    said = {"referral": referral.reference, "about": "adult", "agreed_by": "She herself"}

    begun = Caller(practitioner).post("", said | {"person": mother.pk})
    stranger = Caller(practitioner).post("", said | {"person": PersonFactory().pk})

    assert (begun.status_code, stranger.status_code) == (201, 400)
    assert ChecklistResponse.objects.get().referral == referral


def test_the_same_key_again_begins_no_second_one(practitioner, known):
    key, said = uuid.uuid4(), {"person": known.pk, "about": "adult", "agreed_by": "She herself"}
    caller = Caller(practitioner)

    assert caller.post("", said, key).json() == caller.post("", said, key).json()
    assert ChecklistResponse.objects.count() == 1


def test_without_a_key_nothing_is_begun(practitioner, known):
    said = {"person": known.pk, "about": "adult", "agreed_by": "She herself"}

    assert Caller(practitioner).client.post(API, said, format="json").status_code == 400
    assert not ChecklistResponse.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"agreed_by": ""}, 400),
        ({"agreed_by": None}, 400),
        ({"about": "nobody"}, 400),
        ({"person": 0}, 400),
        ({"person": "x"}, 400),
        ({"person": 10**30}, 400),
        ({"person": None}, 400),
        ({"person": 999_999_999}, 404),
        ({"contact": "C-1", "referral": "R-1"}, 400),
        ({"contact": "C-NONE"}, 404),
        ({"referral": "R-NONE"}, 404),
        ({"about": "child"}, 409),
    ],
)
def test_what_cannot_be_begun_is_refused_and_leaves_nothing_behind(practitioner, known, wrong, code):
    said = {"person": known.pk, "about": "adult", "agreed_by": "She herself"} | wrong

    assert Caller(practitioner).post("", said).status_code == code
    assert not ChecklistResponse.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "other_worker", "admin", "service_manager"])
def test_whoever_does_not_work_with_them_asks_nothing(request, known, gwens_contact, who):
    caller = Caller(request.getfixturevalue(who))
    said = {"about": "adult", "agreed_by": "She herself"}

    assert caller.post("", said | {"person": known.pk}).status_code == 404
    assert caller.post("", said | {"contact": gwens_contact.reference, "first_name": "G"}).status_code == 404
    assert not ChecklistResponse.objects.exists()


# --- answering ---------------------------------------------------------------------------------------------------------


def test_an_answer_sent_again_with_its_key_counts_once(api, asking):
    key, said = uuid.uuid4(), {"voice": "adult", "answers": {"lonely": "yes"}}

    codes = [api.post(f"{asking.reference}/answers/", said, key).status_code for _ in range(2)]

    assert codes == [200, 200]
    assert ChecklistAnswer.objects.count() == 1


def test_a_key_that_was_spent_on_something_else_does_nothing_and_says_so(practitioner, known):
    key, caller = uuid.uuid4(), Caller(practitioner)
    begun = caller.post("", {"person": known.pk, "about": "adult", "agreed_by": "She herself"}, key).json()["reference"]

    refused = caller.post(f"{begun}/answers/", {"voice": "adult", "answers": {"lonely": "yes"}}, key)

    assert refused.status_code == 409
    assert "nothing was done" in refused.text
    assert not ChecklistAnswer.objects.exists()


def test_answered_already_it_is_said_and_nothing_is_written_over(api, asked):
    before = list(ChecklistAnswer.objects.values_list("question__code", "value"))

    again = api.post(f"{asked.reference}/answers/", {"voice": "adult", "answers": {"falls": "yes"}})

    assert again.status_code == 409
    assert list(ChecklistAnswer.objects.values_list("question__code", "value")) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"voice": "child"},
        {"voice": "nobody"},
        {"answers": {"lonely": "perhaps"}},
        {"answers": {"school": "yes"}},
        {"answers": {"nonsense": "yes"}},
        {"answers": ["lonely"]},
        {"answers": "yes"},
        {"answers": None},
        {"comments": {"nonsense": "x"}},
        {"comments": {"lonely": "x" * 501}},
        {"answers": {"lonely": "\x00"}},
    ],
)
def test_nonsense_is_400_and_is_not_written_down(api, asking, wrong):
    said = {"voice": "adult", "answers": {"lonely": "yes"}} | wrong

    assert api.post(f"{asking.reference}/answers/", said).status_code == 400
    assert not ChecklistAnswer.objects.exists()


def test_nothing_answered_is_409(api, asking):
    assert api.post(f"{asking.reference}/answers/", {"voice": "adult", "answers": {}}).status_code == 409
    assert not ChecklistAnswer.objects.exists()


# --- reading -----------------------------------------------------------------------------------------------------------


def test_the_list_holds_what_is_in_sight_and_names_nobody(api, asked, practitioner):
    answer = api.get()

    assert [row["reference"] for row in answer.json()["results"]] == [asked.reference]
    assert "Gwen" not in answer.content.decode()
    assert Caller(practitioner).get().json()["results"] == []


def test_a_filter_that_is_not_understood_is_said(api, asked):
    assert api.get("?status=nonsense").status_code == 400
    assert api.get("?status=asking").json()["results"] == []


def test_that_a_record_was_read_is_written_down(api, asked, adviser):
    api.get(f"{asked.reference}/")

    assert Access.objects.filter(actor=adviser, subject_id=asked.pk).exists()


def test_out_of_sight_is_404_and_so_is_missing(asked, practitioner):
    caller = Caller(practitioner)

    for path in (f"{asked.reference}/", "CL-NONE/", to(asked, "company")):
        assert caller.get(path).status_code == 404
    for path in (f"{asked.reference}/stop/", f"{asked.reference}/answers/", to(asked, "company", "decline")):
        assert caller.post(path, {}).status_code == 404


@pytest.mark.parametrize("n", [1, 20])
def test_twenty_take_as_many_queries_as_one(api, asked, adviser, gwens_contact, n, django_assert_max_num_queries):
    for number in range(n - 1):
        ChecklistResponse.objects.create(
            reference=f"CL-T-{number}",
            set=asked.set,
            person=asked.person,
            about="adult",
            contact=gwens_contact,
            area=asked.area,
            agreed_by="She",
            by=adviser,
            at=MONDAY,
        )
    with django_assert_max_num_queries(6):
        assert len(api.get().json()["results"]) == n


def test_a_record_takes_no_query_for_each_suggestion(api, asked, django_assert_max_num_queries):
    assert asked.suggestions.count() > 3
    with django_assert_max_num_queries(12):
        api.get(f"{asked.reference}/")


# --- talking it over ---------------------------------------------------------------------------------------------------


def test_a_no_and_a_not_now_send_nothing(api, asked):
    no = api.post(to(asked, "company", "decline"), token(note="Not today."))
    later = api.post(to(asked, "memory", "not_now"), token())

    assert (no.json()["status"], later.json()["status"]) == ("no", "later")
    assert not OnwardReferral.objects.exists()


def test_the_same_token_again_refers_once(api, asked, befriending):
    yes = token(service=str(befriending.pk), words="Company.", reach="Ring before noon", **YES)

    codes = [api.post(to(asked, "company", "agree"), yes).status_code for _ in range(2)]

    assert codes == [200, 200]
    assert OnwardReferral.objects.count() == 1


def test_answered_already_it_is_said(api, asked):
    api.post(to(asked, "company", "decline"), token())

    assert api.post(to(asked, "company", "decline"), token()).status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"service": "999999999"},
        {"service": ""},
        {"service": None},
        {"given_by": ""},
        {"given_by": "nobody"},
        {"given_how": ""},
        {"words": ""},
        {"given_by": "decider"},
        {"token": "x"},
    ],
)
def test_a_yes_that_is_not_whole_is_400_and_sends_nothing(api, asked, befriending, wrong):
    yes = token(service=str(befriending.pk), words="Company.", reach="Ring", **YES) | wrong

    assert api.post(to(asked, "company", "agree"), yes).status_code == 400
    assert suggestion(asked, "company").status == "open"
    assert not OnwardReferral.objects.exists()


def test_a_service_that_does_not_fit_is_not_taken(api, asked, befriending):
    other = ServiceFactory(name="Debt advice", needs=["money"], email="debt@example.org")
    yes = token(service=str(other.pk), words="Company.", reach="Ring", **YES)

    assert api.post(to(asked, "company", "agree"), yes).status_code == 400
    assert not OnwardReferral.objects.exists()


def test_a_sign_of_harm_offers_one_move_and_takes_no_yes(api, asking):
    api.post(f"{asking.reference}/answers/", {"voice": "adult", "answers": {"hurt": "yes"}})
    record = api.get(f"{asking.reference}/").json()

    [harm] = [each for each in record["suggestions"] if each["outcome"] == "urgent"]
    assert [move["name"] for move in harm["moves"]] == ["deal_with"]
    assert api.post(to(asking, "harm", "decline"), token()).status_code == 409
    dealt = api.post(to(asking, "harm", "deal_with"), token(note="Social care knows, and visits today."))
    assert dealt.json()["status"] == "dealt_with"


def test_a_move_or_a_suggestion_that_is_not_there_is_404(api, asked):
    assert api.post(to(asked, "company", "conquer"), token()).status_code == 404
    assert api.post(f"{asked.reference}/suggestions/999999/decline/", token()).status_code == 404
    assert api.get(f"{asked.reference}/suggestions/{10**17}/").status_code == 404


# --- stopping, and handing over ----------------------------------------------------------------------------------------


def test_it_is_stopped_with_a_reason(api, asking):
    assert api.post(f"{asking.reference}/stop/", {}).status_code == 400
    assert api.post(f"{asking.reference}/stop/", {"reason": "She is tired."}).json()["status"] == "stopped"
    assert api.post(f"{asking.reference}/stop/", {"reason": "Again."}).status_code == 409


def test_it_is_handed_over_at_any_time(api, asking, adviser):
    what = token(about="Gwen", concern="She says that he hits her.", family_told=True)

    codes = [api.post(f"{asking.reference}/hand_over/", what).status_code for _ in range(2)]

    assert codes == [200, 200]
    assert api.get(f"{asking.reference}/").json()["handover"] == SocialCareHandover.objects.get().reference


def test_who_only_sees_the_person_reads_it_and_may_hand_over_and_nothing_else(led_case, worker, coordinator):
    person = MemberFactory(family=led_case.family, person=PersonFactory(born_on=date(1980, 1, 1)), role="parent").person
    response = begin(person=person, about="adult", agreed_by="She", by=worker, now=MONDAY)
    reads = Caller(coordinator)

    assert [move["name"] for move in reads.get(f"{response.reference}/").json()["moves"]] == ["hand_over"]
    said = {"voice": "adult", "answers": {"lonely": "yes"}}
    assert reads.post(f"{response.reference}/answers/", said).status_code == 404
    assert reads.post(f"{response.reference}/stop/", {"reason": "x"}).status_code == 403

    response = deeds.answer(response, by=worker, now=MONDAY, voice="adult", answers={"lonely": "yes"})
    record = reads.get(f"{response.reference}/").json()
    assert {len(each["moves"]) for each in record["suggestions"]} == {0}
    assert reads.post(to(response, "company", "decline"), token()).status_code == 404
    assert suggestion(response, "company").status == "open"


def test_nobody_reads_it_without_signing_in(db):
    assert APIClient().get(API).status_code in (401, 403)
