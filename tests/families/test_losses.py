"""A pregnancy that ended stands in its mother’s record alone: no person, no child, nobody who is asked for a voice."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from earlyhelp.cases.services import current_people
from earlyhelp.directory.services.onward import offer
from earlyhelp.families import kinship, queries
from earlyhelp.families.chronology import chronology_of
from earlyhelp.families.drawn import genogram_of
from earlyhelp.families.models import Person, PregnancyLoss
from earlyhelp.families.services import relate
from earlyhelp.records import plan
from earlyhelp.records.told import KINDS
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import MONDAY, MemberFactory, PersonFactory, ServiceFactory, UserFactory
from tests.families.pages import sent

TODAY = MONDAY.date()
ROSE = {"kind": "stillbirth", "ended_on": date(2019, 3, 3), "name": "Rose", "sex": "female"}


@pytest.fixture
def baby(grants, worker):
    """Dana expects a child."""
    person = PersonFactory(
        first_name="Baby", last_name="Grant", area=grants.area, born_on=None, expected_on=TODAY + timedelta(days=60)
    )
    MemberFactory(family=grants, person=person, role="child")
    relate(grants.dana, person, kind="parent", by=worker, now=MONDAY)
    return person


@pytest.fixture
def ended(grants, worker, baby):
    return kinship.end_pregnancy(baby, mother=grants.dana, kind="early", by=worker, now=timezone.now())


def written(mother, worker, **facts):
    return kinship.write_down_loss(mother, by=worker, now=MONDAY, **(ROSE | facts))


# --- what is kept ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, "Rose, stillborn on 3 March 2019"),
        ({"name": "", "ended_on": None, "ended_year": 2019}, "A child, stillborn in 2019"),
        ({"name": "", "ended_on": None}, "A child, stillborn"),
        ({"kind": "early", "sex": "unknown"}, "Rose, a pregnancy that ended early, on 3 March 2019"),
        ({"kind": "early", "sex": "unknown", "name": "", "ended_on": None}, "A pregnancy that ended early"),
    ],
)
def test_it_says_as_much_as_the_family_gave(grants, worker, facts, told):
    assert written(grants.dana, worker, **facts).told == told


@pytest.mark.parametrize("facts", [{"ended_year": 2019}, {"kind": "early"}])
def test_neither_a_day_and_a_year_nor_a_sex_of_what_ended_early_is_kept(grants, worker, facts):
    with pytest.raises(ValidationError):
        written(grants.dana, worker, **facts)

    assert not PregnancyLoss.objects.exists()


def test_the_database_itself_refuses_a_day_beside_a_year(grants, worker):
    loss = written(grants.dana, worker)

    with pytest.raises(IntegrityError), transaction.atomic():
        PregnancyLoss.objects.filter(pk=loss.pk).update(ended_year=2018)


# --- whose it is -------------------------------------------------------------------------------------------------------


def test_whoever_sees_the_mother_sees_it_and_nobody_else(grants, worker, strangers_family):
    loss = written(grants.dana, worker)

    assert list(PregnancyLoss.objects.for_user(worker)) == [loss]
    assert not PregnancyLoss.objects.for_user(UserFactory()).exists()


def test_the_page_of_the_mother_says_it_and_that_of_the_child_does_not(grants, worker, signed_in):
    written(grants.dana, worker)
    client = signed_in(worker)

    assert "Rose, stillborn on 3 March 2019" in client.get(grants.dana.get_absolute_url()).content.decode()
    assert "Rose" not in client.get(grants.robin.get_absolute_url()).content.decode()


def test_it_is_offered_of_no_man_and_of_no_child(grants, worker, signed_in):
    Person.objects.filter(pk=grants.robin.pk).update(born_on=TODAY - timedelta(days=3000))
    man = MemberFactory(family=grants, person=PersonFactory(sex="male", area=grants.area)).person
    client, offered = signed_in(worker), "Write down a pregnancy that ended"

    assert offered in client.get(grants.dana.get_absolute_url()).content.decode()
    for each in (man, grants.robin):
        assert offered not in client.get(each.get_absolute_url()).content.decode()


def test_nothing_that_counts_or_finds_people_knows_it(grants, worker):
    before = Person.objects.count()
    written(grants.dana, worker)

    assert Person.objects.count() == before
    assert [match for match in queries.search(first="Rose", last="Grant") if not match.only_surname] == []
    assert len(current_people(grants)) == 2


def test_the_chronology_says_nothing_of_it(grants, worker):
    written(grants.dana, worker)

    assert "Rose" not in str([vars(entry) for entry in chronology_of(grants, worker)])


def test_it_is_read_out_to_the_mother_and_not_to_the_father():
    (kind,) = (kind for kind in KINDS if kind.label == "families.PregnancyLoss")

    assert kind.people == ("mother",)
    assert kind.others == ("father",)


def test_it_goes_with_the_record_of_the_mother(grants, worker):
    loss = written(grants.dana, worker)

    assert plan.of_family(grants).rows[PregnancyLoss] == {loss.pk}


# --- on the page -------------------------------------------------------------------------------------------------------


def test_it_is_written_down_changed_and_struck_out_on_pages(grants, worker, signed_in):
    client, at = signed_in(worker), f"/families/people/{grants.dana.pk}/losses/"
    client.post(f"{at}add/", sent(kind="early", ended_year="2018", name=""))
    loss = PregnancyLoss.objects.get()
    assert (loss.kind, loss.ended_year, loss.recorded_by) == ("early", 2018, worker)

    client.post(f"{at}{loss.pk}/", {"version": loss.version, "kind": "stillbirth", "name": "Rose"})
    loss.refresh_from_db()
    assert (loss.kind, loss.name, loss.ended_year) == ("stillbirth", "Rose", None)
    history = client.get(f"/families/people/{grants.dana.pk}/history/").content.decode()
    assert "Rose, stillborn" in history

    client.post(f"{at}{loss.pk}/error/", sent(reason="Somebody else’s."))
    assert "Rose" not in client.get(grants.dana.get_absolute_url()).content.decode()
    assert PregnancyLoss.objects.get().error_reason == "Somebody else’s."


def test_whoever_only_reads_may_not_write_it_down(grants, chair, signed_in):
    answer = signed_in(chair).post(f"/families/people/{grants.dana.pk}/losses/add/", sent(kind="early"))

    assert answer.status_code == 404
    assert not PregnancyLoss.objects.exists()


# --- a child who was expected ----------------------------------------------------------------------------------------


def test_a_child_who_was_expected_becomes_a_loss_of_the_mother(grants, worker, baby, signed_in):
    client = signed_in(worker)
    assert "The pregnancy has ended" in client.get(baby.get_absolute_url()).content.decode()
    answer = client.post(
        f"/families/people/{baby.pk}/ended/", sent(mother=grants.dana.pk, kind="stillbirth", name="Rose"), follow=True
    )

    assert answer.redirect_chain[-1][0] == grants.dana.get_absolute_url()
    assert "Rose, stillborn" in answer.content.decode()
    assert PregnancyLoss.objects.get().was == baby


def test_nobody_expects_it_any_more(grants, worker, baby, ended, signed_in):
    client = signed_in(worker)
    for page in ("", "genogram/", "agreements/add/"):
        text = client.get(f"{grants.get_absolute_url()}{page}").content.decode()
        assert "Baby" not in text, page
        assert "expected" not in text, page

    assert client.get(baby.get_absolute_url(), follow=True).redirect_chain[-1][0] == grants.dana.get_absolute_url()
    assert baby not in current_people(grants)
    assert baby not in [match.person for match in queries.search(first="Baby", last="Grant")]


def test_by_mistake_it_is_taken_back_and_the_child_is_expected_again(grants, worker, baby, ended):
    kinship.loss_in_error(ended, by=worker, now=timezone.now(), reason="The wrong family.")

    baby.refresh_from_db()
    assert baby.merged_into is None
    assert baby.expected_on == TODAY + timedelta(days=60)
    assert baby in current_people(grants)
    assert not PregnancyLoss.objects.standing().exists()


def test_only_a_child_not_born_yet_is_turned_into_one(grants, worker, baby, ended, signed_in):
    for each in (grants.robin, baby):
        with pytest.raises(NotPossible):
            kinship.end_pregnancy(each, mother=grants.dana, kind="early", by=worker, now=MONDAY)

    assert signed_in(worker).get(f"/families/people/{grants.robin.pk}/ended/").status_code == 404
    assert PregnancyLoss.objects.count() == 1


def test_a_referral_that_goes_on_for_the_child_is_ended_first(grants, worker, baby):
    service = ServiceFactory(name="Cots for all", email="cots@example.org")
    offer(person=baby, service=service, by=worker, now=MONDAY, why="A cot.", reach="-", given_by="parent", how="phone")

    with pytest.raises(NotPossible, match="Cots for all"):
        kinship.end_pregnancy(baby, mother=grants.dana, kind="early", by=worker, now=MONDAY)

    baby.refresh_from_db()
    assert baby.merged_into is None
    assert not PregnancyLoss.objects.exists()


# --- drawn -------------------------------------------------------------------------------------------------------------


def test_it_is_drawn_with_a_small_sign_and_said_in_words(grants, worker, signed_in):
    written(grants.dana, worker)
    written(grants.dana, worker, kind="early", name="", ended_on=None, ended_year=2021, sex="unknown")
    drawn = genogram_of(grants, worker, today=TODAY, is_case=True)
    page = signed_in(worker).get(f"{grants.get_absolute_url()}genogram/").content.decode()

    assert [lost.shape for lost in drawn.lost] == ["female", "early"]
    assert len(drawn.figures) == 2
    for said in (
        "Rose, stillborn on 3 March 2019: child of Dana Grant",
        "A pregnancy that ended early, in 2021: of Dana",
    ):
        assert page.count(said) >= 3  # its sign for those who see it, the same for those who hear it, and the list


def test_a_father_who_is_not_drawn_is_not_named(grants, worker, strangers_family):
    written(grants.dana, worker, father=strangers_family.people.get())
    drawn = genogram_of(grants, worker, today=TODAY, is_case=True)

    assert "Ola" not in " ".join(drawn.sentences)


def test_who_were_stillborn_on_one_day_are_of_one_birth_and_who_were_lost_early_are_not(grants, worker):
    for name in ("Rose", "Lily"):
        written(grants.dana, worker, name=name)
        written(grants.dana, worker, kind="early", name="", sex="unknown", ended_on=date(2021, 1, 1))
    drawn = genogram_of(grants, worker, today=TODAY, is_case=True)

    assert [each for each in drawn.sentences if "twins" in each] == ["Rose and Lily are twins"]
