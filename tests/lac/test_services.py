from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from earlyhelp.core.todo import TODO
from earlyhelp.deadlines.sweep import ring
from earlyhelp.families.models import Family, Person
from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible, Stale
from lac import services
from lac.models import Connection, Conversation, Introduction
from lac.panels import first_contacts
from lac.transitions import begin_conversation
from tests.factories import MONDAY, FamilyFactory, MemberFactory, PersonFactory, PostFactory, restricted_person
from tests.lac.factories import ConnectionFactory, ConversationFactory, IntroductionFactory, VisionFactory
from tests.races import together

LUKE = {"first_name": "Luke", "last_name": "Sharma", "born_on": date(2008, 2, 7)}
ASKED = {
    "source": "jobcentre",
    "hopes": "Wants mates and a wage.",
    "how_to_reach": "Text him.",
    "agreed": True,
    "now": MONDAY,
}


def test_anybody_introduces_somebody_and_the_coordinator_of_the_area_is_told(practitioner, dele, priya, melton):
    introduction = services.introduce(area=melton, by=practitioner, **LUKE, **ASKED)

    assert (introduction.person.name, introduction.status) == ("Luke Sharma", "received")
    notice = Notice.objects.get()
    assert (notice.to, notice.reference) == (dele, introduction.reference)
    assert "Luke" not in notice.title + notice.url
    deadline = introduction.deadlines.get()
    assert deadline.due_at.date() == date(2026, 3, 9)  # five working days
    assert "Luke" not in deadline.label + deadline.url


def test_where_nobody_coordinates_their_lead_is_told(practitioner, priya, lac_lead, melton):
    services.introduce(area=melton, by=practitioner, **LUKE, **ASKED)

    assert Notice.objects.get().to == lac_lead


def test_nobody_is_introduced_without_agreeing(practitioner, melton):
    with pytest.raises(ValidationError):
        services.introduce(area=melton, by=practitioner, **LUKE, **(ASKED | {"agreed": False}))

    assert not Introduction.objects.exists()


def test_a_person_of_that_name_and_day_of_birth_is_not_written_down_again(practitioner, melton):
    luke = PersonFactory(**LUKE)

    assert services.introduce(area=melton, by=practitioner, **(LUKE | {"first_name": "luke"}), **ASKED).person == luke


def test_of_one_name_alone_two_people_are_made(practitioner, melton):
    PersonFactory(first_name="Luke", last_name="Sharma")
    services.introduce(area=melton, by=practitioner, first_name="Luke", last_name="Sharma", **ASKED)

    assert Person.objects.filter(last_name="Sharma").count() == 2


def test_a_restricted_person_is_not_given_away_by_an_introduction(practitioner, melton):
    hidden = restricted_person(**LUKE)

    assert services.introduce(area=melton, by=practitioner, **LUKE, **ASKED).person != hidden


def test_somebody_introduced_already_is_not_introduced_again(practitioner, melton):
    services.introduce(area=melton, by=practitioner, **LUKE, **ASKED)
    with pytest.raises(NotPossible):
        services.introduce(area=melton, by=practitioner, **LUKE, **ASKED)

    assert Introduction.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_introduced_by_two_at_once_there_is_one_introduction(practitioner, melton):
    luke = PersonFactory(**LUKE)
    deed = lambda: services.introduce(area=melton, by=practitioner, person=luke, **ASKED)  # noqa: E731
    answers = together(deed, deed)

    assert Introduction.objects.count() == 1
    assert sum(isinstance(answer, NotPossible) for answer in answers) == 1


def test_a_first_contact_that_is_late_is_rung_without_a_name(practitioner, dele, melton):
    services.introduce(area=melton, by=practitioner, **LUKE, **ASKED)
    ring(now=MONDAY + timedelta(days=7, hours=10))

    rung = Notice.objects.get(kind="reminder")
    assert rung.to == dele
    assert "Luke" not in rung.title


def test_the_coordinator_has_it_on_the_list_of_today_until_they_are_in_touch(practitioner, dele, priya, melton):
    assert first_contacts in TODO
    introduction = services.introduce(area=melton, by=practitioner, **LUKE, **ASKED)
    [line] = first_contacts(dele, MONDAY)
    assert (line.url, introduction.person.name in line.text) == (introduction.get_absolute_url(), True)
    assert first_contacts(priya, MONDAY) == first_contacts(practitioner, MONDAY) == []

    begin_conversation(introduction, by=dele, now=MONDAY)
    assert first_contacts(dele, MONDAY) == []


# --- visions ----------------------------------------------------------------------------------------------------------


def test_a_vision_written_again_is_a_new_version_and_the_old_words_stay(gwen, dele):
    services.write_vision(gwen, by=dele, now=MONDAY, version=0, vision="Company.")
    again = services.write_vision(gwen, by=dele, now=MONDAY, version=1, vision="Company, and a garden.")

    assert again.version == 2
    assert [each.vision for each in gwen.visions.order_by("version")] == ["Company.", "Company, and a garden."]


