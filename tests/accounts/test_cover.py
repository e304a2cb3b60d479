"""A colleague stands in for somebody away: sees and hears what they would, for as long as was said, and nothing restricted."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from earlyhelp.accounts import services
from earlyhelp.accounts.covering import cover, end_cover
from earlyhelp.audit.models import Event
from earlyhelp.cases import transitions
from earlyhelp.cases.models import Case
from earlyhelp.notices.enums import Kind
from earlyhelp.notices.models import Notice
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Cover, User
from earlyhelp.workflow.transitions import NotPossible
from tests.cases.journeys import CLOSURE
from tests.factories import CaseFactory, PostFactory, UserFactory

NOW = timezone.now
TODAY = timezone.localdate


@pytest.fixture
def colleague(worker):
    """Of the worker's agency, and of no team."""
    return UserFactory(agency=worker.agency, username="cleo")


def named(person, colleague, by=None, **facts):
    dates = {"from_on": TODAY(), "until_on": TODAY() + timedelta(days=7)}
    return cover(person, by=by or person, now=NOW(), colleague=colleague, reason="On leave.", **dates | facts)


def sees(person, case):
    return Case.objects.for_user(User.objects.get(pk=person.pk)).filter(pk=case.pk).exists()


def leads(person, case):
    return Case.objects.for_user(User.objects.get(pk=person.pk), "lead").filter(pk=case.pk).exists()


def test_whoever_covers_works_with_the_families_and_not_before_or_after(worker, colleague, led_case):
    assert not sees(colleague, led_case)
    named(worker, colleague, from_on=TODAY() + timedelta(days=1))
    assert not sees(colleague, led_case)

    made = named(worker, colleague)
    assert (sees(colleague, led_case), leads(colleague, led_case)) == (True, True)
    assert sees(worker, led_case)

    end_cover(made, by=worker, now=NOW())
    assert not sees(colleague, led_case)


def test_it_ends_by_itself(worker, colleague, led_case):
    made = named(worker, colleague)
    Cover.objects.filter(pk=made.pk).update(from_on=TODAY() - timedelta(days=9), until_on=TODAY() - timedelta(days=1))

    assert not sees(colleague, led_case)


def test_posts_are_covered_but_those_that_keep_restricted_records_and_accounts(chair, county, melton):
    colleague = UserFactory(agency=chair.agency)
    PostFactory(user=chair, role=Role.IG_LEAD, area=county)
    PostFactory(user=chair, role=Role.SYSTEM_ADMIN, area=county)
    named(chair, colleague)

    scope = User.objects.get(pk=colleague.pk).scope

    assert [post.role for post in scope.posts] == [Role.HUB_CHAIR]
    assert scope.areas(Role.HUB_CHAIR) == [melton.pk]


def test_a_restricted_record_is_never_covered_neither_its_page_nor_its_notices(worker, colleague, melton):
    case = CaseFactory.led_by(worker, area=melton, restricted=True)
    named(worker, colleague)
    Notice.objects.all().delete()

    tell(worker, case)

    assert sees(worker, case)
    assert not sees(colleague, case)
    assert [notice.to for notice in Notice.objects.all()] == [worker]


def tell(person, case):
    facts = {"reference": case.reference, "url": f"/cases/{case}/", "key": "test", "now": NOW()}
    notify([person], kind=Kind.REMINDER, title="A review is due", **facts)


def test_whoever_covers_hears_what_the_person_would(worker, colleague, other_worker, led_case):
    named(worker, colleague)
    Notice.objects.all().delete()

    tell(worker, led_case)

    assert {notice.to for notice in Notice.objects.all()} == {worker, colleague}


def test_what_nobody_says_may_be_heard_is_not(worker, colleague):
    named(worker, colleague)
    Notice.objects.all().delete()

    notify([worker], kind=Kind.NEWS, title="News", reference="R-2026-000001", url="/", key="test", now=NOW())

    assert [notice.to for notice in Notice.objects.all()] == [worker]


def test_it_ends_with_the_agency_and_with_the_account_of_either(admin, worker, colleague, led_case):
    named(worker, colleague)
    services.change(colleague, by=admin, now=NOW(), agency=UserFactory().agency, team=None)
    assert not sees(colleague, led_case)

    User.objects.filter(pk=colleague.pk).update(agency=worker.agency)
    assert sees(colleague, led_case)
    services.suspend(worker, by=admin, now=NOW(), reason="A lost laptop.")
    assert not sees(colleague, led_case)


def test_a_cover_of_a_cover_is_none(worker, colleague, led_case):
    third = UserFactory(agency=worker.agency)
    named(worker, colleague)
    named(colleague, third)

    assert not sees(third, led_case)


