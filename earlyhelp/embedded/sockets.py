"""Where a server's socket lies.

The address of a Unix socket holds 107 bytes (103 on macOS), and neither libpq nor a Redis URL takes every character
a path may have. Beside the data is best; where that does not fit, a folder of our own under ``/tmp``. Not under
``XDG_RUNTIME_DIR``: it is set in some of a person's sessions and not in others, vanishes when they log out, and every
process must find the same socket.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
from pathlib import Path

from earlyhelp.embedded.account import server_account
from earlyhelp.embedded.errors import EmbeddedError

LONGEST = 100  # bytes, the socket's own name included
PLAIN = re.compile(r"[A-Za-z0-9_./-]+")


def digest(path: Path) -> str:
    """A short name for a path, the same in every process."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]


def socket_folder(home: Path, name: str) -> Path:
    """``home`` where a socket of that name fits its address, else a short folder derived from it."""
    address = str(home / name)
    if len(address) <= LONGEST and PLAIN.fullmatch(address):
        return home
    return Path("/tmp") / f"earlyhelp-{os.geteuid()}-{digest(home)}"


def prepare(folder: Path) -> None:
    """Make a folder under ``/tmp``; refuse one that another account put there first, waiting for us."""
    account = server_account()
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
    found, owner = folder.lstat(), account.pw_uid if account else os.geteuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or stat.S_IMODE(found.st_mode) & 0o077:
        raise EmbeddedError(f"{folder} was made by another account, and is not used. Have it removed, then try again.")
