"""What a chair decided between two meetings is ratified by a hub that sits and is quorate, or it is said why not."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from earlyhelp.audit.models import Event
from earlyhelp.cases.transitions import accept
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible
from hubs import transitions
from hubs.enums import MeetingStatus
from hubs.models import Attendance, HubDecision, HubMeeting
from hubs.services.interests import declare
from tests.factories import CaseFactory, PostFactory
from tests.hubs.factories import MEETS_AT, ItemFactory, MeetingFactory

NOW = MEETS_AT + timedelta(minutes=20)
WHY = "The school had offered the same."


@pytest.fixture
def alone(hub, chair, member, worker, melton):
    """A chair's action: what it decided, before any meeting answered it."""
    elsewhere = MeetingFactory(hub=hub, starts_at=MEETS_AT + timedelta(days=40))
    item = ItemFactory(meeting=elsewhere, case=CaseFactory(area=melton, urgent=True), urgent=True)
    said = {"kind": "allocate", "rationale": "A hearing.", "agreed_by": member, "tier": 2, "worker": worker}
    said |= {"preference": "asked", "preference_note": "Anybody."}
    transitions.decide_out_of_meeting(item, by=chair, now=MEETS_AT - timedelta(days=3), **said)
    return HubDecision.objects.get()


@pytest.fixture
def service_manager(melton):
    return PostFactory(area=melton, role=Role.SERVICE_MANAGER).user


def form_of(client, user, meeting):
    client.force_login(user)
    return client.get(f"{meeting.get_absolute_url()}close/").context["form"]


def ratify_url(decision):
    return f"/hubs/items/{decision.item_id}/ratify/"


def still_waits(decision):
    decision.refresh_from_db()
    return decision.ratified_in is None and decision.not_ratified_in is None


# --- ratified, or not at all -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [MeetingFactory, MeetingFactory.published])
def test_a_meeting_that_does_not_take_place_ratifies_nothing(client, hub, chair, members, alone, made):
    off = made(hub=hub)
    assert "ratified" not in form_of(client, chair, off).fields
    with pytest.raises(NotPossible, match="does not take place"):
        transitions.close(off, by=chair, now=NOW, ratified=[alone])
    off.refresh_from_db()
    assert off.status != MeetingStatus.CLOSED
    assert still_waits(alone)

    client.post(f"{off.get_absolute_url()}close/", {"ratified": [alone.pk]})
    off.refresh_from_db()
    assert off.status == MeetingStatus.CLOSED
    assert still_waits(alone)


def test_a_chair_with_whom_nobody_sits_any_more_ratifies_nothing(client, meeting, chair, members, alone):
    Attendance.objects.filter(meeting=meeting, user=members[0]).delete()
    assert "ratified" not in form_of(client, chair, meeting).fields
    assert "those that wait go on to the next" in client.get(f"{meeting.get_absolute_url()}close/").text
    with pytest.raises(NotPossible, match="not quorate"):
        transitions.close(meeting, by=chair, now=NOW, ratified=[alone])
    transitions.close(meeting, by=chair, now=NOW)
    assert still_waits(alone)


def test_whoever_has_an_interest_in_the_family_counts_for_no_quorum_that_ratifies(meeting, chair, members, alone):
    declare(alone.case, user=members[0], by=members[0], now=NOW)
    with pytest.raises(NotPossible, match="not quorate"):
        transitions.close(meeting, by=chair, now=NOW, ratified=[alone])
    assert still_waits(alone)


def test_a_quorate_meeting_in_session_is_offered_it_and_ratifies(client, meeting, chair, alone):
    assert "ratified" in form_of(client, chair, meeting).fields
    client.post(f"{meeting.get_absolute_url()}close/", {"ratified": [alone.pk]})
    alone.refresh_from_db()
    assert (alone.ratified_in, alone.not_ratified_in) == (meeting, None)


# --- one by one, while the hub sits ------------------------------------------------------------------------------------


