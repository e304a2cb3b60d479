import pytest

from earlyhelp.partnership.enums import Role
from tests.factories import PostFactory, WorkerFactory
from tests.hubs.factories import HubFactory, MeetingFactory, SeatFactory
from tests.insight.missing import NOW


@pytest.fixture
def as_user(client):
    """``as_user(person)`` is a browser in which that person has signed in."""

    def signed_in(user):
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def marek(charnwood):
    return PostFactory(user=WorkerFactory(), area=charnwood).user


@pytest.fixture
def graham(charnwood):
    return PostFactory(role=Role.HUB_CHAIR, area=charnwood).user


@pytest.fixture
def session(charnwood, graham):
    """The Charnwood hub, in session today."""
    hub = HubFactory(area=charnwood)
    present = [SeatFactory(hub=hub).user for _ in range(3)]
    return MeetingFactory.in_session(hub=hub, chair=graham, present=present, starts_at=NOW.replace(microsecond=0))
