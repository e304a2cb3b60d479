"""A read of a neighbour’s record is brought to the governance lead, who learns no street by it (promises P2 and P5)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from earlyhelp.accounts import own
from earlyhelp.accounts import services as accounts
from earlyhelp.accounts.models import Home
from earlyhelp.families import services
from earlyhelp.families.homes import same_street
from earlyhelp.families.models import OddRead
from earlyhelp.families.streets import neighbours
from earlyhelp.families.sweep import find_odd_reads
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.models import User
from tests.factories import MONDAY, MemberFactory, PersonFactory, UserFactory
from tests.families.conftest import REFUGE
from tests.families.test_odd_reads import read

ROSE_LANE = {"line_1": "14 Rose Lane", "line_2": "", "town": "Melton Mowbray", "postcode": "LE13 1CK"}
FAR_AWAY = {"line_1": "3 Elm Row", "line_2": "", "town": "Hinckley", "postcode": "LE10 4CI"}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def at_home(grants, worker):
    """The Grants live in Rose Lane, and their worker knows it."""
    services.move_home(grants.dana, on=None, by=worker, now=MONDAY, **ROSE_LANE)
    return grants


@pytest.fixture
def brought(ig_lead, now):
    """``brought(reader, row)``: for which reasons a read of yesterday is brought."""

    def sweep(reader, row, page="/families/people/1/"):
        read(reader, row, now - timedelta(days=1), page=page)
        find_odd_reads(now=now)
        return [reason for odd in OddRead.objects.filter(reader=reader) for reason in odd.reasons]

    return sweep


def lives(user, street, postcode):
    own.say_where_they_live(user, street=street, postcode=postcode, now=MONDAY)
    return user


def namesake(user, **place):
    """Somebody of another family, or of none, who has the name of this user, in other letters."""
    person = PersonFactory(first_name=user.first_name.upper(), last_name=user.last_name.lower())
    services.move_home(person, on=None, by=user, now=MONDAY, **place)
    return person


@pytest.mark.parametrize(
    ("street", "postcode"),
    [("Rose Lane", "LE13 1CK"), ("", "LE13 1CK"), ("rose ln.", "LE13 1MV"), ("Another Name", "LE13 1CK")],
)
def test_whoever_says_that_they_live_in_the_street_is_brought_though_they_work_with_the_family(
    at_home, worker, brought, street, postcode
):
    assert brought(lives(worker, street, postcode), at_home.dana) == ["same_street"]


@pytest.mark.parametrize(
    ("street", "postcode"),
    [("Elm Row", "LE10 4CI"), ("", "LE13 1CI"), ("Rose Close", "LE13 1MV"), ("Rose Lane", "LE13 2CK")],
)
def test_whoever_lives_elsewhere_is_not(at_home, worker, brought, street, postcode):
    """In another town, behind another postcode, in another street, in one of that name a village further."""
    assert brought(lives(worker, street, postcode), at_home.dana) == []


def test_whoever_says_nothing_is_not(at_home, worker, brought):
    assert brought(worker, at_home.dana) == []


def test_a_neighbour_who_did_not_look_is_not_brought(at_home, worker, practitioner, brought):
    lives(practitioner, "Rose Lane", "LE13 1CK")

    assert brought(worker, at_home.dana) == []
    assert not OddRead.objects.exists()


def test_of_whoever_says_nothing_somebody_on_record_with_their_name_says_where(at_home, worker, brought):
    namesake(worker, **ROSE_LANE | {"line_1": "22 Rose Lane"})

    assert brought(worker, at_home.dana) == ["same_street"]


def test_a_namesake_elsewhere_is_no_neighbour_nor_one_who_has_moved_away(at_home, worker, brought):
    person = namesake(worker, **ROSE_LANE)
    services.move_home(person, on=None, by=worker, now=MONDAY, **FAR_AWAY)

    assert brought(worker, at_home.dana) == []


def test_a_namesake_in_the_family_itself_is_one_reason_and_not_two(at_home, worker, brought):
    MemberFactory(family=at_home, person=namesake(worker, **ROSE_LANE))

    assert brought(worker, at_home.dana) == ["own_name"]


def test_where_somebody_of_the_family_lived_before_counts_no_more(at_home, worker, brought):
    services.move_home(at_home.dana, on=None, by=worker, now=MONDAY, **FAR_AWAY)

    assert brought(lives(worker, "Rose Lane", "LE13 1CK"), at_home.dana) == []


def test_a_protected_address_is_compared_and_no_page_or_notice_tells_it(
    grants, hidden, worker, ig_lead, client, brought
):
    assert brought(lives(worker, "Quince Lane", "LE15 7ZA"), grants.dana) == ["same_street"]

    client.force_login(ig_lead)
    page = client.get(reverse("families:looked")).text
    assert "The reader may live in the same street" in page
    said = page + "".join(f"{notice.title} {notice.reference} {notice.url}" for notice in Notice.objects.all())
    for word in ("Quince", "Haven", "LE15", "Oakham", "Grant", "withheld", "protected"):
        assert word not in said


def test_what_the_lead_reads_is_the_same_of_a_namesake_and_of_a_protected_address(
    at_home, strangers_family, worker, brought, now
):
    """By the words nobody tells which of them it was."""
    ola = strangers_family.memberships.get().person
    services.move_home(ola, on=None, by=worker, now=MONDAY, protected=True, **REFUGE)
    namesake(worker, **REFUGE)
    lives(worker, "Rose Lane", "LE13 1CK")
    read(worker, ola, now - timedelta(days=1))
    brought(worker, at_home.dana)

    why = {odd.family: set(odd.why) - {"No link to the family is known"} for odd in OddRead.objects.all()}
    assert why[at_home] == why[strangers_family] == {"The reader may live in the same street"}


def test_a_home_that_no_key_opens_does_not_keep_the_rest_from_the_lead(at_home, worker, stranger, brought):
    lives(worker, "Rose Lane", "LE13 1CK")
    lives(stranger, "Rose Lane", "LE13 1CK")
    Home.objects.filter(user=worker).update(sealed=b"lost:nothing")

    assert brought(worker, at_home.dana) == []
    assert brought(stranger, at_home.dana) == ["no_link", "same_street"]


def test_twenty_families_and_readers_take_as_many_queries_as_one(at_home, worker, django_assert_num_queries):
    lives(worker, "Rose Lane", "LE13 1CK")
    read_by = {at_home.pk: {worker.pk}}
    with django_assert_num_queries(4):
        assert neighbours(read_by) == {(at_home.pk, worker.pk)}

    for _ in range(20):
        member = MemberFactory(person=PersonFactory())
        services.move_home(member.person, on=None, by=worker, now=MONDAY, **ROSE_LANE)
        read_by[member.family_id] = {worker.pk, lives(UserFactory(), "", "LE13 1CK").pk}
    with django_assert_num_queries(4):
        assert len(neighbours(read_by)) == 41


def at(line_1, postcode, line_2=""):
    return {"line_1": line_1, "line_2": line_2, "postcode": postcode}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (at("14 Rose Lane", "LE13 1CK"), at("Flat 2, 9 Rose Ln", "LE13 1MV")),
        (at("Haven House", "LE13 1CK", "17 Quince Lane"), at("Quince Lane", "le131MV")),
        (at("12 Broadway", "LE13 1CK"), at("Broadway", "LE13 1MV")),
        (at("The Cottage, Main St", "LE13 1CK"), at("4 Main Street", "LE13 1MV")),
        (at("14 Rose Lane", "LE13 1CK"), at("2 Elm Row", "LE13 1CK")),
    ],
)
def test_a_street_is_the_same_however_it_is_spelled(one, other):
    assert same_street(one, other)
    assert same_street(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (at("14 Rose Lane", "LE13 1CK"), at("14 Rose Close", "LE13 1MV")),
        (at("14 Rose Lane", "LE13 1CK"), at("14 Rose Lane", "LE14 1CK")),
        (at("14 Rose Lane", ""), at("14 Rose Lane", "")),
        (at("", "LE13 1CK"), at("", "LE13 1MV")),
        (at("14 Rose Lane", "LE13 1CK", "Melton"), at("3 Elm Row", "LE13 1MV", "Melton")),
    ],
)
def test_and_another_is_another(one, other):
    assert not same_street(one, other)


def test_whoever_has_left_is_still_compared_while_their_last_reads_are_looked_through(at_home, worker, brought, now):
    lives(worker, "Rose Lane", "LE13 1CK")
    User.objects.filter(pk=worker.pk).update(left_on=timezone.localdate(now))
    accounts.close(User.objects.get(pk=worker.pk), on=timezone.localdate(now), by=None, now=now)

    assert "same_street" in brought(worker, at_home.dana)
