"""A restricted record has one chair who decides, named by whoever keeps such records safe; to every other it is not there."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from earlyhelp.audit.models import Access
from earlyhelp.cases import transitions as moves
from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Case
from earlyhelp.cases.services import await_decision
from earlyhelp.core.rights import may
from earlyhelp.core.todo import TODO
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import User
from earlyhelp.workflow.transitions import NotPossible
from tests.cases.journeys import ASKED
from tests.factories import MONDAY, CaseFactory, FamilyFactory, PostFactory

TOKEN = "2f1f3f0e-8d7a-4b52-9a51-3f5f9c1d2e30"
DECIDES = ("view", "decide", "allocate", "ratify")


def again(user):
    return User.objects.get(pk=user.pk)


@pytest.fixture
def other_chair(melton):
    """The deputy: chairs the same hub, and was not named."""
    return PostFactory(role=Role.HUB_CHAIR, area=melton).user


@pytest.fixture
def hidden(melton, access_worker):
    """A restricted family, accepted and waiting for a decision."""
    family = FamilyFactory(area=melton, restricted=True, name="Zqhidden")
    facts = {"level_of_need": 3, "proposed_tier": 2, "request": "Help with money.", "urgent": False}
    return await_decision(family, area=melton, by=access_worker, now=MONDAY, **facts)


@pytest.fixture
def named(hidden, ig_lead, chair):
    return moves.name_chair(hidden, by=ig_lead, now=MONDAY, chair=chair, reason="Lives elsewhere.")


def test_until_a_chair_is_named_whoever_keeps_such_records_holds_the_promise_and_no_chair_hears_of_it(hidden, chair):
    promised = hidden.deadlines.get(code="D_MMT_WAIT")

    assert (promised.holder, promised.holder_role) == (None, Role.IG_LEAD)
    assert not any(may(chair, action, hidden) for action in DECIDES)


def test_the_chair_who_is_named_sees_it_decides_and_holds_what_is_owed(named, chair):
    assert all(may(again(chair), action, named) for action in DECIDES)
    assert named.deadlines.get(code="D_MMT_WAIT").holder == chair
    assert [notice.to for notice in Notice.objects.all()] == [chair]


@pytest.mark.parametrize(
    "who",
    ["other_chair", "stranger", "coordinator", "manager", "service_manager", "worker", "practitioner", "ig_lead"],
)
def test_it_is_opened_to_nobody_else(request, named, who):
    user = again(request.getfixturevalue(who))

    assert not any(may(user, action, named) for action in (*DECIDES, "list", "lead", "team"))


def test_the_named_chair_allocates_and_the_team_works_as_with_every_family(named, chair, worker):
    facts = {"tier": 2, "worker": worker, "reason": "Best placed.", **ASKED}
    moves.allocate(named, by=again(chair), now=MONDAY, **facts)
    case = moves.accept(named, by=again(worker), now=MONDAY)

    assert case.lead == worker
    assert may(again(worker), "lead", case)


def test_a_step_is_owed_by_the_named_chair_who_alone_is_told(melton, worker, chair, other_chair):
    case = CaseFactory.led_by(worker, area=melton, restricted=True, named_chair=chair)
    moves.request_step(case, by=worker, now=MONDAY, to_tier=3, reason="No progress.")

    assert case.deadlines.get(code="D_STEP").holder == chair
    assert {notice.to for notice in Notice.objects.all()} == {chair}


def test_a_withdrawal_from_a_restricted_record_that_has_no_chair_is_told_to_its_keeper(melton, worker, chair, ig_lead):
    case = CaseFactory.led_by(worker, area=melton, restricted=True)
    moves.family_withdrew(case, by=worker, now=MONDAY, safeguarding_check="No risk.", reason="Enough.")

    assert {notice.to for notice in Notice.objects.all()} == {ig_lead}


@pytest.mark.parametrize("who", ["chair", "coordinator", "manager", "worker", "access_worker", "stranger"])
def test_only_the_keeper_of_restricted_records_names_a_chair(request, hidden, chair, who):
    with pytest.raises(PermissionDenied):
        moves.name_chair(hidden, by=again(request.getfixturevalue(who)), now=MONDAY, chair=chair, reason="-")

    assert Case.objects.get().named_chair is None


def test_a_keeper_of_another_place_names_nobody(hidden, chair, charnwood):
    elsewhere = PostFactory(role=Role.IG_LEAD, area=charnwood).user

    with pytest.raises(PermissionDenied):
        moves.name_chair(hidden, by=elsewhere, now=MONDAY, chair=chair, reason="-")


def test_only_a_chair_of_that_place_can_be_named(hidden, ig_lead, stranger):
    with pytest.raises(NotPossible, match="chairs no hub"):
        moves.name_chair(hidden, by=ig_lead, now=MONDAY, chair=stranger, reason="-")


def test_a_chair_who_leads_the_case_cannot_be_named(melton, worker, ig_lead):
    PostFactory(user=worker, role=Role.HUB_CHAIR, area=melton)
    case = CaseFactory.led_by(worker, area=melton, restricted=True)

    with pytest.raises(NotPossible, match="own request"):
        moves.name_chair(case, by=ig_lead, now=MONDAY, chair=worker, reason="-")


def test_naming_another_chair_ends_the_sight_of_the_first(named, ig_lead, chair, other_chair):
    case = moves.name_chair(named, by=again(ig_lead), now=MONDAY, chair=other_chair, reason="Knows the family.")

    assert not may(again(chair), "view", case)
    assert may(again(other_chair), "decide", case)
    assert case.deadlines.get(code="D_MMT_WAIT").holder == other_chair


def test_a_named_chair_who_no_longer_chairs_there_sees_nothing(named, chair):
    chair.posts.update(until_on=timezone.localdate() - timedelta(days=1))

    assert not may(again(chair), "view", named)


def test_being_named_for_one_restricted_record_opens_no_other(named, chair, melton):
    other = CaseFactory(area=melton, restricted=True)

    assert not may(again(chair), "view", other)


# --- the page --------------------------------------------------------------------------------------------------------


def lines_of(user):
    return [line.text for source in TODO for line in source(again(user), timezone.now())]


def test_the_keeper_is_asked_on_their_home_page_by_reference_alone(hidden, ig_lead, chair):
    assert lines_of(ig_lead) == [f"Name who decides: {hidden.reference}"]

    moves.name_chair(hidden, by=ig_lead, now=MONDAY, chair=chair, reason="-")
    assert lines_of(ig_lead) == []


def test_the_keeper_is_asked_again_when_the_chair_has_gone(named, ig_lead, chair):
    chair.posts.update(until_on=timezone.localdate() - timedelta(days=1))

    assert lines_of(ig_lead) == [f"Name who decides: {named.reference}"]


def test_the_page_names_a_chair_and_shows_nothing_of_the_family(client, hidden, ig_lead, chair, stranger):
    client.force_login(ig_lead)
    url = f"/cases/{hidden.reference}/chair/"
    page = client.get(url).content.decode()

    assert str(chair) in page
    assert str(stranger) not in page
    assert "Zqhidden" not in page
    assert Access.objects.filter(actor=ig_lead, subject="cases.case", subject_id=hidden.pk).count() == 1

    client.post(url, {"chair": chair.pk, "reason": "Lives elsewhere.", "token": TOKEN})
    assert Case.objects.get().named_chair == chair


def test_the_keeper_does_not_open_the_case_itself(client, hidden, ig_lead):
    client.force_login(ig_lead)

    assert client.get(hidden.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("status", [Status.CLOSED, Status.NOT_OPENED])
def test_of_what_is_over_nobody_is_named(client, hidden, ig_lead, worker, status):
    over = {
        "closed_on": MONDAY.date(),
        "end_reason": "outcomes_met",
        "opened_on": MONDAY.date(),
        "tier": 2,
        "lead": worker,
    }
    Case.objects.update(status=status, **(over if status == Status.CLOSED else {"not_opened_reason": "returned"}))
    client.force_login(ig_lead)

    assert client.get(f"/cases/{hidden.reference}/chair/").status_code == 404
