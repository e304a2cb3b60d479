import pytest

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


@pytest.mark.parametrize("key", ["x", "x" * 5000, "a b", "é"])
def test_a_wrong_token_is_refused(client, db, key):
    assert client.get("/api/cases/", headers={"Authorization": f"Token {key}"}).status_code in (401, 403)
