"""What may be typed besides a name: a postcode says where and not who; a reference leads to its record, or nowhere."""

import pytest

from earlyhelp.audit.models import Access
from earlyhelp.core.references import LED_TO
from earlyhelp.families import queries
from earlyhelp.families.models import Family, FamilyMembership, Person
from tests.factories import MONDAY, CaseFactory, FamilyFactory, MemberFactory, PersonFactory
from tests.referrals.factories import DraftFactory
from tests.stories.people import words_of

URL = "/families/search/"


@pytest.fixture
def desk(client):
    def at(user):
        client.force_login(user)
        return client

    return at


# --- a place -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [{"postcode": "LE9 8AB"}, {"postcode": "le9"}, {"q": "le98ab"}, {"q": "LE9 8"}])
def test_a_postcode_alone_shows_nobody_who_lives_there_and_says_what_is_missing(typed, desk, practitioner):
    MemberFactory(person=PersonFactory(first_name="Gwen", last_name="Harlow", postcode="LE9 8AB"))
    page = desk(practitioner).get(URL, typed)

    assert "A postcode alone finds nobody" in page.text
    assert "Give a name or a date of birth" in page.text
    assert page.context["results"] == []
    assert "Harlow" not in page.text
    assert "write the family down" not in page.text
    assert not Access.objects.filter(subject="families.person").exists()


@pytest.mark.parametrize("typed", [{"q": "Harlow"}, {"last": "Harlow"}, {"born_on_day": "9", "born_on_month": "4"}])
def test_with_a_name_or_a_date_it_narrows(typed, desk, practitioner):
    gwen = PersonFactory(first_name="Gwen", last_name="Harlow", born_on="1934-04-09", postcode="LE9 8AB")
    typed = typed | ({"born_on_year": "1934"} if "born_on_day" in typed else {})
    page = desk(practitioner).get(URL, typed | {"postcode": "LE9 8AB"})

    assert [match.person for match, *_ in page.context["results"]] == [gwen]
    assert "same postcode" in page.text


# --- a reference -------------------------------------------------------------------------------------------------------


def test_a_reference_leads_whoever_may_see_its_record_to_it(desk, worker, melton):
    case = CaseFactory.led_by(worker, area=melton)
    for record in (case, case.family):
        found = desk(worker).get(URL, {"q": f" {record.reference.lower()} "})
        assert (found.status_code, found.url) == (302, record.get_absolute_url())


def test_the_reference_of_a_referral_leads_whoever_wrote_it(desk, practitioner):
    draft = DraftFactory(author=practitioner)
    assert desk(practitioner).get(URL, {"q": draft.reference}).url == draft.get_absolute_url()


def test_a_reference_that_is_not_theirs_answers_as_one_that_does_not_exist(desk, worker, practitioner, melton):
    case = CaseFactory.led_by(worker, area=melton)
    hidden = CaseFactory.led_by(
        worker, area=melton, restricted=True, family=FamilyFactory(area=melton, restricted=True)
    )
    draft = DraftFactory(author=worker)
    MemberFactory(family=hidden.family)

    def answer(reference):
        page = desk(practitioner).get(URL, {"q": reference})
        return page.status_code, words_of(page).replace(reference, "…")

    nothing = answer("EH-T-999999")
    assert nothing[0] == 200
    for reference in (case.reference, hidden.reference):
        assert answer(reference) == nothing
    assert answer(draft.reference) == answer("R-2026-999999")
    assert answer(hidden.family.reference) == answer("FAM-T99999")
    assert not Access.objects.filter(actor=practitioner).exists()


def test_whoever_may_not_read_a_family_still_finds_it_by_the_reference_on_a_letter(desk, practitioner):
    member = MemberFactory()
    page = desk(practitioner).get(URL, {"q": member.family.reference})
    assert [match.person for match, *_ in page.context["results"]] == [member.person]


def test_somebody_who_is_being_chosen_for_another_page_is_not_left_for_a_record(desk, worker, melton):
    case = CaseFactory.led_by(worker, area=melton)
    page = desk(worker).get(URL, {"q": case.family.reference, "to": case.family.reference})
    assert page.status_code == 200


def test_each_kind_that_is_led_to_has_a_reference_and_a_page():
    assert {"EH", "FAM", "R", "C", "H", "CL", "Q", "ON", "D", "INT"} == set(LED_TO)
    for model in LED_TO.values():
        assert model._meta.get_field("reference").unique
        assert hasattr(model, "get_absolute_url")


# --- whoever may not be shown crowds nobody out ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", [{"last": "Harlow"}, {"first": "Gwen", "last": "Harlow"}, {"first": "Gwen"}, {"born_on": MONDAY.date()}]
)
def test_many_in_restricted_families_crowd_nobody_out(typed, melton):
    family = FamilyFactory(area=melton, restricted=True)
    hidden = Person.objects.bulk_create(
        Person(first_name="Gwen", last_name="Harlow", born_on=MONDAY.date(), area=melton, created_at=MONDAY)
        for _ in range(300)
    )
    FamilyMembership.objects.bulk_create(
        FamilyMembership(family=family, person=person, role="child") for person in hidden
    )
    shown = PersonFactory(first_name="Gwen", last_name="Harlow", born_on=MONDAY.date(), area=melton)

    assert [match.person for match in queries.search(**typed)] == [shown]
    assert Family.objects.filter(restricted=True).count() == 1
