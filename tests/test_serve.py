"""`make run`: it refuses early and plainly, and leaves nothing behind however it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from django.core.management.base import CommandError

from earlyhelp import embedded
from earlyhelp.embedded import static
from earlyhelp.embedded.management.commands import serve
from earlyhelp.embedded.processes import living
from earlyhelp.embedded.throwaway import throwaway


@pytest.fixture
def taken():
    with socket.socket() as other:
        other.bind((serve.HOST, 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_that_is_taken_is_said_at_once_with_another_to_try(taken):
    with pytest.raises(CommandError, match=f"Port {taken} cannot be used .*make run PORT="):
        serve.refuse_taken(taken)


def test_a_port_that_does_not_exist_is_refused_alike():
    with pytest.raises(CommandError, match="Port 70000 cannot be used"):
        serve.refuse_taken(70_000)


def test_it_is_no_way_to_run_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match=r"docs/production\.md"):
        serve.refuse_production()


def test_unbuilt_pages_are_said_rather_than_served(settings, tmp_path):
    settings.STATICFILES_DIRS = [tmp_path / "dist"]
    with pytest.raises(CommandError, match="Use 'make run'"):
        static.refuse_unbuilt()


def test_static_files_are_collected_when_they_change_and_not_otherwise(settings, tmp_path):
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "page.css").write_text("a {}")
    settings.STATICFILES_DIRS = [tmp_path / "dist"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    manifest = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": manifest}}

    assert static.collect_if_changed()
    assert not static.collect_if_changed()
    (tmp_path / "dist" / "page.css").write_text("a { color: red }")
    assert static.collect_if_changed()


def test_servers_of_ones_own_are_started_where_the_settings_name_no_others(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "HOST", "db.example.gov.uk")
    settings.REDIS_URL = embedded.broker().url()
    assert [server.name for server in serve.embedded_servers()] == ["message broker"]


@pytest.fixture
def as_before():
    kept = {which: signal.getsignal(which) for which in serve.STOPPED_BY}
    yield
    for which, handler in kept.items():
        signal.signal(which, handler)


@pytest.mark.parametrize("how", serve.STOPPED_BY)
def test_only_the_first_signal_interrupts(as_before, how):
    signal.signal(how, serve.stop_once)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(how)

    for which in serve.STOPPED_BY:
        signal.raise_signal(which)


@pytest.fixture(scope="module")
def home():
    with throwaway(embedded.HOME / "tests") as folder:
        yield folder


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind((serve.HOST, 0))
        return probe.getsockname()[1]


UP = "Ctrl-C stops everything"


def run(home, port, until=UP):
    """Start it as `make run` does, and wait until it says this; if nothing else, where it is."""
    kept = ("EARLYHELP_TEST_FOLDER", "DJANGO_ALLOW_ASYNC_UNSAFE")
    environment = {name: value for name, value in os.environ.items() if name not in kept}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=embedded.PROJECT,
        env=environment | {"EARLYHELP_HOME": str(home), "STATIC_ROOT": str(home / "static")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    said = []
    for line in process.stdout:
        said.append(line)
        if until in line:
            if until == UP:
                assert urllib.request.urlopen(f"http://{serve.HOST}:{port}/healthz").status == 200
            return process
    pytest.fail("".join(said))


def left(home, port):
    return [
        process for process in living() if str(home) in process.command or f"{serve.HOST}:{port}" in process.command
    ]


def gone(home, port):
    deadline = time.monotonic() + 30
    while left(home, port) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not left(home, port)


@pytest.mark.prove
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_leaves_nothing_behind_when_the_whole_terminal_is_told_to_stop(home, port, how):
    process = run(home, port)
    os.killpg(process.pid, how)
    process.communicate(timeout=60)
    assert left(home, port) == []


@pytest.mark.prove
@pytest.mark.parametrize("until", ["Bringing the tables", "Looking at the invented county", UP])
@pytest.mark.parametrize("apart", [0, 0.2])
def test_it_leaves_nothing_behind_when_it_is_told_to_stop_twice(home, port, until, apart):
    """As when a service manager tells the whole group and `make` passes its own on; and while it is still starting."""
    process = run(home, port, until)
    os.killpg(process.pid, signal.SIGTERM)
    time.sleep(apart)
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate(timeout=60)
    assert left(home, port) == []


@pytest.mark.prove
def test_after_kill_9_of_everything_the_next_run_takes_over(home, port):
    killed = run(home, port)
    for process in [*left(home, port), *(found for found in living() if found.group == killed.pid)]:
        os.kill(process.pid, signal.SIGKILL)
    killed.communicate()

    again = run(home, port)
    os.killpg(again.pid, signal.SIGINT)
    again.communicate(timeout=60)
    assert gone(home, port)


@pytest.mark.prove
def test_whatever_is_killed_comes_back(home, port):
    process = run(home, port)
    for each in left(home, port):
        if " -m " in each.command and each.group == each.pid:
            os.kill(each.pid, signal.SIGKILL)
            time.sleep(15)
            assert urllib.request.urlopen(f"http://{serve.HOST}:{port}/healthz").status == 200
    os.kill(process.pid, signal.SIGTERM)
    process.communicate(timeout=60)
    assert gone(home, port)
