"""Any walk through a case's life keeps what was promised of it (promises F): Hypothesis chooses the way."""

import os
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from earlyhelp.audit.models import Event
from earlyhelp.cases.enums import LEADING, LED, LIVE, OVER, Status
from earlyhelp.cases.models import Case
from earlyhelp.cases.offers import offer
from earlyhelp.cases.services import await_decision
from earlyhelp.core.calendar import LONDON
from earlyhelp.deadlines import sweep
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.models import User
from earlyhelp.workflow.transitions import NotPossible
from tests.cases.journeys import ASKED, TABLE
from tests.factories import MONDAY, FamilyFactory

WALKS = int(os.environ.get("WALKS", "12"))  # more of them: WALKS=500 make test ARGS="-k walk"
STEPS = st.lists(st.tuples(st.sampled_from(TABLE), st.integers(0, 40)), min_size=3, max_size=20)


@pytest.fixture
def people(worker, other_worker, chair, stranger, manager):
    return {"worker": worker, "other_worker": other_worker, "chair": chair, "stranger": stranger, "manager": manager}


@contextmanager
def rolled_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(max_examples=WALKS, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_walk_keeps_every_promise(people, melton, access_worker, steps):
    with rolled_back():
        family = FamilyFactory(area=melton)
        now = MONDAY
        case = await_decision(
            family,
            area=melton,
            by=access_worker,
            now=now,
            level_of_need=3,
            proposed_tier=2,
            request="Help.",
            urgent=False,
        )
        for journey, days in steps:
            now += timedelta(days=days, minutes=1)
            case = step(case, journey, people, now)
            sweep.ring(now=now)
            check(case, now)


def step(case, journey, people, now):
    """Take the step if it may be taken; otherwise nothing at all may have changed."""
    if journey.name == "take_over" and case.status in LED and not _is_asked_or_leads(case, people["other_worker"]):
        offer(case, worker=people["other_worker"], tier=case.tier, by=people["chair"], now=now, **ASKED)
    facts = journey.given(people) | (
        {"met_on": now.astimezone(LONDON).date()} if journey.name == "record_first_contact" else {}
    )
    before = Case.objects.values().get(pk=case.pk)
    for actor in ("worker", "other_worker", "chair"):
        try:
            return journey.move(case, by=User.objects.get(pk=people[actor].pk), now=now, **facts)
        except (NotPossible, PermissionDenied):
            assert Case.objects.values().get(pk=case.pk) == before
    return Case.objects.get(pk=case.pk)


def _is_asked_or_leads(case, worker):
    return case.lead_id == worker.pk or case.allocations.filter(status="offered", worker=worker).exists()


def check(case, now):
    somebody_holds_the_family(case)
    what_is_owed_fits_the_state(case, now)
    history_replays(case)


def somebody_holds_the_family(case):
    assert bool(case.holder) is (case.status in LIVE)
    leads = case.team.current().filter(role__in=LEADING)
    assert leads.count() == (1 if case.status in LED else 0)
    assert case.allocations.filter(status="offered").count() <= 1
    assert case.allocations.filter(status="accepted").count() <= 1


def what_is_owed_fits_the_state(case, now):
    owed = set(case.deadlines.open().values_list("code", flat=True))
    if case.status == Status.SUPPORTED:
        assert case.next_review_on is not None
        assert len(owed & {"D_REVIEW", "D_REVIEW_FIRST"}) == 1
    if case.status in LIVE:
        assert owed, "a live case with nothing owed would be forgotten"
    if case.status in OVER:
        assert owed <= {"D_FOLLOW_UP", "D_FOLLOW_UP_ANSWER"}
    assert not case.deadlines.open().filter(rings_at__lte=now).exists(), "a rung was passed over"
    assert Notice.objects.count() == Notice.objects.values("key", "to").distinct().count()


def history_replays(case):
    trail = list(Event.objects.filter(subject="cases.case", subject_id=case.pk).exclude(became="").order_by("at", "pk"))
    for earlier, later in pairwise(trail):
        assert later.was == earlier.became
    assert trail[-1].became == case.status
    assert case.history.order_by("-pgh_id").first().status == case.status
