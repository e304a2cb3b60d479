"""P10 and P11: two chairs never allocate one case twice, no edit overwrites another, a double click makes one record."""

import uuid
from datetime import timedelta

import pytest

from earlyhelp.audit.models import Event
from earlyhelp.cases.models import Allocation, CaseDeadline, TierChange
from earlyhelp.families.models import Family
from earlyhelp.families.services import create_family
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import User
from earlyhelp.workflow.services import edit, once
from earlyhelp.workflow.transitions import NotPossible, Stale
from hubs.enums import DecisionKind
from hubs.models import AgendaItem, HubDecision
from hubs.transitions import decide
from tests.factories import MONDAY, CaseFactory, FamilyFactory, PostFactory
from tests.hubs.factories import MEETS_AT, HubFactory, ItemFactory, MeetingFactory, SeatFactory
from tests.races import together

RACES, EDITS, SENDINGS = 1_000, 600, 500
NOW = MEETS_AT + timedelta(minutes=20)


@pytest.mark.promise("P10")
@pytest.mark.django_db(transaction=True)
def test_a_thousand_races_of_two_chairs_have_one_winner_each(melton, chair, worker, other_worker, proof):
    """The chair and a deputy decide on the same family of a meeting in session, each for another worker."""
    deputy = PostFactory(role=Role.HUB_CHAIR, area=melton).user
    meeting = in_session(melton, chair, deputy)
    winners = losers_told = 0
    for _ in range(RACES):
        item = ItemFactory(meeting=meeting, case=CaseFactory(area=melton))
        outcomes = together(*(deciding(item, by, to) for by, to in ((chair, worker), (deputy, other_worker))))
        won = [by for by, outcome in zip((chair, deputy), outcomes, strict=True) if isinstance(outcome, AgendaItem)]
        refused = [outcome for outcome in outcomes if isinstance(outcome, NotPossible)]
        winners += len(won)
        losers_told += len(won) == len(refused) == 1 and str(won[0]) in str(refused[0])
    doubled = sum(abs(each - RACES) for each in written())
    proof.line(
        f"{RACES:,} races of two chairs",
        f"{winners:,} winners, {losers_told:,} losers told who won, {doubled} doubled",
        kept=(winners, losers_told, doubled) == (RACES, RACES, 0),
    )


def in_session(area, chair, deputy):
    hub = HubFactory(area=area)
    members = [SeatFactory(hub=hub).user for _ in range(3)]
    return MeetingFactory.in_session(hub=hub, chair=chair, present=[deputy, *members])


def deciding(item, by, worker):
    facts = {"kind": DecisionKind.ALLOCATE, "tier": 2, "worker": worker, "rationale": "-", "over_limit_reason": "-"}
    facts |= {"preference": "asked", "preference_note": "-"}
    return lambda: decide(AgendaItem.objects.get(pk=item.pk), by=User.objects.get(pk=by.pk), now=NOW, **facts)


def written():
    """What one decision leaves behind once: itself, the offer, the tier, their lines in the trail, and the worker's notice."""
    trail = Event.objects.filter(kind__in=("hubs.agendaitem.decide", "cases.case.allocate"))
    yield HubDecision.objects.count()
    yield HubDecision.objects.values("case").distinct().count()
    yield Allocation.objects.count()
    yield Allocation.objects.values("case").distinct().count()
    yield TierChange.objects.count()
    yield trail.filter(kind="hubs.agendaitem.decide").count()
    yield trail.filter(kind="cases.case.allocate").count()
    yield Notice.objects.filter(key__startswith="allocation:").count()
    yield CaseDeadline.objects.open().filter(code="D_ACCEPT").count()


@pytest.mark.promise("P10")
@pytest.mark.django_db(transaction=True)
def test_six_hundred_concurrent_edits_lose_no_text_silently(melton, worker, proof):
    family = FamilyFactory(area=melton)
    saved = shown = 0
    for _ in range(EDITS // 2):
        version = Family.objects.get(pk=family.pk).version
        outcomes = together(*(editing(family, version, worker, name) for name in ("Mine", "Theirs")))
        saved += sum(isinstance(outcome, Family) for outcome in outcomes)
        shown += sum(isinstance(outcome, Stale) and outcome.row.name in ("Mine", "Theirs") for outcome in outcomes)
    proof.line(
        f"{EDITS} concurrent edits",
        f"{saved} saved, {shown} shown both texts, {EDITS - saved - shown} lost",
        kept=saved == shown == EDITS // 2,
    )


def editing(family, version, by, name):
    return lambda: edit(family, by=by, now=MONDAY, version=version, name=name)


@pytest.mark.promise("P11")
@pytest.mark.django_db(transaction=True)
def test_five_hundred_double_submits_make_five_hundred_records(melton, worker, proof):
    before, answers_differ = Family.objects.count(), 0
    for n in range(SENDINGS):
        token = uuid.uuid4()
        outcomes = together(*[sending(token, f"Invented{n}", melton, worker)] * 2)
        answers_differ += len({str(outcome) for outcome in outcomes}) != 1
    made = Family.objects.count() - before
    proof.line(
        f"{SENDINGS} double submits",
        f"{made} records, {answers_differ} differing answers",
        kept=(made, answers_differ) == (SENDINGS, 0),
    )


def sending(token, name, area, by):
    def deed():
        return create_family(name=name, area=area, by=by, now=MONDAY).get_absolute_url()

    return lambda: once(token, by=by, now=MONDAY, deed=deed)
