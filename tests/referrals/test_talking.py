"""Everything that a checklist suggests on one page: each answer by itself, all of it or nothing, and harm before all else."""

import re
import uuid

import pytest
from django.utils import timezone

from earlyhelp.directory.models import OnwardReferral
from earlyhelp.workflow.transitions import NotPossible
from lac.models import Introduction
from referrals.enums import SuggestionStatus
from referrals.models import ChecklistResponse
from referrals.services.talking import Said, talk_over
from referrals.transitions import checklist as deeds
from tests.factories import ServiceFactory, secret_home


def text(response):
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode())


@pytest.fixture
def desk(client, adviser):
    client.force_login(adviser)
    return client


@pytest.fixture
def services(melton):
    """One for each of two suggestions: her memory, and company."""
    made = [
        ServiceFactory(name="Memory café", needs=["health"], email="m@example.org"),
        ServiceFactory(name="Befriending", needs=["connection"], email="b@example.org"),
    ]
    for each in made:
        each.areas.add(melton)
    return made


def talk_of(response):
    return f"{response.get_absolute_url()}talk/"


def the(response, code):
    return response.suggestions.get(rule__code=code)


def says(response, how="phone", **answers):
    """``code="yes:7"``; more of it as ``code__words="…"``."""
    named = {"token": str(uuid.uuid4()), "given_how": how, "reach": "Mornings."}
    for key, value in answers.items():
        code, _, part = key.partition("__")
        named[f"{part or 'said'}-{the(response, code).pk}"] = value
    return named


def statuses(response):
    return {code: status for code, status in response.suggestions.values_list("rule__code", "status")}


def test_after_the_last_question_one_goes_on_to_talk_it_over_and_nothing_is_chosen(desk, asking, services):
    answered = desk.post(
        f"{asking.get_absolute_url()}ask/adult/", {"token": str(uuid.uuid4()), "lonely": "yes", "memory": "yes"}
    )

    assert answered.url == talk_of(asking)
    page = desk.get(answered.url)
    for words in ("Befriending", "Memory café", "Often feels lonely or left out: yes", "Local area coordination"):
        assert words in text(page)
    assert not re.search(r"<input[^>]* checked", page.content.decode())
    assert set(statuses(asking).values()) == {SuggestionStatus.OPEN}


def test_each_yes_is_a_permission_of_its_own_for_one_service(desk, asked, services):
    memory, company = services
    said = says(
        asked,
        memory=f"yes:{memory.pk}",
        company=f"yes:{company.pk}",
        company__limits="Do not ring my daughter.",
        company__words="Company on weekday mornings.",
        memory__words="She forgets.",
        memory__capacity_note="Asked twice: she understood, and chose this.",
    )

    assert desk.post(talk_of(asked), said).url == asked.get_absolute_url()

    sent = {each.service: each for each in OnwardReferral.objects.all()}
    assert set(sent) == {memory, company}
    assert [each.status for each in sent.values()] == ["sent", "sent"]
    assert {(each.given_by, each.given_how) for each in sent.values()} == {("person", "phone")}
    assert sent[company].limits == "Do not ring my daughter."
    assert sent[memory].limits == ""
    assert sent[memory].why == "She forgets."
    assert sent[memory].reach == "Mornings."
    assert sent[memory].capacity_note == "Asked twice: she understood, and chose this."
    assert sent[company].capacity_note == ""


def test_what_is_left_open_stays_open_and_nothing_goes_anywhere_for_it(desk, asked, services):
    desk.post(talk_of(asked), says(asked, company="decline", company__note="One thing at a time.", memory="not_now"))

    now = statuses(asked)
    assert (now["company"], now["memory"]) == (SuggestionStatus.NO, SuggestionStatus.LATER)
    assert {now[code] for code in ("alongside", "care_needs", "see_a_doctor")} == {SuggestionStatus.OPEN}
    assert the(asked, "company").note == "One thing at a time."
    assert the(asked, "memory").offer_again_on
    assert not OnwardReferral.objects.exists()
    assert not Introduction.objects.exists()


def test_a_way_on_a_yes_elsewhere_and_advice_are_written_down_together(desk, asked, services):
    said = says(
        asked,
        alongside="yes",
        alongside__words="She would like company.",
        company="elsewhere",
        company__elsewhere="The choir",
        care_needs="yes",
    )

    assert desk.post(talk_of(asked), said).status_code == 302

    assert Introduction.objects.get().hopes == "She would like company."
    assert the(asked, "company").went_to == "The choir"
    assert the(asked, "care_needs").given_by == ""
    assert not OnwardReferral.objects.exists()


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"given_how": ""}, "Select how you asked"),
        ({"words": ""}, "Enter what the service needs to know"),
        ({"said": "yes:999999"}, "Select one of the answers shown"),
        ({"said": ""}, "Write down what they say to one of these"),
    ],
)
def test_what_lacks_is_said_and_nothing_is_written_down(desk, asked, services, changed, wrong):
    said = says(asked, company=f"yes:{services[1].pk}", company__words="Company.")
    pk = the(asked, "company").pk
    said |= {f"{name}-{pk}" if name in ("said", "words") else name: value for name, value in changed.items()}

    page = desk.post(talk_of(asked), said)

    assert page.status_code == 422
    assert wrong in text(page)
    assert set(statuses(asked).values()) == {SuggestionStatus.OPEN}
    assert not OnwardReferral.objects.exists()


def test_where_one_cannot_be_the_others_wait_with_it_and_everything_stays_typed(desk, asked, services):
    memory, company = services
    company.email = ""
    company.save()
    said = says(
        asked, memory=f"yes:{memory.pk}", memory__words="m", company=f"yes:{company.pk}", company__words="Mine."
    )

    page = desk.post(talk_of(asked), said)

    assert page.status_code == 409
    assert "Company and something to look forward to: Befriending has no email address. Ring them." in text(page)
    assert "Mine." in text(page)
    assert set(statuses(asked).values()) == {SuggestionStatus.OPEN}
    assert not OnwardReferral.objects.exists()


