import uuid
from datetime import date

import pytest

from earlyhelp.audit.models import Access, Event
from earlyhelp.families import services
from earlyhelp.families.models import (
    Address,
    Agreement,
    Family,
    FamilyMembership,
    Person,
    Relationship,
    SignificantEvent,
)
from tests.factories import MONDAY, CaseFactory, FamilyFactory, MemberFactory, PersonFactory
from tests.races import together


def sent(**fields):
    return {"token": str(uuid.uuid4())} | fields


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


# --- members ----------------------------------------------------------------------------------------------------------


def test_a_member_is_added_after_a_search_that_did_not_find_them(grants, worker, signed_in):
    client, url = signed_in(worker), f"/families/{grants.reference}/members/add/"

    assert client.get(url).url == f"/families/search/?to={grants.reference}"
    assert client.get(f"{url}?first=Max&last=Grant").context["form"]["first_name"].value() == "Max"
    client.post(url, sent(first_name="Max", last_name="Grant", role="child", lives_in_household="no"))
    member = grants.memberships.get(person__first_name="Max")
    assert (member.role, member.lives_in_household, member.person.area) == ("child", False, grants.area)


def test_somebody_found_is_added_and_not_written_down_again(grants, led_case, worker, signed_in):
    aunt = PersonFactory(first_name="Bea", last_name="Grant", created_by=worker)
    page = signed_in(worker).get("/families/search/", {"to": grants.reference, "q": "Bea Grant"}).content.decode()
    url = f"/families/{grants.reference}/members/add/{aunt.pk}/"
    assert url in page

    signed_in(worker).post(url, sent(role="relative", lives_in_household="no"))
    assert grants.memberships.filter(person=aunt, role="relative").exists()
    assert Person.objects.filter(first_name="Bea").count() == 1


def test_nobody_gains_sight_of_a_person_by_adding_them_to_a_family(grants, worker, strangers_family, signed_in):
    ola = strangers_family.memberships.get().person
    page = signed_in(worker).get("/families/search/", {"to": grants.reference, "q": "Ola Elsewhere"}).content.decode()
    assert "Ask EH Access to add this person" in page

    response = signed_in(worker).post(
        f"/families/{grants.reference}/members/add/{ola.pk}/", sent(role="relative", lives_in_household="no")
    )
    assert response.status_code == 404
    assert not grants.memberships.filter(person=ola).exists()


def test_eh_access_who_match_people_may_add_anybody_found(access_worker, melton, strangers_family, signed_in):
    ola = strangers_family.memberships.get().person
    family = services.create_family(name="New", area=melton, by=access_worker, now=MONDAY)
    signed_in(access_worker).post(
        f"/families/{family.reference}/members/add/{ola.pk}/", sent(role="relative", lives_in_household="no")
    )

    assert family.memberships.filter(person=ola).exists()


def test_who_leaves_the_family_stays_in_its_history(grants, worker, signed_in):
    member = grants.memberships.get(person=grants.dana)
    signed_in(worker).post(
        f"/families/{grants.reference}/members/{member.pk}/end/", sent(on="2026-02-01", reason="Moved out.")
    )

    page = signed_in(worker).get(f"/families/{grants.reference}/").content.decode()
    assert "Who was in the family before" in page
    assert "Dana Grant, parent, until 1 February 2026" in page
    assert Event.objects.get(kind="families.family.member_left").reason == "Moved out."


def test_a_person_who_left_is_no_longer_seen_through_the_family(grants, worker):
    services.end_membership(
        grants.memberships.get(person=grants.dana), on=date(2026, 2, 1), by=worker, now=MONDAY, reason="Fled."
    )

    assert grants.dana not in Person.objects.for_user(worker)
    assert grants.robin in Person.objects.for_user(worker)


def test_a_person_in_two_families_opens_once(grants, worker, signed_in):
    MemberFactory(person=grants.dana)
    MemberFactory(person=grants.dana, until_on=date(2020, 1, 1))

    assert signed_in(worker).get(f"/families/people/{grants.dana.pk}/").status_code == 200


# --- the pages --------------------------------------------------------------------------------------------------------


def test_the_family_page_shows_people_relationships_and_who_is_involved(grants, led_case, worker, signed_in):
    services.relate(grants.dana, grants.robin, kind="parent", by=worker, now=MONDAY, parental_responsibility=True)
    services.record_agreement(grants, grants.dana, status="given", by=worker, now=MONDAY)
    page = signed_in(worker).get(f"/families/{grants.reference}/").content.decode()

    assert "Dana Grant is the parent of Robin Grant, and holds parental responsibility" in page
    assert "Agreed" in page
    assert f"Early help case {led_case.reference}" in page
    assert str(worker) in page


