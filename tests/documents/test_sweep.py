"""The sweep: nobody waits for it, two at once look at each document once, and nothing that is in a file stops it."""

import os
import threading
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.documents import bounded, lookers, storing, sweep
from earlyhelp.documents.enums import DocumentStatus
from earlyhelp.documents.models import Document, Leaving
from earlyhelp.documents.transitions import withdraw
from earlyhelp.insight.health import what_is_wrong
from earlyhelp.notices.models import Notice
from tests.documents import corpus
from tests.documents.conftest import LATER, afresh, upload
from tests.factories import MONDAY, secret_home
from tests.families.pages import sent
from tests.races import together

TEXT = {"name": "note.txt", "declared": "text/plain", "content": corpus.PLAIN_TEXT}


def test_whoever_adds_a_document_does_not_wait_and_nobody_opens_it_yet(client, family, worker):
    client.force_login(worker)
    typed = sent(title="A letter", kind="letter", visibility="family", file=upload())

    answer = client.post(reverse("documents:add", args=[family.reference]), typed)

    document = Document.objects.get()
    assert answer.url == reverse("documents:of_family", args=[family.reference])
    assert document.status == DocumentStatus.RECEIVED
    assert document.blob.startswith("quarantine/")
    assert client.get(reverse("documents:content", args=[document.pk])).status_code == 404
    assert "Being checked" in client.get(answer.url).content.decode()


def test_what_is_harmless_is_available_after_one_sweep_under_another_random_name(put, look):
    waiting = put(title="Grant eviction")

    document = look(waiting)

    assert (document.status, document.available_at) == (DocumentStatus.AVAILABLE, LATER)
    assert document.blob.startswith("kept/")
    assert len(document.blob) == len("kept/") + 32
    assert Leaving.objects.get().blob == waiting.blob
    assert not Notice.objects.exists()  # it took less than a minute


def test_whoever_waited_longer_than_a_minute_is_told(put, look, worker):
    look(put(), now=MONDAY + timedelta(minutes=2))

    notice = Notice.objects.get()
    assert (notice.to, notice.title) == (worker, "A document of yours is available")


def test_a_second_sweep_does_nothing(put, look):
    document = look(put())
    events = Event.objects.count()

    assert look(document, now=LATER + timedelta(hours=1)).blob == document.blob
    assert Event.objects.count() == events


def test_a_document_that_is_being_looked_at_is_left_alone_and_taken_up_when_that_never_ended(put, look):
    document = put()
    assert sweep._claim(LATER) == document  # and the worker dies

    assert look(document, now=LATER + timedelta(minutes=4)).status == DocumentStatus.RECEIVED
    assert look(document, now=LATER + timedelta(minutes=6)).status == DocumentStatus.AVAILABLE


def test_a_document_over_which_three_sweeps_died_is_held(put, look):
    document = put()
    for hours in range(3):
        assert sweep._claim(LATER + timedelta(hours=hours)) == document

    document = look(document, now=LATER + timedelta(hours=3))

    assert (document.status, document.held_for_good) == (DocumentStatus.HELD, True)


def test_a_file_that_takes_too_long_is_held_and_the_next_one_is_looked_at(put, look, monkeypatch):
    monkeypatch.setattr(bounded, "SECONDS", 0.01)
    first, second = put(), put()

    assert look(first).held_because == bounded.BROKE
    assert look(second).held_because == bounded.BROKE


def test_a_process_that_dies_over_a_file_is_a_verdict(tmp_path, monkeypatch):
    monkeypatch.setattr(bounded.sys, "executable", "/bin/false")
    (tmp_path / "source").write_bytes(corpus.pdf())

    verdict = bounded.look_at(tmp_path / "source", "pdf")

    assert (verdict.reason, verdict.firm) == (bounded.BROKE, True)


