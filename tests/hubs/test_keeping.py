"""The hub itself: how often it meets, who sits at it, and the terms that it agreed."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from earlyhelp.core.calendar import LONDON
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible
from hubs.enums import Cadence
from hubs.models import Hub, HubTerms
from hubs.queries import members_of
from hubs.services import keeping
from hubs.services.diary import plan_ahead
from tests.factories import MONDAY, PostFactory, UserFactory, WorkerFactory
from tests.hubs.factories import HubFactory, ItemFactory, MeetingFactory, SeatFactory
from tests.hubs.test_decision_pages import token

NOW = timezone.now()


@pytest.fixture
def system_admin(melton):
    return PostFactory(role=Role.SYSTEM_ADMIN, area=melton).user


# --- when it meets -----------------------------------------------------------------------------------------------------


def test_a_weekly_hub_has_a_meeting_planned_for_every_week(melton):
    hub = HubFactory(area=melton, cadence=Cadence.WEEKLY)
    plan_ahead(now=MONDAY)
    days = [timezone.localdate(meeting.starts_at) for meeting in hub.meetings.order_by("starts_at")]
    assert {(after - before).days for before, after in pairwise(days)} == {7}
    assert plan_ahead(now=MONDAY) == 0


def test_a_hub_that_meets_every_two_weeks_counts_them_from_a_day_of_its_own(melton):
    hub = HubFactory(area=melton, cadence=Cadence.FORTNIGHTLY, counted_from=date(2026, 3, 12))
    plan_ahead(now=MONDAY)
    first, second = hub.meetings.order_by("starts_at")[:2]
    assert first.starts_at == datetime(2026, 3, 10, 14, 0, tzinfo=LONDON)
    assert second.starts_at == datetime(2026, 3, 24, 14, 0, tzinfo=LONDON)


def test_the_database_refuses_fortnights_that_nobody_counts(hub):
    with pytest.raises(DatabaseError), transaction.atomic():
        Hub.objects.update(cadence=Cadence.FORTNIGHTLY)


def test_another_day_replans_what_nobody_has_prepared_and_leaves_the_rest(hub, coordinator):
    plan_ahead(now=MONDAY)
    prepared, *others = hub.meetings.order_by("starts_at")
    ItemFactory(meeting=prepared)
    keeping.change(hub, by=coordinator, now=MONDAY, version=hub.version, weekday=3)
    kept, *planned = hub.meetings.order_by("starts_at")
    assert kept == prepared
    assert len(planned) == len(others)
    assert {timezone.localdate(each.starts_at).weekday() for each in planned} == {3}


def test_another_name_leaves_the_diary_alone(hub, coordinator):
    plan_ahead(now=MONDAY)
    before = list(hub.meetings.values_list("pk", flat=True))
    keeping.change(hub, by=coordinator, now=MONDAY, version=hub.version, name="Melton early help hub")
    assert list(hub.meetings.values_list("pk", flat=True)) == before


# --- who sits at it ----------------------------------------------------------------------------------------------------


def test_a_member_is_added_and_told(hub, coordinator):
    person = UserFactory()
    member = keeping.seat(hub, by=coordinator, now=NOW, user=person, from_on=timezone.localdate(), role="For schools")
    assert (member.agency, member.role) == (person.agency, "For schools")
    assert person.notices.get().title == "You are a member of a hub"


def test_nobody_sits_at_a_hub_twice(hub, member, coordinator):
    with pytest.raises(NotPossible, match="already"):
        keeping.seat(hub, by=coordinator, now=NOW, user=member, from_on=timezone.localdate())
    assert hub.members.filter(user=member).count() == 1


def test_after_their_last_day_a_member_reads_no_papers(sign_in, hub, member, coordinator):
    meeting = MeetingFactory.published(hub=hub, starts_at=NOW + timedelta(days=3))
    seat = hub.members.get(user=member)
    assert sign_in(member).get(meeting.get_absolute_url()).status_code == 200
    keeping.unseat(seat, by=coordinator, now=NOW, until_on=timezone.localdate() - timedelta(days=1))
    assert sign_in(member).get(meeting.get_absolute_url()).status_code == 404


# --- its terms ---------------------------------------------------------------------------------------------------------


def test_new_terms_follow_the_old_and_neither_is_altered(hub, coordinator):
    for text in ("We meet to help early.", "We meet to help sooner."):
        keeping.agree_terms(hub, by=coordinator, now=NOW, text=text, agreed_on=timezone.localdate())
    assert [(each.number, each.text[-6:]) for each in hub.terms.all()] == [(2, "ooner."), (1, "early.")]
    with pytest.raises(DatabaseError), transaction.atomic():
        HubTerms.objects.update(text="Anything.")


# --- its pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["chair", "coordinator", "service_manager", "system_admin"])
def test_who_keeps_a_hub_changes_it(request, sign_in, hub, who):
    client = sign_in(request.getfixturevalue(who))
    assert client.get(hub.get_absolute_url()).status_code == 200
    for page in ("change/", "members/add/", "terms/"):
        assert client.get(f"{hub.get_absolute_url()}{page}").status_code == 200


def test_a_member_reads_of_the_hub_and_changes_nothing(sign_in, hub, member):
    client = sign_in(member)
    assert client.get(hub.get_absolute_url()).status_code == 200
    assert client.get("/hubs/all/").status_code == 200
    for page in ("change/", "members/add/", "terms/"):
        assert client.get(f"{hub.get_absolute_url()}{page}").status_code == 404


@pytest.mark.parametrize("who", ["worker", "stranger"])
def test_anybody_else_finds_no_hub(request, sign_in, hub, who):
    client = sign_in(request.getfixturevalue(who))
    assert client.get(hub.get_absolute_url()).status_code == client.get("/hubs/999999/").status_code == 404
    for_them = client.get("/hubs/all/")
    assert for_them.status_code == 404 or hub not in for_them.context["hubs"]


def test_an_edit_of_an_old_version_shows_both(sign_in, hub, coordinator):
    client, url = sign_in(coordinator), f"{hub.get_absolute_url()}change/"
    typed = {
        "version": hub.version,
        "name": "Mine",
        "cadence": "monthly",
        "weekday": 1,
        "week": 3,
        "starts": "14:00",
        "quorum": 3,
        "minutes_an_item": 10,
    }
    keeping.change(hub, by=coordinator, now=NOW, version=hub.version, name="Theirs")
    assert "Theirs" in client.post(url, typed).content.decode()
    hub.refresh_from_db()
    assert hub.name == "Theirs"
    client.post(url, typed | {"version": hub.version})
    hub.refresh_from_db()
    assert hub.name == "Mine"


def test_a_member_is_added_on_the_page(sign_in, hub, coordinator):
    person = WorkerFactory()
    client, url = sign_in(coordinator), f"{hub.get_absolute_url()}members/add/"
    day = timezone.localdate()
    typed = {"token": token(client.get(url)), "user": person.pk, "role": "For health"}
    days = {"from_on_day": day.day, "from_on_month": day.month, "from_on_year": day.year}
    assert client.post(url, typed | days).status_code == 302
    assert "For health" in client.get(hub.get_absolute_url()).content.decode()


def test_the_list_of_hubs_counts_everybody_who_sits_there_once_by_name_or_by_post(
    sign_in, hub, melton, charnwood, coordinator, chair, members
):
    post = PostFactory(role="hub_member", area=melton).user
    PostFactory(user=members[0], role="hub_member", area=melton)
    PostFactory(role="hub_member", area=charnwood)
    PostFactory(role="practitioner", area=melton)
    gone = SeatFactory(hub=hub)
    type(gone).objects.filter(pk=gone.pk).update(until_on=timezone.localdate() - timedelta(days=1))
    [shown] = sign_in(coordinator).get("/hubs/all/").context["hubs"]
    assert shown.sits == members_of(hub).count() == len([coordinator, chair, post, *members])


@pytest.mark.parametrize("page", ["/hubs/all/", "hub"])
def test_a_hubs_pages_ask_as_much_of_twenty_as_of_one(sign_in, hub, coordinator, page, django_assert_max_num_queries):
    client, url = sign_in(coordinator), hub.get_absolute_url() if page == "hub" else page
    SeatFactory(hub=hub)
    client.get(url)
    with django_assert_max_num_queries(9):
        client.get(url)
    for _ in range(19):
        SeatFactory(hub=hub)
    with django_assert_max_num_queries(9):
        client.get(url)
