"""The people whom the tests are about. Melton is where things happen; the stranger chairs another hub and sees none of it."""

import pytest

from earlyhelp.partnership.enums import Role
from tests import databases
from tests.factories import AreaFactory, CaseFactory, PostFactory, TeamFactory, UserFactory, WorkerFactory


@pytest.fixture(scope="module")
def invented_county(django_db_setup, django_db_blocker, throwaway_folder):
    """The county of the demonstration, whole, in a copy of this module's own."""
    with django_db_blocker.unblock():
        databases.restore(databases.invented_county(throwaway_folder))
        yield
        databases.restore()


@pytest.fixture
def county(db):
    return AreaFactory(name="Example County", kind="authority")


@pytest.fixture
def melton(county):
    return AreaFactory(name="Melton", parent=county)


@pytest.fixture
def charnwood(county):
    return AreaFactory(name="Charnwood", parent=county)


@pytest.fixture
def family_team(melton):
    return TeamFactory(name="Melton family team", area=melton)


@pytest.fixture
def ig_lead(county):
    """Keeps restricted records safe, for the whole county."""
    return PostFactory(role=Role.IG_LEAD, area=county).user


@pytest.fixture
def access_worker(county):
    """Works in EH Access for the whole county."""
    return PostFactory(role=Role.EH_ACCESS, area=county).user


@pytest.fixture
def chair(melton):
    """Chairs the Melton hub."""
    return PostFactory(role=Role.HUB_CHAIR, area=melton).user


@pytest.fixture
def coordinator(melton):
    """Coordinates the Melton hub."""
    return PostFactory(role=Role.HUB_COORDINATOR, area=melton).user


@pytest.fixture
def worker(melton, family_team):
    """A practitioner of the Melton family team who may lead families; on no team yet."""
    return PostFactory(
        user=WorkerFactory(agency=family_team.agency, team=family_team), area=melton, team=family_team
    ).user


@pytest.fixture
def other_worker(melton, family_team):
    """A colleague of the worker: same agency, same team, no family of theirs."""
    return PostFactory(
        user=WorkerFactory(agency=family_team.agency, team=family_team), area=melton, team=family_team
    ).user


@pytest.fixture
def practitioner(melton):
    """Of another agency; leads nobody, is on no team."""
    return PostFactory(area=melton).user


@pytest.fixture
def manager(melton, family_team):
    """Manages the Melton family team."""
    return PostFactory(
        user=UserFactory(agency=family_team.agency), role=Role.TEAM_MANAGER, area=melton, team=family_team
    ).user


@pytest.fixture
def service_manager(county):
    return PostFactory(role=Role.SERVICE_MANAGER, area=county).user


@pytest.fixture
def stranger(charnwood):
    """Chairs another hub: sees nothing of Melton."""
    return PostFactory(role=Role.HUB_CHAIR, area=charnwood).user


@pytest.fixture
def waiting_case(melton):
    """Accepted by EH Access; waits for the Melton hub."""
    return CaseFactory(area=melton)


@pytest.fixture
def led_case(melton, worker):
    """Supported at tier 2, led by the worker."""
    return CaseFactory.led_by(worker, area=melton)