def test_only_of_ones_own_agency_never_oneself_and_not_for_ever(worker, colleague):
    for somebody in (UserFactory(), worker, UserFactory(agency=worker.agency, is_active=False)):
        with pytest.raises(NotPossible) as refused:
            named(worker, somebody)
        assert refused.value.field == "colleague"
    with pytest.raises(NotPossible, match="92 days"):
        named(worker, colleague, until_on=TODAY() + timedelta(days=92))
    with pytest.raises(IntegrityError), transaction.atomic():
        Cover.objects.create(
            person=worker,
            colleague=worker,
            from_on=TODAY(),
            until_on=TODAY(),
            reason="-",
            made_by=worker,
            made_at=NOW(),
        )

    assert not Cover.objects.exists()


def test_the_manager_may_name_somebody_and_a_colleague_may_not_name_themselves(client, manager, worker, colleague):
    with pytest.raises(PermissionDenied):
        named(worker, colleague, by=colleague)
    assert not Cover.objects.exists()

    made = named(worker, colleague, by=manager)

    assert {notice.to for notice in Notice.objects.all()} == {worker, colleague}
    assert Event.objects.get(kind="account.cover").actor == manager
    client.force_login(UserFactory())
    assert client.post(f"/cover/{made.pk}/end/").status_code == 404
    assert Cover.objects.get().ended_at is None


def test_it_is_named_and_ended_in_the_pages(client, worker, colleague, led_case):
    client.force_login(worker)
    until = TODAY() + timedelta(days=3)
    typed = {"colleague": colleague.pk, "reason": "On leave"}
    for name, day in (("from_on", TODAY()), ("until_on", until)):
        typed |= {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
    token = client.get("/cover/").context["form"]["token"].value()
    assert client.post("/cover/", typed | {"token": token}).url == "/account/"
    assert "covers for" in client.get("/account/").content.decode()

    client.force_login(colleague)
    assert client.get(f"/cases/{led_case}/").status_code == 200
    client.post(f"/cover/{Cover.objects.get().pk}/end/")

    assert client.get(f"/cases/{led_case}/").status_code == 404


def test_a_colleague_is_found_by_name_among_those_of_ones_own_agency(client, worker, colleague):
    for n in range(60):
        UserFactory(agency=worker.agency, first_name="Una", last_name=f"Aaron{n}")
    UserFactory(first_name="Zadie", last_name="Elsewhere")
    ours = UserFactory(agency=worker.agency, first_name="Zadie", last_name="Zephyr", job_title="Family worker")
    client.force_login(worker)

    page = client.get("/cover/").content.decode()
    assert "The first 50 are shown" in page
    assert "Zephyr" not in page
    page = client.get("/cover/?q=zadie").content.decode()

    assert "Zadie Zephyr, Family worker" in page
    assert "Elsewhere" not in page
    typed = {"colleague": ours.pk, "reason": "On leave", "from_on": f"{TODAY()}", "until_on": f"{TODAY()}"}
    token = client.get("/cover/").context["form"]["token"].value()
    assert client.post("/cover/?q=zadie", typed | {"token": token}).url == "/account/"
    assert Cover.objects.get().colleague == ours


@pytest.mark.parametrize("many", [1, 60])
def test_choosing_takes_as_many_queries_for_one_colleague_as_for_many(
    client, worker, colleague, many, django_assert_max_num_queries
):
    for _ in range(many):
        UserFactory(agency=worker.agency)
    client.force_login(worker)
    client.get("/cover/")
    with django_assert_max_num_queries(5):
        client.get("/cover/")


@pytest.mark.parametrize(("covers", "queries"), [(True, 2), (False, 1)])
def test_the_scope_is_one_query_and_one_more_for_whoever_covers(worker, colleague, led_case, covers, queries):
    if covers:
        named(worker, colleague)
    person = User.objects.get(pk=colleague.pk)
    person.scope  # noqa: B018  (the connection learns the query)
    person.forget_scope()

    with CaptureQueriesContext(connection) as counted:
        assert person.scope.ids("case_team") == ([led_case.pk] if covers else [])

    assert len(counted) == queries


def test_what_was_asked_for_under_cover_its_asker_decides_on_at_no_time(worker, chair, led_case):
    """A chair of the same agency covers, proposes to close, and the cover ends: they ratify nothing of their own."""
    chair.agency = worker.agency
    chair.save()
    made = named(worker, chair)
    Case.objects.filter(pk=led_case.pk).update(status="supported")
    proposed = transitions.propose_closure(led_case, by=User.objects.get(pk=chair.pk), now=NOW(), **CLOSURE)
    end_cover(made, by=worker, now=NOW())

    with pytest.raises(NotPossible, match="asked for this yourself"):
        transitions.ratify_closure(
            proposed, by=User.objects.get(pk=chair.pk), now=NOW(), end_reason="outcomes_met", reason="Agreed."
        )
    proposed.refresh_from_db()
    assert proposed.status == "closing"
