"""The menu: each person's own way about, in one order, and nothing in it that leads to an empty page of somebody else's."""

import re
from collections import Counter

import pytest

from earlyhelp.core.navigation import ENTRIES
from earlyhelp.partnership.enums import Role
from tests.factories import CaseFactory, PostFactory, UserFactory

ITEM = re.compile(r'service-navigation__link" href="[^"]+"[^>]*>(?:<strong[^>]*>)?([^<]+)<')


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


def test_somebody_who_only_signs_in_finds_home_and_the_services(as_user):
    assert {"Home", "Services"} <= set(menu(as_user(UserFactory())))
