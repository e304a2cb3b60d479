"""PostgreSQL's own programs, aimed at the database that a connection of Django's leads to."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connections
from psycopg2.extensions import make_dsn

from earlyhelp import embedded
from earlyhelp.core.wall import SYSTEM
from earlyhelp.embedded.postgres import find_binaries


class Failed(RuntimeError):
    """A backup or a restore did not happen, and why, in words for whoever started it."""


def is_embedded() -> bool:
    return connections["default"].settings_dict["HOST"] == embedded.database().settings_dict()["HOST"]


@contextlib.contextmanager
def server_up() -> Iterator[None]:
    """Where the database is the embedded one, have it up meanwhile."""
    if not is_embedded():
        yield
        return
    server = embedded.database()
    server.acquire()
    try:
        yield
    finally:
        connections.close_all()
        server.release()


def dump(using: str, *, to: Path, snapshot: str) -> None:
    """Everything in the database, as it stood in ``snapshot``."""
    place, environment = _way_to(using)
    command = [_program("pg_dump"), place, "--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}"]
    command.append("--enable-row-security")  # asked as the system, which sees past the wall; else pg_dump refuses
    done = subprocess.run([*command, f"--file={to}"], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"pg_dump failed: {done.stderr.strip()}")


def put_back(using: str, *, dumped: Path) -> None:
    """Remove whatever the database holds and put the dump in its place: both, or neither.

    The transaction is ours to end: a dump that breaks off would otherwise look to ``psql`` like one that is at its end.
    """
    place, environment = _way_to(using)
    reading = [_program("pg_restore"), "--no-owner", "--no-acl", "--file=-", str(dumped)]
    writing = [_program("psql"), place, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    with tempfile.TemporaryFile("w+") as trouble:
        with (
            subprocess.Popen(writing, stdin=subprocess.PIPE, stderr=trouble, env=environment) as database,
            subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=trouble) as script,
        ):
            whole = _pour(script, database)
        trouble.seek(0)
        if not whole or database.returncode:
            raise Failed(f"Nothing was changed: {trouble.read().strip()}")


def _pour(script: subprocess.Popen[bytes], database: subprocess.Popen[bytes]) -> bool:
    """Send the script to the database, and have it kept only once it has been read to its end."""
    assert script.stdout
    assert database.stdin
    with contextlib.suppress(BrokenPipeError), database.stdin as line:  # the database has said no, and why
        line.write(b"BEGIN; SET client_min_messages = warning; DROP OWNED BY CURRENT_USER CASCADE;\n")
        shutil.copyfileobj(script.stdout, line)
        whole = script.wait() == 0
        line.write(b"COMMIT;\n" if whole else b"ROLLBACK;\n")
        return whole
    return False


def _program(name: str) -> str:
    return str(find_binaries()[0] / name)


def _way_to(using: str) -> tuple[str, dict[str, str]]:
    """Where the database is, and the environment with its password: a command line can be read by anybody."""
    wrapper = connections[using]
    wrapper.ensure_connection()
    asked = wrapper.connection.get_dsn_parameters()
    asked["options"] = (
        f"{asked.get('options', '')} -c earlyhelp.named={SYSTEM}"  # no row of what is restricted is left out
    )
    place = make_dsn(**asked)
    password = wrapper.settings_dict["PASSWORD"]
    return f"--dbname={place}", os.environ | ({"PGPASSWORD": password} if password else {})
