"""What is due, what is held and the rules, on pages that show nothing of a family."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from earlyhelp.core.todo import TODO
from earlyhelp.families.models import Family
from earlyhelp.records import transitions
from earlyhelp.records.models import Disposal, Hold, RetentionRule
from earlyhelp.records.services import place_hold, set_rule
from earlyhelp.records.sweep import find_due
from tests.families.pages import sent
from tests.records.factories import ended

LISTS = ("/records/disposals/", "/records/holds/", "/records/rules/", "/records/trail/")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def desk(client):
    def sit(user):
        client.force_login(user)
        return client

    return sit


@pytest.fixture
def due(melton, ig_lead, now):
    ended(years_ago=7, born_on=date(1970, 1, 1), area=melton)
    find_due(now=now)
    return Disposal.objects.get()


def lines(user, now):
    user.forget_scope()
    return [line.text for source in TODO for line in source(user, now) if line.url.startswith("/records/")]


def test_a_record_goes_from_page_to_page_by_two_people(due, ig_lead, second, desk, now):
    page = f"/records/disposals/{due.pk}/"
    assert lines(ig_lead, now) == ["Review 1 record whose time is over"]
    desk(ig_lead).post(f"{page}propose/", sent(reason="Nothing speaks for keeping it."))
    assert lines(second, now) == ["Decide as the second person on 1 record to be destroyed"]
    assert lines(ig_lead, now) == []

    shown = desk(second).get(f"{page}approve/").content.decode()
    assert "This cannot be undone" in shown
    answer = desk(second).post(f"{page}approve/", sent(), follow=True)

    assert "2 × family" not in answer.content.decode()
    assert "1 × family" in answer.content.decode()
    assert not Family.objects.exists()


def test_whoever_proposed_it_is_offered_no_decision_and_is_refused_one(due, ig_lead, desk, now):
    transitions.propose(due, by=ig_lead, now=now, reason="Nothing.")
    text = desk(ig_lead).get("/records/disposals/").content.decode()
    assert "Somebody else decides" in text
    assert "/approve/" not in text

    assert desk(ig_lead).post(f"/records/disposals/{due.pk}/approve/", sent()).status_code == 403
    assert Family.objects.exists()


def test_no_name_of_the_family_is_on_any_of_the_pages(due, ig_lead, desk, now):
    place_hold(due.reference, by=ig_lead, now=now, reason="An inquiry.")
    for page in LISTS:
        assert due.family.name not in desk(ig_lead).get(page).content.decode()


def test_it_is_kept_longer_with_a_reason_and_a_day_to_come(due, ig_lead, desk, now):
    page = f"/records/disposals/{due.pk}/keep/"
    past = now.date() - timedelta(days=2)
    day = {"until_0": past.day, "until_1": past.month, "until_2": past.year}
    response = desk(ig_lead).post(page, sent(reason="A claim.", **day))

    assert response.status_code in (409, 422)
    due.refresh_from_db()
    assert due.status == "due"


def test_a_record_is_held_and_let_go_on_pages(due, ig_lead, desk):
    desk(ig_lead).post("/records/holds/place/", sent(reference=due.reference.lower(), reason="The court."))
    hold = Hold.objects.get()
    due.refresh_from_db()
    assert (hold.family, due.status) == (due.family, "kept")

    desk(ig_lead).post(f"/records/holds/{hold.pk}/lift/", sent(reason="It is over."))
    hold.refresh_from_db()
    assert hold.lifted_by == ig_lead


def test_a_reference_that_is_nobodys_is_said_beside_its_field(db, ig_lead, desk):
    response = desk(ig_lead).post("/records/holds/place/", sent(reference="FAM-0", reason="The court."))

    assert response.status_code == 409
    assert "There is no family of this reference" in response.content.decode()


def test_a_rule_is_changed_on_a_page_and_an_age_is_for_children_only(db, ig_lead, desk):
    wrong = sent(record_class="adults", years=8, until_age=25, source="Schedule, line 4")
    assert desk(ig_lead).post("/records/rules/change/", wrong).status_code == 422
    assert not RetentionRule.objects.exists()

    desk(ig_lead).post("/records/rules/change/", sent(record_class="adults", years=8, source="Schedule, line 4"))
    assert RetentionRule.objects.get().years == 8
    assert "8 years after it ended" in desk(ig_lead).get("/records/rules/").content.decode()


@pytest.mark.parametrize("who", ["manager", "worker", "chair", "access_worker", "stranger"])
def test_nobody_else_has_these_pages(due, request, who, desk):
    user = request.getfixturevalue(who)
    for page in (*LISTS, "/records/holds/place/", "/records/rules/change/"):
        assert desk(user).get(page).status_code == 403
    assert desk(user).get(f"/records/disposals/{due.pk}/propose/").status_code == 404


def test_a_service_manager_decides_and_keeps_no_rules(due, service_manager, desk):
    assert desk(service_manager).get("/records/disposals/").status_code == 200
    for page in LISTS[1:]:
        assert desk(service_manager).get(page).status_code == 403


@pytest.mark.parametrize("many", [1, 20])
@pytest.mark.parametrize("page", LISTS[:3])
def test_a_list_takes_as_many_queries_for_twenty_as_for_one(
    many, page, ig_lead, melton, desk, now, django_assert_max_num_queries
):
    for _ in range(many):
        family = ended(years_ago=7, born_on=date(1970, 1, 1), area=melton)
        set_rule(by=ig_lead, now=now, record_class="adults", years=6, until_age=None, source="Schedule")
        if page == LISTS[1]:
            place_hold(family.reference, by=ig_lead, now=now, reason="The court.")
    find_due(now=now)
    client = desk(ig_lead)
    client.get(page)  # the first of a connection plans what every later one finds planned
    with django_assert_max_num_queries(5):
        assert client.get(page).status_code == 200
