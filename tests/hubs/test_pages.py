"""The hub's pages: who sees them, what they say, and that they work as forms do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from earlyhelp.audit.models import Access
from earlyhelp.cases.models import Case
from hubs.enums import MeetingStatus
from hubs.models import AgendaItem, HubDecision, HubMeeting
from hubs.services.actions import undertake
from hubs.services.interests import declare
from tests.factories import CaseFactory, PostFactory, WorkerFactory
from tests.hubs.factories import UNASKED, ItemFactory, MeetingFactory, SeatFactory, agree
from tests.hubs.test_decision_pages import decision, token

NOW = timezone.now()
SOON = (NOW + timedelta(days=3)).replace(microsecond=0)


@pytest.fixture
def meeting(hub, chair, members):
    """In session today."""
    return MeetingFactory.in_session(hub=hub, chair=chair, present=members, starts_at=NOW.replace(microsecond=0))


def test_the_meetings_page_shows_the_next_one(sign_in, hub, coordinator):
    meeting = MeetingFactory(hub=hub, starts_at=SOON)
    page = sign_in(coordinator).get("/hubs/")
    assert page.context["next"] == meeting
    assert "Melton hub" in page.content.decode()


@pytest.mark.parametrize("who", ["worker", "stranger", "access_worker", "service_manager"])
@pytest.mark.parametrize(
    "where", ["", "minutes/", "publish/", "start/", "close/", "interest/", "late/", "attendance/", "action/"]
)
def test_a_meeting_of_another_hub_does_not_exist(request, sign_in, meeting, who, where):
    client = sign_in(request.getfixturevalue(who))
    hidden = client.get(f"/hubs/meetings/{meeting.pk}/{where}")
    missing = client.get(f"/hubs/meetings/999999/{where}")
    assert (hidden.status_code, missing.status_code) == (404, 404)


@pytest.mark.parametrize("who", ["worker", "stranger", "service_manager"])
def test_an_item_of_another_hub_does_not_exist(request, sign_in, item, who):
    client = sign_in(request.getfixturevalue(who))
    assert client.get(f"/hubs/items/{item.pk}/").status_code == 404


def test_a_member_reads_the_papers_from_publication(sign_in, hub, member, waiting_case):
    meeting = MeetingFactory(hub=hub, starts_at=SOON)
    item = ItemFactory(meeting=meeting, case=waiting_case)
    client = sign_in(member)
    for url in (meeting.get_absolute_url(), item.get_absolute_url(), waiting_case.get_absolute_url()):
        assert client.get(url).status_code == 404

    meeting.status, meeting.published_at, meeting.members_until = (
        MeetingStatus.PUBLISHED,
        NOW,
        meeting.last_day_for_members(),
    )
    meeting.save()
    for url in (meeting.get_absolute_url(), item.get_absolute_url(), waiting_case.get_absolute_url()):
        assert client.get(url).status_code == 200


def test_ten_working_days_after_the_meeting_a_member_reads_no_more(sign_in, meeting, item, member):
    client = sign_in(member)
    assert client.get(item.get_absolute_url()).status_code == 200
    meeting.members_until = timezone.localdate() - timedelta(days=1)
    meeting.save()
    for url in (meeting.get_absolute_url(), item.get_absolute_url(), item.case.get_absolute_url()):
        assert client.get(url).status_code == 404


def test_a_member_may_read_and_not_change_anything(sign_in, item, member):
    client = sign_in(member)
    page = client.get(item.get_absolute_url())
    assert page.context["form"] is None
    assert client.post(item.get_absolute_url(), {"decision": "signpost", "rationale": "No."}).status_code == 200
    assert client.post(f"/hubs/items/{item.pk}/park/").status_code == 404
    assert not HubDecision.objects.exists()


def test_a_declared_interest_hides_the_family_from_that_person(sign_in, item, member, members, chair):
    declare(item.case, user=member, by=member, now=NOW)
    client = sign_in(member)
    assert client.get(item.get_absolute_url()).status_code == 404
    assert client.get(item.case.get_absolute_url()).status_code == 404
    assert item.case.reference not in client.get(item.meeting.get_absolute_url()).content.decode()
    assert sign_in(members[1]).get(item.get_absolute_url()).status_code == 200


def test_a_declared_interest_hides_the_family_from_a_chair_too(sign_in, item, chair, coordinator):
    declare(item.case, user=chair, by=coordinator, now=NOW)
    client = sign_in(chair)
    assert client.get(item.get_absolute_url()).status_code == 404
    assert client.get(item.case.get_absolute_url()).status_code == 404
    assert sign_in(coordinator).get(item.case.get_absolute_url()).status_code == 200


def test_a_member_declares_their_own_interest(sign_in, item, member):
    client = sign_in(member)
    url = f"{item.meeting.get_absolute_url()}interest/"
    page = client.get(url)
    client.post(url, {"token": token(page), "item": item.pk})
    assert client.get(item.get_absolute_url()).status_code == 404


def test_showing_an_item_is_written_down_for_the_item_and_the_case(sign_in, item, chair):
    sign_in(chair).get(item.get_absolute_url())
    shown = set(Access.objects.values_list("subject", "subject_id"))
    assert {("hubs.agendaitem", item.pk), ("cases.case", item.case_id)} <= shown


def test_the_whole_meeting_on_its_pages(sign_in, hub, chair, members, worker, waiting_case):
    meeting = MeetingFactory(hub=hub, starts_at=SOON + timedelta(days=20))
    MeetingFactory(hub=hub, starts_at=SOON + timedelta(days=50))
    client = sign_in(chair)
    url = meeting.get_absolute_url()
    assert "Bring the agenda up to date" in client.get(url).content.decode()
    client.post(f"{url}gather/")
    agree(waiting_case)
    client.get(f"{url}publish/")
    assert client.post(f"{url}publish/").status_code == 302
    answers = {"confidential": "on", "interests": "on", "present": [user.pk for user in members]}
    item = AgendaItem.objects.get()
    assert client.post(f"{url}start/", answers).status_code == 409  # weeks before its day
    HubMeeting.objects.filter(pk=meeting.pk).update(starts_at=NOW)
    assert client.post(f"{url}start/", answers)["Location"] == item.get_absolute_url()
    page = client.get(item.get_absolute_url())
    client.post(item.get_absolute_url(), decision(page, decision="allocate-2", worker=worker.pk))
    assert client.post(f"{url}close/")["Location"] == f"{url}minutes/"
    written = client.get(f"{url}minutes/").content.decode()
    assert waiting_case.reference in written
    assert waiting_case.family.name not in written


def test_starting_needs_the_statement_read(sign_in, hub, chair, members):
    meeting = MeetingFactory.published(hub=hub, starts_at=SOON)
    refused = sign_in(chair).post(f"{meeting.get_absolute_url()}start/", {"present": [user.pk for user in members]})
    assert refused.status_code == 422
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.PUBLISHED


def test_the_order_changes_with_a_button(sign_in, hub, coordinator, melton):
    meeting = MeetingFactory(hub=hub, starts_at=SOON)
    first, second = (ItemFactory(meeting=meeting, case=CaseFactory(area=melton)) for _ in range(2))
    client = sign_in(coordinator)
    client.post(f"{meeting.get_absolute_url()}order/", {"up": second.pk})
    lines = client.get(meeting.get_absolute_url()).context["lines"]
    assert [line.item for line in lines] == [second, first]


def test_the_case_page_shows_what_the_hub_decided(sign_in, item, chair, worker):
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    client.post(item.get_absolute_url(), decision(page, decision="allocate-2", worker=worker.pk))
    shown = client.get(f"{item.case.get_absolute_url()}hub/").content.decode()
    assert "One coordinator." in shown
    assert "Offer to somebody else" in shown


def test_an_action_is_ticked_off_on_the_list(sign_in, meeting, member):
    action = undertake(meeting.hub, what="Ring the school", owner=member, due_on=NOW.date(), now=NOW)
    client = sign_in(member)
    assert "Ring the school" in client.get("/hubs/actions/").content.decode()
    client.post(f"/hubs/actions/{action.pk}/done/")
    assert "Ring the school" not in client.get("/hubs/actions/").content.decode()


# --- how many queries --------------------------------------------------------------------------------------------------


def _count(client, url, django_assert_max_num_queries, most):
    client.get(url)
    with django_assert_max_num_queries(most) as counted:
        assert client.get(url).status_code == 200
    return len(counted)


@pytest.mark.parametrize("n", [1, 20])
def test_the_meetings_page_takes_as_many_queries_for_one_as_for_twenty(
    sign_in, hub, coordinator, n, django_assert_max_num_queries
):
    for days in range(n):
        MeetingFactory(hub=hub, starts_at=SOON + timedelta(days=days))
        past = MeetingFactory.published(hub=hub, starts_at=NOW - timedelta(days=30 + days))
        past.status, past.closed_at = MeetingStatus.CLOSED, NOW
        past.save()
    assert _count(sign_in(coordinator), "/hubs/", django_assert_max_num_queries, 8) <= 8


@pytest.mark.parametrize("n", [1, 20])
def test_the_agenda_takes_as_many_queries_for_one_family_as_for_twenty(
    sign_in, meeting, chair, melton, n, django_assert_max_num_queries
):
    for _ in range(n):
        ItemFactory(meeting=meeting, case=CaseFactory(area=melton))
    assert _count(sign_in(chair), meeting.get_absolute_url(), django_assert_max_num_queries, 7)


@pytest.mark.parametrize("n", [1, 20])
def test_the_live_page_takes_as_many_queries_however_full_the_hub_is(
    sign_in, meeting, chair, melton, n, django_assert_num_queries
):
    for _ in range(n):
        ItemFactory(meeting=meeting, case=CaseFactory(area=melton))
        PostFactory(user=WorkerFactory(), area=melton)
        SeatFactory(hub=meeting.hub)
    client = sign_in(chair)
    url = AgendaItem.objects.first().get_absolute_url()
    client.get(url)
    with django_assert_num_queries(25):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("n", [1, 20])
def test_the_actions_list_takes_as_many_queries_for_one_as_for_twenty(
    sign_in, meeting, member, n, django_assert_max_num_queries
):
    for _ in range(n):
        undertake(meeting.hub, what="Ring the school", owner=member, due_on=NOW.date(), now=NOW)
    assert _count(sign_in(member), "/hubs/actions/", django_assert_max_num_queries, 7)


def test_what_needs_a_chair_today(hub, chair, melton):
    from earlyhelp.core.todo import TODO

    ItemFactory(
        meeting=MeetingFactory(hub=hub, starts_at=SOON), case=CaseFactory(area=melton, urgent=True), urgent=True
    )
    lines = [line.text for source in TODO if source.__module__ == "hubs.panels" for line in source(chair, NOW)]
    assert [text.split(":")[0] for text in lines] == ["Prepare the agenda", "Urgent"]


def test_a_restricted_record_is_on_no_members_agenda(sign_in, item, member):
    Case.objects.update(restricted=True)
    client = sign_in(member)
    assert client.get(item.get_absolute_url()).status_code == 404
    assert item.case.reference not in client.get(item.meeting.get_absolute_url()).content.decode()


def test_a_family_that_is_heard_without_agreement_is_said_to_be_so_and_why(sign_in, item, chair):
    type(item).objects.filter(pk=item.pk).update(
        without_agreement="safeguarding", without_agreement_why="He is afraid."
    )
    page = sign_in(chair).get(item.get_absolute_url())
    assert "Heard without" in page.text
    assert "He is afraid." in page.text
    assert "Not recorded<" not in page.text

    type(item).objects.filter(pk=item.pk).update(**UNASKED)
    page = sign_in(chair).get(item.get_absolute_url())
    assert "Not recorded<" in page.text
    assert "Heard without" not in page.text


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (UNASKED, "Not recorded"),
        ({"without_agreement": "safeguarding", "without_agreement_why": "Why."}, "Heard without: "),
    ],
)
def test_on_paper_hearing_a_family_without_its_agreement_is_no_agreement(item, facts, said):
    type(item).objects.filter(pk=item.pk).update(**facts)
    row = type(item).objects.with_agreement().get(pk=item.pk)
    assert row.agreed_in_words.startswith(said)
