"""What people carry against what they may in their hours, for whoever manages them, and when they are away."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.cases import workload
from earlyhelp.cases.enums import AllocationStatus
from earlyhelp.cases.models import Allocation
from earlyhelp.cases.workload import loads_of
from earlyhelp.partnership.models import Cover, Leave, User
from earlyhelp.workflow.transitions import NotPossible
from earlyhelp.workforce import queries
from earlyhelp.workforce.services import plan_leave, set_capacity, take_back_leave
from tests.factories import CaseFactory, WorkerFactory

NOW = timezone.now()
TODAY = timezone.localdate()
HALF = {
    "hours": Decimal("18.5"),
    "case_limit": 12,
    "takes_cases": True,
    "languages": ["Polish"],
    "skills": ["teenagers"],
}


def of(user):
    return {each.worker.pk: each for each in queries.carrying(User.objects.get(pk=user.pk), now=NOW)}


def away(worker, first, last, by):
    return plan_leave(
        worker, by=by, now=NOW, from_on=TODAY + timedelta(days=first), until_on=TODAY + timedelta(days=last)
    )


def test_half_the_hours_halve_what_somebody_may_carry(worker, manager, melton):
    for tier in (2, 3):
        CaseFactory.led_by(worker, area=melton, tier=tier)
    assert of(manager)[worker.pk].percent == round(100 * 3.5 / 12)
    set_capacity(worker, by=manager, now=NOW, **HALF)
    assert of(manager)[worker.pk].percent == round(100 * 3.5 / 6)
    assert Event.objects.filter(kind="workforce.set_capacity").count() == 1


def test_the_formula_stands_where_the_number_does(client, worker, manager, service_manager):
    client.force_login(manager)
    for page in ("/workload/", f"/workload/{worker.pk}/"):
        assert workload.WORDS in client.get(page).content.decode()


def test_what_is_on_offer_is_no_load_yet_and_is_counted_beside_it(worker, manager, waiting_case):
    offered = {"role": "lead", "preference": "asked", "preference_note": "Local.", "offered_at": NOW}
    waiting_case.tier = 2
    waiting_case.save()
    Allocation.objects.create(case=waiting_case, worker=worker, status=AllocationStatus.OFFERED, **offered)
    [row] = of(manager).values()
    assert (row.percent, row.percent_with_offers, row.load.on_offer, row.load.new_7) == (0, 8, 1, 1)
    assert loads_of([worker.pk], now=NOW, beside=[waiting_case.pk])[worker.pk].on_offer == 0


def test_a_restricted_record_changes_no_number(worker, manager, melton):
    CaseFactory.led_by(worker, area=melton, restricted=True)
    assert of(manager)[worker.pk].load.families == 0


def test_a_manager_sees_their_own_people_and_a_service_manager_those_of_their_places(
    worker, manager, service_manager, chair, melton
):
    elsewhere = WorkerFactory()
    assert set(of(manager)) == {worker.pk}
    assert set(of(service_manager)) == {worker.pk}
    assert of(chair) == of(worker) == {}
    assert elsewhere.pk not in of(service_manager)


@pytest.mark.parametrize("who", ["worker", "chair", "service_manager", "practitioner"])
def test_nobody_but_their_manager_sets_anything(request, client, worker, who):
    by = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        set_capacity(worker, by=by, now=NOW, **HALF)
    with pytest.raises(PermissionDenied):
        away(worker, 1, 9, by)
    client.force_login(by)
    assert client.get(f"/workload/{worker.pk}/capacity/").status_code == 404
    assert not Leave.objects.exists()
    assert User.objects.get(pk=worker.pk).hours == 37


def test_the_agency_total_adds_its_people_up(worker, other_worker, manager, melton):
    CaseFactory.led_by(worker, area=melton, tier=3)
    [total] = queries.by_agency(of(manager).values())
    assert (total.people, total.hours, total.families, total.weight, total.capacity) == (2, 74, 1, 2.5, 24)
    assert total.percent == 10


def test_leave_says_who_covers_and_when_nobody_does(worker, other_worker, manager):
    leave = away(worker, 5, 15, manager)
    [shown] = of(manager)[worker.pk].away
    assert (shown.leave, shown.is_covered) == (leave, False)
    days = {"from_on": leave.from_on, "until_on": leave.until_on}
    Cover.objects.create(
        person=worker, colleague=other_worker, reason="On leave.", made_by=manager, made_at=NOW, **days
    )
    [shown] = of(manager)[worker.pk].away
    assert [cover.colleague for cover in shown.covers] == [other_worker]


def test_leave_is_not_planned_twice_for_the_same_days_nor_for_the_past(worker, manager):
    leave = away(worker, 5, 15, manager)
    with pytest.raises(NotPossible, match="take that back first"):
        away(worker, 15, 20, manager)
    with pytest.raises(NotPossible, match="over already"):
        away(worker, -9, -2, manager)
    take_back_leave(leave, by=manager, now=NOW)
    assert not of(manager)[worker.pk].away
    away(worker, 15, 20, manager)


def test_the_database_refuses_leave_that_ends_before_it_begins_and_a_week_without_hours(worker, manager):
    days = {"from_on": TODAY, "until_on": TODAY - timedelta(days=1)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Leave.objects.create(person=worker, planned_by=manager, planned_at=NOW, **days)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=worker.pk).update(hours=0)


def test_a_manager_sets_hours_and_languages_and_plans_leave_in_the_browser(client, worker, manager):
    client.force_login(manager)
    page = client.get(f"/workload/{worker.pk}/capacity/")
    sent = {"token": page.context["form"]["token"].value(), "hours": "18,5", "case_limit": "10", "takes_cases": "on"}
    sent |= {"languages": "polish, Urdu,", "skills": ["under_fives"]}
    assert client.post(f"/workload/{worker.pk}/capacity/", sent | {"hours": "many"}).status_code == 422
    assert client.post(f"/workload/{worker.pk}/capacity/", sent).status_code == 302
    worker.refresh_from_db()
    assert (worker.hours, worker.case_limit, worker.languages) == (Decimal("18.5"), 10, ["Polish", "Urdu"])

    token = client.get(f"/workload/{worker.pk}/leave/").context["form"]["token"].value()
    day = TODAY + timedelta(days=3)
    days = {
        f"{name}_{part}": getattr(day, part) for name in ("from_on", "until_on") for part in ("day", "month", "year")
    }
    assert client.post(f"/workload/{worker.pk}/leave/", {"token": token} | days).status_code == 302
    leave = Leave.objects.get()
    assert "Nobody covers" in client.get(f"/workload/{worker.pk}/").content.decode()
    assert client.post(f"/workload/{worker.pk}/leave/{leave.pk}/take-back/").status_code == 302
    leave.refresh_from_db()
    assert leave.taken_back_at


@pytest.mark.parametrize("n", [1, 20])
def test_the_list_takes_as_many_queries_for_twenty_as_for_one(
    client, manager, worker, melton, family_team, n, django_assert_num_queries
):
    for number in range(n):
        each = WorkerFactory(agency=family_team.agency, team=family_team)
        CaseFactory.led_by(each, area=melton)
        away(each, number + 1, number + 4, manager)
    client.force_login(manager)
    client.get("/workload/")
    with django_assert_num_queries(8):
        client.get("/workload/")
