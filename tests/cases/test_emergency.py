"""Break glass: possible, reasoned, limited in time, alarmed, weighed; and not done if it cannot be written (promise P6)."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from earlyhelp.audit.models import Event
from earlyhelp.cases import emergency
from earlyhelp.cases.models import Case, EmergencyAccess
from earlyhelp.cases.todo import emergencies_to_weigh
from earlyhelp.families.models import Family, Person
from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible
from tests.cases.breaking import WAYS, openings
from tests.factories import MONDAY, CaseFactory, MemberFactory

WHY = "The police found a child alone; the lead does not answer."


@pytest.fixture
def on_duty(access_worker):
    """EH Access, on duty in the evening; the case is closed to them, for it is led already."""
    call_command("emergency_access", access_worker.username, stdout=StringIO())
    access_worker.forget_scope()
    return access_worker


def opens(user, reference, now=None):
    return emergency.open_in_emergency(reference, by=user, now=now or timezone.now(), reason=WHY)


def sees(user, case):
    user.forget_scope()
    return Case.objects.for_user(user).filter(pk=case.pk).exists()


@pytest.mark.parametrize("by", ["case", "family"])
def test_one_case_opens_with_its_family_and_nothing_else(led_case, on_duty, worker, melton, by):
    child = MemberFactory(family=led_case.family).person
    other = CaseFactory.led_by(worker, area=melton)
    assert not sees(on_duty, led_case)

    opens(on_duty, (led_case if by == "case" else led_case.family).reference.lower())

    assert sees(on_duty, led_case)
    assert Family.objects.for_user(on_duty).filter(pk=led_case.family_id).exists()
    assert Person.objects.for_user(on_duty).filter(pk=child.pk).exists()
    assert not sees(on_duty, other)
    assert (
        not Case.objects.for_user(on_duty, "lead").filter(pk=led_case.pk).exists()
    )  # to be read, and not to be worked


def test_the_page_of_what_is_closed_says_how_it_opens_and_no_more_than_that_of_what_is_not_there(
    led_case, on_duty, worker, stranger, client
):
    elsewhere = {led_case.reference: "EH-2026-999999", led_case.family.reference: "FAM-999999"}
    client.force_login(on_duty)
    for there, nowhere in elsewhere.items():
        kind = "cases" if there == led_case.reference else "families"
        closed, missing = client.get(f"/{kind}/{there}/"), client.get(f"/{kind}/{nowhere}/")

        assert (closed.status_code, missing.status_code) == (404, 404)
        assert reverse("cases:emergency") in closed.content.decode()
        assert said(closed).replace(there, "-") == said(missing).replace(nowhere, "-")

    client.force_login(stranger)
    assert reverse("cases:emergency") not in client.get(f"/cases/{led_case.reference}/").content.decode()
    client.logout()
    assert client.get(f"/cases/{led_case.reference}/").status_code == 302


def said(response):
    """The page without the seals that each has of its own."""
    return re.sub(r'(value|nonce|data-seconds-left)="[^"]*"', "", response.content.decode())


def test_it_ends_after_a_day_by_itself(led_case, on_duty):
    opens(on_duty, led_case.reference)
    (grant,) = led_case.grants.all()
    assert grant.expires_at == EmergencyAccess.objects.get().opened_at + timedelta(hours=24)

    led_case.grants.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert not sees(on_duty, led_case)


def test_those_who_must_know_hear_at_once_and_without_a_name(led_case, on_duty, worker, manager, ig_lead, stranger):
    opens(on_duty, led_case.reference)

    told = {notice.to: notice for notice in Notice.objects.filter(title="A case was opened in an emergency")}
    assert set(told) == {worker, manager, ig_lead}
    assert all(notice.urgent and notice.kind == "emergency" for notice in told.values())
    assert all(led_case.family.name not in notice.title + notice.reference + notice.url for notice in told.values())
    assert Event.objects.get(kind="cases.case.opened_in_emergency").reason == WHY


def test_whoever_is_told_finds_it_to_weigh(led_case, on_duty, manager, ig_lead):
    opens(on_duty, led_case.reference)

    for reader in (manager, ig_lead):
        assert EmergencyAccess.objects.for_user(reader).count() == 1
        assert len(list(emergencies_to_weigh(reader, MONDAY))) == 1


def test_a_restricted_case_opens_too_and_only_its_lead_and_the_governance_lead_hear(
    led_case, on_duty, worker, manager, ig_lead
):
    Case.objects.update(restricted=True)
    Family.objects.update(restricted=True)

    opens(on_duty, led_case.reference)

    assert sees(on_duty, led_case)
    assert {notice.to for notice in Notice.objects.all()} == {worker, ig_lead}
    assert not EmergencyAccess.objects.for_user(manager).exists()


@pytest.mark.parametrize("who", ["manager", "stranger"])
def test_whoever_was_not_named_for_it_opens_nothing(request, led_case, county, who):
    user = request.getfixturevalue(who)

    with pytest.raises(PermissionDenied):
        opens(user, led_case.reference)
    assert not EmergencyAccess.objects.exists()
    assert not led_case.grants.exists()


def test_a_reference_that_is_nobodys_and_a_case_that_is_open_already_are_said(led_case, on_duty, worker):
    with pytest.raises(NotPossible, match="No case is kept"):
        opens(on_duty, "EH-1999-000001")
    call_command("emergency_access", worker.username, stdout=StringIO())
    worker.forget_scope()
    with pytest.raises(NotPossible, match="open to you already"):
        opens(worker, led_case.reference)


def test_what_cannot_be_written_opens_nothing(led_case, on_duty):
    with pytest.raises(IntegrityError), transaction.atomic():
        emergency.open_in_emergency(led_case.reference, by=on_duty, now=timezone.now(), reason="")

    assert not sees(on_duty, led_case)
    assert not led_case.grants.exists()
    assert not Notice.objects.filter(kind="emergency").exists()


def test_somebody_else_weighs_it_and_what_was_not_right_is_closed_at_once(led_case, on_duty, ig_lead, manager):
    opens(on_duty, led_case.reference)
    row = EmergencyAccess.objects.get()
    assert [line.text for line in emergencies_to_weigh(ig_lead, MONDAY)] == [
        f"Weigh an access in an emergency: {led_case.reference}"
    ]
    with pytest.raises(PermissionDenied):
        emergency.was_right(row, by=on_duty, now=timezone.now(), note="I say so.")

    emergency.was_wrong(row, by=ig_lead, now=timezone.now(), note="She is the neighbour.")

    assert not sees(on_duty, led_case)
    row.refresh_from_db()
    assert (row.status, row.weighed_by) == ("wrong", ig_lead)
    assert list(emergencies_to_weigh(ig_lead, MONDAY)) == []


def test_it_is_opened_and_weighed_on_pages_that_say_until_when(client, led_case, on_duty, ig_lead):
    client.force_login(on_duty)
    url = reverse("cases:emergency")
    assert url in client.get("/").content.decode()
    typed = {"token": "33333333-3333-4333-8333-333333333333", "reference": led_case.reference}
    assert client.post(url, typed | {"reason": "Quick."}).status_code == 422

    page = client.post(url, typed | {"reason": WHY}, follow=True).content.decode()
    assert "You opened this case in an emergency." in page
    assert WHY in page

    client.force_login(ig_lead)
    page = client.get(reverse("cases:emergencies")).content.decode()
    assert WHY in page
    assert led_case.family.name not in page
    weigh = reverse("cases:weigh", args=[EmergencyAccess.objects.get().pk, "was_right"])
    assert client.post(weigh, {"note": "Rightly done."}).status_code == 302
    assert EmergencyAccess.objects.get().status == "right"


@pytest.mark.parametrize("who", ["worker", "stranger"])
def test_to_others_there_is_neither_page(request, client, led_case, on_duty, who):
    opens(on_duty, led_case.reference)
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("cases:emergency")).status_code == 403
    assert client.get(reverse("cases:emergencies")).status_code == 403
    assert client.get(reverse("cases:weigh", args=[EmergencyAccess.objects.get().pk, "was_right"])).status_code == 404


def test_who_may_is_said_by_name_and_taken_back(access_worker):
    def told(*args):
        call_command("emergency_access", access_worker.username, *args, stdout=StringIO())
        access_worker.forget_scope()
        return emergency.may_open_in_emergency(access_worker)

    assert [told(), told("--end")] == [True, False]
    with pytest.raises(CommandError):
        call_command("emergency_access", "nobody-at-all")


def test_whatever_cannot_be_written_nothing_is_opened_or_nothing_is_shown(
    melton, worker, manager, ig_lead, access_worker, practitioner
):
    people = {"lead": worker, "manager": manager, "ig_lead": ig_lead, "named": access_worker, "unnamed": practitioner}
    tried, faults = openings(2 * len(WAYS), seed=1, area=melton, **people)

    assert faults == []
    assert set(tried.values()) == {2}


def test_the_openings_find_one_that_is_not_alarmed(
    melton, worker, manager, ig_lead, access_worker, practitioner, monkeypatch
):
    monkeypatch.setattr(emergency, "_alarm", lambda case, by, now: None)
    people = {"lead": worker, "manager": manager, "ig_lead": ig_lead, "named": access_worker, "unnamed": practitioner}

    assert ("opens", "not those hear who must") in openings(len(WAYS), seed=1, area=melton, **people)[1]
