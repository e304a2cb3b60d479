"""Each number of the dashboard is the length of the list it leads to, for whoever looks."""

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from earlyhelp.cases import workload
from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Case
from earlyhelp.cases.offers import offer
from earlyhelp.insight.access import MANAGING
from earlyhelp.partnership.enums import Role
from earlyhelp.workforce.queries import carrying
from hubs.queries import FORMULA, candidates
from tests.factories import AreaFactory, CaseFactory, PostFactory, UserFactory, WorkerFactory
from tests.referrals.factories import sent

DASHBOARD = "/dashboard/"
LINK = re.compile(r'<a[^>]*href="(/cases/\?[^"]*)"[^>]*>(.*?)</a>', re.S)
COUNT = re.compile(r'<span class="govuk-caption-m">(\d+) case')
READERS = ["chair", "coordinator", "manager", "service_manager"]


@pytest.fixture
def caseload(melton, charnwood, worker, other_worker, manager):
    """Two areas, both tiers, every live status, reviews of every kind, one restricted record and one that has ended."""
    today = timezone.localdate()
    elsewhere = WorkerFactory(case_limit=1)
    locality = AreaFactory(name="Melton North", kind="locality", parent=melton)
    CaseFactory(area=melton), CaseFactory(area=charnwood, urgent=True)
    CaseFactory(area=melton, status=Status.OPENED, tier=2, opened_on=today)
    for place, status in enumerate(
        [Status.ALLOCATED, Status.ASSESSING, Status.PLANNING, Status.SUPPORTED, Status.CLOSING]
    ):
        CaseFactory.led_by(
            worker, area=melton, status=status, tier=2 + place % 2, next_review_on=today + timedelta(days=5 * place - 5)
        )
    CaseFactory.led_by(other_worker, area=locality, tier=3, next_review_on=today)
    CaseFactory.led_by(elsewhere, area=charnwood, tier=3, next_review_on=today - timedelta(days=1))
    CaseFactory.led_by(worker, area=charnwood, tier=2, next_review_on=today + timedelta(days=14))
    CaseFactory.led_by(worker, area=melton, restricted=True, next_review_on=today - timedelta(days=9))
    CaseFactory.led_by(worker, area=melton, status=Status.CLOSED, closed_on=today, end_reason="outcomes_met")


def links(page):
    """(address, number) for each number that leads to the caseload."""
    found = []
    for address, shown in LINK.findall(page):
        value = re.search(r'__value">([\d,]+)<', shown) or re.fullmatch(r"([\d,]+)", shown.strip())
        if value:
            found.append((html.unescape(address), int(value[1].replace(",", ""))))
    return found


def rows_of_bars(page):
    chart = re.findall(r'<a class="govuk-link" href="(/cases/[^"]*)">[^<]*</a></th>.*?--numeric">([\d,]+)<', page, re.S)
    return [(html.unescape(address), int(number)) for address, number in chart]


@pytest.mark.parametrize("query", ["", "?order=overdue", "?area=melton"])
@pytest.mark.parametrize("who", READERS)
def test_each_number_is_the_length_of_its_list(as_user, request, caseload, melton, who, query):
    browser = as_user(request.getfixturevalue(who))
    page = browser.get(DASHBOARD + query.replace("melton", str(melton.pk))).text
    numbers = links(page) + rows_of_bars(page)

    assert len(numbers) >= 8
    for address, number in numbers:
        assert int(COUNT.search(browser.get(address).text)[1]) == number, address


@pytest.mark.parametrize("who", READERS)
def test_the_open_cases_are_those_of_the_scoped_rows(as_user, request, caseload, who):
    user = request.getfixturevalue(who)
    numbers = dict(links(as_user(user).get(DASHBOARD).text))

    assert numbers["/cases/?status=open"] == Case.objects.for_user(user, "list").open().count()


@pytest.mark.parametrize("who", READERS)
def test_a_restricted_record_changes_nothing_for_those_not_entitled(as_user, request, caseload, melton, who):
    browser = as_user(request.getfixturevalue(who))
    with_it = numbers_of(browser)
    hidden = Case.objects.get(restricted=True)
    hidden.team.all().delete()
    hidden.allocations.all().delete()
    hidden.delete()

    assert numbers_of(browser) == with_it


def numbers_of(browser):
    page = browser.get(DASHBOARD).text
    return links(page), rows_of_bars(page), re.findall(r"(\d+)%", page)


@pytest.mark.parametrize("role", sorted(set(Role.values) - set(MANAGING)))
def test_for_whoever_answers_for_nobody_else_there_is_no_dashboard(as_user, county, role):
    browser = as_user(PostFactory(role=role, area=county).user)

    assert browser.get(DASHBOARD).status_code == 404
    assert ">Dashboard<" not in browser.get("/").text


def test_workload_weighs_a_tier_3_family_two_and_a_half_times_and_counts_every_area(
    as_user, service_manager, charnwood, melton
):
    lead = WorkerFactory(case_limit=4)
    CaseFactory.led_by(lead, area=melton, tier=2)
    CaseFactory.led_by(lead, area=charnwood, tier=3)
    browser = as_user(service_manager)

    assert "88%" in browser.get(DASHBOARD).text
    assert "88%" in browser.get(f"{DASHBOARD}?area={melton.pk}").text


def test_a_family_on_offer_is_nobodys_workload_and_the_hub_says_the_same(
    as_user, service_manager, waiting_case, worker, melton
):
    CaseFactory.led_by(worker, area=melton, tier=3)
    offered = CaseFactory(area=melton, status=Status.OPENED, tier=3, opened_on=timezone.localdate())
    offer(offered, worker=worker, tier=3, by=worker, now=timezone.now(), preference="asked", preference_note="Near.")
    page = as_user(service_manager).get(DASHBOARD).text
    [candidate] = candidates(waiting_case, 2, now=timezone.now())

    assert "21%" in page
    assert workload.WORDS in page
    assert workload.WORDS in FORMULA
    assert (candidate.percent, candidate.on_offer, candidate.percent_after) == (21, 1, 50)


