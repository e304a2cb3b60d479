"""Before a meeting: its day, the order of its agenda, what comes onto it and what is left for the next, who is asked again."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.directory.models import Need
from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import SYSTEM, NotPossible
from hubs import transitions
from hubs.enums import ItemStatus, MeetingStatus
from hubs.models import AgendaItem
from hubs.queries import in_order
from hubs.services.interests import declare
from referrals.transitions.request import answer, lapse
from tests.factories import MONDAY, CaseFactory, PostFactory, UserFactory
from tests.hubs.factories import MEETS_AT, ItemFactory, MeetingFactory
from tests.hubs.referred import asked, referred

NOW = timezone.now()
SOON = (NOW + timedelta(days=20)).replace(microsecond=0)


@pytest.fixture
def draft(hub):
    return MeetingFactory(hub=hub, starts_at=SOON)


def order_of(meeting):
    items = AgendaItem.objects.filter(meeting=meeting).select_related("case").with_due().with_births().with_grounds()
    return in_order(items, now=MONDAY)


# --- the order ---------------------------------------------------------------------------------------------------------


def test_a_family_that_social_care_waits_to_close_comes_before_others_that_are_alike(draft):
    ItemFactory(meeting=draft, case__level_of_need=2)
    waits = ItemFactory(meeting=draft, case__level_of_need=2)
    ends = {"source_kind": "social_care", "closing_summary": "A plan ended.", "plan_ahead": "The school goes on."}
    referred(waits.case, step_down=True, **ends)
    first = order_of(draft)[0]
    assert (first.item, first.reasons) == (waits, ["social care waits to close"])


def test_a_family_for_the_programme_comes_before_others_that_are_alike(draft):
    ItemFactory(meeting=draft, case__level_of_need=2)
    several = ItemFactory(meeting=draft, case__level_of_need=2)
    referred(several.case, needs=[need for need in Need.values if need != Need.CONNECTION][:3])
    two = ItemFactory(meeting=draft, case__level_of_need=2)
    referred(two.case, needs=[Need.CONNECTION, *[need for need in Need.values if need != Need.CONNECTION][:2]])
    assert [line.reasons for line in order_of(draft)] == [["for the families programme"], [], []]


def test_the_order_goes_back_to_what_was_suggested(draft, coordinator):
    first, second = ItemFactory(meeting=draft), ItemFactory(meeting=draft, since_at=MONDAY + timedelta(days=1))
    transitions.move(second, by=coordinator, now=MONDAY, up=True)
    assert [(line.item, line.is_moved) for line in order_of(draft)] == [(second, True), (first, True)]
    transitions.restore_order(draft, by=coordinator, now=MONDAY)
    assert [(line.item, line.is_moved) for line in order_of(draft)] == [(first, False), (second, False)]


def test_who_moved_what_from_where_to_where_is_on_a_page(sign_in, draft, coordinator):
    ItemFactory(meeting=draft)
    second = ItemFactory(meeting=draft, since_at=MONDAY + timedelta(days=1))
    answer = sign_in(coordinator).post(f"{draft.get_absolute_url()}order/", {"up": second.pk})
    assert answer["Location"] == f"{draft.get_absolute_url()}#move-{second.pk}"
    (move,) = sign_in(coordinator).get(f"{draft.get_absolute_url()}moves/").context["moves"]
    assert (move["item"], move["who"], move["from_place"], move["to_place"]) == (second, coordinator, 2, 1)


# --- what comes onto it, and what does not -----------------------------------------------------------------------------


def test_a_family_waiting_for_a_later_meeting_is_found_by_its_name_and_added(sign_in, hub, draft, coordinator, melton):
    later = MeetingFactory(hub=hub, starts_at=SOON + timedelta(days=30))
    wanted, other = (ItemFactory(meeting=later, case=CaseFactory(area=melton)) for _ in range(2))
    client, url = sign_in(coordinator), f"{draft.get_absolute_url()}late/"
    page = client.get(url, {"q": wanted.case.reference.lower()}).content.decode()
    assert wanted.case.reference in page
    assert other.case.reference not in page
    assert client.post(url, {"item": wanted.pk}).status_code == 302
    wanted.refresh_from_db()
    other.refresh_from_db()
    assert (wanted.meeting, wanted.late_reason, other.meeting) == (draft, "", later)


def test_once_the_papers_are_closed_the_page_asks_why_and_which_chair_says_so(
    sign_in, hub, coordinator, chair, members, melton
):
    near = MeetingFactory(hub=hub, starts_at=NOW + timedelta(days=2))
    later = MeetingFactory(hub=hub, starts_at=SOON + timedelta(days=30))
    item = ItemFactory(meeting=later, case=CaseFactory(area=melton))
    client, url = sign_in(coordinator), f"{near.get_absolute_url()}late/"
    said = {"item": item.pk, "late_reason": "Eviction on Friday."}
    for missing in ({"item": item.pk, "late_by": chair.pk}, said, said | {"late_by": members[0].pk}):
        assert client.post(url, missing).status_code == 422
    item.refresh_from_db()
    assert item.meeting == later

    client.post(url, said | {"late_by": chair.pk})
    item.refresh_from_db()
    assert (item.meeting, item.late_reason, item.late_by) == (near, "Eviction on Friday.", chair)
    assert [notice.title for notice in Notice.objects.filter(to=chair)] == [
        "A late family is on the agenda on your word"
    ]


def test_a_chair_who_adds_a_late_family_is_asked_for_nobodys_word(sign_in, hub, chair, melton):
    near = MeetingFactory(hub=hub, starts_at=NOW + timedelta(days=2))
    item = ItemFactory(
        meeting=MeetingFactory(hub=hub, starts_at=SOON + timedelta(days=30)), case=CaseFactory(area=melton)
    )
    client, url = sign_in(chair), f"{near.get_absolute_url()}late/"
    assert "late_by" not in client.get(url).context["form"].fields
    client.post(url, {"item": item.pk, "late_reason": "Eviction on Friday."})
    item.refresh_from_db()
    assert (item.meeting, item.late_by) == (near, chair)
    assert not Notice.objects.filter(to=chair).exists()


def test_a_coordinator_alone_puts_no_late_family_on_the_agenda(hub, coordinator, chair, members, melton):
    near = MeetingFactory(hub=hub, starts_at=NOW + timedelta(days=2))
    item = ItemFactory(
        meeting=MeetingFactory(hub=hub, starts_at=SOON + timedelta(days=30)), case=CaseFactory(area=melton)
    )
    late = {"by": coordinator, "now": NOW, "meeting": near, "late_reason": "Eviction on Friday."}
    declare(item.case, user=chair, by=chair, now=NOW)
    for nobody in (None, coordinator, members[0], chair):
        with pytest.raises(NotPossible, match="chair or the deputy"):
            transitions.schedule(item, **late, late_by=nobody)
    item.refresh_from_db()
    assert item.meeting != near
    assert not Notice.objects.exists()


def test_a_family_left_for_the_next_meeting_is_not_deferred(hub, draft, coordinator):
    later = MeetingFactory(hub=hub, starts_at=SOON + timedelta(days=30))
    item = ItemFactory(meeting=draft)
    item = transitions.leave_for_later(item, by=coordinator, now=NOW, reason="Nobody has asked them yet.")
    assert (item.meeting, item.status, item.deferrals) == (later, ItemStatus.SCHEDULED, 0)


def test_once_the_papers_are_out_only_the_meeting_defers(hub, coordinator):
    item = ItemFactory(meeting=MeetingFactory.published(hub=hub))
    with pytest.raises(NotPossible, match="papers are out"):
        transitions.leave_for_later(item, by=coordinator, now=NOW, reason="Later.")


# --- its day -----------------------------------------------------------------------------------------------------------


def test_a_meeting_that_moves_after_its_papers_tells_every_member_and_names_nobody(hub, members, coordinator):
    meeting = MeetingFactory.published(hub=hub)
    at = MEETS_AT + timedelta(days=2)
    moved = transitions.reschedule(
        meeting, by=coordinator, now=MONDAY, starts_at=at, place="Fearon Hall", remote=False, reason="The hall is let."
    )
    assert (moved.starts_at, moved.members_until) == (at, moved.last_day_for_members())
    notices = Notice.objects.filter(title="A hub meeting has moved")
    assert {notice.to for notice in notices} >= set(members)


def test_a_meeting_does_not_move_into_the_past_or_onto_another(hub, coordinator):
    meeting, other = MeetingFactory(hub=hub), MeetingFactory(hub=hub, starts_at=MEETS_AT + timedelta(days=7))
    facts = {"place": "", "remote": False, "reason": "It suits better."}
    for at, why in ((MONDAY - timedelta(days=1), "still to come"), (other.starts_at, "already")):
        with pytest.raises(NotPossible, match=why):
            transitions.reschedule(meeting, by=coordinator, now=MONDAY, starts_at=at, **facts)
    meeting.refresh_from_db()
    assert meeting.starts_at == MEETS_AT


def test_a_meeting_called_off_after_its_papers_tells_every_member(hub, members, chair):
    meeting = MeetingFactory.published(hub=hub, starts_at=SOON)
    transitions.close(meeting, by=chair, now=NOW)
    assert {notice.to for notice in Notice.objects.filter(title="A hub meeting is called off")} >= set(members)


def test_nobody_but_those_who_run_the_hub_moves_its_meeting(hub, member):
    facts = {"starts_at": MEETS_AT + timedelta(days=1), "place": "", "remote": False, "reason": "It suits me."}
    with pytest.raises(PermissionDenied):
        transitions.reschedule(MeetingFactory.published(hub=hub), by=member, now=MONDAY, **facts)
    assert not Event.objects.exists()


@pytest.mark.parametrize(("days", "left"), [(0, 5), (1, 4), (7, 0), (8, 0)])
def test_the_page_counts_working_days_until_the_papers_close(hub, days, left):
    meeting = MeetingFactory.build(hub=hub, starts_at=MEETS_AT)  # a Tuesday: its papers close the Tuesday before
    monday = MEETS_AT.date() - timedelta(days=14)
    assert meeting.papers_close_at.date() == MEETS_AT.date() - timedelta(days=7)
    assert meeting.working_days_to_papers(monday + timedelta(days=days)) == left


# --- agencies are asked again ------------------------------------------------------------------------------------------


@pytest.fixture
def silent(draft, melton):
    """An agency that was asked about a family on the agenda and has not answered, and somebody who answers for it."""
    item = ItemFactory(meeting=draft)
    request = asked(referred(item.case), status="lapsed")
    PostFactory(user=UserFactory(agency=request.agency), role="agency_contact", area=melton)
    return request


def test_one_press_asks_everybody_who_owes_an_answer(draft, silent, coordinator):
    transitions.ask_agencies_again(draft, by=coordinator, now=NOW)
    silent.refresh_from_db()
    assert silent.status == "sent"
    assert silent.due_at > NOW
    assert silent.deadlines.open().count() == 1
    assert {notice.title for notice in Notice.objects.filter(kind="request")} == {
        "EH Access still waits for your answer"
    }


def test_the_same_day_nobody_is_asked_twice(draft, silent, coordinator):
    transitions.ask_agencies_again(draft, by=coordinator, now=NOW)
    with pytest.raises(NotPossible, match="Nobody can be asked again"):
        transitions.ask_agencies_again(draft, by=coordinator, now=NOW)


def test_an_agency_that_is_asked_again_may_answer_though_triage_is_over(draft, silent, coordinator):
    transitions.ask_agencies_again(draft, by=coordinator, now=NOW)
    contact = Notice.objects.get(kind="request").to
    done = answer(silent, by=contact, now=NOW, known="Seen in May.")
    assert done.status == "answered"


def test_asked_again_and_silent_it_lapses_again(draft, silent, coordinator):
    transitions.ask_agencies_again(draft, by=coordinator, now=NOW)
    silent.refresh_from_db()
    assert lapse(silent, by=SYSTEM, now=NOW).status == "lapsed"


def test_who_has_answered_is_not_asked(draft, coordinator, chair):
    item = ItemFactory(meeting=draft)
    asked(referred(item.case), status="nothing_held", answered_by=chair, answered_at=MONDAY)
    with pytest.raises(NotPossible):
        transitions.ask_agencies_again(draft, by=coordinator, now=NOW)
    assert not Notice.objects.exists()


def test_the_agenda_says_how_many_have_answered(sign_in, draft, silent, coordinator, chair):
    asked(silent.referral, status="nothing_held", answered_by=chair, answered_at=MONDAY)
    (line,) = sign_in(coordinator).get(draft.get_absolute_url()).context["lines"]
    assert line.item.replies == (1, 2)


def test_a_stand_in_is_a_colleague_who_is_not_there_anyway(draft, members, coordinator):
    with pytest.raises(NotPossible, match="already"):
        transitions.name_stand_in(draft, by=coordinator, now=NOW, away=members[0], user=members[1])
    assert draft.status == MeetingStatus.DRAFT
