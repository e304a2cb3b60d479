"""Whoever a record is about has their own words put beside it, and nothing of the record is altered."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InternalError, transaction
from django.urls import reverse

from assessments.models import Assessment
from earlyhelp.families.chronology import chronology_of
from earlyhelp.records import services
from earlyhelp.records.bundling import content_of, paper_of
from earlyhelp.records.models import Addendum
from earlyhelp.sharing.passages import DOCUMENTS
from tests.factories import CaseFactory, PostFactory
from tests.records.asking import NOW, asked, collected, decide, of


def say(event, person, by, words):
    said = {"on": event.happened_on, "statement": words, "recorded_by": by, "recorded_at": NOW + timedelta(hours=1)}
    return Addendum.objects.create(family=event.family, person=person, event=event, **said)


def test_their_own_statement_stands_beside_the_event_and_alters_nothing(request_, robin, note, ig_lead, worker):
    event = note("Robin was rude.", person=robin)
    row = collected(request_, ig_lead)
    services.add_statement(of(row, "rude"), by=ig_lead, now=NOW + timedelta(hours=1), statement="I was frightened.")

    event.refresh_from_db()
    assert event.text == "Robin was rude."
    lines = chronology_of(event.family, worker)
    assert [line.text for line in lines if line.on == event.happened_on] == ["I was frightened.", "Robin was rude."]
    with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
        Addendum.objects.update(statement="It was fine.")


def test_their_own_words_go_in_the_bundle_beside_the_event(request_, robin, note, ig_lead, second):
    event = note("Robin was rude.", person=robin)
    row = collected(request_, ig_lead)
    services.add_statement(of(row, "rude"), by=ig_lead, now=NOW, statement="I was frightened.")
    row = asked(row, ig_lead, second)
    said = content_of(row)

    items = json.loads(said)["items"]
    [own] = [each for each in items if "frightened" in each["text"]]
    assert event.text in items[own["beside"]]["text"]
    paper = paper_of(row, said)
    assert "Their own statement" not in [section.heading for section in paper.sections]
    [happened] = [text for section in paper.sections for _, text in section.rows or () if event.text in text]
    assert happened.index(event.text) < happened.index("I was frightened.")


def test_where_the_event_is_kept_back_their_own_words_go_by_themselves(request_, robin, note, ig_lead):
    note("Robin was rude.", person=robin)
    row = collected(request_, ig_lead)
    services.add_statement(of(row, "rude"), by=ig_lead, now=NOW, statement="I was frightened.")
    row = collected(row, ig_lead)
    row = decide(row, of(row, "rude"), ig_lead, "withhold", code="S2P3", note="n")

    said = content_of(row)
    assert [each for each in json.loads(said)["items"] if "beside" in each] == []
    assert "Their own statement" in [section.heading for section in paper_of(row, said).sections]


def test_of_what_an_agency_keeps_to_itself_nobody_else_reads_what_is_said_of_it(
    request_, robin, note, ig_lead, worker, other_worker, led_case, family
):
    kept = note("Robin was rude.", person=robin, private_to_agency=True, agency=worker.agency)
    say(kept, robin, ig_lead, "I was frightened.")
    reader = PostFactory(area=family.area).user

    assert "I was frightened." in [each.text for each in chronology_of(family, worker)]
    assert "I was frightened." not in [each.text for each in chronology_of(family, reader)]
    assert "I was frightened." not in [each.text for each in DOCUMENTS["chronology"].passages(family)]


def test_they_are_shown_with_the_events_of_a_kind_and_with_no_others(request_, robin, note, ig_lead, worker, family):
    say(note("Robin was rude.", person=robin), robin, ig_lead, "I was frightened.")

    assert [each.text for each in chronology_of(family, worker, kind="health")] == [
        "I was frightened.",
        "Robin was rude.",
    ]
    assert chronology_of(family, worker, kind="home") == []


def test_what_they_say_of_an_assessment_is_read_beside_it_printed_and_goes_in_their_copy(
    request_, robin, ig_lead, worker, family, melton, client
):
    case = CaseFactory.led_by(worker, area=melton, family=family)
    written = Assessment.objects.create(
        case=case,
        version_number=1,
        started_by=worker,
        started_at=NOW,
        completed_at=NOW,
        status="completed",
        level_of_need=2,
        level_reason="One need.",
        family_has_copy="yes",
    )
    Addendum.objects.create(
        family=family,
        person=robin,
        assessment=written,
        on=NOW,
        statement="I like maths.",
        recorded_by=ig_lead,
        recorded_at=NOW,
    )
    client.force_login(worker)

    for page in (f"{case.get_absolute_url()}assessment/", reverse("assessments:version", args=[case.reference, 1])):
        assert "“I like maths.”" in client.get(page).content.decode()
    said = [each for each in DOCUMENTS["assessment"].passages(family) if each.text == "I like maths."]
    assert [each.subjects for each in said] == [{robin.pk}]


def test_nobody_else_puts_words_beside_a_record(request_, robin, note, ig_lead, worker):
    note("Robin was rude.", person=robin)
    row = collected(request_, ig_lead)
    with pytest.raises(PermissionDenied):
        services.add_statement(of(row, "rude"), by=worker, now=NOW, statement="Not so.")

    assert not Addendum.objects.exists()
