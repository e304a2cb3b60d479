"""A person is offered a service, and answers themselves; a yes may be taken back until the end (domain.md 6.10)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from earlyhelp.directory.enums import OnwardStatus
from earlyhelp.directory.models import OnwardLink, OnwardReferral
from earlyhelp.directory.services import onward as onwards
from earlyhelp.directory.transitions import onward as deeds
from earlyhelp.notices.models import Letter, Notice
from earlyhelp.workflow.transitions import NotPossible
from tests.directory.onward import LATER, OFFERED, YES, again, owed, seen_by
from tests.factories import MONDAY, FamilyFactory, MemberFactory, PersonFactory, ServiceFactory, secret_home
from tests.races import together

# --- it is suggested, and the person answers --------------------------------------------------------------------------


def test_a_worker_suggests_a_service_and_nothing_goes_anywhere(proposed, practitioner):
    assert proposed.reference.startswith("ON-2026-")
    assert (proposed.status, proposed.made_by, proposed.agency) == ("proposed", practitioner, practitioner.agency)
    assert proposed.reach == "01632 960 111"
    assert not Letter.objects.exists()
    assert not Notice.objects.exists()
    assert owed(proposed) == set()


def test_nobody_refers_a_person_whom_they_may_not_see(gwen, befriending, other_worker):
    with pytest.raises(PermissionDenied):
        onwards.propose(person=gwen, service=befriending, by=other_worker, now=MONDAY, why="Company.")

    assert not OnwardReferral.objects.exists()


def test_a_person_is_referred_to_one_service_once_at_a_time(proposed, gwen, befriending, practitioner):
    with pytest.raises(NotPossible):
        onwards.offer(person=gwen, service=befriending, by=practitioner, **OFFERED)

    assert OnwardReferral.objects.get() == proposed
    other = onwards.offer(person=gwen, service=ServiceFactory(email="x@example.org"), by=practitioner, **OFFERED)
    assert other.status == OnwardStatus.SENT


def test_the_database_holds_to_that_too(sent):
    with pytest.raises(IntegrityError), transaction.atomic():
        OnwardReferral.objects.create(
            reference="ON-T-1",
            person=sent.person,
            service=sent.service,
            made_by=sent.made_by,
            area=sent.area,
            made_at=MONDAY,
            why="Again.",
        )


@pytest.mark.parametrize("what", ["has ended", "has died"])
def test_no_one_is_referred_where_it_makes_no_sense(gwen, befriending, practitioner, what):
    if what == "has ended":
        befriending.status, befriending.withdrawn_at, befriending.withdrawn_because = "defunct", MONDAY, "No money."
        befriending.save()
    else:
        gwen.died_on = date(2026, 2, 1)
        gwen.save()

    with pytest.raises(NotPossible):
        onwards.propose(person=gwen, service=befriending, by=practitioner, now=MONDAY, why="Company.")

    assert not OnwardReferral.objects.exists()


def test_a_yes_is_kept_with_who_said_it_how_and_when(proposed, practitioner):
    onward = onwards.permit(proposed, by=practitioner, now=LATER, limits="Not my diagnosis.", **YES)

    assert (onward.status, onward.given_by, onward.given_how) == ("permitted", "person", "phone")
    assert (onward.permitted_at, onward.limits) == (LATER, "Not my diagnosis.")
    assert not Letter.objects.exists()


def test_nothing_is_sent_without_a_yes(proposed, practitioner):
    with pytest.raises(NotPossible):
        onwards.send(proposed, by=practitioner, now=LATER)

    assert again(proposed).status == "proposed"
    assert not OnwardLink.objects.exists()


def test_for_a_child_under_16_a_parent_says_yes(melton, practitioner, befriending):
    child = PersonFactory(born_on=date(2015, 5, 20), created_by=practitioner)
    onward = onwards.propose(person=child, service=befriending, by=practitioner, now=MONDAY, why="A club.")

    with pytest.raises(NotPossible):
        onwards.permit(onward, by=practitioner, now=LATER, **YES)
    assert again(onward).status == "proposed"
    assert onwards.permit(onward, by=practitioner, now=LATER, given_by="parent", how="phone").given_by == "parent"


def test_from_16_on_no_parent_decides(proposed, practitioner):
    with pytest.raises(NotPossible):
        onwards.permit(proposed, by=practitioner, now=LATER, given_by="parent", how="phone")

    assert again(proposed).status == "proposed"


def test_whoever_decides_for_somebody_needs_a_note_why(proposed, practitioner):
    with pytest.raises(NotPossible):
        onwards.permit(proposed, by=practitioner, now=LATER, given_by="decider", how="phone")

    note = "Attorney for health; assessed on 1 March."
    onward = onwards.permit(proposed, by=practitioner, now=LATER, given_by="decider", how="phone", capacity_note=note)
    assert onward.capacity_note == note


@pytest.mark.parametrize("answer", ["refuse", "not_now"])
def test_a_no_ends_it_and_leaves_no_yes_behind(proposed, practitioner, answer):
    onwards.permit(proposed, by=practitioner, now=MONDAY, limits="Nothing.", **YES)
    onward = getattr(onwards, answer)(proposed, by=practitioner, now=LATER, reason="She would rather not.")

    assert (onward.given_by, onward.limits, onward.permitted_at, onward.ended_at) == ("", "", None, LATER)
    with pytest.raises(NotPossible):
        onwards.send(onward, by=practitioner, now=LATER)


def test_not_now_may_be_offered_again_on_a_day(proposed, practitioner, gwen, befriending):
    onward = onwards.not_now(proposed, by=practitioner, now=MONDAY, offer_again_on=date(2026, 6, 1))
    assert onward.deadlines.open().get().label == "Offer it again"

    repeat = onwards.propose(
        person=gwen, service=befriending, by=practitioner, now=LATER, why="Company.", repeat_of=onward
    )

    assert repeat.repeat_of == onward
    assert owed(onward) == set()


def test_an_offer_is_not_repeated_in_the_past(proposed, practitioner):
    with pytest.raises(NotPossible):
        onwards.not_now(proposed, by=practitioner, now=MONDAY, offer_again_on=date(2026, 3, 1))

    assert again(proposed).status == "proposed"


def test_a_person_in_no_family_may_be_referred_by_whoever_wrote_them_down(practitioner, befriending):
    person = PersonFactory(born_on=date(1950, 1, 1), created_by=practitioner)

    assert onwards.offer(person=person, service=befriending, by=practitioner, **OFFERED).status == "sent"


def test_a_person_of_a_family_is_referred_by_those_who_see_the_family(led_case, worker, befriending):
    adult = PersonFactory(born_on=date(1990, 1, 1))
    MemberFactory(family=led_case.family, person=adult)
    MemberFactory(family=FamilyFactory(), person=PersonFactory())
    onward = onwards.offer(person=adult, service=befriending, by=worker, **OFFERED)

    assert seen_by(worker) == [onward]


# --- the person changes their mind ------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["proposed", "permitted", "sent", "accepted"])
def test_permission_is_taken_back_at_any_time_before_the_end(gwen, befriending, practitioner, provider, state):
    onward = onwards.propose(person=gwen, service=befriending, by=practitioner, now=MONDAY, why="Company.")
    if state != "proposed":
        onwards.permit(onward, by=practitioner, now=MONDAY, **YES)
    if state in ("sent", "accepted"):
        onwards.send(onward, by=practitioner, now=MONDAY)
    if state == "accepted":
        deeds.accept(onward, by=provider, now=MONDAY)
    onward = deeds.withdraw(onward, by=practitioner, now=LATER, reason="She has changed her mind.")

    assert (onward.status, onward.ended_at) == ("withdrawn", LATER)
    assert owed(onward) == set()
    assert not OnwardLink.objects.open(LATER).exists()
    assert seen_by(provider) == []


def test_the_service_is_told_to_do_no_more_only_if_it_had_its_message(sent, practitioner, letters):
    assert len(letters()) == 1
    deeds.withdraw(sent, by=practitioner, now=LATER)

    told = letters(LATER)
    assert [message.subject for message in told] == ["A referral to you was withdrawn"]
    assert "Gwen" not in told[0].body


def test_taken_back_before_the_message_went_nothing_goes(sent, practitioner, letters):
    deeds.withdraw(sent, by=practitioner, now=LATER)

    assert letters(LATER) == []


def test_what_has_ended_is_not_taken_back(sent, provider, practitioner):
    deeds.give_back(sent, by=provider, now=LATER, because="full")
    with pytest.raises(NotPossible):
        deeds.withdraw(sent, by=practitioner, now=LATER)

    assert again(sent).status == "returned"


# --- what the database refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "permitted"},
        {"status": "sent"},
        {"status": "sent", "sent_at": MONDAY},
        {"status": "received"},
        {"status": "refused"},
        {"given_by": "person"},
        {"ended_at": MONDAY},
        {"helped": "helped"},
        {"helped": "helped", "followed_up_at": MONDAY},
        {"outcome": "Well."},
        {"ending": "completed"},
        {"returned_because": "full"},
        {"why": ""},
        {"answered_at": MONDAY},
    ],
    ids=str,
)
def test_the_database_refuses(proposed, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        OnwardReferral.objects.filter(pk=proposed.pk).update(**wrong)


# --- two at once ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_suggest_the_same_service_at_once_make_one(gwen, befriending, practitioner):
    def suggest():
        return onwards.propose(person=gwen, service=befriending, by=practitioner, now=MONDAY, why="Company.")

    together(suggest, suggest)

    assert OnwardReferral.objects.count() == 1


def test_the_number_of_whoever_hides_is_given_to_no_service_by_itself(gwen, befriending, practitioner, client):
    secret_home(gwen, line_1="9 Elm Close", postcode="LE9 9ZZ")
    client.force_login(practitioner)
    page = client.get(f"/services/{befriending.pk}/refer/{gwen.pk}/")
    onward = onwards.propose(person=gwen, service=befriending, by=practitioner, now=MONDAY, why="Company.")

    assert page.status_code == 200
    assert gwen.phone not in page.text
    assert onward.reach == ""
