"""Every transition of a case: allowed, forbidden, impossible and raced (domain.md 6.5)."""

import pytest
from django.core.exceptions import PermissionDenied

from earlyhelp.audit.models import Event
from earlyhelp.cases import transitions as moves
from earlyhelp.cases.enums import LEADING, OVER, Status
from earlyhelp.cases.models import Allocation, Case
from earlyhelp.cases.services import join_team, leave_team
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import User
from earlyhelp.workflow.transitions import REGISTRY, NotPossible
from tests.cases.journeys import TABLE, case_in
from tests.factories import MONDAY, PostFactory
from tests.races import together

every = pytest.mark.parametrize("journey", TABLE, ids=str)


@pytest.fixture
def people(worker, other_worker, chair, stranger, manager, county):
    ig_lead = PostFactory(role=Role.IG_LEAD, area=county).user
    access = PostFactory(role=Role.EH_ACCESS, area=county).user
    others = {"stranger": stranger, "manager": manager, "ig_lead": ig_lead, "access": access}
    return {"worker": worker, "other_worker": other_worker, "chair": chair, **others}


def fresh(user):
    """The same person at their next request."""
    return User.objects.get(pk=user.pk)


def test_the_table_knows_every_transition():
    assert {journey.name for journey in TABLE} == set(REGISTRY[Case])


@every
def test_whoever_may_do_it_does_it_and_it_is_written_down(journey, people, melton):
    case = case_in(journey.source, people, area=melton, journey=journey)

    after = journey.move(case, by=fresh(people[journey.actor]), now=MONDAY, **journey.given(people))

    event = Event.objects.get(kind=f"cases.case.{journey.name}")
    assert (after.status, event.became, event.actor) == (journey.target, journey.target, people[journey.actor])
    assert after.version == case.version + 1


@every
def test_a_stranger_may_not_and_nothing_happens(journey, people, melton):
    case = case_in(journey.source, people, area=melton, journey=journey)

    with pytest.raises(PermissionDenied):
        journey.move(case, by=people["stranger"], now=MONDAY, **journey.given(people))

    assert Case.objects.get(pk=case.pk).version == case.version
    assert not Event.objects.exists()
    assert not Notice.objects.exists()


@every
def test_from_any_other_state_it_is_not_possible_and_nothing_happens(journey, people, melton):
    for status in set(Status) - journey.move.sources:
        case = case_in(status, people, area=melton, journey=journey)
        before = Event.objects.count()
        with pytest.raises((NotPossible, PermissionDenied)):
            journey.move(case, by=fresh(people[journey.actor]), now=MONDAY, **journey.given(people))
        assert Case.objects.get(pk=case.pk).status == status
        assert Event.objects.count() == before


@every
def test_every_state_has_somebody_who_answers_for_the_family_until_it_is_over(journey, people, melton):
    case = case_in(journey.source, people, area=melton, journey=journey)
    after = journey.move(case, by=fresh(people[journey.actor]), now=MONDAY, **journey.given(people))

    assert bool(after.holder) is (after.status not in OVER)
    assert after.team.current().filter(role__in=LEADING).count() <= 1


@every
def test_what_is_over_owes_no_reminder_but_a_follow_up_and_gives_no_access(journey, people, melton):
    case = case_in(journey.source, people, area=melton, journey=journey)
    after = journey.move(case, by=fresh(people[journey.actor]), now=MONDAY, **journey.given(people))

    if after.status in OVER:
        owed = set(after.deadlines.open().values_list("code", flat=True))
        assert owed <= {"D_FOLLOW_UP", "D_FOLLOW_UP_ANSWER"}
        assert not after.team.current().exists()
        assert not after.allocations.filter(status__in=("offered", "accepted")).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("journey", [j for j in TABLE if j.source != j.target and j.name != "begin_follow_up"], ids=str)
def test_of_two_at_once_one_wins_and_the_other_is_told(journey, people, melton):
    case = case_in(journey.source, people, area=melton, journey=journey)

    outcomes = together(
        *[lambda: journey.move(case, by=fresh(people[journey.actor]), now=MONDAY, **journey.given(people))] * 2
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) in (
        ["Case", "NotPossible"],
        ["Case", "PermissionDenied"],
    )
    assert Event.objects.filter(kind=f"cases.case.{journey.name}").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_offers_at_once_only_one_is_live(people, melton):
    case = case_in(Status.OPENED, people, area=melton)
    move = REGISTRY[Case]["offer_again"]
    asked = {"preference": "asked", "preference_note": "-", "reason": "-"}

    together(*[lambda: move(case, by=fresh(people["chair"]), now=MONDAY, worker=people["other_worker"], **asked)] * 6)

    assert Allocation.objects.filter(case=case, status="offered").count() == 1


# --- two at once on the team --------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_somebody_whom_several_add_at_once_joins_once(led_case, worker, practitioner):
    def join():
        return join_team(led_case, role="member", user=practitioner, by=worker, now=MONDAY)

    answers = together(join, join, join, join)

    assert {each.pk for each in answers} == {led_case.team.get(user=practitioner).pk}


def test_nobody_joins_the_team_of_a_case_that_has_ended_meanwhile(led_case, worker, practitioner):
    before = Case.objects.get(pk=led_case.pk)
    said = {"safeguarding_check": "Nobody is at risk.", "reason": "They have had enough."}
    moves.family_withdrew(led_case, by=worker, now=MONDAY, **said)

    with pytest.raises(NotPossible, match="has ended"):
        join_team(before, role="member", user=practitioner, by=worker, now=MONDAY)

    assert not led_case.team.current().exists()


def test_a_membership_ends_once(led_case, worker, practitioner):
    member = join_team(led_case, role="member", user=practitioner, by=worker, now=MONDAY)
    leave_team(member, by=worker, now=MONDAY, reason="Left the school.")

    with pytest.raises(NotPossible):
        leave_team(member, by=worker, now=MONDAY, reason="Another reason.")

    member.refresh_from_db()
    assert member.end_reason == "Left the school."
