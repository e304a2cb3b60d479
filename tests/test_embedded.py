"""The two servers `make run` starts, on their own: no table of ours, no Django database."""

import os
import re
import signal
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connection, connections
from django.db.migrations.state import ProjectState
from django.db.models.signals import pre_migrate

from earlyhelp import embedded
from earlyhelp.embedded import postgres, sockets
from earlyhelp.embedded.account import own_folder, server_account
from earlyhelp.embedded.children import Child, Children
from earlyhelp.embedded.errors import EmbeddedError
from earlyhelp.embedded.processes import command_of, living
from earlyhelp.embedded.throwaway import throwaway

HOLD = """
import sys, time
from pathlib import Path
from earlyhelp import embedded
server = embedded.database(Path(sys.argv[1]))
server.acquire()
print("up", flush=True)
sys.stdin.readline()
server.release()
print("left", flush=True)
"""


@pytest.fixture(scope="module")
def folder():
    with throwaway(embedded.HOME / "tests") as folder:
        yield folder


@pytest.fixture(scope="module")
def cluster(folder):
    """One cluster for all the tests here; each leaves it stopped, or takes it up as it finds it."""
    server = embedded.database(folder)
    server.acquire()
    server.release()
    return server


@pytest.fixture
def server(cluster):
    server = embedded.database(cluster.home.parent)
    server.acquire()
    yield server
    server.release()


def ask(server, statement, user=postgres.ROLE, database=postgres.DATABASE):
    place = server.settings_dict()
    connection = psycopg2.connect(host=place["HOST"], port=place["PORT"], user=user, dbname=database)
    with closing(connection):
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


def kill(pid_file):
    """End a server as a power cut would."""
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)


def processes_of(server):
    return [process for process in living() if str(server.data) in process.command]