def test_the_chair_opens_it_while_the_meeting_sits_and_ratifies_it_there(client, meeting, later, chair, alone):
    client.force_login(chair)
    page = client.get(ratify_url(alone))
    assert alone.rationale in page.text
    assert "on the chair’s word" in page.text
    assert client.post(ratify_url(alone), {"answer": "ratify"}).url == meeting.get_absolute_url()
    alone.refresh_from_db()
    assert (alone.ratified_in, alone.not_ratified_in) == (meeting, None)
    assert Event.objects.get(kind="hubs.agendaitem.ratify").facts["meeting"] == meeting.pk

    assert "ratified" not in form_of(client, chair, meeting).fields
    transitions.close(meeting, by=chair, now=NOW)
    assert alone.case.reference in client.get(f"{meeting.get_absolute_url()}minutes/").text


def test_nothing_is_chosen_for_the_hub_and_a_no_says_why(client, meeting, chair, alone):
    client.force_login(chair)
    assert client.get(ratify_url(alone)).context["form"]["answer"].value() is None
    for sent in ({}, {"answer": "not_ratify", "reason": ""}):
        assert client.post(ratify_url(alone), sent).status_code == 422
    assert still_waits(alone)


def test_what_was_not_brought_up_is_asked_as_the_meeting_closes(client, meeting, hub, chair, members, melton, alone):
    other = ItemFactory(
        meeting=MeetingFactory(hub=hub, starts_at=MEETS_AT + timedelta(days=50)),
        case=CaseFactory(area=melton, urgent=True),
        urgent=True,
    )
    said = {"kind": "signpost", "rationale": "The library.", "where": "The library", "agreed_by": members[1]}
    HubMeeting.objects.filter(pk=meeting.pk).update(status="published")
    transitions.decide_out_of_meeting(other, by=chair, now=MEETS_AT - timedelta(days=2), **said)
    HubMeeting.objects.filter(pk=meeting.pk).update(status="in_meeting")
    transitions.ratify(alone.item, by=chair, now=NOW)
    left = form_of(client, chair, meeting).fields["ratified"].queryset
    assert [each.item for each in left] == [other]


def test_no_hub_that_does_not_meet_or_is_not_quorate_ratifies_it(client, hub, chair, members, alone):
    client.force_login(chair)
    assert client.get(ratify_url(alone), follow=True).redirect_chain[0][0] == alone.item.get_absolute_url()
    with pytest.raises(NotPossible, match="while it meets"):
        transitions.ratify(alone.item, by=chair, now=NOW)
    MeetingFactory.in_session(hub=hub, chair=chair, present=members[:2])
    assert "it can be neither ratified nor refused now" in client.get(ratify_url(alone)).text
    answer = client.post(ratify_url(alone), {"answer": "ratify"})
    assert (answer.status_code, "not quorate" in answer.text) == (409, True)
    assert still_waits(alone)


def test_it_is_ratified_once_and_not_refused_after_that(client, meeting, chair, alone):
    transitions.ratify(alone.item, by=chair, now=NOW)
    for deed, said in ((transitions.ratify, {}), (transitions.not_ratify, {"reason": WHY})):
        with pytest.raises(NotPossible, match="answered this chair’s action already"):
            deed(alone.item, by=chair, now=NOW, **said)
    client.force_login(chair)
    assert client.get(ratify_url(alone)).url == alone.item.get_absolute_url()
    alone.refresh_from_db()
    assert alone.ratified_in == meeting


@pytest.mark.parametrize("who", ["coordinator", "member", "worker", "stranger"])
def test_nobody_but_a_chair_says_that_the_hub_ratifies(request, client, meeting, alone, who):
    user = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        transitions.ratify(alone.item, by=user, now=NOW)
    client.force_login(user)
    assert client.get(ratify_url(alone)).status_code in (403, 404)
    assert still_waits(alone)


# --- not ratified, because ---------------------------------------------------------------------------------------------


def test_what_the_hub_does_not_ratify_is_said_why_and_whoever_leads_and_manages_hears_of_it(
    client, meeting, chair, coordinator, worker, service_manager, alone
):
    Notice.objects.all().delete()
    client.force_login(chair)
    assert ratify_url(alone) in client.get(meeting.get_absolute_url()).text
    client.post(ratify_url(alone), {"answer": "not_ratify", "reason": WHY})
    alone.refresh_from_db()
    assert (alone.not_ratified_in, alone.not_ratified_why, alone.ratified_in) == (meeting, WHY, None)
    told = Notice.objects.filter(key__startswith=f"decision:{alone.pk}:not_ratified")
    assert {notice.to for notice in told} == {worker, service_manager}
    assert {notice.title for notice in told} == {"A chair’s action was not ratified"}
    client.force_login(service_manager)
    assert client.get(told.get(to=service_manager).url).status_code == 200

    transitions.close(meeting, by=chair, now=NOW)
    client.force_login(coordinator)
    for copy in ("minutes/", "minutes.csv"):
        assert WHY in client.get(f"{meeting.get_absolute_url()}{copy}").text
    case = client.get(f"{alone.case.get_absolute_url()}hub/").text
    assert f"Not ratified, because: {WHY} ({meeting})" in case
    assert "Not ratified yet" not in case


