"""Settings are safe or the program does not start (promise P18)."""

import base64
import json
import os
import runpy
import subprocess
import sys

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from earlyhelp import embedded
from earlyhelp.embedded import checks

PATH = embedded.PROJECT / "earlyhelp" / "settings.py"
SAFE = {
    "DATABASE_URL": "postgres://early:hunter2@db.example.gov.uk:5432/early",
    "REDIS_URL": "redis://:swordfish@broker.example.gov.uk:6379/0",
    "SECRET_KEY": "v7Qm-4xKz0pT_9sLw2RbYc8NfJ6hGdEa3UiXo1BkVtPyMnCqZr5W",
    "SEALING_KEYS": "2026:" + base64.b64encode(bytes(range(32))).decode(),
    "ALLOWED_HOSTS": "early-help.example.gov.uk",
    "SITE_URL": "https://early-help.example.gov.uk",
    "SOCIAL_CARE_PHONE": "01632 960 111",
    "DOCUMENTS_FOLDER": "/documents",
}
S3 = {"DOCUMENTS_S3_BUCKET": "early-help", "DOCUMENTS_S3_KEY_ID": "AKIAEXAMPLE", "DOCUMENTS_S3_SECRET": "swordfish"}
NOTIFY_TEMPLATE = "9d751e0e-f929-4891-82a1-a3e1c3c18ee3"
PROVIDER = {
    "id": "county",
    "name": "County",
    "agency": "Example County Council",
    "server_url": "https://login.example.gov.uk",
    "client_id": "early-help",
    "secret": "swordfish",
}
NOTIFY_KEY = "early_help-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
UNSAFE = {
    "debugging pages": ({"DEBUG": "on"}, "DEBUG must be off"),
    "no key": ({"SECRET_KEY": ""}, "SECRET_KEY"),
    "a short key": ({"SECRET_KEY": "swordfish"}, "SECRET_KEY"),
    "a key of one letter": ({"SECRET_KEY": "x" * 60}, "SECRET_KEY"),
    "nothing to seal with": ({"SEALING_KEYS": ""}, "SEALING_KEYS"),
    "a key that cannot seal": ({"SEALING_KEYS": "2026:short"}, "SEALING_KEYS"),
    "the invented number to ring": ({"SOCIAL_CARE_PHONE": None}, "SOCIAL_CARE_PHONE"),
    "no host": ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
    "any host": ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
    "any host besides": ({"ALLOWED_HOSTS": "early-help.example.gov.uk,*"}, "ALLOWED_HOSTS"),
    "no broker": ({"REDIS_URL": ""}, "REDIS_URL"),
    "an address in the clear": ({"SITE_URL": "http://early-help.example.gov.uk"}, "SITE_URL"),
    "no address": ({"SITE_URL": None}, "SITE_URL"),
    "no database": ({"DATABASE_URL": None, "EARLYHELP_MODE": "production"}, "DATABASE_URL must be given"),
    "an empty database address": ({"DATABASE_URL": ""}, "DATABASE_URL cannot be read"),
    "another database": ({"DATABASE_URL": "sqlite:///early.db"}, "DATABASE_URL cannot be read"),
    "a password cut in two": ({"DATABASE_URL": "postgres://early:hunter2/x@db/early"}, "DATABASE_URL cannot be read"),
    "a key for Notify without its template": ({"NOTIFY_API_KEY": NOTIFY_KEY}, "NOTIFY_API_KEY and NOTIFY_TEMPLATE_ID"),
    "a template of Notify without a key": (
        {"NOTIFY_TEMPLATE_ID": NOTIFY_TEMPLATE},
        "NOTIFY_API_KEY and NOTIFY_TEMPLATE_ID",
    ),
    "a key for Notify cut short": (
        {"NOTIFY_API_KEY": NOTIFY_KEY[:-9], "NOTIFY_TEMPLATE_ID": NOTIFY_TEMPLATE},
        "NOTIFY_API_KEY and NOTIFY_TEMPLATE_ID",
    ),
    "a template's name instead of its identity": (
        {"NOTIFY_API_KEY": NOTIFY_KEY, "NOTIFY_TEMPLATE_ID": "early help"},
        "NOTIFY_API_KEY and NOTIFY_TEMPLATE_ID",
    ),
    "a password and nothing else": ({"SECOND_FACTOR_REQUIRED": "off"}, "SECOND_FACTOR_REQUIRED must be on"),
    "a sign-on that is no JSON": ({"OIDC_PROVIDERS": "[{'secret': 'swordfish'}]"}, "OIDC_PROVIDERS cannot be read"),
    "a sign-on without its agency": (
        {"OIDC_PROVIDERS": json.dumps([{name: PROVIDER[name] for name in PROVIDER if name != "agency"}])},
        "OIDC_PROVIDERS cannot be read",
    ),
    "a sign-on in the clear": (
        {"OIDC_PROVIDERS": json.dumps([PROVIDER | {"server_url": "http://login.example.gov.uk"}])},
        "OIDC_PROVIDERS must each",
    ),
    "nowhere to keep documents": ({"DOCUMENTS_FOLDER": None}, "DOCUMENTS_FOLDER or DOCUMENTS_S3_BUCKET"),
    "two places for documents": (S3, "DOCUMENTS_FOLDER or DOCUMENTS_S3_BUCKET"),
    "a store of documents without its secret": (
        S3 | {"DOCUMENTS_FOLDER": None, "DOCUMENTS_S3_SECRET": None},
        "DOCUMENTS_S3_BUCKET, DOCUMENTS_S3_KEY_ID and DOCUMENTS_S3_SECRET",
    ),
    "a key to a store that is not named": (
        {"DOCUMENTS_S3_KEY_ID": "AKIAEXAMPLE"},
        "DOCUMENTS_S3_BUCKET, DOCUMENTS_S3_KEY_ID and DOCUMENTS_S3_SECRET",
    ),
    "a store of documents in the clear": (
        S3 | {"DOCUMENTS_FOLDER": None, "DOCUMENTS_S3_ENDPOINT": "http://store.example.gov.uk"},
        "DOCUMENTS_S3_ENDPOINT",
    ),
    "a scanner without a port": ({"CLAMAV_ADDRESS": "clamav"}, "CLAMAV_ADDRESS"),
    "no such mode": ({"EARLYHELP_MODE": "staging"}, "EARLYHELP_MODE"),
}
SECRETS = ("hunter2", "swordfish", SAFE["SECRET_KEY"], SAFE["SEALING_KEYS"], NOTIFY_KEY[-36:-9])


