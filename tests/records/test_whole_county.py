"""Every family of the invented county is destroyed, and no word of any is left anywhere (promise P17)."""

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from earlyhelp.audit import seals
from earlyhelp.audit.models import Access, Event
from earlyhelp.cases.models import Case
from earlyhelp.families.models import Family, FamilyMembership, Person
from earlyhelp.records import plan
from earlyhelp.records.destroying import destroy
from earlyhelp.records.models import Disposal, PastEpisode
from referrals.models import Contact, Referral

COLUMNS = """
SELECT table_name FROM information_schema.tables
WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1
"""


@pytest.fixture(scope="module")
def emptied(invented_county, django_db_blocker):
    """The invented county, of which every family was destroyed, one after the other; in a transaction that is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        people = set(Person.objects.filter(families__isnull=False).values_list("first_name", "last_name"))
        episodes = Case.objects.filter(opened_on__isnull=False).count()
        Disposal.objects.all().delete()  # a decision lets go of its family by itself; here none is asked
        for family in Family.objects.all():
            destroy(plan.of_family(family), because="disposal 1", now=timezone.now())
        yield people, episodes
        transaction.set_rollback(True)


def test_no_row_of_any_family_is_left(emptied, db):
    assert Family.objects.count() == 0
    assert FamilyMembership.objects.count() == 0
    assert Case.objects.count() == 0
    assert not Person.objects.filter(families__isnull=False).exists()
    assert not Referral.objects.filter(Q(family__isnull=False) | Q(case__isnull=False)).exists()
    assert not Contact.objects.filter(family__isnull=False).exists()


def test_no_version_of_them_is_left_in_any_history(emptied, db):
    for label in (
        "families.Family",
        "cases.Case",
        "families.FamilyMembership",
        "assessments.Goal",
        "assessments.Voice",
    ):
        history = apps.get_model(label).history.rel.related_model
        assert not history.objects.exists(), label


def test_the_name_of_nobody_who_went_is_left_anywhere(emptied, db):
    people, _ = emptied
    gone = people - set(Person.objects.values_list("first_name", "last_name"))
    names = [f"{first} {last}" for first, last in gone]
    left = {}
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE ANY(%s)', [[f"%{n}%" for n in names]])
            if count := cursor.fetchone()[0]:
                left[table] = count

    assert len(gone) > 20
    assert left == {}


def test_what_may_be_counted_is_kept_and_names_nobody(emptied, db):
    _, episodes = emptied

    assert PastEpisode.objects.count() == episodes
    assert {each.name for each in PastEpisode._meta.fields} == {
        "id",
        "area",
        "opened_on",
        "closed_on",
        "tier",
        "level_of_need",
        "end_reason",
    }


def test_the_trail_keeps_who_did_what_and_when_and_no_word_and_its_seals_fit(emptied, db):
    of_cases = Event.objects.filter(subject="cases.case")

    assert of_cases.filter(actor__isnull=False).exists()
    assert not of_cases.exclude(reason="", facts={}).exists()
    assert Access.objects.filter(subject="families.family").exists()
    assert seals.verify() == []
