"""Who has seen a family, and how they come to it: for whoever answers for it, and for the governance lead (promise P5)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from earlyhelp.audit.models import Access
from earlyhelp.cases.models import Case
from earlyhelp.cases.services import join_team
from earlyhelp.families import reads
from earlyhelp.families.models import Family
from earlyhelp.partnership.enums import Role
from tests.factories import MONDAY, PostFactory


def looks(client, user, *urls):
    client.force_login(user)
    for url in urls:
        assert client.get(url).status_code == 200


def seen(client, reader, family):
    client.force_login(reader)
    return client.get(reverse("families:seen", args=[family.reference]))


def words(response):
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))


@pytest.fixture
def member(led_case, worker, practitioner):
    join_team(led_case, role="member", user=practitioner, by=worker, now=MONDAY)
    return practitioner


def test_the_lead_reads_who_has_looked_at_the_family_its_people_and_its_case(client, grants, led_case, worker, member):
    looks(client, member, grants.dana.get_absolute_url(), led_case.get_absolute_url())

    page = words(seen(client, worker, grants))

    assert str(member) in page
    assert "Its people, its case" in page
    assert "Is or was on its team" in page
    assert "2 pages" in page


def test_somebody_of_whom_no_link_is_known_stands_out(client, grants, worker, stranger):
    Access.objects.create(
        at=timezone.now(), actor=stranger, subject="families.person", subject_id=grants.dana.pk, page="/", request_id=ID
    )

    (reader,) = [each for each in read(grants) if each.who == stranger]

    assert reader.stands_out
    assert "No link to the family is known" in words(seen(client, worker, grants))


ID = "11111111-1111-4111-8111-111111111111"


def read(family):
    rows = reads.reads_of(family, since=timezone.now() - timedelta(days=1))
    return reads.told(family, rows)


def test_a_service_that_came_by_a_link_is_told_as_such_and_with_its_purpose(grants):
    facts = {"subject": "families.person", "subject_id": grants.dana.pk, "page": "by link", "request_id": ID}
    Access.objects.create(at=timezone.now(), purpose="link 7 of Age UK", **facts)

    (reader,) = read(grants)

    assert (reader.who, reader.link, reader.purposes) == (None, "By a link, without an account", ["link 7 of Age UK"])
    assert not reader.stands_out


def test_that_somebody_read_the_log_is_in_the_log(client, grants, worker):
    seen(client, worker, grants)

    assert "Who has seen this family" in words(seen(client, worker, grants))


@pytest.mark.parametrize("who", ["member", "coordinator", "chair", "manager", "service_manager", "stranger"])
def test_it_is_for_nobody_else(request, client, grants, who):
    assert seen(client, request.getfixturevalue(who), grants).status_code == 404


def test_the_governance_lead_reads_it_by_its_reference_and_nothing_of_the_family(
    client, grants, ig_lead, worker, led_case
):
    Case.objects.update(restricted=True)
    Family.objects.filter(pk=grants.pk).update(restricted=True)
    looks(client, worker, grants.dana.get_absolute_url())
    client.force_login(ig_lead)

    sent_on = client.get(reverse("families:looked"), {"reference": grants.reference.lower()})
    page = client.get(sent_on.url)

    assert str(worker) in words(page)
    for word in ("Grant", "Dana", "Robin"):
        assert word not in page.content.decode()


def test_of_another_place_and_of_a_family_that_is_not_there_the_answer_is_one(client, strangers_family, melton):
    lead = PostFactory(role=Role.IG_LEAD, area=melton).user
    client.force_login(lead)

    answers = [
        client.get(reverse("families:looked"), {"reference": each}) for each in (strangers_family.reference, "FAM-9")
    ]

    assert ["There is no such family in your area" in words(answer) for answer in answers] == [True, True]
    assert seen(client, lead, strangers_family).status_code == 404


def test_nobody_else_has_the_page_on_which_a_reference_is_given(client, worker):
    client.force_login(worker)

    assert client.get(reverse("families:looked")).status_code == 403


def test_twenty_readers_take_as_many_queries_as_one(client, grants, worker, django_assert_max_num_queries):
    def read_by(user):
        facts = {"subject": "families.family", "subject_id": grants.pk, "page": "/", "request_id": ID}
        Access.objects.create(at=timezone.now(), actor=user, **facts)

    seen(client, worker, grants)
    for _ in range(20):
        read_by(PostFactory(role=Role.PRACTITIONER, area=grants.area).user)

    with django_assert_max_num_queries(9):
        page = client.get(reverse("families:seen", args=[grants.reference]))
    assert words(page).count("No link to the family") == 20
