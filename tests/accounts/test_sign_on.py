"""An agency's own sign-on opens the account that is its person's, and no other; it makes none."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client
from django.utils import timezone

from earlyhelp.accounts import services
from earlyhelp.accounts.models import SignOn
from earlyhelp.audit.models import Event
from earlyhelp.partnership import second_factor
from earlyhelp.partnership.models import User
from tests.accounts import provider as own
from tests.factories import AgencyFactory, UserFactory


@pytest.fixture
def provider(settings, asha):
    with own.running() as running:
        entry = {
            "id": "county",
            "name": "Example County Council",
            "agency": asha.agency.name,
            "server_url": running.url,
            "client_id": own.CLIENT,
            "secret": own.SECRET,
            "second_factor": True,
        }
        app = {"provider_id": "county", "settings": {"server_url": running.url, "fetch_userinfo": False}}
        app |= {name: entry[name] for name in ("name", "client_id", "secret")}
        settings.OIDC_PROVIDERS = [entry]
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        running.entry = entry
        yield running


def arrive(client, **query):
    """There and back, as a browser goes; says where it ends."""
    there = client.get("/sign-in/with/county/", query).url
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
    address = urlsplit(back)
    return client.get(f"{address.path}?{address.query}").url


def come_in(client, **query):
    """The whole way, with a yes to the question if it is asked."""
    ended = arrive(client, **query)
    answer = client.get(ended)
    return client.post(ended) if answer.status_code == 200 else answer


def is_in(client):
    return "_auth_user_id" in client.session


def test_the_sign_in_page_offers_it_and_keeps_where_one_was_going(client, provider):
    assert "Sign in with Example County Council" in client.get("/sign-in/?next=/services/").content.decode()

    assert come_in(client, next="/services/").url == "/services/"
    assert client.get("/services/").status_code == 200


def test_it_never_leads_to_another_site(client, provider):
    assert come_in(client, next="https://evil.example/").url == "/"


def test_the_first_time_one_is_asked_and_then_never_again(client, provider, asha):
    ended = arrive(client)
    assert "Is this your account?" in client.get(ended).content.decode()
    assert not is_in(client)
    assert not SignOn.objects.exists()

    client.post(ended)

    assert client.session["_auth_user_id"] == str(asha.pk)
    assert Event.objects.filter(kind="account.bind_sign_on", actor=asha).exists()
    again = Client()
    assert again.get(arrive(again)).url == "/"
    assert is_in(again)


def test_once_bound_the_subject_counts_and_the_address_does_not(client, provider, asha):
    come_in(client)
    User.objects.filter(pk=asha.pk).update(email="new@example.org")
    provider.claims |= {"email": "somebody@example.org"}
    come_in(again := Client())
    assert is_in(again)

    provider.claims |= {"sub": "subject-2", "email": "new@example.org"}  # her address was given to somebody else
    come_in(other := Client())

    assert not is_in(other)
    assert SignOn.objects.count() == 1


@pytest.mark.parametrize(
    "claims",
    [{"email_verified": False}, {"email_verified": None}, {"email": "nobody@example.org"}, {"email": ""}, {"sub": ""}],
)
def test_without_an_address_that_is_vouched_for_nobody_comes_in_and_no_account_is_made(client, provider, asha, claims):
    provider.claims |= claims
    before = User.objects.count()

    come_in(client)

    assert not is_in(client)
    assert User.objects.count() == before
    assert not SignOn.objects.exists()


def test_a_provider_whose_addresses_are_all_its_own_may_be_trusted_for_them(client, provider):
    provider.claims |= {"email_verified": None}
    provider.entry["emails_are_verified"] = True

    come_in(client)

    assert is_in(client)


def test_it_opens_no_account_of_another_agency_even_after_a_move(client, provider, asha, admin):
    somebody = UserFactory()
    provider.claims |= {"email": somebody.email}
    come_in(client)
    assert not is_in(client)

    provider.claims |= {"email": asha.email}
    come_in(client)
    assert is_in(client)
    services.change(asha, by=admin, now=timezone.now(), agency=AgencyFactory(), team=None)
    come_in(again := Client())
    assert not is_in(again)


@pytest.mark.parametrize("ended", ["suspended", "left", "agency"])
def test_whoever_may_not_come_in_comes_in_by_no_door(client, provider, asha, admin, ended):
    come_in(client)
    now = timezone.now()
    if ended == "suspended":
        services.suspend(asha, by=admin, now=now, reason="A lost laptop.")
    elif ended == "left":
        services.leave(asha, by=admin, now=now, last_day=timezone.localdate() - timedelta(days=1))
    else:
        asha.agency.is_active = False
        asha.agency.save()

    come_in(again := Client())

    assert not is_in(again)
    assert client.get("/services/").status_code == 302


def test_its_second_factor_counts_only_where_that_is_said(client, provider, asha, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    come_in(client)
    assert client.get("/services/").status_code == 200

    provider.entry["second_factor"] = False
    come_in(without := Client())
    assert without.get("/services/").url == "/account/"
    second_factor.keep(asha, second_factor.Kind.TOTP, "secret", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    answer = come_in(having := Client())

    assert answer.url == "/sign-in/code/"
    assert not is_in(having)


def test_a_refusal_a_wrong_state_and_a_token_for_another_let_nobody_in(client, provider):
    provider.refuses = True
    assert arrive(client) == "/sign-in/not-arrived/"
    provider.refuses = False

    assert client.get("/sign-in/with/county/back/", {"code": "x", "state": "y"}).url == "/sign-in/not-arrived/"
    provider.audience = "another client"
    assert arrive(client) == "/sign-in/not-arrived/"
    assert "did not let you through" in client.get("/sign-in/not-arrived/", follow=True).content.decode()
    assert not is_in(client)


def test_another_browser_cannot_use_what_was_begun_in_this_one(client, provider):
    there = client.get("/sign-in/with/county/").url
    back = urlsplit(requests.get(there, allow_redirects=False, timeout=5).headers["Location"])

    assert Client().get(f"{back.path}?{back.query}").url == "/sign-in/not-arrived/"


def test_somebody_signed_in_binds_nobody_elses_subject_to_themselves(client, provider, asha, chair):
    client.force_login(chair)

    come_in(client, process="connect")

    assert not SignOn.objects.filter(user=chair).exists()


def test_a_provider_that_does_not_answer_leaves_the_password(client, provider, settings):
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    apps[0]["settings"]["server_url"] = "http://127.0.0.1:9"

    assert client.get("/sign-in/with/county/").url == "/sign-in/"
    assert client.get("/sign-in/with/nobody/").status_code == 404
