"""Melton's front door: a referral in each state, and an agency that is asked."""

import pytest

from earlyhelp.partnership.enums import Role
from tests.factories import AgencyFactory, PostFactory, UserFactory
from tests.referrals.factories import ready_draft, sent, taken


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
def ig_lead(county):
    return PostFactory(role=Role.IG_LEAD, area=county).user