def test_a_file_that_needs_more_room_than_there_is_breaks_only_the_process_that_looks_at_it(tmp_path):
    (tmp_path / "source").write_bytes(corpus.png_of_any_size(6_300, 6_300))
    looker = "from earlyhelp.documents.inspection import __main__ as it; it.MEMORY = 2**27; it.main(*__import__('sys').argv[1:])"
    command = [bounded.sys.executable, "-c", looker, "png", str(tmp_path / "source"), str(tmp_path)]

    bounded.subprocess.run(
        command, cwd=bounded.settings.BASE_DIR, env={}, stderr=bounded.subprocess.DEVNULL, check=False
    )

    verdict = tmp_path / "verdict.json"
    assert not verdict.exists() or "cannot be read" in verdict.read_text()


def test_a_store_that_is_silent_holds_nothing_and_counts_against_no_document(put, look, monkeypatch):
    document = put()

    def silent(blob):
        raise TimeoutError

    with monkeypatch.context() as patch:
        patch.setattr(storing, "opened", silent)
        for minutes in range(0, 20, 2):
            document = look(document, now=LATER + timedelta(minutes=minutes))
    assert (document.status, document.attempts) == (DocumentStatus.RECEIVED, 0)

    assert look(document, now=LATER + timedelta(hours=1)).status == DocumentStatus.AVAILABLE


def test_a_file_that_is_gone_from_the_store_is_held(put, look):
    document = put()
    storing.delete(document.blob)

    assert look(document).held_because == sweep.MISSING


def test_what_is_entered_in_error_while_it_is_looked_at_leaves_nothing_behind(put, worker, monkeypatch):
    document = put(upload(name="a.jpg", declared="image/jpeg", content=corpus.picture()))
    looked_at = bounded.look_at

    def meanwhile(*args):
        withdraw(document, by=afresh(worker), now=LATER, reason="It is about another family.")
        return looked_at(*args)

    monkeypatch.setattr(sweep, "look_at", meanwhile)
    before = set(storing.store().listdir("quarantine")[1])

    assert sweep.look_through(now=LATER) == 1

    document.refresh_from_db()
    assert document.status == DocumentStatus.WITHDRAWN
    assert set(storing.store().listdir("quarantine")[1]) == before


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_look_at_each_document_once(put):
    documents = [put(upload(**TEXT)) for _ in range(3)]

    looked = together(*[lambda: sweep.look_through(now=LATER)] * 2)

    assert sum(looked) == 3
    assert Event.objects.filter(kind="documents.document.pass_inspection").count() == 3
    assert {each.status for each in Document.objects.filter(pk__in=[row.pk for row in documents])} == {"available"}


@pytest.mark.django_db(transaction=True)
def test_a_sweep_waits_for_nobody_who_is_just_saving_something(put):
    saved, looked_at = put(upload(**TEXT)), put(upload(**TEXT))
    locked, done = threading.Event(), threading.Event()

    def save():
        with transaction.atomic():
            Document.objects.select_for_update().get(pk=saved.pk)
            locked.set()
            done.wait(20)

    def sweep_meanwhile():
        locked.wait(20)
        try:
            return sweep.look_through(now=LATER)
        finally:
            done.set()

    assert together(save, sweep_meanwhile) == [None, 1]
    assert Document.objects.get(pk=looked_at.pk).status == DocumentStatus.AVAILABLE
    assert Document.objects.get(pk=saved.pk).status == DocumentStatus.RECEIVED


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_delete_each_file_once(held, ig_lead):
    names = [storing.put(upload()).blob for _ in range(4)]
    Leaving.objects.bulk_create(Leaving(blob=name, since=MONDAY) for name in names)

    assert sum(together(*[lambda: sweep.clear(now=LATER)] * 2)) == 4
    assert not any(storing.store().exists(name) for name in names)


# --- whoever knows what may not stand in a document ------------------------------------------------------------------------


@pytest.fixture
def refuge(monkeypatch):
    """A check that looks for the address of a refuge."""
    seen = []

    def look(document, text):
        seen.append(text)
        return "An address in it may be one that has to stay secret." if "14 Hidden Lane" in text else ""

    monkeypatch.setattr(lookers, "TEXT_CHECKS", [look])
    return seen


