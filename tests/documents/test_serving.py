"""What is opened is saved, never shown, and never before it is available; that it was opened is written down first."""

import pytest
from django.db import DatabaseError
from django.urls import reverse

from earlyhelp.audit.models import Access
from earlyhelp.documents.enums import DocumentStatus
from earlyhelp.documents.models import Document
from earlyhelp.documents.transitions import withdraw
from tests.documents.conftest import LATER, afresh


def opened(client, user, document):
    client.force_login(user)
    return client.get(reverse("documents:content", args=[document.pk]))


def test_it_is_sent_to_be_saved_as_what_it_is_and_allowed_nothing(client, available, worker):
    document = available()

    answer = opened(client, worker, document)

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "no-store"
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_it_is_called_by_our_reference_and_neither_by_its_title_nor_by_the_name_it_came_with(client, available, worker):
    document = available(title="Grant family eviction")

    answer = opened(client, worker, document)

    assert f'filename="{document.family.reference.lower()}-document-{document.pk}.pdf"' in answer["Content-Disposition"]
    assert "eviction" not in str(answer.headers)
    assert "letter" not in str(answer.headers)


def test_that_it_was_opened_is_in_the_log(client, available, worker):
    document = available()

    opened(client, worker, document)

    assert Access.objects.filter(subject="documents.document", subject_id=document.pk, actor=worker).count() == 1


def test_if_it_cannot_be_written_down_it_is_not_opened(client, available, worker, monkeypatch):
    document = available()

    def broken(*args):
        raise DatabaseError

    monkeypatch.setattr("earlyhelp.audit.views._write_down", broken)
    client.raise_request_exception = False

    answer = opened(client, worker, document)

    assert answer.status_code == 500
    assert b"%PDF" not in answer.content


@pytest.mark.parametrize("status", [each for each in DocumentStatus if each != DocumentStatus.AVAILABLE])
def test_in_no_other_state_is_it_opened(client, available, worker, status):
    document = available()
    facts = {
        "look_again_at": LATER if status in ("received", "inspected") else None,
        "held_because": "Something.",
        "withdrawn_because": "Something.",
        "decided_at": LATER,
        "blob": "" if status == "refused" else document.blob,
    }
    Document.objects.filter(pk=document.pk).update(status=status, **facts)

    assert opened(client, worker, document).status_code == 404


def test_what_was_entered_in_error_is_opened_by_the_governance_lead_alone(client, available, worker, ig_lead, partner):
    document = withdraw(available(), by=afresh(worker), now=LATER, reason="It is about another family.")

    assert opened(client, worker, document).status_code == 404
    assert opened(client, partner, document).status_code == 404
    assert opened(client, ig_lead, document).status_code == 200


def test_what_never_was_available_is_opened_by_nobody(client, held, worker, ig_lead):
    document = withdraw(held(), by=afresh(worker), now=LATER, reason="It is about another family.")

    assert opened(client, ig_lead, document).status_code == 404
