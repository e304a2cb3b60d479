"""What belongs to a family goes whole, with its history, and nothing of it is forgotten (promise P17)."""

from django.apps import apps

from earlyhelp.cases.models import Case
from earlyhelp.documents.models import Document, Leaving
from earlyhelp.families.models import Family, Person, SignificantEvent
from earlyhelp.notices.models import Notice
from earlyhelp.records import plan
from earlyhelp.records.destroying import destroy
from tests.factories import MONDAY, CaseFactory, FamilyFactory, MemberFactory, PersonFactory, UserFactory


def test_every_kind_of_record_that_leads_to_a_family_is_in_the_plan_or_said_to_stay():
    assert plan.unnamed() == []


def test_a_kind_that_is_left_out_of_the_plan_is_found(monkeypatch):
    monkeypatch.delitem(plan.WAYS, "assessments.Goal")

    assert plan.unnamed() == ["assessments.Goal"]


def test_the_plan_names_nothing_that_is_not_there():
    assert len(plan.named()) == len(plan.WAYS)
    assert {apps.get_model(label)._meta.label for label in plan.STAYS} == set(plan.STAYS)


def test_another_familys_record_is_left_as_it_is(db):
    mine, others = CaseFactory(), CaseFactory()
    theirs = MemberFactory(family=others.family).person
    destroy(plan.of_family(mine.family), because="disposal 1", now=MONDAY)

    assert list(Family.objects.all()) == [others.family]
    assert list(Case.objects.all()) == [others]
    assert list(Person.objects.all()) == [theirs]


def test_somebody_who_is_in_another_family_too_stays_with_what_is_theirs(db):
    family, other = FamilyFactory(), FamilyFactory()
    both = MemberFactory(family=family).person
    MemberFactory(family=other, person=both)
    alone = MemberFactory(family=family).person
    destroy(plan.of_family(family), because="disposal 1", now=MONDAY)

    assert list(Person.objects.all()) == [both]
    assert list(both.families.all()) == [other]
    assert not Person.history.rel.related_model.objects.filter(pgh_obj_id=alone.pk).exists()


def test_somebody_of_whom_another_record_still_speaks_stays(db, practitioner):
    family, other = FamilyFactory(), FamilyFactory()
    spoken_of = MemberFactory(family=family).person
    SignificantEvent.objects.create(
        family=other,
        person=spoken_of,
        happened_on=MONDAY.date(),
        kind="home",
        text="A visit",
        recorded_by=practitioner,
        recorded_at=MONDAY,
    )
    found = plan.of_family(family)

    assert found.people == set()
    destroy(found, because="disposal 1", now=MONDAY)
    assert list(Person.objects.all()) == [spoken_of]


def test_its_notices_go_by_its_reference(db, worker):
    case = CaseFactory()
    for reference in (case.reference, "EH-2026-999999"):
        Notice.objects.create(
            to=worker,
            kind="news",
            title="News",
            reference=reference,
            url="/",
            key=reference,
            created_at=MONDAY,
            how="page",
        )
    destroy(plan.of_family(case.family), because="disposal 1", now=MONDAY)

    assert [each.reference for each in Notice.objects.all()] == ["EH-2026-999999"]


def test_whoever_became_one_with_somebody_of_the_family_goes_with_them(db):
    family = FamilyFactory()
    kept = MemberFactory(family=family).person
    merged = PersonFactory(merged_into=kept)
    merged.relationships.create(other=kept, kind="friend")

    destroy(plan.of_family(family), because="disposal 1", now=MONDAY)

    assert not Person.objects.exists()


def test_the_bytes_of_a_document_go_with_the_record(db):
    family = FamilyFactory()
    facts = {"uploaded_by": UserFactory(), "uploaded_at": MONDAY, "available_at": MONDAY, "size": 1, "sha256": "0" * 64}
    facts |= {"title": "A letter", "kind": "letter", "format": "pdf", "visibility": "family"}
    Document.objects.create(
        family=family,
        blob="kept/1",
        status="available",
        **facts,
    )

    destroy(plan.of_family(family), because="disposal 1", now=MONDAY)

    assert not Document.objects.exists()
    assert Leaving.objects.get().blob == "kept/1"
