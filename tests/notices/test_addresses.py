"""One's own address, and the list of those that do not work for whoever looks after the people."""

import pytest

from earlyhelp.notices.models import FailedAddress
from earlyhelp.partnership.enums import Role
from tests.factories import MONDAY, PostFactory, TeamFactory, UserFactory

OWN, LIST = "/notices/address/", "/notices/addresses/"
PASSWORD = "a long enough password"


@pytest.fixture
def fail():
    return lambda user: FailedAddress.objects.create(user=user, address=user.email, since=MONDAY)


@pytest.fixture
def own(worker, signed_in):
    """The worker, who is signed in and knows their password."""
    worker.set_password(PASSWORD)
    worker.save()
    return signed_in(worker)


def rows(client):
    return [failed.user for failed in client.get(LIST).context["page"]]


def test_with_the_password_ones_address_is_changed_and_works_until_it_does_not(own, worker, fail):
    fail(worker)
    assert own.post(OWN, {"email": "new@example.org", "password": PASSWORD}).status_code == 302

    worker.refresh_from_db()
    assert worker.email == "new@example.org"
    assert not FailedAddress.objects.exists()
    assert worker.history.filter(email="new@example.org").exists()


@pytest.mark.parametrize("fields", [{"password": "wrong"}, {"password": ""}, {"email": "nonsense"}, {"email": ""}])
def test_without_it_nothing_changes(own, worker, fields):
    before = worker.email
    answer = own.post(OWN, {"email": "new@example.org", "password": PASSWORD} | fields)

    assert answer.status_code == 422
    assert PASSWORD not in answer.content.decode()
    worker.refresh_from_db()
    assert worker.email == before


def test_nobody_guesses_the_password_here_either(own, worker):
    for _ in range(8):
        own.post(OWN, {"email": "new@example.org", "password": "wrong"})
    answer = own.post(OWN, {"email": "new@example.org", "password": PASSWORD})

    assert "Too many tries" in answer.content.decode()
    worker.refresh_from_db()
    assert worker.email != "new@example.org"


def test_the_same_address_is_tried_again(own, worker, fail):
    fail(worker)
    own.post(OWN, {"email": worker.email, "password": PASSWORD})

    assert not FailedAddress.objects.exists()


def test_a_manager_sees_those_of_their_team_and_no_others(manager, worker, signed_in, fail):
    fail(worker)
    fail(UserFactory(team=TeamFactory()))
    fail(UserFactory())

    assert rows(signed_in(manager)) == [worker]


def test_an_administrator_sees_all_of_those_who_are_here(county, worker, signed_in, fail):
    admin = PostFactory(role=Role.SYSTEM_ADMIN, area=county).user
    fail(worker)
    fail(UserFactory(is_active=False))
    changed = UserFactory()
    fail(changed)
    type(changed).objects.filter(pk=changed.pk).update(email="new@example.org")

    assert rows(signed_in(admin)) == [worker]


@pytest.mark.parametrize("who", ["worker", "chair", "access_worker", "service_manager"])
def test_to_others_there_is_no_such_page(request, who, worker, signed_in, fail):
    failed = fail(worker)
    client = signed_in(request.getfixturevalue(who))

    assert client.get(LIST).status_code == 404
    assert client.post(f"{LIST}{failed.pk}/again/").status_code == 404
    assert FailedAddress.objects.exists()


def test_a_manager_says_that_it_works_again(manager, worker, signed_in, fail):
    failed = fail(worker)
    assert signed_in(manager).post(f"{LIST}{failed.pk}/again/").status_code == 302

    assert not FailedAddress.objects.exists()
    assert failed.user == worker


def test_a_manager_of_another_team_may_not(manager, signed_in, fail):
    failed = fail(UserFactory(team=TeamFactory()))

    assert signed_in(manager).post(f"{LIST}{failed.pk}/again/").status_code == 404
    assert FailedAddress.objects.exists()


def test_where_every_address_works_the_list_says_so(manager, signed_in):
    assert "Every address works" in signed_in(manager).get(LIST).content.decode()


def test_twenty_take_as_many_queries_as_one(manager, worker, family_team, signed_in, fail, django_assert_num_queries):
    client = signed_in(manager)
    fail(worker)
    client.get(LIST)
    with django_assert_num_queries(4):
        client.get(LIST)
    for each in UserFactory.create_batch(19, team=family_team):
        fail(each)
    with django_assert_num_queries(4):
        client.get(LIST)


def test_the_pages_of_ones_own_choices_take_few_queries(own, django_assert_max_num_queries):
    own.get(OWN)
    with django_assert_max_num_queries(4):
        own.get("/notices/preferences/")
