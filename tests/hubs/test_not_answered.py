"""An offer that nobody answered in time is the chair's again: on their list, on the Meetings page, and told once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from earlyhelp.cases import transitions as cases
from earlyhelp.cases.enums import AllocationStatus, Status
from earlyhelp.cases.models import Case, CaseDeadline
from earlyhelp.cases.offers import offer
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from hubs.panels import families_with_nobody
from hubs.services.offers import tell_of_unanswered
from tests.factories import CaseFactory, FamilyFactory, PostFactory
from tests.hubs.routes import ASKED, again

NOW = timezone.now().replace(microsecond=0)
OFFERED = NOW - timedelta(days=10)
TITLE = "Nobody has answered an offer of a family"


def offered(area, worker, *, at=OFFERED, **kwargs):
    case = CaseFactory(
        area=area,
        family=FamilyFactory(area=area, name="Okafor", restricted=kwargs.get("restricted", False)),
        status=Status.OPENED,
        tier=2,
        opened_on=at.date(),
        **kwargs,
    )
    offer(case, worker=worker, tier=2, by=None, now=at, **ASKED)
    return case


@pytest.fixture
def lapsed(hub, melton, worker):
    return offered(melton, worker)


def lines(user):
    return list(families_with_nobody(again(user), NOW))


def told(user):
    return Notice.objects.filter(to=user, title=TITLE).count()


# --- on the chair's list -----------------------------------------------------------------------------------------------


def test_an_offer_past_its_day_is_on_the_chairs_list_with_whom_to_ring(sign_in, lapsed, worker, chair):
    [line] = lines(chair)
    owed = CaseDeadline.objects.get(owner=lapsed, code="D_ACCEPT")
    assert line.text.startswith(f"{worker} has not answered: offer the Okafor family ({lapsed.reference})")
    assert (line.url, line.due_at) == (f"/hubs/offer-again/{lapsed.reference}/", owed.due_at)
    assert sign_in(chair).get(line.url).status_code == 200


def test_an_offer_within_its_days_is_nobodys_but_the_workers(hub, melton, worker, chair):
    offered(melton, worker, at=NOW)
    assert lines(chair) == []
    assert tell_of_unanswered(now=NOW) == 0
    assert told(chair) == 0


def test_the_offer_stays_open_until_somebody_else_is_asked_and_then_has_its_days_anew(
    lapsed, worker, other_worker, chair
):
    tell_of_unanswered(now=NOW)
    assert lapsed.allocations.get(status=AllocationStatus.OFFERED).worker == worker
    asked = {"worker": other_worker, "reason": "She has not answered.", **ASKED}
    cases.offer_again(Case.objects.get(pk=lapsed.pk), by=again(chair), now=NOW, **asked)
    assert lines(chair) == []
    assert lapsed.allocations.get(worker=worker).status == AllocationStatus.WITHDRAWN


def test_an_offer_accepted_late_is_on_no_list(lapsed, worker, chair):
    cases.accept(Case.objects.get(pk=lapsed.pk), by=again(worker), now=NOW)
    assert lines(chair) == []
    assert tell_of_unanswered(now=NOW) == 0


def test_whoever_is_to_take_over_and_does_not_answer_is_on_the_list_though_somebody_leads(
    hub, led_case, other_worker, chair
):
    more = {
        "handover_note": "See the plan.",
        "joint_visit": "Tuesday.",
        "reason": "Nearer.",
        "because": "absence",
        **ASKED,
    }
    cases.offer_again(led_case, by=again(chair), now=OFFERED, worker=other_worker, **more)
    [line] = lines(chair)
    assert str(other_worker) in line.text


@pytest.mark.parametrize("who", ["stranger", "coordinator", "worker", "other_worker", "access_worker", "manager"])
def test_it_is_on_nobody_elses_list(request, lapsed, who):
    assert lines(request.getfixturevalue(who)) == []


# --- told once ---------------------------------------------------------------------------------------------------------


def test_the_chair_hears_once_however_often_it_is_looked_for(lapsed, worker, chair, coordinator, stranger):
    assert (tell_of_unanswered(now=NOW), tell_of_unanswered(now=NOW + timedelta(hours=1))) == (1, 1)
    notice = Notice.objects.get(title=TITLE)
    assert (notice.to, notice.reference, notice.url) == (chair, lapsed.reference, lapsed.get_absolute_url())


def test_of_a_restricted_record_the_chair_who_was_named_hears_and_no_other(hub, melton, worker, chair):
    other = PostFactory(role=Role.HUB_CHAIR, area=melton).user
    case = offered(melton, worker, restricted=True, named_chair=chair)
    tell_of_unanswered(now=NOW)
    assert (told(chair), told(other)) == (1, 0)
    assert [case.reference in line.text for line in lines(chair)] == [True]
    assert lines(other) == []


def test_what_lapsed_long_ago_is_told_to_nobody_anew(hub, melton, worker, chair):
    offered(melton, worker, at=NOW - timedelta(days=60))
    assert tell_of_unanswered(now=NOW) == 0
    assert told(chair) == 0
    assert len(lines(chair)) == 1


# --- on the Meetings page ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "may_offer"), [("chair", True), ("coordinator", False)])
def test_whoever_runs_the_hub_reads_it_on_the_meetings_page(request, sign_in, lapsed, worker, who, may_offer):
    page = sign_in(request.getfixturevalue(who)).get("/hubs/").content.decode()
    assert "1 offer not answered in time" in page
    assert f"{worker} was to answer by" in page
    assert (f"/hubs/offer-again/{lapsed.reference}/" in page) is may_offer


def test_a_member_of_the_hub_does_not(sign_in, lapsed, member):
    page = sign_in(again(member)).get("/hubs/")
    assert page.status_code == 200
    assert lapsed.reference not in page.content.decode()


@pytest.mark.parametrize("n", [1, 20])
def test_the_list_takes_as_many_queries_for_one_as_for_twenty(
    sign_in, hub, melton, worker, chair, n, django_assert_num_queries
):
    for _ in range(n):
        offered(melton, worker)
    client = sign_in(chair)
    client.get("/hubs/")
    with django_assert_num_queries(7):
        assert client.get("/hubs/").status_code == 200
