import pytest


@pytest.fixture
def as_user(client):
    """``as_user(person)`` is a browser in which that person has signed in."""

    def signed_in(user):
        client.force_login(user)
        return client

    return signed_in