def test_a_vision_written_over_an_older_one_is_refused(gwen, dele):
    services.write_vision(gwen, by=dele, now=MONDAY, version=0, vision="Company.")
    with pytest.raises(Stale):
        services.write_vision(gwen, by=dele, now=MONDAY, version=0, vision="Something else.")


@pytest.mark.django_db(transaction=True)
def test_of_two_visions_at_once_one_is_kept_and_the_other_told(gwen, dele):
    deed = lambda: services.write_vision(gwen, by=dele, now=MONDAY, version=0, vision="Company.")  # noqa: E731
    answers = together(deed, deed)

    assert gwen.visions.count() == 1
    assert sum(isinstance(answer, Stale) for answer in answers) == 1


def test_a_vision_shows_no_heading_without_words(gwen):
    assert VisionFactory(introduction=gwen, strengths="Fixes bikes.").said() == [
        ("My vision for a good life", "I want mates and a wage."),
        ("My strengths, interests and gifts", "Fixes bikes."),
    ]


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_the_coordinator_of_the_area_and_the_lead_see_it_and_nobody_else(
    gwen, dele, priya, lac_lead, chair, coordinator, worker, access_worker, practitioner
):
    ConversationFactory(introduction=gwen)
    ConnectionFactory(introduction=gwen)
    for model in (Introduction, Conversation, Connection):
        assert model.objects.for_user(dele).exists()
        assert model.objects.for_user(lac_lead).exists()
        for user in (priya, chair, coordinator, worker, access_worker, practitioner):
            assert not model.objects.for_user(user).exists(), (model, user)


def test_a_coordinator_sees_the_person_who_has_no_family(gwen, dele, priya, practitioner):
    assert gwen.person in Person.objects.for_user(dele)
    assert gwen.person not in Person.objects.for_user(priya)
    assert gwen.person not in Person.objects.for_user(practitioner)


def test_a_case_team_that_sees_the_person_does_not_see_the_conversations(led_case, worker, melton):
    member = MemberFactory(family=led_case.family)
    ConversationFactory(introduction=IntroductionFactory(person=member.person, area=melton))

    assert member.person in Person.objects.for_user(worker)
    assert not Conversation.objects.for_user(worker).exists()


def test_a_post_that_has_ended_opens_nothing(gwen, dele):
    dele.posts.update(until_on=date(2021, 1, 1))
    dele.forget_scope()

    assert not Introduction.objects.for_user(dele).exists()


def test_whether_somebody_goes_on_with_a_connection_is_written_down(gwen, dele):
    connection = services.add_connection(
        gwen, by=dele, now=MONDAY, on=MONDAY.date(), kind="group", name="Coffee morning", accompanied=True
    )
    services.follow_connection(connection, by=dele, now=MONDAY, still_going=True, note="Goes alone now.")

    connection.refresh_from_db()
    assert (connection.still_going, connection.note) == (True, "Goes alone now.")
    assert connection.history.count() == 2


def test_two_coordinators_of_an_area_are_both_told(practitioner, dele, melton):
    PostFactory(role="lac_coordinator", area=melton)
    services.introduce(area=melton, by=practitioner, **LUKE, **ASKED)

    assert Notice.objects.count() == 2


def test_the_day_of_an_introduction_is_the_day_given(practitioner, melton):
    then = datetime(2025, 11, 3, 10, 0, tzinfo=MONDAY.tzinfo)
    assert services.introduce(area=melton, by=practitioner, **LUKE, **(ASKED | {"now": then})).received_at == then


def test_nobody_gives_themselves_sight_of_a_person_by_introducing_them(dele, practitioner, melton):
    luke = PersonFactory(**LUKE, created_by=practitioner)
    services.introduce(area=melton, by=dele, **LUKE, **ASKED)

    assert Introduction.objects.for_user(dele).get().person == luke
    assert luke not in Person.objects.for_user(dele)
    assert luke not in Person.objects.for_user(dele, "edit")


def test_a_record_that_is_restricted_later_is_closed_to_the_coordinator(dele, practitioner, melton):
    luke = MemberFactory(family=FamilyFactory(), person=PersonFactory(**LUKE)).person
    services.introduce(area=melton, by=practitioner, **LUKE, **ASKED)
    assert luke in Person.objects.for_user(dele)

    Family.objects.update(restricted=True)

    assert luke not in Person.objects.for_user(dele)


def test_somebody_of_a_restricted_family_is_as_if_they_were_not_known(dele, practitioner, melton):
    hidden = MemberFactory(family=FamilyFactory(restricted=True), person=PersonFactory(**LUKE)).person

    made = services.introduce(area=melton, by=practitioner, **LUKE, **ASKED).person

    assert made != hidden
    assert not Introduction.objects.filter(person=hidden).exists()
