"""P17: a record lives as long as its rule says and no longer; a hold stops what would end it, and it takes a second person."""

import random
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from earlyhelp.audit import seals
from earlyhelp.families.models import Family, Person
from earlyhelp.partnership.enums import Role
from earlyhelp.records import transitions
from earlyhelp.records.models import Disposal
from earlyhelp.records.services import place_hold
from earlyhelp.records.sweep import find_due
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import PostFactory
from tests.records.factories import ended, later

pytestmark = pytest.mark.promise("P17")

FAMILIES = 300
FATES = ("destroyed", "held", "held after it was proposed", "decided on by whoever proposed it")
LOOKED = "Nothing speaks for keeping it."


@pytest.fixture
def archive(db, melton):
    """Families whose work ended up to forty years ago, of people up to ninety; whether each is over by the rule; its fate."""
    dice, today = random.Random(17), timezone.localdate()
    found = []
    for number in range(FAMILIES):
        years, age = dice.randrange(40), dice.randrange(90)
        born = today - timedelta(days=366 * age)
        family = ended(years_ago=years, born_on=born, area=melton)
        Person.objects.filter(memberships__family=family).update(first_name=f"Zq{number}xk")
        was_a_child = later(born, 18) > later(today, -years)
        over = years >= 6 and (not was_a_child or later(born, 25) <= today)
        found.append((family, f"Zq{number}xk", over, dice.choice(FATES)))
    return found


def test_what_is_over_goes_whole_by_two_people_and_what_is_held_stays(archive, ig_lead, county, proof):
    second, now = PostFactory(role=Role.IG_LEAD, area=county).user, timezone.now()
    for family, _, _, fate in archive:
        if fate == "held":
            place_hold(family.reference, by=ig_lead, now=now, reason="An inquiry asks for it.")
    find_due(now=now)
    due = set(Disposal.objects.values_list("family", flat=True))
    for family, _, _, fate in archive:
        _decide(family, fate, ig_lead, second, now)

    stays = set(Family.objects.values_list("pk", flat=True))
    meant = {family.pk for family, _, over, fate in archive if not (over and fate == "destroyed")}
    gone = [name for family, name, _, _ in archive if family.pk not in stays]
    said = _tables_that_say(gone)
    wrong = {family.pk for family, _, over, fate in archive if (family.pk in due) != (over and fate != "held")}
    proof.line(
        f"{FAMILIES} families whose work ended up to forty years ago: held, proposed, decided on by one and by two",
        f"{len(gone)} destroyed, {len(stays ^ meant)} that should not, or were left; {len(wrong)} due too soon or too late; "
        f"{len(said)} tables name one who went; {len(seals.verify())} faults in the log",
        kept=bool(gone) and stays == meant and not (wrong or said or seals.verify()),
    )


def _decide(family, fate, one, second, now):
    waits = Disposal.objects.filter(family=family).first()
    if waits is None:
        return
    waits = transitions.propose(waits, by=one, now=now, reason=LOOKED)
    if fate == "held after it was proposed":
        place_hold(family.reference, by=one, now=now, reason="A claim was made.")
    by = one if fate == "decided on by whoever proposed it" else second
    with suppress(PermissionDenied, NotPossible):
        transitions.approve(waits, by=by, now=now)


def _tables_that_say(names):
    """The names end in letters, so that none stands in another."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE ANY(%s)', [[f"%{n}%" for n in names]])
            found += [table] * (cursor.fetchone()[0] > 0)
    return found
