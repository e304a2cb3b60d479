"""The genogram and the ecomap of a family on its page: drawn from the record, and the same in words beneath."""

import re
from datetime import date

import pytest

from earlyhelp.audit.models import Access
from earlyhelp.cases.models import TeamMember
from earlyhelp.directory.services.onward import offer, propose
from earlyhelp.families import panels, services
from earlyhelp.families.drawn import genogram_of
from earlyhelp.families.panels import Involvement
from tests.factories import MONDAY, MemberFactory, PersonFactory, ServiceFactory

TODAY = MONDAY.date()
SECRET = {"line_1": "77 Refuge Walk", "postcode": "LE13 9ZZ", "protected": True}


@pytest.fixture
def relatives(grants, worker):
    """Dana's mother, who died; Robin's father, who left; a new partner; twins; a child expected; a friend."""

    def member(first, role="relative", home=False, **facts):
        person = PersonFactory(first_name=first, last_name="Grant", area=grants.area, **facts)
        return MemberFactory(family=grants, person=person, role=role, lives_in_household=home).person

    people = {
        "dana": grants.dana,
        "robin": grants.robin,
        "moira": member("Moira", born_on=date(1950, 1, 1), died_on=date(2020, 2, 2), sex="female"),
        "craig": member("Craig", "significant_other", born_on=date(1988, 1, 1), sex="male"),
        "dean": member("Dean", "partner", True, born_on=date(1989, 1, 1), sex="male"),
        "ava": member("Ava", "child", True, born_on=date(2020, 3, 3)),
        "isla": member("Isla", "child", True, born_on=date(2020, 3, 3)),
        "baby": member("Baby", "child", True, born_on=None, expected_on=date(2026, 6, 1)),
        "joy": member("Joy", "significant_other", born_on=None),
    }
    said = [("moira", "parent", "dana"), ("dana", "former_partner", "craig"), ("dana", "spouse", "dean")]
    said += [("dana", "parent", child) for child in ("robin", "ava", "isla", "baby")] + [("craig", "parent", "robin")]
    said += [("dean", "parent", child) for child in ("ava", "isla", "baby")]
    said += [("moira", "grandparent", "robin"), ("ava", "identical_twin", "isla"), ("joy", "friend", "dana")]
    for one, kind, other in said:
        services.relate(people[one], people[other], kind=kind, by=worker, now=MONDAY)
    return people


@pytest.fixture
def page(grants, worker, signed_in):
    def read(user=worker):
        answer = signed_in(user).get(f"/families/{grants.reference}/genogram/")
        assert answer.status_code == 200
        return answer.content.decode()

    return read


def parts(text):
    """(what the pictures say, what the lists say)."""
    pictures = "".join(re.findall(r"<svg class=\"eh-geno[^>]*role=.*?</svg>", text, re.S))
    lists = text[text.index("The same in words") :]
    return pictures, re.sub(r"<svg.*?</svg>", "", lists, flags=re.S)


def plain(text):
    return " ".join(re.sub(r"<[^>]+>", "", text).split())


# --- equal -----------------------------------------------------------------------------------------------------------


def test_what_is_drawn_is_said_in_words_and_what_is_said_is_drawn(grants, worker, relatives, page):
    drawn = genogram_of(grants, worker, today=TODAY, is_case=True)
    picture, words = parts(page())

    assert len(drawn.figures) == len(relatives)
    for figure in drawn.figures:
        assert f'href="{figure.person.get_absolute_url()}"' in picture
        assert figure.person.name in plain(words)
    for tie in drawn.ties:
        assert tie.sentence in picture, tie.sentence
        assert tie.sentence in plain(words), tie.sentence
    for said in (
        "lives in the household",
        "died 2 February 2020 aged 70",
        "expected 1 June 2026",
        "the case is about them",
    ):
        assert picture.count(said) >= 1
        assert plain(words).count(said) >= 1
    assert "Ava Grant and Isla Grant are twins" in plain(words)


def test_the_household_is_the_same_in_both(grants, worker, relatives, page):
    _, words = parts(page())

    at_home = set(re.findall(r"(\w+) Grant</a>[^<]*lives in the household", words))
    assert at_home == {"Dana", "Robin", "Dean", "Ava", "Isla", "Baby"}


def test_each_sign_has_its_form(relatives, page):
    picture, _ = parts(page())

    for person, form in (("moira", "circle"), ("craig", "rect"), ("baby", "path")):
        figure = picture[picture.index(relatives[person].get_absolute_url()) :].split("</a>")[0]
        assert f'<{form} class="eh-geno__symbol"' in figure, person
    moira = picture[picture.index(relatives["moira"].get_absolute_url()) :].split("</a>")[0]
    assert "eh-geno__cross" in moira
    assert ">70</text>" in moira
    assert picture.count("eh-geno__slash") == 1
    assert picture.count("eh-geno__person--focus") == 4


