"""What stops the papers stops each way round them: a late family, one that is deferred, one unseen by whoever publishes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from earlyhelp.families.models import Agreement, FamilyMembership
from earlyhelp.families.services import move_home
from earlyhelp.workflow.transitions import SYSTEM, NotPossible
from hubs import transitions
from hubs.enums import DecisionKind, ItemStatus, MeetingStatus
from hubs.models import AgendaItem, HubDecision, PackPage
from hubs.queries.readiness import to_publish
from hubs.services.agenda import gather
from hubs.services.interests import declare
from tests.factories import MONDAY, CaseFactory, MemberFactory
from tests.hubs.factories import UNASKED, ItemFactory, MeetingFactory, agree
from tests.hubs.referred import referred

NOW = timezone.now()
SOON = (NOW + timedelta(days=6)).replace(microsecond=0)
PLACE, POSTCODE = "14 Hiding Place", "LE13 9ZZ"
NOT_YET, HIDDEN = "No agreement is recorded", "A protected address stands in the text"


@pytest.fixture
def out(hub, melton, members):
    """A meeting to come, whose papers are out."""
    return MeetingFactory.published(hub=hub, starts_at=SOON)


@pytest.fixture
def sits(hub, chair, members):
    """The meeting before it, in session and quorate."""
    return MeetingFactory.in_session(hub=hub, chair=chair, present=members, starts_at=NOW - timedelta(hours=1))


def waiting(meeting, melton, **said):
    return ItemFactory(meeting=meeting, case=CaseFactory(area=melton), **said)


def hide(family, by):
    """Somebody of the family flees to a place that is kept secret."""
    member = FamilyMembership.objects.filter(family=family).first() or MemberFactory(family=family)
    move_home(member.person, on=None, by=by, now=MONDAY, line_1=PLACE, postcode=POSTCODE, protected=True)


def given_away(item, by):
    hide(item.case.family, by)
    referred(item.case, why_now=f"They fled to {POSTCODE}.")


def is_read_by(client, user, item):
    client.force_login(user)
    pages = [f"/hubs/items/{item.pk}/papers/", item.get_absolute_url(), item.case.get_absolute_url()]
    return {client.get(url).status_code for url in pages}


# --- a late family -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("bars", "words"), [("unasked", NOT_YET), ("secret", HIDDEN)])
def test_a_late_family_comes_onto_papers_that_are_out_only_once_nothing_bars_it(
    hub, out, chair, coordinator, melton, bars, words
):
    elsewhere = MeetingFactory(hub=hub, starts_at=SOON + timedelta(days=30))
    item = waiting(elsewhere, melton, **UNASKED if bars == "unasked" else {})
    if bars == "secret":
        given_away(item, coordinator)
    late = {"by": chair, "now": NOW, "meeting": out, "late_reason": "Eviction on Friday."}
    with pytest.raises(NotPossible, match=words) as refused:
        transitions.schedule(item, **late)
    assert POSTCODE not in str(refused.value)
    item.refresh_from_db()
    assert item.meeting == elsewhere
    assert not PackPage.objects.exists()

    if bars == "unasked":
        agree(item.case)
        item = transitions.schedule(item, **late)
        assert (item.meeting, item.kept_back) == (out, "")
        assert PackPage.objects.get().item == item


# --- one that is put off, or left over ---------------------------------------------------------------------------------


def put_off(item, chair):
    transitions.defer(item, by=chair, now=NOW, rationale="Not yet.", needed="The school.")


def close(item, chair):
    transitions.close(item.meeting, by=chair, now=NOW, reason="No time.")


@pytest.mark.parametrize("way", [put_off, close])
def test_a_family_deferred_to_papers_that_are_out_is_late_there_and_has_its_page(
    client, sits, out, chair, member, melton, way
):
    item = waiting(sits, melton)
    way(item, chair)
    item.refresh_from_db()
    assert (item.status, item.meeting, item.kept_back) == (ItemStatus.DEFERRED, out, "")
    assert "after these papers had gone out" in item.late_reason
    assert PackPage.objects.get().meeting == out
    assert is_read_by(client, member, item) == {200}


@pytest.mark.parametrize("way", [put_off, close])
@pytest.mark.parametrize("bars", ["unasked", "secret"])
def test_a_deferred_family_that_anything_bars_stays_on_the_agenda_and_no_member_reads_of_it(
    client, sits, out, chair, coordinator, member, melton, way, bars
):
    item = waiting(sits, melton, **UNASKED if bars == "unasked" else {})
    if bars == "secret":
        given_away(item, coordinator)
    way(item, chair)
    item.refresh_from_db()
    assert (item.meeting, item.status) == (out, ItemStatus.DEFERRED)
    assert item.kept_back.startswith(NOT_YET if bars == "unasked" else HIDDEN)
    assert not PackPage.objects.exists()
    assert is_read_by(client, member, item) == {404}
    client.force_login(member)
    for page in ("", "papers/", "live/"):
        assert item.case.reference not in client.get(f"{out.get_absolute_url()}{page}").text

    client.force_login(coordinator)
    page = client.get(out.get_absolute_url()).text
    assert "Not in the papers" in page
    assert item.kept_back in page
    assert POSTCODE not in page


def test_what_is_put_right_comes_before_members_by_itself_and_nothing_else_does(
    client, sits, out, chair, member, melton
):
    mended, still = waiting(sits, melton, **UNASKED), waiting(sits, melton, **UNASKED)
    for item in (mended, still):
        put_off(item, chair)
    agree(mended.case)
    gather(now=NOW)
    for item in (mended, still):
        item.refresh_from_db()
    assert mended.kept_back == ""
    assert still.kept_back
    assert PackPage.objects.get().item == mended
    assert is_read_by(client, member, mended) == {200}
    assert is_read_by(client, member, still) == {404}


def test_a_family_that_goes_on_to_a_meeting_whose_papers_are_not_out_is_neither_late_nor_kept_back(
    hub, sits, chair, melton
):
    draft = MeetingFactory(hub=hub, starts_at=SOON)
    item = waiting(sits, melton, late_reason="Eviction on Friday.", kept_back=NOT_YET, **UNASKED)
    put_off(item, chair)
    item.refresh_from_db()
    assert (item.meeting, item.late_reason, item.kept_back) == (draft, "", "")


def test_a_family_left_for_a_later_meeting_whose_papers_are_out_goes_the_same_way(hub, out, coordinator, melton):
    draft = MeetingFactory(hub=hub, starts_at=SOON - timedelta(days=3))
    ready, unready = waiting(draft, melton), waiting(draft, melton, **UNASKED)
    for item in (ready, unready):
        transitions.leave_for_later(item, by=coordinator, now=NOW, reason="The school is away.")
        item.refresh_from_db()
        assert (item.meeting, bool(item.late_reason)) == (out, True)
    assert (ready.kept_back, bool(unready.kept_back)) == ("", True)
    assert PackPage.objects.get().item == ready


def test_what_its_chair_may_not_hear_goes_on_at_the_close_and_bars_no_closing(client, sits, out, chair, member, melton):
    item = waiting(sits, melton, **UNASKED)
    declare(item.case, user=chair, by=chair, now=NOW)
    meeting = transitions.close(sits, by=chair, now=NOW)
    item.refresh_from_db()
    assert meeting.status == MeetingStatus.CLOSED
    assert (item.meeting, item.kept_back.startswith(NOT_YET)) == (out, True)
    assert is_read_by(client, member, item) == {404}


def test_what_a_meeting_that_is_called_off_leaves_over_is_checked_too(hub, out, chair, melton):
    off = MeetingFactory(hub=hub, starts_at=SOON - timedelta(days=3))
    item = waiting(off, melton, **UNASKED)
    transitions.schedule(item, by=SYSTEM, now=NOW, meeting=out, late_reason="Unheard.")
    item.refresh_from_db()
    assert item.kept_back.startswith(NOT_YET)
    assert not PackPage.objects.exists()


# --- one unseen by whoever publishes -----------------------------------------------------------------------------------


def test_a_family_of_which_its_publisher_may_not_hear_stops_the_papers_and_is_not_named(
    client, hub, chair, coordinator, members, melton
):
    draft = MeetingFactory(hub=hub, starts_at=SOON)
    seen, hidden = waiting(draft, melton), waiting(draft, melton, **UNASKED)
    declare(hidden.case, user=coordinator, by=coordinator, now=NOW)
    client.force_login(coordinator)
    page = client.get(f"{draft.get_absolute_url()}publish/").text
    assert "A family of which you may not hear stops the papers" in page
    assert NOT_YET not in page
    for word in (hidden.case.reference, hidden.case.family.name, hidden.get_absolute_url()):
        assert word not in page
    with pytest.raises(NotPossible, match="ask the chair or the deputy") as refused:
        transitions.publish(draft, by=coordinator, now=NOW, despite="All the same.")
    assert hidden.case.reference not in str(refused.value)
    assert not PackPage.objects.exists()

    transitions.hear_without_agreement(hidden, by=chair, now=NOW, purpose="safeguarding", reason="He is afraid.")
    transitions.publish(draft, by=coordinator, now=NOW, despite="Nobody here leads yet.")
    assert {page.item for page in PackPage.objects.all()} == {seen, hidden}


def test_of_a_restricted_record_nothing_stops_the_papers_and_no_page_is_kept(hub, coordinator, members, melton):
    draft = MeetingFactory(hub=hub, starts_at=SOON)
    waiting(draft, melton)
    restricted = ItemFactory(meeting=draft, case=CaseFactory(area=melton, restricted=True), **UNASKED)
    assert restricted not in to_publish(draft)
    transitions.publish(draft, by=coordinator, now=NOW, despite="Nobody here leads yet.")
    assert not PackPage.objects.filter(item=restricted).exists()


# --- what is written, or becomes secret, once they are out -------------------------------------------------------------


def test_what_changed_since_is_told_without_an_address_that_is_kept_secret(
    client, hub, chair, coordinator, member, melton
):
    item = waiting(MeetingFactory(hub=hub, starts_at=SOON), melton)
    transitions.publish(item.meeting, by=coordinator, now=NOW, despite="Nobody here leads yet.")
    hide(item.case.family, coordinator)
    referred(item.case, why_now=f"They fled to {POSTCODE}.", wants="Somebody local.")
    for reader in (member, coordinator, chair):
        client.force_login(reader)
        page = client.get(f"/hubs/items/{item.pk}/papers/").text
        assert "Changed since" in page
        assert "a protected address stands in what is written here" in page
        assert POSTCODE not in page


def test_a_page_that_went_out_says_nothing_that_has_become_secret_since(client, hub, coordinator, member, melton):
    item = waiting(MeetingFactory(hub=hub, starts_at=SOON), melton)
    referred(item.case, why_now=f"They stay at {PLACE}.")
    transitions.publish(item.meeting, by=coordinator, now=NOW, despite="Nobody here leads yet.")
    client.force_login(member)
    assert PLACE in client.get(f"/hubs/items/{item.pk}/papers/").text
    hide(item.case.family, coordinator)
    page = client.get(f"/hubs/items/{item.pk}/papers/").text
    assert PLACE not in page
    assert item.case.reference in page
    assert "Level of need" in page


def test_a_member_reads_no_page_that_did_not_go_out_as_it_stands_now(client, out, chair, member, melton):
    item = waiting(out, melton)
    referred(item.case, why_now="Late most days.")
    for reader, reads in ((member, False), (chair, True)):
        client.force_login(reader)
        page = client.get(f"/hubs/items/{item.pk}/papers/")
        assert page.status_code == 200
        assert ("Late most days." in page.text) is reads


# --- in the meeting ----------------------------------------------------------------------------------------------------

ALLOCATES = {"kind": DecisionKind.ALLOCATE, "rationale": "Near.", "tier": 2}
ALLOCATES |= {"preference": "asked", "preference_note": "Anybody."}


def test_help_is_allocated_to_no_family_that_did_not_agree_until_the_chair_says_what_allows_it(
    sits, chair, worker, melton
):
    item = waiting(sits, melton, **UNASKED)
    with pytest.raises(NotPossible, match="Nobody of this family has agreed"):
        transitions.decide(item, by=chair, now=NOW, worker=worker, **ALLOCATES)
    assert not HubDecision.objects.exists()
    item.refresh_from_db()
    assert item.status == ItemStatus.SCHEDULED

    transitions.hear_without_agreement(item, by=chair, now=NOW, purpose="safeguarding", reason="He is afraid.")
    transitions.decide(item, by=chair, now=NOW, worker=worker, **ALLOCATES)
    assert HubDecision.objects.get().worker == worker


def test_an_agreement_taken_back_before_the_meeting_counts_no_more(sits, chair, worker, melton):
    item = waiting(sits, melton, **UNASKED)
    said = agree(item.case)
    Agreement.objects.create(
        family=said.family, person=said.person, status="withdrawn", recorded_at=MONDAY + timedelta(days=1)
    )
    with pytest.raises(NotPossible, match="Nobody of this family has agreed"):
        transitions.decide(item, by=chair, now=NOW, worker=worker, **ALLOCATES)
    assert not HubDecision.objects.exists()


def test_what_gives_no_help_is_decided_without_their_agreement(sits, chair, melton):
    item = waiting(sits, melton, **UNASKED)
    transitions.decide(item, by=chair, now=NOW, kind=DecisionKind.RETURN_TO_ACCESS, rationale="They say no.")
    assert AgendaItem.objects.get().status == ItemStatus.DECIDED


def test_the_chair_is_led_from_the_agenda_to_where_it_is_said(client, sits, chair, coordinator, melton):
    item = waiting(sits, melton, **UNASKED)
    for who, is_led in ((chair, True), (coordinator, False)):
        client.force_login(who)
        page = client.get(sits.get_absolute_url()).text
        assert (f"/hubs/items/{item.pk}/without-agreement/" in page) is is_led
