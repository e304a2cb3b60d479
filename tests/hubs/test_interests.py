"""Who must not hear of a family: somebody else hears it, or it is deferred on record; and two take an interest back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.cases.models import Case
from earlyhelp.deadlines.services import promise
from earlyhelp.deadlines.sweep import ring
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible
from hubs import transitions
from hubs.enums import ConflictStatus, ItemStatus
from hubs.models import AgendaItem, Conflict, HubDecision
from hubs.queries import here_now, interests_of, quorum_missing
from hubs.queries.interests import chairs_here
from hubs.services.agenda import gather
from hubs.services.interests import declare
from tests.factories import CaseFactory, PostFactory, UserFactory
from tests.hubs.factories import ItemFactory, MeetingFactory, SeatFactory, arrives

NOW = timezone.now()
HELPED = {"kind": "signpost", "rationale": "The library knows them.", "where": "The library"}


@pytest.fixture
def meeting(hub, chair, members):
    """In session today, with one agency more than a quorum."""
    members.append(SeatFactory(hub=hub).user)
    return MeetingFactory.in_session(hub=hub, chair=chair, present=members, starts_at=NOW.replace(microsecond=0))


@pytest.fixture
def hidden(item, chair, coordinator):
    """A family in which its only chair has declared an interest."""
    declare(item.case, user=chair, by=coordinator, now=NOW, meeting=item.meeting)
    return item


def fresh(row):
    row.refresh_from_db()
    return row


# --- the chair may not hear of it --------------------------------------------------------------------------------------


def test_the_deputy_who_is_there_hears_a_family_that_the_chair_may_not(sign_in, hidden, chair):
    deputy = PostFactory(role="hub_chair", area=hidden.hub.area).user
    arrives(hidden.meeting, deputy)
    page = sign_in(deputy).get(hidden.get_absolute_url())
    assert page.context["form"] is not None
    transitions.decide(hidden, by=deputy, now=NOW, **HELPED)
    assert fresh(hidden).status == ItemStatus.DECIDED
    assert sign_in(chair).get(hidden.get_absolute_url()).status_code == 404


def test_where_no_chair_may_hear_it_the_coordinator_names_somebody_who_is_there(sign_in, hidden, coordinator, members):
    client = sign_in(coordinator)
    page = client.get(hidden.get_absolute_url())
    assert "No chair who is here may hear of this family" in page.text
    url = f"{hidden.get_absolute_url()}instead/"
    assert client.post(url, {"user": members[0].pk}).status_code == 302
    assert Notice.objects.get(to=members[0]).url == hidden.get_absolute_url()
    assert sign_in(members[0]).get(hidden.get_absolute_url()).context["form"] is not None
    transitions.decide(hidden, by=members[0], now=NOW, **HELPED)
    decision = HubDecision.objects.get()
    assert (decision.by, decision.kind) == (members[0], "signpost")


def test_whoever_was_named_decides_about_that_family_alone_and_only_while_the_meeting_sits(
    hidden, coordinator, member, melton
):
    other = ItemFactory(meeting=hidden.meeting, case=CaseFactory(area=melton))
    transitions.name_chair(hidden, by=coordinator, now=NOW, user=member)
    with pytest.raises(PermissionDenied):
        transitions.decide(other, by=member, now=NOW, **HELPED)
    hidden.meeting.attendance.filter(user=member).update(presence="absent")
    with pytest.raises(PermissionDenied):
        transitions.decide(hidden, by=member, now=NOW, **HELPED)
    hidden.meeting.attendance.filter(user=member).update(presence="present")
    type(hidden.meeting).objects.update(status="closed", closed_at=NOW)
    member.forget_scope()
    assert not Case.objects.for_user(member, "decide").exists()
    assert not HubDecision.objects.exists()


def test_nobody_is_named_who_is_not_there_or_knows_the_family_too(hidden, coordinator, members, chair, worker):
    declare(hidden.case, user=members[1], by=coordinator, now=NOW)
    for user in (worker, members[1], chair):
        with pytest.raises(NotPossible, match="choose somebody else"):
            transitions.name_chair(hidden, by=coordinator, now=NOW, user=user)
    assert fresh(hidden).heard_by is None


def test_nobody_is_named_where_a_chair_may_hear_it(item, coordinator, member, chair):
    with pytest.raises(NotPossible, match="may decide about this family"):
        transitions.name_chair(item, by=coordinator, now=NOW, user=member)
    assert chairs_here(item) == [chair]


def test_the_chair_names_nobody_for_a_family_of_which_they_may_not_hear(sign_in, hidden, chair, member):
    with pytest.raises(PermissionDenied):
        transitions.name_chair(hidden, by=chair, now=NOW, user=member)
    assert sign_in(chair).get(f"{hidden.get_absolute_url()}instead/").status_code == 404


def test_a_family_that_nobody_here_could_hear_is_deferred_on_record_and_the_chair_is_told_nothing_of_it(
    sign_in, hidden, chair, coordinator, later
):
    later.starts_at = NOW + timedelta(days=30)
    later.save()
    client = sign_in(chair)
    url = f"{hidden.meeting.get_absolute_url()}close/"
    assert hidden.case.reference not in client.get(url).text
    after = client.post(url, {}, follow=True)
    assert hidden.case.reference not in after.text
    deferral = HubDecision.objects.get()
    assert (deferral.kind, deferral.meeting, deferral.case) == ("defer", hidden.meeting, hidden.case)
    assert "declared an interest" in deferral.rationale
    assert (fresh(hidden).status, hidden.meeting, hidden.deferrals) == (ItemStatus.DEFERRED, later, 1)
    minutes = sign_in(coordinator).get(f"/hubs/meetings/{deferral.meeting_id}/minutes/")
    assert deferral.rationale in minutes.text


def test_it_is_heard_too_late_for_the_coordinator_once_no_meeting_hears_it_in_time(hidden, chair, coordinator, later):
    later.starts_at = NOW + timedelta(days=30)
    later.save()
    promise(hidden.case, "D_MMT_WAIT", now=NOW, holder_role=Role.HUB_CHAIR, due_at=NOW + timedelta(days=2))
    transitions.close(hidden.meeting, by=chair, now=NOW)
    assert [each.case for each in AgendaItem.objects.for_user(coordinator, "prepare").kept_waiting(NOW)] == [
        hidden.case
    ]


def test_a_second_time_too_and_without_a_later_meeting_it_waits_for_the_next_that_is_planned(hidden, chair):
    AgendaItem.objects.update(deferrals=1)
    transitions.close(hidden.meeting, by=chair, now=NOW)
    assert (fresh(hidden).status, hidden.meeting, hidden.deferrals) == (ItemStatus.QUEUED, None, 2)
    assert HubDecision.objects.get().kind == "defer"


def test_a_restricted_record_is_carried_over_without_a_word_as_before(meeting, chair, later, melton):
    item = ItemFactory(meeting=meeting, case=CaseFactory(area=melton, restricted=True))
    later.starts_at = NOW + timedelta(days=30)
    later.save()
    transitions.close(meeting, by=chair, now=NOW)
    assert (fresh(item).status, item.deferrals) == (ItemStatus.SCHEDULED, 0)
    assert not HubDecision.objects.exists()


def test_what_the_hub_owes_rings_for_the_coordinator_where_no_chair_may_hear_of_it(item, chair, coordinator):
    owed = promise(item.case, "D_MMT_WAIT", now=NOW, holder_role=Role.HUB_CHAIR, due_at=NOW + timedelta(hours=1))
    declare(item.case, user=chair, by=coordinator, now=NOW)
    ring(now=NOW + timedelta(hours=2))
    told = {notice.to for notice in Notice.objects.filter(reference=item.case.reference)}
    assert (coordinator in told, chair in told) == (True, False)
    PostFactory(role="hub_chair", area=item.hub.area)
    gather(now=NOW)
    assert fresh(owed).holder_role == Role.HUB_CHAIR


# --- the quorum --------------------------------------------------------------------------------------------------------


def test_whoever_has_an_interest_does_not_count_towards_the_quorum_of_that_family(
    sign_in, item, chair, members, melton
):
    other = ItemFactory(meeting=item.meeting, case=CaseFactory(area=melton))
    for user in members[:2]:
        declare(item.case, user=user, by=chair, now=NOW)
    assert (quorum_missing(item.meeting), here_now(item.meeting, item.case_id).missing) == (0, 1)
    with pytest.raises(NotPossible, match="Not quorate for this family"):
        transitions.decide(item, by=chair, now=NOW, **HELPED)
    assert "does not count" in sign_in(chair).get(item.get_absolute_url()).text
    assert "does not count" not in sign_in(chair).get(other.get_absolute_url()).text
    transitions.decide(other, by=chair, now=NOW, **HELPED)
    assert HubDecision.objects.get().case == other.case


# --- taken back --------------------------------------------------------------------------------------------------------


@pytest.fixture
def mistaken(item, member, chair):
    return declare(item.case, user=member, by=chair, now=NOW, meeting=item.meeting)


def test_two_people_take_an_interest_back_and_it_is_all_on_record(sign_in, mistaken, item, member, chair, coordinator):
    arrives(item.meeting, coordinator)
    url = f"/hubs/interests/{mistaken.pk}/mistake/"
    assert item.case.reference not in sign_in(member).get(url).text
    assert sign_in(member).post(url, {"reason": "Another family of that name."}).status_code == 302
    assert sign_in(member).get(item.get_absolute_url()).status_code == 404
    assert {each.to for each in Notice.objects.all()} == {chair, coordinator}
    answer = {"answer": "take_back", "reason": "I asked her."}
    assert sign_in(coordinator).post(f"/hubs/interests/{mistaken.pk}/confirm/", answer).status_code == 302
    assert sign_in(member).get(item.get_absolute_url()).status_code == 200
    assert (fresh(mistaken).doubted_by, mistaken.confirmed_by) == (member, coordinator)
    kinds = Event.objects.filter(subject="hubs.conflict").order_by("pk").values_list("kind", "reason")
    assert list(kinds)[1:] == [
        ("hubs.conflict.doubt", "Another family of that name."),
        ("hubs.conflict.take_back", "I asked her."),
    ]


def test_nobody_sees_a_hidden_family_by_taking_their_own_interest_back(sign_in, hidden, chair):
    conflict = Conflict.objects.get()
    transitions.doubt(conflict, by=chair, now=NOW, reason="I do not know them.")
    with pytest.raises(PermissionDenied):
        transitions.take_back(conflict, by=chair, now=NOW, reason="Sure.")
    assert sign_in(chair).get(f"/hubs/interests/{conflict.pk}/confirm/").status_code == 404
    assert fresh(conflict).status == ConflictStatus.DOUBTED


def test_whoever_says_it_was_a_mistake_does_not_confirm_it_too(mistaken, chair):
    transitions.doubt(mistaken, by=chair, now=NOW, reason="The wrong line.")
    with pytest.raises(NotPossible, match="somebody else"):
        transitions.take_back(mistaken, by=chair, now=NOW, reason="Sure.")
    assert fresh(mistaken).status == ConflictStatus.DOUBTED


def test_while_the_hub_meets_somebody_who_is_there_confirms_it(mistaken, chair, coordinator):
    transitions.doubt(mistaken, by=chair, now=NOW, reason="The wrong line.")
    with pytest.raises(NotPossible, match="somebody who is there"):
        transitions.take_back(mistaken, by=coordinator, now=NOW, reason="Sure.")
    assert fresh(mistaken).status == ConflictStatus.DOUBTED


def test_an_interest_may_be_upheld_and_declared_again_after_it_was_taken_back(
    mistaken, item, member, chair, coordinator
):
    arrives(item.meeting, coordinator)
    transitions.doubt(mistaken, by=member, now=NOW, reason="No.")
    transitions.uphold(mistaken, by=chair, now=NOW, reason="Her sister.")
    assert fresh(mistaken).status == ConflictStatus.STANDING
    transitions.doubt(mistaken, by=member, now=NOW, reason="No.")
    transitions.take_back(mistaken, by=coordinator, now=NOW, reason="Right.")
    declare(item.case, user=member, by=member, now=NOW)
    assert Conflict.objects.count() == 2
    assert Conflict.objects.standing().count() == 1


@pytest.mark.parametrize("who", ["stranger", "worker", "service_manager"])
def test_nobody_else_reads_or_doubts_an_interest(request, sign_in, mistaken, who):
    client = sign_in(request.getfixturevalue(who))
    assert client.get(f"/hubs/interests/{mistaken.pk}/mistake/").status_code == 404
    assert client.get(f"/hubs/meetings/{mistaken.meeting_id}/interests/").status_code == 404


def test_the_list_says_of_whom_only_to_those_who_may_hear_of_it(sign_in, hidden, chair, coordinator, melton, meeting):
    secret = CaseFactory(area=melton, restricted=True)
    declare(secret, user=UserFactory(), by=chair, now=NOW, meeting=meeting)
    url = f"/hubs/meetings/{hidden.meeting_id}/interests/"
    theirs, hers = sign_in(coordinator).get(url), sign_in(chair).get(url)
    assert hidden.case.reference in theirs.text
    assert hidden.case.reference not in hers.text
    assert "One family" in hers.text
    assert len(theirs.context["interests"]) == 1
    assert secret.reference not in theirs.text


@pytest.mark.parametrize("n", [1, 20])
def test_the_list_takes_as_many_queries_for_twenty_as_for_one(
    sign_in, meeting, chair, melton, n, django_assert_num_queries
):
    for _ in range(n):
        declare(CaseFactory(area=melton), user=UserFactory(), by=chair, now=NOW, meeting=meeting)
    client = sign_in(chair)
    client.get(f"/hubs/meetings/{meeting.pk}/interests/")
    with django_assert_num_queries(6):
        page = client.get(f"/hubs/meetings/{meeting.pk}/interests/")
    assert len(page.context["interests"]) == n
    assert interests_of(meeting, chair)


def test_a_mistake_is_told_on_its_page(sign_in, mistaken, chair, coordinator):
    transitions.doubt(mistaken, by=chair, now=NOW, reason="The wrong line.")
    page = sign_in(coordinator).get(f"/hubs/interests/{mistaken.pk}/confirm/")
    assert "The wrong line." in page.text
