"""A family and its people are written down once, and changed without losing what somebody else wrote."""

import pytest

from earlyhelp.audit.models import Event
from earlyhelp.families import services
from earlyhelp.families.models import Family, Person
from tests.factories import MONDAY, CaseFactory, PersonFactory
from tests.families.pages import edited, sent

NEW = {"name": "Sharma", "first_name": "Luke", "last_name": "Sharma", "born_on": "2008-02-07", "role": "child"}


# --- writing a family down --------------------------------------------------------------------------------------------


def test_one_form_writes_down_the_family_its_first_person_and_their_home(signed_in, practitioner, melton):
    home = {"line_1": "1 Mill Lane", "town": "Melton", "postcode": "le131aa"}
    response = signed_in(practitioner).post("/families/new/", sent(area=melton.pk, **NEW, **home))

    family = Family.objects.get()
    assert response.url == f"/families/{family.reference}/"
    [member] = family.memberships.all()
    assert (member.person.name, member.role, member.person.postcode) == ("Luke Sharma", "child", "LE13 1AA")
    assert (family.created_by, family.area, member.person.area) == (practitioner, melton, melton)


def test_sent_twice_it_is_one_family(signed_in, practitioner, melton):
    once = sent(area=melton.pk, **NEW)
    first, again = (signed_in(practitioner).post("/families/new/", once) for _ in range(2))

    assert first.url == again.url
    assert Family.objects.count() == Person.objects.count() == 1


@pytest.mark.parametrize("fields", [{"postcode": "LE13 1AA"}, {"protected": "on"}])
def test_part_of_an_address_asks_for_the_rest(signed_in, practitioner, melton, fields):
    response = signed_in(practitioner).post("/families/new/", sent(area=melton.pk, **NEW, **fields))

    assert "Enter the first line of the address" in response.content.decode()
    assert not Family.objects.exists()
    assert not Person.objects.exists()


def test_nothing_is_chosen_for_whoever_writes(signed_in, practitioner):
    assert "checked" not in signed_in(practitioner).get("/families/new/?q=Luke+Sharma").content.decode()


def test_whoever_wrote_a_family_down_sees_it_until_somebody_works_with_them(practitioner, other_worker, melton):
    family = services.write_down(
        name="Sharma", area=melton, role="child", by=practitioner, now=MONDAY, first_name="Luke", last_name="Sharma"
    )

    assert Family.objects.for_user(practitioner).get() == family
    assert Person.objects.for_user(practitioner).exists()
    assert not Family.objects.for_user(other_worker).exists()

    CaseFactory(family=family, area=melton)
    assert not Family.objects.for_user(practitioner).exists()
    assert not Person.objects.for_user(practitioner).exists()


# --- editing ----------------------------------------------------------------------------------------------------------


def test_a_person_is_changed_and_the_change_is_written_down(grants, worker, signed_in):
    signed_in(worker).post(
        f"/families/people/{grants.dana.pk}/edit/", edited(grants.dana, known_as="Dee", nhs_number="999 000 1014")
    )

    grants.dana.refresh_from_db()
    assert (grants.dana.known_as, grants.dana.nhs_number, grants.dana.version) == ("Dee", "9990001014", 2)
    assert Event.objects.get(kind="families.person.edit").actor == worker


def test_two_who_change_the_same_person_both_see_both_texts_and_lose_neither(grants, worker, signed_in):
    url = f"/families/people/{grants.dana.pk}/edit/"
    signed_in(worker).post(url, edited(grants.dana, communication="Large print"))
    response = signed_in(worker).post(url, edited(grants.dana, communication="Easy read"))

    text = response.content.decode()
    assert response.status_code == 409
    assert "Large print" in text
    assert "Easy read" in text
    grants.dana.refresh_from_db()
    assert grants.dana.communication == "Large print"


def test_an_nhs_number_that_somebody_else_has_is_refused(grants, worker, signed_in):
    PersonFactory(nhs_number="9990001014")
    response = signed_in(worker).post(
        f"/families/people/{grants.dana.pk}/edit/", edited(grants.dana, nhs_number="9990001014")
    )

    assert response.status_code == 422
    grants.dana.refresh_from_db()
    assert grants.dana.nhs_number == ""


def test_the_name_and_area_of_a_family_are_changed(grants, worker, charnwood, signed_in):
    signed_in(worker).post(
        f"/families/{grants.reference}/edit/", {"version": grants.version, "name": "Grant-Lee", "area": charnwood.pk}
    )

    grants.refresh_from_db()
    assert (grants.name, grants.area) == ("Grant-Lee", charnwood)


def test_what_was_typed_before_a_time_out_is_put_back(grants, worker, signed_in):
    url = f"/families/{grants.reference}/chronology/add/"
    client = signed_in(worker)
    client.post(f"/drafts{url}", {"text": "Half a sentence", "kind": "home"})

    form = client.get(url).context["form"]
    assert form["text"].value() == "Half a sentence"
    assert not form.errors