@pytest.fixture
def environment(monkeypatch):
    """Set the environment to the safe values, changed as asked; ``None`` takes a name away."""
    monkeypatch.setattr(environ.FileAwareEnv.ENVIRON, "files_cache", {})  # it would remember another test's files
    for name in {
        *SAFE,
        "DEBUG",
        "EARLYHELP_MODE",
        "EMAIL_URL",
        "NOTIFY_API_KEY",
        "NOTIFY_TEMPLATE_ID",
        "SECOND_FACTOR_REQUIRED",
        "OIDC_PROVIDERS",
        "DJANGO_ALLOW_ASYNC_UNSAFE",
    }:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)

    def change(**values):
        for name, value in (SAFE | values).items():
            monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)

    return change


def read():
    return runpy.run_path(str(PATH))


def test_production_starts_with_safe_values(environment):
    environment()
    settings = read()
    assert settings["PRODUCTION"]
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["SECURE_SSL_REDIRECT"]
    assert settings["DATABASES"]["default"]["PASSWORD"] == "hunter2"


@pytest.mark.parametrize(("values", "said"), UNSAFE.values(), ids=UNSAFE)
def test_production_refuses(environment, values, said):
    environment(**values)
    with pytest.raises(ImproperlyConfigured, match=said) as refusal:
        read()
    assert not [secret for secret in SECRETS if secret in str(refusal.value)]


def test_e_mail_goes_by_smtp_unless_notify_is_given_whole(environment):
    environment(EMAIL_URL="smtp+tls://user:swordfish@mail.example.gov.uk:587")
    assert read()["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"

    environment(NOTIFY_API_KEY=NOTIFY_KEY, NOTIFY_TEMPLATE_ID=NOTIFY_TEMPLATE)
    assert read()["EMAIL_BACKEND"] == "earlyhelp.notices.backends.govuk_notify.EmailBackend"


def test_an_agency_may_bring_its_own_sign_on(environment):
    environment(OIDC_PROVIDERS=json.dumps([PROVIDER]))

    [app] = read()["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"]
    assert (app["provider_id"], app["settings"]["server_url"]) == ("county", PROVIDER["server_url"])


def test_all_that_is_unsafe_is_said_at_once(environment):
    environment(DEBUG="on", ALLOWED_HOSTS="*", SITE_URL="http://x")
    with pytest.raises(ImproperlyConfigured, match=r"DEBUG.*ALLOWED_HOSTS.*SITE_URL"):
        read()


def test_the_program_does_not_start_and_its_last_words_hold_no_secret(environment):
    environment(DEBUG="on", SECRET_KEY="swordfish")
    refused = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=embedded.PROJECT, env=os.environ, capture_output=True, text=True
    )
    assert refused.returncode != 0
    assert "DEBUG must be off" in refused.stderr
    assert not [secret for secret in SECRETS if secret in refused.stdout + refused.stderr]


def test_django_finds_nothing_to_warn_of_in_production(environment):
    environment()
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=embedded.PROJECT,
        env=os.environ,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stderr


def test_secrets_may_come_from_files_and_their_last_line_break_is_no_part_of_them(environment, monkeypatch, tmp_path):
    environment(DATABASE_URL=None, REDIS_URL=None)
    for name in ("DATABASE_URL", "REDIS_URL"):
        (tmp_path / name).write_text(SAFE[name] + "\n")
        monkeypatch.setenv(f"{name}_FILE", str(tmp_path / name))

    settings = read()

    assert settings["PRODUCTION"]  # a database named in a file is no demonstration either
    assert settings["DATABASES"]["default"]["NAME"] == "early"
    assert settings["REDIS_URL"] == SAFE["REDIS_URL"]


def test_without_a_database_it_is_the_demonstration_on_this_machine_only(environment):
    environment(**dict.fromkeys(SAFE))
    settings = read()
    assert not settings["PRODUCTION"]
    assert settings["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert settings["DATABASES"]["default"]["USER"] == "earlyhelp"


@pytest.mark.django_db
def test_an_ordinary_database_role_is_no_cause_for_concern():
    assert checks.the_role_is_ordinary(databases=["default"]) == []


@pytest.mark.django_db
def test_production_refuses_a_superuser_as_its_database_role(settings, monkeypatch):
    settings.PRODUCTION = True
    monkeypatch.setattr(checks, "_above_the_rules", lambda alias: True)
    [fault] = checks.the_role_is_ordinary(databases=["default"])
    assert fault.is_serious()
    assert connection.settings_dict["USER"] not in fault.msg
