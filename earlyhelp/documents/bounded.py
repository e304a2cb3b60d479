"""Looking at a file where it can do no harm: in a process of its own, with limits, without our secrets, on a clock."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

SECONDS = 40  # on the clock, whatever the process does: its own limit is of the processor alone
BROKE = "The file could not be looked at safely: it takes too long, or too much room. Save it as a PDF and add that."


@dataclass(frozen=True)
class Verdict:
    """Why the file is kept back, if it is; what can be read in it; and the picture drawn anew, if it is one."""

    reason: str = ""
    firm: bool = False
    text: str = ""
    clean: Path | None = None


def look_at(source: Path, format: str) -> Verdict:
    """The verdict on a file; what is made of it lies in the file's own folder.

    A process that dies or takes too long is a verdict as well: nothing that is in a file stops whoever looks at files.
    """
    return _verdict(source.parent) if _ran_to_its_end(source, format) else Verdict(BROKE, firm=True)


def _ran_to_its_end(source: Path, format: str) -> bool:
    command = [sys.executable, "-m", "earlyhelp.documents.inspection", format, str(source), str(source.parent)]
    try:
        done = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env={"TMPDIR": str(source.parent), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0 and (source.parent / "verdict.json").is_file()


def _verdict(folder: Path) -> Verdict:
    said = json.loads((folder / "verdict.json").read_text())
    text, clean = folder / "text", folder / "clean"
    return Verdict(
        reason=said["reason"],
        firm=said["firm"],
        text=text.read_text("utf-8") if text.is_file() else "",
        clean=clean if clean.is_file() else None,
    )
