"""An address that nobody may learn is in no place where it could be read (promise P2, domain.md 5 h)."""

from datetime import date

import pytest

from earlyhelp.families import services
from earlyhelp.families.models import Address, Person
from tests.factories import MONDAY
from tests.families.pages import sent
from tests.races import together

SECRET = "Write it in no other box, note or message."


@pytest.mark.parametrize("page", ["/families/new/?q=Luke+Sharma", "/families/people/{dana}/move/"])
def test_wherever_an_address_is_asked_the_page_says_what_to_do_with_a_secret_one(page, grants, worker, signed_in):
    text = signed_in(worker).get(page.format(dana=grants.dana.pk)).text

    assert SECRET in text
    assert text.index(SECRET) < text.index('name="line_1"')  # before anybody types
    assert text.index(SECRET) < text.index('name="protected"')


def test_of_a_new_family_with_a_secret_address_no_neighbourhood_is_asked(grants, worker, signed_in):
    assert "choose the district and not the neighbourhood" in signed_in(worker).get("/families/new/?q=Luke").text


def test_a_protected_address_is_shown_nowhere(grants, led_case, worker, signed_in):
    signed_in(worker).post(
        f"/families/people/{grants.dana.pk}/move/",
        sent(line_1="The Refuge 7", postcode="LE2 2BB", protected="on", others=[grants.robin.pk], household="together"),
    )
    assert Address.objects.filter(protected=True, until_on=None).count() == 2
    pages = (
        f"/families/people/{grants.dana.pk}/",
        f"/families/{grants.reference}/",
        f"/cases/{led_case.reference}/family/",
        f"/families/people/{grants.dana.pk}/move/",
        f"/families/people/{grants.dana.pk}/edit/",
        "/families/search/?q=Dana+Grant",
    )
    for page in pages:
        text = signed_in(worker).get(page).content.decode()
        assert "Refuge" not in text, page
        assert "LE2" not in text, page
    assert "Address withheld" in signed_in(worker).get(pages[0]).content.decode()
    assert "Address withheld" in signed_in(worker).get(pages[1]).content.decode()
    assert Person.objects.get(pk=grants.dana.pk).postcode == ""


def test_an_address_protected_for_one_is_protected_for_all_who_live_there(grants, worker, charnwood):
    home = {"on": None, "by": worker, "now": MONDAY, "line_1": "7 Hill Row", "postcode": "LE2 2BB"}
    services.move_home(grants.dana, **home)
    services.move_home(grants.robin, **home, protected=True)
    baby = services.write_down_member(
        grants,
        role="child",
        lives_in_household=True,
        by=worker,
        now=MONDAY,
        first_name="Kit",
        last_name="Grant",
        home={"line_1": "7 hill row", "postcode": "LE2 2BB"},
    )
    father = services.write_down_member(
        grants,
        role="parent",
        lives_in_household=False,
        by=worker,
        now=MONDAY,
        first_name="Al",
        last_name="Grant",
        home={"line_1": "9 Other Road", "postcode": "LE2 2BB"},
    )

    assert Address.objects.filter(until_on=None, protected=True).count() == 3
    assert {
        person.postcode for person in Person.objects.filter(pk__in=[grants.dana.pk, grants.robin.pk, baby.person_id])
    } == {""}
    assert Person.objects.get(pk=father.person_id).postcode == "LE2 2BB"


REFUGE = {"on": None, "now": MONDAY, "line_1": "77 Refuge House", "postcode": "LE15 7ZZ"}


def test_an_address_that_becomes_secret_is_withheld_from_its_own_history_too(grants, worker, signed_in):
    services.move_home(grants.dana, **REFUGE, by=worker)
    services.move_home(grants.robin, **REFUGE, by=worker)
    services.move_home(grants.robin, **(REFUGE | {"line_1": "1 New Street", "postcode": "LE1 1AA"}), by=worker)

    services.move_home(grants.dana, **REFUGE, by=worker, protected=True)

    for person in (grants.dana, grants.robin):
        page = signed_in(worker).get(f"/families/people/{person.pk}/").content.decode()
        assert "Refuge House" not in page
        assert "LE15 7ZZ" not in page
    assert "1 New Street" in page  # where she lives now is no secret


@pytest.mark.parametrize(
    "spelled",
    [
        {"line_1": "77, Refuge House"},
        {"line_1": "Flat 2", "line_2": "77 refuge house"},
        {"line_1": "77 REFUGE  HOUSE.", "town": "Oakham"},
    ],
)
def test_a_secret_address_is_kept_however_it_is_spelled(grants, worker, spelled):
    services.move_home(grants.dana, **REFUGE, by=worker, protected=True)

    services.move_home(grants.robin, **(REFUGE | spelled), by=worker)

    assert Address.objects.get(person=grants.robin).protected
    grants.robin.refresh_from_db()
    assert grants.robin.postcode == ""


def test_whoever_still_lives_where_another_has_left_in_secret_is_not_given_away(grants, worker):
    services.move_home(grants.dana, **REFUGE, by=worker, protected=True)
    services.move_home(grants.dana, **(REFUGE | {"line_1": "1 New Street", "postcode": "LE1 1AA"}), by=worker)

    services.move_home(grants.robin, **REFUGE, by=worker)

    assert Address.objects.get(person=grants.robin).protected


def test_the_address_before_stays_in_the_history(grants, worker, signed_in):
    services.move_home(
        grants.dana, on=date(2020, 1, 1), by=worker, now=MONDAY, line_1="1 Mill Lane", postcode="LE13 1AA"
    )
    signed_in(worker).post(
        f"/families/people/{grants.dana.pk}/move/",
        sent(line_1="2 High Street", postcode="LE13 1BB", on="2026-02-20", household="together"),
    )

    page = signed_in(worker).get(f"/families/people/{grants.dana.pk}/").content.decode()
    assert "1 Mill Lane, LE13 1AA, until 20 February 2026" in page
    assert "<strong>2 High Street, LE13 1BB</strong>, since 20 February 2026" in page


@pytest.mark.parametrize("postcode", ["LE13", "nonsense", "LE13 1AAA"])
def test_a_postcode_is_a_whole_one(grants, worker, signed_in, postcode):
    response = signed_in(worker).post(
        f"/families/people/{grants.dana.pk}/move/", sent(line_1="1 Mill Lane", postcode=postcode)
    )

    assert "Enter a full postcode" in response.content.decode()
    assert not Address.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_removal_written_down_by_two_at_once_leaves_one_address_now(grants, worker):
    together(
        *(
            lambda line=line: services.move_home(
                Person.objects.get(pk=grants.dana.pk), on=None, by=worker, now=MONDAY, line_1=line
            )
            for line in "AB"
        )
    )

    assert Address.objects.filter(person=grants.dana, until_on=None).count() == 1
    assert Address.objects.filter(person=grants.dana).count() == 2
