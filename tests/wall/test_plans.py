"""The wall takes no index from a list or a search."""

import json
import re

import pytest
from django.db import connection

from earlyhelp.cases.models import Case
from earlyhelp.families.candidates import SEARCH
from earlyhelp.families.models import Address, SignificantEvent
from earlyhelp.families.queries import sought
from earlyhelp.wall.sql import lifted
from referrals.models import Referral
from tests.factories import CaseFactory
from tests.wall.asking import asked_by

SOUGHT = sought("Gwen", "Harlow", None, "LE1 1AA", 20)


def caseload(user):
    return Case.objects.for_user(user).live().by_next_review().select_related("family")[:25]


def by_reference(user):
    return Case.objects.for_user(user).filter(reference="EH-2026-000001")


def of_an_area(user):
    return Case.objects.filter(area=user.scope.areas("hub_chair")[0], status="awaiting_decision").order_by(
        "accepted_at"
    )


def queue(user):
    return Referral.objects.for_user(user, "triage").filter(status="submitted")


def events(user):
    return SignificantEvent.objects.filter(family=1).order_by("-happened_on", "-pk")


def homes(user):
    return Address.objects.filter(person=1, until_on=None)


def indexes(statement):
    """Which indexes serve it, where the database would rather read no table from end to end."""
    sql, params = statement
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = json.dumps(cursor.fetchone()[0])
    return set(re.findall(r'"Index Name": "(\w+)"', plan))


@pytest.fixture
def statements(chair, access_worker, melton):
    CaseFactory(area=melton)
    asked = [make(chair).query.sql_with_params() for make in (caseload, by_reference, of_an_area, events, homes)]
    return [*asked, queue(access_worker).query.sql_with_params(), (SEARCH, SOUGHT)]


def test_every_index_that_serves_without_the_wall_serves_with_it(statements, chair):
    with asked_by(chair):
        behind = [indexes(statement) for statement in statements]
        with lifted():
            before = [indexes(statement) for statement in statements]

    assert all(names for names in before)
    assert [names - still for names, still in zip(before, behind, strict=True)] == [set()] * len(before)
