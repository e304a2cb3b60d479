"""P9: no review reminder is ever lost."""

import os
import random
import re
import signal
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connections

from earlyhelp.cases.models import CaseDeadline
from earlyhelp.deadlines import sweep
from earlyhelp.notices.models import Notice
from earlyhelp.notices.services import send_owed
from tests.factories import MONDAY, CaseFactory, WorkerFactory

KILLS, DEADLINES, WORKERS = 200, 10_000, 500
RUNG = MONDAY + timedelta(days=1)  # when all of them ring
DIGEST = MONDAY + timedelta(days=3)  # when all of it is owed by e-mail
DAY_AFTER = DIGEST + timedelta(days=1)  # for what rang when that day's digest had gone: each person gets one a day


@pytest.fixture
def owed(transactional_db, melton):
    """Ten thousand reviews, all about to ring, each held by one of five hundred workers."""
    workers = WorkerFactory.create_batch(WORKERS)
    case = CaseFactory(area=melton)
    rungs = [RUNG, *(RUNG + timedelta(days=30 + n) for n in range(4))]
    CaseDeadline.objects.bulk_create(
        CaseDeadline(
            owner=case,
            code=f"P9-{n}",
            label="Review",
            reference=f"EH-{n}",
            url=f"/cases/EH-{n}/",
            area=melton,
            holder=workers[n % WORKERS],
            started_at=MONDAY,
            due_at=rungs[1],
            rungs=rungs,
            rings_at=rungs[0],
        )
        for n in range(DEADLINES)
    )


@pytest.fixture
def mail(settings, tmp_path):
    """E-mail as files: what was written whole was sent, and stays sent whoever is killed."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    return tmp_path


def worker(*, pause=0.0, now=DIGEST):
    """Another process that sweeps and sends until nothing is owed; its identity, to kill it by."""
    child = os.fork()
    if child:
        return child
    connections["default"].connection = None  # the parent's, which is not ours to close
    try:
        while any([sweep.ring(now=RUNG, batch=10)[0] if pause == 0 else one_batch(pause), send_owed(now=now, limit=5)]):
            time.sleep(pause)
    finally:
        os._exit(0)


def one_batch(pause):
    """A little at a time, so that two hundred kills fall while there is work."""
    return sum(sweep._ring_batch(kind, RUNG, 10)[0] for kind in sweep.kinds())


def wait_for(*children):
    return [os.waitpid(child, 0)[1] for child in children]


def kill_again_and_again(times):
    chance = random.Random(9)
    running = [worker(pause=0.01), worker(pause=0.01)]
    for _ in range(times):
        time.sleep(chance.uniform(0.0, 0.12))
        victim = chance.randrange(2)
        os.kill(running[victim], signal.SIGKILL)
        wait_for(running[victim])
        running[victim] = worker(pause=0.01)
    wait_for(*running)
    wait_for(worker(now=DAY_AFTER))


def sent_messages(folder):
    whole = (re.search(r"^Message-ID: (.*)$", file.read_text(), re.MULTILINE) for file in folder.iterdir())
    return [found.group(1) for found in whole if found]


@pytest.mark.promise("P9")
@pytest.mark.django_db(transaction=True)
def test_two_workers_killed_at_two_hundred_points_lose_and_double_nothing(owed, mail, proof):
    kill_again_and_again(KILLS)

    told = Counter(Notice.objects.values_list("key", "to"))
    unsent = Notice.objects.filter(emailed_at=None).count()
    lost, doubled = DEADLINES - len(told), sum(count - 1 for count in told.values())
    messages = sent_messages(mail)
    again = len(messages) - len(set(messages))
    proof.line(
        f"{KILLS} kill -9 of two workers, {DEADLINES:,} deadlines",
        f"{lost} lost, {doubled} doubled in-app, {unsent} e-mails unsent; "
        f"{len(messages):,} messages, {again} sent again under the same id",
        kept=(lost, doubled, unsent) == (0, 0, 0) and again <= KILLS,
    )


@pytest.mark.promise("P9")
@pytest.mark.django_db(transaction=True)
def test_a_scheduler_off_for_three_days_and_then_two_at_once_ring_each_deadline_once(owed, mail, proof):
    assert wait_for(worker(), worker()) == [0, 0]

    told = Notice.objects.count()
    proof.line(f"scheduler off, then two at once, {DEADLINES:,} deadlines", f"{told:,} notices", kept=told == DEADLINES)
