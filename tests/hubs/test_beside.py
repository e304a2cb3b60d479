"""What the page of a meeting says beside its agenda."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hubs.enums import MeetingStatus, Presence
from hubs.models import Attendance
from tests.factories import AreaFactory, CaseFactory, PostFactory, UserFactory, WorkerFactory
from tests.hubs.factories import ItemFactory, MeetingFactory, SeatFactory

NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def meeting(hub, chair, members):
    """In session today."""
    return MeetingFactory.in_session(hub=hub, chair=chair, present=members, starts_at=NOW)


def held_before(hub, days):
    """It took place, and nobody has confirmed its minutes."""
    past = MeetingFactory.published(hub=hub, starts_at=NOW - timedelta(days=days))
    past.status, past.opened_at, past.closed_at = MeetingStatus.CLOSED, past.starts_at, past.starts_at
    past.save()
    return past


@pytest.mark.parametrize("n", [1, 20])
def test_the_page_takes_seven_queries_however_much_there_is(
    sign_in, meeting, chair, melton, n, django_assert_num_queries
):
    for number in range(n):
        ItemFactory(meeting=meeting, case=CaseFactory(area=melton))
        CaseFactory(area=melton)
        PostFactory(user=WorkerFactory(), area=melton)
        SeatFactory(hub=meeting.hub)
        Attendance.objects.create(meeting=meeting, name=f"Guest {number}", presence=Presence.PRESENT)
        held_before(meeting.hub, 28 * (number + 1))
    client = sign_in(chair)
    client.get(meeting.get_absolute_url())
    with django_assert_num_queries(7):
        assert client.get(meeting.get_absolute_url()).status_code == 200


def test_whoever_is_there_or_is_to_be_is_called_as_everywhere(sign_in, meeting, chair):
    nameless = SeatFactory(hub=meeting.hub, user=UserFactory(first_name="", last_name="", username="mo")).user
    Attendance.objects.create(meeting=meeting, user=nameless, agency=nameless.agency, presence=Presence.PRESENT)
    Attendance.objects.create(meeting=meeting, name="Iris, a school nurse", presence=Presence.PRESENT)
    Attendance.objects.create(meeting=meeting, user=UserFactory(), presence=Presence.APOLOGIES)
    shown = sign_in(chair).get(meeting.get_absolute_url()).context
    here = list(Attendance.objects.filter(meeting=meeting, presence=Presence.PRESENT))
    assert sorted(map(str, shown["here"].people)) == sorted(map(str, here))
    seats = {each.user for each in meeting.hub.members.all()} | {chair}
    assert {str(each): each.agency for each in shown["readers"]} == {str(each): each.agency.name for each in seats}
    assert [str(each) for each in shown["readers"] if each.is_chair] == [str(chair)]


def test_what_waits_elsewhere_is_not_said_to_wait_for_this_hub(sign_in, meeting, chair, melton):
    elsewhere, inside = AreaFactory(), AreaFactory(parent=melton)
    PostFactory(user=chair, role="hub_chair", area=elsewhere)
    CaseFactory(area=elsewhere)
    CaseFactory(area=inside), CaseFactory(area=melton)
    shown = sign_in(chair).get(meeting.get_absolute_url()).context
    assert (shown["not_gathered"], shown["later"]) == (2, 0)


def test_a_member_is_told_of_the_workers_and_not_of_what_waits(sign_in, meeting, member, melton):
    CaseFactory(area=melton)
    held_before(meeting.hub, 28)
    PostFactory(user=WorkerFactory(), area=melton)
    shown = sign_in(member).get(meeting.get_absolute_url()).context
    assert shown["room"].workers == 1
    assert (shown["not_gathered"], shown["later"], shown["to_confirm"]) == (None, None, [])


def test_of_a_meeting_that_is_over_only_who_was_to_be_there_is_read(sign_in, hub, chair, melton):
    PostFactory(user=WorkerFactory(), area=melton)
    shown = sign_in(chair).get(held_before(hub, 28).get_absolute_url()).context
    assert [str(each) for each in shown["readers"]] == [str(chair)]
    assert (shown["room"], shown["here"], shown["points"]) == (None, None, [])
