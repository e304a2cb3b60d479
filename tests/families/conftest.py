import pytest

from tests.factories import FamilyFactory, MemberFactory, PersonFactory


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
