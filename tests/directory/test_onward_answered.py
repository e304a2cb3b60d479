"""A referral goes to its service without a name, and what comes of it comes back (domain.md 6.10 and 11)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from earlyhelp.core.calendar import add_working_days
from earlyhelp.deadlines import sweep
from earlyhelp.directory.models import OnwardLink, OnwardReferral
from earlyhelp.directory.services import onward as onwards
from earlyhelp.directory.transitions import onward as deeds
from earlyhelp.notices.models import Letter, Notice
from earlyhelp.workflow.transitions import REGISTRY, SYSTEM, NotPossible
from tests.directory.onward import LATER, OFFERED, YES, again, owed
from tests.factories import MONDAY, ServiceFactory

# --- it is sent -------------------------------------------------------------------------------------------------------


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


def test_of_somebody_of_a_restricted_family_nothing_goes_by_a_link(gwen, befriending, practitioner):
    onward = onwards.propose(person=gwen, service=befriending, by=practitioner, now=MONDAY, why="Company.")
    onwards.permit(onward, by=practitioner, now=MONDAY, **YES)
    gwen.families.update(restricted=True)

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


# --- the service answers ----------------------------------------------------------------------------------------------


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


def test_the_system_may_do_what_a_link_does(sent):
    assert deeds.accept(sent, by=SYSTEM, now=LATER).status == "accepted"


# --- nobody answers ---------------------------------------------------------------------------------------------------


def test_a_service_that_does_not_answer_rings_its_maker_and_later_first_contact(sent, practitioner, adviser):
    sweep.ring(now=MONDAY + timedelta(days=7, hours=9))
    assert list(Notice.objects.values_list("to", flat=True)) == [practitioner.pk]

    sweep.ring(now=MONDAY + timedelta(days=15))
    assert Notice.objects.filter(to=adviser).exists()
    assert all(title.startswith("The service") for title in Notice.objects.values_list("title", flat=True))


# --- did it help ------------------------------------------------------------------------------------------------------


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
