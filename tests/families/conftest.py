import pytest

from earlyhelp.cases.services import join_team
from earlyhelp.families import services
from tests.factories import MONDAY, FamilyFactory, MemberFactory, PersonFactory


@pytest.fixture
def signed_in(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def grants(led_case):
    """The family of the worker's case: Dana and her daughter Robin."""
    family = led_case.family
    family.name = "Grant"
    family.save()
    area = led_case.area
    dana = PersonFactory(first_name="Dana", last_name="Grant", born_on="1990-04-03", area=area)
    robin = PersonFactory(first_name="Robin", last_name="Grant", born_on="2015-05-20", area=area)
    MemberFactory(family=family, person=dana, role="parent")
    MemberFactory(family=family, person=robin, role="child")
    family.dana, family.robin = dana, robin
    return family


@pytest.fixture
def strangers_family(charnwood):
    """A family with which nobody of these tests works."""
    family = FamilyFactory(name="Elsewhere", area=charnwood)
    MemberFactory(family=family, person=PersonFactory(first_name="Ola", last_name="Elsewhere", area=charnwood))
    return family


REFUGE = {"line_1": "Flat 2, 17 Quince Lane", "line_2": "Haven House", "town": "Oakham", "postcode": "LE15 7ZZ"}


@pytest.fixture
def hidden(grants, worker):
    """Dana has fled: her worker has written down where to."""
    grants.dana.phone = "07700 900123"
    grants.dana.save()
    return services.move_home(grants.dana, on=None, by=worker, now=MONDAY, protected=True, **REFUGE)


@pytest.fixture
def member(led_case, worker, practitioner):
    """Somebody of the team around the family."""
    join_team(led_case, role="member", user=practitioner, by=worker, now=MONDAY)
    return practitioner
