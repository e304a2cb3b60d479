from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from earlyhelp.audit.models import Event
from earlyhelp.deadlines.services import promise
from earlyhelp.workflow.transitions import REGISTRY, NotPossible
from lac.enums import Status
from lac.models import Introduction
from lac.transitions import (
    begin_conversation,
    come_back,
    level_1,
    level_2,
    make_contact,
    move_on,
    not_now,
    unable_to_contact,
)
from tests.factories import MONDAY
from tests.lac.factories import IntroductionFactory
from tests.races import together

LATER = MONDAY + timedelta(days=2)
WAYS = [
    (make_contact, "received", "contacted", {"how": "Rang."}),
    (make_contact, "unable_to_contact", "contacted", {"how": "She rang."}),
    (begin_conversation, "received", "in_conversation", {}),
    (begin_conversation, "contacted", "in_conversation", {}),
    (level_1, "in_conversation", "level_1", {"reason": "A bus timetable was enough."}),
    (level_1, "level_2", "level_1", {"reason": "Stands on his own feet."}),
    (level_2, "in_conversation", "level_2", {"reason": "Would like company for a while."}),
    (level_2, "level_1", "level_2", {"reason": "Asked for more."}),
    (not_now, "received", "not_now", {"reason": "After the move."}),
    (not_now, "in_conversation", "not_now", {"reason": "After the move."}),
    (unable_to_contact, "contacted", "unable_to_contact", {"reason": "Three calls, two visits."}),
    (move_on, "level_2", "moved_on", {"reason": "Doing well."}),
    (come_back, "moved_on", "in_conversation", {"reason": "Lonely again."}),
    (come_back, "not_now", "in_conversation", {"reason": "Ready."}),
    (come_back, "unable_to_contact", "in_conversation", {"reason": "Came to the library."}),
]


def at(status, area, **fields):
    return IntroductionFactory(status=status, area=area, **fields)


@pytest.mark.parametrize(("way", "was", "becomes", "facts"), WAYS)
def test_the_coordinator_of_the_area_goes_each_way(way, was, becomes, facts, dele, melton):
    introduction = way(at(was, melton, coordinator=dele), by=dele, now=LATER, **facts)

    assert introduction.status == becomes
    assert introduction.since_on == LATER.date()
    event = Event.objects.get()
    assert (event.was, event.became, event.actor) == (was, becomes, dele)
    assert event.reason == next(iter(facts.values()), "")


@pytest.mark.parametrize(("way", "was", "becomes", "facts"), WAYS)
def test_nobody_else_goes_any_way(way, was, becomes, facts, dele, priya, chair, worker, practitioner, melton):
    introduction = at(was, melton, coordinator=dele, introduced_by=practitioner)
    for user in (priya, chair, worker, practitioner):
        with pytest.raises(PermissionDenied):
            way(introduction, by=user, now=LATER, **facts)

    introduction.refresh_from_db()
    assert introduction.status == was
    assert not Event.objects.exists()


@pytest.mark.parametrize("way", REGISTRY[Introduction].values(), ids=lambda way: way.name)
def test_no_way_leads_from_anywhere_else(way, dele, melton):
    facts = (
        {}
        if way.name == "begin_conversation"
        else {"how": "Rang."}
        if way.name == "make_contact"
        else {"reason": "So."}
    )
    for status in set(Status.values) - way.sources:
        introduction = at(status, melton, coordinator=dele)
        with pytest.raises(NotPossible):
            way(introduction, by=dele, now=LATER, **facts)
    assert not Event.objects.exists()


def test_the_lead_sees_all_and_may_act_for_a_coordinator(gwen, lac_lead):
    assert make_contact(gwen, by=lac_lead, now=LATER, how="Rang.").status == Status.CONTACTED


def test_whoever_meets_a_person_first_is_their_coordinator_and_stays_it(gwen, dele, lac_lead):
    assert make_contact(gwen, by=dele, now=LATER, how="Rang.").coordinator == dele
    assert begin_conversation(gwen, by=lac_lead, now=LATER).coordinator == dele


@pytest.mark.parametrize(
    ("way", "facts"), [(make_contact, {"how": "Rang."}), (begin_conversation, {}), (not_now, {"reason": "Later."})]
)
def test_hearing_from_a_coordinator_keeps_the_promise_of_a_first_contact(gwen, dele, way, facts):
    promise(gwen, "D_LAC_CONTACT", now=MONDAY, holder=dele)
    way(gwen, by=dele, now=LATER, **facts)

    assert gwen.deadlines.get().met_at == LATER


def test_somebody_who_could_not_be_reached_is_no_promise_kept(gwen, dele):
    promise(gwen, "D_LAC_CONTACT", now=MONDAY, holder=dele)
    unable_to_contact(gwen, by=dele, now=LATER, reason="Three calls.")

    deadline = gwen.deadlines.get()
    assert (deadline.met_at, deadline.void_at) == (None, LATER)


def test_nobody_comes_back_twice_where_another_introduction_is_present(gwen, dele, melton):
    before = at("moved_on", melton, person=gwen.person, coordinator=dele)
    with pytest.raises(NotPossible):
        come_back(before, by=dele, now=LATER, reason="Back.")

    before.refresh_from_db()
    assert before.status == Status.MOVED_ON


def test_nobody_is_alongside_without_a_coordinator(gwen):
    with pytest.raises(IntegrityError), transaction.atomic():
        Introduction.objects.filter(pk=gwen.pk).update(status=Status.LEVEL_2, coordinator=None)


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts_and_the_other_is_told(gwen, dele):
    first, second = together(
        lambda: make_contact(gwen, by=dele, now=LATER, how="Rang."),
        lambda: unable_to_contact(gwen, by=dele, now=LATER, reason="No answer."),
    )
    gwen.refresh_from_db()
    done = Event.objects.filter(subject="lac.introduction").count()
    refused = sum(isinstance(answer, NotPossible) for answer in (first, second))
    assert (done, gwen.version) == (
        2 - refused,
        3 - refused,
    )  # both only where the second was still possible after the first
