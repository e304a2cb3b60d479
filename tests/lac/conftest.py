import pytest

from earlyhelp.partnership.enums import Role
from tests.factories import PersonFactory, PostFactory
from tests.lac.factories import IntroductionFactory


@pytest.fixture
def signed_in(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def dele(melton):
    """Coordinates in Melton."""
    return PostFactory(role=Role.LAC_COORDINATOR, area=melton, user__first_name="Dele", user__last_name="Okoro").user


@pytest.fixture
def priya(charnwood):
    """Coordinates elsewhere."""
    return PostFactory(role=Role.LAC_COORDINATOR, area=charnwood, user__first_name="Priya", user__last_name="Nair").user


@pytest.fixture
def lac_lead(county):
    return PostFactory(role=Role.LAC_LEAD, area=county).user


@pytest.fixture
def gwen(melton, practitioner):
    """Introduced in Melton; nobody has met her yet."""
    person = PersonFactory(first_name="Gwen", last_name="Harlow", born_on="1934-04-09")
    return IntroductionFactory(person=person, area=melton, introduced_by=practitioner)
