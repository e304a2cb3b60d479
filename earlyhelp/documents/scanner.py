"""ClamAV, where an authority runs one (``CLAMAV_ADDRESS``): the file is sent over a socket and nothing of it is kept there."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CONNECTS_WITHIN, ANSWERS_WITHIN = 5, 60  # seconds
CHUNK = 64 * 1024
TOO_LARGE = "The file is larger than the virus scanner takes. Split it and add the parts."


class Silent(Exception):
    """The scanner does not answer, or answers nonsense: it is asked again later, and nothing is let through meanwhile."""


def found_in(content: Any, *, address: str) -> str:
    """What the scanner finds in an open file, in words; nothing if it finds nothing. Raises ``Silent``."""
    try:
        with _connected(address) as line:
            line.sendall(b"zINSTREAM\0")
            for chunk in iter(lambda: content.read(CHUNK), b""):
                line.sendall(struct.pack("!L", len(chunk)) + chunk)
            line.sendall(struct.pack("!L", 0))
            answer = _answer(line)
    except OSError as fault:
        raise Silent(str(fault)) from fault
    return _in_words(answer)


def _in_words(answer: str) -> str:
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        name = "".join(letter for letter in answer[8:-6] if letter.isascii() and letter.isprintable())[:80]
        return f"The virus scanner found something in it ({name})."
    if "size limit exceeded" in answer:
        return TOO_LARGE
    raise Silent(answer[:80])


@contextmanager
def _connected(address: str) -> Iterator[socket.socket]:
    with _line(address) as line:
        line.settimeout(ANSWERS_WITHIN)
        yield line


def _line(address: str) -> socket.socket:
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECTS_WITHIN)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(CONNECTS_WITHIN)
    if fault := line.connect_ex(address):
        line.close()
        raise OSError(fault, address)
    return line


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < 4096:
        more = line.recv(1024)
        if not more:
            break
        said += more
    return said.rstrip(b"\0\n").decode("ascii", "replace")
