"""How two people get on, as somebody saw it on a day: one view at a time, drawn and said, and kept when it is over."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from earlyhelp.cases.models import Case
from earlyhelp.families import kinship, merging, services
from earlyhelp.families.chronology import chronology_of
from earlyhelp.families.drawn import genogram_of
from earlyhelp.families.enums import BondKind
from earlyhelp.families.models import Bond, Family, PregnancyLoss
from earlyhelp.records import plan
from earlyhelp.records.told import KINDS
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import MONDAY, MemberFactory, PersonFactory, UserFactory
from tests.families.pages import sent
from tests.families.test_genogram import parts, plain
from tests.wall.asking import asked_by

TODAY = MONDAY.date()


@pytest.fixture
def moira(grants, worker):
    person = PersonFactory(first_name="Moira", last_name="Grant", area=grants.area, born_on=date(1950, 1, 1))
    MemberFactory(family=grants, person=person, role="relative", lives_in_household=False)
    services.relate(person, grants.dana, kind="parent", by=worker, now=MONDAY)
    services.relate(grants.dana, grants.robin, kind="parent", by=worker, now=MONDAY)
    return person


@pytest.fixture
def felt(grants, worker, moira):
    def say(kind="conflict", one=grants.dana, other=moira, said_on=TODAY, **facts):
        return kinship.say_bond(one, other, kind=kind, said_on=said_on, by=worker, now=MONDAY, **facts)

    return say


@pytest.fixture
def page(grants, worker, signed_in):
    return lambda more="": signed_in(worker).get(f"{grants.get_absolute_url()}genogram/{more}").content.decode()


# --- what is said ------------------------------------------------------------------------------------------------------


def test_it_says_whose_view_it_is_and_of_which_day(grants, felt, worker):
    own = felt(said_by=grants.robin)
    theirs = felt(one=grants.dana, other=grants.robin, kind="close")

    day = f"{TODAY.day} {TODAY:%B %Y}"
    assert own.sentence == f"Dana Grant and Moira Grant are in conflict, as Robin Grant saw it on {day}"
    assert theirs.sentence.endswith(f"are close, as {worker} saw it on {day}")


def test_of_two_one_view_holds_at_a_time_whichever_stands_first(grants, felt, moira):
    before = felt("close", said_on=TODAY - timedelta(days=9))
    now = felt("cut_off", one=moira, other=grants.dana)

    before.refresh_from_db()
    assert before.ended_on == TODAY
    assert list(Bond.objects.live()) == [now]
    assert "were close until" in before.sentence


def test_the_database_itself_holds_one_at_a_time(grants, felt, worker):
    bond = felt()
    again = Bond(
        person=bond.person, other=bond.other, kind="close", said_on=TODAY, recorded_by=worker, recorded_at=MONDAY
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


def test_what_was_said_earlier_does_not_end_what_was_said_later(felt):
    later = felt()

    with pytest.raises(NotPossible):
        felt("close", said_on=TODAY - timedelta(days=1))

    assert list(Bond.objects.all()) == [later]
    later.refresh_from_db()
    assert later.ended_on is None


@pytest.mark.parametrize("turned", [False, True])
def test_two_records_that_become_one_leave_one_view(grants, felt, worker, moira, access_worker, turned):
    twice = PersonFactory(first_name="Moira", last_name="Grant", area=grants.area, born_on=date(1950, 1, 1))
    felt()
    theirs = felt("close", other=twice)
    if turned:  # as another merge may leave them
        Bond.objects.filter(pk=theirs.pk).update(person=twice, other=grants.dana)
    merging.merge(moira, twice, by=access_worker, now=MONDAY, reason="The same.")

    drawn = genogram_of(grants, worker, today=TODAY, is_case=True)
    assert [bond.kind for bond in drawn.bonds] == ["conflict"]


# --- who sees it -------------------------------------------------------------------------------------------------------


def test_only_whoever_sees_both_sees_it(grants, felt, worker, strangers_family):
    own = felt()
    felt(other=strangers_family.people.get())

    assert list(Bond.objects.for_user(worker)) == [own]
    assert not Bond.objects.for_user(UserFactory()).exists()


def test_whoever_said_it_is_not_named_where_they_are_not_shown(grants, felt, page, strangers_family):
    felt(said_by=strangers_family.people.get())

    assert "Ola" not in page()
    assert "as somebody who is not shown here saw it" in page()


def test_the_chronology_and_so_no_copy_says_it(grants, felt, worker):
    felt()

    assert "conflict" not in str([vars(entry) for entry in chronology_of(grants, worker)])


def test_it_is_read_out_to_either_as_telling_of_the_other():
    (kind,) = (kind for kind in KINDS if kind.label == "families.Bond")

    assert kind.people == ("person", "other")
    assert set(kind.others) == {"person", "other", "said_by"}


def test_it_goes_with_the_record_of_either(grants, felt):
    bond = felt()

    assert plan.of_family(grants).rows[Bond] == {bond.pk}


# --- on the page -------------------------------------------------------------------------------------------------------


def test_it_is_said_ended_and_struck_out_on_pages(grants, worker, moira, signed_in):
    client, at = signed_in(worker), f"{grants.get_absolute_url()}bonds/"
    fields = {"person": grants.dana.pk, "other": moira.pk, "kind": "distant", "said_by": moira.pk}
    assert client.post(f"{at}add/", sent(**fields, said_on="2025-10-01")).status_code == 302
    bond = Bond.objects.get()
    assert (bond.kind, bond.said_by, bond.said_on) == ("distant", moira, date(2025, 10, 1))

    client.post(f"{at}{bond.pk}/end/", sent(on="2025-10-02"))
    bond.refresh_from_db()
    assert bond.ended_on == date(2025, 10, 2)
    assert "distant" in client.get(f"{grants.get_absolute_url()}history/").content.decode()

    client.post(f"{at}{bond.pk}/error/", sent(reason="Never said."))
    bond.refresh_from_db()
    assert bond.error_reason == "Never said."
    assert client.get(f"{at}{bond.pk}/end/").status_code == 404


def test_it_does_not_end_before_it_was_said(felt, worker):
    bond = felt()

    with pytest.raises(NotPossible):
        kinship.end_bond(bond, on=TODAY - timedelta(days=1), by=worker, now=MONDAY)

    bond.refresh_from_db()
    assert bond.ended_on is None


def test_whoever_only_reads_says_nothing(grants, chair, moira, signed_in):
    assert signed_in(chair).get(f"{grants.get_absolute_url()}bonds/add/").status_code == 404


@pytest.mark.parametrize("kind", BondKind)
def test_each_kind_is_drawn_by_a_form_of_its_own_and_said_in_words(felt, page, kind):
    bond = felt(kind)
    picture, words = parts(page())

    drawn = picture[picture.index(f"eh-geno__bond--{kind}") :].split("</g>")[0]
    assert f"<title>{bond.sentence}</title>" in drawn
    paths = {"close": 2, "fused": 3, "cut_off": 4}.get(kind, 1)
    assert drawn.count("<path") == paths
    assert bond.sentence in plain(words)


def test_a_crowded_picture_may_be_read_without_them(felt, page):
    bond = felt()
    text = page("?get_on=no")

    assert bond.words not in text
    assert "Show how people get on" in text


def test_two_who_stand_far_apart_are_told_of_in_the_picture_in_words(grants, felt, page):
    friend = MemberFactory(family=grants, person=PersonFactory(first_name="Joy", last_name="Peel")).person
    felt(other=friend, kind="close")
    picture, _ = parts(page())

    assert "eh-geno__bond--close" not in picture
    assert "Joy Peel are close" in plain(picture)


@pytest.mark.parametrize("turned", [False, True])
def test_the_second_wall_keeps_both_kinds_from_whoever_forgot_to_ask(grants, felt, worker, chair, turned):
    """Of two who get on it is enough that one stands in restricted records alone."""
    bond = felt(other=PersonFactory(area=grants.area))
    if turned:
        Bond.objects.update(person=bond.other, other=bond.person)
    kinship.write_down_loss(grants.dana, kind="early", by=worker, now=MONDAY)
    Family.objects.update(restricted=True)
    Case.objects.update(restricted=True)

    for user, sees in ((worker, 1), (chair, 0)):
        with asked_by(user):
            assert (Bond.objects.count(), PregnancyLoss.objects.count()) == (sees, sees)


@pytest.mark.parametrize("n", [1, 20])
def test_the_genogram_takes_as_many_queries_however_many_there_are(
    grants, felt, worker, signed_in, n, django_assert_max_num_queries
):
    for number in range(n):
        relative = MemberFactory(family=grants, person=PersonFactory(area=grants.area)).person
        services.relate(grants.dana, relative, kind="cousin", by=worker, now=MONDAY)
        felt(other=relative)
        kinship.write_down_loss(grants.dana, kind="early", ended_year=1999 + number, by=worker, now=MONDAY)
    client, at = signed_in(worker), f"{grants.get_absolute_url()}genogram/"
    client.get(at)

    with django_assert_max_num_queries(12):
        client.get(at)


def test_what_has_ended_is_not_drawn(felt, worker, page):
    kinship.end_bond(felt(), on=TODAY, by=worker, now=MONDAY)

    assert "in conflict" not in parts(page())[0]
