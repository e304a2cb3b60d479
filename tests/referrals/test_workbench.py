"""The workbench of EH Access, the agency’s answer page and the hand-over page."""

import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from earlyhelp.cases.models import Case
from referrals.enums import HandoverStatus, RequestStatus, Status
from referrals.models import InformationRequest, SocialCareHandover
from referrals.queries import matches
from referrals.transitions.referral import accept, ask_agencies, take
from tests.factories import CaseFactory, FamilyFactory, MemberFactory, PersonFactory, ServiceFactory, UserFactory
from tests.referrals.factories import handed_over, sent, taken

HUB = {"reason": "r", "message": "m", "level_of_need": 3, "proposed_tier": 2, "urgent": False}


def text(response):
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode())


@pytest.fixture
def desk(client, access_worker):
    """The access worker, signed in."""
    client.force_login(access_worker)
    return client


def do(referral, name):
    return reverse("referrals:move", args=[referral.reference, name])


# --- the queue ---------------------------------------------------------------------------------------------------------


def test_the_tabs_count_what_is_behind_them(desk, melton, practitioner, access_worker):
    sent(area=melton, author=practitioner)
    taken(area=melton, author=practitioner, by=access_worker)

    shown = desk.get(reverse("referrals:triage"))

    assert {item["label"]: item["count"] for item in shown.context["items"]} == {
        "New": 1,
        "Check first": 0,
        "Asking agencies": 0,
        "Ready to decide": 1,
        "Overdue": 2,
        "Messages": 0,
        "Done today": 0,
    }


@pytest.mark.parametrize("tab", ["new", "asking", "ready", "overdue", "decided", "nonsense", "", "x" * 3000])
def test_every_tab_opens_whatever_the_address_says(desk, referral, tab):
    assert desk.get(reverse("referrals:triage"), {"tab": tab}).status_code == 200


def test_what_is_overdue_stands_first_and_in_red(desk, referral):
    assert "eh-when--late" in desk.get(reverse("referrals:triage")).content.decode()


def test_what_was_decided_today_is_on_its_tab(desk, in_triage, access_worker):
    accept(in_triage, by=access_worker, now=timezone.now(), **HUB)

    assert in_triage.reference in text(desk.get(reverse("referrals:triage"), {"tab": "decided"}))


@pytest.mark.parametrize("who", ["practitioner", "chair", "worker", "manager"])
def test_the_queue_is_empty_for_everybody_else(client, request, referral, who):
    client.force_login(request.getfixturevalue(who))

    assert referral.reference not in text(client.get(reverse("referrals:triage")))