def test_the_picture_has_a_name_scrolls_by_keyboard_and_has_no_style_of_its_own(relatives, page):
    picture, _ = parts(page())

    assert '<title id="geno-title">Genogram of the Grant family</title>' in picture
    assert page().count('tabindex="0" role="region"') == 2
    assert "style=" not in picture


def test_a_long_name_is_shortened_in_the_picture_and_whole_in_words(grants, worker, page):
    long = "Bartholomew-Christopherson"
    MemberFactory(family=grants, person=PersonFactory(first_name="Anastasia-Wilhelmina", last_name=long))
    picture, words = parts(page())

    assert f"Anastasia-Wilhelmina {long}" in plain(words)
    assert "Anastasia-Wilh…" in picture


# --- who is drawn -----------------------------------------------------------------------------------------------------


def test_nobody_is_drawn_whom_the_reader_may_not_see(grants, worker, strangers_family, page):
    ola = strangers_family.memberships.get().person
    services.relate(ola, grants.dana, kind="parent", by=worker, now=MONDAY)

    assert "Ola" not in page()
    assert "Elsewhere" not in page()


def test_somebody_of_another_family_whom_the_reader_sees_is_drawn(grants, worker, page):
    aunt = PersonFactory(first_name="Bea", last_name="Hale", created_by=worker)
    services.relate(aunt, grants.dana, kind="sibling", by=worker, now=MONDAY)

    assert "Bea Hale" in page()


def test_whoever_may_not_see_the_family_sees_no_genogram(grants, other_worker, stranger, signed_in):
    for user in (other_worker, stranger):
        assert signed_in(user).get(f"/families/{grants.reference}/genogram/").status_code == 404
    assert not Access.objects.exists()


def test_what_was_entered_in_error_is_not_drawn(grants, worker, page):
    row = services.relate(grants.dana, grants.robin, kind="parent", by=worker, now=MONDAY)
    services.entered_in_error(row, by=worker, now=MONDAY, reason="The wrong Dana.")

    assert "parent of" not in page()


def test_a_protected_address_is_in_no_picture_and_moves_nobody_into_the_household(grants, worker, relatives, page):
    """Who lives in the household is what is written down of the membership: an address in common says nothing."""
    for name in ("dana", "joy"):
        services.move_home(relatives[name], on=None, by=worker, now=MONDAY, **SECRET)
    text = page()

    assert "Refuge" not in text
    assert "LE13 9ZZ" not in text
    assert not re.search(r"Joy Grant</a>[^<]*lives in the household", text)


def test_a_family_without_an_open_case_has_nobody_in_bold(grants, worker, relatives):
    drawn = genogram_of(grants, worker, today=TODAY, is_case=False)

    assert not any(figure.is_focus for figure in drawn.figures)


def test_a_family_of_nobody_says_so(grants, page):
    grants.memberships.update(until_on=TODAY)

    assert "Nobody is in this family yet" in page()


def test_the_family_section_of_the_case_leads_there(grants, led_case, worker, signed_in):
    case = signed_in(worker).get(f"/cases/{led_case.reference}/family/").content.decode()

    assert f'href="/families/{grants.reference}/genogram/"' in case


# --- who is around them ----------------------------------------------------------------------------------------------


def test_the_ecomap_shows_the_lead_the_team_and_the_services(grants, led_case, worker, practitioner, page):
    TeamMember.objects.create(
        case=led_case, user=practitioner, agency=practitioner.agency, role="member", from_at=MONDAY
    )
    service = ServiceFactory(name="Choir for all", email="choir@example.org")
    offer(
        person=grants.dana,
        service=service,
        by=worker,
        now=MONDAY,
        why="Company.",
        reach="-",
        given_by="person",
        how="phone",
    )
    picture, words = parts(page())

    for said in (str(worker), str(practitioner), "Choir for all", led_case.reference):
        assert said in picture
        assert said in words
    assert "Sent" in plain(words)


def test_what_is_over_is_dashed_and_said_to_be_over(grants, led_case, worker, practitioner, page):
    TeamMember.objects.create(case=led_case, user=practitioner, role="member", from_at=MONDAY, until_at=MONDAY)
    picture, words = parts(page())

    assert picture.count("eh-eco__line--over") == 1
    assert f"until {MONDAY.day}" in plain(words)
    assert "(over)" in plain(words)


def test_a_service_that_was_only_talked_about_is_not_around_them(grants, worker, page):
    service = ServiceFactory(name="Choir for all", email="choir@example.org")
    propose(person=grants.dana, service=service, by=worker, now=MONDAY, why="Company.")

    assert "Choir for all" not in page()


def test_an_agency_that_keeps_its_part_to_itself_is_only_involved(grants, worker, page, monkeypatch):
    told = Involvement("Counselling since March", "County health trust", state="weekly", url="/secret/", private=True)
    monkeypatch.setattr(panels, "AROUND", [lambda family, user: [told]])
    text = page()

    assert "County health trust: involved" in plain(text)
    assert "Counselling" not in text
    assert "weekly" not in text
    assert "/secret/" not in text