def test_one_person_has_one_workload_for_a_hub_and_for_everybody_who_reads_the_dashboard(
    as_user, chair, manager, waiting_case, worker, melton, charnwood
):
    """The chair of Melton may list one of the two; the other weighs as much."""
    CaseFactory.led_by(worker, area=melton, tier=2)
    CaseFactory.led_by(worker, area=charnwood, tier=3)
    CaseFactory.led_by(worker, area=melton, tier=3, restricted=True)
    [candidate] = candidates(waiting_case, 2, now=timezone.now())
    [carried] = carrying(manager, now=timezone.now())

    assert candidate.percent == carried.percent == 29
    assert workloads(as_user(chair)) == workloads(as_user(manager)) == ["29"]


def workloads(browser):
    return re.findall(r"</svg> (\d+)%", browser.get(DASHBOARD).text)


def test_people_over_their_limit_are_counted_and_marked(as_user, service_manager, melton):
    full, over = WorkerFactory(case_limit=3), WorkerFactory(case_limit=2)
    CaseFactory.led_by(full, area=melton, tier=3)
    CaseFactory.led_by(over, area=melton, tier=3)
    page = as_user(service_manager).get(DASHBOARD).text

    assert re.search(r'__value">1</span> <span class="eh-stat__label">People over their limit', page)
    assert page.count('govuk-tag--red">Over<') == 1


@pytest.mark.parametrize(("order", "first"), [("workload", "Full"), ("overdue", "Late"), ("nonsense", "Full")])
def test_the_fullest_or_the_latest_come_first(as_user, service_manager, melton, order, first):
    late, full = WorkerFactory(last_name="Late"), WorkerFactory(last_name="Full")
    CaseFactory.led_by(late, area=melton, next_review_on=timezone.localdate() - timedelta(days=1))
    CaseFactory.led_by(full, area=melton, tier=3)
    page = as_user(service_manager).get(DASHBOARD, {"order": order}).text

    assert re.search(r"(Late|Full)<span", page)[1] == first


def test_the_number_that_waits_leads_managers_to_a_list_without_names_and_eh_access_to_its_queue(
    as_user, chair, stranger, melton, county
):
    waits = sent(area=melton, author=UserFactory(phone="01632 960 100"))
    both = PostFactory(
        role=Role.EH_ACCESS, area=county, user=PostFactory(role=Role.SERVICE_MANAGER, area=county).user
    ).user
    shown = r'<span class="eh-stat__value">(\d+)</span> <span class="eh-stat__label">Waiting for triage'
    card = re.compile(r'(?:<a class="eh-stat__link" href="([^"]*)"[^>]*>)?' + shown)
    number = {who: card.search(as_user(who).get(DASHBOARD).text).groups() for who in (chair, stranger, both)}
    listed = {who: as_user(who).get(f"{DASHBOARD}waiting/").text for who in (chair, stranger)}

    assert number[chair] == ("waiting/?", "1")
    assert number[stranger][1] == "0"
    assert number[both] == ("/referrals/triage/", "1")
    assert waits.reference in listed[chair]
    assert waits.reference not in listed[stranger]
    assert waits.family.name not in listed[chair]
    assert f"/referrals/triage/{waits.reference}" not in listed[chair]


def test_a_restricted_family_is_on_no_list_of_what_waits(as_user, chair, melton):
    waits = sent(area=melton, author=UserFactory(phone="01632 960 100"))
    type(waits.family).objects.filter(pk=waits.family_id).update(restricted=True)

    assert waits.reference not in as_user(chair).get(f"{DASHBOARD}waiting/").text


def test_whoever_reads_no_dashboard_has_no_list_of_what_waits(as_user, worker):
    assert as_user(worker).get(f"{DASHBOARD}waiting/").status_code == 404


def test_the_list_of_what_waits_costs_the_same_at_one_and_at_twenty(as_user, chair, melton):
    client, asked = as_user(chair), []
    client.get(DASHBOARD)
    for number in (1, 19):
        for _ in range(number):
            sent(area=melton, author=UserFactory(phone="01632 960 100"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"{DASHBOARD}waiting/").status_code == 200
        asked.append(len(queries))

    assert asked[0] == asked[1] <= 7


def test_an_empty_county_has_a_dashboard(as_user, service_manager):
    page = as_user(service_manager).get(DASHBOARD)

    assert page.status_code == 200
    assert "Nobody leads a family here yet" in page.text


@pytest.mark.parametrize("number", [1, 20])
def test_it_costs_the_same_at_one_case_and_at_twenty(as_user, service_manager, melton, number):
    for _ in range(number):
        CaseFactory.led_by(WorkerFactory(agency=UserFactory().agency), area=melton)
    browser = as_user(service_manager)
    browser.get(DASHBOARD)  # the session is noted once a minute

    with CaptureQueriesContext(connection) as asked:
        assert browser.get(DASHBOARD, {"area": melton.pk}).status_code == 200

    assert len(asked) <= 10


NONSENSE = ["area=abc", "area=%00", "area=999999999999999999999", "order=x", "page=abc", "page=-1", "area=1&area=2"]


@pytest.mark.parametrize("query", NONSENSE)
def test_whatever_the_address_says_the_dashboard_answers(as_user, service_manager, query):
    assert as_user(service_manager).get(f"{DASHBOARD}?{query}").status_code in (200, 400)
