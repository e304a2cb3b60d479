import pytest

from earlyhelp.partnership.enums import Role
from tests.factories import PostFactory, UserFactory

PASSWORD = "a long enough password"


@pytest.fixture
def admin(county):
    """Looks after accounts, and sees no family."""
    return PostFactory(role=Role.SYSTEM_ADMIN, area=county).user


@pytest.fixture
def asha(county):
    user = PostFactory(user=UserFactory(username="asha", first_name="Asha"), role=Role.EH_ACCESS, area=county).user
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def sign_in():
    """``sign_in(client)`` is the page's own form, as Asha."""

    def send(client, password=PASSWORD, **fields):
        return client.post("/sign-in/", {"username": "asha", "password": password} | fields)

    return send
