"""Whoever looks after accounts gives and ends access; nobody gives it to themselves, and it ends at once."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.authtoken.models import Token

from earlyhelp.accounts import services
from earlyhelp.accounts.models import Invitation
from earlyhelp.audit.models import Access, Event
from earlyhelp.core import sealing
from earlyhelp.notices.models import Letter, Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User
from earlyhelp.workflow.transitions import NotPossible
from tests.accounts.conftest import PASSWORD
from tests.factories import AgencyFactory, CaseFactory, PostFactory, TeamFactory, UserFactory, WorkerFactory

TODAY = timezone.localdate
NEW = {
    "username": "nadia",
    "first_name": "Nadia",
    "last_name": "Example",
    "email": "nadia@example.org",
    "job_title": "Family worker",
}


def token(client, address):
    return re.search(r'name="token" value="([^"]+)"', client.get(address).content.decode())[1]


def send(client, address, **typed):
    return client.post(address, {"token": token(client, address)} | typed)


def day(name, on):
    return {f"{name}_day": str(on.day), f"{name}_month": str(on.month), f"{name}_year": str(on.year)}


def invited(admin, **facts):
    facts = NEW | {"agency": AgencyFactory()} | facts
    return services.invite(by=admin, now=timezone.now(), **facts)


def link_of(account):
    letter = Letter.objects.get(key=Invitation.objects.get(user=account, used_at=None).letter_key)
    return re.search(r"/welcome/\S+", sealing.unseal(letter.sealed, bound_to=letter.binding))[0]


# --- who sees what ---------------------------------------------------------------------------------------------------


def test_the_administrator_sees_every_account_and_reading_one_is_written_down(client, admin, asha):
    client.force_login(admin)

    assert "Asha Example" in client.get("/accounts/").content.decode()
    assert client.get(f"/accounts/{asha.pk}/").status_code == 200
    assert Access.objects.filter(actor=admin, subject="partnership.user", subject_id=asha.pk).exists()


def test_a_manager_reads_those_of_their_team_and_changes_nothing(client, manager, worker, asha):
    client.force_login(manager)

    listed = client.get("/accounts/").content.decode()
    assert str(worker) in listed
    assert "Asha Example" not in listed
    assert "What you can do" not in client.get(f"/accounts/{worker.pk}/").content.decode()
    for address in (f"/accounts/{asha.pk}/", f"/accounts/{worker.pk}/suspend/", "/accounts/new/"):
        assert client.get(address).status_code == 404
    with pytest.raises(PermissionDenied):
        services.suspend(worker, by=manager, now=timezone.now(), reason="I say so.")


@pytest.mark.parametrize("path", ["/accounts/", "/accounts/new/", "/accounts/{}/", "/accounts/{}/suspend/"])
def test_for_everybody_else_there_are_no_accounts(client, asha, chair, path):
    client.force_login(chair)

    assert client.get(path.format(asha.pk)).status_code == 404


def test_the_list_costs_the_same_with_one_account_and_with_twenty(client, admin, county):
    client.force_login(admin)
    client.get("/accounts/")

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as counted:
            client.get("/accounts/")
        return len(counted)

    one = queries()
    for _ in range(20):
        PostFactory(area=county)

    assert queries() == one
    assert one <= 6  # session, person, count, rows, posts, and the agencies to choose from


def test_filters_find_the_dormant_those_without_a_second_factor_and_those_who_left(client, admin, asha):
    old = timezone.now() - timedelta(days=61)
    dormant = UserFactory(first_name="Dora", last_login=old, date_joined=old)
    left = UserFactory(first_name="Lefty", is_active=False)
    client.force_login(admin)

    def found(**query):
        return client.get("/accounts/", query).content.decode()

    assert "Dora" in found(show="dormant")
    assert "Asha" not in found(show="dormant")
    assert "Lefty" in found(show="left")
    assert "Lefty" not in found()
    assert "Asha" in found(show="no_factor")
    assert "Lefty" not in found(show="no_factor")
    assert "Asha" in found(agency=asha.agency_id)
    assert "Dora" not in found(agency=asha.agency_id)
    assert "Dora" in found(named="dor exam")
    assert (dormant.is_active, left.is_active) == (True, False)


# --- inviting --------------------------------------------------------------------------------------------------------


def test_somebody_invited_chooses_a_password_by_a_link_that_is_good_once(client, admin):
    client.force_login(admin)
    response = send(client, "/accounts/new/", **NEW, agency=AgencyFactory().pk)
    account = User.objects.get(username="nadia")
    link, newcomer = link_of(account), Client()

    assert response.url == f"/accounts/{account.pk}/"
    assert "nadia" in newcomer.get(link).content.decode()
    assert newcomer.post(link, {"new_password": "short"}).status_code == 422
    assert newcomer.post(link, {"new_password": PASSWORD}).url == "/sign-in/"
    assert "_auth_user_id" not in newcomer.session  # the link alone signs nobody in
    assert newcomer.post("/sign-in/", {"username": "nadia", "password": PASSWORD}).url == "/"
    assert Client().get(link).status_code == 404
    assert Client().post(link, {"new_password": "another long password"}).status_code == 404


def test_whoever_knew_the_password_before_is_out_once_a_new_one_is_chosen(client, admin, asha, sign_in):
    """Their browser, and the program that signed in as them."""
    sign_in(client)
    key = {"Authorization": f"Token {Token.objects.create(user=asha).key}"}
    services.send_new_link(asha, by=admin, now=timezone.now())
    assert client.get("/").status_code == 200
    assert Client().get("/api/cases/", headers=key).status_code == 200

    Client().post(link_of(asha), {"new_password": "copper-lantern-77-meadow"})

    assert client.get("/").status_code == 302
    assert Client().get("/api/cases/", headers=key).status_code == 401


def test_the_message_holds_a_link_and_nobodys_name_and_the_table_opens_nothing(admin):
    account = invited(admin)
    letter = Letter.objects.get()
    body = sealing.unseal(letter.sealed, bound_to=letter.binding)

    assert not [fact for fact in NEW.values() if fact in body + letter.subject]
    assert Invitation.objects.get().digest not in body
    assert account.has_usable_password() is False


def test_a_link_ends_after_seven_days_and_by_a_new_one(client, admin):
    account = invited(admin)
    first = link_of(account)
    services.send_new_link(account, by=admin, now=timezone.now())
    second = link_of(account)

    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    Invitation.objects.update(made_at=timezone.now() - timedelta(days=8), ends_at=timezone.now() - timedelta(days=1))
    assert client.get(second).status_code == 404
    assert Letter.objects.count() == 1  # the first had not gone yet, and never does


def test_the_link_of_somebody_suspended_meanwhile_opens_nothing(client, admin):
    account = invited(admin)
    link = link_of(account)
    services.suspend(account, by=admin, now=timezone.now(), reason="A mistake.")

    assert client.get(link).status_code == 404
    assert client.post(link, {"new_password": PASSWORD}).status_code == 404


def test_a_link_works_in_a_browser_in_which_somebodys_session_ended(client, admin, asha):
    link = link_of(invited(admin))
    client.force_login(asha)
    session = client.session
    session["seen_at"] = 0
    session.save()
    client.post("/families/new/", {"name": "Typed before it ended"})

    assert client.post(link, {"new_password": PASSWORD}).url == "/sign-in/"
    assert User.objects.get(username="nadia").check_password(PASSWORD)


def test_the_first_agency_of_somebody_without_one_ends_no_post(admin):
    User.objects.filter(pk=admin.pk).update(agency=None)

    services.change(User.objects.get(pk=admin.pk), by=admin, now=timezone.now(), agency=AgencyFactory())

    admin.forget_scope()
    assert admin.scope.holds(Role.SYSTEM_ADMIN)


def test_a_username_that_somebody_has_is_refused_however_it_is_spelled(client, admin, asha):
    client.force_login(admin)

    response = send(client, "/accounts/new/", **NEW | {"username": "ASHA"}, agency=AgencyFactory().pk)

    assert response.status_code == 422
    assert "has this username already" in response.content.decode()


# --- posts -----------------------------------------------------------------------------------------------------------


def test_a_post_is_given_and_ended_with_a_date(client, admin, asha, melton):
    client.force_login(admin)
    given = {"role": Role.HUB_CHAIR, "area": melton.pk} | day("from_on", TODAY())
    send(client, f"/accounts/{asha.pk}/post/", **given)
    post = asha.posts.get(role=Role.HUB_CHAIR)
    asha.forget_scope()
    assert asha.scope.holds(Role.HUB_CHAIR)

    send(client, f"/accounts/{asha.pk}/posts/{post.pk}/", **day("last_day", TODAY() - timedelta(days=1)))

    asha.forget_scope()
    assert not asha.scope.holds(Role.HUB_CHAIR)
    assert list(Event.objects.filter(subject_id=asha.pk).order_by("pk").values_list("kind", flat=True)) == [
        "account.give_post",
        "account.end_post",
    ]


def test_the_same_post_is_not_given_twice(admin, asha, county):
    with pytest.raises(NotPossible):
        services.give_post(asha, by=admin, now=timezone.now(), role=Role.EH_ACCESS, area=county, from_on=TODAY())

    assert asha.posts.count() == 1


def test_nobody_gives_themselves_a_post_nor_shuts_their_own_account(client, admin, county):
    with pytest.raises(NotPossible):
        services.give_post(admin, by=admin, now=timezone.now(), role=Role.EH_ACCESS, area=county, from_on=TODAY())
    with pytest.raises(NotPossible):
        services.suspend(admin, by=admin, now=timezone.now(), reason="A mistake.")

    client.force_login(admin)
    assert "What you can do" not in client.get(f"/accounts/{admin.pk}/").content.decode()
    assert admin.posts.count() == 1


# --- changing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("deed", ["change", "post", "suspend", "leave", "second-factor"])
def test_to_an_administrators_own_account_there_is_no_such_page(client, admin, deed):
    client.force_login(admin)
    post = admin.posts.get()

    assert client.get(f"/accounts/{admin.pk}/{deed}/").status_code == 404
    assert client.get(f"/accounts/{admin.pk}/posts/{post.pk}/").status_code == 404


def test_another_team_ends_the_posts_of_the_team_before(admin, manager, family_team):
    manager.team = family_team
    manager.save()

    services.change(manager, by=admin, now=timezone.now(), team=TeamFactory(agency=manager.agency))

    manager.forget_scope()
    assert not manager.scope.teams(Role.TEAM_MANAGER)


def test_another_agency_ends_every_post_and_is_refused_while_they_lead_a_family(admin, worker):
    case = CaseFactory.led_by(worker)
    other = AgencyFactory()
    with pytest.raises(NotPossible, match="1 family they lead"):
        services.change(worker, by=admin, now=timezone.now(), agency=other, team=None)

    worker.forget_scope()
    assert case.lead == worker
    assert worker.scope.posts

    free = PostFactory(user=WorkerFactory()).user
    services.change(free, by=admin, now=timezone.now(), agency=other, team=None)

    free.forget_scope()
    assert free.scope.posts == ()


def test_whoever_had_the_address_before_hears_that_it_was_changed(admin, asha):
    services.change(asha, by=admin, now=timezone.now(), email="new@example.org")

    assert [letter.address for letter in Letter.objects.all()] == ["asha@example.org"]


# --- shutting --------------------------------------------------------------------------------------------------------


def test_suspending_ends_the_open_session_and_reinstating_does_not_bring_it_back(client, admin, asha, sign_in):
    sign_in(client)
    assert client.get("/").status_code == 200

    services.suspend(asha, by=admin, now=timezone.now(), reason="A lost laptop.")
    assert client.get("/").status_code == 302
    assert sign_in(client).status_code == 200

    services.reinstate(User.objects.get(pk=asha.pk), by=admin, now=timezone.now(), reason="Found.")
    assert client.get("/").status_code == 302
    assert sign_in(client).url == "/"
    assert asha.posts.count() == 1


def test_whoever_leaves_later_works_until_the_end_of_their_last_day(client, admin, asha, sign_in, time_machine):
    services.leave(asha, by=admin, now=timezone.now(), last_day=TODAY() + timedelta(days=1))
    assert sign_in(client).url == "/"

    time_machine.move_to(timezone.now() + timedelta(days=2))
    sign_in(other := Client())

    assert User.objects.get(pk=asha.pk).is_active  # nothing has run yet
    assert "_auth_user_id" not in other.session
    assert client.get("/").status_code == 302
    assert not Post.objects.filter(user=asha).current(TODAY()).exists()


def test_whoever_leaves_today_is_out_at_once_and_the_manager_hears_what_they_held(client, admin, manager, worker):
    CaseFactory.led_by(worker)
    client.force_login(worker)

    services.leave(worker, by=admin, now=timezone.now(), last_day=TODAY() - timedelta(days=1))

    assert client.get("/").status_code == 302
    [notice] = Notice.objects.filter(to=manager)
    assert str(worker) not in notice.title
    client.force_login(manager)
    assert "1 family they lead" in client.get(notice.url).content.decode()


def test_what_they_never_held_troubles_no_manager(admin, manager, worker):
    services.leave(worker, by=admin, now=timezone.now(), last_day=TODAY() - timedelta(days=1))

    assert not Notice.objects.exists()


def test_the_trail_says_who_did_it_and_why(admin, asha):
    services.suspend(asha, by=admin, now=timezone.now(), reason="A lost laptop.")

    [event] = Event.objects.filter(subject="partnership.user", subject_id=asha.pk)
    assert (event.actor, event.kind, event.reason) == (admin, "account.suspend", "A lost laptop.")


def test_the_first_administrator_is_made_by_a_command_and_invites_the_others(client, db):
    first = UserFactory(username="first")
    client.force_login(first)
    assert client.get("/accounts/").status_code == 404

    call_command("system_administrator", "first", stdout=StringIO())

    assert client.get("/accounts/new/").status_code == 200
    with pytest.raises(CommandError):
        call_command("system_administrator", "nobody")
