"""What social care is given with a hand-over: the whole of what its maker may see, and the taking of it written down."""

import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from assessments.models import Goal, Plan, PlanAction
from earlyhelp.audit.models import Access
from earlyhelp.cases.models import TeamMember
from earlyhelp.core import dates
from earlyhelp.families.models import Address, Relationship, SignificantEvent
from earlyhelp.partnership.enums import Role
from referrals.documents import LEFT_OUT, paper
from referrals.models import SocialCareHandover
from referrals.transitions.handover import acknowledge, call
from tests.assessments.factories import RiskNoteFactory
from tests.factories import (
    MONDAY,
    FamilyFactory,
    MemberFactory,
    PersonFactory,
    PostFactory,
    restricted_person,
    secret_home,
)
from tests.referrals.factories import handed_over

LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def family(led_case):
    """A mother and a boy, who lives at an address that nobody may hear of; something happened at school."""
    family = led_case.family
    mother = PersonFactory(first_name="Leanne", last_name="Okafor", born_on=date(1996, 4, 1))
    boy = PersonFactory(first_name="Tyler", last_name="Okafor", born_on=date(2017, 6, 1))
    MemberFactory(family=family, person=mother, role="parent")
    MemberFactory(family=family, person=boy)
    Relationship.objects.create(person=mother, other=boy, kind="parent", parental_responsibility=True)
    Address.objects.create(person=mother, line_1="9 Open Street", postcode="LE1 1AA")
    secret_home(boy, line_1="7 Refuge Lane", postcode="LE1 1AB")
    return family


@pytest.fixture
def handover(family, led_case, worker):
    SignificantEvent.objects.create(
        family=family,
        happened_on=date(2026, 1, 5),
        kind="school",
        text="Was not brought for two weeks.",
        recorded_by=worker,
        recorded_at=MONDAY,
    )
    goal = Goal.objects.create(plan=Plan.objects.create(case=led_case), words="Mornings without shouting")
    facts = {"due_on": date(2026, 4, 1), "how_we_will_know": "He is on time."}
    PlanAction.objects.create(case=led_case, goal=goal, what="A breakfast club", owner=worker, **facts)
    TeamMember.objects.create(case=led_case, name="Grandmother Ada", role="family_network", from_at=MONDAY)
    sent = handed_over(by=worker, case=led_case, about="Tyler, 8", concern="Bruises again.", spoken_to="Duty desk")
    call(sent, by=worker, now=LATER, spoken_to="Ms Ito", said="She visits at four.")
    return sent


def words(handover, user):
    """All of it in one text."""
    return "\n".join(
        "\n".join(
            [
                section.heading,
                section.text,
                *map(" ".join, section.facts),
                *map(" ".join, section.rows),
                section.nothing,
            ]
        )
        for section in paper(handover, made_by=user, now=LATER).sections
    )


def test_it_holds_the_concern_the_family_the_case_the_plan_and_the_chronology(handover, worker, led_case):
    said = words(handover, worker)

    for part in (
        "Tyler, 8",
        "Bruises again.",
        "Leanne Okafor",
        "1 June 2017, 8",
        "Leanne Okafor is the parent of Tyler Okafor",
        "9 Open Street",
        led_case.reference,
        "Tier 2 – Targeted",
        "Grandmother Ada",
        "Mornings without shouting A breakfast club",
        "5 January 2026 School, learning or work\nWas not brought for two weeks.",
        f"{handover.reference}: Handed over to social care.",
    ):
        assert part in said


def test_it_says_what_was_said_to_whom_and_when(handover, worker):
    said = words(handover, worker)

    assert f"{dates.moment(MONDAY)} They have it. {worker}, to Duty desk" in said
    assert f"{dates.moment(LATER)} She visits at four. {worker}, to Ms Ito" in said


def test_a_text_that_says_where_somebody_hides_is_left_out_and_the_rest_goes(handover, worker, led_case):
    RiskNoteFactory(case=led_case, what="He looks for them.", doing="Police marker on 7 Refuge Lane, LE1 1AB.")

    said = words(handover, worker)

    assert "Refuge Lane" not in said
    assert f"He looks for them. Medium, looked at 2 March 2026 {LEFT_OUT}" in said
    assert "Was not brought for two weeks." in said


