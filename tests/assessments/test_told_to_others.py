"""What is written of a risk, or beside it, reaches nobody by a way round: not a parent, a leaver’s manager, or a bundle."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessments.services.risks import raise_risk, write_safety_plan
from assessments.transitions import look_again
from earlyhelp.cases.models import Case
from earlyhelp.cases.services import join_team
from earlyhelp.documents.models import Document
from earlyhelp.families import merging
from earlyhelp.families.models import Family, FamilyMembership, Relationship
from earlyhelp.families.services import add_event
from earlyhelp.notices.models import Notice
from earlyhelp.notices.services import notify
from earlyhelp.notices.services.telling import pass_on
from earlyhelp.records.services import begin_request
from earlyhelp.records.transitions import subject_access as deeds
from earlyhelp.sharing.copying import prepare
from earlyhelp.sharing.services import begin_copy
from tests.factories import MONDAY, MemberFactory, PersonFactory

LATER = MONDAY + timedelta(days=3)
SEEN = {
    "kind": "home",
    "what": "They may lose their home.",
    "found": "A notice came on Friday.",
    "level": "medium",
    "response": "manage",
    "doing": "Housing rings each Friday.",
}
PLAN = {"signs": "He drinks.", "alone": "I take the children out.", "people": "My sister.", "at_home": "not_safe"}


@pytest.fixture
def restricted_case(case):
    Family.objects.filter(pk=case.family_id).update(restricted=True)
    Case.objects.filter(pk=case.pk).update(restricted=True)
    case.refresh_from_db()
    return case


# --- a parent -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("born_on", "goes"), [(date(2009, 1, 1), False), (date(2014, 1, 1), True)])
def test_what_is_said_of_somebody_goes_to_a_parent_until_they_are_sixteen(case, worker, born_on, goes):
    child = MemberFactory(family=case.family, role="child", person=PersonFactory(born_on=born_on)).person
    father = MemberFactory(family=case.family, role="parent", person=PersonFactory(born_on=date(1978, 1, 1))).person
    Relationship.objects.create(person=father, other=child, kind="parent", parental_responsibility=True)
    told = {"happened_on": date(2026, 1, 5), "kind": "health", "text": "Saw the clinic.", "person": child}
    add_event(case.family, by=worker, now=MONDAY, **told)

    copy = begin_copy(case.family, person=father, document="chronology", purpose="help", by=worker, now=MONDAY)

    assert ("Saw the clinic." in [each.passage.text for each in prepare(copy, now=LATER).goes]) is goes


# --- whoever manages ----------------------------------------------------------------------------------------------------


def test_what_was_owed_of_a_restricted_record_to_somebody_who_left_goes_to_whoever_keeps_it(
    restricted_case, worker, manager, ig_lead
):
    url = restricted_case.get_absolute_url()
    notify(
        [worker], kind="request", title="It waits", reference=restricted_case.reference, url=url, key="k", now=MONDAY
    )
    type(worker).objects.filter(pk=worker.pk).update(is_active=False)

    pass_on(now=LATER)

    assert not Notice.objects.filter(to=manager).exists()
    assert Notice.objects.filter(to=ig_lead, reference=restricted_case.reference).exists()


def test_what_is_owed_of_any_other_record_goes_to_their_manager(case, worker, manager, ig_lead):
    notify([worker], kind="request", title="It waits", reference=case.reference, url="/", key="k", now=MONDAY)
    type(worker).objects.filter(pk=worker.pk).update(is_active=False)

    pass_on(now=LATER)

    assert Notice.objects.filter(to=manager, reference=case.reference).exists()
    assert not Notice.objects.filter(to=ig_lead).exists()


# --- whoever asks for what is kept --------------------------------------------------------------------------------------


def asked_for(person, ig_lead, now):
    type(person).objects.filter(pk=person.pk).update(born_on=date(1990, 3, 1))
    person.refresh_from_db()
    said = {"first_name": person.first_name, "last_name": person.last_name, "born_on": person.born_on}
    row = begin_request(by=ig_lead, now=now, received_on=timezone.localdate(now), asker="person", **said)
    return deeds.collect(row, by=ig_lead, now=now)


def test_nothing_of_a_risk_or_a_safety_plan_is_proposed_to_be_handed_over(case, worker, ig_lead, parent):
    write_safety_plan(case, whose=parent, by=worker, now=MONDAY, **PLAN)
    raise_risk(case, about=parent, by=worker, now=MONDAY, **SEEN)
    type(parent).objects.filter(pk=parent.pk).update(area=case.area)

    row = asked_for(parent, ig_lead, timezone.now())

    ours = row.items.filter(source__in=("assessments.risknote", "assessments.risklook", "assessments.safetyplan"))
    assert ours.count() == 3
    assert set(ours.values_list("decision", flat=True)) == {"undecided"}


def test_whoever_left_the_family_is_read_no_look_that_came_after(case, worker, ig_lead):
    left = MemberFactory(family=case.family, role="partner", person=PersonFactory(area=case.area)).person
    risk = raise_risk(case, by=worker, now=MONDAY, **SEEN)
    FamilyMembership.objects.filter(person=left).update(until_on=LATER.date())
    look_again(
        risk,
        by=worker,
        now=MONDAY + timedelta(days=20),
        level="low",
        found="F.",
        response="manage",
        doing="At her aunt’s.",
    )

    row = asked_for(left, ig_lead, timezone.now())

    told = "\n".join(row.items.values_list("text", flat=True))
    assert "They may lose their home." in told
    assert "At her aunt’s." not in told


# --- two records of one person ------------------------------------------------------------------------------------------


def test_two_people_named_on_one_document_become_one_and_are_parted_again(case, worker, access_worker, parent):
    twice = MemberFactory(family=case.family, role="partner", person=PersonFactory(area=case.area)).person
    paper = Document.objects.create(
        family=case.family,
        title="Letter",
        kind="letter",
        format="text",
        uploaded_by=worker,
        agency=worker.agency,
        uploaded_at=MONDAY,
        look_again_at=MONDAY,
        blob="b1",
        size=1,
        sha256="0" * 64,
        visibility="family",
    )
    paper.about.set([parent, twice])

    done = merging.merge(parent, twice, by=access_worker, now=LATER, reason="Written down twice.")
    assert parent in paper.about.all()
    merging.undo(done, by=access_worker, now=LATER, reason="Two people.")

    assert set(paper.about.all()) == {parent, twice}


def test_a_member_of_a_restricted_team_tells_no_manager_of_a_lead_who_left(
    restricted_case, worker, manager, practitioner
):
    join_team(restricted_case, role="member", user=practitioner, by=worker, now=MONDAY)
    type(worker).objects.filter(pk=worker.pk).update(is_active=False)
    restricted_case.refresh_from_db()

    raise_risk(restricted_case, by=practitioner, now=MONDAY, **SEEN)

    assert not Notice.objects.filter(to=manager).exists()
