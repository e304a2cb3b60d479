"""Whoever decides in a meeting is recorded as being at it, with a quorum of other agencies beside them (domain.md 6.4, 9.1)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.partnership.models import Cover
from earlyhelp.workflow.transitions import NotPossible
from hubs import transitions
from hubs.enums import ItemStatus, MeetingStatus
from hubs.models import HubDecision, StandIn
from hubs.queries import here_now, quorum_missing
from tests.factories import CaseFactory, PostFactory, UserFactory
from tests.hubs.factories import ItemFactory, MeetingFactory, arrives

NOW = timezone.now()
HELPED = {"kind": "signpost", "rationale": "The library knows them.", "where": "The library"}
NOT_THERE = "not recorded as being at this meeting"


@pytest.fixture
def meeting(hub, chair, members):
    """In session today and quorate, with not one agency to spare."""
    return MeetingFactory.in_session(hub=hub, chair=chair, present=members, starts_at=NOW.replace(microsecond=0))


@pytest.fixture
def covering(chair):
    """A colleague who chairs in the chair's place today, and is of the same agency."""
    colleague = UserFactory(agency=chair.agency)
    today = timezone.localdate()
    Cover.objects.create(
        person=chair, colleague=colleague, made_by=chair, made_at=NOW, from_on=today, until_on=today, reason="Leave."
    )
    return colleague


@pytest.fixture
def elsewhere(hub, melton):
    """Another chair of the place, of an agency of their own, who is not at the meeting."""
    return PostFactory(role="hub_chair", area=melton, user=UserFactory()).user


@pytest.fixture
def alone(hub, chair, member, melton):
    """A chair's action that no meeting has answered."""
    later = MeetingFactory(hub=hub, starts_at=NOW + timedelta(days=40))
    item = ItemFactory(meeting=later, case=CaseFactory(area=melton, urgent=True), urgent=True)
    transitions.decide_out_of_meeting(item, by=chair, now=NOW, agreed_by=member, **HELPED)
    return HubDecision.objects.get()


def leaves(meeting, user):
    meeting.attendance.filter(user=user).update(presence="absent")


def attendance_url(meeting):
    return f"{meeting.get_absolute_url()}attendance/"


# --- only somebody who is there ----------------------------------------------------------------------------------------


def test_a_colleague_of_the_chair_who_is_not_there_makes_no_meeting_quorate(sign_in, item, chair, covering, member):
    leaves(item.meeting, member)
    sent = {"token": uuid4(), "decision": "signpost", "where": "The library", "rationale": "The library knows them."}
    for by, why in ((chair, "not quorate: 1 more needed"), (covering, NOT_THERE)):
        with pytest.raises(NotPossible, match=why):
            transitions.decide(item, by=by, now=NOW, **HELPED)
        refused = sign_in(by).post(item.get_absolute_url(), sent)
        assert (refused.status_code, why in refused.text) == (409, True)
    assert not HubDecision.objects.exists()


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("decide", HELPED),
        ("defer", {"rationale": "Later.", "needed": "A word with them."}),
        ("discuss", {}),
        ("hear", {}),
    ],
)
def test_of_a_chair_who_is_not_there_nothing_is_taken_in_session(item, later, elsewhere, deed, said):
    later.starts_at = NOW + timedelta(days=30)
    later.save()
    with pytest.raises(NotPossible, match=NOT_THERE):
        getattr(transitions, deed)(item, by=elsewhere, now=NOW, **said)
    item.refresh_from_db()
    assert item.status == ItemStatus.SCHEDULED
    assert not HubDecision.objects.exists()
    assert not Event.objects.filter(subject="hubs.agendaitem").exists()

    arrives(item.meeting, elsewhere)
    getattr(transitions, deed)(item, by=elsewhere, now=NOW, **said)
    assert Event.objects.filter(subject="hubs.agendaitem").exists()


@pytest.mark.parametrize(("deed", "said"), [("ratify", {}), ("not_ratify", {"reason": "No."})])
def test_nor_does_a_chair_who_is_not_there_answer_a_chairs_action(meeting, alone, elsewhere, deed, said):
    with pytest.raises(NotPossible, match=NOT_THERE):
        getattr(transitions, deed)(alone.item, by=elsewhere, now=NOW, **said)
    assert HubDecision.objects.to_ratify().get() == alone

    arrives(meeting, elsewhere)
    getattr(transitions, deed)(alone.item, by=elsewhere, now=NOW, **said)
    assert not HubDecision.objects.to_ratify().exists()


