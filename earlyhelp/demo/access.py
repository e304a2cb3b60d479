"""Accounts as they stand after a few years: one long unused, one whose owner left, one not taken up yet, one covered."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from earlyhelp.accounts import services
from earlyhelp.accounts.covering import cover
from earlyhelp.demo.county import County
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import User
from earlyhelp.partnership.services import appoint

ELSEWHERE = "@county.example"  # nobody signs in as these, so the sign-in page does not offer them


def settle_accounts(county: County) -> None:
    alex, now = county.people["alex"], county.now
    dormant = _somebody(county, "edwin", "Edwin", "Sharpe", "Education welfare officer", days=70)
    appoint(
        dormant, role=Role.PRACTITIONER, area=county.areas["Blaby"], on=timezone.localdate(now - timedelta(days=400))
    )
    gone = _somebody(county, "moira", "Moira", "Quayle", "Family support worker", days=25)
    services.leave(gone, by=alex, now=now - timedelta(days=20), last_day=timezone.localdate(now - timedelta(days=21)))
    services.invite(
        by=alex,
        now=now - timedelta(days=1),
        username="nadia",
        email=f"nadia{ELSEWHERE}",
        first_name="Nadia",
        last_name="Karim",
        job_title="Family support worker",
        agency=county.agencies["Example County Council"],
    )
    kofi, leila = county.people["kofi"], county.people["leila"]
    today = timezone.localdate(now)
    cover(
        kofi,
        by=kofi,
        now=now - timedelta(days=2),
        colleague=leila,
        from_on=today - timedelta(days=1),
        until_on=today + timedelta(days=12),
        reason="On leave",
    )


def _somebody(county: County, username: str, first: str, last: str, job: str, *, days: int) -> User:
    """Last here so many days ago."""
    return User.objects.create(
        username=username,
        password=make_password(None),
        first_name=first,
        last_name=last,
        job_title=job,
        email=username + ELSEWHERE,
        agency=county.agencies["Example County Council"],
        date_joined=county.now - timedelta(days=400),
        last_login=county.now - timedelta(days=days),
    )
