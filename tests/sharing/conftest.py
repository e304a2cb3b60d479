"""Dana Grant, her daughter Robin of ten, and Joe, Robin's father; and an agency that one may or may not tell."""

import pytest

from earlyhelp.families.models import Relationship
from earlyhelp.families.services import add_event
from earlyhelp.sharing.services import begin_copy, record_conflict, record_wish
from tests.factories import MONDAY, AgencyFactory, MemberFactory, PersonFactory


@pytest.fixture
def signed_in(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def family(led_case):
    return led_case.family


def _member(family, role, **facts):
    person = PersonFactory(last_name="Grant", area=family.area, **facts)
    MemberFactory(family=family, person=person, role=role)
    return person


@pytest.fixture
def dana(family):
    return _member(family, "parent", first_name="Dana", born_on="1990-04-03")


@pytest.fixture
def joe(family):
    return _member(family, "parent", first_name="Joe", born_on="1988-01-09")


@pytest.fixture
def robin(family, dana, joe):
    child = _member(family, "child", first_name="Robin", born_on="2015-05-20")
    for parent in (dana, joe):
        Relationship.objects.create(person=parent, other=child, kind="parent", parental_responsibility=True)
    return child


@pytest.fixture
def school(db):
    return AgencyFactory(name="Riverside Primary", kind="school")


@pytest.fixture
def says(worker, school):
    """``says(dana, "given")``: of the school, themselves, face to face, unless something else is said."""

    def say(person, wish, *, now=MONDAY, **more):
        said = {"whom": "agency", "agency": school, "given_by": "person", "how": "face_to_face", "by": worker} | more
        return record_wish(person, wish=wish, now=now, **said)

    return say


@pytest.fixture
def happened(family, worker):
    def write(text, person=None, on="2026-01-05"):
        return add_event(family, happened_on=on, kind="home", text=text, person=person, by=worker, now=MONDAY)

    return write


@pytest.fixture
def chronology(dana, joe, robin, happened):
    return {
        "all": happened("The heating was mended."),
        "dana": happened("She sleeps again.", dana),
        "joe": happened("He has found work.", joe),
        "robin": happened("He reads aloud in class.", robin),
    }


@pytest.fixture
def copy_for(family, worker):
    def begin(person=None, **more):
        said = {"document": "chronology", "purpose": "help", "by": worker, "now": MONDAY} | more
        return begin_copy(family, person=person, **said)

    return begin


@pytest.fixture
def apart(family, dana, joe, worker):
    return record_conflict(family, one=joe, other=dana, reason="He has looked for her.", by=worker, now=MONDAY)
