"""What was undertaken at the hub, by agency, and who chases what is overdue."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible
from hubs import transitions
from hubs.services.actions import undertake
from hubs.services.interests import declare
from tests.factories import PostFactory
from tests.hubs.factories import MEETS_AT, HubFactory, SeatFactory

NOW = MEETS_AT + timedelta(minutes=20)


@pytest.fixture
def owe(hub):
    """Somebody undertook something, due so many days ago."""

    def make(owner=None, days=3, agency=None, what="Ring the school", at=None):
        due = timezone.localdate() - timedelta(days=days)
        return undertake(at or hub, what=what, owner=owner, agency=agency, due_on=due, now=timezone.now())

    return make


def chased(user):
    return Notice.objects.filter(to=user, title="An action from the hub is overdue").count()


def test_actions_stand_under_their_agency_the_longest_overdue_first(sign_in, owe, coordinator, members):
    owe(members[0], days=-5, what="Not yet")
    owe(members[0], days=9, what="Long ago")
    owe(agency=members[1].agency, what="Somebody there")
    text = sign_in(coordinator).get("/hubs/actions/").content.decode()
    assert text.index("Long ago") < text.index("Not yet")
    for agency in (members[0].agency, members[1].agency):
        assert f">{agency.name}</h2>" in text
    assert text.count("days overdue") == 2


def test_actions_are_filtered_by_agency_hub_and_what_is_overdue(sign_in, hub, owe, coordinator, members, charnwood):
    owe(members[0], what="Police")
    owe(members[1], what="School")
    owe(members[0], days=-5, what="Not yet")
    client = sign_in(coordinator)
    of_police = client.get(f"/hubs/actions/?agency={members[0].agency_id}&overdue=on").content.decode()
    assert ("Police" in of_police, "School" in of_police, "Not yet" in of_police) == (True, False, False)
    PostFactory(user=coordinator, role="hub_coordinator", area=charnwood)
    owe(members[0], what="Elsewhere", at=HubFactory(area=charnwood))
    of_melton = client.get(f"/hubs/actions/?hub={hub.pk}").content.decode()
    assert ("School" in of_melton, "Elsewhere" in of_melton) == (True, False)


def test_chasing_an_agency_tells_the_owners_of_what_is_overdue_and_nobody_else(sign_in, owe, coordinator, members):
    late, soon, other = owe(members[0]), owe(members[0], days=-5), owe(members[1])
    client = sign_in(coordinator)
    client.post("/hubs/actions/chase/", {"agency": members[0].agency_id})
    assert (chased(members[0]), chased(members[1])) == (1, 0)
    assert Notice.objects.get(key__contains=":chased:").url == late.get_absolute_url()
    for action, said in ((late, True), (soon, False), (other, False)):
        action.refresh_from_db()
        assert bool(action.chased_at) is said
    assert "Chased " in client.get("/hubs/actions/").content.decode()


def test_an_owner_is_chased_once_a_day_at_most(owe, coordinator, members):
    action, now = owe(members[0]), timezone.now()
    transitions.chase(action, by=coordinator, now=now)
    with pytest.raises(NotPossible, match="today already"):
        transitions.chase(action, by=coordinator, now=now)
    transitions.chase(action, by=coordinator, now=now + timedelta(days=1))
    assert chased(members[0]) == 2


def test_what_is_not_overdue_or_is_nobodys_by_name_is_not_chased(owe, coordinator, members):
    with pytest.raises(NotPossible, match="not overdue"):
        transitions.chase(owe(members[0], days=0), by=coordinator, now=timezone.now())
    with pytest.raises(NotPossible, match="nobody by name"):
        transitions.chase(owe(agency=members[0].agency), by=coordinator, now=timezone.now())
    assert not Notice.objects.filter(key__contains=":chased:").exists()


def test_nobody_chases_who_does_not_run_the_hub(sign_in, owe, members, charnwood):
    owe(members[1])
    theirs = owe(members[0])
    with pytest.raises(PermissionDenied):
        transitions.chase(theirs, by=members[0], now=timezone.now())
    sign_in(members[0]).post("/hubs/actions/chase/", {"agency": members[1].agency_id})
    assert not Notice.objects.filter(key__contains=":chased:").exists()


def test_whoever_may_not_hear_of_a_family_chases_nothing_that_was_undertaken_about_it(
    sign_in, closed, item, coordinator, chair, members
):
    declare(item.case, user=coordinator, by=chair, now=NOW)
    with pytest.raises(PermissionDenied):
        transitions.chase(closed.actions.get(), by=coordinator, now=timezone.now())
    sign_in(coordinator).post("/hubs/actions/chase/", {"agency": members[0].agency_id})
    assert not Notice.objects.filter(key__contains=":chased:").exists()


@pytest.mark.parametrize("typed", ["", "x", "0", "9" * 30])
def test_chasing_no_agency_is_answered_as_a_page_that_is_not_there(sign_in, coordinator, typed):
    assert sign_in(coordinator).post("/hubs/actions/chase/", {"agency": typed}).status_code == 404


@pytest.mark.parametrize("n", [1, 20])
def test_the_list_of_whoever_runs_the_hub_takes_as_many_queries_for_one_as_for_twenty(
    sign_in, owe, coordinator, n, django_assert_max_num_queries
):
    for _ in range(n):
        owe(SeatFactory().user)
    client = sign_in(coordinator)
    client.get("/hubs/actions/")
    with django_assert_max_num_queries(9):
        assert client.get("/hubs/actions/").status_code == 200
