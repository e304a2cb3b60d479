"""Contacts: the facts with which the tests begin, and what they read of one afterwards."""

from datetime import date, timedelta

from referrals.models import Contact
from tests.factories import MONDAY

LATER = MONDAY + timedelta(hours=1)
NAMED = {"first_name": "Tia", "last_name": "Gale", "born_on": date(2016, 4, 1)}
HANDED = {"about": "A boy", "concern": "Bruises.", "family_told": False, "not_told_why": "Not safe."}
ANSWERS = {
    "advise": {"advice": "Ring the bank."},
    "signpost": {"reason": "Debt.", "person_told": True, "elsewhere": "The parish"},
    "link": {"message": "New worry."},
    "void": {"because": "test"},
}


def seen_by(user):
    user.forget_scope()
    return list(Contact.objects.for_user(user).order_by("pk"))


def days_ago(days):
    return MONDAY - timedelta(days=days)
