"""A password alone is half of signing in, for whoever has more; where all must have more, nobody gets round it."""

import base64
import importlib
import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from earlyhelp.accounts import services
from earlyhelp.audit.models import Event
from earlyhelp.core.sealing import Unsealable, unseal
from earlyhelp.notices.models import Notice
from earlyhelp.partnership import second_factor
from earlyhelp.partnership.guessing import NAME
from earlyhelp.workflow.models import Draft
from tests.accounts.conftest import PASSWORD
from tests.accounts.walk import OWN, walk
from tests.factories import UserFactory

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODE = "/sign-in/code/"


def code(secret=SECRET, steps=0):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + steps))


def wrong():
    return next(
        each for each in ("000000", "111111", "222222", "333333") if each not in {code(steps=n) for n in (-1, 0, 1)}
    )


def give(client, said):
    return client.post(CODE, {"code": said})


@pytest.fixture
def protected(asha):
    second_factor.keep(asha, second_factor.Kind.TOTP, "secret", SECRET)
    return asha


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


# --- signing in ------------------------------------------------------------------------------------------------------


def test_after_the_password_a_code_is_asked_for_and_nothing_is_open_yet(client, protected, sign_in):
    assert sign_in(client, next="/cases/").url == CODE
    assert client.get("/cases/").url.startswith("/sign-in/")
    assert "_auth_user_id" not in client.session

    assert give(client, code()).url == "/cases/"
    assert client.get("/cases/").status_code == 200


def test_a_wrong_code_is_refused_beside_its_box_and_signs_nobody_in(client, protected, sign_in):
    sign_in(client)

    response = give(client, wrong())

    assert "That code is not right" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_code_counts_once_even_in_another_browser(client, protected, sign_in, clock):
    sign_in(client)
    given = code()
    give(client, given)
    sign_in(other := Client())

    assert give(other, given).status_code == 200
    assert "_auth_user_id" not in other.session
    clock.shift(timedelta(seconds=30))
    assert give(other, code()).status_code == 302


def test_no_code_is_looked_at_before_the_password_or_long_after(client, protected, sign_in, clock):
    assert give(client, code()).url == "/sign-in/"

    sign_in(client)
    clock.shift(timedelta(minutes=11))

    assert give(client, code()).url == "/sign-in/"
    assert "_auth_user_id" not in client.session


def test_wrong_codes_wait_as_wrong_passwords_do_and_from_every_browser(client, protected, sign_in, clock):
    sign_in(client)
    for _ in range(NAME.free):
        give(client, wrong())
    sign_in(other := Client())

    answers = [give(each, code()) for each in (client, other)]

    assert [(answer.status_code, answer.headers["Retry-After"]) for answer in answers] == [(429, "60")] * 2
    clock.shift(timedelta(minutes=1))
    assert give(client, code()).status_code == 302


def test_the_right_password_does_not_buy_more_guesses_at_the_code(client, protected, sign_in, clock):
    for _ in range(NAME.free):
        sign_in(client)
        give(client, wrong())

    sign_in(client)
    assert give(client, wrong()).status_code == 429


def test_somebody_suspended_between_password_and_code_does_not_come_in(client, admin, protected, sign_in):
    sign_in(client)
    services.suspend(protected, by=admin, now=timezone.now(), reason="A lost laptop.")

    assert give(client, code()).url == "/sign-in/"
    assert "_auth_user_id" not in client.session


def test_a_form_sent_after_the_session_ended_waits_behind_both_halves(client, protected, sign_in):
    sign_in(client)
    give(client, code())
    session = client.session
    session["seen_at"] = time.time() - 60 * 60
    session.save()
    client.post("/families/new/", {"name": "Typed before it ended"})
    assert Draft.objects.filter(user=protected).exists()
    Authenticator.objects.update(data={**Authenticator.objects.get().data, "step": 0})

    sign_in(client, next="/families/new/")

    assert give(client, code()).url == "/families/new/"
    assert Draft.objects.filter(user=protected).exists()


def test_secrets_are_sealed_at_rest(protected):
    [kept] = Authenticator.objects.values_list("data", flat=True)

    assert SECRET not in str(kept)


def put_into(row, name, text):
    row.data[name] = text
    row.save(update_fields=["data"])


@pytest.mark.parametrize("name", ["secret", "seed"])
def test_a_secret_that_is_copied_into_another_row_does_not_open_there(protected, asha, name):
    other = UserFactory()
    second_factor.keep(other, second_factor.Kind.TOTP, "secret", second_factor.totp.generate_totp_secret())
    codes = second_factor.new_paper(protected)
    second_factor.new_paper(other)
    kind = {"secret": "totp", "seed": "recovery_codes"}[name]
    theirs, mine = (Authenticator.objects.get(user=each, type=kind) for each in (other, protected))
    put_into(theirs, name, mine.data[name])

    with pytest.raises(Unsealable):
        second_factor.takes_code(other, code() if name == "secret" else codes[0], now=timezone.now())
    assert second_factor.takes_code(protected, code(), now=timezone.now())


