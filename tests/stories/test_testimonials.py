"""Story 8: Mr and Mrs T praise their coordinator, and Dr M has noticed something. Each is quoted as they allowed it."""

import pytest
from django.core import mail

from assessments.models import Feedback
from earlyhelp.directory.models import Organisation
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from tests.factories import AgencyFactory, ServiceFactory

PRAISE = "He listened before he wrote anything down. We have not been so well for years."
QUIETLY = "She saw me when nobody else did."
KEPT = "I would not like anybody to know that I needed this."
NOTICED = "I have noticed patients not using the surgery as often."
MAY = "May they be quoted?"


@pytest.fixture
def alongside(county):
    """Local Area Coordination, as the directory has it."""
    return ServiceFactory(name="Local Area Coordination", organisation=Organisation.objects.create(name="The council"))


@pytest.fixture
def dele(seat, barwell):
    return seat("Dele Okoro", barwell, Role.LAC_COORDINATOR)


@pytest.fixture
def priti(seat, barwell):
    return seat("Priti Shah", barwell, agency=AgencyFactory(name="Barwell Surgery", kind="health"))


@pytest.fixture
def nia(seat, county):
    return seat("Nia Powell", county, Role.SERVICE_MANAGER)


def test_each_is_quoted_as_they_allowed(dele, priti, nia, alongside, clock):
    _four_people_speak(dele, priti, alongside, clock)
    _what_people_say_stands_under_the_names_they_gave(nia)
    _what_the_doctor_noticed_is_an_observation(nia)
    _whoever_wished_not_to_be_quoted_is_quoted_to_nobody(dele, priti, nia, alongside)
    _mrs_t_thinks_again(dele, priti, nia)
    assert not Notice.objects.exists()
    assert mail.outbox == []


def _four_people_speak(dele, priti, alongside, clock):
    """Whoever hears it writes it down from the page of the service, and asks whether they may be quoted."""
    page = dele.browser
    dele.opens(f"/services/{alongside.pk}/")
    address = f"/feedback/new/{alongside.pk}/"
    assert address in page.get(f"/services/{alongside.pk}/").content.decode()
    said = {"said_by": "person", "said_on": clock.today, "kind": "praise"}
    unnamed = dele.is_refused(address, words=PRAISE, quoting="named", **said)
    assert "Enter the name that they give" in unnamed
    assert not Feedback.objects.exists()
    dele.sends(address, words=PRAISE, quoting="named", quoted_as="Mr and Mrs T", **said)
    dele.sends(address, words=QUIETLY, quoting="anonymous", quoted_as="Typed and then thought better of", **said)
    dele.sends(address, words=KEPT, quoting="no", **said)
    doctor = said | {"said_by": "professional", "rating": 5}
    priti.sends(address, words=NOTICED, quoting="named", quoted_as="Dr M", **doctor)
    assert set(Feedback.objects.values_list("service", flat=True)) == {alongside.pk}
    noticed = Feedback.objects.get(words=NOTICED)
    assert (noticed.kind, noticed.rating) == ("", None)


def _what_people_say_stands_under_the_names_they_gave(nia):
    page = nia.opens("/feedback/")
    assert f"“{PRAISE}”Mr and Mrs T," in page
    assert f"“{QUIETLY}”Somebody who was helped," in page
    assert "on Local Area Coordination, The council" in page
    assert "thought better of" not in page


def _what_the_doctor_noticed_is_an_observation(nia):
    """It stands by itself, is called no measure, and is not among what people say."""
    assert NOTICED not in nia.opens("/feedback/")
    page = nia.opens("/feedback/?show=observations")
    assert f"“{NOTICED}”Dr M," in page
    assert "They are no measure, and are counted nowhere." in page
    assert PRAISE not in page


def _whoever_wished_not_to_be_quoted_is_quoted_to_nobody(dele, priti, nia, alongside):
    kept = Feedback.objects.get(words=KEPT)
    assert KEPT in dele.opens("/feedback/mine/")
    for who in (nia, priti):
        who.may_not(f"/feedback/{kept.pk}/quoting/")
        for address in ("/feedback/mine/", f"/services/{alongside.pk}/", "/"):
            assert KEPT not in who.opens(address)
    for address in ("/feedback/", "/feedback/?show=observations", "/dashboard/"):
        assert KEPT not in nia.opens(address)
    for who in (dele, priti):
        who.may_not("/feedback/")


def _mrs_t_thinks_again(dele, priti, nia):
    """A name is taken back at once; whoever did not hear it takes back nobody's."""
    praise = Feedback.objects.get(words=PRAISE)
    priti.may_not(f"/feedback/{praise.pk}/quoting/")
    dele.sends(f"/feedback/{praise.pk}/quoting/", quoting="anonymous")
    page = nia.opens("/feedback/")
    assert PRAISE in page
    assert "Mr and Mrs T" not in page
    dele.sends(f"/feedback/{praise.pk}/quoting/", quoting="no")
    assert PRAISE not in nia.opens("/feedback/")
    assert PRAISE in dele.opens("/feedback/mine/")
