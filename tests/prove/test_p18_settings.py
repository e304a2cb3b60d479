"""P18: settings are safe or the program does not start."""

import os
import subprocess
import sys

import pytest

from earlyhelp import embedded
from tests.test_settings import SAFE, UNSAFE


def starts(changed):
    """Whether the program starts, as a process of its own, in the safe environment changed so."""
    values = {name: value for name, value in (SAFE | changed).items() if value is not None}
    kept = {name: os.environ[name] for name in ("PATH", "EARLYHELP_HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--tag", "security"],
        cwd=embedded.PROJECT,
        env=kept | values,
        capture_output=True,
        text=True,
    )
    return done.returncode == 0


@pytest.mark.promise("P18")
def test_the_program_starts_on_safe_settings_and_on_no_unsafe_one(proof):
    started = [name for name, (values, _) in UNSAFE.items() if starts(values)]
    proof.line(
        f"{len(UNSAFE)} unsafe environments, one safe",
        f"{len(started)} unsafe ones started, the safe one {'started' if starts({}) else 'did not'}",
        kept=not started and starts({}),
    )
