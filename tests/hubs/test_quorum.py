"""A meeting keeps the quorum with which it began, whatever the hub asks for since (domain.md 9.1)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from earlyhelp.workflow.transitions import NotPossible
from hubs import transitions
from hubs.models import Hub, HubDecision, HubMeeting
from hubs.queries import quorum_missing
from tests.hubs.factories import MeetingFactory
from tests.hubs.test_after import paper_of, table_of

NOW = timezone.now()
HELPED = {"kind": "signpost", "rationale": "The library knows them.", "where": "The library"}


@pytest.fixture
def meeting(hub, chair, members):
    """Begun with a quorum of three agencies beside the chair, by the deed itself."""
    published = MeetingFactory.published(hub=hub, starts_at=NOW.replace(microsecond=0))
    transitions.start(published, by=chair, now=NOW, present=members)
    return HubMeeting.objects.get(pk=published.pk)


def hub_asks(hub, quorum):
    Hub.objects.filter(pk=hub.pk).update(quorum=quorum)


def leaves(meeting, user):
    meeting.attendance.filter(user=user).update(presence="absent")


def test_a_quorum_lowered_while_the_meeting_sits_lets_nothing_be_decided_with_fewer(meeting, item, chair, member):
    assert meeting.quorum == 3
    hub_asks(meeting.hub, 1)
    leaves(meeting, member)

    with pytest.raises(NotPossible, match="not quorate: 1 more needed"):
        transitions.decide(item, by=chair, now=NOW, **HELPED)
    assert not HubDecision.objects.exists()


def test_nor_is_a_meeting_that_sits_asked_for_more_than_it_began_with(meeting, item, chair):
    hub_asks(meeting.hub, 9)
    transitions.decide(item, by=chair, now=NOW, **HELPED)
    assert HubDecision.objects.get().meeting == meeting


def test_the_next_meeting_begins_with_what_the_hub_asks_for_by_then(meeting, hub, chair, member):
    hub_asks(hub, 1)
    transitions.close(meeting, by=chair, now=NOW)
    after = MeetingFactory.published(hub=hub, starts_at=NOW.replace(microsecond=0) - timedelta(hours=1))
    transitions.start(HubMeeting.objects.get(pk=after.pk), by=chair, now=NOW, present=[member])
    after.refresh_from_db()
    assert (after.quorum, quorum_missing(after)) == (1, 0)


def test_a_meeting_that_began_before_it_was_kept_is_held_to_what_the_hub_asks(hub, chair, members):
    older = MeetingFactory.in_session(hub=hub, chair=chair, present=members, starts_at=NOW.replace(microsecond=0))
    hub_asks(hub, 4)
    older = HubMeeting.objects.get(pk=older.pk)
    assert (older.quorum, quorum_missing(older)) == (None, 1)


def test_the_minutes_say_with_which_quorum_it_sat_on_the_page_on_paper_and_in_the_table(sign_in, meeting, chair):
    hub_asks(meeting.hub, 1)
    transitions.close(meeting, by=chair, now=NOW)
    client, said = sign_in(chair), "the chair and 3 other agencies"
    assert f"Quorum: {said}" in client.get(f"{meeting.get_absolute_url()}minutes/").text
    assert f"Quorum: {said}" in paper_of(client, meeting)
    assert ["Quorum", "The chair and 3 other agencies"] in [
        [row["Part"], row["What"]] for row in table_of(client, meeting)
    ]


def test_minutes_of_a_meeting_that_did_not_take_place_name_no_quorum(sign_in, hub, chair, members):
    off = MeetingFactory.published(hub=hub, starts_at=NOW.replace(microsecond=0))
    transitions.close(off, by=chair, now=NOW)
    assert "Quorum" not in sign_in(chair).get(f"{off.get_absolute_url()}minutes/").text
