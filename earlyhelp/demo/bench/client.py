"""A plain client: one connection a request, as a proxy makes them, and little work of its own: it is not what is measured."""

from __future__ import annotations

import itertools
import socket
import statistics
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.test import Client

HOST = "127.0.0.1"
CSRF = "earlyhelpbench" + "0" * 18
ALONE, CLIENTS, SECONDS = 60, 8, 1.5


class Refused(Exception):
    """The page did not answer as it should."""


@dataclass(frozen=True)
class Answer:
    status: int
    queries: int
    taken: float
    body: bytes


@dataclass(frozen=True)
class Measured:
    median: float  # milliseconds, alone
    p95: float
    queries: int
    rate: float  # requests a second, eight clients at once


def sign_in(user: Any) -> str:
    """A session of that person, as a cookie."""
    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies['sessionid'].value}; csrftoken={CSRF}"


def get(path: str, cookie: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode()


def post(path: str, cookie: str, fields: Iterable[tuple[str, str]]) -> bytes:
    body = urlencode(list(fields)).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\nX-CSRFToken: {CSRF}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def send(port: int, request: bytes) -> Answer:
    started = time.perf_counter()
    with socket.create_connection((HOST, port), timeout=30) as line:
        line.sendall(request)
        parts = []
        while part := line.recv(262_144):
            parts.append(part)
    taken = time.perf_counter() - started
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    return Answer(int(head[9:12]), _queries(head), taken, body)


def _queries(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"x-queries: ")
    return int(rest.split(b"\r\n", 1)[0]) if found else 0


def alone(port: int, requests: Iterator[bytes], *, expected: int, times: int = ALONE) -> tuple[float, float, int]:
    """Median and 95th percentile in milliseconds, and the number of queries, one request after another."""
    answers = [_as_expected(send(port, request), expected) for request in itertools.islice(requests, times + 3)][3:]
    taken = sorted(1000 * answer.taken for answer in answers)
    return statistics.median(taken), taken[int(0.95 * (len(taken) - 1))], answers[-1].queries


def rate(port: int, requests: Iterator[bytes], *, expected: int, seconds: float = SECONDS) -> float:
    """Requests a second with eight clients at once, for so long or until there is nothing more to send."""
    done, lock, started = itertools.count(), threading.Lock(), time.perf_counter()

    def work() -> None:
        while time.perf_counter() - started < seconds:
            with lock:
                request = next(requests, None)
            if request is None:
                return
            _as_expected(send(port, request), expected)
            next(done)

    workers = [threading.Thread(target=work) for _ in range(CLIENTS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return next(done) / (time.perf_counter() - started)


def _as_expected(answer: Answer, expected: int) -> Answer:
    if answer.status != expected:
        raise Refused(f"answered {answer.status} instead of {expected}")
    return answer
