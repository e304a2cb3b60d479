"""Whom the servers run as, and what that account can reach.

PostgreSQL refuses to run as root, and neither server needs to: for root both run as an ordinary account. Each
server's folder belongs to that account alone, so that its socket answers nobody else on the machine.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from earlyhelp.embedded.errors import EmbeddedError

ORDINARY = ("postgres", "nobody")


def server_account() -> pwd.struct_passwd | None:
    """The account the servers run as, or ``None`` for one's own."""
    if os.geteuid() != 0:
        return None
    for name in ORDINARY:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise EmbeddedError(f"The database does not run as root, and this machine has none of the accounts {ORDINARY}.")


def own_folder(folder: Path) -> None:
    """Make a folder that only the servers' account (and root) may enter."""
    account = server_account()
    try:
        _make_parents(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        folder.chmod(0o700)
    except OSError as error:
        raise EmbeddedError(
            f"The folder {folder} cannot be used ({error.strerror}). Either use the account that owns it, or name "
            "another folder: set EARLYHELP_HOME to one you may write to."
        ) from error
    if account:
        _refuse_closed_parents(folder, account)


def _make_parents(folder: Path) -> None:
    """Every missing parent, open to be walked through whatever the caller's umask."""
    for parent in [folder, *folder.parents][::-1]:
        if not parent.exists():
            parent.mkdir(exist_ok=True)
            parent.chmod(0o755)


def _refuse_closed_parents(folder: Path, account: pwd.struct_passwd) -> None:
    for parent in folder.parents:
        if not _may_enter(account, parent.stat()):
            raise EmbeddedError(
                f"The account '{account.pw_name}', which runs the database, may not enter {parent}. "
                "Set EARLYHELP_HOME to a folder it may enter, for example /var/lib/earlyhelp."
            )


def _may_enter(account: pwd.struct_passwd, found: os.stat_result) -> bool:
    if found.st_uid == account.pw_uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.pw_gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def run(program: Path, *arguments: object, cwd: Path) -> str:
    """Run a program as the servers' account and return what it printed; out of reach of Ctrl-C at the terminal."""
    account = server_account()
    identity: dict[str, Any] = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    with tempfile.TemporaryFile("w+") as output:
        # A file, not a pipe: a server inherits it and would hold a pipe open for ever.
        done = subprocess.run(
            [str(program), *map(str, arguments)],
            cwd=cwd,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,
            **identity,
        )
        output.seek(0)
        text = output.read().strip()
    if done.returncode:
        raise EmbeddedError(f"{program.name} failed: {text or f'exit status {done.returncode}'}")
    return text


def within_reach(program: Path, trees: Sequence[Path], copies: Path) -> Path:
    """The program, copied first (with the trees it needs) if the servers' account cannot run it where it lies.

    A virtual environment under ``/root`` is the usual reason. ``copies`` is named after the version, so that a new
    wheel is copied anew.
    """
    with contextlib.suppress(PermissionError, EmbeddedError):
        run(program, "--version", cwd=copies.parent)
        return program
    if not copies.exists():
        staging = copies.with_name(copies.name + ".new")
        shutil.rmtree(staging, ignore_errors=True)
        for tree in trees:
            if tree.exists():
                shutil.copytree(tree, staging / tree.name, symlinks=True)
        staging.chmod(0o755)
        staging.rename(copies)
    return copies / program.relative_to(trees[0].parent)


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log, for a message: most people never open the file."""
    try:
        lines = log.read_text(errors="replace").splitlines()[-count:]
    except OSError:
        return "(there is no log)"
    return "\n".join(f"    {line}" for line in lines)
