import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from earlyhelp.audit.models import Event
from earlyhelp.cases import transitions
from earlyhelp.cases.enums import Status
from earlyhelp.families.models import Family
from earlyhelp.workflow.models import Draft, Submission
from earlyhelp.workflow.services import edit, once
from earlyhelp.workflow.transitions import SYSTEM, NotPossible, Spent, Stale, open_to
from tests.factories import MONDAY, FamilyFactory

FIRST_CONTACT = {"met_on": MONDAY.date(), "who_was_seen": "Everybody."}


def test_a_transition_changes_the_state_and_writes_who_when_and_why(led_case, worker):
    case = transitions.request_step(led_case, by=worker, now=MONDAY, to_tier=3, reason="Two readings without progress.")

    event = Event.objects.get(kind="cases.case.request_step")
    assert case.status == Status.STEP_REQUESTED
    assert (event.actor, event.at, event.was, event.became) == (worker, MONDAY, "supported", "step_requested")
    assert event.reason == "Two readings without progress."


def test_a_transition_refused_leaves_nothing_behind(led_case, stranger):
    with pytest.raises(PermissionDenied):
        transitions.request_step(led_case, by=stranger, now=MONDAY, to_tier=3, reason="-")

    led_case.refresh_from_db()
    assert led_case.status == Status.SUPPORTED
    assert not Event.objects.exists()
    assert not led_case.deadlines.exists()


def test_a_transition_from_the_wrong_state_says_what_the_state_is_and_who_brought_it_there(led_case, worker):
    transitions.request_step(led_case, by=worker, now=MONDAY, to_tier=3, reason="More help.")

    with pytest.raises(NotPossible, match=f"step requested” .{worker}, 2 March 2026 at 9am"):
        transitions.request_step(led_case, by=worker, now=MONDAY, to_tier=3, reason="More help.")


def test_a_body_that_fails_leaves_the_state_as_it_was(led_case, worker):
    with pytest.raises(NotPossible):
        transitions.request_step(led_case, by=worker, now=MONDAY, to_tier=2, reason="The same tier.")

    led_case.refresh_from_db()
    assert led_case.status == Status.SUPPORTED


def test_scheduled_work_needs_no_person_but_a_forgotten_person_is_refused(led_case):
    with pytest.raises(AttributeError):
        transitions.request_step(led_case, by=None, now=MONDAY, to_tier=3, reason="-")

    transitions.request_step(led_case, by=SYSTEM, now=MONDAY, to_tier=3, reason="-")
    assert Event.objects.get().actor is None


def test_the_moves_offered_are_those_that_state_and_rule_allow(led_case, worker, chair, stranger):
    assert "request_step" in {move.name for move in open_to(worker, led_case)}
    assert "request_step" not in {move.name for move in open_to(chair, led_case)}
    assert open_to(stranger, led_case) == []


def test_a_membership_that_ended_a_moment_ago_no_longer_counts(led_case, worker):
    assert worker.scope.ids("case_led")
    led_case.team.update(until_at=MONDAY)

    with pytest.raises(PermissionDenied):
        transitions.request_step(led_case, by=worker, now=MONDAY, to_tier=3, reason="-")


def test_one_sending_counts_once_and_answers_the_same_twice(worker):
    token, made = uuid.uuid4(), []

    def deed():
        made.append(1)
        return "/cases/1/"

    answers = {once(token, by=worker, now=MONDAY, deed=deed) for _ in range(3)}
    assert (answers, len(made)) == ({"/cases/1/"}, 1)


def test_a_token_that_comes_back_with_something_else_is_refused_and_says_that_this_is_not_saved(worker):
    token, made = uuid.uuid4(), []

    def send(text):
        return once(token, by=worker, now=MONDAY, deed=lambda: made.append(text) or "/done/", said=text)

    assert send("as it was") == send("as it was") == "/done/"
    with pytest.raises(Spent, match="not saved"):
        send("something else")
    assert made == ["as it was"]
    assert "as it was" not in Submission.objects.get().said


def test_of_two_who_save_the_same_at_once_the_second_is_told_so(worker):
    Submission.objects.create(token=(taken := uuid.uuid4()), user=worker, at=MONDAY)

    def save_it_again():
        Submission.objects.create(token=taken, user=worker, at=MONDAY)
        return "/done/"

    with pytest.raises(NotPossible, match="a moment ago"):
        once(uuid.uuid4(), by=worker, now=MONDAY, deed=save_it_again)
    assert Submission.objects.count() == 1


def test_a_sending_that_failed_may_be_sent_again(worker):
    token = uuid.uuid4()

    def fails():
        raise ValidationError("No.")

    with pytest.raises(ValidationError):
        once(token, by=worker, now=MONDAY, deed=fails)

    assert not Submission.objects.exists()
    assert once(token, by=worker, now=MONDAY, deed=lambda: "/done/") == "/done/"


def test_an_edit_against_an_old_version_is_refused_and_shows_what_is_there(worker):
    family = FamilyFactory(name="Old")
    edit(family, by=worker, now=MONDAY, version=1, name="Theirs")

    with pytest.raises(Stale) as problem:
        edit(family, by=worker, now=MONDAY, version=1, name="Mine")

    assert problem.value.row.name == "Theirs"
    assert Family.objects.get(pk=family.pk).name == "Theirs"


def test_a_draft_comes_back_only_to_the_person_who_typed_it(worker, stranger):
    Draft.objects.keep(
        worker,
        "/cases/1/",
        {"reason": ["They were frightened"], "csrfmiddlewaretoken": ["x"], "token": ["y"]},
        now=MONDAY,
    )

    assert Draft.objects.take(worker, "/cases/1/") == {"reason": ["They were frightened"]}
    assert Draft.objects.take(stranger, "/cases/1/") is None
    assert b"frightened" not in bytes(Draft.objects.get().sealed)


def test_a_draft_moved_to_another_persons_row_does_not_open(worker, stranger):
    Draft.objects.keep(worker, "/cases/1/", {"reason": ["secret"]}, now=MONDAY)
    Draft.objects.update(user=stranger)

    assert Draft.objects.take(stranger, "/cases/1/") is None
