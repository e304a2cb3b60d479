import pytest
from django.test import Client
from django.urls import reverse

from earlyhelp.partnership.demo_accounts import DEMO_PASSWORD
from earlyhelp.partnership.landing import nearest_page
from tests.factories import PostFactory, UserFactory
from tests.matrix.policy import ALSO_IN_ADDRESSES
from tests.matrix.test_matrix import routes

PASSWORD = "a long enough password"


@pytest.fixture
def asha(county):
    user = PostFactory(user=UserFactory(username="asha", first_name="Asha"), role="eh_access", area=county).user
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, **fields):
    return client.post("/sign-in/", {"username": "asha", "password": PASSWORD} | fields)


def test_the_right_password_signs_in_and_leads_home(client, asha):
    response = sign_in(client)

    assert (response.status_code, response.url) == (302, "/")
    assert client.session["_auth_user_id"] == str(asha.pk)


def test_a_wrong_password_says_that_the_two_do_not_match_and_not_which(client, asha):
    wrong_password = sign_in(client, password="something else")
    wrong_name = sign_in(client, username="nobody")

    said = "The username or the password is not right"
    assert said in wrong_password.content.decode()
    assert said in wrong_name.content.decode()
    assert "_auth_user_id" not in client.session


def test_somebody_who_has_left_may_not_sign_in(client, asha):
    asha.is_active = False
    asha.save()

    assert "is not right" in sign_in(client).content.decode()


def test_after_signing_in_one_is_where_one_was_going(client, asha):
    assert client.get("/cases/").url == "/sign-in/?next=/cases/"
    assert sign_in(client, next="/cases/").url == "/cases/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_next_never_leads_to_another_site(client, asha, elsewhere):
    assert sign_in(client, next=elsewhere).url == "/"


@pytest.mark.parametrize("circle", ["/sign-in/", "/sign-out/", "/sign-in/?next=/sign-in/"])
def test_next_never_goes_round_in_a_circle(client, asha, circle):
    assert sign_in(client, next=circle).url == "/"
    assert client.get("/sign-in/", {"next": circle}).url == "/"  # signed in already


def test_a_name_that_cannot_be_read_is_refused_beside_its_box(client, db):
    response = sign_in(client, username="as\x00ha")

    assert response.status_code == 200
    assert "cannot be read" in response.content.decode()


def test_signing_out_ends_the_session_and_a_link_cannot_do_it(client, asha):
    client.force_login(asha)

    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == "/sign-in/"
    assert "_auth_user_id" not in client.session


def test_the_form_cannot_be_sent_from_another_site(asha):
    assert (
        Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "asha", "password": PASSWORD}).status_code
        == 403
    )


@pytest.fixture
def invented(asha, melton):
    asha.email = "asha@demo.example"
    asha.save()
    UserFactory(username="left", email="left@demo.example", is_active=False)
    UserFactory(username="real", email="real@council.example")
    colm = PostFactory(user=UserFactory(username="colm", email="colm@demo.example"), role="hub_chair", area=melton).user
    return asha, colm


def test_the_demonstration_offers_its_invented_people_with_role_and_area(client, invented):
    accounts = client.get("/sign-in/").context["demo_accounts"]

    assert [account.username for account in accounts] == ["asha", "colm"]
    assert accounts[1].role == "Hub chair, Melton"


def test_the_offer_takes_two_queries_however_many_are_offered(client, invented, django_assert_num_queries):
    for number in range(20):
        PostFactory(user=UserFactory(email=f"p{number}@demo.example"))
    with django_assert_num_queries(2):
        client.get("/sign-in/")


def test_outside_the_demonstration_nobody_is_offered_and_no_password_is_shown(client, invented, settings):
    settings.PRODUCTION = True
    response = client.get("/sign-in/")

    assert "demo_accounts" not in response.context
    assert DEMO_PASSWORD not in response.content.decode()
    assert "asha" not in response.content.decode()


@pytest.mark.parametrize(
    ("sent_to", "page"),
    [
        ("/hubs/meetings/7/gather/", "/hubs/meetings/7/"),
        ("/hubs/meetings/7/gather/?a=b", "/hubs/meetings/7/"),
        ("/drafts/cases/x/", "/"),
        ("/api/token/", "/api/"),
        ("/notices/read/", "/notices/"),
        ("/nowhere/at/all/", "/"),
        ("/cases/?q=Harlow", "/cases/?q=Harlow"),
        ("/referrals/R-2026-000001/tasks/why/", "/referrals/R-2026-000001/tasks/why/"),
        ("/api/cases/EH-1/family_withdrew/", "/api/cases/EH-1/"),
    ],
)
def test_an_address_that_only_takes_what_is_sent_leads_to_the_page_around_it(client, asha, sent_to, page):
    assert sign_in(client, next=sent_to).url == page


def test_every_page_that_takes_only_what_is_sent_is_known_as_such(client, asha):
    """Asked of the product itself: whatever ``next`` leads to is never answered with 405."""
    client.force_login(asha)
    for route in routes():
        parameters = {name: ALSO_IN_ADDRESSES.get(name, "1") for name in route.parameters}
        address = reverse(route.name, kwargs=parameters)
        assert client.get(nearest_page(address)).status_code != 405, address
