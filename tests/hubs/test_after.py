"""A meeting closes: what is read before it, and its minutes on a page, on paper and as a table, and how they are confirmed."""

import csv
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone
from pypdf import PdfReader

from earlyhelp.audit.models import Access
from earlyhelp.core.documents import begins_a_formula, table
from earlyhelp.families.models import Family
from earlyhelp.workflow.transitions import NotPossible
from hubs import transitions
from hubs.models import HubDecision, HubMeeting, MinutesCorrection
from hubs.services.actions import undertake
from hubs.services.interests import declare
from tests.factories import CaseFactory, ServiceFactory
from tests.hubs.factories import MEETS_AT, HubFactory, ItemFactory, MeetingFactory
from tests.hubs.test_decision_pages import token

NOW = MEETS_AT + timedelta(minutes=20)


def paper_of(client, meeting):
    answer = client.get(f"{meeting.get_absolute_url()}minutes.pdf")
    pdf = PdfReader(BytesIO(answer.content))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return " ".join("".join(page.extract_text() for page in pdf.pages).split())


def table_of(client, meeting):
    answer = client.get(f"{meeting.get_absolute_url()}minutes.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines(keepends=True)))


# --- copies ------------------------------------------------------------------------------------------------------------


def test_the_minutes_on_paper_say_what_was_decided_by_initial_and_number(sign_in, closed, item, coordinator, worker):
    text = paper_of(sign_in(coordinator), closed)
    for said in (item.case.reference, "Allocated", str(worker), "of one coordinator.", "Ring the school", "Draft"):
        assert said in text
    assert f"{item.case.reference} Ring the school" in text
    assert item.case.family.name not in text


def test_the_minutes_as_a_table_have_a_line_for_each_person_decision_and_action(
    sign_in, closed, item, coordinator, members, worker
):
    lines = table_of(sign_in(coordinator), closed)
    assert [line["Part"] for line in lines] == ["Attendance"] * 4 + ["Decision", "Action"]
    assert lines[-1]["Case"] == item.case.reference
    decision, action = lines[-2:]
    assert decision["Case"] == f"{item.case.family.name[0]}. {item.case.reference}"
    assert str(worker) in decision["What"]
    assert decision["Day"] == "2026-03-17"
    assert (action["What"], action["Who"], action["Day"]) == ("Ring the school", str(members[0]), "2026-03-24")
    assert not any(item.case.family.name in cell for line in lines for cell in line.values())


def test_no_cell_of_the_table_begins_a_formula(sign_in, closed, coordinator):
    lines = table_of(sign_in(coordinator), closed)
    assert "'=HYPERLINK of one coordinator." in [line["Why"] for line in lines]
    assert not any(begins_a_formula(cell) for line in lines for cell in line.values())


@pytest.mark.parametrize("typed", ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_a_cell_that_a_spreadsheet_would_run_is_read_as_it_was_typed(typed):
    (_, row) = csv.reader(table(["Said"], [[typed]]).decode("utf-8-sig").splitlines(keepends=True))
    assert row == [f"'{typed}"]


def test_taking_a_copy_of_the_minutes_is_written_down(sign_in, closed, coordinator):
    client = sign_in(coordinator)
    paper_of(client, closed)
    table_of(client, closed)
    taken = Access.objects.filter(actor=coordinator, subject="hubs.hubmeeting", subject_id=closed.pk)
    assert set(taken.values_list("purpose", flat=True)) == {
        "The minutes of a hub meeting, on paper",
        "The minutes of a hub meeting, as a table",
    }


@pytest.mark.parametrize("kind", ["minutes/", "minutes.pdf", "minutes.csv"])
def test_there_are_no_minutes_before_the_meeting_is_closed_nor_for_anybody_else(
    sign_in, meeting, coordinator, stranger, kind
):
    url = f"{meeting.get_absolute_url()}{kind}"
    assert sign_in(coordinator).get(url).status_code == 404
    meeting.status, meeting.closed_at = "closed", NOW
    meeting.save()
    assert sign_in(coordinator).get(url).status_code == 200
    assert sign_in(stranger).get(url).status_code == 404


def test_the_minutes_say_whom_the_family_would_like_and_which_specialists_were_named(
    sign_in, meeting, item, chair, worker, coordinator
):
    service = ServiceFactory(specialist=True)
    facts = {"tier": 2, "worker": worker, "preference": "asked", "preference_note": "A woman, local."}
    said = {"kind": "allocate", "rationale": "One coordinator.", "specialists": [service]}
    transitions.decide(item, by=chair, now=NOW, **said, **facts)
    row = transitions.close(meeting, by=chair, now=NOW + timedelta(hours=1))
    client = sign_in(coordinator)
    for text in (
        client.get(f"{row.get_absolute_url()}minutes/").text,
        paper_of(client, row),
        str(table_of(client, row)),
    ):
        assert "A woman, local." in text
        assert service.name in text


def test_the_minutes_say_which_interests_were_declared(sign_in, meeting, item, later, chair, coordinator):
    declare(item.case, user=coordinator, by=chair, now=NOW, meeting=meeting)
    row = transitions.close(meeting, by=chair, now=NOW + timedelta(hours=1), reason="No time.")
    theirs, own = (sign_in(who).get(f"{row.get_absolute_url()}minutes/").text for who in (chair, coordinator))
    assert f"{coordinator}: {item.case.family.name[0]}. {item.case.reference}" in theirs
    assert f"{coordinator}: one family" in own
    assert item.case.reference not in own


def test_no_copy_says_anything_of_a_family_in_which_its_reader_declared_an_interest(
    sign_in, closed, item, coordinator, chair
):
    declare(item.case, user=coordinator, by=chair, now=NOW)
    client = sign_in(coordinator)
    assert item.case.reference not in paper_of(client, closed)
    lines = table_of(client, closed)
    assert {line["Part"] for line in lines} == {"Attendance", "Interest"}
    assert [line["Case"] for line in lines if line["Part"] == "Interest"] == ["One family"]


@pytest.mark.parametrize("kind", ["minutes/", "minutes.pdf", "minutes.csv"])
def test_the_minutes_ask_no_more_of_twenty_decisions_than_of_one(
    sign_in, closed, chair, coordinator, members, melton, kind, django_assert_max_num_queries
):
    client = sign_in(coordinator)
    url = f"{closed.get_absolute_url()}{kind}"
    client.get(url)
    with django_assert_max_num_queries(15):
        client.get(url)
    for number in range(19):
        item = ItemFactory(meeting=closed, case=CaseFactory(area=melton), status="decided")
        facts = {"item": item, "case": item.case, "hub": closed.hub, "meeting": closed, "by": chair, "at": NOW}
        HubDecision.objects.create(kind="note", rationale="Heard.", **facts)
        undertake(closed.hub, what=f"Ring {number}", owner=members[0], due_on=NOW.date(), now=NOW, meeting=closed)
    with django_assert_max_num_queries(15):
        client.get(url)


def test_whoever_reads_a_family_of_the_minutes_may_ask_for_words_to_be_taken_out(sign_in, closed, item, chair, members):
    way, url = f"/records/blank/{item.case.family.reference}/", f"{closed.get_absolute_url()}minutes/"
    assert way in sign_in(chair).get(url).text
    member = sign_in(members[0]).get(url)
    reads = Family.objects.for_user(members[0]).filter(pk=item.case.family_id).exists()
    assert (way in member.text) is reads
    declare(item.case, user=chair, by=chair, now=NOW)
    assert way not in sign_in(chair).get(url).text


# --- confirmed at the next meeting -------------------------------------------------------------------------------------


@pytest.fixture
def next_one(closed, chair, members):
    """The hub meets again, and is in session."""
    return MeetingFactory.in_session(
        hub=closed.hub, chair=chair, present=members, starts_at=MEETS_AT + timedelta(days=28)
    )


LATER = MEETS_AT + timedelta(days=28, minutes=5)


def test_minutes_are_a_draft_until_the_next_meeting_has_begun(closed, chair, later):
    with pytest.raises(NotPossible, match="once it has begun"):
        transitions.confirm_minutes(closed, by=chair, now=NOW)
    closed.refresh_from_db()
    assert closed.minutes_confirmed_at is None


def test_a_meeting_of_another_hub_or_an_earlier_one_confirms_nothing(closed, chair, charnwood, members):
    for where in ({"hub": HubFactory(area=charnwood)}, {"hub": closed.hub, "starts_at": MEETS_AT - timedelta(days=28)}):
        MeetingFactory.in_session(chair=chair, present=members, **where)
    with pytest.raises(NotPossible, match="once it has begun"):
        transitions.confirm_minutes(closed, by=chair, now=LATER)


def test_the_next_meeting_confirms_them_once(closed, next_one, chair):
    assert transitions.confirm_minutes(closed, by=chair, now=LATER).minutes_confirmed_at == LATER
    with pytest.raises(NotPossible, match="confirmed already"):
        transitions.confirm_minutes(closed, by=chair, now=LATER)


def test_a_meeting_that_did_not_take_place_has_nothing_to_confirm(hub, chair, members):
    off = transitions.close(MeetingFactory.published(hub=hub), by=chair, now=NOW)
    there = MeetingFactory.in_session(hub=hub, chair=chair, starts_at=MEETS_AT + timedelta(days=28))
    with pytest.raises(NotPossible, match="did not take place"):
        transitions.confirm_minutes(off, by=chair, now=LATER)
    assert not HubMeeting.objects.unconfirmed_before(hub=hub, starts_at=there.starts_at).exists()


@pytest.mark.parametrize("who", ["coordinator", "member", "stranger"])
def test_nobody_but_the_chair_confirms_minutes(request, closed, next_one, who):
    with pytest.raises(PermissionDenied):
        transitions.confirm_minutes(closed, by=request.getfixturevalue(who), now=LATER)
    closed.refresh_from_db()
    assert closed.minutes_confirmed_at is None


def test_the_chair_confirms_them_on_the_page_of_the_next_meeting(sign_in, closed, next_one, chair):
    client = sign_in(chair)
    here = next_one.get_absolute_url()
    assert "Minutes to confirm" in client.get(here).content.decode()
    assert client.post(f"{closed.get_absolute_url()}confirm/")["Location"] == here
    closed.refresh_from_db()
    assert closed.minutes_confirmed_at
    assert "Minutes to confirm" not in client.get(here).content.decode()


def test_a_member_at_the_next_meeting_is_asked_to_confirm_nothing(sign_in, closed, next_one, member):
    assert "Minutes to confirm" not in sign_in(member).get(next_one.get_absolute_url()).content.decode()


def test_what_is_wrong_stands_beside_the_minutes_and_the_decision_stays_as_it_was(
    sign_in, closed, next_one, item, chair, coordinator
):
    decision = closed.decisions.get()
    client = sign_in(coordinator)
    url = f"{closed.get_absolute_url()}correct/"
    sent = {"token": token(client.get(url)), "decision": decision.pk, "text": "It was the housing officer."}
    assert client.post(url, sent)["Location"] == next_one.get_absolute_url()
    assert "It was the housing officer." in client.get(f"{closed.get_absolute_url()}minutes/").content.decode()
    assert "It was the housing officer." in paper_of(client, closed)
    line = table_of(client, closed)[-1]
    assert (line["Part"], line["Who"], line["What"]) == ("Found wrong", str(coordinator), "It was the housing officer.")
    assert closed.decisions.get().rationale == decision.rationale


def test_a_correction_is_read_by_nobody_who_may_not_hear_of_the_family(
    sign_in, closed, next_one, item, chair, coordinator
):
    decision = closed.decisions.get()
    transitions.correct_minutes(closed, by=chair, now=LATER, text="It was the aunt.", decision=decision)
    declare(item.case, user=coordinator, by=chair, now=LATER)
    client = sign_in(coordinator)
    assert "It was the aunt." not in client.get(f"{closed.get_absolute_url()}minutes/").content.decode()
    assert "It was the aunt." not in paper_of(client, closed)
    assert "Found wrong" not in {line["Part"] for line in table_of(client, closed)}


def test_nothing_is_found_wrong_before_the_next_meeting_nor_once_they_are_confirmed(closed, chair, members):
    with pytest.raises(NotPossible, match="once it has begun"):
        transitions.correct_minutes(closed, by=chair, now=NOW, text="Wrong.")
    MeetingFactory.in_session(hub=closed.hub, chair=chair, starts_at=MEETS_AT + timedelta(days=28))
    transitions.confirm_minutes(closed, by=chair, now=LATER)
    with pytest.raises(NotPossible, match="confirmed already"):
        transitions.correct_minutes(closed, by=chair, now=LATER, text="Wrong.")
    assert not MinutesCorrection.objects.exists()


def test_the_database_refuses_to_alter_a_correction(closed, next_one, chair):
    transitions.correct_minutes(closed, by=chair, now=LATER, text="Wrong.")
    with pytest.raises(DatabaseError), transaction.atomic():
        MinutesCorrection.objects.update(text="Right.")
    assert MinutesCorrection.objects.get().text == "Wrong."


# --- before closing ----------------------------------------------------------------------------------------------------


def test_before_closing_the_chair_reads_who_hears_of_what_and_when_the_rest_is_heard(
    sign_in, meeting, item, later, chair, worker, members, melton
):
    left = ItemFactory(meeting=meeting, case=CaseFactory(area=melton))
    facts = {"tier": 2, "worker": worker, "preference": "asked", "preference_note": "Anybody."}
    action = {"what": "Ring the school", "owner": members[0], "due_on": MEETS_AT.date()}
    said = {"kind": "allocate", "rationale": "One coordinator.", "actions": [action]}
    transitions.decide(item, by=chair, now=NOW, **said, **facts)
    text = sign_in(chair).get(f"{meeting.get_absolute_url()}close/").content.decode()
    for words in (
        f"{worker} is asked to lead",
        "whoever referred is told",
        f"{item.case.reference}: Ring the school: {members[0]}",
    ):
        assert words in text
    assert left.case.reference in text
    assert f"{timezone.localtime(later.starts_at):%-d %B %Y}" in text


def test_before_closing_nothing_is_said_of_a_family_of_which_the_chair_may_not_hear(
    sign_in, closed, item, chair, coordinator
):
    HubMeeting.objects.filter(pk=closed.pk).update(status="in_meeting", closed_at=None)
    declare(item.case, user=chair, by=coordinator, now=NOW)
    text = sign_in(chair).get(f"{closed.get_absolute_url()}close/").content.decode()
    assert item.case.reference not in text
    assert "Ring the school" not in text


def test_on_the_page_of_the_minutes_an_action_bears_the_number_of_its_case_and_the_hubs_own_none(
    sign_in, item, chair, worker, members
):
    due_on = MEETS_AT.date() + timedelta(days=7)
    undertake(item.hub, what="Book the hall", owner=members[1], due_on=due_on, now=NOW, meeting=item.meeting)
    facts = {"tier": 2, "worker": worker, "preference": "asked", "preference_note": "Anybody."}
    action = {"what": "Ring the school", "owner": members[0], "due_on": due_on}
    transitions.decide(
        item, by=chair, now=NOW, kind="allocate", rationale="One coordinator.", actions=[action], **facts
    )
    closed = transitions.close(item.meeting, by=chair, now=NOW)
    page = sign_in(chair).get(f"{closed.get_absolute_url()}minutes/").text
    assert f"<li>{item.case.reference}: Ring the school" in page
    assert "<li>Book the hall" in page
    assert {line["What"]: line["Case"] for line in table_of(sign_in(chair), closed) if line["Part"] == "Action"} == {
        "Ring the school": item.case.reference,
        "Book the hall": "",
    }


def test_nobody_reads_in_the_minutes_the_number_of_a_case_of_which_they_may_not_hear(sign_in, closed, item, member):
    declare(item.case, user=member, by=member, now=NOW)
    for copy in ("minutes/", "minutes.csv"):
        text = sign_in(member).get(f"{closed.get_absolute_url()}{copy}").text
        assert "Ring the school" not in text
        assert f"{item.case.reference}: " not in text
