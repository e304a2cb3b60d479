from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from earlyhelp.audit.models import Access
from earlyhelp.cases.enums import EndReason, Status
from earlyhelp.families import queries, services
from earlyhelp.families.models import Family, Person
from tests.factories import MONDAY, CaseFactory, FamilyFactory, MemberFactory, PersonFactory, PostFactory

URL = "/families/search/"


@pytest.fixture
def gwen(melton):
    return PersonFactory(
        first_name="Gwendoline", last_name="Harlow", born_on=date(1934, 4, 9), postcode="LE9 8AB", area=melton
    )


def names(matches):
    return [match.person.name for match in matches]


@pytest.mark.parametrize(
    "typed",
    [
        {"first": "Gwendoline", "last": "Harlow"},
        {"first": "gwendolin", "last": "HARLOWE"},  # typos that sound the same
        {"first": "Gwendoline", "last": "Harolw"},  # letters exchanged
        {"first": "Gwendoline", "last": "Hartow"},  # a typo that sounds otherwise
        {"first": "Harlow", "last": "Gwendoline"},  # names exchanged
        {"first": "Gwendoline", "last": "Harlow", "born_on": date(1934, 9, 4)},  # day and month exchanged
        {"last": "Harlow"},
        {"last": "Harlo"},
        {"first": "Gwendoline"},
        {"born_on": date(1934, 4, 9)},
        {"born_on": date(1934, 9, 4), "last": "Harlow"},
        {"first": "Gwen", "last": "Harlow", "postcode": "LE9 8AB"},
    ],
)
def test_a_person_is_found_without_typing_tricks(gwen, typed):
    PersonFactory.create_batch(5)

    assert names(queries.search(**typed))[0] == "Gwendoline Harlow"


@pytest.mark.parametrize(
    "typed", ["Gwendoline Harlow", "Harlow, Gwendoline", "harlow", "gwendoline", "  Gwendoline   Harlow "]
)
def test_one_box_takes_a_name_in_any_order(gwen, typed):
    assert names(queries.search_box(typed)) == ["Gwendoline Harlow"]


def test_one_box_takes_an_nhs_number_and_a_family_reference(gwen):
    gwen.nhs_number = "9990001014"
    gwen.save()
    family = MemberFactory(person=gwen).family

    assert names(queries.search_box("999 000 1014")) == ["Gwendoline Harlow"]
    assert names(queries.search_box(family.reference.lower())) == ["Gwendoline Harlow"]


def test_a_nickname_finds_the_name_it_stands_for(melton):
    PersonFactory(first_name="Elizabeth", last_name="Marsh")

    assert names(queries.search(first="Liz", last="Marsh")) == ["Elizabeth Marsh"]


def why(**typed):
    return [(match.person.name, match.why) for match in queries.search(**typed)]


def test_a_whole_name_finds_the_short_form_that_was_written_down_and_one_short_form_another(melton):
    PersonFactory(first_name="Bill", last_name="Marsh")
    PersonFactory(first_name="Bob", last_name="Marsh")
    said = "same surname, a short form of the first name"

    assert why(first="William", last="Marsh")[0] == ("Bill Marsh", said)
    assert why(first="Will", last="Marsh")[0] == ("Bill Marsh", said)
    assert why(first="Bill", last="Marsh")[0] == ("Bill Marsh", "same name")
    assert ("Bob Marsh", said) not in why(first="William", last="Marsh")


def test_whoever_is_written_down_as_typed_comes_before_a_short_form(melton):
    PersonFactory(first_name="Elizabeth", last_name="Marsh")
    PersonFactory(first_name="Liz", last_name="Marsh")

    assert why(first="Liz", last="Marsh") == [
        ("Liz Marsh", "same name"),
        ("Elizabeth Marsh", "same surname, a short form of the first name"),
    ]


@pytest.mark.parametrize(("typed", "said"), [("LE9 8AB", "same postcode"), ("le9", None), ("LE9 8", None)])
def test_a_part_of_the_postcode_counts_for_less_than_the_whole(melton, typed, said):
    PersonFactory(first_name="Gwen", last_name="Harlow", postcode="LE1 1AA")
    PersonFactory(first_name="Gwen", last_name="Harlow", postcode="LE9 8AB")
    PersonFactory(first_name="Gwen", last_name="Harlow", postcode="LE98 8AB")

    first, *others = queries.search(first="Gwen", last="Harlow", postcode=typed)

    assert (first.person.postcode, first.why) == ("LE9 8AB", f"same name, {said or 'same part of a postcode'}")
    assert {match.why for match in others} == {"same name"}
    whole = queries.search(first="Gwen", last="Harlow", postcode="LE9 8AB")[0]
    assert (first.score < whole.score) == (said is None)