def test_nor_does_one_of_a_row_of_their_own_that_was_taken_away(protected):
    before = Authenticator.objects.get().data["secret"]
    second_factor.keep(protected, second_factor.Kind.TOTP, "secret", second_factor.totp.generate_totp_secret())
    app = Authenticator.objects.get()
    put_into(app, "secret", before)

    with pytest.raises(Unsealable):
        second_factor.secret_of(app)


def test_secrets_that_were_sealed_alike_open_as_before_once_each_is_bound_to_its_row(protected):
    """What an upgrade does, and takes back; one that opened for nobody is left, and hinders no other."""
    binding = importlib.import_module("earlyhelp.partnership.migrations.0007_each_secret_to_its_row")
    codes = second_factor.new_paper(protected)
    broken = second_factor.keep(UserFactory(), second_factor.Kind.TOTP, "secret", SECRET)
    put_into(broken, "secret", base64.b64encode(b"demo:nothing that opens").decode())
    binding.bind_alike(apps, None)
    app = Authenticator.objects.get(user=protected, type="totp")
    with pytest.raises(Unsealable):
        second_factor.secret_of(app)
    assert unseal(base64.b64decode(app.data["secret"]), bound_to="second factor") == SECRET

    binding.bind_each(apps, None)

    app.refresh_from_db()
    assert second_factor.secret_of(app) == SECRET
    assert second_factor.takes_code(protected, codes[3], now=timezone.now())
    assert second_factor.left_on_paper(protected) == 9


# --- codes on paper --------------------------------------------------------------------------------------------------


def test_a_recovery_code_counts_once_and_new_ones_make_the_old_void(client, protected, sign_in):
    first, *rest = second_factor.new_paper(protected)
    sign_in(client)
    assert give(client, f"{first[:4]} {first[4:]}").status_code == 302
    sign_in(other := Client())
    assert give(other, first).status_code == 200
    assert second_factor.left_on_paper(protected) == 9

    second_factor.new_paper(protected)

    assert give(other, rest[0]).status_code == 200
    assert "_auth_user_id" not in other.session


def test_codes_are_shown_once_for_the_password_and_are_at_no_address(client, protected, sign_in):
    sign_in(client)
    give(client, code())

    assert client.post("/account/recovery-codes/", {"password": "wrong"}).status_code == 422
    shown = client.post("/account/recovery-codes/", {"password": PASSWORD}).content.decode()

    codes = [each.replace(" ", "") for each in re.findall(r"\d{4} \d{4}", shown)]
    assert len(codes) == 10
    assert codes[0] not in client.get("/account/recovery-codes/").content.decode()
    assert all(each not in str(Authenticator.objects.get(type="recovery_codes").data) for each in codes)


# --- setting it up ---------------------------------------------------------------------------------------------------


def set_up(client, password=PASSWORD):
    client.get("/account/app/")
    return client.post("/account/app/", {"code": code(client.session[second_factor.SHOWN]), "password": password})


def test_an_app_is_set_up_with_its_code_and_the_password_and_asked_for_ever_after(client, asha, sign_in):
    sign_in(client)
    assert set_up(client, password="wrong").status_code == 422
    assert not second_factor.has_factor(asha)

    assert set_up(client).status_code == 200
    assert second_factor.has_factor(asha)
    assert sign_in(Client()).url == CODE
    assert Event.objects.filter(kind="account.add_app", actor=asha).exists()


def test_codes_on_paper_are_shown_with_the_app_that_they_stand_in_for(client, asha, sign_in):
    sign_in(client)
    shown = set_up(client).content.decode()

    assert "Your app is set up" in shown
    assert len(re.findall(r"\d{4} \d{4}", shown)) == second_factor.left_on_paper(asha) == 10
    assert "I have kept them" in shown
    assert set_up(client).url == "/account/"
    assert second_factor.left_on_paper(asha) == 10


def test_the_code_that_set_an_app_up_signs_nobody_in(client, asha, sign_in, clock):
    sign_in(client)
    client.get("/account/app/")
    secret = client.session[second_factor.SHOWN]
    client.post("/account/app/", {"code": code(secret), "password": PASSWORD})
    sign_in(other := Client())

    assert give(other, code(secret)).status_code == 200
    assert "_auth_user_id" not in other.session
    assert give(other, code(secret, steps=1)).status_code == 302


def test_an_app_with_another_secret_is_not_taken(client, asha, sign_in):
    sign_in(client)
    client.get("/account/app/")

    assert client.post("/account/app/", {"code": code(), "password": PASSWORD}).status_code == 422
    assert not second_factor.has_factor(asha)


