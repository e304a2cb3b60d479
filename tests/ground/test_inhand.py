"""A rule asked of a row in hand: what it may be asked, and that not knowing satisfies nothing but «not»."""

from datetime import date

import pytest
from django.db.models import Exists, OuterRef, Q

from earlyhelp.cases.models import Case, TeamMember
from earlyhelp.core.inhand import holds, needs
from earlyhelp.families.models import FamilyMembership
from hubs.models import AgendaItem
from tests.factories import CaseFactory

RULES = [
    Q(tier=2),
    Q(tier__in=[2, 3], restricted=False),
    Q(tier__gte=3) | Q(urgent=True),
    Q(lead=None),
    Q(lead__isnull=False),
    ~Q(lead=None),
    ~Q(lead__in=[1, 2]),
    ~(Q(tier=2) & Q(restricted=False)),
    Q(pk__in=()),
    ~Q(pk__in=()),
    Q(),
    ~Q(),
    Q(family__restricted=False),
    Q(lead__is_active=True),
    ~Q(lead__is_active=True),
    Q(lead__team=None),
    Q(tier__lt=3),
    Q(opened_on__lte=date(2026, 4, 1)) & Q(tier__gt=1),
    ~Q(opened_on__gt=date(2026, 4, 1)),
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_hand_answers_as_the_database_does(rule, worker, melton):
    cases = [CaseFactory.led_by(worker, area=melton, tier=2), CaseFactory(area=melton, tier=3, urgent=True)]
    cases.append(CaseFactory(area=melton, tier=None, restricted=True))
    asked = set(Case.objects.filter(rule).values_list("pk", flat=True))

    paths = needs(Case, rule)
    rows = Case.objects.select_related(*paths) if paths else Case.objects.all()

    assert {row.pk for row in rows if holds(rule, row)} == asked
    assert len(rows) == len(cases)


@pytest.mark.parametrize(
    "rule",
    [
        Q(Exists(FamilyMembership.objects.filter(family=OuterRef("family")))),
        Q(family__in=FamilyMembership.objects.values("family")),
        Q(team__user=1),
        Q(reference__startswith="EH"),
        Q(tier=1) ^ Q(tier=2),
        Q(tier=2) | Q(closure_summary__icontains="x"),
    ],
    ids=["exists", "subquery", "backwards", "text", "xor", "within"],
)
def test_what_only_the_database_can_tell_is_left_to_it(rule):
    assert needs(Case, rule) is None


def test_a_rule_through_the_owner_asks_for_the_owner_and_what_the_owner_needs(worker, chair, led_case):
    rule = TeamMember.objects.get_queryset().rules["decide"](TeamMember.objects, chair)
    deeper = AgendaItem.objects.get_queryset().rules["decide"](AgendaItem.objects, chair)

    assert needs(TeamMember, rule) == {"case"}
    assert needs(AgendaItem, deeper) == {"hub", "case"}
    assert [member.may_decide for member in TeamMember.objects.with_rights(chair, "decide")] == [True]
    assert [member.may_decide for member in TeamMember.objects.with_rights(worker, "decide")] == [False]


def test_judging_a_list_in_hand_costs_no_query_beside_the_list(worker, melton, django_assert_num_queries):
    for _ in range(5):
        CaseFactory.led_by(worker, area=melton)
    worker.scope  # noqa: B018

    with django_assert_num_queries(1):
        rights = [(row.may_view, row.may_lead) for row in TeamMember.objects.with_rights(worker, "view", "lead")]

    assert rights == [(True, True)] * 5
