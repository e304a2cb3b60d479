from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from guardian.shortcuts import assign_perm

from earlyhelp.cases.models import Case, CaseDeadline
from earlyhelp.core.rights import may
from earlyhelp.deadlines.services import promise
from earlyhelp.families.models import Family
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import User
from earlyhelp.partnership.scope import OF_THOSE_COVERED, OWN, PARTS, _statement
from earlyhelp.partnership.services import appoint, leave
from tests.factories import MONDAY, CaseFactory, PostFactory


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("worker", True),
        ("chair", True),
        ("coordinator", True),
        ("manager", True),
        ("other_worker", False),
        ("practitioner", False),
        ("stranger", False),
        ("access_worker", False),
        ("service_manager", False),
    ],
)
def test_who_sees_an_open_case(request, led_case, who, sees):
    user = request.getfixturevalue(who)

    assert Case.objects.for_user(user).filter(pk=led_case.pk).exists() is sees
    assert may(user, "view", led_case) is sees
    assert user.has_perm("cases.view_case", led_case) is sees
    assert Family.objects.for_user(user).filter(pk=led_case.family_id).exists() is sees


def test_a_service_manager_counts_what_they_may_not_open(led_case, service_manager):
    assert list(Case.objects.for_user(service_manager, "list")) == [led_case]
    assert not may(service_manager, "view", led_case)


def test_ehaccess_sees_what_waits_and_what_was_before(waiting_case, access_worker):
    assert may(access_worker, "view", waiting_case)


def test_a_restricted_case_is_hidden_from_its_own_chair_and_manager_but_not_from_its_lead(
    led_case, chair, manager, worker
):
    Case.objects.update(restricted=True)

    assert not may(chair, "view", led_case)
    assert not may(manager, "view", led_case)
    assert may(worker, "view", led_case)


def test_a_post_in_the_county_reaches_every_area_within_it(led_case, county):
    assert may(PostFactory(role=Role.HUB_CHAIR, area=county).user, "view", led_case)


def test_a_post_in_one_area_does_not_reach_the_area_around_it(county, melton):
    case = CaseFactory(area=county)

    assert not may(PostFactory(role=Role.HUB_CHAIR, area=melton).user, "view", case)


def test_a_post_that_has_ended_gives_nothing(led_case, melton):
    ended = PostFactory(role=Role.HUB_CHAIR, area=melton, until_on=timezone.localdate() - timedelta(days=1)).user

    assert not may(ended, "view", led_case)


def test_a_post_that_has_not_begun_gives_nothing(led_case, melton):
    future = PostFactory(role=Role.HUB_CHAIR, area=melton, from_on=timezone.localdate() + timedelta(days=1)).user

    assert not may(future, "view", led_case)


def test_somebody_suspended_sees_nothing(led_case, worker):
    User.objects.filter(pk=worker.pk).update(is_active=False)

    assert not Case.objects.for_user(User.objects.get(pk=worker.pk)).exists()


def test_leaving_ends_every_post_and_the_sign_in(led_case, chair):
    leave(chair, on=timezone.localdate())
    gone = User.objects.get(pk=chair.pk)

    assert not gone.is_active
    assert not gone.posts.current().exists()


def test_a_grant_opens_one_case_to_view_and_no_more(led_case, stranger):
    assign_perm("cases.view_case", stranger, led_case)

    assert list(Case.objects.for_user(stranger)) == [led_case]
    assert not may(stranger, "lead", led_case)


def test_a_grant_lapses(led_case, stranger):
    assign_perm("cases.view_case", stranger, led_case)
    led_case.grants.update(expires_at=datetime(2020, 1, 1, tzinfo=UTC))

    assert not Case.objects.for_user(stranger).exists()


def test_deadlines_follow_their_case(led_case, worker, stranger):
    promise(led_case, "D_REVIEW", now=MONDAY, holder=worker, tier=2)

    assert CaseDeadline.objects.for_user(worker).count() == 1
    assert not CaseDeadline.objects.for_user(stranger).exists()


def test_a_chair_who_leads_a_case_may_not_decide_on_it(melton, worker):
    appoint(worker, role=Role.HUB_CHAIR, area=melton, on=MONDAY.date())
    case = CaseFactory.led_by(worker, area=melton)

    assert may(worker, "lead", case)
    assert not may(worker, "decide", case)
    assert not may(worker, "ratify", case)


def test_a_scope_costs_one_query(worker, led_case, django_assert_num_queries):
    user = User.objects.get(pk=worker.pk)

    with django_assert_num_queries(1):
        assert user.scope.ids("case_team") == [led_case.pk]
        assert user.scope.areas(Role.PRACTITIONER)
        assert user.scope.unread == 0


def test_an_unknown_action_is_allowed_to_nobody(led_case, worker):
    assert not may(worker, "anything", led_case)
    assert not worker.has_perm("cases.anything_case", led_case)
    assert not worker.has_perm("cases.view_case")


@pytest.mark.parametrize("which", [OWN, OF_THOSE_COVERED])
def test_the_statement_of_the_scope_holds_no_moment_for_it_is_composed_once_and_kept(which):
    """A part that took today from Python would give last month's access for as long as the process lives."""
    _, params = _statement(which, User, tuple(PARTS))

    assert [value for value in params if isinstance(value, date)] == []
