"""How many processes need a server: a count the kernel keeps, so that it outlives any crash."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path


class Claim:
    """A share in a server: the first to claim starts it, the last to release stops it.

    A share is a shared ``flock``, which the kernel takes back from a process that was killed. The two locks are
    never inherited by a child process, so a server that outlives its starter does not keep itself alive.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self._share: int | None = None

    def acquire(self, start: Callable[[], None], stop: Callable[[], None]) -> None:
        """Take a share, and ``start`` the server unless it is up; asking twice checks that it still is."""
        with self._exclusively():
            if self._share is None:
                self._share = os.open(self.home / "users.lock", os.O_CREAT | os.O_RDWR, 0o600)
                fcntl.flock(self._share, fcntl.LOCK_SH)
            try:
                start()
            except BaseException:
                self._leave(stop)
                raise

    def release(self, stop: Callable[[], None]) -> None:
        """Give the share back; ``stop`` is called by the last to do so."""
        if self._share is not None:
            with self._exclusively():
                self._leave(stop)

    def forget(self) -> None:
        """Let go of the share of a server that is gone, folder and all."""
        if self._share is not None:
            os.close(self._share)
            self._share = None

    def _leave(self, stop: Callable[[], None]) -> None:
        share, self._share = self._share, None
        assert share is not None
        try:
            fcntl.flock(share, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # somebody else needs it
        else:
            stop()
        finally:
            os.close(share)

    @contextlib.contextmanager
    def _exclusively(self) -> Iterator[None]:
        with open(self.home / "state.lock", "a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
