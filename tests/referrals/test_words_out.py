"""From a contact and a hand-over too one may ask that words are taken out, if one may read the family they are about."""

import pytest

from referrals.services.handover import hand_over
from tests.factories import MONDAY, CaseFactory, PostFactory, UserFactory
from tests.referrals.factories import got_in_touch

HANDED = {"about": "A boy", "concern": "Bruises.", "family_told": False, "not_told_why": "Not safe."}


@pytest.fixture
def of_family(worker, melton):
    """A contact that the worker took, and a hand-over that they wrote, about a family that they lead."""
    case = CaseFactory.led_by(worker, area=melton)
    contact = got_in_touch(by=worker, family=case.family)
    return case.family, (contact, hand_over(case=case, family=case.family, by=worker, now=MONDAY, **HANDED))


def test_whoever_reads_the_family_is_led_on_from_both(of_family, worker, client):
    family, records = of_family
    client.force_login(worker)
    for record in records:
        assert f'href="/records/blank/{family.reference}/"' in client.get(record.get_absolute_url()).text
    assert client.get(f"/records/blank/{family.reference}/").status_code == 200


def test_whoever_wrote_of_a_family_that_they_may_not_read_is_led_nowhere(worker, melton, client):
    family, by = CaseFactory(area=melton).family, PostFactory(user=UserFactory(), area=melton).user
    records = (got_in_touch(by=by, family=family), hand_over(family=family, by=by, now=MONDAY, **HANDED))
    client.force_login(by)
    for record in records:
        page = client.get(record.get_absolute_url())
        assert page.status_code == 200
        assert "/records/blank/" not in page.text


def test_a_contact_about_nobody_on_record_leads_nowhere(rang, practitioner, client):
    client.force_login(practitioner)
    assert "/records/blank/" not in client.get(rang.get_absolute_url()).text
