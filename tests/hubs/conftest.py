import pytest

from tests.hubs.factories import HubFactory, ItemFactory, MeetingFactory, SeatFactory


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
    from datetime import timedelta

    from tests.hubs.factories import MEETS_AT

    return MeetingFactory(hub=hub, starts_at=MEETS_AT + timedelta(days=35))


@pytest.fixture
def item(meeting, waiting_case):
    """The waiting family, before the meeting."""
    return ItemFactory(meeting=meeting, case=waiting_case)


@pytest.fixture
def sign_in(client):
    def as_(user):
        client.force_login(user)
        return client

    return as_
