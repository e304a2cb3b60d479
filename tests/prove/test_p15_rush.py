"""P15: six hundred referrals in a minute are all taken, without a broker and while processes of the web are killed.

It is P15's and not P12's: nothing is being typed here; what was sent must be taken whatever else is down.
"""

import contextlib
import os
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from earlyhelp import embedded
from earlyhelp.audit.models import Event
from earlyhelp.demo.bench.client import CSRF, Refused, post, send, sign_in
from earlyhelp.demo.bench.server import UNTIL_UP, free_port
from earlyhelp.embedded.management.commands.serve import healthy, web
from earlyhelp.families.models import Family
from referrals.enums import Status
from referrals.models import Referral
from tests.conftest import NOWHERE
from tests.factories import PostFactory
from tests.referrals.asking import START, Visitor
from tests.referrals.factories import ready_draft

SENT, WITHIN, SENDERS, AUTHORS = 600, 60.0, 24, 30
KILL_EVERY = 5.0  # seconds
AGAIN, PATIENCE = 0.5, 40  # seconds before somebody who got no answer sends the same again, and how often they do
OWED = {"D_PICKUP", "D_TRIAGE"}


@contextlib.contextmanager
def gunicorn(log):
    """The web as in production, on this test's database, and with no broker; its port and its first process."""
    database, port = connection.settings_dict, free_port()
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}",
        "EARLYHELP_MODE": "demo",
        "REDIS_URL": NOWHERE,
        "TRUSTED_PROXIES": "1",
    }
    with log.open("wb") as output:
        command = [sys.executable, "-m", *web(port)]
        process = subprocess.Popen(command, cwd=embedded.PROJECT, env=environment, stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + UNTIL_UP
        while not healthy(port):
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()[-2000:]  # noqa: PT018
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


class Killer(threading.Thread):
    """Kills one of the web's processes every few seconds; gunicorn starts another."""

    def __init__(self, parent):
        super().__init__(daemon=True)
        self.parent, self.killed, self.enough, self.chance = parent, 0, threading.Event(), random.Random(15)

    def run(self):
        children = Path(f"/proc/{self.parent}/task/{self.parent}/children")
        while not self.enough.wait(KILL_EVERY):
            if running := [int(pid) for pid in children.read_text().split()]:
                os.kill(self.chance.choice(running), signal.SIGKILL)
                self.killed += 1

    def stop(self):
        self.enough.set()
        self.join()
        return self.killed


# --- who sends ---------------------------------------------------------------------------------------------------------


def of_professionals(area, number):
    """Referrals that are ready, each on its last page: what its button sends."""
    authors = [PostFactory(area=area).user for _ in range(AUTHORS)]
    cookies = [sign_in(author) for author in authors]
    for each in range(number):
        draft = ready_draft(area=area, author=authors[each % AUTHORS], now=timezone.now())
        yield post(f"/referrals/{draft.reference}/check/", cookies[each % AUTHORS], [("token", str(uuid.uuid4()))])


def of_families(number):
    """The same of the public form, each from an address of its own; and who reads afterwards that it has come."""
    for each in range(number):
        visitor = Visitor(f"10.15.{each // 250}.{each % 250}")
        visitor.write(you={"first_name": f"Maya{each}"})
        ticket = visitor.client.cookies["asking"].value
        request = post(f"{START}check/", f"asking={ticket}; csrftoken={CSRF}", [])
        line, _, rest = request.partition(b"\r\n")
        yield visitor, b"%s\r\nX-Forwarded-For: 10.15.%d.%d\r\n%s" % (line, each // 250, each % 250, rest)


def send_until_answered(port, request):
    """The status, how long it took from the first try, and how often it was sent: as somebody would who wants it to arrive."""
    began = time.monotonic()
    for tries in range(1, PATIENCE + 1):
        with contextlib.suppress(OSError, ValueError, Refused):  # killed before it answered, or in the middle of it
            return send(port, request).status, time.monotonic() - began, tries
        time.sleep(AGAIN)
    return None, time.monotonic() - began, PATIENCE


def rush(port, requests):
    """All of them, evenly over the minute, whether or not those before were answered."""
    began = time.monotonic()

    def one(numbered):
        number, request = numbered
        time.sleep(max(0.0, began + number * WITHIN / SENT - time.monotonic()))
        return send_until_answered(port, request)

    with ThreadPoolExecutor(SENDERS) as senders:
        return list(senders.map(one, enumerate(requests))), time.monotonic() - began


# --- what came of it ---------------------------------------------------------------------------------------------------


def owed_by(referral):
    return {each.code for each in referral.deadlines.open()}


def pages_of(visitors):
    return (visitor.get("sent/").content.decode() for visitor in visitors)


@pytest.mark.promise("P15")
@pytest.mark.django_db(transaction=True)
def test_six_hundred_referrals_in_a_minute_are_all_taken(county, melton, access_worker, tmp_path, proof):
    families = list(of_families(SENT // 2))
    requests = [*of_professionals(melton, SENT - len(families)), *(request for _, request in families)]
    random.Random(15).shuffle(requests)
    with gunicorn(tmp_path / "web.log") as (port, parent):
        killer = Killer(parent)
        killer.start()
        answers, seconds = rush(port, requests)
        killed = killer.stop()

    statuses = Counter(status for status, _, _ in answers)
    sent = list(Referral.objects.filter(status=Status.SUBMITTED).for_user(access_worker, "triage"))
    references = {referral.reference for referral in sent}
    without = [referral.reference for referral in sent if owed_by(referral) != OWED]
    read = sum(any(each in page for each in references) for page in pages_of(visitor for visitor, _ in families))
    twice = Event.objects.filter(kind="referrals.referral.submit").count() - len(sent)
    slow = statistics.quantiles((taken for _, taken, _ in answers), n=20)[-1]
    again = sum(tries > 1 for *_, tries in answers)
    proof.line(
        f"{SENT} referrals over {WITHIN:.0f} s from {SENDERS} threads to gunicorn, {killed} of its processes killed, no broker",
        f"{statuses[302]} answered after {seconds:.0f} s (95 % in {slow * 1000:.0f} ms, {again} sent again); "
        f"{len(references)} in triage, {SENT - len(references)} lost, {twice} doubled, {len(without)} without deadlines; "
        f"{read} of {len(families)} families read their reference",
        kept=(statuses, len(references), twice, without, read) == ({302: SENT}, SENT, 0, [], len(families))
        and Family.objects.count() == SENT,
    )
