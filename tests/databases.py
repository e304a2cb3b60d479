"""How a test run comes by its databases: one cluster that is thrown away, filled from a seed that is kept.

Migrating takes longer than most test runs, so the migrated cluster is kept beside the runs and copied at the start of
each. It is made anew when a migration, a module that a migration reads, or the month changes (the access log has a
table for each month), and whenever ``--create-db`` asks for it.
"""

import fcntl
import hashlib
import os
import re
import shutil
from contextlib import contextmanager
from datetime import date
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections

from earlyhelp import embedded
from earlyhelp.embedded.account import own_folder, run

COUNTY = "county"
TEMPLATE = embedded.database().settings_dict()["NAME"]  # in the cluster: migrated, and empty but for reference data
SEEDS = embedded.HOME / "tests"
APART = 100_000  # rows that a run may make of a kind before it meets the next
MEMORY, ROOM = Path("/dev/shm"), 4 * 1024**3  # a run takes some hundred megabytes
OURS = re.compile(r"^\s*(?:from|import) ((?:earlyhelp|referrals|assessments|hubs|lac)[\w.]*)", re.MULTILINE)


def place():
    """Where a run's cluster lies: in memory, where the machine has plenty.

    A test that commits is given a new copy of the database, which is two thousand small files: half a second on a disk.
    The place is one for all checkouts, so that any next run clears up after one that was killed.
    """
    plenty = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY / f"early-help-tests-{os.getuid()}" if plenty else SEEDS


def cluster(folder, *, anew):
    """This run's cluster, up: the first of its workers copies the seed, and makes one where there is none."""
    server = embedded.database(folder, disposable=True)
    SEEDS.mkdir(parents=True, exist_ok=True)
    with _alone(SEEDS):
        if not server.data.exists():
            seed = SEEDS / f"seed-{_fingerprint()}"
            if anew or not seed.exists():
                _make(seed)
            own_folder(server.home)
            run(Path(shutil.which("cp")), "-a", embedded.database(seed).data, server.data, cwd=server.home)
        server.acquire()
    return server


def restore(template=TEMPLATE):
    """Give a test that commits a database as new, and leave none of its rows behind.

    Django's own way, ``flush``, empties every table: it would take the reference data, and the record of who looked
    refuses to be emptied. Copying the template is quicker besides.
    """
    name = connection.settings_dict["NAME"]
    connections.close_all()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')


def invented_county(folder):
    """The name of a template that holds the demonstration's county: it takes a minute to load, and is loaded once a run.

    Whichever worker asks first loads it into its own database, which then becomes the template.
    """
    loaded = folder / COUNTY
    with _alone(folder):
        if not loaded.exists():
            restore()
            call_command("demo", stdout=StringIO())
            name = connection.settings_dict["NAME"]
            connections.close_all()
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'ALTER DATABASE "{name}" RENAME TO "{COUNTY}"')
            loaded.touch()
    return COUNTY


def _make(seed):
    for old in seed.parent.glob("seed-*"):
        embedded.database(old).discard()
        shutil.rmtree(old)
    fresh = seed.parent / "seed-new"
    server = embedded.database(fresh, disposable=True)
    server.acquire()
    before = dict(connection.settings_dict)
    connection.settings_dict |= server.settings_dict()
    call_command("migrate", verbosity=0)
    _number_apart()
    connections.close_all()
    connection.settings_dict |= before
    server.release()
    fresh.rename(seed)


def _number_apart():
    """No two tables share a number, and none begins with 1: a test that asks for another record than it means finds nothing.

    A number is not given back with a transaction, so that they would be the same on some runs only.
    """
    with connection.cursor() as cursor:
        for place, sequence in enumerate(connection.introspection.sequence_list(), start=1):
            cursor.execute("SELECT setval(%s, %s)", [sequence["name"], place * APART])


def _fingerprint():
    summary = hashlib.sha256(f"{date.today():%Y-%m}".encode())
    summary.update(Path(__file__).read_bytes())
    for config in sorted(apps.get_app_configs(), key=lambda config: config.name):
        for migration in sorted(Path(config.path).glob("migrations/*.py")):
            source = migration.read_text()
            summary.update(source.encode())
            for module in OURS.findall(source):
                summary.update(Path(find_spec(module).origin).read_bytes())
    return summary.hexdigest()[:12]


@contextmanager
def _alone(parent):
    with open(parent / "seed.turn", "a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
