"""P10 and P11: two chairs never allocate one case twice, no edit overwrites another, a double click makes one record."""

import uuid

import pytest

from earlyhelp.cases import transitions
from earlyhelp.cases.models import Allocation
from earlyhelp.families.models import Family
from earlyhelp.families.services import create_family
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import User
from earlyhelp.workflow.services import edit, once
from earlyhelp.workflow.transitions import NotPossible, Stale
from tests.factories import MONDAY, CaseFactory, FamilyFactory, PostFactory
from tests.races import together

RACES, EDITS, SENDINGS = 1_000, 600, 500


@pytest.mark.promise("P10")
@pytest.mark.django_db(transaction=True)
def test_a_thousand_races_of_two_chairs_have_one_winner_each(melton, chair, worker, other_worker, proof):
    second = PostFactory(role=Role.HUB_CHAIR, area=melton).user
    winners = losers_told = 0
    for _ in range(RACES):
        case = CaseFactory(area=melton)
        outcomes = together(*(allocating(case, by, to) for by, to in ((chair, worker), (second, other_worker))))
        winners += sum(not isinstance(outcome, Exception) for outcome in outcomes)
        refused = [outcome for outcome in outcomes if isinstance(outcome, NotPossible)]
        losers_told += any(str(chair) in str(problem) or str(second) in str(problem) for problem in refused)
    doubled = RACES - Allocation.objects.values("case").distinct().count() + Allocation.objects.count() - RACES
    proof.line(
        f"{RACES:,} races of two chairs",
        f"{winners:,} winners, {losers_told:,} losers told who won, {doubled} doubled",
        kept=(winners, losers_told, doubled) == (RACES, RACES, 0),
    )


def allocating(case, chair, worker):
    facts = {"tier": 2, "worker": worker, "reason": "-", "preference": "asked", "preference_note": "-"}
    return lambda: transitions.allocate(case, by=User.objects.get(pk=chair.pk), now=MONDAY, **facts)


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
