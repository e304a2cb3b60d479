"""Whoever likes to says where they live: it is sealed, theirs alone to read, and theirs to take back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from earlyhelp.accounts import own
from earlyhelp.accounts.models import Home
from earlyhelp.accounts.sweep import sweep
from earlyhelp.audit.models import Event
from earlyhelp.partnership.models import User
from tests.factories import UserFactory
from tests.families.test_secrets import rows_that_say

PAGE = "/account/home/"
SAID = {"postcode": "le13 1ck", "street": "Damson Lane"}


@pytest.fixture
def hers(client, asha):
    client.force_login(asha)
    assert client.post(PAGE, SAID).status_code == 302
    return client


def test_what_is_said_is_shown_to_its_owner_alone(hers, asha, admin, client):
    page = hers.get(PAGE).text
    assert "Damson Lane" in page
    assert "LE13 1CK" in page
    assert "Damson" not in hers.get("/account/").text

    client.force_login(admin)
    for each in (PAGE, "/account/", "/accounts/", f"/accounts/{asha.pk}/"):
        page = client.get(each).text
        assert "Damson" not in page
        assert "LE13 1CK" not in page


def test_it_stands_in_no_table_in_words_and_the_trail_says_only_that_it_was_said(hers, asha):
    assert rows_that_say("damson", "LE13 1CK") == set()
    event = Event.objects.get(kind="account.say_where_they_live")
    assert (event.actor, event.facts) == (asha, {})


def test_what_is_said_again_takes_the_place_of_the_first(hers, asha):
    hers.post(PAGE, {"postcode": "LE10 4CI", "street": ""})

    assert Home.objects.get().place == {"street": "", "postcode": "LE10 4CI"}


def test_what_is_taken_back_is_gone(hers):
    hers.post(PAGE, {"postcode": "", "street": ""})

    assert not Home.objects.exists()
    assert "You have not said it" in hers.get("/account/").text


@pytest.mark.parametrize("given", [{"postcode": "LE13"}, {"postcode": "", "street": "Damson Lane"}])
def test_half_a_postcode_or_none_is_refused_and_what_was_said_stays(hers, given):
    assert hers.post(PAGE, given).status_code == 422

    assert Home.objects.get().place == {"street": "Damson Lane", "postcode": "LE13 1CK"}


def test_of_another_account_it_opens_nothing(hers, asha):
    other = UserFactory()
    Home.objects.create(user=other, sealed=Home.objects.get(user=asha).sealed)

    with pytest.raises(ValueError, match="belongs elsewhere"):
        _ = Home.objects.get(user=other).place


def test_a_week_after_somebody_has_left_it_is_gone_and_of_whoever_stays_it_is_kept(hers, asha, admin):
    now = timezone.now()
    gone, going = UserFactory(), UserFactory()
    for user in (gone, going):
        home = Home(user=user)
        home.seal(street="", postcode="LE10 4CI")
        home.save()
    today = timezone.localdate(now)
    User.objects.filter(pk=gone.pk).update(is_active=False, left_on=today - timedelta(days=7))
    User.objects.filter(pk=going.pk).update(is_active=False, left_on=today - timedelta(days=6))

    sweep(now=now)

    assert set(Home.objects.values_list("user", flat=True)) == {asha.pk, going.pk}


def test_whoever_said_it_under_a_key_that_is_gone_says_it_anew(client, db):
    user, other = UserFactory(), UserFactory()
    home = Home(user=other)
    home.seal(street="12 Elm Road", postcode="LE10 4CI")
    Home.objects.create(user=user, sealed=home.sealed)  # what was sealed for somebody else opens as little
    client.force_login(user)

    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Elm Road" not in page.content.decode()

    client.post(PAGE, {"street": "", "postcode": "LE10 4CI"})
    assert own.where_they_live(user)["postcode"] == "LE10 4CI"
