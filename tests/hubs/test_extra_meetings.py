"""A meeting between two regular ones: what its pages say of its papers, and that it may ratify chair's actions alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from earlyhelp.core import dates
from earlyhelp.core.calendar import add_working_days
from earlyhelp.workflow.transitions import NotPossible
from hubs import transitions
from hubs.enums import MeetingStatus
from hubs.models import HubDecision
from hubs.services.diary import call_extra
from hubs.services.interests import declare
from tests.factories import CaseFactory
from tests.hubs.factories import ItemFactory, MeetingFactory

NOW = timezone.now().replace(microsecond=0)
ALONE = {"kind": "signpost", "rationale": "It could not wait.", "where": "The library"}


@pytest.fixture
def alone(hub, chair, member, melton):
    """What a chair decided between two meetings."""
    elsewhere = MeetingFactory(hub=hub, starts_at=NOW + timedelta(days=40))
    item = ItemFactory(meeting=elsewhere, case=CaseFactory(area=melton, urgent=True), urgent=True)
    transitions.decide_out_of_meeting(item, by=chair, now=NOW, agreed_by=member, **ALONE)
    return HubDecision.objects.get()


@pytest.fixture
def extra(hub, coordinator):
    """Called for the day after tomorrow: so near that its papers could never close five working days before."""
    return call_extra(hub, by=coordinator, now=NOW, starts_at=NOW + timedelta(days=2))


# --- nothing but chair's actions to ratify ------------------------------------------------------------------------------


def test_a_meeting_called_only_to_ratify_a_chairs_action_is_published_held_and_ratifies_it(
    sign_in, alone, extra, coordinator, chair, members
):
    client, url = sign_in(coordinator), f"{extra.get_absolute_url()}publish/"
    page = client.get(url)
    assert "The meeting ratifies 1 chair’s action" in page.text
    assert "There is nothing on this agenda yet" not in page.text
    assert client.post(url).status_code == 302
    extra.refresh_from_db()
    assert extra.status == MeetingStatus.PUBLISHED

    extra.starts_at = NOW
    extra.save()
    transitions.start(extra, by=chair, now=NOW, present=members)
    transitions.close(extra, by=chair, now=NOW, ratified=[alone])
    alone.refresh_from_db()
    assert alone.ratified_in == extra


def test_a_meeting_with_no_family_and_nothing_to_ratify_is_not_published(sign_in, extra, coordinator):
    client, url = sign_in(coordinator), f"{extra.get_absolute_url()}publish/"
    assert "There is nothing on this agenda yet" in client.get(url).text
    assert client.post(url).status_code == 409
    extra.refresh_from_db()
    assert extra.status == MeetingStatus.DRAFT


def test_what_was_answered_already_is_nothing_to_publish_for(extra, alone, coordinator, meeting):
    HubDecision.objects.filter(pk=alone.pk).update(ratified_in=meeting)
    with pytest.raises(NotPossible, match="nothing on this agenda"):
        transitions.publish(extra, by=coordinator, now=NOW)


def test_a_chairs_action_about_a_family_that_is_hidden_from_who_publishes_changes_nothing_for_them(
    sign_in, extra, alone, coordinator, chair
):
    declare(alone.case, user=coordinator, by=chair, now=NOW)
    assert "There is nothing on this agenda yet" in sign_in(coordinator).get(f"{extra.get_absolute_url()}publish/").text


# --- its papers ---------------------------------------------------------------------------------------------------------


def test_an_extra_meeting_called_at_short_notice_says_no_day_that_is_past(sign_in, extra, coordinator):
    client = sign_in(coordinator)
    page, late = client.get(extra.get_absolute_url()).text, client.get(f"{extra.get_absolute_url()}late/").text
    for past in (dates.day(extra.papers_close_at), dates.day(extra.agenda_due_at)):
        assert past not in page
        assert past not in late
    assert "Whoever is added now is late" in page
    assert "The papers go out as soon as they are ready" in page
    assert "This is an extra meeting, and its papers are closed" in late


def test_one_called_well_ahead_says_when_its_papers_close_like_any_other(sign_in, hub, coordinator):
    ahead = call_extra(hub, by=coordinator, now=NOW, starts_at=NOW + timedelta(days=20))
    page = sign_in(coordinator).get(ahead.get_absolute_url()).text
    assert f"before {dates.moment(ahead.papers_close_at)} come onto this agenda by themselves" in page
    assert f"The papers go out by {dates.day(ahead.agenda_due_at)}" in page


def test_a_regular_meeting_whose_papers_are_late_says_that_they_should_have_gone_out(sign_in, hub, coordinator):
    day = add_working_days(timezone.localdate(), 1)
    starts_at = NOW.replace(year=day.year, month=day.month, day=day.day)
    regular = MeetingFactory(hub=hub, slot=day.replace(day=1), starts_at=starts_at)
    page = sign_in(coordinator).get(regular.get_absolute_url()).text
    assert f"The papers should have gone out on {dates.day(regular.agenda_due_at)}" in page
    assert "come onto this agenda by themselves" not in page
