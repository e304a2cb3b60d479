"""Melton's front door: a referral in each state, and an agency that is asked."""

from datetime import date

import pytest

from earlyhelp.partnership.enums import Role
from referrals.services.checklist import begin
from referrals.transitions.checklist import answer
from tests.factories import MONDAY, AgencyFactory, PostFactory, UserFactory
from tests.referrals.asking import Visitor
from tests.referrals.factories import got_in_touch, ready_draft, sent, taken


@pytest.fixture
def draft(melton, practitioner):
    return ready_draft(area=melton, author=practitioner)


@pytest.fixture
def referral(melton, practitioner, access_worker):
    """Sent by the practitioner; waits for EH Access."""
    return sent(area=melton, author=practitioner)


@pytest.fixture
def in_triage(melton, practitioner, access_worker):
    """Taken by the access worker."""
    return taken(area=melton, author=practitioner, by=access_worker)


@pytest.fixture
def second_access_worker(county):
    return PostFactory(role=Role.EH_ACCESS, area=county).user


@pytest.fixture
def school(db):
    return AgencyFactory(name="Riverside Primary", kind="school")


@pytest.fixture
def contact(melton, school):
    """Answers for the school in Melton."""
    return PostFactory(user=UserFactory(agency=school), role=Role.AGENCY_CONTACT, area=melton).user


@pytest.fixture
def police_contact(county):
    user = UserFactory(agency=AgencyFactory(name="County Police", kind="police"))
    return PostFactory(user=user, role=Role.AGENCY_CONTACT, area=county).user


@pytest.fixture
def adviser(county):
    """Answers contacts for First Contact Plus."""
    return PostFactory(role=Role.FIRST_CONTACT_ADVISER, area=county).user


@pytest.fixture
def admin(county):
    """Keeps the system going for the council."""
    return PostFactory(role=Role.SYSTEM_ADMIN, area=county).user


@pytest.fixture
def gwens_contact(melton, adviser):
    """Gwen rings and asks for a day centre; nobody has written her down."""
    facts = {"first_name": "Gwen", "last_name": "Invented", "born_on": date(1934, 1, 5)}
    return got_in_touch(by=adviser, area=melton, said="May I go to a day centre?", **facts)


@pytest.fixture
def asking(gwens_contact, adviser):
    """Gwen agreed to be asked."""
    named = {"first_name": "Gwen", "last_name": "Invented", "born_on": date(1934, 1, 5)}
    return begin(contact=gwens_contact, about="adult", agreed_by="Gwen herself", by=adviser, now=MONDAY, **named)


@pytest.fixture
def asked(asking, adviser):
    """She forgets, lives alone and is lonely; she does not fall."""
    said = {"memory": "yes", "lives_alone": "yes", "lonely": "yes", "falls": "no"}
    return answer(asking, by=adviser, now=MONDAY, voice="adult", answers=said)


@pytest.fixture
def visitor(county, melton):
    """Somebody without an account, at the public form."""
    return Visitor()


@pytest.fixture
def rang(practitioner, access_worker, melton):
    """Taken by the practitioner; the caller says that the family lives in Melton."""
    return got_in_touch(by=practitioner, area=melton)
