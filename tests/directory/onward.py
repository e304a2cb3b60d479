"""Referrals to a service: the facts with which the tests begin, and what they read of one afterwards."""

from datetime import timedelta

from earlyhelp.directory.models import OnwardReferral
from tests.factories import MONDAY

LATER = MONDAY + timedelta(hours=1)
YES = {"given_by": "person", "how": "phone"}
OFFERED = {"why": "Company.", "now": MONDAY, **YES}


def owed(onward):
    return set(onward.deadlines.open().values_list("code", flat=True))


def again(onward):
    return OnwardReferral.objects.get(pk=onward.pk)


def seen_by(user, action="view"):
    user.forget_scope()
    return list(OnwardReferral.objects.for_user(user, action).order_by("pk"))
