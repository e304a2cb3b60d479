import pytest
from django.urls import reverse
from django.utils import timezone

from earlyhelp.directory.models import Service
from tests.factories import MONDAY, AreaFactory, FamilyFactory, MemberFactory, PersonFactory, ServiceFactory

URL = "/services/"


@pytest.fixture
def signed_in(client, practitioner):
    client.force_login(practitioner)
    return client


@pytest.fixture
def found(signed_in):
    def names(**query):
        return [service.name for service in signed_in.get(URL, query).context["page"].object_list]

    return names


def test_services_that_run_are_listed_by_name(found):
    ServiceFactory(name="Young carers")
    ServiceFactory(name="Befriending")
    ServiceFactory(name="Ended", withdrawn=True)

    assert found() == ["Befriending", "Young carers"]


def test_by_what_it_helps_with(found):
    ServiceFactory(name="Debt advice", needs=["money", "housing"])
    ServiceFactory(name="Stay and play", needs=["early_years"])

    assert found(need="housing") == ["Debt advice"]


def test_by_area_with_those_around_it_those_inside_it_and_those_of_the_whole_county(found, county, melton, charnwood):
    village = AreaFactory(name="Asfordby", parent=melton, kind="locality")
    for name, areas in {
        "Melton one": [melton],
        "County one": [county],
        "Village one": [village],
        "Charnwood one": [charnwood],
        "Everywhere": [],
    }.items():
        ServiceFactory(name=name).areas.set(areas)

    assert found(area=melton.pk) == ["Melton one", "Village one", "County one", "Everywhere"]
    assert found(area=village.pk) == ["Village one", "Melton one", "County one", "Everywhere"]


def test_a_service_of_several_places_stands_where_its_nearest_is(found, county, melton, charnwood):
    village = AreaFactory(name="Asfordby", parent=melton, kind="locality")
    ServiceFactory(name="A district one").areas.set([melton])
    ServiceFactory(name="Both").areas.set([charnwood, village, county])

    assert found(area=village.pk) == ["Both", "A district one"]


def test_the_page_says_why_they_stand_in_this_order(signed_in, melton):
    ServiceFactory()

    assert (
        "those of Melton, then those of the places around it"
        in signed_in.get(URL, {"area": melton.pk}).content.decode()
    )
    assert "The nearest first" not in signed_in.get(URL).content.decode()


def test_in_the_list_an_old_check_is_flagged_and_a_fresh_one_is_not(signed_in):
    ServiceFactory(assured_on="2020-01-01")
    assert "Ring first" in signed_in.get(URL).content.decode()

    Service.objects.update(assured_on=timezone.localdate())
    assert "Ring first" not in signed_in.get(URL).content.decode()


def test_whoever_refers_is_told_that_the_check_is_old(signed_in, practitioner, melton):
    person = PersonFactory(area=melton, created_by=practitioner)
    MemberFactory(family=FamilyFactory(area=melton, created_by=practitioner), person=person)
    old = ServiceFactory(name="Old one", assured_on="2020-01-01")

    chooses = signed_in.get(reverse("directory:refer_person", args=[person.pk])).content.decode()
    refers = signed_in.get(reverse("directory:refer_to", args=[old.pk, person.pk])).content.decode()
    assert "Last checked 1 January 2020: ring first" in chooses
    assert "This was last checked 1 January 2020. Ring before you rely on it" in refers


def test_by_age_including_both_ends(found):
    ServiceFactory(name="Youth club", min_age=11, max_age=18)
    ServiceFactory(name="Over 60s", min_age=60)
    ServiceFactory(name="All ages")

    assert found(age=11) == found(age=18) == ["All ages", "Youth club"]
    assert found(age=10) == ["All ages"]
    assert found(age=60) == ["All ages", "Over 60s"]


@pytest.mark.parametrize("words", ["befriend", "befriending", "lonely people", "Good Neighbours", "example trust"])
def test_by_words_of_its_name_its_organisation_or_what_it_is_about(found, words):
    ServiceFactory(name="Good Neighbours befriending", description="Volunteers visit people who are lonely.")

    assert found(q=words) == ["Good Neighbours befriending"]


def test_everything_asked_must_fit(found, melton):
    ServiceFactory(name="Fits", needs=["money"], min_age=18).areas.set([melton])
    ServiceFactory(name="Too young", needs=["money"], max_age=17).areas.set([melton])

    assert found(need="money", area=melton.pk, age=30) == ["Fits"]


@pytest.mark.parametrize(
    "query",
    [{"need": "nonsense"}, {"area": "x"}, {"age": "old"}, {"q": "' | & !"}, {"q": '"'}, {"page": "x"}, {"age": "-1"}],
)
def test_nonsense_leaves_a_page(signed_in, query):
    ServiceFactory()

    assert signed_in.get(URL, query).status_code == 200


def test_where_nothing_fits_the_page_says_what_to_do(signed_in):
    assert "No service fits" in signed_in.get(URL, {"q": "zebra"}).content.decode()


def test_one_service_says_what_it_is_and_when_that_was_checked(signed_in, melton):
    service = ServiceFactory(
        name="Youth club", needs=["connection"], min_age=11, max_age=18, phone="01632 960 123", assured_on=MONDAY.date()
    )
    service.areas.set([melton])
    page = signed_in.get(service.get_absolute_url()).content.decode()

    for text in (
        "Youth club",
        "Example Trust",
        "Connection and purpose",
        "11 to 18",
        "Melton",
        "01632 960 123",
        "2 March 2026",
    ):
        assert text in page


def test_an_old_check_or_none_is_not_relied_on(signed_in):
    old = ServiceFactory(assured_on="2020-01-01")
    never = ServiceFactory()

    assert "Ring before you rely on it" in signed_in.get(old.get_absolute_url()).content.decode()
    assert "Nobody has checked yet" in signed_in.get(never.get_absolute_url()).content.decode()


def test_a_service_that_has_ended_says_so(signed_in):
    assert "not running now" in signed_in.get(ServiceFactory(withdrawn=True).get_absolute_url()).content.decode()


def test_a_service_that_does_not_exist_is_not_found(signed_in):
    assert signed_in.get(f"{URL}{10**30}/").status_code == 404


def test_the_directory_is_for_whoever_has_signed_in(client, db):
    assert client.get(URL).url.startswith(reverse("sign_in"))


def test_twenty_take_as_many_queries_as_one(signed_in, melton, django_assert_max_num_queries):
    signed_in.get(URL)
    for service in ServiceFactory.create_batch(20):
        service.areas.set([melton])
    with django_assert_max_num_queries(6):
        signed_in.get(URL)
    with django_assert_max_num_queries(7):
        signed_in.get(URL, {"area": melton.pk})
    with django_assert_max_num_queries(6):
        signed_in.get(service.get_absolute_url())


def test_the_places_say_what_they_are_and_stand_below_what_they_are_in(signed_in, melton, charnwood):
    for name, parent in (("Asfordby", melton), ("Abbey ward", melton), ("Barwell", charnwood)):
        AreaFactory(name=name, kind="locality", parent=parent)
    page = signed_in.get(URL)
    labels = [label for _, label in page.context["filters"].fields["area"].choices][1:]
    assert labels == [
        "Charnwood (district)",
        "– Barwell (neighbourhood)",
        "Melton (district)",
        "– Abbey ward (neighbourhood)",
        "– Asfordby (neighbourhood)",
    ]
