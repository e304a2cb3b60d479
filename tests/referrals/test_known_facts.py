"""What is known is not asked again: who has agreed lately, and where one goes on."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from earlyhelp.families.enums import AgreementStatus
from earlyhelp.families.models import Agreement
from earlyhelp.families.services import record_agreement
from referrals.models import Referral
from referrals.progress import summary
from referrals.queries import YES_STANDS_FOR, answers_held, tasks
from tests.factories import MONDAY
from tests.referrals.factories import ready_draft


@pytest.fixture
def draft(melton, practitioner):
    return ready_draft(area=melton, author=practitioner, agree=False)


@pytest.fixture
def mother(draft):
    return draft.family.memberships.get(role="parent").person


def agreed(draft):
    return next(task.complete for task in tasks(draft, today=MONDAY.date()) if task.slug == "agreement")


def answer(draft, mother, by, *, before=timedelta(days=10), status=AgreementStatus.GIVEN):
    record_agreement(draft.family, mother, status=status, by=by, now=MONDAY - before)


def test_a_yes_that_the_referrer_wrote_down_lately_stands(draft, mother, practitioner):
    answer(draft, mother, practitioner)

    assert agreed(draft)
    said = {row["key"]: row["value"] for row in summary(draft, seen_by=practitioner)}
    assert said["Who agrees to early help"] == f"{mother.name}: agreed, on 20 February 2026"


def test_a_yes_of_long_ago_is_asked_for_again(draft, mother, practitioner):
    answer(draft, mother, practitioner, before=YES_STANDS_FOR + timedelta(days=1))

    assert not agreed(draft)


@pytest.mark.parametrize("status", [AgreementStatus.REFUSED, AgreementStatus.WITHDRAWN])
def test_a_no_since_is_asked_about_again(draft, mother, practitioner, status):
    answer(draft, mother, practitioner)
    answer(draft, mother, practitioner, before=timedelta(days=2), status=status)

    assert not agreed(draft)
    assert answers_held(draft) == {}


def test_a_referrer_learns_of_no_yes_that_others_wrote_down_about_a_family_they_do_not_see(
    draft, mother, other_worker, practitioner
):
    draft.family.created_by = other_worker
    draft.family.save()
    Referral.objects.update(
        status="withdrawn", withdrawn_by="referrer", withdrawn_why="x", submitted_at=MONDAY, decided_at=MONDAY
    )
    answer(draft, mother, other_worker)

    assert not agreed(Referral.objects.get())


def test_the_same_answer_again_is_not_a_new_one(client, draft, mother, practitioner):
    answer(draft, mother, practitioner)
    client.force_login(practitioner)
    address = reverse("referrals:task", args=[draft.reference, "agreement"])

    client.post(address, {f"answer_{mother.pk}": "given", "token": uuid.uuid4()})

    assert Agreement.objects.count() == 1


# --- onward ------------------------------------------------------------------------------------------------------------


def test_save_and_continue_leads_to_the_next_part_that_must_be_said_and_then_to_check(
    client, draft, mother, practitioner
):
    Referral.objects.update(wants="", created_at=timezone.now())
    draft.refresh_from_db()
    client.force_login(practitioner)
    why = reverse("referrals:task", args=[draft.reference, "why"])
    said = {"why_now": "a", "tried": "b", "version": draft.version}

    on = client.post(why, said | {"do": "next"})
    assert on.url == reverse("referrals:task", args=[draft.reference, "wants"])
    on = client.post(on.url, {"wants": "c", "version": draft.version + 1, "do": "next"})
    assert on.url == reverse("referrals:task", args=[draft.reference, "agreement"])
    on = client.post(on.url, {f"answer_{mother.pk}": "given", "token": uuid.uuid4(), "do": "next"})
    assert on.url == reverse("referrals:check", args=[draft.reference])


def test_somebody_at_risk_is_not_passed_by(client, draft, practitioner):
    client.force_login(practitioner)
    said = {"safeguarding": "yes", "safeguarding_detail": "x", "urgent": "no", "version": draft.version, "do": "next"}

    on = client.post(reverse("referrals:task", args=[draft.reference, "safety"]), said)

    assert on.url == reverse("referrals:ring_now", args=[draft.reference])
