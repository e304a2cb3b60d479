from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.authtoken.models import Token

from earlyhelp.partnership.models import Agency
from tests.factories import UserFactory

TOKEN = "/api/token/"
PASSWORD = "correct horse battery staple"


@pytest.fixture
def reader(db):
    user = UserFactory(username="reader")
    user.set_password(PASSWORD)
    user.save()
    return user


def ask(client, **given):
    return client.post(TOKEN, given, content_type="application/json")


def test_a_username_and_a_password_give_a_token_that_opens_the_api(client, reader):
    token = ask(client, username="reader", password=PASSWORD).json()["token"]

    assert client.get("/api/cases/", headers={"Authorization": f"Token {token}"}).status_code == 200


@pytest.mark.parametrize(
    "given", [{"password": "wrong"}, {"username": "nobody"}, {"password": None}, {"username": ["reader"]}]
)
def test_anything_else_gives_none(client, reader, given):
    assert ask(client, **({"username": "reader", "password": PASSWORD} | given)).status_code == 400


def test_a_person_who_has_left_gets_none(client, reader):
    reader.is_active = False
    reader.save()

    assert ask(client, username="reader", password=PASSWORD).status_code == 400


def test_nobody_of_an_agency_that_is_no_longer_a_partner_gets_in_by_any_door(client, reader):
    token = ask(client, username="reader", password=PASSWORD).json()["token"]
    client.force_login(reader)
    assert client.get("/").status_code == 200

    Agency.objects.filter(pk=reader.agency_id).update(is_active=False)

    assert client.get("/api/cases/", headers={"Authorization": f"Token {token}"}).status_code == 401
    assert client.get("/").status_code == 302
    assert not client.login(username="reader", password=PASSWORD)
    assert ask(client, username="reader", password=PASSWORD).status_code == 400


def test_a_token_lasts_ninety_days_and_is_asked_for_again(client, reader):
    token = ask(client, username="reader", password=PASSWORD).json()["token"]
    Token.objects.update(created=timezone.now() - timedelta(days=91))
    assert client.get("/api/cases/", headers={"Authorization": f"Token {token}"}).status_code == 401

    again = ask(client, username="reader", password=PASSWORD).json()["token"]

    assert again != token
    assert client.get("/api/cases/", headers={"Authorization": f"Token {again}"}).status_code == 200


@pytest.mark.parametrize("key", ["x", "x" * 5000, "a b", "é"])
def test_a_wrong_token_is_refused(client, db, key):
    assert client.get("/api/cases/", headers={"Authorization": f"Token {key}"}).status_code in (401, 403)
