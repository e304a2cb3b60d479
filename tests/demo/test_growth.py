"""A grown county: believable, the same for the same seed, and no stranger to the product's own rules."""

from datetime import UTC, datetime

import pytest

from earlyhelp.cases.enums import LIVE
from earlyhelp.cases.models import Case, CaseDeadline
from earlyhelp.cases.services import await_decision
from earlyhelp.demo.bulk import grow
from earlyhelp.demo.bulk.crowd import gather
from earlyhelp.demo.staff import DISTRICTS
from earlyhelp.families.models import Family, Person, valid_nhs_number
from earlyhelp.families.services import create_family
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Area, User
from earlyhelp.sharing.enums import NO, Whom
from earlyhelp.sharing.models import Permission
from referrals.models import Referral
from tests.factories import AreaFactory, PostFactory

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
CASES = 300


@pytest.fixture
def places(db):
    county = AreaFactory(name="Example County", kind="authority")
    PostFactory(role=Role.EH_ACCESS, area=county)
    for name in DISTRICTS:
        PostFactory(role=Role.HUB_CHAIR, area=AreaFactory(name=name, parent=county))
    return county


@pytest.fixture
def grown(places):
    grow(CASES, seed=1, now=NOW, say=lambda text: None)


def test_it_has_as_many_cases_as_asked_for_and_about_one_in_twelve_is_live(grown):
    assert CASES <= Case.objects.count() <= CASES + 1
    assert 0.04 < Case.objects.filter(status__in=LIVE).count() / CASES < 0.14


def test_most_families_said_whom_they_want_told_and_some_left_one_kind_of_agency_out(grown):
    families = Family.objects.count()
    asked = Permission.objects.filter(whom=Whom.TEAM)
    assert 0.7 < asked.count() / families < 1
    assert asked.exclude(wish__in=NO).count() > asked.filter(wish__in=NO).count() > 0
    assert 0 < Permission.objects.filter(whom=Whom.KIND, wish__in=NO).count() < families / 4


def test_every_record_is_one_that_the_product_itself_would_accept(grown):
    for model in (Case, Family, Person, Permission, Referral, CaseDeadline):
        for row in model.objects.all()[:60]:
            row.full_clean()


def test_the_same_seed_grows_the_same_county(places):
    grow(60, seed=7, now=NOW, say=lambda text: None)
    first = list(Case.objects.order_by("pk").values_list("status", "tier", "accepted_at", "family__name"))
    grow(60, seed=7, now=NOW, say=lambda text: None)
    again = list(Case.objects.order_by("pk").values_list("status", "tier", "accepted_at", "family__name"))[len(first) :]

    assert first == again


def test_no_history_is_invented(grown):
    for model in (Case, Person):
        assert not model.objects.filter(history__isnull=False).exists()


def test_new_records_go_on_after_the_grown_ones(grown, places):
    worker = User.objects.filter(takes_cases=True)[0]
    family = create_family(name="Newcomer", area=places, by=worker, now=NOW)
    case = await_decision(
        family, area=places, by=worker, now=NOW, level_of_need=3, proposed_tier=2, request="x", urgent=False
    )

    assert Family.objects.filter(reference=family.reference).count() == 1
    assert Case.objects.filter(reference=case.reference).count() == 1
    assert Case.objects.filter(pk=case.pk, history__isnull=False).exists()


def test_every_live_case_whose_review_is_set_has_its_promise(grown):
    for case in Case.objects.filter(next_review_on__isnull=False):
        assert case.deadlines.open().get(code="D_REVIEW").due_at.date() == case.next_review_on


def test_nhs_numbers_are_of_the_test_range_and_valid(grown):
    for number in Person.objects.exclude(nhs_number="").values_list("nhs_number", flat=True):
        valid_nhs_number(number)
        assert number.startswith("999")


def test_a_crowd_is_gathered_once_and_goes_on_from_where_it_stopped(db):
    said = []
    gather(40, now=NOW, say=said.append)
    there, lines = Person.objects.count(), len(said)
    gather(30, now=NOW, say=said.append)
    assert 40 <= there == Person.objects.count()
    assert len(said) == lines == 1

    gather(90, now=NOW, say=said.append)
    assert Person.objects.count() >= 90
    assert not Person.objects.filter(memberships=None).exists()
    assert create_family(name="Next", area=Area.objects.get(name="Melton"), by=User.objects.get(), now=NOW).pk