def test_of_many_of_one_name_the_one_in_that_part_of_the_county_is_found_and_the_one_of_a_short_form(melton):
    PersonFactory.create_batch(200, first_name="John", last_name="Harlow", postcode="LE1 1AA")
    PersonFactory(first_name="John", last_name="Harlow", postcode="LE9 8AB")
    PersonFactory(first_name="Bill", last_name="Harlow", postcode="LE9 8AB")

    assert names(queries.search(first="William", last="Harlow"))[0] == "Bill Harlow"
    assert queries.search(first="John", last="Harlow", postcode="LE9 8")[0].person.postcode == "LE9 8AB"
    assert queries.search(last="Harlow", postcode="LE9")[0].person.postcode == "LE9 8AB"


def test_a_part_of_a_postcode_alone_finds_nobody_and_makes_no_relative_the_one_sought(gwen):
    PersonFactory(first_name="Otto", last_name="Harlow", postcode="LE9 8AB")

    assert queries.search(postcode="LE9") == []
    assert [match.only_surname for match in queries.search(first="Gwendoline", last="Harlow", postcode="LE9")] == [
        False,
        True,
    ]


def test_a_protected_home_is_found_by_no_part_of_its_postcode(gwen, practitioner):
    services.move_home(gwen, on=None, by=practitioner, now=MONDAY, line_1="1", postcode="LE1 1AA", protected=True)

    assert "postcode" not in queries.search(first="Gwendoline", last="Harlow", postcode="LE1")[0].why


def test_the_page_takes_a_part_of_a_postcode_and_keeps_none_of_it_for_whoever_is_written_down(
    gwen, signed_in, practitioner
):
    client = signed_in(practitioner)
    page = client.get(URL, {"last": "Harlow", "postcode": "le9 8"})

    assert "same part of a postcode" in page.content.decode()
    form = client.get(page.context["new_url"]).context["form"]
    assert (form["last_name"].value(), form["postcode"].value()) == ("Harlow", None)
    whole = client.get(URL, {"last": "Harlow", "postcode": "le9 8ab"})
    assert client.get(whole.context["new_url"]).context["form"]["postcode"].value() == "LE9 8AB"


def test_names_that_no_english_ear_wrote_are_found(melton):
    PersonFactory(first_name="Нина", last_name="Петрова")
    PersonFactory(first_name="Łukasz", last_name="Żak")

    assert names(queries.search(first="Нина", last="Петрова")) == ["Нина Петрова"]
    assert names(queries.search(first="łukasz", last="żak")) == ["Łukasz Żak"]
    assert names(queries.search(first="Нина", last="Петорва")) == ["Нина Петрова"]


@pytest.mark.parametrize(
    "typed",
    ["Grnat", "Garnt", "Gratn", "Rgant", "Gant", "Grat", "Gran", "Grannt", "Gramt", "Grint", "Trant", "grants"],
)
@pytest.mark.parametrize("first", ["", "Dana ", "Dnaa "])
def test_a_slip_in_the_surname_finds_it_still(melton, typed, first):
    PersonFactory(first_name="Dana", last_name="Grant")
    PersonFactory(first_name="Dana", last_name="Whitworth")

    assert names(queries.search_box(first + typed)) == ["Dana Grant"]


def test_a_slip_is_said(melton):
    PersonFactory(first_name="Dana", last_name="Grant")

    assert [match.why for match in queries.search(last="Gratn")] == ["surname nearly the same"]


def test_one_of_another_first_name_is_shown_as_of_the_same_surname_after_whoever_agrees_better(melton):
    PersonFactory(first_name="Odette", last_name="Quillfeather")
    PersonFactory(first_name="Philippa", last_name="Quilfeather", known_as="Pip")
    found = queries.search(first="Pip", last="Quillfeather")

    assert names(found) == ["Philippa Quilfeather", "Odette Quillfeather"]
    assert [(match.why, match.only_surname) for match in found[1:]] == [("same surname", True)]


def test_of_a_surname_that_many_have_ten_are_shown(melton):
    PersonFactory.create_batch(15, first_name="Odette", last_name="Pegg")
    PersonFactory(first_name="Sam", last_name="Pegg")
    found = names(queries.search_box("Sam Pegg"))

    assert len(found) == 10
    assert found[0] == "Sam Pegg"


