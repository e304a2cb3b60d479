"""Who they are to each other, in the whole vocabulary; ended, corrected and taken back; and a child not born yet."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.families import services
from earlyhelp.families.enums import FORMER, INVERSE, KIND_GROUPS, ONE_WAY, RelationshipKind
from earlyhelp.families.models import Person, Relationship
from earlyhelp.workflow.transitions import NotPossible, Stale
from referrals.queries.people import old_enough
from tests.factories import MONDAY, MemberFactory, PersonFactory
from tests.families.pages import edited, sent

SYMMETRIC = sorted(set(RelationshipKind) - set(INVERSE))


@pytest.fixture
def related(grants, worker):
    def relate(kind="partner", person=grants.dana, other=grants.robin, **facts):
        return services.relate(person, other, kind=kind, by=worker, now=MONDAY, **facts)

    return relate


def page_of(family, client):
    return client.get(f"/families/{family.reference}/").content.decode()


# --- the vocabulary --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(ONE_WAY))
def test_what_goes_one_way_is_never_written_down_both_ways_round(related, grants, kind):
    related(kind)

    with pytest.raises(NotPossible):
        related(kind, grants.robin, grants.dana)

    assert Relationship.objects.count() == 1


@pytest.mark.parametrize("kind", SYMMETRIC)
def test_what_is_the_same_from_either_side_is_one_row_and_reads_the_same(related, grants, kind):
    related(kind)
    row = related(kind, grants.robin, grants.dana)

    assert Relationship.objects.get() == row
    assert row.seen_from(grants.dana) == row.seen_from(grants.robin)


@pytest.mark.parametrize("kind", sorted(INVERSE))
def test_each_one_way_kind_has_words_of_its_own_from_the_other_side(related, grants, kind):
    row = related(kind)

    assert row.seen_from(grants.dana) == RelationshipKind(kind).label
    assert row.seen_from(grants.robin) == INVERSE[kind] != row.seen_from(grants.dana)


def test_every_kind_is_offered_once_and_parent_of_stands_first(grants, worker, signed_in):
    assert sorted(kind for kinds in KIND_GROUPS.values() for kind in kinds) == sorted(RelationshipKind)

    page = signed_in(worker).get(f"/families/{grants.reference}/relationships/add/").content.decode()
    assert (
        page.index('<optgroup label="Parents and carers">') < page.index(">parent of<") < page.index(">step-parent of<")
    )
    for kind in RelationshipKind:
        assert page.count(f'<option value="{kind}">') == 1


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("parent", "Dana Grant is the parent of Robin Grant"),
        ("cousin", "Dana Grant is a cousin of Robin Grant"),
        ("acquaintance", "Dana Grant is an acquaintance of Robin Grant"),
        ("in_contact", "Dana Grant is in contact with Robin Grant"),
    ],
)
def test_it_reads_as_a_sentence(related, kind, sentence):
    assert related(kind).sentence == sentence


# --- the end of one ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FORMER)
def test_a_partner_until_a_day_is_a_former_partner(related, kind):
    row = related(kind, ended_on=date(2024, 3, 3))

    assert row.stands_as == FORMER[kind]
    assert row.sentence.endswith("of Robin Grant, until 3 March 2024")
    assert "is the former" in row.sentence


def test_whoever_cared_for_a_child_until_a_day_was_their_carer(related):
    assert related("foster_carer", ended_on=date(2024, 3, 3)).sentence == (
        "Dana Grant was the foster carer of Robin Grant, until 3 March 2024"
    )


def test_a_parent_is_one_for_good(related, grants, worker, signed_in):
    row = related("parent")
    page = signed_in(worker).get(f"/families/{grants.reference}/relationships/{row.pk}/").content.decode()

    assert "If it has ended" not in page
    with pytest.raises(IntegrityError), transaction.atomic():
        Relationship.objects.update(ended_on=date(2024, 3, 3))


def test_two_may_be_partners_again(related):
    related(ended_on=date(2019, 3, 3))
    related()

    assert Relationship.objects.count() == 2


def test_its_end_and_parental_responsibility_are_changed_on_the_page(related, grants, worker, signed_in):
    row, client = related("step_parent"), signed_in(worker)
    assert "Change" in page_of(grants, client)
    url = f"/families/{grants.reference}/relationships/{row.pk}/"
    client.post(url, {"version": row.version, "parental_responsibility": "yes", "ended_on": "2024-03-03"})

    row.refresh_from_db()
    assert (row.parental_responsibility, row.ended_on) == (True, date(2024, 3, 3))
    page = page_of(grants, client)
    assert "Dana Grant was the step-parent of Robin Grant, until 3 March 2024, and holds parental" in page
    assert Event.objects.filter(kind="families.relationship.edit", subject_id=row.pk, actor=worker).exists()


def test_of_two_changes_at_once_neither_is_lost(related, grants, worker, signed_in):
    row, url = related("parent"), f"/families/{grants.reference}/relationships/"
    signed_in(worker).post(f"{url}{row.pk}/", {"version": 1, "parental_responsibility": "yes"})
    late = signed_in(worker).post(f"{url}{row.pk}/", {"version": 1, "parental_responsibility": "no"})

    assert late.status_code == 409
    row.refresh_from_db()
    assert row.parental_responsibility is True


def test_another_kind_takes_the_place_of_the_wrong_one_which_is_kept(related, grants, worker, signed_in):
    row, client = related("step_parent", parental_responsibility=True), signed_in(worker)
    url = f"/families/{grants.reference}/relationships/{row.pk}/"
    client.post(url, {"version": row.version, "kind": "parent", "parental_responsibility": "yes"})

    row.refresh_from_db()
    right = Relationship.objects.standing().get()
    assert (right.kind, right.parental_responsibility) == ("parent", True)
    assert row.error_by == worker
    assert row.error_reason == "It was written down as “step-parent of”: it is “parent of”."
    page = page_of(grants, client)
    assert "Dana Grant is the parent of Robin Grant" in page
    assert "is the step-parent" not in page


def test_a_parent_of_their_own_parent_is_refused_and_the_wrong_one_stands(related, grants, worker):
    related("parent", grants.robin, grants.dana)
    row = related("friend")
    with pytest.raises(NotPossible):
        services.change_relationship(row, by=worker, now=MONDAY, version=row.version, kind="parent")

    row.refresh_from_db()
    assert row.error_at is None


def test_of_two_who_change_its_kind_at_once_the_second_sees_the_first(related, worker):
    row = related("friend")
    services.change_relationship(row, by=worker, now=MONDAY, version=row.version, ended_on=date(2024, 3, 3))
    with pytest.raises(Stale):
        services.change_relationship(row, by=worker, now=MONDAY, version=row.version, kind="neighbour")

    assert Relationship.objects.standing().get().kind == "friend"


# --- entered in error --------------------------------------------------------------------------------------------------


def test_what_was_entered_in_error_is_shown_no_more_and_kept_with_the_reason(related, grants, worker, signed_in):
    row, client = related("parent"), signed_in(worker)
    url = f"/families/{grants.reference}/relationships/{row.pk}/error/"
    client.post(url, sent(reason="The wrong Dana."))

    row.refresh_from_db()
    assert (row.error_by, row.error_reason) == (worker, "The wrong Dana.")
    assert row.error_at is not None
    assert row.history.count() == 2
    assert Event.objects.get(kind="families.relationship.entered_in_error").reason == "The wrong Dana."
    assert "parent of" not in page_of(grants, client)
    assert "Parent of" not in client.get(f"/families/people/{grants.dana.pk}/").content.decode()
    assert client.get(url).status_code == 404


def test_a_mistake_needs_its_reason(related, grants, worker, signed_in):
    row = related("parent")
    url = f"/families/{grants.reference}/relationships/{row.pk}/error/"

    assert signed_in(worker).post(url, sent(reason=" ")).status_code == 422
    assert Relationship.objects.standing().exists()


def test_a_mistake_is_marked_once(related, worker):
    row = related("parent")
    services.entered_in_error(row, by=worker, now=MONDAY, reason="The wrong Dana.")

    with pytest.raises(NotPossible):
        services.entered_in_error(row, by=worker, now=MONDAY, reason="Again.")

    assert Event.objects.filter(kind="families.relationship.entered_in_error").count() == 1


def test_what_was_a_mistake_may_be_said_the_right_way_round(related, grants, worker):
    services.entered_in_error(related("parent"), by=worker, now=MONDAY, reason="The other way round.")

    assert related("parent", grants.robin, grants.dana).pk


def test_a_mistake_has_a_reason_in_the_database_too(related):
    related("parent")

    with pytest.raises(IntegrityError), transaction.atomic():
        Relationship.objects.update(error_at=MONDAY)


@pytest.mark.parametrize("page", ["", "error/"])
def test_only_those_who_keep_the_record_correct_it(related, grants, chair, stranger, strangers_family, signed_in, page):
    row = related("parent")
    url = f"/families/{grants.reference}/relationships/{row.pk}/{page}"
    for user in (chair, stranger):
        assert signed_in(user).get(url).status_code == 404
        facts = sent(reason="No.", version=1, parental_responsibility="yes")
        assert signed_in(user).post(url, facts).status_code == 404

    row.refresh_from_db()
    assert (row.error_at, row.parental_responsibility) == (None, None)


def test_a_relationship_of_another_family_is_not_there(related, grants, worker, strangers_family, signed_in):
    ola = strangers_family.memberships.get().person
    row = related("friend", ola, PersonFactory())

    assert signed_in(worker).get(f"/families/{grants.reference}/relationships/{row.pk}/").status_code == 404


# --- a child not born yet ------------------------------------------------------------------------------------------------


@pytest.fixture
def unborn(grants):
    baby = PersonFactory(first_name="Baby", last_name="Grant", born_on=None, expected_on=date(2027, 3, 3))
    return MemberFactory(family=grants, person=baby, role="child").person


def test_a_child_not_born_yet_is_expected(unborn, related, grants, worker, signed_in):
    related("parent", grants.dana, unborn)
    client = signed_in(worker)

    page = page_of(grants, client)
    assert "Expected 3 March 2027" in page
    assert "Dana Grant is the parent of the unborn child Baby Grant" in page
    assert "expected 3 March 2027" in client.get(f"/families/people/{unborn.pk}/").content.decode()
    assert unborn.age_on(date(2026, 3, 3)) == "before birth"
    assert unborn.year_said == "expected 2027"


def test_nobody_is_both_born_and_expected(unborn, worker, signed_in):
    facts = edited(unborn, born_on="2026-03-03", expected_on="2026-03-03")
    answer = signed_in(worker).post(f"/families/people/{unborn.pk}/edit/", facts)

    assert "not both" in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=unborn.pk).update(born_on=date(2026, 3, 3))


def test_on_the_day_of_the_birth_the_date_takes_the_place_of_the_expected_one(unborn, worker, signed_in):
    signed_in(worker).post(f"/families/people/{unborn.pk}/edit/", edited(unborn, born_on="2026-02-01"))

    unborn.refresh_from_db()
    assert (unborn.born_on, unborn.expected_on) == (date(2026, 2, 1), None)


def test_nobody_is_expected_in_years(unborn, worker, signed_in):
    facts = edited(unborn, born_on="", expected_on="2099-03-03")

    assert (
        "within the next ten months"
        in signed_in(worker).post(f"/families/people/{unborn.pk}/edit/", facts).content.decode()
    )


def test_a_child_not_born_yet_is_asked_for_no_agreement(unborn, grants):
    asked = old_enough(list(grants.memberships.select_related("person")), MONDAY.date())

    assert unborn not in [member.person for member in asked]


def expected(**more):
    facts = {"first_name": "Baby", "last_name": "Grant", "expected_on": str(timezone.localdate() + timedelta(days=90))}
    return sent(**facts | {"role": "child", "lives_in_household": "yes"} | more)


def test_a_child_not_born_yet_comes_with_the_mother_and_is_drawn_below_her(grants, worker, signed_in):
    client, url = signed_in(worker), f"/families/{grants.reference}/members/add/?q=Baby+Grant"
    refused = client.post(url, expected())
    assert "Select the mother" in refused.content.decode()
    assert not Person.objects.filter(first_name="Baby").exists()

    client.post(url, expected(mother=grants.dana.pk))

    tie = Relationship.objects.get()
    assert (tie.person, tie.kind, tie.parental_responsibility) == (grants.dana, "parent", True)
    drawn = client.get(f"/families/{grants.reference}/genogram/").content.decode()
    assert "Dana Grant is the parent of the unborn child Baby Grant" in drawn


def test_nobody_is_both_mother_and_father(grants, worker, signed_in):
    url = f"/families/{grants.reference}/members/add/?q=Baby+Grant"
    refused = signed_in(worker).post(url, expected(mother=grants.dana.pk, father=grants.dana.pk))

    assert "Select two different people" in refused.content.decode()
    assert not Relationship.objects.exists()


def test_no_family_begins_with_a_child_not_born_yet(worker, melton, signed_in):
    facts = expected(name="Grant", area=melton.pk)
    refused = signed_in(worker).post("/families/new/?q=Baby+Grant", facts)

    assert "Write the mother down first" in refused.content.decode()
    assert not Person.objects.filter(first_name="Baby").exists()
