"""The menu: each person's own way about, in one order, and nothing in it that leads to an empty page of somebody else's."""

import re
from collections import Counter

import pytest
from django.urls import reverse

from earlyhelp.core.navigation import DUTIES, ENTRIES, MOST, behind, duties_of
from earlyhelp.families.models import OddRead
from earlyhelp.partnership.enums import Role
from earlyhelp.records.models import Hold
from tests.factories import MONDAY, CaseFactory, FamilyFactory, PostFactory, UserFactory

ITEM = re.compile(r'service-navigation__link" href="[^"]+"[^>]*>(?:<strong[^>]*>)?([^<]+)<')


MARKED = re.compile(r'aria-current="true"><strong[^>]*>([^<]+)<')


def menu(browser):
    return [label.strip() for label in ITEM.findall(browser.get("/").text)]


def test_no_two_entries_share_a_place(db):
    assert [place for place, n in Counter(each.place for each in ENTRIES).items() if n > 1] == []


def test_a_local_area_coordinator_has_the_people_and_no_caseload(as_user, melton):
    shown = menu(as_user(PostFactory(role=Role.LAC_COORDINATOR, area=melton).user))
    assert shown[:2] == ["Home", "People alongside"]
    assert "Caseload" not in shown


@pytest.mark.parametrize("who", ["chair", "coordinator", "manager", "service_manager", "access_worker", "worker"])
def test_whoever_answers_for_families_has_a_caseload(as_user, request, who):
    assert "Caseload" in menu(as_user(request.getfixturevalue(who)))


def test_a_practitioner_has_one_from_the_first_family_of_whose_team_they_are(as_user, practitioner, worker, melton):
    assert "Caseload" not in menu(as_user(practitioner))
    CaseFactory.led_by(worker, area=melton).team.create(user=practitioner, role="member", from_at="2026-03-02T09:00Z")
    assert "Caseload" in menu(as_user(practitioner))


@pytest.mark.parametrize("who", ["manager", "service_manager", "chair", "coordinator"])
def test_home_leads_whoever_manages_to_the_dashboard(as_user, request, who):
    assert 'href="/dashboard/"' in as_user(request.getfixturevalue(who)).get("/").text.partition("Start something")[2]


def test_home_leads_nobody_else_there(as_user, worker):
    assert "/dashboard/" not in as_user(worker).get("/").text


def test_somebody_who_only_signs_in_finds_home_and_the_services(as_user, db):
    assert {"Home", "Services"} <= set(menu(as_user(UserFactory())))


# --- what a few look after --------------------------------------------------------------------------------------------


def test_no_two_duties_share_a_place(db):
    assert [place for place, n in Counter(each.place for each in DUTIES).items() if n > 1] == []


def test_what_the_governance_lead_looks_after_is_one_entry_of_a_short_menu(as_user, ig_lead):
    shown = menu(as_user(ig_lead))

    assert "More" in shown
    assert len(shown) <= MOST
    assert not {each.label for each in DUTIES} & {*shown}


@pytest.mark.parametrize("who", ["chair", "coordinator", "manager", "service_manager"])
def test_whoever_runs_a_hub_or_a_team_has_a_short_menu_too(as_user, request, who):
    assert len(menu(as_user(request.getfixturevalue(who)))) <= MOST


@pytest.fixture
def everything(melton, manager):
    """A team's manager who sits at a hub and at the front door."""
    for role in (Role.HUB_MEMBER, Role.EH_ACCESS):
        PostFactory(user=manager, role=role, area=melton)
    return manager


def test_whatever_is_too_much_for_one_line_stands_behind_more_and_nothing_is_lost(as_user, everything):
    browser = as_user(everything)
    shown, left_out = menu(browser), behind(everything)
    page = browser.get("/governance/").text

    assert len(shown) == MOST
    assert [each.label for each in left_out] == ["Accounts", "Duplicates"]
    for each in left_out:
        assert each.label not in shown
        assert each.about in page
        assert re.findall(MARKED, browser.get(reverse(each.url_name)).text) == ["More"]


def test_nobody_has_an_entry_behind_more_while_there_is_room(as_user, manager):
    assert behind(manager) == []
    assert "Accounts" in menu(as_user(manager))


def test_the_page_says_how_much_of_each_waits(as_user, ig_lead, melton):
    Hold.objects.create(family=FamilyFactory(area=melton), reason="-", placed_by=ig_lead, placed_at=MONDAY)
    page = as_user(ig_lead).get("/governance/").text
    assert [each.url for each in duties_of(ig_lead) if f'href="{each.url}"' not in page] == []
    assert "to do" not in page

    OddRead.objects.create(
        family=FamilyFactory(area=melton), reader=UserFactory(), on=MONDAY.date(), found_at=MONDAY, reasons=["no_link"]
    )
    assert "1 to do" in as_user(ig_lead).get("/governance/").text


def test_every_page_of_it_is_marked_in_the_menu(as_user, ig_lead):
    browser = as_user(ig_lead)
    for each in duties_of(ig_lead):
        assert re.findall(MARKED, browser.get(each.url).text) == ["More"], each.label


def test_a_service_manager_finds_there_what_they_decide_on_and_nothing_else(as_user, service_manager):
    page = as_user(service_manager).get("/governance/").text

    assert "/records/disposals/" in page
    assert "/records/access/" in page
    assert "/records/trail/" not in page


@pytest.mark.parametrize("who", ["worker", "access_worker"])
def test_nobody_else_has_the_page(as_user, request, who):
    somebody = as_user(request.getfixturevalue(who))

    assert somebody.get("/governance/").status_code == 403
    assert "More" not in menu(somebody)
