"""``python -m earlyhelp.documents.inspection FORMAT FILE FOLDER``: one file, looked at within limits.

Writes ``verdict.json`` into the folder; beside it ``clean``, the picture drawn anew, and ``text``, what can be read in it.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
from pathlib import Path

from earlyhelp.documents.inspection import offices, pdfs, pictures, sniffing, texts
from earlyhelp.documents.inspection.findings import Finding, Harmful

MEMORY = 1024**3
SECONDS = 20  # of the processor
WRITTEN = 128 * 1024**2
NO_TEXT = "Its words cannot be read. Save it again, or as a PDF, and add that."


def look(path: Path, format: str, folder: Path) -> str:
    """Look at one file, write what is clean and what can be read into the folder; the text. Raises a ``Finding``."""
    sniffing.refuse_disguise(path, format)
    match format:
        case "jpeg" | "png":
            pictures.draw_anew(path, format, folder / "clean")
        case "pdf":
            pdfs.inspect(path)
        case "text":
            texts.inspect(path)
        case _:
            offices.inspect(path, format)
    try:
        return texts.text_of(path, format)
    except Exception as fault:  # what cannot be read cannot be looked through either
        raise Harmful(NO_TEXT) from fault


def main(format: str, path: str, folder: str) -> None:
    _set_limits()
    verdict = {"reason": "", "firm": False}
    try:
        text = look(Path(path), format, Path(folder))
        Path(folder, "text").write_text(text, "utf-8", "replace")
    except Finding as found:
        verdict = {"reason": str(found), "firm": found.firm}
    Path(folder, "verdict.json").write_text(json.dumps(verdict))


def _set_limits() -> None:
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_FSIZE: WRITTEN,
        resource.RLIMIT_CORE: 0,
    }
    for limit, most in limits.items():
        with contextlib.suppress(ValueError, OSError):  # macOS knows some of them by name only: the clock is left there
            resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    main(*sys.argv[1:])
