"""A passkey, made and given in a real browser by an authenticator of its own: the script, the policy and the page together."""

import pytest

from earlyhelp.partnership import second_factor
from earlyhelp.partnership.enums import Role
from tests.factories import PostFactory, UserFactory

PASSWORD = "a long enough password"


@pytest.fixture
def asha(county):
    user = PostFactory(user=UserFactory(username="asha"), role=Role.EH_ACCESS, area=county).user
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def page(browser, live_server):
    """On a name: no passkey belongs to a number."""
    context = browser.new_context(base_url=live_server.url.replace("127.0.0.1", "localhost"), locale="en-GB")
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    yield page
    context.close()


def sign_in(page):
    page.goto("/sign-in/")
    page.get_by_label("Username").fill("asha")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("#main").get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_is_set_up_and_then_signs_in(page, asha, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    sign_in(page)
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_label("What do you call it?").fill("Work laptop")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Make a passkey").click()

    page.get_by_role("heading", name="Recovery codes").wait_for()
    [factor] = second_factor.factors_of(asha)
    assert second_factor.name_of(factor) == "Work laptop"

    page.goto("/")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page)
    page.get_by_role("button", name="Use your passkey").click()

    page.get_by_role("button", name="Sign out").wait_for()
    factor.refresh_from_db()
    assert factor.last_used_at
    assert page.complaints == []


def test_a_passkey_that_is_not_theirs_signs_nobody_in(page, asha):
    sign_in(page)
    page.goto("/account/passkey/")
    page.get_by_label("What do you call it?").fill("Work laptop")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    [factor] = second_factor.factors_of(asha)
    page.goto("/")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page)
    factor.user = UserFactory()
    factor.save()  # since the page asked: what comes back belongs to somebody else

    page.get_by_role("button", name="Use your passkey").click()

    page.wait_for_url("**/sign-in/**")
    assert not page.get_by_role("button", name="Sign out").count()
