"""A person of Melton, who works with them, and a service with people of its own."""

import re

import pytest
from django.core import mail

from earlyhelp.directory.models import Organisation
from earlyhelp.directory.services import onward as onwards
from earlyhelp.notices.services import send_letters
from earlyhelp.partnership.enums import Role
from tests.factories import (
    MONDAY,
    AgencyFactory,
    FamilyFactory,
    MemberFactory,
    PersonFactory,
    PostFactory,
    ServiceFactory,
    UserFactory,
)


@pytest.fixture
def gwen(melton, practitioner):
    """92, in a family that the practitioner wrote down, and so works with."""
    person = PersonFactory(
        first_name="Gwen", last_name="Harlow", born_on="1934-01-05", area=melton, phone="01632 960 111"
    )
    MemberFactory(family=FamilyFactory(area=melton, name="Harlow", created_by=practitioner), person=person)
    return person


@pytest.fixture
def society(db):
    """A small organisation: whoever of it has an account answers."""
    agency = AgencyFactory(name="Example Society", kind="voluntary")
    return Organisation.objects.create(name="Example Society", agency=agency)


@pytest.fixture
def befriending(society):
    return ServiceFactory(
        organisation=society, name="Befriending", email="befriending@example.org", phone="01632 960 9"
    )


@pytest.fixture
def provider(society, county):
    """Works for the society, with an account."""
    return PostFactory(user=UserFactory(agency=society.agency), area=county).user


@pytest.fixture
def adviser(county):
    return PostFactory(role=Role.FIRST_CONTACT_ADVISER, area=county).user


@pytest.fixture
def proposed(gwen, befriending, practitioner):
    return onwards.propose(
        person=gwen, service=befriending, by=practitioner, now=MONDAY, why="Company on weekday mornings."
    )


@pytest.fixture
def sent(gwen, befriending, practitioner):
    return onwards.offer(
        person=gwen,
        service=befriending,
        by=practitioner,
        now=MONDAY,
        why="Company on weekday mornings.",
        given_by="person",
        how="face_to_face",
        limits="Do not ring my daughter.",
    )


@pytest.fixture
def letters(db):
    """Send what is owed to services, and read it."""

    def sent_by(now=MONDAY):
        before = len(mail.outbox)
        send_letters(now=now)
        return mail.outbox[before:]

    return sent_by


@pytest.fixture
def secret(sent, letters):
    """What the link in the service's e-mail holds."""
    return secret_in(letters()[0])


def secret_in(message):
    return re.search(r"/referred/([\w-]+)/", message.body)[1]
