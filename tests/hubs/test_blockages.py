"""What stops a family's plan: raised, owned, taken further, unpicked (domain.md 4, system 20; 6.10; 7)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import Goal, Plan, PlanAction
from earlyhelp.cases.enums import Status
from earlyhelp.core.calendar import add_working_days
from earlyhelp.core.rights import may
from earlyhelp.families.chronology import chronology_of
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible
from hubs.enums import BlockageStatus, DecisionKind, ItemKind, ItemStatus, Level
from hubs.models import AgendaItem, Blockage, HubAction, ServiceGap
from hubs.services.actions import undertake
from hubs.services.agenda import gather
from hubs.services.blockages import ENDED, follow_up_blockages, raise_blockage
from hubs.services.interests import declare
from hubs.transitions import decide
from hubs.transitions.blockages import escalate, own, resolve
from tests.factories import AgencyFactory, CaseFactory, PostFactory
from tests.hubs.factories import MeetingFactory

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
WHAT = "The school has no place for Zqsecretxk before Easter."
SAID = {"what": WHAT, "since_on": TODAY - timedelta(days=14), "tried": "Rang twice; wrote to the head."}
SOON = TODAY + timedelta(days=7)


def raised(case, by, now=NOW, **facts):
    return raise_blockage(case, by=by, now=now, **SAID | facts)


def owed(blockage):
    return [(each.code, each.holder, each.holder_role) for each in blockage.deadlines.open()]


def titles(user):
    return list(Notice.objects.filter(to=user).order_by("pk").values_list("title", flat=True))


@pytest.fixture
def blockage(led_case, worker):
    return raised(led_case, worker)


@pytest.fixture
def at_the_hub(blockage, worker):
    return escalate(blockage, by=worker, now=NOW, reason="The head does not answer.")


@pytest.fixture
def meeting(hub, chair, members):
    """In session today."""
    return MeetingFactory.in_session(hub=hub, chair=chair, present=members, starts_at=NOW.replace(microsecond=0))


# --- in the chronology of the family (R11) ------------------------------------------------------------------------------


def told(family, user):
    user.forget_scope()
    lines = chronology_of(family, user)
    return [(line.title, line.text, line.where) for line in lines if "lockage" in line.title]


def test_raised_taken_further_and_unpicked_it_is_told_in_the_familys_chronology(at_the_hub, worker):
    resolve(at_the_hub, by=worker, now=NOW + timedelta(days=1), resolution="A place at another school.")
    case = at_the_hub.case

    lines = told(case.family, worker)

    assert {line[:2] for line in lines} == {
        ("Something stops the plan: raised as a blockage", WHAT),
        ("The blockage was taken further", "The head does not answer."),
        ("The blockage was unpicked", "A place at another school."),
    }
    assert {line[2] for line in lines} == {case.reference}


def test_whoever_only_sees_the_family_is_told_nothing_of_what_stops_its_case(blockage, access_worker, service_manager):
    for person in (access_worker, service_manager):
        assert told(blockage.case.family, person) == []


# --- raised -------------------------------------------------------------------------------------------------------------


def test_whoever_leads_owes_a_name_within_two_working_days(blockage, worker):
    assert owed(blockage) == [("D_BLOCKAGE_OWNER", worker, "")]
    assert timezone.localdate(blockage.deadlines.get().due_at) == add_working_days(TODAY, 2)


def test_the_lead_hears_of_what_a_colleague_raises_and_of_nothing_else(led_case, worker, other_worker):
    raised(led_case, other_worker)
    assert titles(worker) == ["A blockage is raised: say who unpicks it"]
    [notice] = Notice.objects.all()
    assert notice.reference == led_case.reference
    assert WHAT not in notice.title + notice.url + notice.key


def test_what_is_not_led_by_anybody_is_not_stopped(waiting_case, worker):
    with pytest.raises(NotPossible, match="led by nobody"):
        raised(waiting_case, worker)
    assert not Blockage.objects.exists()


def test_a_missing_service_is_counted_as_a_gap_of_the_place(led_case, worker):
    raised(led_case, worker, need="autism", missing="Support at school age.")
    gap = ServiceGap.objects.get()
    assert (gap.need, gap.area, gap.tier, gap.decision) == ("autism", led_case.area, 2, None)
    assert WHAT not in gap.note


def test_an_ordinary_blockage_is_no_gap(blockage):
    assert not ServiceGap.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "owned"},
        {"level": 3},
        {"level": 2},
        {"resolution": "Done"},
        {"status": "resolved"},
        {"what": ""},
        {"act_by": TODAY},
    ],
)
def test_the_database_refuses_what_is_not_whole(blockage, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Blockage.objects.filter(pk=blockage.pk).update(**wrong)


# --- owned --------------------------------------------------------------------------------------------------------------


def test_somebody_by_name_has_it_by_a_day(blockage, worker, practitioner):
    owned = own(blockage, by=worker, now=NOW, owner=practitioner, act_by=SOON)
    assert owned.status == BlockageStatus.OWNED
    assert owed(owned) == [("D_BLOCKAGE", practitioner, "")]
    assert timezone.localdate(owned.deadlines.open().get().due_at) == SOON
    assert titles(practitioner) == ["A blockage is yours to unpick"]


def test_its_owner_reads_what_stops_the_family_and_not_the_case(blockage, worker, practitioner):
    own(blockage, by=worker, now=NOW, owner=practitioner, act_by=SOON)
    practitioner.forget_scope()
    assert may(practitioner, "view", blockage)
    assert not may(practitioner, "view", blockage.case)


def test_whoever_had_it_reads_it_no_more_once_it_is_unpicked(blockage, worker, practitioner):
    own(blockage, by=worker, now=NOW, owner=practitioner, act_by=SOON)
    resolve(blockage, by=practitioner, now=NOW, resolution="A place at another school.")
    practitioner.forget_scope()
    assert not may(practitioner, "view", blockage)


def test_whoever_declared_an_interest_is_not_named(blockage, worker, practitioner, chair):
    declare(blockage.case, user=practitioner, by=chair, now=NOW)
    with pytest.raises(NotPossible, match="can not be named"):
        own(blockage, by=worker, now=NOW, owner=practitioner, act_by=SOON)
    blockage.refresh_from_db()
    assert blockage.owner is None


def test_of_a_restricted_record_only_the_team_is_named(led_case, worker, practitioner, other_worker):
    led_case.restricted = True
    led_case.save()
    blockage = raised(led_case, worker)
    with pytest.raises(NotPossible):
        own(blockage, by=worker, now=NOW, owner=practitioner, act_by=SOON)
    assert own(blockage, by=worker, now=NOW, owner=worker, act_by=SOON).owner == worker


@pytest.mark.parametrize("who", ["other_worker", "stranger", "service_manager", "access_worker"])
def test_nobody_else_carries_it_on(request, blockage, who):
    user = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        resolve(blockage, by=user, now=NOW, resolution="No.")
    blockage.refresh_from_db()
    assert blockage.status == BlockageStatus.RAISED


# --- taken further ------------------------------------------------------------------------------------------------------


def test_taken_to_the_hub_it_comes_onto_the_next_agenda_by_itself(hub, chair, coordinator, at_the_hub):
    meeting = MeetingFactory(hub=hub, starts_at=NOW + timedelta(days=20))
    gather(now=NOW)
    item = AgendaItem.objects.get()
    assert (item.kind, item.case, item.meeting) == (ItemKind.BLOCKAGE, at_the_hub.case, meeting)
    assert owed(at_the_hub) == [("D_BLOCKAGE_OWNER", None, Role.HUB_COORDINATOR)]
    assert titles(chair) == titles(coordinator) == ["A blockage is taken to you"]
    assert gather(now=NOW) == 0


def test_what_the_team_has_is_on_no_agenda(blockage, hub):
    MeetingFactory(hub=hub, starts_at=NOW + timedelta(days=20))
    assert gather(now=NOW) == 0


def test_unpicked_before_the_meeting_it_leaves_the_agenda(at_the_hub, hub, worker):
    MeetingFactory(hub=hub, starts_at=NOW + timedelta(days=20))
    gather(now=NOW)
    resolve(at_the_hub, by=worker, now=NOW, resolution="The head rang back.")
    gather(now=NOW)
    assert AgendaItem.objects.get().status == ItemStatus.REMOVED


def test_a_case_that_asks_something_else_is_heard_once_with_its_blockage(at_the_hub, hub):
    MeetingFactory(hub=hub, starts_at=NOW + timedelta(days=20))
    gather(now=NOW)
    case = at_the_hub.case
    case.status = Status.CLOSING
    case.save()
    gather(now=NOW)
    gather(now=NOW)
    assert AgendaItem.objects.live().get().kind == ItemKind.CLOSURE


def heard(blockage, meeting, chair, kind, **facts):
    gather(now=NOW)
    item = AgendaItem.objects.get(case=blockage.case)
    AgendaItem.objects.filter(pk=item.pk).update(meeting=meeting, status=ItemStatus.SCHEDULED)
    return decide(item, by=chair, now=NOW, kind=kind, rationale="The district can move this.", **facts)


def test_the_hub_decides_who_unblocks_it_and_by_when(at_the_hub, meeting, chair, member):
    PostFactory(user=member, role=Role.HUB_MEMBER, area=meeting.hub.area)
    action = {"what": "Ask admissions for a place", "owner": member, "due_on": SOON}
    heard(at_the_hub, meeting, chair, DecisionKind.UNBLOCK, actions=[action])
    at_the_hub.refresh_from_db()
    assert (at_the_hub.status, at_the_hub.owner, at_the_hub.act_by) == (BlockageStatus.OWNED, member, SOON)
    assert at_the_hub.hub_actions.get().what == "Ask admissions for a place"
    assert gather(now=NOW) == 0


def test_to_unblock_takes_somebody_who_does_it(at_the_hub, meeting, chair):
    with pytest.raises(NotPossible, match="An action says who"):
        heard(at_the_hub, meeting, chair, DecisionKind.UNBLOCK)
    at_the_hub.refresh_from_db()
    assert (at_the_hub.status, at_the_hub.heard_at) == (BlockageStatus.ESCALATED, None)
    assert not HubAction.objects.exists()


def test_only_noted_it_leaves_the_agenda_and_the_coordinator_still_owes_a_name(at_the_hub, meeting, chair):
    heard(at_the_hub, meeting, chair, DecisionKind.NOTE)
    at_the_hub.refresh_from_db()
    assert (at_the_hub.status, at_the_hub.heard_at) == (BlockageStatus.ESCALATED, NOW)
    assert owed(at_the_hub) == [("D_BLOCKAGE_OWNER", None, Role.HUB_COORDINATOR)]
    assert gather(now=NOW) == 0


def test_an_action_of_the_hub_that_is_done_leads_to_what_it_unblocks(sign_in, at_the_hub, meeting, chair, member):
    action = {"what": "Ask admissions for a place", "owner": member, "due_on": SOON}
    heard(at_the_hub, meeting, chair, DecisionKind.UNBLOCK, actions=[action])
    answer = sign_in(member).post(f"/hubs/actions/{HubAction.objects.get().pk}/done/")
    assert answer.url == f"/hubs/blockages/{at_the_hub.pk}/do/resolve/"
    at_the_hub.refresh_from_db()
    assert at_the_hub.is_open
    assert sign_in(member).get(answer.url).status_code == 200


def test_any_other_action_that_is_done_leads_back_to_the_actions(sign_in, hub, member):
    action = undertake(hub, what="Bring the figures", due_on=SOON, now=NOW, owner=member)
    assert sign_in(member).post(f"/hubs/actions/{action.pk}/done/").url == "/hubs/actions/"


def test_service_managers_read_what_they_are_asked_and_nothing_of_the_family(
    sign_in, at_the_hub, chair, service_manager
):
    with pytest.raises(NotPossible, match="what you ask"):
        escalate(at_the_hub, by=chair, now=NOW, reason="Not ours to give.")
    row = escalate(at_the_hub, by=chair, now=NOW, reason="Not ours to give.", asked="A place mid-year, please.")
    assert titles(service_manager) == ["A blockage is taken to you"]
    page = sign_in(service_manager).get(row.get_absolute_url()).content.decode()
    assert "A place mid-year, please." in page
    for kept in (WHAT, str(row.case.family), "Not ours to give.", SAID["tried"]):
        assert kept not in page
    listed = sign_in(service_manager).get("/hubs/blockages/").content.decode()
    assert "A place mid-year, please." in listed
    assert WHAT not in listed


def test_a_service_manager_names_who_unpicks_it(at_the_hub, chair, service_manager, practitioner):
    row = escalate(at_the_hub, by=chair, now=NOW, reason="No.", asked="A place.")
    assert own(row, by=service_manager, now=NOW, owner=practitioner, act_by=SOON).owner == practitioner


def test_before_it_is_taken_to_them_service_managers_open_nothing(sign_in, at_the_hub, service_manager):
    assert sign_in(service_manager).get(at_the_hub.get_absolute_url()).status_code == 404
    assert WHAT not in sign_in(service_manager).get("/hubs/blockages/?show=all").content.decode()


def test_of_a_restricted_record_nobody_further_than_its_named_chair_hears(led_case, worker, chair, coordinator):
    led_case.restricted, led_case.named_chair = True, chair
    led_case.save()
    row = escalate(raised(led_case, worker), by=worker, now=NOW, reason="The head does not answer.")
    assert (titles(chair), titles(coordinator)) == (["A blockage is taken to you"], [])
    chair.forget_scope()
    with pytest.raises(NotPossible, match="restricted"):
        escalate(row, by=chair, now=NOW, reason="No.", asked="A place.")
    row.refresh_from_db()
    assert row.level == Level.HUB


def test_there_is_nobody_further_than_service_managers(at_the_hub, chair):
    row = escalate(at_the_hub, by=chair, now=NOW, reason="No.", asked="A place.")
    with pytest.raises(NotPossible, match="nobody further"):
        escalate(row, by=chair, now=NOW, reason="No.", asked="A place.")


# --- by itself ----------------------------------------------------------------------------------------------------------


def test_ten_working_days_past_its_day_it_goes_to_the_hub_by_itself(blockage):
    due_on = timezone.localdate(blockage.deadlines.get().due_at)
    late = NOW + (add_working_days(due_on, 11) - TODAY)
    assert follow_up_blockages(now=late - timedelta(days=3)) == 0
    assert follow_up_blockages(now=late) == 1
    blockage.refresh_from_db()
    assert (blockage.status, blockage.level) == (BlockageStatus.ESCALATED, Level.HUB)
    assert follow_up_blockages(now=late) == 0


def test_what_stopped_a_case_that_ended_stops_nothing(blockage):
    case = blockage.case
    case.status, case.closed_on, case.end_reason = Status.CLOSED, TODAY, "outcomes_met"
    case.save()
    assert follow_up_blockages(now=NOW) == 1
    blockage.refresh_from_db()
    assert (blockage.status, blockage.resolution) == (BlockageStatus.RESOLVED, ENDED)
    assert owed(blockage) == []


# --- pages --------------------------------------------------------------------------------------------------------------


def test_it_is_raised_on_its_page_with_the_action_it_stops(sign_in, led_case, worker):
    goal = Goal.objects.create(plan=Plan.objects.create(case=led_case), words="School again")
    facts = {"case": led_case, "goal": goal, "owner": worker, "due_on": SOON, "how_we_will_know": "He goes"}
    PlanAction.objects.create(what="Find a school place", **facts)
    url = f"/hubs/blockages/raise/{led_case.reference}/"
    client = sign_in(worker)
    page = client.get(url)
    said = {"what": WHAT, "tried": "Rang.", "stops": "Find a school place", "since_on": TODAY.isoformat()}
    sent = said | {"token": page.context["form"]["token"].value()}
    answer = client.post(url, sent)
    assert answer.status_code == 302
    blockage = Blockage.objects.get()
    assert (blockage.stops, blockage.raised_by) == ("Find a school place", worker)
    assert WHAT in client.get(blockage.get_absolute_url()).content.decode()


@pytest.mark.parametrize("who", ["other_worker", "stranger", "service_manager", "chair"])
def test_only_whoever_works_with_the_family_raises_one(request, sign_in, led_case, who):
    client = sign_in(request.getfixturevalue(who))
    assert client.get(f"/hubs/blockages/raise/{led_case.reference}/").status_code == 404


def test_the_case_says_that_it_is_blocked_until_it_is_not(sign_in, blockage, worker):
    client = sign_in(worker)
    said = "Something stops this family’s plan."
    assert said in client.get(blockage.case.get_absolute_url()).content.decode()
    assert WHAT in client.get(f"{blockage.case.get_absolute_url()}blockages/").content.decode()
    resolve(blockage, by=worker, now=NOW, resolution="A place was found.")
    assert said not in client.get(blockage.case.get_absolute_url()).content.decode()
    assert "A place was found." in client.get(f"{blockage.case.get_absolute_url()}blockages/").content.decode()


def test_in_the_meeting_it_is_on_the_table(sign_in, at_the_hub, meeting, chair):
    gather(now=NOW)
    item = AgendaItem.objects.get()
    AgendaItem.objects.update(meeting=meeting, status=ItemStatus.SCHEDULED)
    page = sign_in(chair).get(item.get_absolute_url()).content.decode()
    assert WHAT in page
    assert "Unblock: somebody does it, by a day" in page


def test_whoever_owes_something_finds_it_on_their_first_page(sign_in, blockage, worker, practitioner):
    assert f"Say who unpicks the blockage: {blockage.reference}" in sign_in(worker).get("/").content.decode()
    own(blockage, by=worker, now=NOW, owner=practitioner, act_by=SOON)
    assert f"Unpick the blockage: {blockage.reference}" in sign_in(practitioner).get("/").content.decode()
    assert "who unpicks the blockage" not in sign_in(worker).get("/").content.decode()


@pytest.mark.parametrize("n", [1, 20])
def test_the_list_takes_as_many_queries_however_many_there_are(
    sign_in, coordinator, melton, worker, n, django_assert_num_queries
):
    agency = AgencyFactory()
    for _ in range(n):
        row = raised(CaseFactory.led_by(worker, area=melton), worker, agency=agency)
        own(row, by=worker, now=NOW, owner=worker, act_by=SOON)
    client = sign_in(coordinator)
    client.get("/hubs/blockages/")
    with django_assert_num_queries(5):  # session, person, areas of the filter, count, rows
        assert client.get("/hubs/blockages/").status_code == 200


@pytest.mark.parametrize("show", ["", "all", "mine"])
def test_the_list_is_narrowed(sign_in, blockage, worker, coordinator, show):
    found = sign_in(coordinator).get(f"/hubs/blockages/?show={show}&level=1&area={blockage.case.area_id}")
    assert len(found.context["page"].object_list) == (0 if show == "mine" else 1)