def test_a_short_surname_is_not_taken_for_every_other_short_one(melton):
    PersonFactory(first_name="Ann", last_name="Li")

    assert queries.search_box("Lo") == []


def test_the_reasons_are_said(gwen):
    [match] = queries.search(first="Gwendoline", last="Harlow", born_on=date(1934, 9, 4), postcode="LE9 8AB")

    assert match.why == "same name, day and month exchanged, same postcode"


def test_somebody_else_altogether_is_not_found(gwen):
    assert queries.search(first="Zebedee", last="Quill") == []


def test_nobody_of_a_restricted_family_appears(gwen):
    gwen.nhs_number = "9990001014"
    gwen.save()
    family = FamilyFactory(restricted=True)
    MemberFactory(person=gwen, family=family)

    assert queries.search(first="Gwendoline", last="Harlow", born_on=gwen.born_on, postcode="LE9 8AB") == []
    assert queries.search_box(family.reference) == []
    assert queries.search_box("9990001014") == []


def test_a_protected_address_is_used_in_no_match_and_gives_no_area_away(gwen, signed_in, practitioner):
    services.move_home(
        gwen, on=None, by=practitioner, now=MONDAY, line_1="Nowhere 1", postcode="LE1 1AA", protected=True
    )

    assert queries.search(postcode="LE1 1AA") == []
    page = signed_in(practitioner).get(URL, {"q": "Gwendoline Harlow"}).content.decode()
    assert "Withheld" in page
    assert "Melton</td>" not in page
    assert "Nowhere" not in page


# --- the page ---------------------------------------------------------------------------------------------------------


def test_who_is_shown_is_written_down(gwen, signed_in, practitioner):
    signed_in(practitioner).get(URL, {"last": "Harlow"})

    assert Access.objects.get(subject="families.person").subject_id == gwen.pk


def test_the_minimum_is_shown(gwen, signed_in, practitioner):
    gwen.phone = "01632 960 555"
    gwen.save()
    page = signed_in(practitioner).get(URL, {"last": "Harlow"}).content.decode()

    assert "Gwendoline Harlow" in page
    assert "1934" in page
    assert "Melton" in page
    assert "960 555" not in page
    assert "LE9" not in page
    assert "9 April" not in page
    assert f"/families/people/{gwen.pk}/" not in page


def test_whoever_searches_learns_that_a_case_is_open_and_who_leads_it_and_no_more(
    grants, worker, signed_in, practitioner
):
    page = signed_in(practitioner).get(URL, {"q": "Dana Grant"}).content.decode()

    assert f"a case is open, lead professional {worker}, {worker.agency}" in page
    assert worker.cases_led.get().reference not in page
    assert f"/referrals/new/?family={grants.reference}" in page
    assert f"/families/people/{grants.dana.pk}/" not in page


def test_of_a_case_before_only_whom_to_ask_is_told(grants, led_case, signed_in, practitioner):
    led_case.status, led_case.closed_on, led_case.end_reason = Status.CLOSED, MONDAY.date(), EndReason.OUTCOMES_MET
    led_case.save()

    page = signed_in(practitioner).get(URL, {"q": "Dana Grant"}).content.decode()
    assert "a case before, ended now: ask EH Access" in page


def test_a_case_that_waits_for_the_hub_is_told_rather_than_one_before(grants, led_case, signed_in, practitioner):
    led_case.status, led_case.closed_on, led_case.end_reason = Status.CLOSED, MONDAY.date(), EndReason.OUTCOMES_MET
    led_case.save()
    CaseFactory(family=grants, area=led_case.area)

    assert "no lead professional yet" in signed_in(practitioner).get(URL, {"q": "Dana Grant"}).content.decode()


def test_nothing_is_told_of_a_restricted_case(grants, led_case, signed_in, practitioner):
    led_case.restricted = True
    led_case.save()

    assert "Known to early help" not in signed_in(practitioner).get(URL, {"q": "Dana Grant"}).content.decode()


def test_a_link_opens_the_record_for_whoever_may_see_it(grants, worker, signed_in):
    page = signed_in(worker).get(URL, {"q": "Dana Grant"}).content.decode()

    assert f"/families/people/{grants.dana.pk}/" in page


