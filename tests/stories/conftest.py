"""Those of domain.md 17, in an invented county; and a clock that a story moves."""

import pytest

from earlyhelp.partnership.enums import Role
from tests.clock import Clock, from_monday
from tests.factories import AgencyFactory, AreaFactory, PostFactory, UserFactory
from tests.stories.hub import sitting
from tests.stories.people import Desk


@pytest.fixture(autouse=True)
def clock(db):
    with from_monday(tick=False) as traveller:
        yield Clock(traveller)


@pytest.fixture
def council(db):
    return AgencyFactory(name="Example County Council", kind="council")


@pytest.fixture
def seat(council):
    """Seat somebody of this name and post at a desk."""

    def at(name, area, role=Role.PRACTITIONER, agency=None, **facts):
        first, _, last = name.partition(" ")
        user = UserFactory(first_name=first, last_name=last, agency=agency or council, **facts)
        return Desk(PostFactory(user=user, role=role, area=area).user)

    return at


@pytest.fixture
def barwell(county):
    return AreaFactory(name="Barwell", parent=county)


@pytest.fixture
def ruth(seat, county):
    """First Contact adviser, at the Customer Service Centre line."""
    return seat("Ruth Mensah", county, Role.FIRST_CONTACT_ADVISER)


@pytest.fixture
def hub(seat, melton):
    """The Melton hub: Colm chairs, Ivy coordinates; the police, a school and a landlord sit there."""
    people = {
        "chair": seat("Colm Byrne", melton, Role.HUB_CHAIR),
        "coordinator": seat("Ivy Cole", melton, Role.HUB_COORDINATOR),
    }
    return sitting(melton, agencies=("Police", "Melton College", "Melton Homes"), **people)