def test_whoever_removes_their_last_factor_has_no_codes_on_paper_either(client, asha, sign_in):
    sign_in(client)
    set_up(client)
    client.post("/account/recovery-codes/", {"password": PASSWORD})
    app = second_factor.factors_of(asha)[0]

    assert client.post(f"/account/remove/{app.pk}/", {"password": PASSWORD}).url == "/account/"
    assert not Authenticator.objects.exists()


def test_nobody_removes_the_factor_of_somebody_else(client, asha, protected, chair):
    client.force_login(chair)
    app = second_factor.factors_of(protected)[0]

    assert client.get(f"/account/remove/{app.pk}/").status_code == 404
    assert client.post(f"/account/remove/{app.pk}/", {"password": "x"}).status_code == 404
    assert second_factor.has_factor(protected)


# --- where everybody must have one -----------------------------------------------------------------------------------


def test_an_account_without_one_reaches_no_page_but_its_own_account(asha, required):
    """Every route of the product, as it is (promise P8); ``make prove PROMISES=P8`` walks them as every role."""
    walked, reached = walk(asha)

    assert walked > 200
    assert {"accounts:yours", "accounts:app"} <= reached
    assert {name for name in reached if not name.startswith(OWN)} == set()
    assert not {"accounts:list", "accounts:invite", "accounts:account", "accounts:cover_for_me"} & reached


def test_it_is_led_to_where_one_is_set_up_and_then_goes_on(client, asha, sign_in, required):
    sign_in(client)
    assert client.get("/cases/").url == "/account/"
    assert client.get("/api/cases/").status_code == 403
    assert "Set up a second factor now" in client.get("/account/").content.decode()

    set_up(client)

    assert client.get("/").status_code == 200
    app = second_factor.factors_of(asha)[0]
    assert client.post(f"/account/remove/{app.pk}/", {"password": PASSWORD}).status_code == 422
    assert second_factor.has_factor(asha)


def test_a_request_costs_no_query_more(client, protected, sign_in, settings):
    sign_in(client)
    give(client, code())

    def queries():
        with CaptureQueriesContext(connection) as counted:
            assert client.get("/services/").status_code == 200
        return len(counted)

    off = queries()
    settings.SECOND_FACTOR_REQUIRED = True

    assert queries() == off


def test_the_demonstration_says_that_it_is_off(client, admin, settings):
    said = "Where real families are kept, everybody"
    client.force_login(admin)
    assert said in Client().get("/sign-in/").content.decode()
    assert said in client.get("/accounts/").content.decode()

    settings.SECOND_FACTOR_REQUIRED = True

    assert said not in Client().get("/sign-in/").content.decode()


# --- taken away by an administrator ----------------------------------------------------------------------------------


def test_an_administrator_takes_it_away_with_a_reason_and_the_person_hears_and_is_out(
    client, admin, protected, sign_in
):
    sign_in(client)
    give(client, code())

    services.reset_second_factor(protected, by=admin, now=timezone.now(), reason="Their telephone was stolen.")

    assert client.get("/").status_code == 302
    assert not second_factor.has_factor(protected)
    assert [notice.to for notice in Notice.objects.all()] == [protected]
    assert Event.objects.get(kind="account.reset_second_factor").reason == "Their telephone was stolen."


def test_changing_the_password_ends_every_other_session_and_not_this_one(client, asha, sign_in):
    sign_in(client)
    sign_in(other := Client())

    client.post("/account/password/", {"password": PASSWORD, "new_password": "three words unlike others"})

    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302
    assert sign_in(Client()).status_code == 200


def test_one_may_sign_out_everywhere_else(client, asha, sign_in):
    sign_in(client)
    sign_in(other := Client())

    client.post("/account/elsewhere/")

    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302


# --- a program’s key -------------------------------------------------------------------------------------------------


def ask_for_key(client, **sent):
    sent = {"username": "asha", "password": PASSWORD} | sent
    return client.post("/api/token/", sent, content_type="application/json")


def test_a_key_for_a_program_asks_for_the_same(client, protected, clock):
    assert ask_for_key(client).status_code == 400
    assert ask_for_key(client, code=wrong()).status_code == 400

    assert ask_for_key(client, code=code()).status_code == 200


def test_wrong_codes_are_counted_together_with_those_of_the_page(client, protected, sign_in, clock):
    sign_in(client)
    for _ in range(NAME.free - 1):
        give(client, wrong())
    ask_for_key(client, code=wrong())

    assert ask_for_key(client, code=code()).status_code == 429
    assert give(client, code()).status_code == 429


def test_where_everybody_must_have_one_no_key_is_given_without(client, asha, required):
    assert ask_for_key(client).status_code == 400
