"""More than the level of need, or a level that rose without a new fact: shown, and nothing is stopped by it (3.4)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from earlyhelp.cases.enums import Preference
from earlyhelp.cases.models import Case
from earlyhelp.families.models import SignificantEvent
from earlyhelp.insight.signal import signalled
from hubs.enums import DecisionKind
from hubs.transitions import decide
from referrals.models import TriageDecision
from tests.factories import CaseFactory, FamilyFactory, MemberFactory, PersonFactory
from tests.hubs.factories import HubFactory, ItemFactory, MeetingFactory, SeatFactory
from tests.referrals.factories import sent

NOW = timezone.now()
PAGE = "/dashboard/above-level/"


@pytest.fixture
def above(melton, worker):
    return CaseFactory.led_by(worker, area=melton, tier=3, level_of_need=2)


@pytest.fixture
def in_line(melton, worker):
    return CaseFactory.led_by(worker, area=melton, tier=2, level_of_need=3)


def found(user):
    user.forget_scope()
    return list(signalled(user))


@pytest.mark.parametrize("who", ["chair", "coordinator", "manager", "service_manager"])
def test_whoever_answers_for_the_place_sees_who_is_given_more(request, as_user, above, in_line, who):
    user = request.getfixturevalue(who)
    assert found(user) == [above]
    page = as_user(user).get(PAGE).content.decode()
    assert above.reference in page
    assert in_line.reference not in page


def test_a_service_manager_reads_no_family_there(as_user, above, service_manager):
    page = as_user(service_manager).get(PAGE).content.decode()
    assert str(above.family) not in page
    assert above.get_absolute_url() not in page


@pytest.mark.parametrize("who", ["worker", "access_worker", "practitioner", "ig_lead"])
def test_nobody_else_has_such_a_list(request, as_user, above, who):
    assert as_user(request.getfixturevalue(who)).get(PAGE).status_code == 404


def test_the_chair_of_another_hub_sees_nothing_of_it(above, stranger):
    assert found(stranger) == []


def test_a_restricted_record_is_not_among_them(melton, worker, chair, service_manager):
    CaseFactory.led_by(worker, area=melton, tier=3, level_of_need=2, restricted=True)
    assert found(chair) == found(service_manager) == []


def test_the_hub_decides_so_with_what_is_missing_and_the_case_says_it(as_user, melton, chair, worker):
    hub = HubFactory(area=melton)
    present = [SeatFactory(hub=hub).user for _ in range(3)]
    meeting = MeetingFactory.in_session(hub=hub, chair=chair, present=present, starts_at=NOW.replace(microsecond=0))
    case = CaseFactory(area=melton, level_of_need=1)
    said = {"preference": Preference.ASKED, "preference_note": "Local.", "rationale": "Nothing less is there."}
    gap = {"missing_need": "connection", "missing_provision": "A group nearby."}
    kind = DecisionKind.ALLOCATE
    decide(ItemFactory(meeting=meeting, case=case), by=chair, now=NOW, kind=kind, tier=2, worker=worker, **said, **gap)
    case.refresh_from_db()
    assert case.tier == 2
    Case.objects.filter(pk=case.pk).update(status="allocated", lead=worker)
    page = as_user(chair).get(f"{case.get_absolute_url()}hub/").content.decode()
    assert "The tier is above the level of need." in page
    assert "A group nearby." in page
    assert "A group nearby." in as_user(chair).get(PAGE).content.decode()


def test_a_case_in_line_says_nothing_of_it(as_user, in_line, chair):
    assert "above the level of need" not in as_user(chair).get(f"{in_line.get_absolute_url()}hub/").content.decode()


# --- a level that rose --------------------------------------------------------------------------------------------------


@pytest.fixture
def raised(melton, worker, practitioner, access_worker):
    """Level 2 at triage, level 3 now."""
    family = FamilyFactory(area=melton)
    MemberFactory(family=family, person=PersonFactory())
    case = CaseFactory.led_by(worker, area=melton, tier=2, level_of_need=3, family=family)
    TriageDecision.objects.create(
        referral=sent(area=melton, author=practitioner),
        case=case,
        kind="accepted",
        reason="Two needs.",
        level_of_need=2,
        by=access_worker,
        at=NOW - timedelta(days=9),
    )
    return case


def test_a_level_that_rose_without_a_new_fact_is_shown(as_user, raised, chair):
    assert found(chair) == [raised]
    assert "Level raised from 2" in as_user(chair).get(PAGE).content.decode()


def test_a_level_that_rose_on_a_new_fact_is_not(raised, chair, worker):
    SignificantEvent.objects.create(
        family=raised.family, kind="home", text="Evicted", happened_on=NOW.date(), recorded_by=worker, recorded_at=NOW
    )
    assert found(chair) == []


@pytest.mark.parametrize("n", [1, 20])
def test_the_list_takes_as_many_queries_however_many_there_are(
    as_user, chair, melton, worker, n, django_assert_num_queries
):
    for _ in range(n):
        CaseFactory.led_by(worker, area=melton, tier=3, level_of_need=2)
    browser = as_user(chair)
    browser.get(PAGE)
    with django_assert_num_queries(5):
        browser.get(PAGE)
