"""What the pages of a family and its people show: who is whose, who agreed, what happened when."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from earlyhelp.families import services
from earlyhelp.families.models import Agreement, Relationship, SignificantEvent
from tests.factories import MONDAY, FamilyFactory
from tests.families.pages import sent


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


@pytest.fixture
def answers(grants, worker, signed_in):
    """``answers(person, "given", given_by="parent")``: the page’s answer, as it is sent."""

    def send(person, status="given", **said):
        url = f"/families/{grants.reference}/agreements/add/"
        return signed_in(worker).post(url, sent(person=person.pk, status=status, **said))

    return send


def test_an_adult_who_answers_for_themselves_is_asked_no_more_than_before(grants, answers):
    assert answers(grants.dana).status_code == 302

    answer = Agreement.objects.get()
    assert (answer.given_by, answer.parent, answer.how, answer.years) == ("person", None, "", 36)


def test_of_a_child_it_is_written_down_which_parent_answered_and_how(grants, answers, signed_in, worker):
    said = {"given_by": "parent", "parent": grants.dana.pk, "how": "phone", "capacity_note": "She is ten."}
    assert answers(grants.robin, **said).status_code == 409  # nobody says that Dana may decide for her
    assert not Agreement.objects.exists()

    Relationship.objects.create(person=grants.dana, other=grants.robin, kind="parent", parental_responsibility=True)
    assert answers(grants.robin, **said).status_code == 302

    answer = Agreement.objects.get()
    assert (answer.given_by, answer.parent, answer.how, answer.capacity_note) == ("parent", grants.dana, "phone", "")
    page = signed_in(worker).get(f"/families/{grants.reference}/agreements/").content.decode()
    assert "Answered by: Dana Grant, a parent" in page
    assert "By telephone" in page


def test_a_younger_child_who_understands_answers_for_themselves_too(grants, answers):
    assert answers(grants.robin).status_code == 302

    assert Agreement.objects.get().given_by == "person"


def test_from_sixteen_on_nobody_else_answers_but_for_a_reason(grants, answers):
    grants.robin.born_on = "2009-05-20"
    grants.robin.save()
    Relationship.objects.create(person=grants.dana, other=grants.robin, kind="parent", parental_responsibility=True)
    said = {"given_by": "parent", "parent": grants.dana.pk}
    refused = answers(grants.robin, **said)
    assert "They are 16 or over and decide themselves." in refused.content.decode()
    assert not Agreement.objects.exists()

    assert (
        answers(grants.robin, **said, capacity_note="Dr Ash found on 3 May that she cannot weigh it.").status_code
        == 302
    )


def test_whoever_decides_for_an_adult_says_how_it_was_found_that_they_cannot(grants, answers, signed_in, worker):
    refused = answers(grants.dana, given_by="decider")
    assert "Say how it was found that they cannot decide this, and who may." in refused.content.decode()
    assert not Agreement.objects.exists()

    answers(grants.dana, given_by="decider", capacity_note="Her attorney, by a power of 3 May.")
    page = signed_in(worker).get(f"/families/{grants.reference}/agreements/").content.decode()
    assert "Her attorney, by a power of 3 May." in page


def test_whoever_was_not_asked_gave_no_answer(grants, answers):
    answers(grants.dana, status="not_asked", why_not="She was asleep.", given_by="decider", how="phone")

    answer = Agreement.objects.get()
    assert (answer.given_by, answer.how) == ("", "")


def test_the_database_knows_that_from_sixteen_on_nobody_else_answers(grants, answers):
    answers(grants.dana)
    for wrong in (
        {"given_by": "parent", "parent": grants.dana},
        {"given_by": "decider"},
        {"given_by": "person", "parent": grants.dana},
        {"status": "not_asked", "why_not": "Asleep."},
    ):
        with pytest.raises(IntegrityError, match="agreement_"), transaction.atomic():
            Agreement.objects.update(**wrong)


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


def test_a_family_without_people_is_shown(worker, melton, signed_in):
    family = FamilyFactory(area=melton, created_by=worker)

    assert signed_in(worker).get(f"/families/{family.reference}/").status_code == 200


def test_a_page_that_is_gone_back_to_and_changed_is_not_said_to_be_saved_until_it_is(grants, worker, signed_in):
    """Whoever goes back with their browser and writes something else sends the token of what they saved before."""
    client, url = signed_in(worker), f"/families/{grants.reference}/chronology/add/"
    first = sent(happened_on="2024-01-05", kind="home", text="Moved house.")
    assert client.post(url, first).status_code == 302

    changed = client.post(url, first | {"text": "Lost her job."})

    assert changed.status_code == 409
    assert "is not saved" in " ".join(changed.content.decode().split())
    assert "Lost her job." in changed.content.decode()
    assert set(SignificantEvent.objects.values_list("text", flat=True)) == {"Moved house."}
    token = changed.context["form"]["token"].value()
    assert client.post(url, first | {"text": "Lost her job.", "token": token}).status_code == 302
    assert set(SignificantEvent.objects.values_list("text", flat=True)) == {"Moved house.", "Lost her job."}
