"""Everybody who runs a hub knows the family otherwise: a service manager says who hears it, and nobody is told who may not."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from earlyhelp.cases.models import Case
from earlyhelp.cases.services import deciders
from earlyhelp.deadlines.services import promise
from earlyhelp.deadlines.sweep import ring
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible
from hubs import transitions
from hubs.enums import ItemStatus
from hubs.models import AgendaItem, Conflict, HubDecision
from hubs.panels import families_that_nobody_hears
from hubs.services.agenda import gather
from hubs.services.interests import declare
from hubs.services.requests import ask_to_agree
from hubs.transitions.requests import agree
from tests.factories import CaseFactory, PostFactory
from tests.hubs.factories import UNASKED, ItemFactory, MeetingFactory

NOW = timezone.now().replace(microsecond=0)
ASKED = "Nobody who runs a hub may hear of a family: say who does"
HELPED = {"kind": "signpost", "rationale": "The library knows them.", "where": "The library"}


@pytest.fixture
def draft(hub, members, chair, coordinator):
    return MeetingFactory(hub=hub, starts_at=NOW + timedelta(days=8))


@pytest.fixture
def unheard(draft, melton, chair, coordinator, service_manager):
    """Its papers are barred, for nobody has agreed; and the chair and the coordinator know the family otherwise."""
    item = ItemFactory(meeting=draft, case=CaseFactory(area=melton), **UNASKED)
    for user in (chair, coordinator):
        declare(item.case, user=user, by=user, now=NOW, meeting=draft)
    item.refresh_from_db()
    return item


def instead(item):
    return f"/hubs/items/{item.pk}/instead/"


def fresh(row):
    row.refresh_from_db()
    return row


def test_a_service_manager_hears_that_nobody_may_and_names_somebody_by_the_number_alone(
    sign_in, unheard, service_manager, member
):
    notice = Notice.objects.get(to=service_manager, title=ASKED)
    assert (notice.reference, notice.url) == (unheard.case.reference, instead(unheard))

    client = sign_in(service_manager)
    page = client.get(notice.url)
    assert "Everybody who runs" in page.text
    assert str(unheard.case.family) not in page.text
    assert client.post(notice.url, {"user": member.pk}).status_code == 302
    assert client.get(unheard.get_absolute_url()).status_code == 404

    assert fresh(unheard).heard_by == member
    assert Notice.objects.get(to=member).url == unheard.get_absolute_url()


def test_it_stands_first_on_the_home_page_of_a_service_manager_until_somebody_is_named(
    unheard, service_manager, member, chair
):
    (line,) = families_that_nobody_hears(service_manager, NOW)
    assert (line.url, unheard.case.reference in line.text) == (instead(unheard), True)
    assert families_that_nobody_hears(chair, NOW) == []
    transitions.name_chair(unheard, by=service_manager, now=NOW, user=member)
    assert families_that_nobody_hears(service_manager, NOW) == []


def test_whoever_was_named_puts_right_what_bars_the_papers_and_they_go_out(
    sign_in, unheard, draft, coordinator, service_manager, member
):
    publish = f"{draft.get_absolute_url()}publish/"
    ItemFactory(meeting=draft, case=CaseFactory(area=unheard.hub.area), preference="asked", preference_note="Anybody.")
    page = sign_in(coordinator).get(publish).text
    assert "the service managers have been asked who hears it" in page
    assert unheard.case.reference not in page

    transitions.name_chair(unheard, by=service_manager, now=NOW, user=member)
    assert f"ask {member}, who hears it, to put it right" in sign_in(coordinator).get(publish).text

    said = {"purpose": "safeguarding", "reason": "The child is not safe."}
    url = f"/hubs/items/{unheard.pk}/without-agreement/"
    answer = sign_in(member).post(url, said)
    assert (answer.status_code, answer.url) == (302, unheard.get_absolute_url())
    assert sign_in(member).get(unheard.get_absolute_url()).status_code == 200

    sign_in(coordinator).post(publish, {"all_the_same": "Nobody here leads yet."})
    assert fresh(draft).status == "published"


def test_they_may_decide_it_with_another_agency_before_the_meeting_and_no_other_family(
    unheard, draft, service_manager, members, melton
):
    transitions.name_chair(unheard, by=service_manager, now=NOW, user=members[0])
    Case.objects.filter(pk=unheard.case_id).update(urgent=True)
    other = ItemFactory(meeting=draft, case=CaseFactory(area=melton, urgent=True), urgent=True)
    with pytest.raises(PermissionDenied):
        transitions.decide_out_of_meeting(other, by=members[0], now=NOW, agreed_by=members[1], **HELPED)

    transitions.decide_out_of_meeting(fresh(unheard), by=members[0], now=NOW, agreed_by=members[1], **HELPED)

    assert HubDecision.objects.get().by == members[0]
    members[0].forget_scope()
    assert not Case.objects.for_user(members[0]).filter(pk=unheard.case_id).exists()


def test_nobody_is_named_who_knows_the_family_leads_it_or_does_not_sit_there(
    sign_in, unheard, service_manager, members, worker, chair
):
    declare(unheard.case, user=members[0], by=members[0], now=NOW)
    offered = sign_in(service_manager).get(instead(unheard)).context["form"].fields["user"].queryset
    assert set(offered) == set(members[1:])
    for user in (members[0], worker, chair):
        with pytest.raises(NotPossible, match="choose somebody else"):
            transitions.name_chair(unheard, by=service_manager, now=NOW, user=user)
    assert fresh(unheard).heard_by is None


@pytest.mark.parametrize("who", ["chair", "coordinator", "member", "stranger", "manager"])
def test_nobody_else_names_who_hears_it(request, sign_in, unheard, member, who):
    user = request.getfixturevalue(who)
    assert sign_in(user).get(instead(unheard)).status_code == 404
    with pytest.raises(PermissionDenied):
        transitions.name_chair(unheard, by=user, now=NOW, user=member)


def test_a_service_manager_names_nobody_where_somebody_who_runs_the_hub_may_hear_it(
    sign_in, draft, melton, chair, coordinator, service_manager
):
    item = ItemFactory(meeting=draft, case=CaseFactory(area=melton))
    declare(item.case, user=chair, by=chair, now=NOW)
    assert fresh(item).nobody_hears_since is None
    assert sign_in(service_manager).get(instead(item)).status_code == 404
    assert not Notice.objects.filter(title=ASKED).exists()


def test_a_service_manager_who_knows_the_family_too_is_asked_nothing(
    sign_in, draft, melton, chair, coordinator, county
):
    knows, other = (PostFactory(area=county, role=Role.SERVICE_MANAGER).user for _ in range(2))
    item = ItemFactory(meeting=draft, case=CaseFactory(area=melton))
    for user in (knows, chair, coordinator):
        declare(item.case, user=user, by=user, now=NOW)
    assert {notice.to for notice in Notice.objects.filter(title=ASKED)} == {other}
    assert sign_in(knows).get(instead(item)).status_code == 404


def test_once_somebody_who_runs_the_hub_may_hear_it_again_whoever_was_named_hears_no_more(
    unheard, service_manager, member, melton
):
    transitions.name_chair(unheard, by=service_manager, now=NOW, user=member)
    gather(now=NOW)
    assert fresh(unheard).heard_by == member

    PostFactory(role="hub_chair", area=melton)
    gather(now=NOW)

    assert (fresh(unheard).heard_by, unheard.nobody_hears_since) == (None, None)
    member.forget_scope()
    assert not AgendaItem.objects.for_user(member).filter(pk=unheard.pk).exists()


def test_where_whoever_was_named_knows_the_family_after_all_the_managers_are_asked_again(
    unheard, service_manager, member
):
    transitions.name_chair(unheard, by=service_manager, now=NOW, user=member)
    declare(unheard.case, user=member, by=member, now=NOW)
    assert fresh(unheard).heard_by is None
    assert Notice.objects.filter(to=service_manager, title=ASKED).count() == 2


def test_whoever_was_named_in_a_meeting_goes_on_though_the_coordinator_declares_an_interest_too(
    melton, hub, chair, coordinator, service_manager, members
):
    sits = MeetingFactory.in_session(hub=hub, chair=chair, present=members, starts_at=NOW)
    item = ItemFactory(meeting=sits, case=CaseFactory(area=melton))
    declare(item.case, user=chair, by=chair, now=NOW)
    transitions.name_chair(item, by=coordinator, now=NOW, user=members[0])

    declare(item.case, user=coordinator, by=coordinator, now=NOW)

    assert (fresh(item).heard_by, item.nobody_hears_since) == (members[0], NOW)
    assert not Notice.objects.filter(title=ASKED).exists()


def test_what_nobody_heard_is_deferred_and_the_minutes_say_who_sees_to_it(unheard, chair, members, service_manager):
    sits = MeetingFactory.in_session(hub=unheard.hub, chair=chair, present=members, starts_at=NOW)
    AgendaItem.objects.filter(pk=unheard.pk).update(meeting=sits)
    transitions.close(sits, by=chair, now=NOW)
    assert "A service manager says who" in HubDecision.objects.get().needed


def test_a_deferral_leaves_it_with_whoever_was_named(unheard, draft, chair, members, service_manager):
    transitions.name_chair(unheard, by=service_manager, now=NOW, user=members[0])
    sits = MeetingFactory.in_session(hub=unheard.hub, chair=chair, present=members, starts_at=NOW)
    AgendaItem.objects.filter(pk=unheard.pk).update(meeting=sits)
    transitions.defer(fresh(unheard), by=members[0], now=NOW, rationale="Not seen.", needed="The school says more.")
    assert (fresh(unheard).status, unheard.heard_by, unheard.meeting) == (ItemStatus.DEFERRED, members[0], draft)


def test_a_restricted_record_is_no_matter_of_a_service_manager(draft, melton, chair, coordinator, service_manager):
    item = ItemFactory(meeting=draft, case=CaseFactory(area=melton, restricted=True))
    for user in (chair, coordinator):
        declare(item.case, user=user, by=user, now=NOW)
    assert fresh(item).nobody_hears_since is None
    assert not Notice.objects.filter(title=ASKED).exists()


# --- who is reminded, and who is told -----------------------------------------------------------------------------------


def test_what_the_hub_owes_rings_for_the_service_managers_where_nobody_who_runs_it_may_hear(
    unheard, chair, coordinator, service_manager
):
    owed = promise(unheard.case, "D_MMT_WAIT", now=NOW, holder_role=Role.HUB_CHAIR, due_at=NOW + timedelta(hours=1))
    gather(now=NOW)
    assert fresh(owed).holder_role == Role.SERVICE_MANAGER
    Notice.objects.all().delete()
    ring(now=NOW + timedelta(hours=2))
    assert {notice.to for notice in Notice.objects.all()} == {service_manager}


def test_a_reminder_reaches_the_deputy_and_not_the_chair_who_declared_an_interest(hub, melton, chair, members):
    deputy = PostFactory(role="hub_chair", area=melton).user
    item = ItemFactory(meeting=MeetingFactory(hub=hub), case=CaseFactory(area=melton))
    promise(item.case, "D_URGENT_HUB", now=NOW, holder_role=Role.HUB_CHAIR, due_at=NOW + timedelta(hours=1))
    declare(item.case, user=chair, by=deputy, now=NOW)
    ring(now=NOW + timedelta(hours=2))
    told = {notice.to for notice in Notice.objects.filter(reference=item.case.reference)}
    assert told == {deputy}


def test_whoever_leads_the_family_is_reminded_of_what_is_theirs_whatever_interest_they_declared(led_case, worker, hub):
    promise(led_case, "D_FIRST_CONTACT", now=NOW, tier=2, holder=worker, due_at=NOW + timedelta(hours=1))
    declare(led_case, user=worker, by=worker, now=NOW)
    ring(now=NOW + timedelta(hours=2))
    assert Notice.objects.filter(to=worker, reference=led_case.reference).exists()


def test_what_a_chair_is_told_of_a_family_goes_to_the_next_who_may_hear_of_it(
    led_case, chair, coordinator, service_manager
):
    case = Case.objects.select_related("area").get(pk=led_case.pk)
    assert deciders(case) == [chair]
    for user, then in ((chair, [coordinator]), (coordinator, [service_manager])):
        declare(case, user=user, by=user, now=NOW)
        assert deciders(case) == then


def test_an_answer_to_a_chair_who_has_declared_an_interest_since_does_not_reach_them(
    hub, chair, member, melton, members
):
    item = ItemFactory(
        meeting=MeetingFactory(hub=hub, starts_at=NOW + timedelta(days=9)),
        case=CaseFactory(area=melton, urgent=True),
        urgent=True,
    )
    waiting = ask_to_agree(item.case, by=chair, now=NOW, asked=member, proposal="Signpost this week.")
    declare(item.case, user=chair, by=chair, now=NOW)
    agree(waiting, by=member, now=NOW)
    assert not Notice.objects.filter(to=chair).exists()
    assert Conflict.objects.get().user == chair
