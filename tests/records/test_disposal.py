"""A record lives as long as the rule says and no longer; a hold stops it; one person proposes and another decides (P17)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.cases.models import Case
from earlyhelp.families.models import Family, Person
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.records import transitions
from earlyhelp.records.due import DEFAULTS, due_families, still_due
from earlyhelp.records.enums import RecordClass, Status
from earlyhelp.records.models import Disposal, Hold, RetentionRule
from earlyhelp.records.services import lift_hold, place_hold, set_rule
from earlyhelp.records.sweep import find_due
from earlyhelp.workflow.transitions import NotPossible
from referrals.models import Contact
from tests.factories import CaseFactory, FamilyFactory, MemberFactory, PersonFactory, PostFactory
from tests.races import together
from tests.records.factories import contact, ended, later

NOW = timezone.now()
LOOKED = "Nothing speaks for keeping it."


@pytest.fixture
def old(melton):
    """A family of grown-ups whose case ended seven years ago."""
    return ended(years_ago=7, born_on=date(1970, 1, 1), area=melton)


@pytest.fixture
def due(old, ig_lead):
    find_due(now=NOW)
    return Disposal.objects.get()


@pytest.fixture
def proposed(due, ig_lead):
    return transitions.propose(due, by=ig_lead, now=NOW, reason=LOOKED)


# --- what is due ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("years_ago", "born_on", "kind", "is_due"),
    [
        (6, date(1970, 1, 1), RecordClass.ADULTS, True),
        (5, date(1970, 1, 1), RecordClass.ADULTS, False),
        (7, later(date.today(), -24), RecordClass.CHILDREN, False),
        (12, later(date.today(), -25), RecordClass.CHILDREN, True),
        (5, later(date.today(), -22), RecordClass.CHILDREN, False),
    ],
)
def test_the_rule_of_its_class_says_when_a_family_is_due(db, melton, years_ago, born_on, kind, is_due):
    family = ended(years_ago=years_ago, born_on=born_on, area=melton)

    found = list(due_families(today=timezone.localdate(NOW)))
    assert [(each.record, each.record_class) for each in found] == ([(family, kind)] if is_due else [])


def test_a_child_whose_age_nobody_wrote_down_is_taken_for_as_young_as_it_could_be(db, melton):
    family = ended(years_ago=24, born_on=None, area=melton)
    assert list(due_families(today=timezone.localdate(NOW))) == []

    found = list(due_families(today=later(timezone.localdate(NOW), 2)))
    assert [each.record for each in found] == [family]


def test_a_family_that_never_had_an_episode_is_kept_for_three_years(db, melton):
    FamilyFactory(area=melton, created_at=NOW - timedelta(days=2 * 365))
    family = FamilyFactory(area=melton, created_at=NOW - timedelta(days=4 * 365))

    assert [each.record for each in due_families(today=timezone.localdate(NOW))] == [family]


def test_just_after_midnight_in_summer_what_is_due_that_day_is_due(db, melton):
    family = FamilyFactory(area=melton, created_at=datetime(2020, 7, 7, 12, tzinfo=UTC))

    assert still_due(family, now=datetime(2023, 7, 6, 23, 30, tzinfo=UTC))  # half past midnight, here
    assert not still_due(family, now=datetime(2023, 7, 6, 22, 30, tzinfo=UTC))


def test_a_contact_that_led_to_nothing_is_kept_for_three_years(db, melton, access_worker, ig_lead):
    _, _, old = (contact(years_ago=years, by=access_worker, area=melton) for years in (0, 2, 3))
    find_due(now=NOW)

    assert [each.contact for each in Disposal.objects.all()] == [old]


def test_a_family_with_anything_under_way_is_never_due(db, melton, old):
    CaseFactory(family=old, area=melton)

    assert find_due(now=NOW) == 0


def test_a_family_that_is_held_is_not_due(old, ig_lead):
    place_hold(old.reference, by=ig_lead, now=NOW, reason="The inquiry asks for it.")

    assert find_due(now=NOW) == 0


def test_found_twice_it_stands_once_on_the_list_and_is_told_once_without_a_name(old, ig_lead):
    assert [find_due(now=NOW), find_due(now=NOW)] == [1, 0]

    [notice] = Notice.objects.filter(to=ig_lead)
    assert notice.title == "Records are due to be reviewed"
    assert old.name not in f"{notice.reference} {notice.url}"


def test_what_is_not_due_any_more_comes_off_the_list(due, melton):
    CaseFactory(family=due.family, area=melton)
    find_due(now=NOW)

    due.refresh_from_db()
    assert due.status == Status.KEPT


def test_a_sweep_destroys_nothing(due):
    find_due(now=NOW)

    assert Family.objects.exists()


# --- the rules --------------------------------------------------------------------------------------------------------


def test_a_rule_is_another_version_and_what_was_before_is_kept(db, ig_lead, old):
    set_rule(by=ig_lead, now=NOW, record_class="adults", years=10, until_age=None, source="Schedule of 2026, line 4")

    assert find_due(now=NOW) == 0
    with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
        RetentionRule.objects.update(years=1)
    set_rule(by=ig_lead, now=NOW, record_class="adults", years=6, until_age=None, source="Schedule of 2027, line 4")
    assert find_due(now=NOW) == 1


def test_nobody_else_changes_a_rule(db, service_manager):
    with pytest.raises(PermissionDenied):
        set_rule(by=service_manager, now=NOW, record_class="adults", years=1, until_age=None, source="me")

    assert not RetentionRule.objects.exists()


def test_it_begins_with_the_twenty_fifth_birthday_six_years_and_three(db):
    assert {kind: tuple(term) for kind, term in DEFAULTS.items()} == {
        "children": (6, 25),
        "adults": (6, None),
        "contact": (3, None),
    }


# --- two people -------------------------------------------------------------------------------------------------------


def test_one_proposes_another_decides_and_it_is_gone(proposed, second):
    case = Case.objects.get()
    gone = transitions.approve(proposed, by=second, now=NOW)

    assert (gone.status, gone.family, gone.decided_by) == (Status.DISPOSED, None, second)
    assert gone.destroyed["case"] == gone.destroyed["family"] == gone.destroyed["person"] == 1
    assert not Family.objects.exists()
    assert not Case.objects.exists()
    assert not Person.objects.exists()
    event = Event.objects.get(kind="records.disposal.approve")
    assert event.facts["destroyed"] == gone.destroyed
    assert case.reference not in str(event.facts)


@pytest.mark.parametrize("who", ["service_manager", "second"])
def test_a_service_manager_or_another_lead_may_decide(proposed, request, who):
    user = request.getfixturevalue(who)

    assert transitions.approve(proposed, by=user, now=NOW).decided_by == user


def test_nobody_decides_on_what_they_proposed_themselves(proposed, ig_lead):
    with pytest.raises(PermissionDenied):
        transitions.approve(proposed, by=ig_lead, now=NOW)

    assert Family.objects.exists()


def test_the_database_itself_refuses_one_person_in_both_parts(proposed, ig_lead):
    with pytest.raises(IntegrityError, match="disposal_takes_two"), transaction.atomic():
        Disposal.objects.update(status="disposed", family=None, decided_by=ig_lead, proposed_by=ig_lead)


@pytest.mark.parametrize("who", ["manager", "worker", "chair", "access_worker", "stranger"])
def test_nobody_else_reviews_or_decides(due, second, ig_lead, request, who):
    user = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        transitions.propose(due, by=user, now=NOW, reason=LOOKED)
    proposed = transitions.propose(due, by=ig_lead, now=NOW, reason=LOOKED)
    with pytest.raises(PermissionDenied):
        transitions.approve(proposed, by=user, now=NOW)

    assert Family.objects.exists()


def test_nothing_goes_that_nobody_has_reviewed(due, second):
    with pytest.raises(NotPossible):
        transitions.approve(due, by=second, now=NOW)

    assert Family.objects.exists()


def test_of_a_restricted_record_a_service_manager_learns_nothing(old, ig_lead, second, service_manager):
    Family.objects.update(restricted=True)
    find_due(now=NOW)
    proposed = transitions.propose(Disposal.objects.get(), by=ig_lead, now=NOW, reason=LOOKED)

    assert not Disposal.objects.for_user(service_manager).exists()
    assert not Notice.objects.filter(to=service_manager).exists()
    with pytest.raises(PermissionDenied):
        transitions.approve(proposed, by=service_manager, now=NOW)
    assert transitions.approve(proposed, by=second, now=NOW).status == Status.DISPOSED


def test_work_that_began_since_it_was_proposed_keeps_it(proposed, second, melton):
    CaseFactory(family=proposed.family, area=melton)
    with pytest.raises(NotPossible, match="not due any more"):
        transitions.approve(proposed, by=second, now=NOW)

    assert Family.objects.exists()


def test_the_second_person_sends_it_back_and_it_is_reviewed_again(proposed, second, ig_lead):
    back = transitions.send_back(proposed, by=second, now=NOW, reason="There was a complaint.")
    assert Notice.objects.get(title="A disposal was sent back to you").to == ig_lead

    assert (back.status, back.proposed_by) == (Status.DUE, None)
    assert transitions.propose(back, by=second, now=NOW, reason=LOOKED).proposed_by == second


def test_what_is_kept_longer_is_found_again_after_its_day(due, ig_lead):
    today = timezone.localdate(NOW)
    transitions.keep(due, by=ig_lead, now=NOW, reason="A claim.", until=today + timedelta(days=30))

    assert find_due(now=NOW) == 0
    assert find_due(now=NOW + timedelta(days=31)) == 1


# --- holds ------------------------------------------------------------------------------------------------------------


def test_a_hold_stops_what_is_under_way_and_lifted_it_is_found_again(proposed, second, ig_lead):
    hold = place_hold(proposed.reference, by=ig_lead, now=NOW, reason="The court asks for it.")
    with pytest.raises(NotPossible):
        transitions.approve(proposed, by=second, now=NOW)
    assert find_due(now=NOW) == 0

    lift_hold(hold, by=ig_lead, now=NOW, reason="The court has it.")
    assert find_due(now=NOW + timedelta(days=1)) == 1
    with pytest.raises(NotPossible, match="lifted already"):
        lift_hold(hold, by=ig_lead, now=NOW, reason="Again.")


def test_what_is_held_is_kept_for_as_long_as_it_is_held_and_no_day_is_named(proposed, ig_lead, client):
    place_hold(proposed.reference, by=ig_lead, now=NOW, reason="The court asks for it.")
    client.force_login(ig_lead)
    page = client.get("/records/disposals/").content.decode()

    assert "it is kept for as long as that stands" in page
    assert "<br>until" not in page


def test_a_hold_is_for_the_governance_lead_of_that_place(old, service_manager, charnwood):
    elsewhere = PostFactory(role=Role.IG_LEAD, area=charnwood).user
    for user in (service_manager, elsewhere):
        with pytest.raises(NotPossible, match="no family"):
            place_hold(old.reference, by=user, now=NOW, reason="I say so.")

    assert not Hold.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_a_hold_and_a_decision_at_once_one_waits_for_the_other(melton, ig_lead, second):
    for turn in range(5):
        family = ended(years_ago=7, born_on=date(1970, 1, 1), area=melton)
        find_due(now=NOW)
        row = Disposal.objects.get(family=family)
        transitions.propose(row, by=ig_lead, now=NOW, reason=LOOKED)
        held, decided = together(
            lambda row=row: place_hold(row.reference, by=ig_lead, now=NOW, reason="The inquiry."),
            lambda row=row: transitions.approve(row, by=second, now=NOW),
        )

        assert {isinstance(held, NotPossible), isinstance(decided, NotPossible)} == {True, False}, (turn, held, decided)
        assert Family.objects.filter(pk=family.pk).exists() is isinstance(held, Hold)


def test_a_contact_that_led_to_nothing_goes_too(db, melton, access_worker, ig_lead, second):
    contact(years_ago=4, by=access_worker, area=melton)
    other = contact(years_ago=0, by=access_worker, area=melton)
    find_due(now=NOW)
    proposed = transitions.propose(Disposal.objects.get(), by=ig_lead, now=NOW, reason=LOOKED)
    transitions.approve(proposed, by=second, now=NOW)

    assert list(Contact.objects.all()) == [other]


def test_somebody_in_two_families_of_which_one_goes_stays(proposed, second, melton):
    both = Person.objects.get()
    MemberFactory(person=both, family=FamilyFactory(area=melton))
    MemberFactory(person=PersonFactory(born_on=date(1980, 1, 1)), family=proposed.family, role="parent")
    transitions.approve(proposed, by=second, now=NOW)

    assert list(Person.objects.all()) == [both]