def hold(folder):
    """Another process that needs the server until told otherwise."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        cwd=embedded.PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_it_starts_from_nothing_and_a_second_start_is_quick(folder):
    server = embedded.database(folder / "first", disposable=True)
    server.acquire()
    assert server.running()
    server.release()

    started = time.monotonic()
    server.acquire()
    assert time.monotonic() - started < 3
    server.discard()


def test_the_application_is_an_ordinary_role_that_owns_its_database(server):
    assert ask(server, "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user") == [
        (False, True, False)
    ]
    assert ask(server, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()") == [
        (postgres.ROLE,)
    ]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(server, "ALTER ROLE earlyhelp SUPERUSER")


def test_the_application_may_make_the_extensions_it_needs(server):
    for name in ("pg_trgm", "btree_gist", "unaccent", "fuzzystrmatch"):
        ask(server, f"CREATE EXTENSION IF NOT EXISTS {name}")


def test_no_other_account_may_reach_the_socket_and_nobody_over_the_network(server):
    assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
    assert ask(server, "SHOW listen_addresses") == [("",)]


def test_the_lasting_database_waits_for_the_disk(server):
    assert [ask(server, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")] == [
        [("on",)],
        [("on",)],
        [("on",)],
    ]


def test_what_was_acknowledged_outlives_kill_9(server):
    ask(server, "CREATE TABLE kept (said text)")
    ask(server, "INSERT INTO kept VALUES ('we will ring you on Monday')")
    kill(server.data / "postmaster.pid")

    server.acquire()

    assert ask(server, "SELECT said FROM kept") == [("we will ring you on Monday",)]


def test_a_server_that_lost_its_starter_is_taken_over(cluster):
    killed = hold(cluster.home.parent)
    assert killed.stdout.readline() == "up\n"
    killed.kill()
    killed.wait()
    assert cluster.running()

    cluster.acquire()
    cluster.release()

    assert not cluster.running()


def test_two_may_start_it_at_once_and_the_last_one_out_stops_it(cluster):
    first, second = hold(cluster.home.parent), hold(cluster.home.parent)
    assert [first.stdout.readline(), second.stdout.readline()] == ["up\n", "up\n"]
    assert len([process for process in processes_of(cluster) if process.command.endswith("data")]) == 1

    assert first.communicate("go\n") == ("left\n", None)
    assert cluster.running()
    assert second.communicate("go\n") == ("left\n", None)
    assert not cluster.running()
    assert processes_of(cluster) == []


def test_a_deep_folder_has_its_sockets_in_a_short_one(folder):
    deep = folder / ("a-very-long-name-" * 4) / ("and-another-one-" * 3)
    for server in (embedded.database(deep, disposable=True), embedded.broker(deep)):
        server.acquire()
        assert server.running()
        assert len(str(server.sockets)) < 60
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
        server.discard()
        assert not server.sockets.exists()


@pytest.mark.parametrize("name", ["o'brien", "early help", "a,b", "Siobhán"])
def test_a_folder_whose_name_a_socket_address_cannot_carry(folder, name):
    server = embedded.broker(folder / name)
    server.acquire()
    assert server.running()
    assert server.sockets.parent == Path("/tmp")
    server.discard()


def test_an_apostrophe_in_the_projects_path_does_not_trouble_the_database(folder):
    server = embedded.database(folder / "o'brien & co", disposable=True)
    server.acquire()
    assert server.running()
    server.discard()


def test_a_folder_somebody_else_put_in_our_way_is_refused(tmp_path, monkeypatch):
    waiting = tmp_path / "earlyhelp"
    waiting.mkdir(mode=0o777)
    waiting.chmod(0o777)

    with pytest.raises(EmbeddedError, match="another account"):
        sockets.prepare(waiting)


@pytest.mark.skipif(server_account() is None, reason="only root runs its servers as another account")
def test_a_folder_the_servers_account_cannot_enter_is_refused_with_advice(tmp_path):
    tmp_path.chmod(0o700)
    with pytest.raises(EmbeddedError, match="Set EARLYHELP_HOME"):
        own_folder(tmp_path / "postgres")


def test_data_of_another_version_is_refused_with_advice(folder):
    other = embedded.database(folder / "older", disposable=True)
    other.data.mkdir(parents=True)
    (other.data / "PG_VERSION").write_text("9\n")

    with pytest.raises(EmbeddedError, match="was made by PostgreSQL 9"):
        other.acquire()


def test_a_database_that_cannot_start_says_what_its_log_says(folder):
    broken = embedded.database(folder / "broken", disposable=True)
    broken.settings |= {"max_connections": "as many as you like"}

    with pytest.raises(EmbeddedError, match="max_connections"):
        broken.acquire()


def test_the_broker_keeps_its_queue_through_kill_9(folder):
    broker = embedded.broker(folder / "kept")
    broker.acquire()
    broker._say("RPUSH queue first")
    time.sleep(1.1)  # it writes to the disk every second
    kill(broker.pid_file)

    broker.acquire()

    assert broker._say("LLEN queue") == ":1\r\n"
    broker.release()
    assert not broker.running()
    assert not broker._alive()


def test_settings_are_true_before_anything_runs(tmp_path):
    assert embedded.database(tmp_path).settings_dict()["HOST"]
    assert embedded.broker(tmp_path).url().startswith("unix://")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def children(tmp_path):
    return Children(tmp_path, tmp_path, os.environ)


def test_children_are_stopped_with_all_they_started(children, tmp_path):
    child = Child("shell", ["sh", "-c", "sleep 98766 & echo $!; exec sleep 98767"], tmp_path / "log")
    with children.alone("here"):
        children.start(child)
        while not (started := child.log.read_text()):
            time.sleep(0.01)
        children.stop()

    assert child.ended() == -signal.SIGTERM
    until = time.monotonic() + 5  # it was told to end with the other; when it has is for the system to say
    while command_of(int(started)) and time.monotonic() < until:
        time.sleep(0.01)
    assert command_of(int(started)) == ""
    assert not children.note.exists()


def test_what_a_killed_run_left_is_ended_before_the_next(children, tmp_path):
    left = subprocess.Popen(["sleep", "98765"], start_new_session=True)
    children.note.write_text(f'[[{left.pid}, "sleep 98765"]]')

    with children.alone("here"):
        assert command_of(left.pid) == ""
    left.wait()


def test_a_process_that_merely_has_the_number_is_left_alone(children):
    other = subprocess.Popen(["sleep", "98764"], start_new_session=True)
    deadline = time.monotonic() + 10
    while command_of(other.pid) != "sleep 98764" and time.monotonic() < deadline:
        time.sleep(0.01)  # the kernel says nothing of it until it runs
    children.note.write_text(f'[[{other.pid}, "gunicorn earlyhelp.wsgi"]]')

    with children.alone("here"):
        assert command_of(other.pid) == "sleep 98764"
    other.kill()
    other.wait()


def test_a_second_run_in_the_same_folder_is_told_where_the_first_is(children, tmp_path):
    with (
        children.alone("http://127.0.0.1:8123/"),
        pytest.raises(EmbeddedError, match=r"already runs .* at http://127\.0\.0\.1:8123/"),
        Children(tmp_path, tmp_path, os.environ).alone("elsewhere"),
    ):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_child_does_not_outlive_a_parent_that_was_killed(tmp_path):
    script = (
        "import os, sys, time; from pathlib import Path\n"
        "from earlyhelp.embedded.children import Child\n"
        f"child = Child('sleeper', ['sleep', '98763'], Path({str(tmp_path / 'log')!r}))\n"
        f"child.start(Path('/'), os.environ); print(child.process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=embedded.PROJECT, stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    assert command_of(pid) == "sleep 98763"

    parent.kill()
    parent.communicate()

    deadline = time.monotonic() + 5
    while command_of(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert command_of(pid) == ""


def test_nothing_is_migrated_quickly_and_what_is_in_use_in_djangos_own_way(db):
    own, met = ProjectState._find_reload_model, []

    def look(**sent):
        met.append("own" if ProjectState._find_reload_model is own else "quick")

    room = apps.get_app_config("audit")
    pre_migrate.connect(look, sender=room)
    try:
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations")
        call_command("migrate", "contenttypes", "zero", verbosity=0)
    finally:
        pre_migrate.disconnect(look, sender=room)

    assert met == ["own", "quick"]
    assert ProjectState._find_reload_model is own


MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*\+\d\d")  # of the test itself


@pytest.mark.prove
def test_the_quick_way_of_migrating_makes_the_same_database(folder, django_db_blocker):
    with django_db_blocker.unblock():
        quick, own = (migrated(folder / name, way) for name, way in (("quick", "migrate"), ("own", DjangoMigrate())))
    assert quick == own


def migrated(folder, way):
    """Every table, index, constraint and trigger that the migrations make, and what they write down, as text."""
    server = embedded.database(folder, disposable=True)
    server.acquire()
    before = dict(connection.settings_dict)
    connections.close_all()
    connection.settings_dict |= server.settings_dict()
    call_command(way, verbosity=0)
    connections.close_all()
    connection.settings_dict |= before
    numbered = ("django_migrations", "django_content_type", "auth_permission")  # in the order in which models are met
    but = [f"--exclude-table-data={table}" for table in numbered]
    dump = server._run("pg_dump", *but, "-h", server.sockets, "-U", postgres.SUPERUSER, postgres.DATABASE)
    server.discard()
    lines = [line for line in dump.splitlines() if not line.startswith("\\")]  # lines with a random key
    return [MOMENT.sub("a moment", line) for line in lines]
