"""Robin Holt asks for what is kept about them; their father is of the same family, and a second governance lead answers too."""

from datetime import date

import pytest

from earlyhelp.families.models import SignificantEvent
from earlyhelp.partnership.enums import Role
from tests.factories import FamilyFactory, MemberFactory, PersonFactory, PostFactory
from tests.records.asking import BORN, NOW, asked_for


@pytest.fixture
def second(county):
    """Another governance lead of the same county."""
    return PostFactory(role=Role.IG_LEAD, area=county).user


@pytest.fixture
def family(melton):
    return FamilyFactory(name="Holt", area=melton)


@pytest.fixture
def robin(family, melton):
    person = PersonFactory(first_name="Robin", last_name="Holt", born_on=BORN, area=melton)
    MemberFactory(family=family, person=person)
    return person


@pytest.fixture
def father(family, melton):
    person = PersonFactory(first_name="Gareth", last_name="Holt", born_on=date(1980, 1, 1), area=melton)
    MemberFactory(family=family, person=person, role="parent")
    return person


@pytest.fixture
def note(family, worker):
    """Writes down what happened to the family, or to somebody of it."""

    def write(text, on=date(2016, 5, 4), **facts):
        return SignificantEvent.objects.create(
            family=family, happened_on=on, kind="health", text=text, recorded_by=worker, recorded_at=NOW, **facts
        )

    return write


@pytest.fixture
def request_(robin, ig_lead):
    return asked_for(robin, ig_lead)
