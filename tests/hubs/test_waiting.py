"""Families whom no meeting hears in time: they are seen before their day has passed, and there is something to do about it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.cases.enums import Status
from earlyhelp.cases.offers import offer
from earlyhelp.cases.transitions import decline
from earlyhelp.core import dates
from earlyhelp.deadlines.services import promise
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible
from hubs.enums import ItemKind, ItemStatus, MeetingStatus
from hubs.models import AgendaItem, HubMeeting
from hubs.panels import actions_of_the_hub, families_with_nobody, kept_waiting
from hubs.services.actions import undertake
from hubs.services.diary import LATE, call_extra
from hubs.services.interests import declare
from tests.factories import CaseFactory, FamilyFactory, WorkerFactory
from tests.hubs.factories import HubFactory, ItemFactory, MeetingFactory

NOW = timezone.now().replace(microsecond=0)
MEETS = NOW + timedelta(days=15)
BEFORE, AFTER = MEETS - timedelta(days=5), MEETS + timedelta(days=5)


def owed(case, due_at, code="D_MMT_WAIT", **kwargs):
    promise(case, code, now=NOW - timedelta(days=10), due_at=due_at, holder_role=Role.HUB_CHAIR, **kwargs)
    return case


def family(area, name="Okafor", **kwargs):
    return CaseFactory(area=area, family=FamilyFactory(area=area, name=name), **kwargs)


@pytest.fixture
def meeting(hub):
    return MeetingFactory(hub=hub, starts_at=MEETS)


@pytest.fixture
def waiting(meeting, melton):
    """Owed a decision five days before the meeting that would hear them."""
    return ItemFactory(meeting=meeting, case=owed(family(melton), BEFORE))


@pytest.fixture
def sign_in(client):
    def as_(user):
        client.force_login(user)
        return client

    return as_


def too_late():
    return list(AgendaItem.objects.kept_waiting(NOW))


# --- which they are ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_at", "late"), [(BEFORE, True), (MEETS - timedelta(minutes=1), True), (MEETS, False), (AFTER, False)]
)
def test_a_family_waits_past_its_day_if_the_meeting_is_after_it(meeting, melton, due_at, late):
    item = ItemFactory(meeting=meeting, case=owed(family(melton), due_at))
    assert too_late() == ([item] if late else [])


@pytest.mark.parametrize(("due_at", "late"), [(BEFORE, True), (AFTER, False)])
def test_one_on_no_agenda_yet_is_measured_by_the_next_meeting_of_its_hub(meeting, melton, due_at, late):
    MeetingFactory(hub=HubFactory(name="Another hub"), starts_at=NOW + timedelta(days=1))
    item = ItemFactory(hub=meeting.hub, meeting=None, status=ItemStatus.QUEUED, case=owed(family(melton), due_at))
    assert too_late() == ([item] if late else [])


def test_without_a_meeting_in_the_diary_everybody_waits_past_their_day(hub, melton):
    item = ItemFactory(hub=hub, meeting=None, status=ItemStatus.QUEUED, case=owed(family(melton), AFTER))
    assert too_late() == [item]


def test_nobody_waits_past_a_day_who_is_being_heard_now_or_was_decided(hub, chair, melton):
    session = MeetingFactory.in_session(hub=hub, chair=chair, starts_at=NOW)
    yesterday = NOW - timedelta(days=1)
    ItemFactory(meeting=session, case=owed(family(melton), yesterday))
    ItemFactory(
        meeting=MeetingFactory(hub=hub, starts_at=MEETS), status=ItemStatus.DECIDED, case=owed(family(melton), BEFORE)
    )
    assert too_late() == []


def test_a_step_waits_by_its_own_day_and_not_by_that_of_a_review(meeting, melton, worker):
    late, early = (CaseFactory.led_by(worker, area=melton, status=Status.STEP_REQUESTED) for _ in range(2))
    owed(owed(late, AFTER, "D_STEP"), BEFORE, "D_REVIEW", tier=2)
    owed(early, BEFORE, "D_STEP")
    items = [ItemFactory(meeting=meeting, case=case, kind=ItemKind.STEP_REQUEST) for case in (late, early)]
    assert too_late() == items[1:]
    assert AgendaItem.objects.with_due().get(pk=items[0].pk).due_at == AFTER


def test_a_closure_does_not_wait_for_the_hub_alone(meeting, melton, worker):
    case = CaseFactory.led_by(worker, area=melton, status=Status.CLOSING)
    ItemFactory(meeting=meeting, kind=ItemKind.CLOSURE, case=owed(case, BEFORE, "D_CLOSE"))
    assert too_late() == []


# --- where it is said --------------------------------------------------------------------------------------------------


def warned(page, item):
    return (
        f"waits past {dates.day(BEFORE)}; the meeting is on {dates.day(MEETS)}" in page
        and str(item.case.family) in page
    )


@pytest.mark.parametrize("where", ["/hubs/", "meeting"])
def test_the_hub_and_the_agenda_warn_with_a_link_to_each_way_out(sign_in, waiting, chair, hub, where):
    page = sign_in(chair).get(waiting.meeting.get_absolute_url() if where == "meeting" else where).text
    assert warned(page, waiting)
    assert f'href="/hubs/chairs-action/{waiting.case.reference}/"' in page
    assert f'href="/hubs/{hub.pk}/extra/"' in page


def test_the_coordinator_is_sent_to_the_chair_for_a_chairs_action(sign_in, waiting, coordinator, hub):
    page = sign_in(coordinator).get(waiting.meeting.get_absolute_url()).text
    assert warned(page, waiting)
    assert "chairs-action" not in page
    assert f'href="/hubs/{hub.pk}/extra/"' in page


def test_in_time_nobody_is_warned(sign_in, meeting, melton, chair):
    ItemFactory(meeting=meeting, case=owed(family(melton), AFTER))
    for url in ("/hubs/", meeting.get_absolute_url(), "/"):
        assert "waits past" not in sign_in(chair).get(url).text


def test_a_member_reads_the_agenda_without_the_warning(sign_in, hub, member, melton):
    published = MeetingFactory.published(hub=hub, starts_at=MEETS)
    ItemFactory(meeting=published, case=owed(family(melton), BEFORE))
    assert "waits past" not in sign_in(member).get(published.get_absolute_url()).text


def test_home_tells_the_chair_both_ways_out_and_the_coordinator_theirs(waiting, chair, coordinator, hub):
    reference = waiting.case.reference
    decide = f"/hubs/chairs-action/{reference}/"
    assert [line.url for line in kept_waiting(chair, NOW)] == [decide, f"/hubs/{hub.pk}/extra/"]
    assert [line.url for line in kept_waiting(coordinator, NOW)] == [f"/hubs/{hub.pk}/extra/"]
    line = next(iter(kept_waiting(chair, NOW)))
    assert line.due_at == BEFORE
    assert line.text == (
        f"Okafor family ({reference}) waits past {dates.day(BEFORE)}; "
        f"the meeting is on {dates.day(MEETS)}: decide by chair’s action"
    )


@pytest.mark.parametrize("who", ["stranger", "worker", "service_manager", "member", "access_worker"])
def test_home_tells_nobody_else(request, waiting, who):
    assert list(kept_waiting(request.getfixturevalue(who), NOW)) == []


def test_whoever_declared_an_interest_is_not_told_of_the_family(waiting, chair):
    declare(waiting.case, user=chair, by=chair, now=NOW)
    assert list(kept_waiting(chair, NOW)) == []


# --- an extra meeting --------------------------------------------------------------------------------------------------


def test_families_who_would_wait_past_their_day_come_onto_the_extra_meeting(waiting, hub, coordinator, chair, melton):
    in_time = ItemFactory(meeting=waiting.meeting, case=owed(family(melton), AFTER))
    extra = call_extra(hub, by=coordinator, now=NOW, starts_at=BEFORE - timedelta(days=1))

    waiting.refresh_from_db()
    in_time.refresh_from_db()
    assert (waiting.meeting, waiting.status) == (extra, ItemStatus.SCHEDULED)
    assert in_time.meeting != extra
    assert too_late() == []
    assert (extra.slot, extra.status) == (None, MeetingStatus.DRAFT)
    assert Event.objects.get(kind="hubs.hubmeeting.call_extra").actor == coordinator
    assert {notice.to for notice in Notice.objects.all()} == {chair, coordinator}


@pytest.mark.parametrize(("days", "late_reason"), [(1, LATE), (9, "")])
def test_they_are_marked_late_only_once_its_papers_are_closed(waiting, hub, coordinator, days, late_reason):
    call_extra(hub, by=coordinator, now=NOW, starts_at=NOW + timedelta(days=days))
    waiting.refresh_from_db()
    assert waiting.late_reason == late_reason


def test_a_family_deferred_to_a_later_meeting_comes_onto_it_too(hub, meeting, coordinator, melton):
    item = ItemFactory(meeting=meeting, status=ItemStatus.DEFERRED, deferrals=1, case=owed(family(melton), BEFORE))
    extra = call_extra(hub, by=coordinator, now=NOW, starts_at=BEFORE - timedelta(days=1))
    item.refresh_from_db()
    assert (item.meeting, item.deferrals) == (extra, 1)


def test_an_extra_meeting_after_the_regular_one_takes_nobody_from_it(waiting, hub, coordinator):
    call_extra(hub, by=coordinator, now=NOW, starts_at=MEETS + timedelta(days=1))
    waiting.refresh_from_db()
    assert waiting.meeting.starts_at == MEETS


@pytest.mark.parametrize("starts_at", [NOW - timedelta(hours=1), NOW, MEETS])
def test_no_meeting_is_called_in_the_past_or_where_there_is_one(waiting, hub, coordinator, starts_at):
    with pytest.raises(NotPossible):
        call_extra(hub, by=coordinator, now=NOW, starts_at=starts_at)
    assert HubMeeting.objects.count() == 1


@pytest.mark.parametrize("who", ["stranger", "worker", "service_manager", "member"])
def test_only_whoever_runs_the_hub_calls_a_meeting(request, sign_in, hub, who):
    client = sign_in(request.getfixturevalue(who))
    hidden, missing = client.get(f"/hubs/{hub.pk}/extra/"), client.get("/hubs/999999/extra/")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert client.post(f"/hubs/{hub.pk}/extra/").status_code == 404
    assert not HubMeeting.objects.exists()


def test_an_extra_meeting_is_called_on_its_page(sign_in, waiting, hub, coordinator):
    client = sign_in(coordinator)
    day = timezone.localtime(BEFORE - timedelta(days=1))
    answers = {
        "token": client.get(f"/hubs/{hub.pk}/extra/").context["form"]["token"].value(),
        "starts_at_day": day.day, "starts_at_month": day.month, "starts_at_year": day.year, "starts_at_time": "10am",
        "place": "", "remote": "yes",
    }  # fmt: skip
    done = client.post(f"/hubs/{hub.pk}/extra/", answers)
    assert done.status_code == 302, done.text
    extra = HubMeeting.objects.get(slot=None, hub=hub, remote=True)
    assert done.headers["Location"] == extra.get_absolute_url()
    assert client.post(f"/hubs/{hub.pk}/extra/", answers).status_code == 302
    assert HubMeeting.objects.filter(remote=True).count() == 1


# --- urgent families ---------------------------------------------------------------------------------------------------


def test_an_urgent_family_is_on_the_chairs_home_before_any_sweep(hub, melton, chair):
    case = owed(family(melton, urgent=True), NOW + timedelta(days=2), "D_URGENT_HUB")
    assert not AgendaItem.objects.exists()
    [line] = families_with_nobody(chair, NOW)
    assert (line.place, line.url, line.due_at) == (0, f"/hubs/chairs-action/{case.reference}/", NOW + timedelta(days=2))
    assert line.text == f"Urgent: decide on the Okafor family ({case.reference}) by chair’s action"


def test_its_link_leads_to_the_decision(sign_in, hub, melton, chair):
    family(melton, urgent=True)
    [line] = families_with_nobody(chair, NOW)
    assert sign_in(chair).get(line.url).status_code == 200


@pytest.mark.parametrize("case", [{"urgent": False}, {"urgent": True, "restricted": True}])
def test_what_can_wait_or_is_not_theirs_is_not_there(hub, melton, chair, case):
    family(melton, **case)
    assert list(families_with_nobody(chair, NOW)) == []


@pytest.mark.parametrize("who", ["stranger", "coordinator", "worker", "access_worker"])
def test_only_the_chair_of_that_hub_is_asked(request, hub, melton, who):
    family(melton, urgent=True)
    assert list(families_with_nobody(request.getfixturevalue(who), NOW)) == []


def test_the_sweep_adds_no_second_line(hub, melton, chair):
    from hubs.services.agenda import gather

    MeetingFactory(hub=hub, starts_at=MEETS)
    owed(owed(family(melton, urgent=True), NOW + timedelta(days=2), "D_URGENT_HUB"), BEFORE)
    gather(now=NOW)
    assert len([*families_with_nobody(chair, NOW), *kept_waiting(chair, NOW)]) == 1


# --- actions -----------------------------------------------------------------------------------------------------------


def test_an_action_is_on_its_owners_home_from_a_week_before(hub, member):
    soon, later = (
        undertake(hub, what="Ring the school", due_on=NOW.date() + timedelta(days=days), owner=member, now=NOW)
        for days in (6, 9)
    )
    assert [line.url for line in actions_of_the_hub(member, NOW)] == [soon.get_absolute_url()]
    assert later.get_absolute_url() != soon.get_absolute_url()


def test_an_action_of_an_agency_is_the_coordinators_to_ask_about(hub, member, coordinator, chair, stranger):
    action = undertake(hub, what="Ring the school", due_on=NOW.date(), agency=member.agency, now=NOW)
    [line] = actions_of_the_hub(coordinator, NOW)
    assert line.text == f"{action.reference}: ask {member.agency} who does it"
    for other in (chair, stranger, member):
        assert list(actions_of_the_hub(other, NOW)) == []


def test_its_link_leads_to_its_row(sign_in, hub, member):
    action = undertake(hub, what="Ring the school", due_on=NOW.date(), owner=member, now=NOW)
    path, _, anchor = action.get_absolute_url().partition("#")
    assert f'id="{anchor}"' in sign_in(member).get(path).text


def test_a_family_stepped_up_whose_new_worker_declined_goes_back_to_the_chair(melton, chair, worker, sign_in):
    """Whoever leads may not lead at tier 3: the step is not finished, and nobody may forget it."""
    lead, line = WorkerFactory(agency=worker.agency, intensive=False), "Tier 3 needs an intensive worker"
    case = CaseFactory.led_by(lead, area=melton, tier=3)
    asked = {"preference": "asked", "preference_note": "Anybody."}
    handed = {"handover_note": "They know the school.", "joint_visit": "On Monday."}
    offer(case, worker=worker, tier=3, by=chair, now=NOW, **asked, **handed)
    browser = sign_in(chair)
    assert line not in browser.get("/").text

    decline(case, by=worker, now=NOW, reason="I am full.")

    assert case.deadlines.open().filter(code="D_URGENT_HUB").exists()
    assert line in browser.get("/").text


@pytest.mark.parametrize("urgent", [True, False])
def test_a_chair_reads_that_it_can_wait_before_they_type_anything(sign_in, hub, chair, waiting_case, urgent):
    meeting = MeetingFactory(hub=hub)
    item = ItemFactory(meeting=meeting, case=waiting_case, urgent=urgent)

    page = sign_in(chair).get(reverse("hubs:chairs_action", args=[waiting_case.reference])).content.decode()

    assert ("This can wait for the meeting" in page) is not urgent
    assert (f'href="{item.get_absolute_url()}">The family on the agenda' in page) is not urgent
