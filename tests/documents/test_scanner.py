"""ClamAV, spoken to over its own socket: what it finds is held, and while it is silent nothing gets past it (P13, P15)."""

import socket
import struct
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from threading import Thread

import pytest

from earlyhelp.documents import scanner
from earlyhelp.documents.enums import DocumentStatus
from earlyhelp.documents.models import Document
from tests.documents import corpus
from tests.documents.conftest import LATER, upload

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
TEXT = {"name": "note.txt", "declared": "text/plain"}


def read_exactly(line, size):
    got = b""
    while len(got) < size:
        got += line.recv(size - len(got))
    return got


def answer_one(line):
    """As clamd does: the command, then pieces with their lengths, then an empty one."""
    assert read_exactly(line, 10) == b"zINSTREAM\0"
    content = b""
    while size := struct.unpack("!L", read_exactly(line, 4))[0]:
        content += read_exactly(line, size)
    found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
    line.sendall(found)
    return content


@contextmanager
def listening(server, answers=answer_one):
    seen = []

    def serve():
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line:
                seen.append(answers(line))

    thread = Thread(target=serve, daemon=True)
    thread.start()
    yield seen
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def address(server):
    return f"127.0.0.1:{server.getsockname()[1]}"


def test_what_the_scanner_finds_is_held_for_good_and_what_it_does_not_is_available(put, look, port, settings):
    settings.CLAMAV_ADDRESS = address(port)
    with listening(port) as seen:
        harmful = look(put(upload(**TEXT, content=EICAR)))
        harmless = look(put(upload(**TEXT, content=corpus.PLAIN_TEXT)))

    assert seen == [EICAR, corpus.PLAIN_TEXT]
    assert harmful.held_because == "The virus scanner found something in it (Eicar-Test-Signature)."
    assert harmful.held_for_good
    assert harmless.status == DocumentStatus.AVAILABLE


def test_it_may_listen_on_a_path(tmp_path):
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "clamd"))
    server.listen()
    with listening(server):
        assert scanner.found_in(BytesIO(b"a" * 200_000), address=str(tmp_path / "clamd")) == ""
        assert "Eicar" in scanner.found_in(BytesIO(EICAR), address=str(tmp_path / "clamd"))


def test_while_the_scanner_is_down_documents_wait_in_quarantine_and_go_on_when_it_is_back(put, look, port, settings):
    settings.CLAMAV_ADDRESS = "127.0.0.1:1"
    first, second = put(upload(**TEXT, content=corpus.PLAIN_TEXT)), put(upload(**TEXT, content=corpus.PLAIN_TEXT))
    for minutes in range(0, 10, 2):
        look(now=LATER + timedelta(minutes=minutes))
    assert {each.status for each in Document.objects.all()} <= {DocumentStatus.INSPECTED, DocumentStatus.RECEIVED}
    assert not Document.objects.exclude(blob__startswith="quarantine/").exists()

    settings.CLAMAV_ADDRESS = address(port)
    with listening(port):
        look(now=LATER + timedelta(hours=1))

    assert {look(each).status for each in (first, second)} == {DocumentStatus.AVAILABLE}


def test_what_was_looked_through_once_is_not_looked_through_again_while_the_scanner_is_down(put, look, settings):
    settings.CLAMAV_ADDRESS = "127.0.0.1:1"
    document = look(put(upload(**TEXT, content=corpus.PLAIN_TEXT)))
    assert document.status == DocumentStatus.INSPECTED

    again = look(document, now=LATER + timedelta(hours=1))

    assert (again.version, again.attempts) == (document.version, 0)


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param(lambda line: read_exactly(line, 10), id="hangs up"),
        pytest.param(lambda line: line.sendall(b"hello\0"), id="is no scanner"),
        pytest.param(
            lambda line: [answer for answer in [line.recv(1)] if not line.settimeout(3)] and _wait(line),
            id="says nothing",
        ),
    ],
)
def test_a_scanner_that_makes_no_sense_is_a_silent_one(port, answers, monkeypatch):
    monkeypatch.setattr(scanner, "ANSWERS_WITHIN", 0.3)
    with listening(port, answers), pytest.raises(scanner.Silent):
        scanner.found_in(BytesIO(b"a" * 100), address=address(port))


def _wait(line):
    try:
        while line.recv(1024):
            pass
    except OSError:
        return


def test_a_file_that_is_too_large_for_the_scanner_is_held_and_not_asked_about_for_ever(put, look, port, settings):
    settings.CLAMAV_ADDRESS = address(port)

    def too_large(line):
        answer = read_exactly(line, 10)
        line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        _wait(line)
        return answer

    with listening(port, too_large):
        assert look(put(upload(**TEXT, content=corpus.PLAIN_TEXT))).held_because == scanner.TOO_LARGE
