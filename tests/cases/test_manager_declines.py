"""A worker's manager may decline what is offered to them, and nothing else of it opens to the manager (domain.md 6.5)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from earlyhelp.cases import transitions as cases
from earlyhelp.cases.enums import AllocationStatus, Status
from earlyhelp.cases.offers import offer
from earlyhelp.core.rights import may
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import User
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import CaseFactory, PostFactory, TeamFactory

NOW = timezone.now()
ASKED = {"preference": "asked", "preference_note": "A woman, local."}
TOLD = "Your manager declined a family that was offered to you"


@pytest.fixture
def case(melton, worker):
    case = CaseFactory(area=melton, status=Status.OPENED, tier=2, opened_on=timezone.localdate())
    offer(case, worker=worker, tier=2, by=None, now=NOW, **ASKED)
    return case


def again(user):
    return User.objects.get(pk=user.pk)


def page(case):
    return reverse("cases:decline_for", args=[case.reference])


def status_of_offer(case):
    return case.allocations.get().status


def test_the_manager_declines_and_chair_and_worker_are_told(case, manager, chair, worker):
    cases.decline(case, by=again(manager), now=NOW, reason="She is at her limit.")
    declined = case.allocations.get()
    assert (declined.status, declined.decline_reason) == (AllocationStatus.DECLINED, "She is at her limit.")
    assert case.deadlines.open().filter(code="D_URGENT_HUB").exists()
    assert not case.deadlines.open().filter(code="D_ACCEPT").exists()
    notice = Notice.objects.get(to=worker, title=TOLD)
    assert (notice.reference, notice.url) == (case.reference, "/")
    assert Notice.objects.filter(to=chair, title="An offered family was declined").exists()


def test_a_worker_who_declines_themselves_hears_nothing_of_it(case, worker):
    cases.decline(case, by=again(worker), now=NOW, reason="I know the family.")
    assert not Notice.objects.filter(title=TOLD).exists()


def test_declining_is_all_that_the_manager_may(case, manager):
    asked = {"decline_offer", "answer_offer", "view", "list", "lead", "team", "decide", "hand_on"}
    assert {action for action in asked if may(again(manager), action, case)} == {"decline_offer"}
    with pytest.raises(PermissionDenied):
        cases.accept(case, by=again(manager), now=NOW)
    assert status_of_offer(case) == AllocationStatus.OFFERED


@pytest.mark.parametrize("who", ["other_worker", "practitioner", "access_worker", "coordinator", "chair", "stranger"])
def test_nobody_else_declines_it(request, client, case, who):
    by = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        cases.decline(case, by=again(by), now=NOW, reason="No.")
    client.force_login(by)
    assert client.get(page(case)).status_code == 404
    assert client.post(page(case), {"reason": "No."}).status_code == 404
    assert status_of_offer(case) == AllocationStatus.OFFERED


def test_the_manager_of_another_team_does_not(client, case, melton, worker):
    other = PostFactory(role=Role.TEAM_MANAGER, area=melton, team=TeamFactory(agency=worker.agency)).user
    assert not may(other, "decline_offer", case)
    client.force_login(other)
    assert client.get(page(case)).status_code == 404


def test_a_restricted_record_is_between_its_worker_and_its_chair(case, manager):
    type(case).objects.filter(pk=case.pk).update(restricted=True)
    with pytest.raises(PermissionDenied):
        cases.decline(case, by=again(manager), now=NOW, reason="No.")


def test_once_it_is_answered_the_manager_declines_it_no_more(case, manager, worker):
    case = cases.accept(case, by=again(worker), now=NOW)
    with pytest.raises((NotPossible, PermissionDenied)):
        cases.decline(case, by=again(manager), now=NOW, reason="No.")
    assert status_of_offer(case) == AllocationStatus.ACCEPTED


def test_the_way_leads_from_the_workers_page_and_names_nobody_of_the_family(client, case, manager, worker):
    client.force_login(manager)
    workload = client.get(reverse("workforce:person", args=[worker.pk])).content.decode()
    assert page(case) in workload
    shown = client.get(page(case)).content.decode()
    assert f"Decline for {worker}" in shown
    assert case.reference in shown
    for text in (workload, shown):
        assert case.family.name not in text
        assert case.request not in text
    assert client.get(case.get_absolute_url()).status_code == 404

    assert client.post(page(case), {"reason": "She is at her limit."}).status_code == 302
    assert status_of_offer(case) == AllocationStatus.DECLINED
    assert page(case) not in client.get(reverse("workforce:person", args=[worker.pk])).content.decode()


def test_a_service_manager_who_reads_the_workload_is_offered_no_such_way(client, case, worker, service_manager):
    client.force_login(service_manager)
    answer = client.get(reverse("workforce:person", args=[worker.pk]))
    assert answer.status_code == 200
    assert page(case) not in answer.content.decode()
