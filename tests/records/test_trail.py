"""Each night it is looked at whether the log is what was written, and whoever answers for it is told if it is not."""

from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from earlyhelp.audit import seals
from earlyhelp.audit.models import Event, Verification
from earlyhelp.notices.models import Notice
from earlyhelp.notices.tasks import send
from earlyhelp.records.services import verify_audit
from tests.audit.tampering import above_the_rules, write
from tests.factories import PostFactory


@pytest.fixture
def tampered(transactional_db):
    write(10)
    verify_audit(now=timezone.now(), whole=True)
    with above_the_rules() as using, transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("UPDATE audit_event SET reason = 'another' WHERE id = (SELECT min(id) FROM audit_event)")


def test_a_log_that_is_as_it_was_written_tells_nobody(db, ig_lead):
    write(10)
    look = verify_audit(now=timezone.now(), whole=False)

    assert (look.faults, look.seals, look.head) == (0, 2, seals.head().hash)
    assert not Notice.objects.exists()


def test_a_log_that_is_not_what_was_written_is_told_to_the_governance_lead_once_a_day(tampered, ig_lead, manager):
    for _ in range(2):
        look = verify_audit(now=timezone.now(), whole=True)

    assert look.faults == 1
    assert "rows were altered" in look.first_fault
    [notice] = Notice.objects.all()
    assert (notice.to, notice.title, notice.urgent) == (ig_lead, "The log is not what was written", True)


def test_a_chain_that_is_cut_off_between_two_looks_is_found(tampered, ig_lead):
    with above_the_rules() as using, transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("DELETE FROM audit_seal")

    assert "cut off or drawn anew" in verify_audit(now=timezone.now(), whole=False).first_fault


def test_a_head_that_did_not_fit_is_never_what_the_next_look_expects(tampered, ig_lead):
    good = Verification.objects.first().head
    Event.objects.create(at=timezone.now(), kind="more", subject="cases.case", subject_id=1)
    seals.seal(now=timezone.now())

    assert verify_audit(now=timezone.now(), whole=True).head == good


def test_a_log_that_is_not_what_was_written_turns_the_watch_red(tampered, ig_lead, client):
    send()
    assert client.get("/readyz").json()["wrong"] == []

    verify_audit(now=timezone.now(), whole=True)
    assert client.get("/readyz").json()["wrong"] == ["seals"]


def test_a_log_that_nobody_seals_turns_the_watch_red(db, client):
    send()
    Event.objects.create(at=timezone.now() - timedelta(minutes=31), kind="more", subject="cases.case", subject_id=1)
    assert client.get("/readyz").json()["wrong"] == ["seals"]

    seals.seal(now=timezone.now())
    assert client.get("/readyz").json()["wrong"] == []


def test_the_page_says_what_was_found_and_the_head_to_keep(tampered, ig_lead, client):
    verify_audit(now=timezone.now(), whole=True)
    client.force_login(ig_lead)
    text = client.get("/records/trail/").content.decode()

    assert "rows were altered" in text
    assert seals.head().hash in text.replace("<wbr>", "")


def test_the_page_is_for_nobody_else(db, manager, service_manager, county, client):
    for user in (manager, service_manager, PostFactory(role="system_admin", area=county).user):
        client.force_login(user)
        assert client.get("/records/trail/").status_code == 403


@pytest.mark.parametrize("looks", [1, 20])
def test_the_page_takes_as_many_queries_for_one_look_as_for_twenty(
    looks, db, ig_lead, client, django_assert_max_num_queries
):
    for _ in range(looks):
        verify_audit(now=timezone.now(), whole=False)
    client.force_login(ig_lead)
    with django_assert_max_num_queries(8):
        client.get("/records/trail/")
