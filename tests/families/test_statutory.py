"""What a service with legal duties says of a person is written down as its fact, with the day, and shown where they are."""

import pytest
from django.core.exceptions import ValidationError

from earlyhelp.audit.models import Event
from earlyhelp.cases.models import TeamMember
from earlyhelp.families.models import StatutoryStatus
from earlyhelp.families.services import record_statutory_status
from tests.factories import MONDAY
from tests.families.pages import sent

SAID = {"from_on": MONDAY.date(), "source": "Ana Ray, social care"}


def said(person, status, by, **more):
    return record_statutory_status(person, status=status, by=by, now=MONDAY, **SAID | more)


def test_it_is_written_down_on_the_persons_page_with_who_said_so(grants, worker, signed_in):
    client, url = signed_in(worker), f"/families/people/{grants.robin.pk}/"
    facts = sent(
        status="child_protection", from_on="2026-02-01", source="Ana Ray, social care", social_worker="Ana Ray"
    )
    assert client.post(f"{url}statutory/", facts).url == url

    page = client.get(url).content.decode()
    assert "<strong>Child protection plan</strong>, since 1 February 2026. Social worker: Ana Ray" in page
    assert f"written down by {worker}" in page
    assert Event.objects.get(kind="families.person.statutory_status").actor == worker


def test_a_new_one_follows_and_what_was_said_before_stays(grants, worker, signed_in):
    said(grants.robin, "child_protection", worker, from_on="2026-01-05")
    said(grants.robin, "child_in_need", worker, from_on="2026-02-16")

    page = signed_in(worker).get(f"/families/people/{grants.robin.pk}/").content.decode()
    assert page.index("<strong>Child in need</strong>") < page.index("Before: Child protection plan")


def test_history_keeps_what_was_altered_behind_the_services_back(grants, worker):
    row = said(grants.robin, "child_in_need", worker)
    StatutoryStatus.objects.filter(pk=row.pk).update(status="none")

    assert [each.status for each in row.history.order_by("pgh_id")] == ["child_in_need", "none"]


def test_a_duty_is_shown_beside_the_name_on_the_familys_pages_and_on_every_page_of_the_case(
    grants, led_case, worker, signed_in
):
    client = signed_in(worker)
    said(grants.robin, "child_protection", worker, social_worker="Ana Ray", social_worker_phone="01632 960 004")

    for url in (f"/families/{grants.reference}/", f"/cases/{led_case.reference}/family/"):
        page = client.get(url).content.decode()
        assert "Child protection plan" in page
        assert "Social worker Ana Ray, 01632 960 004" in page
    for section in ("", "team/", "chronology/"):
        assert "Child protection plan" in client.get(f"/cases/{led_case.reference}/{section}").content.decode()


@pytest.mark.parametrize("status", ["none", "unknown"])
def test_that_there_is_no_duty_is_no_badge(grants, worker, signed_in, status):
    said(grants.robin, status, worker)

    assert "govuk-tag" not in signed_in(worker).get(f"/families/{grants.reference}/").content.decode()


def test_nothing_is_kept_without_saying_who_said_so(grants, worker, signed_in):
    url = f"/families/people/{grants.robin.pk}/statutory/"
    assert signed_in(worker).post(url, sent(status="child_in_need", from_on="2026-02-01")).status_code == 422
    with pytest.raises(ValidationError):
        said(grants.robin, "child_in_need", worker, source="")

    assert not StatutoryStatus.objects.exists()


def test_no_answer_is_chosen_for_anybody(grants, worker, signed_in):
    page = signed_in(worker).get(f"/families/people/{grants.robin.pk}/statutory/").content.decode()

    assert " checked" not in page


@pytest.mark.parametrize("who", ["chair", "coordinator", "manager"])
def test_whoever_only_reads_the_family_reads_it_and_writes_none(request, grants, worker, signed_in, who):
    said(grants.robin, "child_in_need", worker)
    client = signed_in(request.getfixturevalue(who))

    assert "Child in need" in client.get(f"/families/people/{grants.robin.pk}/").content.decode()
    assert client.get(f"/families/people/{grants.robin.pk}/statutory/").status_code == 404
    assert client.post(f"/families/people/{grants.robin.pk}/statutory/", sent(status="none")).status_code == 404


@pytest.mark.parametrize("who", ["other_worker", "practitioner", "stranger", "service_manager", "access_worker"])
def test_to_everybody_else_it_is_not_there(request, grants, signed_in, who):
    client = signed_in(request.getfixturevalue(who))

    assert client.get(f"/families/people/{grants.robin.pk}/statutory/").status_code == 404


def test_whoever_has_left_the_team_writes_none(grants, led_case, practitioner, signed_in):
    TeamMember.objects.create(case=led_case, user=practitioner, role="member", from_at=MONDAY, until_at=MONDAY)

    assert signed_in(practitioner).get(f"/families/people/{grants.robin.pk}/statutory/").status_code == 404
