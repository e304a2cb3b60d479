"""A restricted family before the hub: for its named chair, and for nobody else there (promise P4, domain.md 5 d)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible
from hubs import transitions
from hubs.enums import ItemStatus
from hubs.models import AgendaItem, HubDecision
from hubs.services.agenda import gather
from tests.factories import CaseFactory, PostFactory, UserFactory
from tests.hubs.factories import ItemFactory, MeetingFactory, SeatFactory
from tests.hubs.test_waiting import family

NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def later(hub):
    """The meeting after the one in session."""
    return MeetingFactory(hub=hub, starts_at=NOW + timedelta(days=28))


@pytest.fixture
def hidden(hub, chair, members, melton):
    """On the agenda of a meeting in session, and restricted: the chair was named to decide."""
    session = MeetingFactory.in_session(hub=hub, chair=chair, present=members, starts_at=NOW)
    case = family(melton, "Hush", restricted=True)
    type(case).objects.filter(pk=case.pk).update(named_chair=chair)
    return ItemFactory(meeting=session, case=case)


def test_the_named_chair_sees_a_restricted_family_on_the_agenda_and_decides(sign_in, hidden, chair):
    client = sign_in(chair)
    assert "Hush family" in client.get(hidden.meeting.get_absolute_url()).text
    assert client.get(hidden.get_absolute_url()).context["form"] is not None


@pytest.mark.parametrize("who", ["member", "coordinator", "deputy"])
def test_nobody_else_at_the_hub_learns_that_there_is_one(request, sign_in, hidden, melton, who):
    person = PostFactory(role=Role.HUB_CHAIR, area=melton).user if who == "deputy" else request.getfixturevalue(who)
    client = sign_in(person)
    meeting = hidden.meeting.get_absolute_url()
    for url in ("/hubs/", meeting, f"{meeting}interest/", "/"):
        page = client.get(url).text
        assert "Hush" not in page
        assert hidden.case.reference not in page
    assert "0 families on the agenda" in client.get("/hubs/").text
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert client.get(f"/hubs/chairs-action/{hidden.case.reference}/").status_code == 404


def test_a_chair_who_was_not_named_may_not_decide_even_one_they_see_otherwise(hidden, melton):
    other = PostFactory(role=Role.HUB_CHAIR, area=melton).user
    hidden.case.team.create(user=other, role="member", from_at=NOW)
    assert AgendaItem.objects.for_user(other).filter(pk=hidden.pk).exists()
    with pytest.raises(PermissionDenied):
        transitions.decide(hidden, by=other, now=NOW, kind="signpost", rationale="No.")
    assert not HubDecision.objects.exists()


def test_what_was_undertaken_about_a_restricted_family_is_told_only_to_whoever_may_hear(
    sign_in, hidden, chair, coordinator, member
):
    action = {"what": "Move the Hush family", "owner": member, "due_on": NOW.date()}
    transitions.decide(
        hidden, by=chair, now=NOW, kind="signpost", rationale="Elsewhere.", where="A club", actions=[action]
    )
    transitions.close(hidden.meeting, by=chair, now=NOW)
    minutes = f"{hidden.meeting.get_absolute_url()}minutes/"
    for url in (minutes, "/hubs/actions/"):
        assert "Hush" not in sign_in(coordinator).get(url).text
        assert "Move the Hush family" in sign_in(chair).get(url).text
    assert "Move the Hush family" in sign_in(member).get("/hubs/actions/").text
    assert "Hush" not in sign_in(SeatFactory(hub=hidden.hub, user=UserFactory()).user).get(minutes).text


@pytest.fixture
def deputy(melton):
    """Chairs the same hub, and was not named for the restricted record."""
    return PostFactory(role=Role.HUB_CHAIR, area=melton).user


def test_whoever_closes_is_asked_nothing_of_what_they_may_not_hear_and_it_moves_on(sign_in, hidden, later, deputy):
    page = sign_in(deputy).get(f"{hidden.meeting.get_absolute_url()}close/").text
    assert "Every family of which you may hear has a decision." in page
    assert "Why were they not decided?" not in page

    closed = transitions.close(hidden.meeting, by=deputy, now=NOW)
    hidden.refresh_from_db()
    assert (hidden.status, hidden.meeting, hidden.deferrals) == (ItemStatus.SCHEDULED, later, 0)
    assert not closed.decisions.exists()


def test_where_no_later_meeting_is_in_the_diary_the_sweep_finds_it_again(hidden, deputy):
    transitions.close(hidden.meeting, by=deputy, now=NOW)
    hidden.refresh_from_db()
    assert hidden.status == ItemStatus.REMOVED

    gather(now=NOW)
    again = AgendaItem.objects.live().get(case=hidden.case)
    assert (again.status, again.since_at) == (ItemStatus.QUEUED, hidden.case.accepted_at)


def test_moving_a_family_passes_over_what_the_mover_may_not_hear_of(hidden, coordinator, melton):
    first, second = (ItemFactory(meeting=hidden.meeting, case=CaseFactory(area=melton)) for _ in range(2))
    AgendaItem.objects.filter(pk=hidden.pk).update(urgent=True)
    moved = transitions.move(second, by=coordinator, now=NOW, up=True)
    first.refresh_from_db()
    hidden.refresh_from_db()
    assert (moved.position, first.position, hidden.position) == (1, 2, None)


def test_papers_with_nothing_that_one_may_hear_of_are_not_published(hidden, later, coordinator):
    AgendaItem.objects.filter(pk=hidden.pk).update(meeting=later)
    with pytest.raises(NotPossible, match="nothing on this agenda"):
        transitions.publish(later, by=coordinator, now=NOW)


def test_bringing_the_agenda_up_to_date_gives_no_number(sign_in, later, coordinator, melton):
    family(melton, "Hush", restricted=True)
    answer = sign_in(coordinator).post(f"{later.get_absolute_url()}gather/", follow=True).text
    assert "The agenda is up to date." in answer
    assert "added" not in answer
