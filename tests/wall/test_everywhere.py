"""What the wall must not hide, from whom it must hide everything, and that nothing new is forgotten."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, connections, models

from earlyhelp.backups.making import back_up
from earlyhelp.backups.restoring import restore
from earlyhelp.cases.models import Case
from earlyhelp.celery import OfTheSystem, app
from earlyhelp.core.wall import NOBODY, SYSTEM, asked_for_nobody, who_asks
from earlyhelp.deadlines.services import promise
from earlyhelp.deadlines.tasks import ring
from earlyhelp.families.models import Family, Person
from earlyhelp.notices.models import Notice
from earlyhelp.wall.sql import POLICIES, lifted
from tests.backups import elsewhere
from tests.factories import MONDAY, CaseFactory, FamilyFactory

ROOTS = (Case, Family, Person)
# What hangs on a case, a family or a person, and does not stand behind the wall: why not.
OPEN = {
    "families_person": "searched by what no index may serve behind a wall (ADR 13)",
    "families_personevent": "as the person",
    "families_familymembership": "whether somebody is in any family must be answered truly, or a rule takes them for free",
    "families_familymembershipevent": "as the membership",
    "families_relationship": "two identities and a kind; both people stand in the first wall",
    "families_relationshipevent": "as the relationship",
    "families_oddread": "read by the governance lead alone, and written by night",
    "families_oddreadevent": "as the read",
    "families_possibleduplicate": "nobody restricted is in a pair",
    "families_possibleduplicateevent": "as the pair",
    "families_familypair": "no restricted family is in a pair",
    "families_familypairevent": "as the pair",
    "families_familymerge": "of no restricted family",
    "families_familymergeevent": "as the merge",
    "families_familyuserobjectpermission": "who was named for a family: the wall itself asks it",
    "families_merge": "of no restricted record",
    "families_mergeevent": "as the merge",
    "sharing_disclosed": "two identities",
    "documents_document_about": "two identities",
    "cases_teammember": "who works with whom says who is named: the wall itself asks it",
    "cases_teammemberevent": "as the member",
    "cases_caseuserobjectpermission": "what opens a case: the wall itself asks it",
    "cases_casedeadline": "a date and a code",
    "referrals_triagedecision": "hangs on its referral, which stands behind the wall",
    "referrals_referralletter": "hangs on its referral, which stands behind the wall",
    "referrals_referralmessage": "sealed, and hangs on its referral",
    "assessments_programmeenrolment": "a programme and a date",
    "assessments_programmeenrolmentevent": "as the enrolment",
    "assessments_planagreement": "hangs on its plan, which stands behind the wall",
    "assessments_planagreementevent": "as the agreement",
    "assessments_goal": "hangs on its plan",
    "assessments_goalevent": "as the goal",
    "assessments_outcomereading": "numbers of a case",
    "assessments_outcomereadingevent": "as the reading",
    "assessments_attendance": "hangs on its meeting",
    "assessments_attendanceevent": "as the attendance",
    "hubs_conflict": "that somebody declared an interest: it must close what it closes",
    "hubs_conflictevent": "as the interest",
    "records_hold": "for the governance lead alone",
    "records_holdevent": "as the hold",
    "records_disposal": "for the governance lead and a second person, who never sees a restricted one",
    "records_accessrequest": "for the governance lead alone",
}


def hanging():
    """Every table with a column that leads to a case, a family or a person."""
    for model in apps.get_models(include_auto_created=True):
        relations = (
            field.related_model for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)
        )
        if any(related in ROOTS for related in relations) or model in ROOTS:
            yield model._meta.db_table


def test_whatever_hangs_on_a_record_stands_behind_the_wall_or_it_is_said_why_not():
    tables = set(hanging())

    assert tables - set(POLICIES) == set(OPEN)
    assert set(POLICIES) <= tables


def test_the_wall_stands_and_its_owner_is_bound_by_it(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        standing = {name for [name] in cursor.fetchall()}
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = 'wall' AND cmd = 'ALL'")
        policies = {name for [name] in cursor.fetchall()}
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")

        assert standing == policies == set(POLICIES)
        assert cursor.fetchone() == (False,)


def test_every_task_of_the_worker_is_the_systems():
    app.loader.import_default_modules()
    ours = [task for name, task in app.tasks.items() if not name.startswith("celery.")]

    assert len(ours) > 20
    assert [task.name for task in ours if not isinstance(task, OfTheSystem)] == []


def test_a_task_sees_what_is_restricted_though_nobody_asks(ig_lead, melton):
    case = CaseFactory(family=FamilyFactory(area=melton, restricted=True), area=melton, restricted=True)
    promise(case, "D_MMT_WAIT", now=MONDAY, due_at=MONDAY, holder=ig_lead)
    with asked_for_nobody():
        ring()

        assert who_asks() == NOBODY
        assert not Case.objects.exists()
    assert Notice.objects.filter(reference=case.reference).exists()


def test_a_command_is_the_systems():
    assert "with as_system():" in Path("manage.py").read_text()
    assert who_asks() == SYSTEM  # and so is what a test prepares


@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_what_is_restricted_and_the_wall_with_it(tmp_path):
    CaseFactory(family=FamilyFactory(restricted=True), restricted=True)
    connections["default"].close()
    back_up(tmp_path / "monday", now=MONDAY)

    with elsewhere() as there:
        restore(tmp_path / "monday", using=there)

        assert Case.objects.using(there).filter(restricted=True).count() == 1
        with asked_for_nobody():
            assert not Case.objects.using(there).exists()


def test_bulk_work_lifts_the_wall_and_it_stands_again(db):
    family = FamilyFactory(restricted=True)
    with asked_for_nobody():
        with lifted():
            assert Family.objects.get() == family
        assert not Family.objects.exists()