def test_a_chair_who_was_not_there_closes_a_meeting_left_open_and_ratifies_nothing(sign_in, meeting, alone, elsewhere):
    form = sign_in(elsewhere).get(f"{meeting.get_absolute_url()}close/").context["form"]
    assert "ratified" not in form.fields
    with pytest.raises(NotPossible, match=NOT_THERE):
        transitions.close(meeting, by=elsewhere, now=NOW, ratified=[alone])
    closed = transitions.close(meeting, by=elsewhere, now=NOW)
    assert closed.status == MeetingStatus.CLOSED
    assert HubDecision.objects.to_ratify().get() == alone


# --- beside the agencies of whoever chairs ------------------------------------------------------------------------------


def test_neither_the_agency_that_chairs_nor_that_of_whoever_decides_counts_towards_the_quorum(item, elsewhere, member):
    arrives(item.meeting, elsewhere)
    assert quorum_missing(item.meeting) == 0
    transitions.decide(item, by=elsewhere, now=NOW, **HELPED)

    leaves(item.meeting, member)
    assert (quorum_missing(item.meeting), here_now(item.meeting, decides=elsewhere).missing_at_all) == (0, 1)


def test_with_one_agency_too_few_beside_theirs_another_chair_decides_nothing(item, elsewhere, member):
    arrives(item.meeting, elsewhere)
    leaves(item.meeting, member)
    with pytest.raises(NotPossible, match="not quorate: 1 more needed"):
        transitions.decide(item, by=elsewhere, now=NOW, **HELPED)
    assert not HubDecision.objects.exists()


# --- what is offered is what is possible --------------------------------------------------------------------------------


def test_the_page_of_a_family_offers_no_decision_to_a_chair_who_is_not_there_and_says_what_to_do(
    sign_in, item, elsewhere
):
    client = sign_in(elsewhere)
    page = client.get(item.get_absolute_url())
    assert page.context["form"] is None
    assert NOT_THERE in page.text
    assert attendance_url(item.meeting) in page.text
    assert "Hear this family now" not in page.text

    arrives(item.meeting, elsewhere)
    page = client.get(item.get_absolute_url())
    assert page.context["form"] is not None
    assert NOT_THERE not in page.text


def test_a_chairs_action_is_offered_for_an_answer_to_a_chair_who_is_there_alone(sign_in, meeting, alone, elsewhere):
    client, url = sign_in(elsewhere), f"/hubs/items/{alone.item_id}/ratify/"
    assert url not in client.get(meeting.get_absolute_url()).text
    assert NOT_THERE in client.get(url, follow=True).text

    arrives(meeting, elsewhere)
    assert url in client.get(meeting.get_absolute_url()).text
    assert client.get(url).status_code == 200


def test_no_proposal_is_offered_to_be_taken_over_by_a_chair_who_is_not_there(sign_in, item, worker, elsewhere):
    client, url = sign_in(elsewhere), f"{item.meeting.get_absolute_url()}balance/"
    assert "Take into the decision" not in client.get(url).text
    arrives(item.meeting, elsewhere)
    assert "Take into the decision" in client.get(url).text


# --- whoever may decide can be recorded as being there ------------------------------------------------------------------


def test_whoever_covers_for_the_chair_is_ticked_as_here_and_then_decides(sign_in, item, coordinator, members, covering):
    client = sign_in(coordinator)
    here = [*(user.pk for user in members), covering.pk]
    assert client.post(attendance_url(item.meeting), {"present": here}).status_code == 302
    transitions.decide(item, by=covering, now=NOW, **HELPED)
    assert HubDecision.objects.get().by == covering


def test_a_stand_in_and_a_chair_of_a_wider_place_can_be_named_as_here(sign_in, meeting, coordinator, county, member):
    wider = PostFactory(role="hub_chair", area=county).user
    standing_in = UserFactory(agency=member.agency)
    StandIn.objects.create(meeting=meeting, away=member, user=standing_in, named_by=coordinator, named_at=NOW)
    stranger = UserFactory(agency=member.agency)
    offered = sign_in(coordinator).get(attendance_url(meeting)).context["form"].fields["present"].queryset
    assert {wider, standing_in, member} <= set(offered)
    assert stranger not in offered
    assert len(offered) == len(set(offered))
