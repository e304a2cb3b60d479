"""A browser in a process of its own, which can be killed as a crash, a dead battery or a power cut would end it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from tests.conftest import CHROMIUM_ARGUMENTS

UNTIL_UP = 30  # seconds, on a busy machine


class Killable:
    """Chromium with a profile of its own in ``folder``; ``browser`` is what one sits at."""

    def __init__(self, playwright, chromium, folder):
        asked = ["--headless", "--remote-debugging-port=0", f"--user-data-dir={folder}", "about:blank"]
        self.process = subprocess.Popen(
            [chromium, *CHROMIUM_ARGUMENTS, *asked],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a browser is many processes: they are killed as one
        )
        self.killed_at = None
        try:
            self.browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{self._port(folder)}")
        except BaseException:
            self.kill()
            raise

    def _port(self, folder):
        said, deadline = Path(folder, "DevToolsActivePort"), time.monotonic() + UNTIL_UP
        while not (said.exists() and "\n" in said.read_text()):
            assert time.monotonic() < deadline, "The browser did not start."
            time.sleep(0.02)
        return int(said.read_text().split()[0])

    def kill(self):
        """At once: nothing of it is told, and nothing runs to its end."""
        if self.killed_at is None:
            self.killed_at = time.monotonic()
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
