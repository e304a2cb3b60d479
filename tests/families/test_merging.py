"""Two records become one over every foreign key there is, and are parted again (domain.md 4, system 5; screens.md 2, 5 to 7)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import models
from django.urls import reverse

from earlyhelp.audit.models import Event
from earlyhelp.families import joining, merging, services
from earlyhelp.families.models import Address, Family, FamilyMembership, Merge, Person, PossibleDuplicate
from earlyhelp.records.models import Hold
from earlyhelp.sharing.enums import AskedHow, GivenBy, Purpose, Say, Whom, Wish
from earlyhelp.sharing.queries import can_share
from earlyhelp.sharing.services import end_conflict, record_conflict, record_wish
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import MONDAY, FamilyFactory, MemberFactory, PersonFactory
from tests.families.pages import sent
from tests.races import together

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def again(grants, strangers_family, worker):
    """Dana once more: in another family, with a home, an answer, an event and a brother."""
    twice = PersonFactory(
        first_name="Dana", last_name="Graunt", born_on="1990-04-03", phone="0116 496 0000", nhs_number="9990000018"
    )
    MemberFactory(family=strangers_family, person=twice, role="parent")
    facts = {"by": worker, "now": MONDAY}
    services.move_home(twice, on=None, line_1="3 Mill Lane", postcode="LE12 1AA", **facts)
    services.record_agreement(strangers_family, twice, status="given", **facts)
    services.add_event(strangers_family, happened_on=MONDAY.date(), kind="school", text="…", person=twice, **facts)
    twice.brother = PersonFactory(first_name="Lee", last_name="Graunt")
    services.relate(twice, twice.brother, kind="sibling", **facts)
    twice.refresh_from_db()
    return twice


def one(kept, merged, by, **facts):
    return merging.merge(kept, merged, by=by, now=MONDAY, reason="Same telephone, says the school.", **facts)


def everything(person):
    """All rows, of every kind, that name this person."""
    return {
        (reference.model._meta.label, reference.name, pk)
        for reference in joining.references(Person)
        for pk in reference.model._base_manager.filter(**{reference.name: person}).values_list("pk", flat=True)
    }


def facts_of(person):
    """What is written on the record itself."""
    values = Person.objects.filter(pk=person.pk).values().get()
    return {name: value for name, value in values.items() if name != "version"}


def test_all_that_belongs_to_the_one_goes_to_the_other(grants, again, access_worker):
    before = everything(grants.dana) | everything(again)

    one(grants.dana, again, access_worker)

    again.refresh_from_db()
    assert again.merged_into == grants.dana
    assert everything(again) == set()
    assert everything(grants.dana) == before | {("families.Person", "merged_into", again.pk)}
    kinds = {event.kind for event in Event.objects.filter(subject_id__in=[grants.dana.pk, again.pk], reason__gt="")}
    assert kinds == {"families.person.merge"}


def test_what_only_the_other_knew_is_taken_and_of_what_differs_what_was_chosen(grants, again, access_worker):
    dana = grants.dana
    dana.phone = "0116 496 0999"
    dana.save()

    one(dana, again, access_worker, take=["last_name"])

    dana.refresh_from_db()
    assert (dana.nhs_number, dana.last_name, dana.phone) == ("9990000018", "Graunt", "0116 496 0999")


def test_undone_each_record_is_as_it_was(grants, again, access_worker):
    before = {who.pk: (everything(who), facts_of(who)) for who in (grants.dana, again)}
    done = one(grants.dana, again, access_worker, take=["last_name"])

    merging.undo(done, by=access_worker, now=TUESDAY, reason="Two cousins.")

    assert {who.pk: (everything(who), facts_of(who)) for who in (grants.dana, again)} == before
    done.refresh_from_db()
    assert (done.undone_by, done.undone_at, done.undone_why) == (access_worker, TUESDAY, "Two cousins.")


def test_what_came_since_stays_where_it_was_put_and_what_was_corrected_since_stays_corrected(
    grants, again, access_worker, worker
):
    done = one(grants.dana, again, access_worker, take=["last_name"])
    event = services.add_event(
        grants, happened_on=MONDAY.date(), kind="home", text="…", person=grants.dana, by=worker, now=TUESDAY
    )
    Person.objects.filter(pk=grants.dana.pk).update(last_name="Grant-Hale")
    assert joining.added_since(done) == ["1 significant event"]

    merging.undo(done, by=access_worker, now=TUESDAY, reason="Two cousins.")

    event.refresh_from_db()
    grants.dana.refresh_from_db()
    assert event.person == grants.dana
    assert grants.dana.last_name == "Grant-Hale"


def test_the_split_is_remembered_and_the_two_are_not_merged_again(grants, again, access_worker):
    done = one(grants.dana, again, access_worker)
    merging.undo(done, by=access_worker, now=TUESDAY, reason="Two cousins.")

    with pytest.raises(NotPossible, match="are not the same person"):
        one(grants.dana, again, access_worker)

    assert PossibleDuplicate.objects.get().note == "Two cousins."
    assert Merge.objects.count() == 1


def test_nobody_is_in_a_family_twice_nor_shown_as_having_left_it(grants, access_worker, worker, signed_in):
    twice = PersonFactory(first_name="Robyn", last_name="Grant", born_on="2015-05-20")
    MemberFactory(family=grants, person=twice, role="child")
    done = one(grants.robin, twice, access_worker)

    page = signed_in(worker).get(grants.get_absolute_url()).content.decode()
    assert "Robyn" not in page
    assert page.count("Robin Grant") >= 1

    merging.undo(done, by=access_worker, now=TUESDAY, reason="Twins.")
    assert FamilyMembership.objects.current().filter(family=grants, person=twice).exists()


def test_one_fact_of_two_people_is_not_told_twice(grants, again, access_worker, worker, signed_in):
    services.relate(again.brother, grants.dana, kind="sibling", by=worker, now=MONDAY)

    one(grants.dana, again, access_worker)

    page = signed_in(worker).get(grants.dana.get_absolute_url()).content.decode()
    assert page.count("Brother or sister of") <= 1


def test_of_two_homes_one_becomes_where_they_lived(grants, again, access_worker, worker):
    services.move_home(grants.dana, on=None, line_1="1 High Street", postcode="LE13 1AA", by=worker, now=MONDAY)

    done = one(grants.dana, again, access_worker, home_of_merged=True)

    grants.dana.refresh_from_db()
    assert grants.dana.addresses.get(until_on=None).line_1 == "3 Mill Lane"
    assert grants.dana.postcode == "LE12 1AA"
    merging.undo(done, by=access_worker, now=TUESDAY, reason="Two cousins.")
    assert {home.line_1 for home in Address.objects.filter(until_on=None)} == {"1 High Street", "3 Mill Lane"}


def test_a_secret_address_stays_secret_for_both_and_for_their_families(grants, again, access_worker, worker):
    services.move_home(
        grants.dana, on=None, line_1="3 Mill Lane", postcode="LE12 1AA", protected=True, by=worker, now=MONDAY
    )

    done = one(grants.dana, again, access_worker)
    merging.undo(done, by=access_worker, now=TUESDAY, reason="Two cousins.")

    assert not Address.objects.filter(line_1="3 Mill Lane", protected=False).exists()
    again.refresh_from_db()
    assert again.postcode == ""


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (
            lambda dana, other: Person.objects.filter(pk=dana.pk).update(nhs_number="9990000026"),
            "two different NHS numbers",
        ),
        (lambda dana, other: dana.relationships.create(other=other, kind="sibling"), "related to each other"),
        (lambda dana, other: Person.objects.filter(pk=dana.pk).update(merged_into=other), "one record already"),
    ],
)
def test_it_is_refused_where_something_speaks_against_it_and_nothing_moves(grants, again, access_worker, make, why):
    make(grants.dana, again)
    before = everything(again)

    with pytest.raises(NotPossible, match=why):
        one(grants.dana, again, access_worker)

    assert everything(again) == before
    assert not Merge.objects.exists()


def test_a_room_above_may_stand_in_the_way(grants, again, access_worker, monkeypatch):
    monkeypatch.setattr(merging, "FORBIDS", [lambda kept, merged: "A court wants this record left as it is."])

    with pytest.raises(NotPossible, match="A court"):
        one(grants.dana, again, access_worker)


def test_a_legal_hold_on_either_family_forbids_it(grants, again, access_worker, ig_lead):
    Hold.objects.create(family=grants, reason="An inquest.", placed_by=ig_lead, placed_at=MONDAY)

    with pytest.raises(NotPossible, match="legal hold"):
        one(grants.dana, again, access_worker)


def test_who_does_not_match_merges_nothing_and_undoes_nothing(
    grants, again, access_worker, worker, chair, practitioner
):
    for user in (worker, chair, practitioner):
        with pytest.raises(PermissionDenied):
            one(grants.dana, again, user)
    done = one(grants.dana, again, access_worker)
    for user in (worker, chair, practitioner):
        with pytest.raises(PermissionDenied):
            merging.undo(done, by=user, now=TUESDAY, reason="…")

    again.refresh_from_db()
    assert again.merged_into == grants.dana


def test_of_a_restricted_record_nobody_merges_anything(grants, again, access_worker, charnwood):
    MemberFactory(family=FamilyFactory(restricted=True, area=charnwood), person=again)

    for kept, merged in ((grants.dana, again), (again, grants.dana)):
        with pytest.raises(PermissionDenied):
            one(kept, merged, access_worker)


def test_a_chain_is_undone_from_its_end(grants, again, access_worker):
    third = PersonFactory(first_name="Dana", last_name="Grant", born_on="1990-04-03")
    first = one(again, third, access_worker)
    second = one(grants.dana, again, access_worker)
    third.refresh_from_db()
    assert third.merged_into == grants.dana

    with pytest.raises(NotPossible, match="Undo that first"):
        merging.undo(first, by=access_worker, now=TUESDAY, reason="…")
    merging.undo(second, by=access_worker, now=TUESDAY, reason="…")
    merging.undo(first, by=access_worker, now=TUESDAY, reason="…")

    assert not Person.objects.exclude(merged_into=None).exists()


def test_what_was_merged_is_found_by_no_search_and_its_old_address_leads_to_the_one_kept(
    grants, again, access_worker, worker, stranger, signed_in
):
    one(grants.dana, again, access_worker)

    page = signed_in(access_worker).get("/families/search/?q=9990000018").content.decode()
    assert "Dana Grant" in page
    assert "Graunt" not in page
    old = reverse("families:person", args=[again.pk])
    assert signed_in(worker).get(old).headers["Location"] == grants.dana.get_absolute_url()
    assert signed_in(stranger).get(old).status_code == 404
    assert signed_in(worker).get(reverse("families:edit_person", args=[again.pk])).status_code == 404


# --- dates of one person ----------------------------------------------------------------------------------------------


def dates_of(person, **days):
    Person.objects.filter(pk=person.pk).update(**{"born_on": None, "expected_on": None, "died_on": None} | days)
    person.refresh_from_db()


def said(person):
    person.refresh_from_db()
    return {name: str(getattr(person, name)) for name in ("born_on", "expected_on", "died_on") if getattr(person, name)}


@pytest.mark.parametrize("kept_is_born", [False, True])
def test_a_child_written_down_before_the_birth_and_after_it_becomes_one_who_is_born(
    grants, again, access_worker, kept_is_born
):
    born, unborn = {"born_on": date(2026, 2, 20)}, {"expected_on": date(2026, 3, 3)}
    dates_of(grants.robin, **born if kept_is_born else unborn)
    dates_of(again, **unborn if kept_is_born else born)
    before = facts_of(grants.robin), facts_of(again)
    assert "expected_on" not in merging.differing(grants.robin, again)

    done = one(grants.robin, again, access_worker)
    assert said(grants.robin) == {"born_on": "2026-02-20"}

    merging.undo(done, by=access_worker, now=TUESDAY, reason="Two cousins.")
    assert (facts_of(grants.robin), facts_of(again)) == before


def test_two_records_of_a_child_not_born_yet_become_one_and_the_day_is_asked(grants, again, access_worker):
    dates_of(grants.robin, expected_on=date(2026, 5, 3))
    dates_of(again, expected_on=date(2026, 5, 9))
    assert "expected_on" in merging.differing(grants.robin, again)

    one(grants.robin, again, access_worker, take=["expected_on"])

    assert said(grants.robin) == {"expected_on": "2026-05-09"}


@pytest.mark.parametrize(
    ("kept", "merged", "take", "why"),
    [
        ({"born_on": date(2015, 5, 20)}, {"expected_on": date(2026, 5, 9)}, [], "born long before or after"),
        ({"expected_on": date(2026, 5, 9)}, {"born_on": date(2015, 5, 20)}, ["born_on"], "born long before or after"),
        ({"born_on": date(1990, 4, 3)}, {"died_on": date(1980, 1, 1)}, [], "died before the other says"),
        ({"died_on": date(1980, 1, 1)}, {"born_on": date(1990, 4, 3)}, [], "died before the other says"),
        (
            {"born_on": date(1930, 1, 1), "died_on": date(1980, 1, 1)},
            {"born_on": date(1990, 4, 3), "died_on": date(2020, 1, 1)},
            ["born_on"],
            "choose again",
        ),
    ],
)
def test_dates_that_cannot_both_be_so_are_refused_in_words_and_nothing_moves(
    grants, again, access_worker, kept, merged, take, why
):
    dates_of(grants.robin, **kept)
    dates_of(again, **merged)
    before = everything(again), facts_of(grants.robin)

    with pytest.raises(NotPossible, match=why):
        one(grants.robin, again, access_worker, take=take)

    assert (everything(again), facts_of(grants.robin)) == before
    assert not Merge.objects.exists()


@pytest.mark.parametrize("turned", [False, True])
def test_both_dates_of_the_other_are_taken_and_given_back(grants, again, access_worker, turned):
    early = {"born_on": date(1930, 1, 1), "died_on": date(1980, 1, 1)}
    late = {"born_on": date(1990, 4, 3), "died_on": date(2020, 1, 1)}
    dates_of(grants.robin, **late if turned else early)
    dates_of(again, **early if turned else late)
    before, other = said(grants.robin), said(again)

    done = one(grants.robin, again, access_worker, take=["born_on", "died_on"])
    assert said(grants.robin) == other

    merging.undo(done, by=access_worker, now=TUESDAY, reason="Two cousins.")
    assert said(grants.robin) == before


def test_each_thing_that_is_known_of_a_person_is_taken_along_or_left_for_a_reason():
    known = {field.name for field in Person._meta.concrete_fields if field.editable and not field.primary_key}

    assert known == {*merging.FACTS} | {*merging.LEFT_OUT}


def test_in_the_browser_dates_that_contradict_are_said_on_the_page(grants, again, access_worker, signed_in):
    dates_of(grants.dana, born_on=date(1930, 1, 1), died_on=date(1980, 1, 1))
    dates_of(again, born_on=date(1990, 4, 3), died_on=date(2020, 1, 1))
    client = signed_in(access_worker)
    client.get("/families/search/?last=Grant")
    chosen = sent(last_name="kept", born_on="merged", died_on="kept", reason="Same telephone.")

    answer = client.post(f"{reverse('families:compare', args=[grants.dana.pk, again.pk])}yes/", chosen)

    assert answer.status_code == 409
    assert "died before they were born" in answer.content.decode()


# --- what was a mistake, and who must be kept apart -------------------------------------------------------------------


@pytest.mark.parametrize("turned", [False, True])
def test_a_tie_that_was_a_mistake_is_in_nobodys_way_and_stays_where_it_was_written(
    grants, again, access_worker, worker, turned
):
    first, second = (again, grants.dana) if turned else (grants.dana, again)
    tie = services.relate(first, second, kind="sibling", by=worker, now=MONDAY)
    services.entered_in_error(tie, by=worker, now=MONDAY, reason="One and the same.")
    before = everything(grants.dana), everything(again)

    done = one(grants.dana, again, access_worker)
    tie.refresh_from_db()
    assert (tie.person, tie.other) == (first, second)

    merging.undo(done, by=access_worker, now=TUESDAY, reason="Two cousins.")
    assert (everything(grants.dana), everything(again)) == before


def test_a_tie_that_stands_is_in_the_way_even_beside_one_that_was_a_mistake(grants, again, access_worker, worker):
    tie = services.relate(grants.dana, again, kind="sibling", by=worker, now=MONDAY)
    services.entered_in_error(tie, by=worker, now=MONDAY, reason="Half-sisters.")
    services.relate(grants.dana, again, kind="half_sibling", by=worker, now=MONDAY)

    with pytest.raises(NotPossible, match="related to each other"):
        one(grants.dana, again, access_worker)


@pytest.mark.parametrize("which", ["kept", "merged"])
def test_somebody_who_must_be_kept_apart_from_another_becomes_one_with_nobody(
    grants, again, access_worker, worker, which
):
    here = {"kept": grants, "merged": again.memberships.get().family}[which]
    of = {"kept": grants.dana, "merged": again}[which]
    former = PersonFactory(first_name="Carl", last_name="Grant")
    MemberFactory(family=here, person=former, role="parent")
    conflict = record_conflict(here, one=of, other=former, reason="An order.", by=worker, now=MONDAY)
    before = everything(again)

    with pytest.raises(NotPossible, match="must not learn"):
        one(grants.dana, again, access_worker)

    assert everything(again) == before
    assert not Merge.objects.exists()
    end_conflict(conflict, by=worker, now=MONDAY, reason="The order has ended.")
    one(grants.dana, again, access_worker)


@pytest.mark.parametrize("other", ["robin", "again"])
def test_what_is_over_between_two_is_in_nobodys_way_whichever_record_is_kept(
    grants, again, access_worker, worker, other
):
    """The database keeps each such pair in one order, and nobody is kept apart from themselves."""
    apart = {"robin": grants.robin, "again": again}[other]
    conflict = record_conflict(grants, one=grants.dana, other=apart, reason="An order.", by=worker, now=MONDAY)
    end_conflict(conflict, by=worker, now=MONDAY, reason="The order has ended.")
    before = everything(grants.dana), everything(again)

    done = one(again, grants.dana, access_worker)
    merging.undo(done, by=access_worker, now=TUESDAY, reason="Two cousins.")

    assert (everything(grants.dana), everything(again)) == before


def test_every_rule_that_says_at_most_one_can_be_asked_before_a_merge(db):
    """By its plain fields: a rule over an expression would be found out by the database alone, as an error."""
    for reference in (*joining.references(Person), *joining.references(Family)):
        assert not reference.unique, reference
        for unique in reference.model._meta.constraints:
            if isinstance(unique, models.UniqueConstraint):
                assert all(isinstance(each, models.F) for each in unique.expressions), unique.name


def test_a_merge_is_previewed_done_and_undone_in_the_browser(grants, again, access_worker, signed_in):
    client = signed_in(access_worker)
    client.get("/families/search/?last=Grant")
    compared = reverse("families:compare", args=[grants.dana.pk, again.pk])
    page = client.get(compared).content.decode()
    for words in ("1 address", "1 agreement", "1 significant event", "1 relationship", "Differs"):
        assert words in page

    answer = client.post(f"{compared}yes/", sent(last_name="kept", reason="Same telephone."), follow=True)
    assert "Made one record" in answer.content.decode()
    done = Merge.objects.get()
    assert done.get_absolute_url() in client.get(reverse("families:duplicates")).content.decode()

    client.post(f"{done.get_absolute_url()}undo/", sent(reason="Two cousins."), follow=True)
    again.refresh_from_db()
    assert again.merged_into is None
    assert client.get(compared).status_code == 200


def test_which_of_two_names_is_right_has_to_be_said(grants, again, access_worker, signed_in):
    compared = reverse("families:compare", args=[grants.dana.pk, again.pk])

    client = signed_in(access_worker)
    client.get("/families/search/?last=Grant")

    answer = client.post(f"{compared}yes/", sent(reason="Same telephone."))

    assert answer.status_code == 422
    assert not Merge.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_the_same_two_at_once_make_one_of_them_once(grants, again, access_worker):
    answers = together(
        lambda: one(grants.dana, again, access_worker),
        lambda: one(again, grants.dana, access_worker),
    )

    assert sum(isinstance(answer, Merge) for answer in answers) == 1
    assert Merge.objects.count() == 1


def test_what_somebody_wishes_and_what_was_told_of_them_goes_along(grants, again, access_worker, worker, practitioner):
    """A no that stayed behind with the other record would be a no that nobody hears (domain.md 16)."""
    agency = practitioner.agency
    said = {"wish": Wish.REFUSED, "given_by": GivenBy.PERSON, "how": AskedHow.PHONE}
    record_wish(again, whom=Whom.AGENCY, agency=agency, by=worker, now=MONDAY, **said)
    before = can_share(grants.dana, agency, Purpose.HELP, now=MONDAY)

    one(grants.dana, again, access_worker)

    assert before.say != Say.DENY
    assert can_share(grants.dana, agency, Purpose.HELP, now=MONDAY).say == Say.DENY