def test_the_service_behind_it_does_all_or_nothing_too(asked, adviser):
    said = [
        Said(the(asked, "care_needs"), "agree", {"note": "Yes."}),
        Said(the(asked, "company"), "agree", {"note": "Yes."}, field="company"),
    ]
    deeds.decline(the(asked, "company"), by=adviser, now=timezone.now())

    with pytest.raises(NotPossible) as problem:
        talk_over(asked, by=adviser, now=timezone.now(), said=said)

    assert problem.value.field == "company"
    assert the(asked, "care_needs").status == SuggestionStatus.OPEN


def test_somebody_was_quicker_and_what_was_typed_is_there(desk, asked, services, access_worker):
    deeds.decline(the(asked, "company"), by=access_worker, now=timezone.now(), note="Not today.")

    page = desk.post(talk_of(asked), says(asked, company="decline", company__note="My own words."))

    assert page.status_code == 409
    assert str(access_worker) in text(page)
    assert "My own words." in text(page)
    assert the(asked, "company").note == "Not today."


def test_a_child_of_under_sixteen_is_spoken_for_by_a_parent(desk, asked, services):
    asked.person.born_on = timezone.localdate().replace(year=timezone.localdate().year - 12)
    asked.person.save()

    desk.post(talk_of(asked), says(asked, company=f"yes:{services[1].pk}", company__words="Company."))

    assert OnwardReferral.objects.get().given_by == "parent"


def test_of_a_grown_up_whose_age_nobody_knows_no_parent_says_yes(desk, asked, services):
    asked.person.born_on = None
    asked.person.save()

    page = desk.get(talk_of(asked))
    assert "A parent" not in text(page)
    desk.post(talk_of(asked), says(asked, company=f"yes:{services[1].pk}", company__words="Company."))

    assert OnwardReferral.objects.get().given_by == "person"


def test_what_is_left_open_is_said_when_some_is_saved(desk, asked):
    page = desk.post(talk_of(asked), says(asked, company="decline"), follow=True)
    left = asked.suggestions.open().count()
    assert left
    assert f"Their answers are written down. {left} are still open." in text(page)


def test_of_a_child_whose_age_nobody_knows_it_is_asked_who_says_yes(desk, asked, services):
    asked.person.born_on = None
    asked.person.save()
    ChecklistResponse.objects.update(about="child")
    said = says(asked, company=f"yes:{services[1].pk}", company__words="Company.")

    refused = desk.post(talk_of(asked), said)
    assert "Select who said yes" in text(refused)
    assert "Somebody who may decide for them" not in text(refused)  # each of their decisions has a page of its own

    assert desk.post(talk_of(asked), said | {"given_by": "person"}).status_code == 302


def test_harm_stands_before_it_and_is_no_offer(desk, asking, adviser):
    page = f"{asking.get_absolute_url()}ask/adult/"

    answered = desk.post(page, {"token": str(uuid.uuid4()), "hurt": "yes", "lonely": "yes"})

    assert answered.url == asking.get_absolute_url()
    assert desk.get(talk_of(asking)).url == asking.get_absolute_url()
    assert "Talk it over on one page" not in text(desk.get(asking.get_absolute_url()))
    deeds.deal_with(the(asking, "harm"), by=adviser, now=timezone.now(), note="Social care knows.")
    assert "Somebody may be at risk of harm" not in text(desk.get(talk_of(asking)))


def test_harm_cannot_be_talked_away(desk, asking, adviser):
    deeds.answer(asking, by=adviser, now=timezone.now(), voice="adult", answers={"hurt": "yes"})

    assert desk.post(talk_of(asking), says(asking, harm="decline")).status_code == 422

    assert the(asking, "harm").status == SuggestionStatus.OPEN


def test_once_all_is_talked_over_there_is_no_such_page(desk, asked, adviser):
    for each in asked.suggestions.all():
        deeds.decline(each, by=adviser, now=timezone.now())

    assert desk.get(talk_of(asked)).url == asked.get_absolute_url()


def test_a_stranger_is_answered_as_if_there_were_nothing(client, asked, stranger):
    client.force_login(stranger)

    assert client.get(talk_of(asked)).status_code == 404
    assert client.post(talk_of(asked), says(asked, company="decline")).status_code == 404
    assert the(asked, "company").status == SuggestionStatus.OPEN


def test_one_sending_is_one_answer(desk, asked, services):
    said = says(asked, company=f"yes:{services[1].pk}", company__words="Company.")

    first, second = desk.post(talk_of(asked), said), desk.post(talk_of(asked), said)

    assert first.url == second.url
    assert OnwardReferral.objects.count() == 1


def test_it_takes_few_queries_however_much_is_suggested(desk, asked, services, django_assert_max_num_queries):
    desk.get(talk_of(asked))

    with django_assert_max_num_queries(8):
        desk.get(talk_of(asked))


@pytest.mark.parametrize("hides", [True, False])
def test_of_whoever_hides_no_number_is_filled_in_anywhere(desk, asked, services, hides):
    type(asked.person).objects.filter(pk=asked.person.pk).update(phone="01632 960 111")
    if hides:
        secret_home(asked.person, line_1="9 Elm Close", postcode="LE9 9ZZ")
    alone = f"{asked.get_absolute_url()}suggestions/{the(asked, 'company').pk}/agree/"
    for page in (desk.get(talk_of(asked)), desk.get(alone)):
        assert page.status_code == 200
        assert ("01632 960 111" in page.text) is not hides
