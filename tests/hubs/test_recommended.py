"""Whoever chooses somebody else than was recommended says why, whatever their browser sends of who that was (domain.md 9.3)."""

import pytest
from django.core import signing
from django.utils import timezone

from earlyhelp.cases import transitions as cases
from hubs.forms.recommended import said_of
from hubs.models import HubDecision
from tests.factories import CaseFactory
from tests.hubs.factories import MeetingFactory
from tests.hubs.test_decision_pages import decision, token

NOW = timezone.now()


@pytest.fixture
def meeting(hub, chair, members):
    """In session today."""
    return MeetingFactory.in_session(hub=hub, chair=chair, present=members, starts_at=NOW.replace(microsecond=0))


def of_yesterday(case, worker):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signing.time, "time", lambda: NOW.timestamp() - 25 * 60 * 60)
        return said_of(case, 2, worker)


FORGED = {
    "emptied": lambda case, worker: "",
    "their own number": lambda case, worker: str(worker),
    "in another hand": lambda case, worker: signing.dumps([case.pk, 2, worker], salt="somewhere.else"),
    "of another family": lambda case, worker: said_of(CaseFactory(), 2, worker),
    "of another tier": lambda case, worker: said_of(case, 3, worker),
    "of yesterday": of_yesterday,
}


@pytest.mark.parametrize("how", FORGED)
def test_no_reason_is_saved_by_what_a_browser_says_of_who_was_recommended(
    sign_in, item, chair, worker, other_worker, how
):
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    best, second = (each.worker for each in page.context["found"])
    said = FORGED[how](item.case, second.pk)
    sent = decision(page, decision="allocate-2", recommended=said)
    refused = client.post(item.get_absolute_url(), sent | {"worker": second.pk})
    assert (refused.status_code, [*refused.context["form"].errors]) == (422, ["not_recommended_reason"])
    assert refused.context["form"].best == best.pk
    assert not HubDecision.objects.exists()
    assert client.post(item.get_absolute_url(), sent | {"worker": best.pk}).status_code == 302


def test_who_was_recommended_on_the_page_takes_no_reason_whatever_changed_meanwhile(
    sign_in, item, chair, worker, other_worker, melton
):
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    best, second = (each.worker for each in page.context["found"])
    for _ in range(4):
        CaseFactory.led_by(best, area=melton)
    assert client.get(item.get_absolute_url()).context["found"][0].worker == second

    sent = decision(page, decision="allocate-2")
    assert client.post(item.get_absolute_url(), sent | {"worker": second.pk}).status_code == 422
    assert client.post(item.get_absolute_url(), sent | {"worker": best.pk}).status_code == 302
    assert HubDecision.objects.get().worker == best


def test_nobody_becomes_the_recommended_one_by_an_address(sign_in, item, chair, worker, other_worker):
    client = sign_in(chair)
    best, second = (each.worker for each in client.get(item.get_absolute_url()).context["found"])
    for how in FORGED.values():
        form = client.get(item.get_absolute_url(), {"suggested": how(item.case, second.pk)}).context["form"]
        assert (form["worker"].value(), form.best) == (None, best.pk)
    form = client.get(item.get_absolute_url(), {"suggested": said_of(item.case, 2, second.pk)}).context["form"]
    assert (form["worker"].value(), form.best) == (second.pk, second.pk)


def test_a_family_offered_again_is_no_way_round_it_either(sign_in, item, chair, worker, other_worker, melton):
    asked = {"preference": "asked", "preference_note": "Local."}
    case = cases.allocate(item.case, by=chair, now=NOW, tier=2, worker=worker, reason="Near.", **asked)
    cases.decline(case, by=worker, now=NOW, reason="On leave.")
    client, url = sign_in(chair), f"/hubs/offer-again/{case.reference}/"
    page = client.get(url)
    second = page.context["found"][1].worker
    sent = asked | {"token": token(page), "worker": second.pk, "reason": "Has room.", "recommended": ""}
    assert [*client.post(url, sent).context["form"].errors] == ["not_recommended_reason"]
    assert not case.allocations.filter(status="offered").exists()
    assert client.post(url, sent | {"not_recommended_reason": "Mum asked."}).status_code == 302
