"""What the tests of the routes up and down share: a family before the hub, and who holds it at a moment."""

from earlyhelp.cases.enums import LEADING, LED
from earlyhelp.cases.models import Case
from earlyhelp.partnership.models import User
from hubs.enums import ItemStatus
from hubs.models import AgendaItem
from hubs.services.agenda import gather

ASKED = {"preference": "asked", "preference_note": "A woman, local."}


def again(user):
    """The same person at their next request."""
    return User.objects.get(pk=user.pk)


def waits(case):
    return AgendaItem.objects.live().filter(case=case).exists()


def before_the_hub(case, meeting, *, now):
    """The family as the sweep puts it on an agenda, in the meeting that is in session."""
    gather(now=now)
    AgendaItem.objects.live().filter(case=case).update(meeting=meeting, status=ItemStatus.SCHEDULED)
    return AgendaItem.objects.live().get(case=case)


def held_by(case):
    """Who answers for the family now: exactly one, and one on the team where somebody leads (domain.md 1, rule 2)."""
    case = Case.objects.get(pk=case.pk)
    leads = case.team.current().filter(role__in=LEADING)
    assert leads.count() == (1 if case.status in LED else 0)
    assert case.holder
    return str(case.holder)


def owed(case):
    return set(case.deadlines.open().values_list("code", flat=True))
