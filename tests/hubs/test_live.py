"""The meeting as it goes on: one family at a time, followed from several screens, by each only as far as they may see."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from earlyhelp.audit.models import Access
from earlyhelp.families.models import Family
from hubs import transitions
from hubs.enums import ItemStatus
from hubs.models import AgendaItem, Attendance, Conflict, Hearing
from hubs.queries import following
from hubs.services import hearing
from tests.factories import CaseFactory
from tests.hubs.factories import ItemFactory, MeetingFactory, SeatFactory
from tests.hubs.test_decision_pages import decision

NOW = timezone.now()


@pytest.fixture
def meeting(hub, chair, members):
    """In session today."""
    return MeetingFactory.in_session(hub=hub, chair=chair, present=members, starts_at=NOW.replace(microsecond=0))


@pytest.fixture
def other(meeting, melton):
    return ItemFactory(meeting=meeting, case=CaseFactory(area=melton), since_at=NOW)


def now_heard(meeting):
    return Hearing.objects.get(meeting=meeting, ended_at=None).item


def given(item):
    """How long its meeting has heard it, as its page says."""
    [row] = following.with_hearing(AgendaItem.objects.filter(pk=item.pk), item.meeting.chaired_by, NOW)
    return row.given


def seen(page):
    return page.context["stand"]


def asked(client, meeting, stand):
    return client.get(f"/hubs/meetings/{meeting.pk}/now/", {"seen": stand}, headers={"HX-Request": "true"})


def test_the_first_family_is_heard_from_the_start(sign_in, hub, chair, members, waiting_case):
    row = MeetingFactory.published(hub=hub, starts_at=NOW.replace(microsecond=0))
    first = ItemFactory(meeting=row, case=waiting_case)
    client = sign_in(chair)
    page = client.get(f"/hubs/meetings/{row.pk}/start/")
    sent = {"present": [each.pk for each in members], "confidential": "on", "interests": "on"}
    assert page.status_code == 200
    answer = client.post(f"/hubs/meetings/{row.pk}/start/", sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert answer.url == first.get_absolute_url()
    assert now_heard(row) == first


def test_a_meeting_whose_papers_are_not_out_says_that_they_come_first(sign_in, hub, chair):
    draft = MeetingFactory(hub=hub, starts_at=NOW.replace(microsecond=0))
    answer = sign_in(chair).get(f"/hubs/meetings/{draft.pk}/start/", follow=True)
    assert "Publish the papers first" in answer.text
    assert "Start the meeting" not in answer.text


def test_before_its_day_whoever_chairs_reads_when_a_meeting_is_started_and_how_it_is_moved(sign_in, hub, chair):
    row = MeetingFactory.published(hub=hub, starts_at=NOW.replace(microsecond=0) + timedelta(days=3), remote=True)
    client = sign_in(chair)

    assert "You start the meeting here, on its day." in client.get(row.get_absolute_url()).text
    assert client.get(f"{row.get_absolute_url()}move/").context["form"]["remote"].value() == "yes"


def test_a_decision_goes_on_to_the_next_family_and_the_time_of_the_first_is_kept(sign_in, item, other, chair):
    hearing.hear(item, now=timezone.now() - timedelta(minutes=6))
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    assert "<span data-clock-time>06:" in page.text
    answer = client.post(item.get_absolute_url(), decision(page, decision="signpost", where="The library"))
    assert answer.url == other.get_absolute_url()
    assert now_heard(item.meeting) == other
    assert given(item) >= timedelta(minutes=6)


def test_after_the_last_family_nobody_is_heard(sign_in, item, chair):
    hearing.hear(item, now=NOW)
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    client.post(item.get_absolute_url(), decision(page, decision="signpost", where="The library"))
    assert not Hearing.objects.filter(ended_at=None).exists()


def test_a_parked_family_is_heard_again_and_both_times_count(item, other, chair):
    hearing.hear(item, now=NOW - timedelta(minutes=9))
    hearing.hear(other, now=NOW - timedelta(minutes=5))
    transitions.hear(item, by=chair, now=NOW - timedelta(minutes=2))
    assert given(item) == timedelta(minutes=6)
    assert given(other) == timedelta(minutes=3)


def test_only_the_chair_calls_a_family(sign_in, item, member):
    assert sign_in(member).post(f"/hubs/items/{item.pk}/hear/").status_code == 404
    assert not Hearing.objects.exists()


def test_to_look_at_another_family_changes_nothing_for_those_who_follow(sign_in, item, other, chair):
    hearing.hear(item, now=NOW)
    page = sign_in(chair).get(other.get_absolute_url())
    assert "Hear this family now" in page.text
    assert now_heard(item.meeting) == item


def test_nothing_is_shown_or_written_down_while_nothing_has_changed(sign_in, item, member):
    hearing.hear(item, now=NOW)
    client = sign_in(member)
    stand = seen(client.get(f"/hubs/meetings/{item.meeting_id}/live/"))
    written = Access.objects.count()
    assert asked(client, item.meeting, stand).status_code == 204
    assert Access.objects.count() == written


def test_a_member_sees_a_decision_as_soon_as_they_ask_again(sign_in, item, other, member, chair):
    hearing.hear(item, now=NOW)
    client = sign_in(member)
    stand = seen(client.get(f"/hubs/meetings/{item.meeting_id}/live/"))
    transitions.decide(item, by=chair, now=NOW, kind="signpost", rationale="Below the line.", where="The library")
    hearing.hear(other, now=NOW)
    answer = asked(client, item.meeting, stand)
    assert answer.status_code == 200
    assert "Signposted" in answer.text
    assert other.case.reference in answer.text
    assert "Below the line." not in answer.text
    assert asked(client, item.meeting, seen(answer)).status_code == 204


def test_each_family_that_is_heard_is_written_down_as_shown_to_whoever_follows(sign_in, item, other, member):
    hearing.hear(item, now=NOW)
    client = sign_in(member)
    page = client.get(f"/hubs/meetings/{item.meeting_id}/live/")
    hearing.hear(other, now=NOW)
    asked(client, item.meeting, seen(page))
    shown = Access.objects.filter(actor=member, subject="cases.case").values_list("subject_id", flat=True)
    assert list(shown.order_by("pk")) == [item.case_id, other.case_id]


def test_whoever_declared_an_interest_sees_neither_the_family_nor_that_anything_changed(
    sign_in, item, other, member, chair
):
    Conflict.objects.create(user=member, case=item.case, declared_by=chair, declared_at=NOW)
    further = SeatFactory(hub=item.hub).user  # who knows the family does not count towards its quorum
    Attendance.objects.create(meeting=item.meeting, user=further, agency=further.agency, presence="present")
    client = sign_in(member)
    page = client.get(f"/hubs/meetings/{item.meeting_id}/live/")
    hearing.hear(item, now=NOW)
    transitions.decide(item, by=chair, now=NOW, kind="signpost", rationale="No.", where="The library")
    assert item.case.reference not in page.text
    assert asked(client, item.meeting, seen(page)).status_code == 204


def test_a_restricted_family_changes_nothing_for_members(sign_in, item, other, member, meeting, melton):
    client = sign_in(member)
    page = client.get(f"/hubs/meetings/{meeting.pk}/live/")
    hidden = ItemFactory(meeting=meeting, case=CaseFactory(area=melton, restricted=True))
    hearing.hear(hidden, now=NOW)
    assert asked(client, meeting, seen(page)).status_code == 204


def test_whoever_does_not_sit_at_the_hub_cannot_follow_it(sign_in, item, stranger):
    client = sign_in(stranger)
    assert client.get(f"/hubs/meetings/{item.meeting_id}/live/").status_code == 404
    assert asked(client, item.meeting, "").status_code == 404
    assert client.get(f"/hubs/items/{item.pk}/now/").status_code == 404


def test_whoever_types_a_decision_is_told_that_somebody_was_quicker(sign_in, item, other, chair):
    client = sign_in(chair)
    stand = client.get(item.get_absolute_url()).context["stand"]
    assert client.get(f"/hubs/items/{item.pk}/now/", {"seen": stand}).status_code == 204
    transitions.decide(item, by=chair, now=NOW, kind="signpost", rationale="No.", where="The library")
    told = client.get(f"/hubs/items/{item.pk}/now/", {"seen": stand})
    assert "Decided meanwhile" in told.text
    assert str(chair) in told.text


def test_two_who_record_at_once_lose_no_text(sign_in, item, chair):
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    transitions.decide(item, by=chair, now=NOW, kind="signpost", rationale="No.", where="The library")
    late = client.post(item.get_absolute_url(), decision(page, decision="signpost", where="The museum"))
    assert late.status_code == 409
    assert "The museum" in late.text
    assert str(chair) in late.text
    assert item.decisions.count() == 1


def test_whoever_was_too_late_reads_what_was_decided_and_is_offered_nothing_that_is_no_longer_possible(
    sign_in, item, other, chair
):
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    transitions.decide(item, by=chair, now=NOW, kind="signpost", rationale="They know them.", where="The library")
    late = client.post(
        item.get_absolute_url(), decision(page, decision="signpost", where="The museum", rationale="Mine.")
    )
    assert late.status_code == 409
    for words in ("Signposted to The library", "They know them.", "Mine.", "The museum"):
        assert words in late.text
    for gone in ("Record decision and next family", "Park: come back", "Hear this family now", 'name="decision"'):
        assert gone not in late.text
    refused = client.post(
        item.get_absolute_url(), {"token": page.context["form"]["token"].value(), "rationale": "Mine."}
    )
    assert refused.status_code == 422
    assert "Signposted to The library" in refused.text
    assert "Park: come back" not in refused.text


def test_who_is_here_is_said_during_the_meeting_and_changes_as_they_come_and_go(sign_in, item, chair, members):
    client, url = sign_in(chair), f"/hubs/meetings/{item.meeting_id}/live/"
    for page in (client.get(item.get_absolute_url()), client.get(url)):
        assert "4 here: 3 agencies beside the chair’s, 3 needed" in page.text
        assert f"{members[0]}, {members[0].agency}" in page.text
    before = client.get(url).context["stand"]
    transitions.take_attendance(item.meeting, by=chair, now=NOW, present=members[1:])
    assert asked(client, item.meeting, before).status_code == 200
    assert "3 here: 2 agencies beside the chair’s, 3 needed" in client.get(item.get_absolute_url()).text


def test_names_can_be_taken_off_the_screen(sign_in, item, chair):
    client = sign_in(chair)
    client.post(f"/hubs/meetings/{item.meeting_id}/screen/", {"names": "hidden", "item": item.pk})
    page = client.get(item.get_absolute_url())
    assert "eh-discreet" in page.text
    title = page.text.partition("<title>")[2].partition("</title>")[0]
    assert str(item.case.family) not in title
    client.post(f"/hubs/meetings/{item.meeting_id}/screen/", {"names": "shown"})
    assert "eh-discreet" not in client.get(item.get_absolute_url()).text


def test_a_page_that_asks_by_itself_keeps_no_session_alive_and_shows_nothing_when_it_is_over(
    sign_in, item, member, settings
):
    client = sign_in(member)
    client.get(f"/hubs/meetings/{item.meeting_id}/live/")
    session = client.session
    session["seen_at"] = timezone.now().timestamp() - settings.SESSION_IDLE_SECONDS - 30
    session.save()
    asked(client, item.meeting, "")
    assert client.session["seen_at"] == session["seen_at"]
    session["seen_at"] -= 60
    session.save()
    answer = asked(client, item.meeting, "")
    assert answer.status_code == 286
    assert "is kept when you send it" in answer.text
    assert item.case.reference not in answer.text


def test_closing_the_meeting_ends_the_hearing(item, chair, meeting, hub):
    MeetingFactory(hub=hub, starts_at=NOW + timedelta(days=28))
    hearing.hear(item, now=NOW)
    transitions.close(meeting, by=chair, now=NOW, reason="Out of time.")
    assert not Hearing.objects.filter(ended_at=None).exists()
    assert AgendaItem.objects.get(pk=item.pk).status == ItemStatus.DEFERRED


@pytest.mark.parametrize("many", [1, 20])
def test_following_costs_the_same_however_many_families(
    sign_in, meeting, member, melton, many, django_assert_max_num_queries
):
    for _ in range(many):
        hearing.hear(ItemFactory(meeting=meeting, case=CaseFactory(area=melton)), now=NOW)
    client = sign_in(member)
    page = client.get(f"/hubs/meetings/{meeting.pk}/live/")
    with django_assert_max_num_queries(12):
        client.get(f"/hubs/meetings/{meeting.pk}/live/")
    with django_assert_max_num_queries(3):
        assert asked(client, meeting, seen(page)).status_code == 204


def test_on_a_screen_that_the_room_sees_no_page_of_the_meeting_names_a_family_in_a_list_to_choose_from(
    sign_in, item, chair, later
):
    client, waits = sign_in(chair), ItemFactory(meeting=later, case=CaseFactory(area=item.hub.area))
    later.starts_at = NOW + timedelta(days=30)
    later.save()
    Family.objects.update(name="Okafor")
    client.post(f"/hubs/meetings/{item.meeting_id}/screen/", {"names": "hidden"})
    for page, listed in (("interest/", item), ("late/", waits), ("close/", item)):
        text = client.get(f"{item.meeting.get_absolute_url()}{page}").text
        assert f"O. </span>{listed.case.reference}" in text or f"O. {listed.case.reference}" in text
        assert "Okafor" not in re.sub('<span class="eh-named">.*?</span>', "", text)
    assert "Okafor" not in client.get(f"/hubs/items/{item.pk}/later/").text