def test_a_withheld_address_never_leaves_in_it(handover, worker, client):
    client.force_login(worker)
    page = client.get(f"/referrals/hand-overs/{handover.reference}/print/").content.decode()
    document = client.get(f"/referrals/hand-overs/{handover.reference}/pdf/").content
    drawn = " ".join(each.extract_text() for each in PdfReader(io.BytesIO(document)).pages)

    for said in (words(handover, worker), page, drawn):
        assert "Refuge" not in said
        assert "LE1 1AB" not in said
        assert "Address withheld" in " ".join(said.split())


def test_the_chronology_is_read_from_its_beginning(handover, worker):
    said = words(handover, worker).partition("Chronology")[2]

    assert said.index("5 January 2026") < said.index("2 March 2026")


def test_who_does_not_see_the_family_gives_the_hand_over_alone(led_case, family, practitioner):
    handover = handed_over(by=practitioner, family=family)

    said = words(handover, practitioner)
    assert "A boy next door" in said
    assert "Tyler Okafor Child, born 2017" in said  # as much as a search tells anybody
    assert "does not see the family’s record" in said
    for kept in (led_case.reference, "Open Street", "1 June 2017", "Chronology"):
        assert kept not in said


def test_of_a_restricted_person_whom_its_maker_does_not_know_nothing_is_said(family, practitioner):
    MemberFactory(family=family, person=restricted_person(first_name="Hidden"))
    handover = handed_over(by=practitioner, family=family)

    assert "Hidden" not in words(handover, practitioner)


def test_about_somebody_nobody_has_written_down_it_holds_what_was_said(practitioner, melton):
    said = words(handed_over(by=practitioner), practitioner)

    assert "A boy next door" in said
    assert "No conversation with social care is written down yet." in said


@pytest.mark.parametrize("kind", ["pdf", "print"])
def test_a_copy_taken_is_written_down_before_it_is_given(handover, worker, client, kind):
    client.force_login(worker)
    client.get(f"/referrals/hand-overs/{handover.reference}/{kind}/")

    taken = Access.objects.exclude(purpose="").get(subject="referrals.socialcarehandover", subject_id=handover.pk)
    assert taken.actor == worker
    page = client.get(handover.get_absolute_url()).content.decode()
    assert taken.purpose in page.partition("Copies taken")[2]


def test_reading_the_page_is_no_copy(handover, worker, client):
    client.force_login(worker)
    client.get(handover.get_absolute_url())

    assert "Copies taken" not in client.get(handover.get_absolute_url()).content.decode()


def test_the_hub_takes_note_and_takes_no_copy(handover, chair, client):
    client.force_login(chair)

    assert client.get(handover.get_absolute_url()).status_code == 200
    assert client.get(f"/referrals/hand-overs/{handover.reference}/pdf/").status_code == 404
    assert not Access.objects.exclude(purpose="").exists()


def test_the_file_is_named_by_its_reference_and_by_nobody(handover, worker, client):
    client.force_login(worker)
    answer = client.get(f"/referrals/hand-overs/{handover.reference}/pdf/")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{handover.reference}.pdf"'
    assert PdfReader(io.BytesIO(answer.content)).metadata.title == f"Hand-over to social care {handover.reference}"


def test_the_copies_make_no_query_each(handover, worker, client, django_assert_max_num_queries):
    client.force_login(worker)
    for _ in range(20):
        client.get(f"/referrals/hand-overs/{handover.reference}/print/")
        call(SocialCareHandover.objects.get(pk=handover.pk), by=worker, now=LATER, said="Nobody answered.")

    with django_assert_max_num_queries(9):
        client.get(handover.get_absolute_url())


def test_an_acknowledgement_is_a_conversation_too(practitioner, access_worker, melton):
    handover = handed_over(by=practitioner, family=FamilyFactory(area=melton))
    acknowledge(handover, by=access_worker, now=LATER, spoken_to="Duty desk", their_reference="SC-9")

    said = handover.calls.get()
    assert (said.spoken_to, said.by, said.at) == ("Duty desk", access_worker, LATER)
    assert "SC-9" in said.said


def test_a_stranger_writes_down_no_call(practitioner, melton, client):
    handover = handed_over(by=practitioner, family=FamilyFactory(area=melton))
    client.force_login(PostFactory(role=Role.HUB_CHAIR, area=melton).user)

    assert client.get(f"/referrals/hand-overs/{handover.reference}/do/call/").status_code == 404
    assert not handover.calls.exists()
