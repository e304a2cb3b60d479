"""What is missing shows itself, from records that were made anyway; and shows nobody (domain.md 15.4, stories 6, 7 and 17)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from assessments.models import Goal, Plan, PlanAction
from earlyhelp.core.dates import day
from earlyhelp.families.services import record_agreement
from earlyhelp.insight import gaps
from earlyhelp.insight.trends import trends, trends_of
from hubs.enums import Band
from hubs.models import HubAction, HubDecision, ServiceGap
from hubs.queries import agreements_of
from hubs.services.actions import undertake
from hubs.services.collaboratives import found, report
from hubs.transitions import complete, name_stand_in
from tests.directory.factories import OnwardFactory
from tests.factories import (
    AreaFactory,
    CaseFactory,
    FamilyFactory,
    MemberFactory,
    PersonFactory,
    PostFactory,
    ServiceFactory,
    UserFactory,
    WorkerFactory,
)
from tests.insight.missing import NOW, STOPPED, TODAY, allocated, blocked

PAGE, LIST = "/dashboard/trends/", "/dashboard/trends/gaps/"


def seen(user, **filters):
    user.forget_scope()
    return {(row.label, row.area): (str(row.numbers[-1]), row.says) for row in trends(user, today=TODAY, **filters)}


AUTISM = ("Support with autism", "Charnwood")


# --- story 7 ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def autism(session, marek, charnwood, graham):
    """Four times this quarter: two decisions, and two blockages; nobody kept a tally."""
    allocated(session, marek), allocated(session, marek)
    return [blocked(charnwood, marek), blocked(AreaFactory(name="Syston", kind="locality", parent=charnwood), marek)]


def test_the_autism_gap_emerges_by_itself(autism, graham):
    assert ServiceGap.objects.filter(need="autism").count() == 4
    assert seen(graham) == {AUTISM: ("4", "New")}


def test_it_stands_on_the_page_and_leads_to_the_four_records_alone(as_user, autism, charnwood, graham):
    browser = as_user(graham)
    page = browser.get(PAGE).content.decode()
    assert "Support with autism" in page
    [row] = browser.get(PAGE).context["trends"]
    forum = found(area=charnwood, name="Soar", by=graham, now=NOW)
    said = {"need": "autism", "band": Band.SOME, "since_on": TODAY, "evidence": "Two playgroups.", "area": forum.area}
    report(forum, by=graham, now=NOW, kind="gap", seen="It ends at school age.", **said)
    listed = browser.get(row.numbers[-1].url)
    assert len(listed.context["page"].object_list) == 4
    for line in listed.context["page"].object_list:
        assert browser.get(line.url).status_code == 200


def test_it_names_nobody(as_user, autism, graham):
    for address in (PAGE, LIST):
        page = as_user(graham).get(address).content.decode()
        for blockage in autism:
            assert str(blockage.case.family) not in page
        assert STOPPED["what"] not in page


def test_a_small_number_is_hidden_from_those_who_may_not_open_what_it_counts(as_user, autism, service_manager):
    assert seen(service_manager) == {AUTISM: ("Fewer than 5", "New")}
    browser = as_user(service_manager)
    assert browser.get(PAGE).context["chart"] == []
    assert browser.get(LIST).context["page"].object_list == []


def test_from_five_on_the_number_itself_is_told(autism, marek, charnwood, service_manager):
    blocked(charnwood, marek)
    assert seen(service_manager)[AUTISM][0] == "5"


def test_the_hub_of_another_area_sees_nothing_of_it(autism, chair):
    assert seen(chair) == {}


def test_a_seat_at_the_hub_is_enough_to_see_the_trends_of_its_area(as_user, autism, session):
    member = session.hub.members.first().user
    assert seen(member)[AUTISM][1] == "New"
    assert as_user(member).get(PAGE).status_code == 200


@pytest.mark.parametrize("who", ["marek", "access_worker", "ig_lead"])
def test_for_whoever_answers_for_no_place_there_is_no_such_page(request, as_user, autism, who):
    browser = as_user(request.getfixturevalue(who))
    assert browser.get(PAGE).status_code == 404
    assert browser.get(LIST).status_code == 404


def test_a_young_person_is_asked_for_their_own_agreement_whatever_is_counted(session, marek, graham):
    """Story 7, and not: Elliot is sixteen."""
    family = FamilyFactory(area=session.hub.area)
    dawn, elliot = (
        MemberFactory(family=family, person=PersonFactory(first_name=name)).person for name in ("Dawn", "Elliot")
    )
    case = allocated(session, marek, family=family)
    for person, status in ((dawn, "given"), (elliot, "refused")):
        why = {} if status == "given" else {"why_not": "Not now."}
        record_agreement(family=family, person=person, status=status, by=marek, now=NOW, **why)
    assert {each.person: each.status for each in agreements_of(case)} == {dawn: "given", elliot: "refused"}
    assert len(seen(graham)) == 1


# --- a restricted record (promise P4) -----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["graham", "service_manager", "stranger"])
def test_a_restricted_record_changes_nothing_for_those_not_entitled(request, as_user, autism, marek, charnwood, who):
    user = request.getfixturevalue(who)
    before = seen(user), as_user(user).get(LIST).context["page"].paginator.count
    blocked(charnwood, marek, restricted=True)
    blocked(charnwood, marek, need="transport", restricted=True)
    assert (seen(user), as_user(user).get(LIST).context["page"].paginator.count) == before


# --- where else it is written down --------------------------------------------------------------------------------------


def test_what_a_service_sends_back_for_want_of_a_place_is_counted_for_each_of_its_needs(chair, melton, worker):
    service = ServiceFactory(needs=["money", "housing"])
    sent_back = {"status": "returned", "sent_at": NOW, "answered_at": NOW, "ended_at": NOW}
    permitted = {"given_by": "themselves", "given_how": "in_person", "permitted_at": NOW}
    for reason in ("full", "declined"):
        OnwardFactory(area=melton, service=service, returned_because=reason, **sent_back | permitted)
    assert {need for need, _ in seen(chair)} == {"Financial stability", "Secure housing"}
    assert {number for number, _ in seen(chair).values()} == {"Fewer than 5"}


def test_what_was_planned_and_not_done_is_counted_and_what_was_cancelled_is_not(led_case, worker, chair):
    goal = Goal.objects.create(plan=Plan.objects.create(case=led_case), words="Warm", heading="housing")
    said = {"case": led_case, "goal": goal, "owner": worker, "due_on": TODAY, "how_we_will_know": "It is warm"}
    for status in ("not_done", "cancelled", "done"):
        PlanAction.objects.create(what="A boiler", status=status, ended_at=NOW, came_of_it="No money.", **said)
    assert seen(chair) == {("Secure housing", "Melton"): ("1", "New")}


# --- what local forums report -------------------------------------------------------------------------------------------


def test_what_a_forum_reports_stands_beside_it_and_is_not_added(as_user, chair, coordinator, melton):
    """Story 17: rising school anxiety, without naming anyone; and the hub sees the trend."""
    forum = found(area=melton, name="Vale", by=coordinator, now=NOW)
    said = {"need": "anxiety", "band": Band.SOME, "since_on": TODAY, "evidence": "Three schools.", "area": melton}
    for kind in ("trend", "gap"):
        report(forum, by=coordinator, now=NOW, kind=kind, seen="More stay at home.", **said)
    [row] = as_user(chair).get(PAGE).context["trends"]
    assert (row.label, row.numbers[-1].counted, row.reports.counted) == ("Anxiety, and being away from school", 0, 2)
    listed = as_user(chair).get(row.reports.url)
    assert [line.source for line in listed.context["page"].object_list] == ["Reported by a collaborative"] * 2


# --- on the running order of the hub (domain.md 9.2, 7 and 8) ------------------------------------------------------------


def at_the_meeting(browser, meeting):
    return browser.get(meeting.get_absolute_url()).context["points"]


def test_the_meeting_reads_the_most_pressing_of_its_place_and_of_no_other(
    as_user, autism, session, graham, marek, melton
):
    for need in ("transport", "money", "carers"):
        blocked(session.hub.area, marek, need=need)
    blocked(melton, marek, need="anxiety"), blocked(melton, marek, need="anxiety")
    [point] = at_the_meeting(as_user(graham), session)
    assert point.lines[0][0] == AUTISM[0]
    assert point.lines[0][1] == "4 times this quarter, new"
    assert len(point.lines) == 3
    assert "Anxiety" not in str(point.lines)
    listed = as_user(graham).get(point.lines[0][2])
    assert len(listed.context["page"].object_list) == 4
    assert as_user(graham).get(point.url).status_code == 200


def test_it_says_of_a_place_what_the_page_of_trends_says(autism, session, graham, service_manager, chair):
    for reader in (graham, service_manager, chair):
        reader.forget_scope()
        of_the_place = trends_of(reader, session.hub.area, today=TODAY)
        everywhere = trends(reader, today=TODAY, area=session.hub.area)
        told = [(row.label, [str(each) for each in row.numbers], row.says, str(row.reports)) for row in of_the_place]
        assert told == [
            (row.label, [str(each) for each in row.numbers], row.says, str(row.reports)) for row in everywhere
        ]


def test_a_restricted_record_changes_nothing_at_the_meeting(as_user, autism, session, graham, marek, charnwood):
    before = at_the_meeting(as_user(graham), session)
    blocked(charnwood, marek, restricted=True)
    assert at_the_meeting(as_user(graham), session) == before


def test_whoever_only_sits_for_another_reads_no_trends_there(as_user, session, graham):
    session.status = "published"
    session.opened_at = session.chaired_by = None
    session.attendance.all().delete()
    session.save()
    away, colleague = session.hub.members.first().user, UserFactory(agency=session.hub.members.first().user.agency)
    name_stand_in(session, by=graham, now=NOW, away=away, user=colleague)
    assert at_the_meeting(as_user(colleague), session) == []
    assert at_the_meeting(as_user(away), session) != []


def test_the_meeting_reads_how_full_its_workers_are_and_who_else_waits(
    as_user, session, graham, marek, charnwood, melton
):
    PostFactory(user=WorkerFactory(case_limit=4), area=charnwood)
    PostFactory(user=WorkerFactory(case_limit=9), area=melton)
    type(marek).objects.filter(pk=marek.pk).update(case_limit=4)
    CaseFactory.led_by(marek, area=melton, tier=3)
    CaseFactory.led_by(marek, area=charnwood, tier=2, restricted=True)
    page = as_user(graham).get(session.get_absolute_url())
    assert (page.context["room"].workers, page.context["room"].percent, page.context["room"].left) == (2, 31, 5)
    assert "2 workers here carry 31% of what they may, with room for 5 more families at tier 2" in page.text
    CaseFactory(area=charnwood)
    assert "1 family waits beside those on this agenda" in as_user(graham).get(session.get_absolute_url()).text


# --- who takes a gap up (domain.md 15.4) ---------------------------------------------------------------------------------


def test_what_the_hub_undertakes_about_a_gap_stands_beside_it_and_is_reminded_of(
    as_user, autism, session, graham, service_manager, stranger, chair
):
    browser, url = as_user(graham), f"{session.get_absolute_url()}action/"
    member = session.hub.members.first().user
    sent = {"token": browser.get(url).context["form"]["token"].value(), "owner": member.pk, "need": "autism"}
    said = sent | {"what": "Ask health for a group", "due_on": (TODAY + timedelta(days=20)).isoformat()}
    assert browser.post(url, said).status_code == 302
    action = HubAction.objects.get()
    assert action.deadlines.get().holder == member
    beside = f"{member}, by {day(action.due_on)}: Ask health for a group"
    for reader in (graham, service_manager, member):
        reader.forget_scope()
        assert beside in as_user(reader).get(PAGE).text
    assert "Ask health" not in as_user(chair).get(PAGE).text

    complete(action, by=member, now=NOW)
    assert f"Done {day(TODAY)}: Ask health for a group" in as_user(graham).get(PAGE).text


def test_what_is_undertaken_about_a_family_stands_beside_no_gap(as_user, autism, session, graham):
    undertake(session.hub, what="Ring the school", owner=graham, due_on=TODAY, now=NOW)
    assert "Ring the school" not in as_user(graham).get(PAGE).text
    decision = HubDecision.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        undertake(session.hub, what="Ring", owner=graham, due_on=TODAY, now=NOW, need="autism", decision=decision)


def test_an_action_about_a_gap_that_names_somebody_gives_pause_and_another_does_not(as_user, session, graham):
    browser, url = as_user(graham), f"{session.get_absolute_url()}action/"
    sent = {"owner": graham.pk, "what": "Ask Zebedee Harlow", "due_on": (TODAY + timedelta(days=20)).isoformat()}
    for need, status in (("autism", 422), ("", 302)):
        token = browser.get(url).context["form"]["token"].value()
        assert browser.post(url, sent | {"token": token, "need": need}).status_code == status
    assert HubAction.objects.get().need == ""


# --- over time ----------------------------------------------------------------------------------------------------------


def test_what_rises_stands_first_and_what_was_there_before_is_not_new(chair, melton, worker):
    for need, ages in (("transport", (0, 0, 0, 95)), ("carers", (0, 95))):
        for age in ages:
            blockage = blocked(melton, worker, need=need)
            ServiceGap.objects.filter(blockage=blockage).update(raised_at=NOW - timedelta(days=age))
    assert [(label, says) for (label, _), (_, says) in seen(chair).items()] == [
        ("Transport", "Rising"),
        ("Support for carers and young carers", ""),
    ]


def test_quarters_are_those_of_the_calendar():
    assert gaps.quarters(date(2026, 2, 10), 3) == [date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1)]
    assert gaps.named(date(2025, 10, 1)) == "Oct to Dec 2025"
    assert [gaps.next_quarter(date(2025, month, 1)) for month in (1, 7, 10)] == [
        date(2025, 4, 1),
        date(2025, 10, 1),
        date(2026, 1, 1),
    ]


@pytest.mark.parametrize("n", [1, 20])
def test_the_pages_take_as_many_queries_however_much_is_missing(
    as_user, coordinator, melton, worker, n, django_assert_num_queries
):
    for number in range(n):
        blocked(AreaFactory(name=f"Place {number}", kind="locality", parent=melton), worker)
    browser = as_user(coordinator)
    browser.get(PAGE)
    with django_assert_num_queries(12):
        browser.get(PAGE)
    with django_assert_num_queries(8):
        browser.get(LIST)
