"""A query composed once: whose values are put in, and that nobody's answer decides for another."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Q
from django.db.transaction import TransactionManagementError
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from earlyhelp.cases.models import Case
from earlyhelp.core.composed import Composed, Number, PlannedOnce, held, records
from earlyhelp.core.inhand import holds
from earlyhelp.core.prepared import MOST, name_of
from earlyhelp.core.standin import Today
from earlyhelp.partnership.models import User
from tests.factories import CaseFactory


@pytest.fixture
def cases(worker, melton):
    return [CaseFactory.led_by(worker, area=melton, tier=2), CaseFactory.led_by(worker, area=melton, tier=3)]


def known(user):
    return User.objects.get(pk=user.pk)


def test_it_is_composed_once_and_answers_each_with_their_own(cases, worker, stranger):
    made = []

    @Composed
    def led(user):
        made.append(user)
        return Case.objects.filter(lead=user).order_by("pk")

    assert led(known(worker)) == cases
    assert led(known(worker)) == cases
    assert led(known(stranger)) == []
    assert len(made) == len({known(worker).scope.sort, known(stranger).scope.sort})


def test_nobody_is_answered_who_may_not_sign_in(cases, worker):
    led = Composed(lambda user: Case.objects.for_user(user, "lead"))
    reader = known(worker)
    assert led(reader)

    reader.is_active = False

    assert led(reader) == []
    assert (led.rows(reader).count(), led.rows(reader)[0:25]) == (0, [])
    assert led(AnonymousUser()) == []


def test_what_is_asked_of_the_database_is_one_query(cases, worker, django_assert_num_queries):
    led = Composed(lambda user: Case.objects.for_user(user, "lead").with_rights(user, "view"))
    reader = known(worker)
    reader.scope  # noqa: B018

    for _ in range(2):
        with django_assert_num_queries(1):
            assert all(case.may_view for case in led(reader))


def test_a_rule_cannot_be_decided_by_the_value_of_one_person(worker):
    with pytest.raises(TypeError, match="one person"):
        Composed(lambda user: Case.objects.filter(lead=user) if user.pk else Case.objects.none())(known(worker))

    with pytest.raises(TypeError, match="not iterable"):
        Composed(lambda user: Case.objects.filter(pk__in=sorted(user.scope.ids("case_led"))))(known(worker))

    with pytest.raises(AttributeError):
        Composed(lambda user: Case.objects.filter(urgent=user.intensive))(known(worker))


def test_a_day_cannot_be_frozen_into_what_is_asked_on_many(cases, worker, time_machine):
    with pytest.raises(TypeError, match="every day"):
        Composed(lambda user: Case.objects.filter(opened_on__lt=dt.date(2026, 1, 1)))(known(worker))

    Case.objects.update(next_review_on=timezone.localdate())
    of_today = Composed(lambda user: Case.objects.filter(next_review_on__gte=Today()).order_by("pk"))
    assert of_today(known(worker)) == cases
    assert list(Case.objects.filter(next_review_on__gte=Today()).order_by("pk")) == cases

    time_machine.move_to(timezone.now() + dt.timedelta(days=2))

    assert of_today(known(worker)) == []
    assert not Case.objects.filter(next_review_on__gte=Today()).exists()
    assert not holds(Q(next_review_on__gte=Today()), Case(next_review_on=dt.date(2000, 1, 1)))


def test_values_and_options_are_put_where_they_belong(cases, worker):
    @Composed
    def of_tier(user, newest_first, tiers, before):
        rows = Case.objects.filter(tier__in=tiers, opened_on__lt=before)
        return rows.order_by("-pk" if newest_first else "pk")

    reader, ever = known(worker), dt.date(2100, 1, 1)

    assert of_tier(reader, True, tiers=[2, 3], before=ever) == cases[::-1]
    assert of_tier(reader, False, tiers=[3], before=ever) == cases[1:]
    assert of_tier(reader, False, tiers=[2, 3], before=dt.date(2000, 1, 1)) == []
    assert of_tier(reader, False, tiers=[], before=ever) == []


def test_a_record_is_asked_for_by_whatever_names_it_and_with_an_action(cases, worker, stranger):
    assert records(Case, "area") is records(Case, "area")
    for asked in (
        {"reference": cases[1].reference},
        {"pk": cases[1].pk},
        {"family__reference": cases[1].family.reference},
    ):
        assert records(Case, "area")(known(worker), "lead", **asked) == cases[1:]
        assert records(Case, "area")(known(stranger), "lead", **asked) == []


def test_a_record_out_of_sight_is_missed_as_one_that_does_not_exist(cases, worker, stranger):
    assert records(Case).one_or_404(known(worker), "lead", pk=cases[0].pk) == cases[0]

    for user, pk in ((stranger, cases[0].pk), (worker, 0)):
        with pytest.raises(Http404):
            records(Case).one_or_404(known(user), "lead", pk=pk)


def test_a_record_that_was_found_so_can_be_changed_and_saved(cases, worker):
    case = records(Case, "area").one_or_404(known(worker), "lead", pk=cases[0].pk)
    case.request = "Somebody to talk to"
    case.save()

    case.refresh_from_db()
    assert case.request == "Somebody to talk to"


def test_two_that_differ_in_nothing_but_what_is_the_same_for_everybody_are_two(cases):
    of_tier = {tier: Composed(lambda nobody, tier=tier: Case.objects.filter(tier=tier)) for tier in (2, 3)}
    at_tier = Composed(lambda nobody, tier: Case.objects.filter(tier=tier))

    for tier, case in zip((2, 3), cases, strict=True):
        assert of_tier[tier](None) == [case]
        assert at_tier(None, tier) == [case]
        assert at_tier.rows(None, tier)[0:25] == [case]
        assert at_tier.rows(None, tier).count() == 1


def test_a_number_of_any_size_and_any_text_is_only_a_value(cases):
    of = Composed(lambda nobody, pk, reference: Case.objects.filter(Q(pk=pk) | Q(reference=reference)))

    assert of(None, pk=10**30, reference="'); DROP TABLE cases_case; --") == []
    assert of(None, pk=cases[0].pk, reference="%s $1") == cases[:1]


def test_a_page_of_a_list_is_counted_and_read(cases, worker):
    rows = Composed(lambda user: Case.objects.filter(lead=user).order_by("pk")).rows(known(worker))

    assert (rows.count(), rows[0:1], rows[1:26], rows[2:27]) == (2, cases[:1], cases[1:], [])


def test_several_numbers_are_one_row(cases):
    rows = Composed(lambda nobody: Case.objects.values(higher=Number(Q(tier=3)), all=Number(Q(pk__gt=0))))

    assert rows(None) == [{"higher": 1, "all": 2}]


def test_a_connection_that_knows_too_many_queries_forgets_what_was_asked_longest_ago(db):
    names = [name_of(connection, "SELECT 0 AS first"), name_of(connection, "SELECT 0 AS second")]
    for n in range(MOST):
        names.append(name_of(connection, f"SELECT {n}"))
        assert name_of(connection, "SELECT 0 AS first") == names[0]

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'composed_%%'", [])
        held = {name for (name,) in cursor.fetchall()}
        cursor.execute(f"EXECUTE {name_of(connection, f'SELECT {MOST - 1}')}")
        assert cursor.fetchone() == (MOST - 1,)
    assert len(held) == MOST
    assert names[0] in held
    assert names[1] not in held
    assert name_of(connection, "SELECT 0 AS second") != names[1]
    assert len(set(names)) == len(names)


@pytest.mark.django_db(transaction=True)  # each statement by itself, as a page that only shows asks
def test_what_is_planned_once_is_answered_alike_and_leaves_nothing_set(cases, worker):
    def led(user):
        return Case.objects.filter(lead=user).order_by("pk")

    planned_once = PlannedOnce(led)
    for _ in range(3):
        assert planned_once(known(worker)) == cases

    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("auto",)
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%lead%ORDER%'"
        )
        assert (3, 0) in cursor.fetchall()
    assert Composed(led)(known(worker)) == cases


def test_a_record_is_held_as_it_stands_until_the_transaction_ends(cases):
    first, second = cases
    Case.objects.filter(pk=second.pk).update(request="Changed meanwhile")

    with CaptureQueriesContext(connection) as asked:
        assert held(Case, second.pk).request == "Changed meanwhile"
    assert len(asked) == 1
    assert held(Case, first.pk) == first
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements", [])
        assert any("cases_case" in each and each.endswith("FOR UPDATE") for (each,) in cursor.fetchall())


def test_what_does_not_exist_is_not_held(db):
    with pytest.raises(Case.DoesNotExist):
        held(Case, 0)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_held_outside_a_transaction():
    with pytest.raises(TransactionManagementError):
        held(Case, 0)
