"""P15: broker refused or hung: referrals and hand-overs are still taken, and what they owe goes out when it returns."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from earlyhelp.notices.models import Notice
from referrals.models import SocialCareHandover

ROOT = Path(__file__).parents[2]
SUBMISSIONS, PATIENCE = 200, 300  # seconds within which everything must be out


@pytest.fixture
def hung_broker(settings):
    """Something that takes every connection and never says a word."""
    listener = socket.create_server(("127.0.0.1", 0))
    settings.CELERY_BROKER_URL = settings.REDIS_URL = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
    yield
    listener.close()


def hand_over(client, n):
    facts = {"about": f"A boy, number {n}", "concern": "He is afraid to go home.", "family_told": "yes", "token": ""}
    page = client.get(reverse("referrals:handover_start"))
    facts["token"] = str(page.context["form"]["token"].value())
    return client.post(reverse("referrals:handover_start"), facts)


def celery(*command, broker, mail):
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    environment = os.environ | {
        "DATABASE_URL": url,
        "EARLYHELP_MODE": "demo",
        "REDIS_URL": broker.url(),
        "EMAIL_URL": f"filemail:///{mail}",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "earlyhelp", *command, "--loglevel", "error"], cwd=ROOT, env=environment
    )


@pytest.mark.promise("P15")
@pytest.mark.django_db(transaction=True)
def test_with_a_hung_broker_everything_is_taken_and_goes_out_when_it_returns(
    practitioner, access_worker, hung_broker, broker, proof, tmp_path
):
    client = Client()
    client.force_login(practitioner)
    began = time.monotonic()
    answers = [hand_over(client, n).status_code for n in range(SUBMISSIONS)]
    slowest = (time.monotonic() - began) / SUBMISSIONS
    taken, owed = SocialCareHandover.objects.count(), Notice.objects.filter(urgent=True).count()

    running = [
        celery("worker", "-c", "1", broker=broker, mail=tmp_path),
        celery("beat", "--pidfile", "", broker=broker, mail=tmp_path),
    ]
    began = time.monotonic()
    while Notice.objects.filter(urgent=True, emailed_at=None).exists() and time.monotonic() - began < PATIENCE:
        time.sleep(1)
    waited = time.monotonic() - began
    for process in running:
        process.terminate()
    for process in running:
        process.wait(timeout=60)

    unsent = Notice.objects.filter(urgent=True, emailed_at=None).count()
    proof.line(
        f"broker hung, {SUBMISSIONS} hand-overs",
        f"{answers.count(302)} taken at {slowest * 1000:.0f} ms each, {taken} stored; "
        f"{owed} notices out {waited:.0f} s after its return, {unsent} left",
        kept=(answers.count(302), taken, unsent) == (SUBMISSIONS, SUBMISSIONS, 0) and owed >= SUBMISSIONS,
    )