@pytest.mark.parametrize("rows", [1, 20])
def test_the_queue_takes_as_many_queries_for_twenty_as_for_one(
    desk, melton, practitioner, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        sent(area=melton, author=practitioner)

    desk.get(reverse("referrals:triage"))  # the session is written down as used once a minute

    with django_assert_max_num_queries(7):
        desk.get(reverse("referrals:triage"))


# --- one referral ------------------------------------------------------------------------------------------------------


def test_the_loser_of_a_race_is_told_who_took_it(desk, referral, second_access_worker):
    take(referral, by=second_access_worker, now=timezone.now())

    response = desk.post(do(referral, "take"), {})

    assert response.status_code == 409
    assert str(second_access_worker) in text(response)


def test_the_workbench_offers_every_decision_and_chooses_none(desk, in_triage):
    shown = desk.get(reverse("referrals:triage_case", args=[in_triage.reference]))

    assert [each["label"] for each in shown.context["decisions"]] == [
        "Progress to the hub",
        "Step up to social care",
        "Signpost",
        "Give advice",
        "Direct to other help",
    ]
    for name in ("accept", "step_up", "signpost", "advise", "direct", "link", "ask_agencies", "withdraw"):
        page = desk.get(do(in_triage, name))
        assert page.status_code == 200
        assert " checked" not in page.content.decode()


def test_a_link_is_offered_only_where_there_is_a_case_to_link_to(desk, in_triage):
    for page in (reverse("referrals:triage_case", args=[in_triage.reference]), do(in_triage, "accept")):
        assert "Link to the open case" not in text(desk.get(page))
        assert "Signpost" in text(desk.get(page))


def test_whoever_opened_the_wrong_decision_finds_the_others_beneath_it(desk, in_triage):
    page = desk.get(do(in_triage, "accept"))

    assert [other["url"] for other in page.context["others"]] == [
        do(in_triage, name) for name in ("step_up", "signpost", "advise", "direct")
    ]
    assert f'href="{do(in_triage, "signpost")}"' in page.content.decode()


def test_what_is_no_decision_offers_none(desk, in_triage):
    assert "Not this decision?" not in text(desk.get(do(in_triage, "withdraw")))


def test_the_time_to_decide_by_is_written_as_everywhere(desk, in_triage):
    page = text(desk.get(reverse("referrals:triage_case", args=[in_triage.reference])))

    assert re.search(r"Decide by\s+\d+ March 2026 at 5pm", page)
    assert "17:00" not in page


def test_a_decision_without_its_reason_is_refused_with_everything_still_there(desk, in_triage):
    response = desk.post(do(in_triage, "accept"), {"message": "Thank you for this."})

    assert response.status_code == 422
    assert "Thank you for this." in response.content.decode()
    assert not Case.objects.exists()


def test_progressing_on_the_page_opens_the_case(desk, in_triage):
    facts = {
        "reason": "r",
        "message": "m",
        "level_of_need": "3",
        "proposed_tier": "2",
        "urgent": "no",
        "family_told": "yes",
    }

    desk.post(do(in_triage, "accept"), facts)

    in_triage.refresh_from_db()
    assert in_triage.status == Status.ACCEPTED
    assert in_triage.case.status == "awaiting_decision"


def test_signposting_on_the_page_names_the_service(desk, in_triage):
    service = ServiceFactory()
    facts = {"reason": "r", "message": "m", "level_of_need": "2", "services": [service.pk], "family_told": "no"}

    desk.post(do(in_triage, "signpost"), facts)

    assert list(in_triage.decisions.get().services.all()) == [service]


def test_the_matches_show_other_records_of_the_same_people(desk, in_triage):
    child = in_triage.family.memberships.get(person__first_name="Tyler").person
    PersonFactory(first_name="Tylor", last_name=child.last_name, born_on=child.born_on)

    shown = desk.get(reverse("referrals:matches", args=[in_triage.reference]))

    assert "Tylor" in text(shown)


def test_triage_leads_from_the_common_address_to_the_workbench(desk, in_triage):
    assert desk.get(in_triage.get_absolute_url()).url == reverse("referrals:triage_case", args=[in_triage.reference])


def test_a_chair_reads_the_referral_behind_a_case_but_not_what_agencies_said(
    client, chair, in_triage, access_worker, contact
):
    ask_agencies(
        in_triage,
        by=access_worker,
        now=timezone.now(),
        agencies=[contact.agency],
        question="Known to you?",
        lawful_basis="agreed",
    )
    in_triage.refresh_from_db()
    client.force_login(contact)
    request = InformationRequest.objects.get()
    client.post(request.get_absolute_url(), {"reply": "answered", "known": "CANARY"})
    accepted = accept(in_triage, by=access_worker, now=timezone.now(), **HUB)
    client.force_login(chair)

    workbench = client.get(reverse("referrals:triage_case", args=[in_triage.reference]))
    on_case = client.get(f"{accepted.case.get_absolute_url()}referral/")

    assert workbench.status_code == on_case.status_code == 200
    assert "Somebody who will not judge" in text(on_case)
    assert "CANARY" not in text(workbench) + text(on_case)


# --- an agency answers -------------------------------------------------------------------------------------------------


@pytest.fixture
def question(in_triage, access_worker, contact):
    ask_agencies(
        in_triage,
        by=access_worker,
        now=timezone.now(),
        agencies=[contact.agency],
        question="Known to you?",
        lawful_basis="agreed",
    )
    return InformationRequest.objects.get()


def test_the_contact_sees_the_question_names_and_years_of_birth_and_no_more(client, contact, question):
    client.force_login(contact)

    shown = text(client.get(question.get_absolute_url()))

    assert "Known to you?" in shown
    assert "Tyler" in shown
    assert "born 2017" in shown
    for secret in (
        "Rent arrears",
        "grandmother",
        "Grandmother",
        "judge",
        "hearing",
        question.referral.reference,
        "June",
    ):
        assert secret not in shown
    assert client.get(question.referral.get_absolute_url()).status_code == 404
    assert client.get(question.referral.family.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"reply": "answered", "known": "Misses Fridays.", "service": "Pastoral"}, RequestStatus.ANSWERED),
        ({"reply": "nothing_held"}, RequestStatus.NOTHING_HELD),
        ({"reply": "declined", "reason": "Not ours to say."}, RequestStatus.DECLINED),
    ],
)
def test_the_contact_answers_on_one_page(client, contact, question, said, status):
    client.force_login(contact)

    response = client.post(question.get_absolute_url(), said)

    question.refresh_from_db()
    assert response.url == reverse("referrals:requests")
    assert (question.status, question.answered_by) == (status, contact)