FORBIDDEN = "She lives at 14 Hidden Lane now."


@pytest.mark.parametrize(
    ("name", "declared", "content"),
    [
        ("a.txt", "text/plain", FORBIDDEN.encode()),
        ("a.docx", corpus.DOCX, corpus.docx(FORBIDDEN)),
        ("a.odt", corpus.ODT, corpus.odt(f"<text:p>{FORBIDDEN}</text:p>")),
    ],
)
def test_a_document_in_which_a_check_finds_something_is_held_with_its_reason(
    client, put, look, refuge, ig_lead, name, declared, content
):
    document = look(put(upload(name=name, declared=declared, content=content)))

    assert document.held_because == "An address in it may be one that has to stay secret."
    assert not document.held_for_good
    client.force_login(ig_lead)
    queue = client.get("/documents/held/").content.decode()
    assert "has to stay secret" in queue
    assert "Hidden Lane" not in queue


def test_a_document_in_which_no_check_finds_anything_is_available(put, look, refuge):
    assert look(put(upload(**TEXT))).status == DocumentStatus.AVAILABLE
    assert "Ring the school" in refuge[0]


# --- files without a row ----------------------------------------------------------------------------------------------


@pytest.fixture
def folder(settings, tmp_path):
    """The store as a folder, as it is where there is no S3."""
    store = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"documents": store}


def ages(blob, days):
    """As if it had been put there so many days ago."""
    then = (timezone.now() - timedelta(days=days)).timestamp()
    os.utime(storing.store().path(blob), (then, then))
    return blob


def test_a_file_that_a_dead_process_left_behind_goes_after_a_day_and_no_other(folder, put, look):
    left, young = ages(storing.put(upload()).blob, days=2), storing.put(upload()).blob
    kept = look(put())
    waiting = put()
    leaving = Leaving.objects.create(blob=storing.put(upload()).blob, since=MONDAY).blob
    for blob in (waiting.blob, kept.blob, leaving):
        ages(blob, days=2)

    assert sweep.clear_ownerless(now=timezone.now()) == 1

    assert not storing.store().exists(left)
    assert all(storing.store().exists(blob) for blob in (young, waiting.blob, kept.blob, leaving))
    assert sweep.clear_ownerless(now=timezone.now()) == 0


def test_a_store_in_which_nothing_ever_was_is_no_fault(db, folder):
    assert sweep.clear_ownerless(now=timezone.now()) == 0


def test_of_many_none_is_deleted_for_then_the_database_is_the_older_of_the_two(db, folder, monkeypatch, caplog):
    monkeypatch.setattr(sweep, "MOST_OWNERLESS", 1)
    left = [ages(storing.put(upload()).blob, days=2) for _ in range(2)]

    assert sweep.clear_ownerless(now=timezone.now()) == 0

    assert all(storing.store().exists(blob) for blob in left)
    assert "belong to no document" in caplog.text


# --- the scanner, and what watches the machinery --------------------------------------------------------------------------


def test_the_machinery_says_when_a_document_waits_too_long(put, look):
    put(now=timezone.now() - timedelta(minutes=14))
    assert "documents" not in what_is_wrong(now=timezone.now())

    assert "documents" in what_is_wrong(now=timezone.now() + timedelta(minutes=2))

    look(now=timezone.now())
    assert "documents" not in what_is_wrong(now=timezone.now() + timedelta(minutes=2))


def test_what_gives_away_a_secret_address_is_held(put, look, family):
    person = family.people.get()
    secret_home(person, line_1="17 Quince Lane", postcode="LE15 7ZZ")
    note = upload(name="note.txt", declared="text/plain", content=b"Taxi for Tuesday: 17 Quince Ln, and back.")

    document = look(put(note))

    assert document.status == DocumentStatus.HELD
    assert "kept secret" in document.held_because
    assert "Quince" not in document.held_because