def test_a_relationship_is_stored_once_and_read_both_ways(grants, worker, signed_in):
    signed_in(worker).post(
        f"/families/{grants.reference}/relationships/add/",
        sent(person=grants.dana.pk, kind="parent", other=grants.robin.pk, parental_responsibility="yes"),
    )
    assert Relationship.objects.get().parental_responsibility is True
    assert "Parent of" in signed_in(worker).get(f"/families/people/{grants.dana.pk}/").content.decode()
    assert "Child of" in signed_in(worker).get(f"/families/people/{grants.robin.pk}/").content.decode()


def test_brothers_and_sisters_are_one_row_from_whichever_side(grants, worker):
    services.relate(grants.dana, grants.robin, kind="sibling", by=worker, now=MONDAY)
    services.relate(grants.robin, grants.dana, kind="sibling", by=worker, now=MONDAY)

    assert Relationship.objects.count() == 1


def test_nobody_is_the_parent_of_their_own_parent(grants, worker, signed_in):
    services.relate(grants.dana, grants.robin, kind="parent", by=worker, now=MONDAY)
    response = signed_in(worker).post(
        f"/families/{grants.reference}/relationships/add/",
        sent(person=grants.robin.pk, kind="parent", other=grants.dana.pk),
    )
    assert response.status_code == 409
    assert "the other way round" in response.content.decode()
    assert Relationship.objects.count() == 1


def test_two_people_may_care_for_each_other(grants, worker):
    services.relate(grants.dana, grants.robin, kind="carer", by=worker, now=MONDAY)
    services.relate(grants.robin, grants.dana, kind="carer", by=worker, now=MONDAY)

    assert Relationship.objects.count() == 2


def test_a_relationship_is_only_between_people_of_the_family(grants, worker, strangers_family, signed_in):
    ola = strangers_family.memberships.get().person
    response = signed_in(worker).post(
        f"/families/{grants.reference}/relationships/add/", sent(person=grants.dana.pk, kind="parent", other=ola.pk)
    )
    assert response.status_code == 422
    assert not Relationship.objects.exists()


def test_relationships_to_people_out_of_sight_are_not_shown(grants, worker, strangers_family, signed_in):
    services.relate(
        strangers_family.memberships.get().person, grants.dana, kind="former_partner", by=worker, now=MONDAY
    )

    assert "Ola" not in signed_in(worker).get(f"/families/people/{grants.dana.pk}/").content.decode()


def test_a_new_answer_follows_the_old_one_and_rubs_nothing_out(grants, worker, signed_in):
    url = f"/families/{grants.reference}/agreements/add/"
    signed_in(worker).post(url, sent(person=grants.dana.pk, status="given"))
    signed_in(worker).post(url, sent(person=grants.dana.pk, status="withdrawn", why_not="Too many visits."))

    page = signed_in(worker).get(f"/families/{grants.reference}/agreements/").content.decode()
    assert "Agreement withdrawn" in page
    assert "Agreed" in page
    assert "Too many visits." in page
    assert Agreement.objects.count() == 2


def test_not_asked_says_why(grants, worker, signed_in):
    response = signed_in(worker).post(
        f"/families/{grants.reference}/agreements/add/", sent(person=grants.dana.pk, status="not_asked")
    )

    assert "Say why they were not asked" in response.content.decode()
    assert not Agreement.objects.exists()


def test_an_event_keeps_the_day_it_happened_apart_from_the_day_it_was_written(grants, worker, signed_in):
    signed_in(worker).post(
        f"/families/{grants.reference}/chronology/add/",
        sent(happened_on="2024-01-05", kind="home", person=grants.robin.pk, text="Moved to the flat."),
    )
    event = SignificantEvent.objects.get()
    assert (event.happened_on, event.recorded_by, event.agency) == (date(2024, 1, 5), worker, worker.agency)
    page = signed_in(worker).get(f"/families/{grants.reference}/chronology/").content.decode()
    assert "Robin Grant, 8 then" in page
    assert "Moved to the flat." in page


def test_the_case_shows_its_family(grants, led_case, worker, signed_in):
    page = signed_in(worker).get(f"/cases/{led_case.reference}/family/").content.decode()

    assert "Dana Grant" in page
    assert "Robin Grant" in page


# --- addresses --------------------------------------------------------------------------------------------------------