def test_a_refusal_needs_its_reason(client, contact, question):
    client.force_login(contact)

    assert client.post(question.get_absolute_url(), {"reply": "declined"}).status_code == 422


@pytest.mark.parametrize("who", ["practitioner", "police_contact", "chair", "stranger"])
def test_nobody_else_opens_the_question(client, request, question, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(question.get_absolute_url()).status_code == 404
    assert client.post(question.get_absolute_url(), {"reply": "nothing_held"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 20])
def test_the_list_of_questions_takes_as_many_queries_for_twenty_as_for_one(
    client, contact, access_worker, practitioner, melton, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        referral = taken(area=melton, author=practitioner, by=access_worker)
        ask_agencies(
            referral,
            by=access_worker,
            now=timezone.now(),
            agencies=[contact.agency],
            question="?",
            lawful_basis="agreed",
        )
    client.force_login(contact)

    client.get(reverse("referrals:requests"))

    with django_assert_max_num_queries(4):
        assert client.get(reverse("referrals:requests")).status_code == 200


# --- hand over ---------------------------------------------------------------------------------------------------------

HANDOVER = {"about": "Ben, 6", "concern": "Left alone at night.", "family_told": "no", "not_told_why": "Not safe."}


@pytest.mark.parametrize("who", ["practitioner", "worker", "chair", "service_manager", "contact"])
def test_anybody_hands_over_with_three_answers(client, request, melton, who):
    client.force_login(request.getfixturevalue(who))

    response = client.post(reverse("referrals:handover_start"), HANDOVER | {"token": uuid.uuid4()}, follow=True)

    handover = SocialCareHandover.objects.get()
    assert handover.status == HandoverStatus.SENT
    assert handover.reference in text(response)


def test_somebody_who_works_for_no_agency_may_hand_over(client, county):
    client.force_login(UserFactory(agency=None))

    assert client.post(reverse("referrals:handover_start"), HANDOVER | {"token": uuid.uuid4()}).status_code == 302


def test_the_number_stands_on_the_page_before_the_questions(client, practitioner, settings):
    client.force_login(practitioner)

    page = client.get(reverse("referrals:handover_start")).content.decode()

    assert 0 < page.index(f">{settings.SOCIAL_CARE_PHONE}<") < page.index("id_concern")


def test_three_things_are_asked_and_each_is_said_if_missing(client, practitioner, melton):
    client.force_login(practitioner)

    response = client.post(reverse("referrals:handover_start"), {"token": uuid.uuid4()})

    assert set(response.context["form"].errors) == {"about", "concern", "family_told"}


def test_a_double_click_hands_over_once(client, practitioner, melton):
    client.force_login(practitioner)
    facts = HANDOVER | {"token": uuid.uuid4()}

    answers = [client.post(reverse("referrals:handover_start"), facts).url for _ in range(2)]

    assert answers[0] == answers[1]
    assert SocialCareHandover.objects.count() == 1


@pytest.mark.parametrize("kind", ["case", "referral", "family"])
def test_it_knows_from_which_record_it_was_opened(client, practitioner, led_case, melton, worker, kind):
    referral = sent(area=melton, author=worker)
    record = {"case": led_case, "referral": referral, "family": led_case.family}[kind]
    client.force_login(worker)

    client.post(f"{reverse('referrals:handover_start')}?about={record.reference}", HANDOVER | {"token": uuid.uuid4()})

    assert getattr(SocialCareHandover.objects.get(), kind) == record


@pytest.mark.parametrize("about", ["EH-NONE", "R-' OR 1=1", "x" * 4000, "FAM-\u202e", "EH-"])
def test_a_record_that_is_not_there_stops_nobody(client, practitioner, melton, about):
    client.force_login(practitioner)

    response = client.post(f"{reverse('referrals:handover_start')}?about={about}", HANDOVER | {"token": uuid.uuid4()})

    assert response.status_code == 302
    assert SocialCareHandover.objects.get().family is None


def test_a_case_out_of_sight_is_neither_named_nor_linked(client, practitioner, melton):
    case = CaseFactory(area=melton, family=FamilyFactory(name="Canary", area=melton))
    client.force_login(practitioner)
    address = f"{reverse('referrals:handover_start')}?about={case.reference}"

    assert "Canary" not in client.get(address).content.decode()
    client.post(address, HANDOVER | {"token": uuid.uuid4()})
    assert SocialCareHandover.objects.get().case is None


def test_the_acknowledgement_is_recorded_on_a_page(client, practitioner, access_worker, melton):
    handover = handed_over(by=practitioner, now=timezone.now())
    client.force_login(practitioner)

    client.post(
        reverse("referrals:handover_move", args=[handover.reference, "acknowledge"]), {"spoken_to": "Duty worker"}
    )

    handover.refresh_from_db()
    assert handover.status == HandoverStatus.ACKNOWLEDGED


@pytest.mark.parametrize("who", ["stranger", "other_worker", "service_manager"])
def test_a_hand_over_is_out_of_sight_for_others(client, request, practitioner, access_worker, melton, who):
    handover = handed_over(by=practitioner, family=FamilyFactory(area=melton))
    client.force_login(request.getfixturevalue(who))

    assert client.get(handover.get_absolute_url()).status_code == 404
    assert handover.reference not in text(client.get(reverse("referrals:handovers")))


@pytest.mark.parametrize("rows", [1, 20])
def test_the_list_of_hand_overs_takes_as_many_queries_for_twenty_as_for_one(
    desk, practitioner, melton, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        handed_over(by=practitioner, family=FamilyFactory(area=melton))

    desk.get(reverse("referrals:handovers"))

    with django_assert_max_num_queries(4):
        assert desk.get(reverse("referrals:handovers")).status_code == 200


def test_a_case_shows_its_hand_overs_to_its_lead_and_the_deed_to_all(client, led_case, worker, practitioner):
    handed_over(by=practitioner, case=led_case)
    client.force_login(worker)

    section = client.get(f"{led_case.get_absolute_url()}referral/")
    overview = client.get(led_case.get_absolute_url())

    assert "H-2026-" in text(section)
    assert f"?about={led_case.reference}" in overview.content.decode()


def test_the_members_of_another_family_are_never_shown(desk, in_triage):
    MemberFactory(family=FamilyFactory(), person=PersonFactory(first_name="Canary"))

    assert "Canary" not in text(desk.get(reverse("referrals:triage_case", args=[in_triage.reference])))


def test_one_who_shares_only_the_surname_is_no_other_record_of_these_people(in_triage):
    member = in_triage.family.memberships.first().person
    PersonFactory(first_name="Zebedee", last_name=member.last_name, born_on=None)
    twin = PersonFactory(first_name=member.first_name, last_name=member.last_name, born_on=member.born_on)

    assert [other.match.person for other in matches(in_triage)] == [twin]


def test_the_bar_on_a_records_page_hands_over_about_that_record(client, led_case, worker):
    client.force_login(worker)
    page = client.get(led_case.get_absolute_url()).content.decode()

    assert f'class="eh-bar__handover" href="{reverse("referrals:handover_start")}?about={led_case.reference}"' in page
    assert f'href="{reverse("referrals:handover_start")}">Hand over' in client.get("/").content.decode()


def test_opened_from_a_record_it_says_who_it_is_about_and_goes_back_there(client, led_case, worker):
    client.force_login(worker)
    page = client.get(f"{reverse('referrals:handover_start')}?about={led_case.reference}")

    assert page.context["form"]["about"].value() == f"The {led_case.family}"
    assert page.context["cancel_url"] == led_case.get_absolute_url()


@pytest.mark.parametrize(("restricted", "told"), [(False, "EH Access"), (True, "The information governance lead")])
def test_the_form_says_who_is_told_and_nobody_else(client, led_case, worker, restricted, told):
    led_case.family.restricted = restricted
    led_case.family.save()
    client.force_login(worker)
    page = client.get(f"{reverse('referrals:handover_start')}?about={led_case.reference}")

    assert f"{told} is told at once." in text(page)
    assert ("EH Access is told" in text(page)) is not restricted


def test_stepping_up_shows_the_number_to_ring(desk, in_triage, settings):
    number = f"<strong>{settings.SOCIAL_CARE_PHONE}</strong></a>. In an emergency ring 999."

    assert number in desk.get(do(in_triage, "step_up")).content.decode()
    assert number not in desk.get(do(in_triage, "advise")).content.decode()


def test_what_was_decided_leads_to_the_case(desk, in_triage, access_worker):
    decided = accept(in_triage, by=access_worker, now=timezone.now(), **HUB)

    link = f'<a class="govuk-link" href="{decided.case.get_absolute_url()}">Case {decided.case.reference}</a>'
    assert link in desk.get(reverse("referrals:triage_case", args=[decided.reference])).content.decode()
    assert desk.get(decided.case.get_absolute_url()).status_code == 200
