"""Behind the access rules stands the database: what is restricted is in its answer to nobody who is not named on it."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.http import JsonResponse
from django.urls import path
from django.utils import timezone

from earlyhelp.cases.models import Case
from earlyhelp.core.composed import Composed
from earlyhelp.core.wall import NOBODY, SYSTEM, as_system, asked_for_nobody, beyond, who_asks
from earlyhelp.families.models import Address, Family, SignificantEvent
from earlyhelp.urls import urlpatterns as real
from referrals.models import Referral
from tests.factories import CaseFactory, FamilyFactory, MemberFactory, PostFactory, UserFactory
from tests.referrals.factories import got_in_touch, handed_over, sent
from tests.wall.asking import asked_by

NOW = timezone.now()


def forgetful(request):
    """A view of somebody who forgot to ask for whom the rows are."""
    return JsonResponse(
        {"cases": list(Case.objects.values_list("reference", flat=True)), "families": Family.objects.count()}
    )


urlpatterns = [path("forgetful/", forgetful), *real]


@pytest.fixture
def secret(melton):
    """A restricted family at the hub, and its case."""
    return FamilyFactory(area=melton, restricted=True)


@pytest.fixture
def secret_case(secret, melton):
    return CaseFactory(family=secret, area=melton, restricted=True)


@pytest.fixture
def open_case(melton):
    return CaseFactory(area=melton)


def seen_by(user):
    with asked_by(user):
        return set(Case.objects.values_list("reference", flat=True))


@pytest.mark.urls("tests.wall.test_wall")
def test_a_view_that_forgot_to_ask_shows_no_restricted_record_to_a_stranger(client, open_case, secret_case, chair):
    client.force_login(chair)

    assert client.get("/forgetful/").json() == {"cases": [open_case.reference], "families": 1}


@pytest.mark.urls("tests.wall.test_wall")
def test_and_the_same_view_shows_it_to_whoever_works_with_the_family(client, secret, open_case, worker, melton):
    case = CaseFactory.led_by(worker, family=secret, area=melton, restricted=True)
    client.force_login(worker)

    assert set(client.get("/forgetful/").json()["cases"]) == {open_case.reference, case.reference}


@pytest.mark.urls("tests.wall.test_wall")
def test_nothing_is_left_on_the_connection_for_the_next_request(client, secret, melton, worker, chair):
    case = CaseFactory.led_by(worker, family=secret, area=melton, restricted=True)
    for user, sees in ((worker, True), (chair, False), (worker, True), (chair, False)):
        client.force_login(user)
        assert (case.reference in client.get("/forgetful/").json()["cases"]) is sees


def test_what_nobody_asks_for_is_not_there(secret_case, open_case):
    with asked_for_nobody():
        assert list(Case.objects.all()) == [open_case]
        assert not Family.objects.filter(restricted=True).exists()
        assert not Case.objects.filter(pk=secret_case.pk).update(urgent=True)


@pytest.mark.django_db(transaction=True)
def test_a_thread_that_says_nothing_is_nobody(secret_case):
    found = []

    def look():
        found.extend((who_asks(), Case.objects.count()))
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()

    assert found == [NOBODY, 0]
    assert (who_asks(), Case.objects.count()) == (SYSTEM, 1)


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_the_setting_ends_with_the_statement(secret_case, worker):
    with asked_by(worker):
        Case.objects.count()
    with connection.connection.cursor(cursor_factory=None) as cursor:
        cursor.execute("SHOW earlyhelp.named")

        assert cursor.fetchone() == ("",)


def test_within_one_transaction_each_statement_is_asked_for_whoever_asks_it(secret_case, chair):
    with transaction.atomic():
        with asked_by(chair):
            assert Case.objects.count() == 0
            with beyond("the test looks"):
                assert Case.objects.count() == 1
            assert Case.objects.count() == 0
        with as_system():
            assert Case.objects.count() == 1


def test_a_query_planned_once_answers_everybody_for_themselves(secret, melton, worker, chair):
    case = CaseFactory.led_by(worker, family=secret, area=melton, restricted=True)
    everything = Composed(lambda nobody: Case.objects.order_by("pk"))
    for _ in range(8):  # by then the database has a plan for all of them
        for user, sees in ((worker, [case]), (chair, [])):
            with asked_by(user):
                assert everything(None) == sees


@pytest.mark.parametrize(
    "how",
    ["led", "offered", "granted", "chaired", "entrusted", "referred", "held", "contacted", "handed over", "wrote down"],
)
def test_whoever_is_named_on_it_sees_it(how, secret, secret_case, melton):
    somebody = PostFactory(area=melton).user
    assert secret_case.reference not in seen_by(somebody)

    NAMED[how](secret, secret_case, somebody)

    assert secret_case.reference in seen_by(somebody)


def _granted(family, case, user):
    from django.contrib.auth.models import Permission

    view = Permission.objects.get(codename="view_case", content_type__app_label="cases")
    case.grants.create(user=user, permission=view, expires_at=timezone.now() + timedelta(hours=1))


def _held(family, user):
    sent(area=family.area, author=UserFactory(), family=family, now=NOW)
    Referral.objects.update(holder=user)


NAMED = {
    "led": lambda family, case, user: case.team.create(user=user, role="practitioner", from_at=NOW),
    "offered": lambda family, case, user: case.allocations.create(
        worker=user, role="lead_professional", preference="asked", preference_note="Yes.", offered_at=NOW
    ),
    "granted": _granted,
    "chaired": lambda family, case, user: Case.objects.filter(pk=case.pk).update(named_chair=user),
    "entrusted": lambda family, case, user: Case.objects.filter(pk=case.pk).update(accepted_by=user),
    "referred": lambda family, case, user: sent(area=family.area, author=user, family=family, now=NOW),
    "held": lambda family, case, user: _held(family, user),
    "contacted": lambda family, case, user: got_in_touch(by=user, family=family, now=NOW),
    "handed over": lambda family, case, user: handed_over(by=user, family=family, now=NOW),
    "wrote down": lambda family, case, user: Family.objects.filter(pk=family.pk).update(created_by=user),
}


def test_whoever_keeps_restricted_records_safe_there_sees_it_and_elsewhere_not(secret_case, ig_lead, charnwood):
    elsewhere = PostFactory(role="ig_lead", area=charnwood).user

    assert secret_case.reference in seen_by(ig_lead)
    assert secret_case.reference not in seen_by(elsewhere)


def test_whoever_left_its_team_sees_it_no_more(secret_case, worker):
    member = secret_case.team.create(user=worker, role="practitioner", from_at=NOW)
    member.until_at = NOW
    member.save()

    assert secret_case.reference not in seen_by(worker)


def test_nor_whoever_had_it_opened_for_a_day_that_is_over(secret_case, worker):
    _granted(secret_case.family, secret_case, worker)
    secret_case.grants.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert secret_case.reference not in seen_by(worker)


def test_what_hangs_on_it_is_hidden_with_it(secret, secret_case, chair, worker):
    person = MemberFactory(family=secret).person
    Address.objects.create(person=person, line_1="1 Example Street")
    SignificantEvent.objects.create(
        family=secret, happened_on=NOW.date(), text="Told in confidence.", recorded_by=worker, recorded_at=NOW
    )
    for user, sees in ((chair, 0), (worker, 1)):
        if sees:
            secret_case.team.create(user=worker, role="practitioner", from_at=NOW)
        with asked_by(user):
            assert [model.objects.count() for model in (Address, SignificantEvent)] == [sees, sees]


def test_whoever_is_in_an_ordinary_family_too_is_seen_through_that(secret, chair, melton):
    person = MemberFactory(family=secret).person
    Address.objects.create(person=person, line_1="1 Example Street")
    MemberFactory(family=FamilyFactory(area=melton), person=person)

    with asked_by(chair):
        assert Address.objects.count() == 1


def test_a_search_leaves_out_a_person_whose_family_its_asker_cannot_know_of(secret, access_worker):
    from earlyhelp.families.queries import search, search_box

    person = MemberFactory(family=secret, person__nhs_number="9990001014").person
    with asked_by(access_worker):
        assert search(first=person.first_name, last=person.last_name) == []
        assert search_box(person.nhs_number) == []
        assert search_box(secret.reference) == []