def test_nobody_who_declared_an_interest_is_told_that_it_was_not_ratified(
    client, meeting, members, chair, coordinator, worker, service_manager, alone
):
    other = PostFactory(area=service_manager.posts.get().area, role=Role.SERVICE_MANAGER).user
    for user in (worker, service_manager):
        declare(alone.case, user=user, by=coordinator, now=NOW)
    transitions.not_ratify(alone.item, by=chair, now=NOW, reason=WHY)
    told = Notice.objects.filter(key__startswith=f"decision:{alone.pk}:not_ratified")
    assert {notice.to for notice in told} == {other}


def test_whoever_leads_the_family_is_told_whatever_interest_they_declared(
    meeting, chair, coordinator, worker, service_manager, alone
):
    """An interest closes what the hub sees of a family, and not the work of whoever leads it."""
    accept(alone.case, by=worker, now=NOW)
    declare(alone.case, user=worker, by=coordinator, now=NOW)
    transitions.not_ratify(alone.item, by=chair, now=NOW, reason=WHY)
    assert Notice.objects.filter(key=f"decision:{alone.pk}:not_ratified", to=worker).exists()


def test_it_stays_listed_as_not_ratified_and_is_offered_to_no_later_meeting(client, meeting, later, chair, alone):
    transitions.not_ratify(alone.item, by=chair, now=NOW, reason=WHY)
    transitions.close(meeting, by=chair, now=NOW)
    client.force_login(chair)
    page = client.get(later.get_absolute_url()).text
    assert alone.case.reference in page
    assert WHY in page
    assert not HubDecision.objects.to_ratify().exists()
    transitions.close(later, by=chair, now=NOW)
    with pytest.raises(NotPossible, match="answered this chair’s action already"):
        transitions.not_ratify(alone.item, by=chair, now=NOW, reason="Again.")


def test_what_was_ratified_is_not_refused_afterwards(meeting, chair, alone):
    HubDecision.objects.filter(pk=alone.pk).update(ratified_in=meeting)
    with pytest.raises(NotPossible, match="answered this chair’s action already"):
        transitions.not_ratify(alone.item, by=chair, now=NOW, reason=WHY)
    alone.refresh_from_db()
    assert alone.not_ratified_in is None


def test_no_hub_that_does_not_meet_or_is_not_quorate_refuses_it(hub, chair, members, alone):
    with pytest.raises(NotPossible, match="while it meets"):
        transitions.not_ratify(alone.item, by=chair, now=NOW, reason=WHY)
    MeetingFactory.in_session(hub=hub, chair=chair, present=members[:2])
    with pytest.raises(NotPossible, match="not quorate"):
        transitions.not_ratify(alone.item, by=chair, now=NOW, reason=WHY)
    assert still_waits(alone)
    assert not Notice.objects.filter(title__contains="not ratified").exists()


@pytest.mark.parametrize("who", ["coordinator", "member", "worker", "stranger"])
def test_nobody_but_a_chair_says_that_the_hub_does_not_ratify(request, meeting, alone, who):
    with pytest.raises(PermissionDenied):
        transitions.not_ratify(alone.item, by=request.getfixturevalue(who), now=NOW, reason=WHY)
    assert still_waits(alone)


def test_the_database_keeps_a_decision_from_being_both_and_from_a_refusal_without_a_reason(meeting, alone):
    for wrong in (
        {"not_ratified_in": meeting},
        {"not_ratified_why": WHY},
        {"not_ratified_in": meeting, "not_ratified_why": WHY, "ratified_in": meeting},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            HubDecision.objects.filter(pk=alone.pk).update(**wrong)
    assert still_waits(alone)
