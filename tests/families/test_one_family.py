"""Two records of one family become one over every foreign key there is, and are parted again (domain.md 4, system 5)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from earlyhelp.audit.models import Event
from earlyhelp.cases.models import Case
from earlyhelp.core.rights import may
from earlyhelp.families import joining, one_family, services
from earlyhelp.families.models import Family, FamilyMembership, FamilyMerge, FamilyPair, SignificantEvent
from earlyhelp.families.restricting import restrict
from earlyhelp.partnership.models import User
from earlyhelp.records.due import due_families
from earlyhelp.records.models import Hold
from earlyhelp.records.plan import of_family
from earlyhelp.sharing.services import record_conflict
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import MONDAY, CaseFactory, FamilyFactory, MemberFactory, PersonFactory
from tests.families.pages import sent
from tests.races import together

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def again(grants, worker, practitioner, melton):
    """The Grants once more: with Dana, who is in both, a brother whom nobody else knows, an answer and an event."""
    twice = FamilyFactory(name="Graunt", area=melton, created_by=practitioner)
    lee = PersonFactory(first_name="Lee", last_name="Graunt")
    MemberFactory(family=twice, person=grants.dana, role="parent")
    MemberFactory(family=twice, person=lee)
    facts = {"by": worker, "now": MONDAY}
    services.record_agreement(twice, grants.dana, status="given", **facts)
    services.add_event(twice, happened_on=MONDAY.date(), kind="school", text="…", person=lee, **facts)
    twice.lee = lee
    return twice


def one(kept, merged, by, **facts):
    return one_family.join(kept, merged, by=by, now=MONDAY, reason="One door, says the landlord.", **facts)


def everything(family):
    """All rows, of every kind, that name this family."""
    return {
        (reference.model._meta.label, reference.name, pk)
        for reference in joining.references(Family)
        for pk in reference.model._base_manager.filter(**{reference.name: family}).values_list("pk", flat=True)
    }


def facts_of(family):
    values = Family.objects.filter(pk=family.pk).values().get()
    return {name: value for name, value in values.items() if name != "version"}


def people_in(family):
    return {each.person for each in family.memberships.current()}


# --- done and undone --------------------------------------------------------------------------------------------------


def test_all_that_belongs_to_the_one_goes_to_the_other_and_nobody_is_in_it_twice(grants, again, access_worker):
    one(grants, again, access_worker)

    assert people_in(grants) == {grants.dana, grants.robin, again.lee}
    assert not again.memberships.current().exists()
    assert SignificantEvent.objects.get().family == grants
    assert grants.agreements.count() == 1
    assert Family.objects.get(pk=again.pk).merged_into == grants
    assert Event.objects.filter(kind="families.family.join").count() == 2


def test_the_case_goes_along_and_whoever_leads_it_sees_the_whole_family(again, grants, worker, access_worker):
    one(again, grants, access_worker)

    assert Case.objects.get().family == again
    assert may(User.objects.get(pk=worker.pk), "edit", again)
    assert not may(User.objects.get(pk=worker.pk), "view", grants)


def test_undone_each_has_again_just_what_was_theirs(grants, again, access_worker):
    before = {family.pk: (everything(family), facts_of(family)) for family in (grants, again)}
    done = one(grants, again, access_worker, take=("name",))
    assert Family.objects.get(pk=grants.pk).name == "Graunt"

    one_family.part(done, by=access_worker, now=TUESDAY, reason="Two sisters, two doors.")

    assert {family.pk: (everything(family), facts_of(family)) for family in (grants, again)} == before
    assert Event.objects.filter(kind="families.family.part").count() == 2


def test_what_was_written_down_since_stays_with_the_record_it_is_on_and_is_told_beforehand(
    grants, again, access_worker, worker
):
    done = one(grants, again, access_worker)
    services.add_event(grants, happened_on=TUESDAY.date(), kind="home", text="…", by=worker, now=TUESDAY)

    assert joining.added_since(done) == ["1 significant event"]
    one_family.part(done, by=access_worker, now=TUESDAY, reason="Two sisters.")
    assert grants.events.count() == 1
    assert again.events.count() == 1


def test_parted_they_are_not_joined_again_before_that_is_taken_back(grants, again, access_worker):
    done = one(grants, again, access_worker)
    one_family.part(done, by=access_worker, now=TUESDAY, reason="Two sisters.")

    with pytest.raises(NotPossible, match="two families"):
        one(grants, again, access_worker)
    one_family.look_again(grants, again, by=access_worker, now=TUESDAY, note="Another look.")
    one(grants, again, access_worker)
    with pytest.raises(NotPossible, match="undone this already"):
        one_family.part(done, by=access_worker, now=TUESDAY, reason="-")


# --- what stands in the way -------------------------------------------------------------------------------------------


def test_two_live_cases_stand_in_the_way(grants, again, access_worker):
    CaseFactory(family=again, area=again.area)

    with pytest.raises(NotPossible, match="Each has a case"):
        one(grants, again, access_worker)
    assert not FamilyMerge.objects.exists()
    assert again.cases.count() == 1


def test_a_legal_hold_stands_in_the_way_and_of_undoing_it_too(grants, again, access_worker, ig_lead):
    done = one(grants, again, access_worker)
    hold = Hold.objects.create(family=grants, reason="An inquiry.", placed_by=ig_lead, placed_at=MONDAY)
    with pytest.raises(NotPossible, match="legal hold"):
        one_family.part(done, by=access_worker, now=TUESDAY, reason="-")

    hold.delete()
    one_family.part(done, by=access_worker, now=TUESDAY, reason="Two sisters.")
    one_family.look_again(grants, again, by=access_worker, now=TUESDAY, note="-")
    Hold.objects.create(family=again, reason="An inquiry.", placed_by=ig_lead, placed_at=MONDAY)
    with pytest.raises(NotPossible, match="legal hold"):
        one(grants, again, access_worker)


def test_people_who_must_be_kept_apart_stand_in_the_way(grants, again, access_worker, worker):
    record_conflict(grants, one=grants.dana, other=grants.robin, reason="An order.", by=worker, now=MONDAY)

    with pytest.raises(NotPossible, match="must not learn"):
        one(grants, again, access_worker)


def test_a_restricted_family_is_joined_with_none_and_is_not_there_for_whoever_matches(
    grants, again, access_worker, ig_lead, signed_in
):
    done = one(grants, again, access_worker)
    restrict(grants, by=ig_lead, now=MONDAY, kind="other", reason="-", review_on=TUESDAY.date())
    with pytest.raises(PermissionDenied):
        one_family.part(done, by=access_worker, now=TUESDAY, reason="-")
    assert signed_in(access_worker).get(done.get_absolute_url()).status_code == 404
    page = signed_in(access_worker).get("/families/duplicates/").text
    assert grants.reference not in page


def test_only_whoever_matches_joins_or_parts_them(grants, again, access_worker, worker, chair, manager):
    for user in (worker, chair, manager):
        with pytest.raises(PermissionDenied):
            one(grants, again, user)
    done = one(grants, again, access_worker)
    with pytest.raises(PermissionDenied):
        one_family.part(done, by=worker, now=TUESDAY, reason="-")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_join_them_at_once_one_does(grants, again, access_worker):
    answers = together(*[lambda kept=kept, other=other: one(kept, other, access_worker) for kept, other in
                         ((grants, again), (again, grants))])  # fmt: skip

    assert sum(isinstance(answer, FamilyMerge) for answer in answers) == 1
    assert FamilyMerge.objects.count() == 1


# --- the record that went into another --------------------------------------------------------------------------------


def test_its_reference_leads_to_the_one_that_was_kept_and_to_nobody_who_may_not_see_that(
    grants, again, access_worker, worker, stranger, signed_in
):
    one(grants, again, access_worker)

    assert signed_in(worker).get(again.get_absolute_url()).url == grants.get_absolute_url()
    assert signed_in(stranger).get(again.get_absolute_url()).status_code == 404
    assert list(Family.objects.under(again.reference)) == [grants]


def test_it_goes_with_the_record_it_became_part_of_and_is_never_due_by_itself(grants, again, access_worker):
    one(grants, again, access_worker)

    assert {grants.pk, again.pk} <= of_family(grants).rows[Family]
    assert again.pk not in {due.record.pk for due in due_families(today=MONDAY.date() + timedelta(days=40_000))}


# --- found at night ---------------------------------------------------------------------------------------------------


def found():
    one_family.find_pairs(now=MONDAY)
    return {(pair.family, pair.other) for pair in FamilyPair.objects.open()}


def test_two_families_of_the_same_people_are_found_and_one_child_of_two_homes_is_not(grants, again, strangers_family):
    MemberFactory(family=strangers_family, person=grants.robin)
    assert (grants, strangers_family) not in found()

    MemberFactory(family=again, person=grants.robin)
    assert (grants, again) in found()
    assert found() == found()


def test_what_somebody_said_of_two_is_not_asked_again_and_what_is_restricted_never(
    grants, again, access_worker, ig_lead
):
    MemberFactory(family=again, person=grants.robin)
    one_family.say_two(grants, again, by=access_worker, now=MONDAY, note="Two sisters.")
    assert found() == set()

    FamilyPair.objects.all().delete()
    assert found() == {(grants, again)}
    restrict(grants, by=ig_lead, now=MONDAY, kind="other", reason="-", review_on=TUESDAY.date())
    assert found() == set()


def test_one_surname_at_one_address_is_found_and_a_secret_address_finds_nothing(grants, melton, worker):
    other = FamilyFactory(area=melton)
    cousin = PersonFactory(last_name="Grant")
    MemberFactory(family=other, person=cousin)
    home = {"line_1": "1 Elm Row", "postcode": "LE13 1AA", "by": worker, "now": MONDAY}
    services.move_home(grants.dana, on=None, **home)
    services.move_home(cousin, on=None, **home)
    assert found() == {(grants, other)}

    services.move_home(cousin, on=None, protected=True, **home)
    assert found() == set()


# --- the pages --------------------------------------------------------------------------------------------------------


def test_they_are_compared_joined_and_parted_on_the_page(grants, again, access_worker, signed_in):
    MemberFactory(family=again, person=grants.robin)
    found()
    client = signed_in(access_worker)
    page = client.get("/families/duplicates/").text
    url = f"/families/{grants.reference}/same/{again.reference}/"
    assert url in page
    shown = client.get(url).text
    assert "Lee Graunt" in shown
    assert "1 agreement" in shown

    answer = client.post(f"{url}yes/", sent(name="merged", reason="One door."))
    done = FamilyMerge.objects.get()
    assert answer.url == done.get_absolute_url()
    assert Family.objects.get(pk=grants.pk).name == "Graunt"
    assert "One door." in client.get(answer.url).text
    client.post(f"{answer.url}undo/", sent(reason="Two sisters."))

    assert FamilyMerge.objects.get().undone_by == access_worker
    assert FamilyMembership.objects.current().filter(family=again).count() == 3


def test_two_references_are_compared_and_what_is_out_of_sight_is_as_what_is_not_there(
    grants, again, access_worker, signed_in, worker, melton
):
    hidden = FamilyFactory(area=melton, restricted=True)
    client = signed_in(access_worker)
    asked = client.get(f"/families/twice/?one={grants.reference.lower()}&other={again.reference}")
    assert asked.url == f"/families/{grants.reference}/same/{again.reference}/"
    for other in (hidden.reference, "FAM-999999"):
        answer = client.get(f"/families/twice/?one={grants.reference}&other={other}")
        assert "no two such families" in answer.text
        assert client.get(f"/families/{grants.reference}/same/{other}/").status_code == 404
    assert signed_in(worker).get("/families/twice/").status_code == 403


@pytest.mark.parametrize("n", [1, 20])
def test_the_page_of_pairs_asks_as_many_queries_of_one_as_of_twenty(
    access_worker, melton, signed_in, n, django_assert_max_num_queries
):
    for _ in range(n):
        person = PersonFactory()
        for family in (FamilyFactory(area=melton), FamilyFactory(area=melton)):
            MemberFactory(family=family, person=person)
    assert len(found()) == n
    client = signed_in(access_worker)
    client.get("/families/duplicates/")

    with django_assert_max_num_queries(11):
        assert client.get("/families/duplicates/").status_code == 200