def test_a_protected_address_is_shown_nowhere(grants, led_case, worker, signed_in):
    signed_in(worker).post(
        f"/families/people/{grants.dana.pk}/move/",
        sent(line_1="The Refuge 7", postcode="LE2 2BB", protected="on", others=[grants.robin.pk]),
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


def test_the_address_before_stays_in_the_history(grants, worker, signed_in):
    services.move_home(
        grants.dana, on=date(2020, 1, 1), by=worker, now=MONDAY, line_1="1 Mill Lane", postcode="LE13 1AA"
    )
    signed_in(worker).post(
        f"/families/people/{grants.dana.pk}/move/", sent(line_1="2 High Street", postcode="LE13 1BB", on="2026-02-20")
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


# --- editing ----------------------------------------------------------------------------------------------------------


def edited(person, **changes):
    fields = {
        "version": person.version,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "sex": "female",
        "born_on": "1990-04-03",
    }
    return fields | changes


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


# --- who may ----------------------------------------------------------------------------------------------------------


def urls_of(family, person, member):
    one = f"/families/{family.reference}/"
    return [
        one,
        f"{one}agreements/",
        f"{one}agreements/add/",
        f"{one}chronology/",
        f"{one}chronology/add/",
        f"{one}edit/",
        f"{one}members/add/",
        f"{one}members/{member.pk}/end/",
        f"{one}relationships/add/",
        f"/families/people/{person.pk}/",
        f"/families/people/{person.pk}/edit/",
        f"/families/people/{person.pk}/move/",
    ]


def test_out_of_sight_is_as_if_it_were_not_there(grants, other_worker, practitioner, stranger, signed_in):
    member = grants.memberships.first()
    for user in (other_worker, practitioner, stranger):
        for url in urls_of(grants, grants.dana, member):
            assert signed_in(user).get(url).status_code == 404, (user, url)
            assert signed_in(user).post(url, {}).status_code in (404, 405), (user, url)
    assert not Access.objects.exists()


def test_every_look_at_a_record_is_written_down(grants, worker, signed_in):
    for url in urls_of(grants, grants.dana, grants.memberships.first()):
        before = Access.objects.count()
        assert signed_in(worker).get(url).status_code in (200, 302)
        assert Access.objects.count() == before + 1, url


def test_missing_records_and_absurd_numbers_are_not_found(worker, signed_in):
    for url in (
        "/families/FAM-999999/",
        "/families/people/0/",
        f"/families/people/{10**30}/",
        "/families/%F0%9F%99%82/",
    ):
        assert signed_in(worker).get(url).status_code == 404, url


@pytest.mark.parametrize("section", ["", "agreements/", "chronology/"])
def test_a_family_of_twenty_takes_as_many_queries_as_one_of_two(
    grants, worker, signed_in, section, django_assert_max_num_queries
):
    client, url = signed_in(worker), f"/families/{grants.reference}/{section}"
    client.get(url)
    for number in range(18):
        person = PersonFactory(area=grants.area)
        MemberFactory(family=grants, person=person)
        services.move_home(person, on=None, by=worker, now=MONDAY, line_1=f"{number} Mill Lane")
        services.relate(grants.dana, person, kind="parent", by=worker, now=MONDAY)
        services.record_agreement(grants, person, status="given", by=worker, now=MONDAY)
        services.add_event(
            grants, happened_on=MONDAY.date(), kind="home", text="Moved.", by=worker, now=MONDAY, person=person
        )
    with django_assert_max_num_queries(7):
        client.get(url)


def test_a_person_takes_seven_queries_however_much_is_known_of_them(
    grants, worker, signed_in, django_assert_max_num_queries
):
    for number in range(20):
        person = PersonFactory()
        MemberFactory(family=grants, person=person)
        services.relate(grants.dana, person, kind="parent", by=worker, now=MONDAY)
        services.move_home(grants.dana, on=None, by=worker, now=MONDAY, line_1=f"{number} Mill Lane")
    client, url = signed_in(worker), f"/families/people/{grants.dana.pk}/"
    client.get(url)
    with django_assert_max_num_queries(7):
        client.get(url)


def test_what_was_typed_before_a_time_out_is_put_back(grants, worker, signed_in):
    url = f"/families/{grants.reference}/chronology/add/"
    client = signed_in(worker)
    client.post(f"/drafts{url}", {"text": "Half a sentence", "kind": "home"})

    form = client.get(url).context["form"]
    assert form["text"].value() == "Half a sentence"
    assert not form.errors


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


def test_the_same_person_is_added_once(grants, worker):
    services.add_member(grants, grants.dana, role="parent", by=worker, now=MONDAY)

    assert FamilyMembership.objects.filter(family=grants, person=grants.dana).count() == 1


def test_a_family_of_a_restricted_case_is_not_seen_by_its_areas_chair(grants, led_case, chair):
    assert grants in Family.objects.for_user(chair)
    led_case.restricted = True
    led_case.save()

    assert grants not in Family.objects.for_user(chair)


def test_a_family_without_people_is_shown(worker, melton, signed_in):
    family = FamilyFactory(area=melton, created_by=worker)

    assert signed_in(worker).get(f"/families/{family.reference}/").status_code == 200


@pytest.mark.parametrize("nonsense", ["a/b", "../..", "٣", "x" * 500])
def test_a_search_for_a_family_that_cannot_be_is_a_search_for_nobodys(client, practitioner, nonsense):
    client.force_login(practitioner)

    assert client.get("/families/search/", {"to": nonsense, "q": "Grant"}).status_code == 200
