"""A Melton family whose lead professional assesses, plans and reviews; ``teammate`` is on the team and leads nobody."""

import pytest

from assessments.services import assessing
from earlyhelp.cases.enums import Status
from earlyhelp.cases.services import join_team
from earlyhelp.partnership.enums import Role
from tests.assessments.factories import ActionFactory, MeetingFactory, assessed, family_of
from tests.factories import MONDAY, CaseFactory, PostFactory


@pytest.fixture
def case(melton, worker):
    """Met by the worker, and to be assessed: a parent who agreed to help, and one child."""
    case = CaseFactory.led_by(worker, area=melton, status=Status.ASSESSING)
    family_of(case)
    return case


@pytest.fixture
def assessment(case, worker):
    """Begun, with nothing in it yet."""
    return assessing.start(case, by=worker, now=MONDAY)


@pytest.fixture
def planning_case(case, worker):
    """Assessed: one need, housing, read as 1."""
    assessed(case, by=worker)
    case.refresh_from_db()
    return case


@pytest.fixture
def supported_case(planning_case):
    """As if its plan had been agreed: reviews are due."""
    type(planning_case).objects.filter(pk=planning_case.pk).update(status=Status.SUPPORTED)
    planning_case.refresh_from_db()
    return planning_case


@pytest.fixture
def teammate(case, practitioner, worker):
    """The practitioner, on the team of the case."""
    join_team(case, role="member", user=practitioner, by=worker, now=MONDAY)
    return practitioner


@pytest.fixture
def action(case, teammate):
    """An action of the teammate's."""
    return ActionFactory(case=case, owner=teammate)


@pytest.fixture
def meeting(case):
    return MeetingFactory(case=case)


@pytest.fixture
def as_worker(client, worker):
    client.force_login(worker)
    return client


@pytest.fixture
def as_teammate(client, teammate):
    client.force_login(teammate)
    return client


@pytest.fixture
def as_user(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def manager(worker, melton):
    """Manages the worker's team."""
    return PostFactory(role=Role.TEAM_MANAGER, team=worker.team, area=melton).user


@pytest.fixture
def parent(case):
    return case.family.memberships.get(role="parent").person
