"""What is held: the governance lead reads why and never what, and releases it or refuses it."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from earlyhelp.audit.models import Event
from earlyhelp.core.todo import TODO
from earlyhelp.documents import storing, sweep
from earlyhelp.documents.enums import DocumentStatus
from earlyhelp.documents.models import Document
from earlyhelp.documents.transitions import hold, refuse, release, withdraw
from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import SYSTEM, NotPossible
from tests.documents.conftest import LATER, afresh

HELD = "/documents/held/"


def words(response):
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))


def todo_of(user):
    return [line.text for source in TODO for line in source(afresh(user), LATER) if "held" in line.text]


def test_the_queue_says_of_which_family_why_and_how_large_and_nothing_of_what_it_is(client, held, ig_lead, worker):
    document = held(title="Zqcanaryxk", reason="The document holds macros.")
    client.force_login(ig_lead)

    page = words(client.get(HELD))

    assert document.family.reference in page
    assert "The document holds macros." in page
    assert "bytes" in page
    assert str(worker) in page
    for hidden in ("Zqcanaryxk", document.family.name, "Robin", "Letter"):
        assert hidden not in page


@pytest.mark.parametrize("who", ["worker", "partner", "manager", "chair", "service_manager", "stranger"])
def test_the_queue_is_for_nobody_else(request, client, held, who):
    document = held()
    client.force_login(request.getfixturevalue(who))

    assert client.get(HELD).status_code == 403
    assert client.post(f"{HELD}{document.pk}/release/", {"note": "I say so."}).status_code == 404
    assert Document.objects.get().status == DocumentStatus.HELD


def test_the_keeper_and_the_sender_are_told_and_neither_of_what_it_is(held, ig_lead, worker, partner):
    document = held(title="Zqcanaryxk")

    told = {notice.to: notice for notice in Notice.objects.all()}
    assert set(told) == {ig_lead, worker}
    for notice in told.values():
        assert notice.reference == document.family.reference
        assert "Zqcanaryxk" not in f"{notice.title} {notice.url}"
    assert todo_of(ig_lead) == ["Release or refuse a document that is held"]
    assert todo_of(worker) == []


def test_what_is_released_is_available_after_the_next_sweep(client, held, ig_lead, look):
    document = held()
    client.force_login(ig_lead)

    answer = client.post(f"{HELD}{document.pk}/release/", {"note": "The school needs its form as it is."})
    document = look(document, now=timezone.now())

    assert answer.status_code == 302
    assert document.status == DocumentStatus.AVAILABLE
    assert document.decided_by == ig_lead
    assert todo_of(ig_lead) == []


def test_what_could_do_harm_is_released_by_nobody(client, held, ig_lead):
    document = held(for_good=True)
    client.force_login(ig_lead)

    assert "It cannot be released" in words(client.get(HELD))
    assert client.get(f"{HELD}{document.pk}/release/").status_code == 404
    with pytest.raises(NotPossible):
        release(document, by=afresh(ig_lead), now=LATER, note="I say so.")
    assert Document.objects.get().status == DocumentStatus.HELD


def test_what_is_refused_is_deleted_and_why_it_was_there_stays(held, ig_lead, worker):
    document = held(reason="The document holds macros.")
    blob = document.blob

    refuse(document, by=afresh(ig_lead), now=LATER, note="Nobody knows why it was sent.")
    sweep.clear(now=LATER)

    document.refresh_from_db()
    assert document.status == DocumentStatus.REFUSED
    assert not document.blob
    assert not storing.store().exists(blob)
    assert document.held_because == "The document holds macros."
    assert Event.objects.get(kind="documents.document.refuse").reason == "Nobody knows why it was sent."
    assert Notice.objects.filter(to=worker, title="A document of yours was refused").exists()


def test_nobody_else_releases_or_holds(held, put, worker, manager):
    document, waiting = held(), put()

    for who in (worker, manager):
        with pytest.raises(PermissionDenied):
            release(document, by=afresh(who), now=LATER, note="I say so.")
        with pytest.raises(PermissionDenied):
            hold(waiting, by=afresh(who), now=LATER, reason="I say so.")
    assert Document.objects.filter(status=DocumentStatus.HELD).count() == 1


def test_what_was_entered_in_error_is_gone_for_all_but_the_governance_lead(client, available, worker, ig_lead):
    document = available(title="Zqcanaryxk")
    client.force_login(worker)

    client.post(reverse("documents:withdraw", args=[document.pk]), {"reason": "It is about another family."})

    assert "Zqcanaryxk" not in words(client.get(document.get_absolute_url()))
    client.force_login(ig_lead)
    page = words(client.get(HELD))
    assert "It is about another family." in page
    assert "Zqcanaryxk" not in page
    assert storing.store().exists(document.blob)


def test_withdrawing_needs_no_wait_for_the_sweep(put, worker, look):
    document = withdraw(put(), by=afresh(worker), now=LATER, reason="It is about another family.")

    assert look(document).status == DocumentStatus.WITHDRAWN


def test_the_sender_reads_why_on_the_family_s_page(client, held, worker):
    document = held(reason="The document holds macros. Save it without them.")
    client.force_login(worker)

    page = words(client.get(document.get_absolute_url()))

    assert "Held" in page
    assert "Save it without them." in page


def test_twenty_take_as_many_queries_as_one(client, held, ig_lead, django_assert_max_num_queries):
    client.force_login(ig_lead)
    held()
    client.get(HELD)
    with django_assert_max_num_queries(6) as one:
        client.get(HELD)
    for _ in range(19):
        held()

    with django_assert_max_num_queries(len(one)):
        assert words(client.get(HELD)).count("Refuse it") == 20


def test_the_system_holds_what_it_holds_once(held, ig_lead):
    document = held()

    with pytest.raises(NotPossible):
        hold(document, by=SYSTEM, now=LATER, reason="Again.")
    assert Notice.objects.filter(key=f"document:{document.pk}:held").count() == 1
