"""Reads that want a look are found each night and brought to the governance lead, who says what they were (promise P5)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from earlyhelp.audit.models import Access, Event
from earlyhelp.cases.services import join_team
from earlyhelp.families import transitions as deeds
from earlyhelp.families.models import OddRead
from earlyhelp.families.sweep import find_odd_reads
from earlyhelp.families.todo import odd_reads
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import User
from earlyhelp.workflow.transitions import NotPossible
from tests.factories import MONDAY, PostFactory, UserFactory
from tests.lac.factories import IntroductionFactory
from tests.referrals.factories import got_in_touch

ID = "22222222-2222-4222-8222-222222222222"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def yesterday(now):
    return now - timedelta(days=1)


def read(user, row, at, page="/families/people/1/"):
    facts = {"subject": row._meta.label_lower, "subject_id": row.pk, "page": page, "request_id": ID}
    return Access.objects.create(actor=user, at=at, **facts)


def found():
    return {(odd.reader, odd.family, tuple(odd.reasons)) for odd in OddRead.objects.select_related("reader", "family")}


@pytest.fixture
def curious(grants, stranger, ig_lead, now, yesterday):
    """Somebody whom no work links to the Grants has read Dana's page."""
    read(stranger, grants.dana, yesterday)
    find_odd_reads(now=now)
    return OddRead.objects.get()


def test_who_has_no_link_to_a_family_is_brought_to_the_governance_lead_without_a_name(
    curious, grants, stranger, ig_lead
):
    assert found() == {(stranger, grants, ("no_link",))}
    notice = Notice.objects.get(to=ig_lead)
    for word in ("Grant", "Dana", stranger.last_name, grants.reference):
        assert word not in notice.title + notice.reference + notice.url
    assert [line.text for line in odd_reads(ig_lead, MONDAY)] == ["Say what somebody’s reads of a family were"]


def test_what_is_read_by_those_who_work_with_them_is_not_odd(
    grants, led_case, worker, practitioner, ig_lead, now, yesterday
):
    join_team(led_case, role="member", user=practitioner, by=worker, now=MONDAY)
    for user in (worker, practitioner, ig_lead):
        read(user, grants.dana, yesterday)
        read(user, led_case, yesterday, page="/cases/1/")

    assert find_odd_reads(now=now) == 0


def test_nor_is_what_a_coordinator_reads_whom_they_were_introduced_to_or_who_answered_a_contact(
    grants, melton, practitioner, county, now, yesterday
):
    dele = PostFactory(role=Role.LAC_COORDINATOR, area=melton).user
    tess = PostFactory(role=Role.LAC_LEAD, area=county).user
    IntroductionFactory(area=melton, person=grants.dana, introduced_by=practitioner)
    ruth = PostFactory(role=Role.FIRST_CONTACT_ADVISER, area=county).user
    got_in_touch(by=ruth, area=melton, family=grants)
    for user in (dele, tess, ruth):
        read(user, grants.dana, yesterday)

    assert find_odd_reads(now=now) == 0


@pytest.mark.parametrize(
    ("first", "last", "reason"), [("Dana", "grant", "own_name"), ("Somebody", "GRANT", "same_surname")]
)
def test_a_name_of_the_family_is_odd_also_in_whoever_works_with_them(
    grants, led_case, worker, now, yesterday, first, last, reason
):
    User.objects.filter(pk=worker.pk).update(first_name=first, last_name=last)
    read(worker, led_case, yesterday, page="/cases/1/")

    find_odd_reads(now=now)

    assert found() == {(worker, grants, (reason,))}


@pytest.mark.parametrize("page", ["/families/search/", "/referrals/triage/R-2026-000001/matches/"])
def test_whoever_is_only_shown_that_somebody_may_be_meant_has_not_looked(grants, stranger, now, yesterday, page):
    read(stranger, grants.dana, yesterday, page=page)

    assert find_odd_reads(now=now) == 0


def test_each_day_is_brought_once_and_a_night_that_was_missed_is_made_up_for(grants, stranger, ig_lead, now):
    for days in (1, 2, 3, 4, 0):
        read(stranger, grants, now - timedelta(days=days))

    assert find_odd_reads(now=now) == 3  # of four days ago it is too late, and today is not over
    assert find_odd_reads(now=now) == 0
    assert Notice.objects.filter(to=ig_lead).count() == 3


def test_what_was_explained_is_not_brought_again_and_what_is_taken_further_is(grants, curious, stranger, ig_lead, now):
    deeds.explain(curious, by=ig_lead, now=now, note="She covered for a colleague.")
    read(stranger, grants, now)
    assert find_odd_reads(now=now + timedelta(days=1)) == 0

    OddRead.objects.update(status="worrying")
    assert find_odd_reads(now=now + timedelta(days=1)) == 1


def test_an_explanation_does_not_cover_another_reason(grants, curious, stranger, ig_lead, now):
    deeds.explain(curious, by=ig_lead, now=now, note="She covered for a colleague.")
    User.objects.filter(pk=stranger.pk).update(last_name="Grant")
    read(stranger, grants, now)

    find_odd_reads(now=now + timedelta(days=1))

    assert OddRead.objects.open().get().reasons == ["same_surname"]


def test_it_is_said_once_by_whoever_may_and_kept_in_the_trail(curious, ig_lead, manager, now):
    with pytest.raises(PermissionDenied):
        deeds.explain(curious, by=manager, now=now, note="Fine.")
    deeds.take_further(curious, by=ig_lead, now=now, note="I asked her manager.")
    with pytest.raises(NotPossible):
        deeds.explain(curious, by=ig_lead, now=now, note="No.")

    assert Event.objects.get(kind="families.oddread.take_further").reason == "I asked her manager."


def test_nobody_weighs_what_they_read_themselves(grants, county, ig_lead, now, yesterday):
    User.objects.filter(pk=ig_lead.pk).update(last_name="Grant")
    read(ig_lead, grants, yesterday)
    find_odd_reads(now=now)
    other = PostFactory(role=Role.IG_LEAD, area=county, user=UserFactory()).user

    assert not OddRead.objects.for_user(ig_lead).exists()
    assert OddRead.objects.for_user(other).exists()


def test_the_governance_lead_says_it_on_a_page_that_names_nobody_of_the_family(client, curious, ig_lead):
    client.force_login(ig_lead)
    page = client.get(reverse("families:looked")).content.decode()
    url = reverse("families:look", args=[curious.pk, "explain"])
    assert url in page
    assert "Grant" not in page

    assert client.post(url, {"note": ""}).status_code == 422
    assert client.post(url, {"note": "She covered for a colleague."}, follow=True).status_code == 200

    curious.refresh_from_db()
    assert (curious.status, curious.looked_by) == ("explained", ig_lead)


@pytest.mark.parametrize("who", ["worker", "manager", "stranger"])
def test_to_everybody_else_there_is_no_such_page(request, client, curious, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("families:look", args=[curious.pk, "explain"])).status_code == 404
    assert client.post(reverse("families:look", args=[curious.pk, "explain"]), {"note": "x"}).status_code == 404


def test_the_list_takes_as_many_queries_for_twenty_as_for_one(
    client, grants, curious, ig_lead, django_assert_max_num_queries
):
    client.force_login(ig_lead)
    url = reverse("families:looked")
    client.get(url)
    more = [
        OddRead(family=grants, reader=UserFactory(), on="2026-01-01", reasons=["no_link"], found_at=MONDAY)
        for _ in range(20)
    ]
    OddRead.objects.bulk_create(more)

    with django_assert_max_num_queries(5):
        assert client.get(url).content.decode().count("No link to the family is known") == 21
