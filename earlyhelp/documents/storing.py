"""The store of documents: a folder, or S3 (settings). Names are random, and say nothing of whose it is or what it was called.

What nobody has looked through lies apart from what may be opened, under a prefix of its own.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from django.core.files import File
from django.core.files.storage import Storage, storages

QUARANTINE, KEPT = "quarantine", "kept"
CHUNK = 1024 * 1024


class Silent(Exception):
    """The store does not answer: whoever asked asks again later."""


class Gone(Exception):
    """The store answers, and has no such file."""


class Stored(NamedTuple):
    blob: str
    size: int
    sha256: str


def store() -> Storage:
    return storages["documents"]


def put(content: Any, *, under: str = QUARANTINE) -> Stored:
    """Keep what an open file holds, in pieces and never whole in memory. Raises ``Silent``."""
    sum_, size = hashlib.sha256(), 0
    content.seek(0)
    for chunk in iter(lambda: content.read(CHUNK), b""):
        sum_.update(chunk)
        size += len(chunk)
    content.seek(0)
    try:
        blob = store().save(f"{under}/{uuid.uuid4().hex}", File(content))
    except Exception as fault:  # each kind of store has its own
        raise Silent(str(fault)) from fault
    return Stored(blob, size, sum_.hexdigest())


def opened(blob: str) -> Any:
    return store().open(blob, "rb")


def names() -> list[str]:
    """Of all that is in the store. Raises ``Silent``."""
    found = []
    for folder in (QUARANTINE, KEPT):
        try:
            found += [f"{folder}/{name}" for name in store().listdir(folder)[1]]
        except FileNotFoundError:
            continue  # nothing was ever put there
        except Exception as fault:  # each kind of store has its own
            raise Silent(str(fault)) from fault
    return found


def put_at(blob: str) -> datetime:
    """When it was put there. Raises ``Silent`` or ``Gone``."""
    try:
        return store().get_modified_time(blob)
    except FileNotFoundError as missing:
        raise Gone(blob) from missing
    except Exception as fault:  # each kind of store has its own
        raise Silent(str(fault)) from fault


def delete(blob: str) -> None:
    """Whether it was there or not."""
    store().delete(blob)


@contextmanager
def copied(blob: str) -> Iterator[Path]:
    """A copy on this machine, until the end of the block. Raises ``Silent`` or ``Gone``."""
    with TemporaryDirectory(prefix="document-") as folder:
        path = Path(folder) / "source"
        try:
            with opened(blob) as content, path.open("wb") as copy:
                for chunk in iter(lambda: content.read(CHUNK), b""):
                    copy.write(chunk)
        except FileNotFoundError as missing:
            raise Gone(blob) from missing
        except Exception as fault:  # each kind of store has its own
            raise Silent(str(fault)) from fault
        yield path
