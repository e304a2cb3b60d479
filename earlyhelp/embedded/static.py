"""Whether the static files must be collected again: compressing a few hundred takes longer than the rest of a start."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import CommandError


def refuse_unbuilt() -> None:
    """Say so where the front end was never built, rather than serve pages without their looks."""
    for folder in settings.STATICFILES_DIRS:
        if not Path(folder).exists():
            raise CommandError(f"{folder} is missing: the pages' styles and scripts are not built. Use 'make run'.")


def collect_if_changed() -> bool:
    """Collect, unless nothing changed since the last time; tell which."""
    root = Path(settings.STATIC_ROOT)
    stamp, now = root.with_suffix(".stamp"), _fingerprint()
    if (root / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == now:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)
    return True


def _fingerprint() -> str:
    """Every source file's path, size and time, and the storage that turns them into what is served."""
    summary = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in sorted(finder.list([".*"]), key=lambda found: found[0]):
            found = Path(storage.path(path)).stat()
            summary.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return summary.hexdigest()
