from datetime import timedelta

import pytest

from hubs import transitions
from hubs.enums import DecisionKind
from tests.hubs.factories import MEETS_AT, HubFactory, ItemFactory, MeetingFactory, SeatFactory

NOW = MEETS_AT + timedelta(minutes=20)


@pytest.fixture
def hub(melton):
    return HubFactory(area=melton, name="Melton hub")


@pytest.fixture
def members(hub):
    """School, police and housing: a quorum beside the chair."""
    return [SeatFactory(hub=hub).user for _ in range(3)]


@pytest.fixture
def member(members):
    return members[0]


@pytest.fixture
def meeting(hub, chair, members):
    """In session and quorate."""
    return MeetingFactory.in_session(hub=hub, chair=chair, present=members)


@pytest.fixture
def later(hub):
    """The meeting after it."""
    return MeetingFactory(hub=hub, starts_at=MEETS_AT + timedelta(days=35))


@pytest.fixture
def item(meeting, waiting_case):
    """The waiting family, before the meeting."""
    return ItemFactory(meeting=meeting, case=waiting_case)


@pytest.fixture
def closed(item, chair, worker, members):
    """One family was offered to a worker, and somebody undertook something."""
    transitions.decide(
        item,
        by=chair,
        now=NOW,
        kind=DecisionKind.ALLOCATE,
        rationale="=HYPERLINK of one coordinator.",
        tier=2,
        worker=worker,
        preference="not_asked",
        preference_note="No answer by telephone.",
        actions=[{"what": "Ring the school", "owner": members[0], "due_on": MEETS_AT.date() + timedelta(days=7)}],
    )
    return transitions.close(item.meeting, by=chair, now=NOW)


@pytest.fixture
def sign_in(client):
    def as_(user):
        client.force_login(user)
        return client

    return as_
