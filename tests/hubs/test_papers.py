"""The papers of a meeting: what stops them, what they keep, who reads them, and what a reader writes for themselves."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone
from pypdf import PdfReader

from earlyhelp.audit.models import Access
from earlyhelp.families.models import FamilyMembership
from earlyhelp.families.services import move_home
from earlyhelp.notices.models import Notice
from earlyhelp.sharing.models import SharingAgreement
from earlyhelp.workflow.transitions import NotPossible
from hubs import transitions
from hubs.enums import ItemKind, ItemStatus, MeetingStatus
from hubs.models import AgendaItem, PackNote, PackPage
from hubs.models.meeting import OPENED
from hubs.queries import minutes
from hubs.queries.papers import agencies_at, changed_since, papers_of
from hubs.queries.readiness import stops, to_publish
from hubs.services.blockages import raise_blockage
from hubs.services.interests import declare
from hubs.services.papers import destroy_notes, said_of, write_note
from hubs.transitions.blockages import escalate, resolve
from tests.factories import MONDAY, AgencyFactory, CaseFactory, MemberFactory, PersonFactory, UserFactory
from tests.hubs.factories import UNASKED, ItemFactory, MeetingFactory, SeatFactory, agree
from tests.hubs.referred import asked, referred

NOW = timezone.now()
LIKES = {"preference": "asked", "preference_note": "A woman, local."}
SOON = (NOW + timedelta(days=6)).replace(microsecond=0)


@pytest.fixture
def draft(hub):
    return MeetingFactory(hub=hub, starts_at=SOON)


@pytest.fixture
def ready(draft, waiting_case, worker):
    """Somebody agreed, somebody could lead, and they said whom they would like: nothing stands in the way."""
    agree(waiting_case)
    return ItemFactory(meeting=draft, case=waiting_case, **LIKES, **UNASKED)


@pytest.fixture
def published(ready, coordinator):
    transitions.publish(ready.meeting, by=coordinator, now=NOW)
    ready.refresh_from_db()
    return ready


def url_of(item):
    return f"/hubs/items/{item.pk}/papers/"


def said(item):
    return stops(to_publish(item.meeting), said_of(to_publish(item.meeting), item.meeting, now=NOW))


# --- what stops them ---------------------------------------------------------------------------------------------------


def test_nothing_stops_papers_in_which_nothing_is_missing(ready, coordinator):
    assert said(ready) == []


def test_a_family_that_has_not_agreed_bars_the_papers_until_the_chair_says_what_allows_it(
    draft, chair, coordinator, worker
):
    item = ItemFactory(meeting=draft, **UNASKED)
    with pytest.raises(NotPossible, match="No agreement"):
        transitions.publish(draft, by=coordinator, now=NOW, despite="It is urgent.")
    assert not PackPage.objects.exists()

    with pytest.raises(PermissionDenied):
        transitions.hear_without_agreement(
            item, by=coordinator, now=NOW, purpose="safeguarding", reason="He is afraid."
        )
    transitions.hear_without_agreement(item, by=chair, now=NOW, purpose="safeguarding", reason="He is afraid.")
    transitions.publish(draft, by=coordinator, now=NOW)
    assert "He is afraid." in str(PackPage.objects.get().said)


def test_a_protected_address_in_the_text_bars_the_papers(ready, coordinator):
    person = FamilyMembership.objects.filter(family=ready.case.family).first().person
    hidden = {"line_1": "14 Hiding Place", "postcode": "LE13 9ZZ", "protected": True}
    move_home(person, on=None, by=coordinator, now=MONDAY, **hidden)
    referred(ready.case, why_now="They fled to LE13 9ZZ.")
    assert [(stop.bars, "protected address" in stop.words) for stop in said(ready)] == [(True, True)]


def test_missing_replies_need_a_reason_and_the_reason_is_kept(ready, coordinator):
    referral = referred(ready.case)
    asked(referral, status="lapsed")
    with pytest.raises(NotPossible, match="say why"):
        transitions.publish(ready.meeting, by=coordinator, now=NOW)
    meeting = transitions.publish(ready.meeting, by=coordinator, now=NOW, despite="They are rung today.")
    assert meeting.published_despite == "They are rung today."


def test_nobody_who_could_lead_is_said(draft, waiting_case, coordinator):
    agree(waiting_case)
    item = ItemFactory(meeting=draft, case=waiting_case, **LIKES, **UNASKED)
    assert ["nobody who takes families" in stop.words for stop in said(item)] == [True]


def test_whom_the_family_would_like_is_asked_before_the_meeting_and_holds_up_no_papers(sign_in, ready, coordinator):
    AgendaItem.objects.update(preference="", preference_note="")
    client, url = sign_in(coordinator), f"{ready.meeting.get_absolute_url()}publish/"
    page = client.get(url)
    assert "Ask before the meeting" in page.text
    assert f"/hubs/items/{ready.pk}/preference/" in page.text
    assert "all_the_same" not in page.context["form"].fields
    client.post(f"/hubs/items/{ready.pk}/preference/", LIKES)
    assert "Ask before the meeting" not in client.get(url).text
    AgendaItem.objects.update(preference="", preference_note="")
    assert client.post(url).status_code == 302


def test_an_empty_agenda_is_said_before_anybody_publishes_it(sign_in, draft, coordinator):
    client, url = sign_in(coordinator), f"{draft.get_absolute_url()}publish/"
    page = client.get(url).text
    assert "There is nothing on this agenda yet" in page
    assert "Nothing stands in the way" not in page
    assert client.post(url).status_code == 409
    draft.refresh_from_db()
    assert draft.status == MeetingStatus.DRAFT


def test_papers_that_are_out_are_not_offered_to_be_published_again(published, sign_in, coordinator):
    meeting = published.meeting
    answer = sign_in(coordinator).get(f"{meeting.get_absolute_url()}publish/", follow=True)
    assert answer.redirect_chain == [(meeting.get_absolute_url(), 302)]
    assert "The papers of this meeting are out already." in answer.content.decode()


def test_the_page_lists_what_stands_in_the_way(sign_in, draft, coordinator):
    ItemFactory(meeting=draft, **UNASKED)
    page = sign_in(coordinator).get(f"{draft.get_absolute_url()}publish/").content.decode()
    assert "No agreement is recorded" in page
    assert sign_in(coordinator).post(f"{draft.get_absolute_url()}publish/").status_code == 409
    draft.refresh_from_db()
    assert draft.status == MeetingStatus.DRAFT


# --- what they keep ----------------------------------------------------------------------------------------------------


def test_members_read_what_was_published_and_beside_it_what_changed_since_and_who_changed_it(
    sign_in, published, member
):
    person = FamilyMembership.objects.filter(family=published.case.family).first().person
    person.first_name = "Renamed"
    person.save()
    page = sign_in(member).get(url_of(published))
    assert [each.heading for each in page.context["changed"]] == [
        "Household",
        "Agreement to early help",
        "What may be shared with whom",
    ]
    assert all(each.touched for each in page.context["changed"][:2])
    assert "Renamed" not in str(page.context["parts"])


def test_a_birthday_is_no_change(published):
    kept = PackPage.objects.get()
    later = NOW + timedelta(days=400)
    current = papers_of(published, agencies_at(published.hub), now=later, on=timezone.localdate(kept.published_at))
    assert changed_since(kept, current.said()) == []


def test_the_database_refuses_to_alter_a_published_page(published):
    with pytest.raises(DatabaseError), transaction.atomic():
        PackPage.objects.update(said=[])
    assert PackPage.objects.get().said


def test_a_late_family_has_its_page_kept_from_the_moment_it_is_added(published, chair, melton):
    late = ItemFactory(meeting=published.meeting, case=CaseFactory(area=melton))
    AgendaItem.objects.filter(pk=late.pk).update(meeting=None, status=ItemStatus.QUEUED)
    transitions.schedule(late, by=chair, now=NOW, meeting=published.meeting, late_reason="Eviction on Friday.")
    assert PackPage.objects.filter(item=late).exists()


def test_the_referrers_words_and_the_replies_stand_side_by_side(ready, coordinator, chair):
    referral = referred(ready.case, why_now="Late most days.")
    asked(referral, status="answered", known="Seen in May.", answered_by=chair, answered_at=MONDAY)
    asked(referral, status="lapsed")
    parts = papers_of(ready, agencies_at(ready.hub), now=NOW).said()
    replies = next(part for part in parts if part["heading"] == "What agencies answered")
    assert any(part["text"] == "Late most days." for part in parts)
    assert sorted(row[2] == "Not yet" for row in replies["rows"]) == [False, True]
    assert "Seen in May." in str(replies["rows"])


def stopping(item):
    parts = papers_of(item, agencies_at(item.hub), now=NOW).said()
    return [dict(part["facts"]) for part in parts if part["heading"] == "What stops the family"]


def test_the_papers_of_a_blockage_say_what_it_is_and_what_is_asked_of_the_meeting(draft, led_case, worker):
    said = {"what": "The school has no place.", "since_on": MONDAY.date(), "tried": "Rang the head twice."}
    blockage = raise_blockage(led_case, by=worker, now=NOW, **said)
    item = ItemFactory(meeting=draft, case=led_case, kind=ItemKind.BLOCKAGE)
    (with_the_team,) = stopping(item)
    assert with_the_team["What stops progress"] == "The school has no place."
    assert with_the_team["What was tried"] == "Rang the head twice."
    assert str(worker) in with_the_team["Raised by"]
    assert with_the_team["Since"] == "2 March 2026"
    assert with_the_team["Who has it now"] == "Nobody yet"
    assert "What is asked of the meeting" not in with_the_team

    escalate(blockage, by=worker, now=NOW, reason="The head does not answer.")
    (taken,) = stopping(item)
    asked_of_it = "To name who unblocks it, and by when. Those who had it cannot: The head does not answer."
    assert taken["What is asked of the meeting"] == asked_of_it

    blockage.refresh_from_db()
    resolve(blockage, by=worker, now=NOW, resolution="A place came up.")
    assert stopping(item) == []


def test_the_papers_say_agency_for_agency_what_may_be_told(ready, members):
    parts = papers_of(ready, agencies_at(ready.hub), now=NOW).said()
    shared = next(part for part in parts if part["heading"] == "What may be shared with whom")
    assert {row[0] for row in shared["rows"]} >= {str(user.agency) for user in members}
    assert all("Ask first" in row[1] for row in shared["rows"])


# --- who reads them ----------------------------------------------------------------------------------------------------


def test_nobody_but_those_who_prepare_reads_papers_that_are_not_out(sign_in, ready, member, coordinator, stranger):
    assert sign_in(coordinator).get(url_of(ready)).status_code == 200
    for who in (member, stranger):
        assert sign_in(who).get(url_of(ready)).status_code == 404
        assert sign_in(who).get(f"{ready.meeting.get_absolute_url()}papers/").status_code == 404


def test_a_member_whose_agency_is_neither_a_party_nor_covered_does_not_see_the_family(sign_in, hub, published):
    outside = SeatFactory(hub=hub, user=UserFactory(agency=AgencyFactory(kind="school"))).user
    client = sign_in(outside)
    assert client.get(url_of(published)).status_code == 404
    page = client.get(f"{published.meeting.get_absolute_url()}papers/").content.decode()
    assert published.case.reference not in page
    assert client.get(published.case.get_absolute_url()).status_code == 404


def test_an_agency_that_was_asked_is_a_party(sign_in, hub, published):
    answering = SeatFactory(hub=hub, user=UserFactory(agency=AgencyFactory(kind="school"))).user
    referral = referred(published.case)
    asked(referral, agency=answering.agency)
    assert sign_in(answering).get(url_of(published)).status_code == 200


def test_an_agreement_to_help_together_covers_and_another_does_not(sign_in, hub, published, ig_lead):
    outside = SeatFactory(hub=hub, user=UserFactory(agency=AgencyFactory(kind="school"))).user
    today = timezone.localdate()
    days = {"start_on": today, "review_on": today + timedelta(days=20), "end_on": today + timedelta(days=40)}
    said = {"title": "A", "content": ["identity"], "basis": "Law", "signatories": "All", "signed_by": ig_lead}
    made = SharingAgreement.objects.create(purposes=["referral"], signed_at=NOW, **days, **said)
    made.parties.add(outside.agency)
    assert sign_in(outside).get(url_of(published)).status_code == 404
    SharingAgreement.objects.filter(pk=made.pk).update(purposes=["help"])
    assert sign_in(outside).get(url_of(published)).status_code == 200


def test_a_conflict_of_interest_hides_the_page(sign_in, published, member):
    declare(published.case, user=member, by=member, now=NOW)
    assert sign_in(member).get(url_of(published)).status_code == 404


def test_opening_is_written_down_and_the_meeting_says_who_has(sign_in, published, member, members, coordinator):
    sign_in(member).get(url_of(published))
    shown = set(Access.objects.filter(actor=member, purpose=OPENED).values_list("subject", "subject_id"))
    assert shown == {
        ("hubs.agendaitem", published.pk),
        ("cases.case", published.case_id),
        ("hubs.hubmeeting", published.meeting_id),
    }
    readers = sign_in(coordinator).get(published.meeting.get_absolute_url()).context["readers"]
    assert {each.pk for each in readers if each.opened_at} == {member.pk}
    assert {each.pk for each in readers} >= {user.pk for user in members}


def test_somebody_who_sits_for_another_reads_the_papers_of_that_meeting_alone(
    sign_in, hub, published, member, coordinator
):
    colleague = UserFactory(agency=member.agency)
    other = MeetingFactory.published(hub=hub, starts_at=SOON + timedelta(days=30))
    assert sign_in(colleague).get(url_of(published)).status_code == 404
    transitions.name_stand_in(published.meeting, by=coordinator, now=NOW, away=member, user=colleague)
    client = sign_in(colleague)
    assert client.get(url_of(published)).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.get("/hubs/").status_code == 200
    assert {notice.title for notice in Notice.objects.filter(to=colleague)} == {
        "You are asked to sit in at a hub meeting"
    }


def test_on_paper_there_are_initials_and_numbers_and_no_name(sign_in, published, member, tmp_path):
    answer = sign_in(member).get(f"{published.meeting.get_absolute_url()}papers.pdf")
    (tmp_path / "papers.pdf").write_bytes(answer.content)
    pdf = PdfReader(tmp_path / "papers.pdf")
    text = "".join(page.extract_text() for page in pdf.pages)
    assert published.case.reference in text
    assert published.case.family.name not in text
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert Access.objects.filter(actor=member, purpose=f"{OPENED}, on paper").exists()


# --- a reader's own note -----------------------------------------------------------------------------------------------


def test_a_note_is_its_writers_alone_and_in_no_minutes(sign_in, published, member, members, chair):
    client = sign_in(member)
    client.post(f"/hubs/items/{published.pk}/notes/", {"text": "Ask about the aunt."})
    assert "Ask about the aunt." in client.get(url_of(published)).content.decode()
    for other in (members[1], chair):
        assert "Ask about the aunt." not in sign_in(other).get(url_of(published)).content.decode()
    assert "aunt" not in str(minutes(published.meeting, chair))
    assert b"aunt" not in bytes(PackNote.objects.get().sealed)


def test_notes_are_destroyed_once_members_may_read_no_more(published, member):
    write_note(published, by=member, now=NOW, text="Ask about the aunt.")
    last = published.meeting.last_day_for_members()
    on_the_last_day = NOW + (last - timezone.localdate(NOW))
    assert destroy_notes(now=on_the_last_day) == 0
    assert destroy_notes(now=on_the_last_day + timedelta(days=1)) == 1
    assert not PackNote.objects.exists()


def test_an_emptied_note_is_thrown_away(published, member):
    write_note(published, by=member, now=NOW, text="Ask.")
    write_note(published, by=member, now=NOW, text="")
    assert not PackNote.objects.exists()


# --- what they cost ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("page", "most"), [("", 9), ("papers/", 7)])
def test_a_meetings_pages_ask_as_much_of_twenty_families_as_of_one(
    sign_in, draft, coordinator, melton, page, most, django_assert_max_num_queries
):
    client = sign_in(coordinator)
    url = f"{draft.get_absolute_url()}{page}"
    agree(ItemFactory(meeting=draft).case)
    client.get(url)
    with django_assert_max_num_queries(most):
        client.get(url)
    for _ in range(19):
        case = CaseFactory(area=melton)
        MemberFactory(family=case.family, person=PersonFactory())
        ItemFactory(meeting=draft, case=case)
    with django_assert_max_num_queries(most):
        assert client.get(url).content.decode().count("EH-T-") >= 20


@pytest.mark.parametrize("n", [1, 20])
def test_the_papers_of_one_family_take_as_many_queries_however_many_are_around_it(
    sign_in, draft, coordinator, n, django_assert_num_queries
):
    item = ItemFactory(meeting=draft)
    agree(item.case)
    for _ in range(n):
        MemberFactory(family=item.case.family, person=PersonFactory())
        ItemFactory(meeting=draft)
    client, url = sign_in(coordinator), f"{item.get_absolute_url()}papers/"
    client.get(url)
    with django_assert_num_queries(16):
        assert client.get(url).status_code == 200
