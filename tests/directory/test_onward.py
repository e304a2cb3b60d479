"""A person is referred to a service with their own permission, and what comes of it comes back (domain.md 6.10 and 11)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from earlyhelp.core.calendar import add_working_days
from earlyhelp.deadlines import sweep
from earlyhelp.directory.enums import OnwardStatus
from earlyhelp.directory.models import OnwardLink, OnwardReferral
from earlyhelp.directory.services import onward as onwards
from earlyhelp.directory.transitions import onward as deeds
from earlyhelp.notices.models import Letter, Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import REGISTRY, SYSTEM, NotPossible
from tests.factories import (
    MONDAY,
    AgencyFactory,
    FamilyFactory,
    MemberFactory,
    PersonFactory,
    PostFactory,
    ServiceFactory,
    UserFactory,
)
from tests.races import together

LATER = MONDAY + timedelta(hours=1)
YES = {"given_by": "person", "how": "phone"}
OFFERED = {"why": "Company.", "now": MONDAY, **YES}


def owed(onward):
    return set(onward.deadlines.open().values_list("code", flat=True))


def again(onward):
    return OnwardReferral.objects.get(pk=onward.pk)


def seen_by(user, action="view"):
    user.forget_scope()
    return list(OnwardReferral.objects.for_user(user, action).order_by("pk"))


# --- it is suggested, and the person answers ---------------------------------------------------------------------------


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


# --- it is sent --------------------------------------------------------------------------------------------------------


def test_all_at_once_it_is_suggested_permitted_and_sent(sent, letters):
    assert (sent.status, sent.permitted_at, sent.sent_at) == ("sent", MONDAY, MONDAY)
    assert owed(sent) == {"D_PRESCRIPTION", "D_ONWARD_FOLLOW_UP"}
    assert [message.to for message in letters()] == [["befriending@example.org"]]


def test_the_message_names_nobody(sent, letters):
    message = letters()[0]
    text = message.subject + message.body

    assert sent.reference in text
    for word in ("Gwen", "Harlow", "Company", "daughter", "960 111", str(sent.made_by)):
        assert word not in text


def test_only_the_digest_of_the_link_is_kept(sent, secret):
    link, letter = OnwardLink.objects.get(), Letter.objects.get()

    assert secret not in (link.digest, letter.subject)
    assert len(secret) >= 40
    assert bytes(letter.sealed) == b""


def test_the_service_answers_within_five_working_days(sent, practitioner):
    promise = sent.deadlines.open().get(code="D_PRESCRIPTION")

    assert promise.holder == practitioner
    assert promise.due_at.date() == add_working_days(MONDAY.date(), 5)


def test_those_who_answer_with_an_account_are_told_at_once_and_told_no_name(provider, sent):
    notice = Notice.objects.get()

    assert (notice.to, notice.urgent, notice.reference) == (provider, True, sent.reference)
    assert "Gwen" not in notice.title


def test_to_a_service_that_nothing_reaches_nothing_is_sent(gwen, practitioner):
    silent = ServiceFactory(name="The shed", phone="01632 960 7")

    with pytest.raises(NotPossible):
        onwards.offer(person=gwen, service=silent, by=practitioner, **OFFERED)

    assert not OnwardReferral.objects.exists()


def test_with_an_account_and_no_address_it_is_sent_all_the_same(gwen, befriending, provider, practitioner):
    befriending.email = ""
    befriending.save()
    onward = onwards.offer(person=gwen, service=befriending, by=practitioner, **OFFERED)

    assert onward.status == "sent"
    assert not Letter.objects.exists()
    assert Notice.objects.get().to == provider


@pytest.mark.parametrize("what", ["person", "family"])
def test_of_a_restricted_person_nothing_goes_by_a_link(gwen, befriending, practitioner, what):
    onward = onwards.propose(person=gwen, service=befriending, by=practitioner, now=MONDAY, why="Company.")
    onwards.permit(onward, by=practitioner, now=MONDAY, **YES)
    row = gwen if what == "person" else gwen.families.get()
    row.restricted = True
    row.save()

    with pytest.raises(NotPossible, match="Ring 01632 960 9"):
        onwards.send(onward, by=practitioner, now=LATER)

    assert again(onward).status == "permitted"
    assert not Letter.objects.exists()


def test_a_new_link_makes_the_old_one_void(sent, practitioner, letters):
    first = OnwardLink.objects.get()
    deeds.send_anew(sent, by=practitioner, now=LATER)

    first.refresh_from_db()
    assert first.void_at == LATER
    assert OnwardLink.objects.filter(void_at=None).count() == 1
    assert len(letters(LATER)) == 1  # the first had not gone, and does not go


# --- who sees it, and does what ----------------------------------------------------------------------------------------


def test_the_maker_those_who_see_the_person_and_the_service_see_it(sent, practitioner, provider, gwen):
    colleague = UserFactory()
    gwen.created_by = colleague
    gwen.save()

    assert seen_by(practitioner) == seen_by(provider) == [sent]
    assert seen_by(colleague) == []  # has no post, and the person is in a family that others wrote down


@pytest.mark.parametrize("who", ["stranger", "other_worker", "service_manager", "access_worker", "manager"])
def test_nobody_else_sees_it(request, sent, who):
    assert seen_by(request.getfixturevalue(who)) == []


def test_a_service_sees_nothing_before_it_is_sent(proposed, provider):
    assert seen_by(provider) == []


def test_another_service_sees_nothing(sent, county):
    other = PostFactory(user=UserFactory(agency=AgencyFactory(kind="voluntary")), area=county).user

    assert seen_by(other) == []


def test_in_a_large_agency_only_its_contact_answers(sent, society, county):
    society.agency.kind = "council"
    society.agency.save()
    clerk = PostFactory(user=UserFactory(agency=society.agency), area=county).user
    contact = PostFactory(user=UserFactory(agency=society.agency), role=Role.AGENCY_CONTACT, area=county).user

    assert seen_by(clerk) == []
    assert seen_by(contact) == [sent]


def test_the_service_follows_nothing_that_is_not_for_it(sent, provider):
    assert seen_by(provider, "answer") == [sent]
    assert seen_by(provider, "follow") == seen_by(provider, "make") == []


def test_a_month_after_the_end_the_service_sees_it_no_more(sent, provider):
    deeds.accept(sent, by=provider, now=MONDAY)
    deeds.complete(sent, by=provider, now=timezone.now() - timedelta(days=29))
    assert seen_by(provider) == [sent]
    OnwardReferral.objects.update(ended_at=timezone.now() - timedelta(days=31))

    assert seen_by(provider) == []


def test_first_contact_and_the_makers_manager_see_what_waits_and_no_longer(
    sent, adviser, manager, practitioner, provider
):
    practitioner.team = manager.team or PostFactory._meta.model.objects.get(user=manager).team
    practitioner.save()
    assert seen_by(adviser) == seen_by(manager) == [sent]

    deeds.accept(sent, by=provider, now=LATER)

    assert seen_by(adviser) == seen_by(manager) == []


def test_when_the_record_is_restricted_its_maker_and_the_service_lose_sight_of_it(sent, practitioner, provider, gwen):
    gwen.restricted = True
    gwen.save()
    gwen.families.update(created_by=None)

    assert seen_by(practitioner) == seen_by(provider) == []


FACTS = {
    "permit": YES,
    "give_back": {"because": "full"},
    "record_outcome": {"outcome": "Goes every week."},
    "follow_up": {"helped": "helped"},
}


@pytest.mark.parametrize("name", [*REGISTRY[OnwardReferral]])
def test_a_stranger_does_nothing(sent, stranger, name):
    with pytest.raises(PermissionDenied):
        REGISTRY[OnwardReferral][name](sent, by=stranger, now=LATER, **FACTS.get(name, {}))

    assert again(sent).status == "sent"


@pytest.mark.parametrize("name", ["receive", "accept", "give_back", "start", "complete", "drop_out", "record_outcome"])
def test_the_maker_does_not_answer_for_the_service(sent, practitioner, name):
    with pytest.raises(PermissionDenied):
        REGISTRY[OnwardReferral][name](sent, by=practitioner, now=LATER, **FACTS.get(name, {}))

    assert again(sent).status == "sent"


@pytest.mark.parametrize("name", ["permit", "withdraw", "follow_up", "send_anew"])
def test_the_service_does_not_speak_for_the_person(sent, provider, name):
    with pytest.raises(PermissionDenied):
        REGISTRY[OnwardReferral][name](sent, by=provider, now=LATER, **FACTS.get(name, {}))

    assert again(sent).status == "sent"


# --- the service answers -----------------------------------------------------------------------------------------------


def test_the_service_accepts_and_the_maker_hears(sent, provider, practitioner):
    onward = deeds.accept(sent, by=provider, now=LATER, expected_on=date(2026, 3, 9))

    assert (onward.status, onward.answered_at, onward.expected_on) == ("accepted", LATER, date(2026, 3, 9))
    assert owed(onward) == {"D_ONWARD_FOLLOW_UP"}
    assert Notice.objects.filter(to=practitioner, reference=onward.reference).count() == 1


def test_the_service_returns_it_with_a_reason_and_the_maker_hears_at_once(sent, provider, practitioner):
    onward = deeds.give_back(sent, by=provider, now=LATER, because="full", note="Not before June.")

    assert (onward.status, onward.returned_because, onward.ended_at) == ("returned", "full", LATER)
    assert Notice.objects.get(to=practitioner).urgent
    assert owed(onward) == {"D_ONWARD_FOLLOW_UP"}


def test_only_what_was_accepted_starts(sent, provider):
    with pytest.raises(NotPossible):
        deeds.start(sent, by=provider, now=LATER)

    assert again(sent).status == "sent"


@pytest.mark.parametrize(("name", "ending"), [("complete", "completed"), ("drop_out", "dropped_out")])
def test_it_runs_its_course_and_the_outcome_comes_back(sent, provider, name, ending):
    now = timezone.now()
    deeds.accept(sent, by=provider, now=now)
    deeds.start(sent, by=provider, now=now)
    ended = REGISTRY[OnwardReferral][name](sent, by=provider, now=now)
    assert (ended.status, ended.ending, ended.outcome) == (ending, ending, "")

    onward = deeds.record_outcome(sent, by=provider, now=now, outcome="Goes every week.")
    assert (onward.status, onward.ending, onward.outcome) == ("outcome_recorded", ending, "Goes every week.")


def test_with_its_ending_the_outcome_may_be_said_at_once(sent, provider):
    deeds.accept(sent, by=provider, now=MONDAY)
    onward = deeds.did_not_attend(sent, by=provider, now=LATER, outcome="Rang three times.")

    assert (onward.status, onward.ending) == ("outcome_recorded", "did_not_attend")


def test_an_outcome_cannot_be_said_of_what_goes_on(sent, provider):
    deeds.accept(sent, by=provider, now=MONDAY)
    with pytest.raises(NotPossible):
        deeds.record_outcome(sent, by=provider, now=LATER, outcome="Well.")

    assert again(sent).outcome == ""


def test_the_second_of_two_answers_is_told_what_the_first_was(sent, provider):
    now = timezone.now()
    deeds.give_back(sent, by=provider, now=now, because="full")
    with pytest.raises(NotPossible):
        deeds.accept(sent, by=provider, now=now)

    assert again(sent).status == "returned"


# --- nobody answers ----------------------------------------------------------------------------------------------------


def test_a_service_that_does_not_answer_rings_its_maker_and_later_first_contact(sent, practitioner, adviser):
    sweep.ring(now=MONDAY + timedelta(days=7, hours=9))
    assert list(Notice.objects.values_list("to", flat=True)) == [practitioner.pk]

    sweep.ring(now=MONDAY + timedelta(days=15))
    assert Notice.objects.filter(to=adviser).exists()
    assert all(title.startswith("The service") for title in Notice.objects.values_list("title", flat=True))


# --- the person changes their mind -------------------------------------------------------------------------------------


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


# --- did it help -------------------------------------------------------------------------------------------------------


def test_four_weeks_after_the_end_the_person_is_asked_once(sent, provider, practitioner):
    now = timezone.now()
    deeds.accept(sent, by=provider, now=now)
    deeds.complete(sent, by=provider, now=now)
    due = sent.deadlines.open().get(code="D_ONWARD_FOLLOW_UP").due_at
    assert timedelta(days=27) < due - now < timedelta(days=33)

    onward = deeds.follow_up(sent, by=practitioner, now=due, helped="helped", note="She has a friend again.")
    assert (onward.helped, onward.followed_up_by, owed(onward)) == ("helped", practitioner, set())
    with pytest.raises(NotPossible):
        deeds.follow_up(sent, by=practitioner, now=due, helped="declined")
    assert again(sent).helped == "helped"


def test_if_the_service_never_says_that_it_ended_the_person_is_asked_all_the_same(sent):
    due = sent.deadlines.open().get(code="D_ONWARD_FOLLOW_UP").due_at

    assert timedelta(weeks=11) < due - MONDAY < timedelta(weeks=13)


def test_who_could_not_be_reached_is_asked_again(sent, practitioner):
    deeds.follow_up(sent, by=practitioner, now=LATER, helped="not_reached")
    onward = deeds.follow_up(sent, by=practitioner, now=LATER, helped="still_needed")

    assert onward.helped == "still_needed"


def test_once_asked_the_end_asks_no_second_time(sent, practitioner, provider):
    deeds.follow_up(sent, by=practitioner, now=LATER, helped="helped")
    deeds.give_back(sent, by=provider, now=LATER, because="full")

    assert owed(sent) == set()


def test_nobody_is_asked_about_what_was_never_sent(proposed, practitioner):
    with pytest.raises(NotPossible):
        deeds.follow_up(proposed, by=practitioner, now=LATER, helped="helped")

    assert again(proposed).helped == ""


# --- what the database refuses -----------------------------------------------------------------------------------------


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


# --- two at once -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_suggest_the_same_service_at_once_make_one(gwen, befriending, practitioner):
    def suggest():
        return onwards.propose(person=gwen, service=befriending, by=practitioner, now=MONDAY, why="Company.")

    together(suggest, suggest)

    assert OnwardReferral.objects.count() == 1


def test_the_system_may_do_what_a_link_does(sent):
    assert deeds.accept(sent, by=SYSTEM, now=LATER).status == "accepted"


def test_a_person_in_no_family_may_be_referred_by_whoever_wrote_them_down(practitioner, befriending):
    person = PersonFactory(born_on=date(1950, 1, 1), created_by=practitioner)

    assert onwards.offer(person=person, service=befriending, by=practitioner, **OFFERED).status == "sent"


def test_a_person_of_a_family_is_referred_by_those_who_see_the_family(led_case, worker, befriending):
    adult = PersonFactory(born_on=date(1990, 1, 1))
    MemberFactory(family=led_case.family, person=adult)
    MemberFactory(family=FamilyFactory(), person=PersonFactory())
    onward = onwards.offer(person=adult, service=befriending, by=worker, **OFFERED)

    assert seen_by(worker) == [onward]
