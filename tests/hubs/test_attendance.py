"""Which agencies came to the meetings of a hub over the year."""

import csv
from datetime import timedelta

import pytest
from django.utils import timezone

from hubs.models import Attendance, StandIn
from hubs.queries import attendance_of_year
from tests.factories import UserFactory
from tests.hubs.factories import MEETS_AT, HubFactory, MeetingFactory

NOW = MEETS_AT + timedelta(minutes=20)


def held(hub, chair, present=(), apologies=(), absent=(), days=30):
    """A meeting that took place so many days ago."""
    meeting = MeetingFactory.in_session(
        hub=hub, chair=chair, present=present, starts_at=timezone.now() - timedelta(days=days)
    )
    for presence, people in (("apologies", apologies), ("absent", absent)):
        for user in people:
            Attendance.objects.create(meeting=meeting, user=user, agency=user.agency, presence=presence)
    meeting.status, meeting.closed_at = "closed", meeting.starts_at
    meeting.save()
    return meeting


def of(hub, user):
    rows = attendance_of_year(hub, now=timezone.now())
    return next(
        (row.present, row.stood_in, row.apologies, row.absent) for row in rows if row.agency == user.agency.name
    )


def test_an_agency_counts_once_a_meeting_as_the_best_that_came_of_it(hub, chair, members):
    first, second, third = members
    colleague = UserFactory(agency=first.agency)
    held(hub, chair, present=[first], absent=[colleague, second], apologies=[third], days=30)
    held(hub, chair, apologies=[first], absent=[colleague, second], days=60)
    assert of(hub, first) == (1, 0, 1, 0)
    assert of(hub, second) == (0, 0, 0, 2)
    assert of(hub, third) == (0, 0, 1, 0)


def test_an_agency_for_which_another_sat_is_neither_there_nor_absent(hub, chair, members):
    away, sitting, _ = members
    meeting = held(hub, chair, present=[sitting], absent=[away])
    StandIn.objects.create(meeting=meeting, away=away, user=sitting, named_by=chair, named_at=NOW)
    assert of(hub, away) == (0, 1, 0, 0)
    assert of(hub, sitting) == (1, 0, 0, 0)


def test_meetings_of_another_hub_of_another_year_or_called_off_do_not_count(hub, chair, members, charnwood):
    held(HubFactory(area=charnwood), chair, present=members)
    held(hub, chair, present=members, days=400)
    off = held(hub, chair, present=members)
    off.opened_at = None
    off.save()
    assert attendance_of_year(hub, now=timezone.now()) == []


def test_the_attendance_of_the_year_is_a_page_and_a_table(sign_in, hub, chair, members, stranger):
    held(hub, chair, present=members)
    client = sign_in(members[0])
    assert "attendance/" in client.get(hub.get_absolute_url()).content.decode()
    page = client.get(f"{hub.get_absolute_url()}attendance/").content.decode()
    assert members[1].agency.name in page
    assert str(members[1]) not in page
    answer = client.get(f"{hub.get_absolute_url()}attendance.csv")
    lines = list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines(keepends=True)))
    assert {line["Present"] for line in lines} == {"1"}
    for where in ("attendance/", "attendance.csv"):
        assert sign_in(stranger).get(f"{hub.get_absolute_url()}{where}").status_code == 404


@pytest.mark.parametrize("n", [1, 20])
def test_the_attendance_of_the_year_takes_as_many_queries_for_one_meeting_as_for_twenty(
    sign_in, hub, chair, members, n, django_assert_max_num_queries
):
    for number in range(n):
        held(hub, chair, present=members, days=number + 1)
    client = sign_in(chair)
    client.get(f"{hub.get_absolute_url()}attendance/")
    with django_assert_max_num_queries(7):
        assert client.get(f"{hub.get_absolute_url()}attendance/").status_code == 200