def test_writing_down_is_offered_only_after_a_search_and_carries_what_was_typed(signed_in, practitioner):
    client = signed_in(practitioner)

    assert "None of these" not in client.get(URL).content.decode()
    assert client.get("/families/new/").url == URL
    page = client.get(
        URL, {"first": "Luke", "last": "Sharma", "born_on_day": "7", "born_on_month": "2", "born_on_year": "2008"}
    )
    form = client.get(page.context["new_url"]).context["form"]
    assert [form[name].value() for name in ("first_name", "last_name", "name")] == ["Luke", "Sharma", "Sharma"]
    assert form["born_on"].value() == date(2008, 2, 7)


def test_an_impossible_date_is_told_and_the_rest_is_searched(gwen, signed_in, practitioner):
    page = signed_in(practitioner).get(
        URL, {"last": "Harlow", "born_on_day": "31", "born_on_month": "2", "born_on_year": "1934"}
    )

    assert "There is a problem" in page.content.decode()
    assert "Gwendoline Harlow" in page.content.decode()


@pytest.mark.parametrize(
    "typed",
    ["'; DROP TABLE families_person; --", "%%%", "\\", "'''", "a" * 300, ",", "  ", "🙂", "999999999999999999999"],
)
def test_nothing_that_is_typed_breaks_the_search(gwen, signed_in, practitioner, typed):
    assert signed_in(practitioner).get(URL, {"q": typed, "postcode": typed, "last": typed}).status_code == 200
    assert signed_in(practitioner).get(URL, {"q": typed}).status_code == 200


def test_who_keeps_the_system_going_has_no_business_with_families(signed_in, county):
    administrator = PostFactory(role="system_admin", area=county).user

    assert signed_in(administrator).get(URL).status_code == 403
    assert signed_in(administrator).get("/families/new/?q=Harlow").status_code == 403


@pytest.mark.parametrize("typed", [{"last": "Harlow"}, {"q": "harlow"}, {"q": "Gwendoline Harlow"}])
def test_a_search_takes_as_many_queries_for_one_person_as_for_ten(
    gwen, signed_in, practitioner, django_assert_max_num_queries, typed
):
    client = signed_in(practitioner)
    client.get(URL, typed)  # the session's own note is written once
    for _ in range(10):
        MemberFactory(person=PersonFactory(first_name="Gwendoline", last_name="Harlow"))
    with django_assert_max_num_queries(8 if typed == {"q": "harlow"} else 7):
        assert len(client.get(URL, typed).context["results"]) == 10


def test_a_search_never_reads_the_whole_table_of_people(db):
    """Ten thousand people: candidates come from equality on indexes, whatever is typed."""
    first = [
        f"{a}{b}"
        for a in ("An", "Bo", "Ca", "De", "Es", "Fi", "Gi", "Hu", "Id", "Jo")
        for b in ("na", "b", "ra", "v", "i", "nn", "ta", "go", "a", "n")
    ]
    last = [
        f"{a}{b}{c}"
        for a in ("Bar", "Har", "Mar", "Tor", "Wel")
        for b in ("lo", "ni", "sa", "te")
        for c in ("w", "n", "ck", "rd", "th")
    ]
    Person.objects.bulk_create(
        Person(
            first_name=first[number * 7 % 100],
            last_name=f"{last[number % 100]}{chr(97 + number % 23)}",
            created_at=MONDAY,
            born_on=date(1940 + number % 79, 1 + number % 12, 1 + number % 28),
            postcode=f"LE{number % 19} {number % 9}A{chr(65 + number % 25)}",
        )
        for number in range(10_000)
    )
    values = queries.sought("Gita", "Harlow", date(1990, 2, 3), "LE3 3AB", 20)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE families_person")
        for typed in (
            values,
            values | {"first": "", "names": [""], "born": None, "turned": None},
            values | {"postcode": "LE3 3", "part": "LE3 3", "born": None, "turned": None},
            queries.sought("William", "Harlow", None, "", 20),
            values | {"last": "", "postcode": ""},
        ):
            cursor.execute(f"EXPLAIN {queries.SEARCH}", typed)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan on families_person" not in plan, plan


def test_a_family_that_was_only_written_down_can_be_found_by_its_reference(signed_in, practitioner, melton):
    family = services.write_down(
        name="Marsh", area=melton, role="parent", by=practitioner, now=MONDAY, first_name="Ada", last_name="Marsh"
    )

    assert Family.objects.get() == family
    assert names(queries.search_box(family.reference)) == ["Ada Marsh"]


def test_a_family_of_which_several_are_found_is_referred_once(grants, practitioner, client):
    client.force_login(practitioner)
    page = client.get(reverse("families:search"), {"q": "Grant"}).content.decode()

    assert page.count("The same family as above") == 1
    assert page.count(f"?family={grants.reference}") == 1
