"""What every test stands on: a database of its own that vanishes, no broker unless asked for, and a real browser.

The database is a throw-away embedded cluster, one for the whole run; each worker of ``pytest -n`` has its own
database in it.
"""

import contextlib
import gc
import os
import shutil
import uuid
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections
from django.template import Context
from django.template.backends.jinja2 import Template as Jinja2Template
from django.test import TransactionTestCase
from django.test.signals import template_rendered
from django.test.utils import override_settings

from earlyhelp import embedded
from earlyhelp.core.wall import as_system
from earlyhelp.embedded.throwaway import throwaway
from tests import databases

pytest_plugins = ["tests.counted", "tests.county", "tests.proof"]
FOLDER = "EARLYHELP_TEST_FOLDER"  # how the workers of one run find the same cluster
NOWHERE = "redis+socket:///nonexistent/valkey.sock"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PLAIN = {
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],  # speed; nobody's password is here
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "documents": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
    "WHITENOISE_AUTOREFRESH": True,
    "CELERY_BROKER_URL": NOWHERE,  # a test that needs a broker asks for one; none reaches the demonstration's
}


def pytest_configure(config):
    if django_settings.DATABASE_GIVEN:
        pytest.exit("The tests bring a database of their own: unset DATABASE_URL.", 2)
    stack = contextlib.ExitStack()
    config.add_cleanup(stack.close)
    stack.enter_context(
        as_system()
    )  # what a test prepares and looks at; a request that it makes is asked for whoever made it
    if not hasattr(config, "workerinput"):
        os.environ[FOLDER] = str(stack.enter_context(throwaway(databases.place())))


def pytest_collection_finish(session):
    """What was imported and collected stays to the end of the run: nearly a million objects, which the collector of garbage
    would go through over and over, for an eighth of the processor's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.fixture(scope="session")
def throwaway_folder():
    """This run's own folder, one for all its workers."""
    return Path(os.environ[FOLDER])


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request, django_db_modify_db_settings_parallel_suffix, throwaway_folder, django_db_blocker
):
    with django_db_blocker.unblock():
        server = databases.cluster(throwaway_folder, anew=request.config.getvalue("create_db"))
    wanted = server.settings_dict() | {"CONN_MAX_AGE": 0}
    connection.settings_dict |= wanted
    connection.settings_dict["TEST"]["TEMPLATE"] = databases.TEMPLATE
    yield
    connections.close_all()
    server.release()


@pytest.fixture(scope="session")
def django_db_keepdb():
    """A database in a cluster that is thrown away whole need not be dropped first."""
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """A test that commits is given a database as new; one that asked for no database is not let near it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: databases.restore())
        yield


@pytest.fixture(scope="session", autouse=True)
def plain_settings(django_test_environment):
    """Unhashed static files, quick passwords, no broker."""
    from earlyhelp.celery import app

    app.conf.broker_url = NOWHERE
    with override_settings(**PLAIN):
        yield


@pytest.fixture(scope="session", autouse=True)
def contexts(django_test_environment):
    """``response.context``: Django's test client learns what a page was given from Django's own templates only."""
    render = Jinja2Template.render

    def told(template, context=None, request=None):
        template_rendered.send(template, template=template, context=Context(context or {}))
        return render(template, context, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Jinja2Template, "render", told)
        yield


@pytest.fixture
def broker(throwaway_folder, monkeypatch):
    """A Valkey of this test's own, which Celery speaks to; the test may stop, wipe or kill it."""
    from earlyhelp.celery import app

    app._after_fork()  # forget the connections of the broker before: a public way does not exist
    server = embedded.broker(throwaway_folder / uuid.uuid4().hex[:8])
    server.acquire()
    monkeypatch.setattr(django_settings, "REDIS_URL", server.url())
    monkeypatch.setattr(app.conf, "broker_url", server.url().replace("unix://", "redis+socket://"))
    yield server
    app._after_fork()
    server.discard()


@pytest.fixture(scope="session")
def chromium():
    """Where Chromium lies. Without it the browser tests are skipped, or fail where they are required.

    Debian's shell of it is the same engine without windows that nobody sees, for half of the processor's time.
    """
    if found := shutil.which("chromium-headless-shell") or shutil.which("chromium"):
        return found
    message = "No 'chromium' on this machine: the tests in a browser did not run. '.ci/run' installs it."
    if os.environ.get("EARLYHELP_REQUIRE_BROWSER"):
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread, and Django would take every query for one made inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS, headless=True)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, live_server):
    """A fresh page of a British visitor, on the product as it runs in this test."""
    context = browser.new_context(base_url=live_server.url, locale="en-GB", timezone_id="Europe/London")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
