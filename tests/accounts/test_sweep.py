"""An account that nobody uses is shut, after somebody was told; a last day passes by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from earlyhelp.accounts import services
from earlyhelp.accounts.sweep import sweep
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.models import User
from tests.factories import UserFactory


@pytest.fixture
def now(admin):
    moment = timezone.now()
    User.objects.update(last_login=moment)
    return moment


def unused(days, now):
    then = now - timedelta(days=days)
    return UserFactory(last_login=then, date_joined=then)


def state(user):
    user.refresh_from_db()
    return user.is_active


def test_an_account_unused_for_ninety_days_is_suspended_and_one_of_eighty_nine_is_not(now):
    old, younger = unused(91, now), unused(89, now)

    assert sweep(now=now) == 1
    assert (state(old), state(younger)) == (False, True)
    assert old.suspended_because == "Nobody had signed in for 90 days."
    assert sweep(now=now) == 0


def test_administrators_are_told_once_and_a_week_before(now, admin):
    quiet = unused(82, now)
    sweep(now=now)
    assert not Notice.objects.exists()

    for _ in range(3):
        sweep(now=now + timedelta(days=2))

    [notice] = Notice.objects.all()
    assert (notice.to, notice.url) == (admin, f"/accounts/{quiet.pk}/")
    assert str(quiet) not in notice.title


def test_somebody_let_in_again_has_ninety_days_more(now, admin):
    old = unused(91, now)
    sweep(now=now)

    services.reinstate(old, by=admin, now=now, reason="Back from a long illness.")

    assert sweep(now=now + timedelta(days=1)) == 0
    assert state(old)


def test_somebody_invited_who_never_came_is_shut_too(now, admin):
    never = UserFactory(last_login=None, date_joined=now - timedelta(days=100))

    sweep(now=now)

    assert not state(never)


def test_after_the_last_day_the_account_says_so(now, admin):
    person = UserFactory(last_login=now)
    services.leave(person, by=admin, now=now, last_day=timezone.localdate(now))
    assert sweep(now=now) == 0

    assert sweep(now=now + timedelta(days=1)) == 1
    assert not state(person)


def test_the_last_administrator_is_not_shut_out_for_nobody_could_let_them_in(now, admin):
    then = now - timedelta(days=200)
    User.objects.filter(pk=admin.pk).update(last_login=then, date_joined=then)

    assert sweep(now=now) == 0
    assert state(admin)
