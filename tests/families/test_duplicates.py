"""Each night two records that may be of one person are found; what was said of them is remembered (domain.md 4, system 5)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from earlyhelp.audit.models import Access
from earlyhelp.families import merging, one_family, services
from earlyhelp.families.enums import MatchStatus
from earlyhelp.families.matching import find_duplicates, may_compare
from earlyhelp.families.merging import say_not_same
from earlyhelp.families.models import Person, PossibleDuplicate
from earlyhelp.notices.models import Notice
from tests.factories import MONDAY, FamilyFactory, MemberFactory, PersonFactory, secret_home
from tests.families.pages import sent


def written(first, last, born="1990-04-03", **facts):
    return PersonFactory(first_name=first, last_name=last, born_on=born, **facts)


def found():
    find_duplicates(now=MONDAY)
    return {(str(pair.person), str(pair.other), pair.why) for pair in PossibleDuplicate.objects.open()}


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"first": "Dana", "last": "Grant"}, "same name, same date of birth"),
        ({"first": "Dana", "last": "Graunt"}, "surname nearly the same, same first name, same date of birth"),
        ({"first": "Grant", "last": "Dana"}, "names the other way round, same date of birth"),
        ({"first": "Dana", "last": "Grant", "born": "1990-03-04"}, "same name, day and month exchanged"),
        ({"first": "Dnaa", "last": "Grant"}, None),
    ],
)
def test_a_slip_does_not_hide_that_somebody_is_written_down_twice(db, other, why):
    written("Dana", "Grant")
    written(**other)

    assert found() == ({("Dana Grant", f"{other['first']} {other['last']}", why)} if why else set())


def test_a_short_form_of_the_name_is_the_same_name(db):
    written("Katherine", "Oyelaran")
    written("Katie", "Oyelaran")

    assert found() == {
        ("Katherine Oyelaran", "Katie Oyelaran", "same surname, a short form of the first name, same date of birth")
    }


def test_no_pass_offers_twins_or_two_who_are_written_down_as_related_or_have_two_nhs_numbers(db):
    home = {"born": "2015-05-20", "postcode": "LE12 1AA"}
    written("Robin", "Grant", **home)
    written("Alex", "Grant", **home)
    father, son = written("John", "Hale"), written("John", "Hale")
    father.relationships.create(other=son, kind="parent")
    written("Mia", "Brook", nhs_number="9990000018")
    written("Mia", "Brook", nhs_number="9990000026")

    assert found() == set()


def test_a_tie_that_was_a_mistake_does_not_hide_that_they_may_be_one(db, worker):
    one, other = written("Dana", "Grant"), written("Dana", "Grant")
    tie = services.relate(one, other, kind="sibling", by=worker, now=MONDAY)
    assert found() == set()

    services.entered_in_error(tie, by=worker, now=MONDAY, reason="One and the same.")

    assert len(found()) == 1


def test_a_restricted_record_is_in_no_pair(db, charnwood):
    written("Dana", "Grant")
    hidden = written("Dana", "Grant")
    MemberFactory(family=FamilyFactory(restricted=True, area=charnwood), person=hidden)

    assert found() == set()


def test_done_twice_a_pair_is_there_once_and_one_that_was_corrected_goes(db):
    written("Dana", "Grant")
    slip = written("Dana", "Grant")
    assert (len(found()), len(found())) == (1, 1)

    Person.objects.filter(pk=slip.pk).update(first_name="Beverley")

    assert found() == set()


def test_not_the_same_person_is_remembered_of_the_pair_and_of_what_either_became_one_with(access_worker):
    dana, other, third = written("Dana", "Grant"), written("Dana", "Grant"), written("Dana", "Grant")
    find_duplicates(now=MONDAY)
    assert PossibleDuplicate.objects.count() == 3

    merging.say_not_same(dana, third, by=access_worker, now=MONDAY, note="Two sisters-in-law.")
    merging.merge(dana, other, by=access_worker, now=MONDAY, reason="Same telephone.")
    PossibleDuplicate.objects.open().delete()

    assert found() == set()


def test_what_was_taken_back_is_among_the_likely_ones_again(access_worker):
    dana, other = written("Dana", "Grant"), written("Dana", "Grant")
    found()
    merging.say_not_same(other, dana, by=access_worker, now=MONDAY, note="Different mothers.")
    assert not PossibleDuplicate.objects.open().exists()

    merging.look_again(dana, other, by=access_worker, now=MONDAY, note="The school says otherwise.")

    assert PossibleDuplicate.objects.open().count() == 1
    assert len(found()) == 1


def test_who_does_not_match_may_say_nothing_of_two_records(practitioner, chair):
    dana, other = written("Dana", "Grant"), written("Dana", "Grant")

    for user in (practitioner, chair):
        for deed in (merging.say_not_same, merging.look_again):
            with pytest.raises(PermissionDenied):
                deed(dana, other, by=user, now=MONDAY, note="So I think.")

    assert not PossibleDuplicate.objects.exists()


def test_the_list_is_for_eh_access_who_hear_of_it_once_a_night_and_without_a_name(
    signed_in, access_worker, practitioner
):
    written("Dana", "Grant")
    written("Dana", "Grant")
    found()

    find_duplicates(now=MONDAY)
    notice = Notice.objects.get()
    assert (notice.to, notice.url) == (access_worker, "/families/duplicates/")
    assert "Grant" not in f"{notice.title} {notice.reference}"
    page = signed_in(access_worker).get(reverse("families:duplicates")).content.decode()
    assert "Same name, same date of birth" in page
    assert "1990-04-03" not in page
    assert "3 April" not in page
    assert signed_in(practitioner).get(reverse("families:duplicates")).status_code == 403


def test_twenty_pairs_take_no_more_queries_than_one(signed_in, access_worker, django_assert_max_num_queries):
    client = signed_in(access_worker)
    for n in range(20):
        pair = [written("Mia", f"Brook{chr(97 + n)}", born=f"19{50 + n}-01-01") for _ in range(2)]
        PossibleDuplicate.objects.create(person=pair[0], other=pair[1], found_at=MONDAY)

        if n in (0, 19):
            with django_assert_max_num_queries(11):
                client.get(reverse("families:duplicates"))


def test_a_pair_is_compared_and_said_to_be_two_from_its_page(signed_in, access_worker):
    dana, other = written("Dana", "Grant"), written("Dana", "Grant", known_as="Dee")
    client = signed_in(access_worker)
    found()
    page = client.get(reverse("families:compare", args=[dana.pk, other.pk])).content.decode()
    assert "Dee" in page

    sent = {"token": "7b0c2e4e-1111-4222-8333-444455556666", "note": "Their mothers have met."}
    client.post(reverse("families:not_same", args=[other.pk, dana.pk]), sent)

    pair = PossibleDuplicate.objects.get()
    assert (pair.status, pair.note, pair.said_by) == (MatchStatus.NOT_SAME, "Their mothers have met.", access_worker)
    page = client.get(reverse("families:compare", args=[dana.pk, other.pk])).content.decode()
    assert "They are two people" in page
    assert 'href="yes/"' not in page


def test_where_one_of_them_hides_neither_page_tells_the_telephone(signed_in, access_worker):
    dana, other = written("Dana", "Grant", phone="01632 960 111"), written("Dana", "Grant", phone="01632 960 222")
    secret_home(dana, line_1="9 Elm Close", postcode="LE9 9ZZ")
    client = signed_in(access_worker)
    found()
    for name in ("compare", "same"):
        page = client.get(reverse(f"families:{name}", args=[other.pk, dana.pk]))
        assert page.status_code == 200
        assert "01632 960 111" not in page.text
        assert "01632 960 222" in page.text
        assert "Kept with the secret address" in page.text


def test_two_whom_nothing_brings_together_are_not_laid_beside_each_other(signed_in, access_worker):
    dana, stranger = written("Dana", "Grant"), written("Amos", "Quill", born="1951-01-01")
    client, compared = signed_in(access_worker), reverse("families:compare", args=[dana.pk, stranger.pk])
    assert client.get(compared).status_code == 404
    assert client.post(f"{compared}yes/", {"reason": "So I think."}).status_code == 404
    client.get("/families/search/?last=Grant")
    assert client.get(compared).status_code == 404
    assert not Access.objects.filter(subject_id=stranger.pk).exists()

    client.get("/families/search/?last=Quill")

    assert client.get(compared).status_code == 200


def test_a_search_by_somebody_else_or_of_last_week_brings_no_two_together(signed_in, access_worker, worker):
    dana, stranger = written("Dana", "Grant"), written("Amos", "Quill", born="1951-01-01")
    signed_in(worker).get("/families/search/?last=Quill")
    week = {"at": timezone.now() - timedelta(days=7), "actor": access_worker, "page": "/families/search/"}
    for person in (dana, stranger):
        Access.objects.create(subject="families.person", subject_id=person.pk, request_id=uuid4(), **week)

    assert not may_compare(access_worker, dana.pk, stranger.pk, now=timezone.now())


def test_the_other_record_is_found_from_the_person(signed_in, access_worker):
    dana, other = written("Dana", "Grant"), written("Dana", "Grant")

    page = signed_in(access_worker).get(f"/families/search/?same={dana.pk}&last=Grant").content.decode()

    assert f"/families/people/{dana.pk}/same/{other.pk}/" in page
    assert "The record you came from" in page
    assert "write the family down" not in page


# --- what was said ----------------------------------------------------------------------------------------------------


def test_what_was_said_to_be_two_is_on_a_list_from_which_it_is_taken_back(signed_in, access_worker, ig_lead, melton):
    one, other = written("Mia", "Brook"), written("Mia", "Brook")
    say_not_same(one, other, by=access_worker, now=MONDAY, note="Two girls, says the school.")
    client = signed_in(access_worker)

    page = client.get("/families/duplicates/two/").text
    assert "Two girls, says the school." in page
    client.post(f"/families/people/{one.pk}/same/{other.pk}/again/", sent(note="The school was wrong."))

    assert "Two girls" not in client.get("/families/duplicates/two/").text
    assert PossibleDuplicate.objects.get().status == "open"


def test_the_list_holds_nobody_restricted_and_is_for_nobody_else(signed_in, access_worker, worker):
    one, other = written("Mia", "Brook"), written("Mia", "Brook")
    say_not_same(one, other, by=access_worker, now=MONDAY, note="Two girls.")
    MemberFactory(family=FamilyFactory(restricted=True), person=one)

    assert "Two girls." not in signed_in(access_worker).get("/families/duplicates/two/").text
    for page in ("two/", "two/families/"):
        assert signed_in(worker).get(f"/families/duplicates/{page}").status_code == 403


def test_two_families_of_which_that_was_said_are_on_a_list_too(signed_in, access_worker, melton):
    one, other = FamilyFactory(area=melton), FamilyFactory(area=melton)
    one_family.say_two(one, other, by=access_worker, now=MONDAY, note="Two sisters.")
    client = signed_in(access_worker)
    assert "Two sisters." in client.get("/families/duplicates/two/families/").text

    client.post(f"/families/{one.reference}/same/{other.reference}/again/", sent(note="One door."))

    assert "Two sisters." not in client.get("/families/duplicates/two/families/").text


@pytest.mark.parametrize("n", [1, 20])
@pytest.mark.parametrize("page", ["two/", "two/families/"])
def test_twenty_that_were_said_to_be_two_take_no_more_queries_than_one(
    signed_in, access_worker, melton, n, page, django_assert_max_num_queries
):
    for _ in range(n):
        say_not_same(written("Mia", "Brook"), written("Mia", "Brook"), by=access_worker, now=MONDAY, note="Two.")
        one, other = FamilyFactory(area=melton), FamilyFactory(area=melton)
        one_family.say_two(one, other, by=access_worker, now=MONDAY, note="Two.")
    client = signed_in(access_worker)
    client.get(f"/families/duplicates/{page}")

    with django_assert_max_num_queries(6):
        assert client.get(f"/families/duplicates/{page}").text.count(">Take it back<") == n
