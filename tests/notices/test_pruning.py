"""Messages are kept for as long as somebody may ask what became of them; preferences go over the API."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from earlyhelp.notices.enums import Delivery, How, Kind
from earlyhelp.notices.models import Message, Notice, Preference
from earlyhelp.notices.services import notify, prune
from tests.factories import MONDAY, UserFactory

pytestmark = pytest.mark.django_db
URL = "/api/notice-preferences/"


@pytest.fixture
def person():
    return UserFactory()


def message(person, *, days, **facts):
    key = f"digest:{person.pk}:{days}:{len(facts)}"
    values = {"status": Delivery.DELIVERED, "status_at": MONDAY - timedelta(days=days)} | facts
    return Message.objects.create(key=key, to=person, address=person.email, **values)


def notice(person, about, **facts):
    notify([person], kind=Kind.NEWS, title="News", reference="R", url="/", key=f"k{about.pk}", now=MONDAY)
    Notice.objects.filter(key=f"k{about.pk}").update(message=about, **facts)
    return Notice.objects.get(key=f"k{about.pk}")


def test_messages_go_after_ninety_days_and_their_notices_stay(person):
    old, fresh = message(person, days=91), message(person, days=89)
    told = notice(person, old, emailed_at=MONDAY)

    assert prune(now=MONDAY) == 1

    assert list(Message.objects.all()) == [fresh]
    told.refresh_from_db()
    assert told.message is None


def test_how_long_is_a_setting(person, settings):
    settings.MESSAGES_KEPT_DAYS = 10
    message(person, days=11)

    assert prune(now=MONDAY) == 1


def test_one_whose_notice_is_still_owed_stays(person):
    old = message(person, days=200, status=Delivery.TEMPORARY)
    notice(person, old)

    assert prune(now=MONDAY) == 0
    assert Message.objects.get() == old


def test_one_that_is_still_asked_about_stays(person):
    message(person, days=200, status=Delivery.ACCEPTED, taken_as="x", ask_after=MONDAY)

    assert prune(now=MONDAY) == 0


# --- preferences over the API ------------------------------------------------------------------------------------------


@pytest.fixture
def api(person):
    api = APIClient()
    api.force_authenticate(person)
    return api


def test_one_reads_and_changes_ones_own(api, person):
    other = UserFactory()
    assert set(api.get(URL).json().values()) == {How.DIGEST.value}

    answer = api.patch(URL, {"news": "page"}, format="json")

    assert answer.json() == {"reminder": "digest", "request": "digest", "decision": "digest", "news": "page"}
    assert Preference.objects.filter(user=person, kind="news", how="page").exists()
    assert not Preference.objects.filter(user=other).exists()


@pytest.mark.parametrize("sent", [{"news": "never"}, {"reminder": None}, {"request": []}])
def test_what_cannot_be_chosen_is_refused(api, sent):
    assert api.patch(URL, sent, format="json").status_code == 400
    assert not Preference.objects.exists()


def test_handovers_are_nobodys_to_switch_off(api):
    api.patch(URL, {"handover": "page"}, format="json")

    assert not Preference.objects.exists()


def test_nobody_else_is_let_in():
    assert APIClient().get(URL).status_code == 401
