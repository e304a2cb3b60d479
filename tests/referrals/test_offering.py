"""Who was signposted is asked once more, eight weeks on (domain.md R17)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from earlyhelp.deadlines.sweep import ring
from earlyhelp.notices.models import Notice
from earlyhelp.workflow.transitions import NotPossible
from referrals import todo
from referrals.models import ReferralDeadline
from referrals.transitions.offering import offer_again
from referrals.transitions.referral import advise, reconsider, signpost
from tests.factories import MONDAY, ServiceFactory

SAID = {"reason": "r", "message": "m", "family_told": True}
WEEKS_ON = MONDAY + timedelta(weeks=8)


def lines(user, now):
    return [each.text for each in todo.families_to_tell(user, now) if "Offer help again" in each.text]


@pytest.fixture
def signposted(in_triage, access_worker):
    return signpost(in_triage, by=access_worker, now=MONDAY, level_of_need=2, services=[ServiceFactory()], **SAID)


def test_it_is_offered_again_eight_weeks_on_by_whoever_decided(signposted, access_worker, second_access_worker):
    assert lines(access_worker, WEEKS_ON - timedelta(days=3)) == []
    assert lines(access_worker, WEEKS_ON) == [
        f"Offer help again to a family that was signposted: referral {signposted.reference}"
    ]
    assert lines(second_access_worker, WEEKS_ON) == []


def test_it_rings_once_and_never_becomes_a_duty_that_is_late(signposted, access_worker, manager):
    Notice.objects.all().delete()
    ring(now=WEEKS_ON - timedelta(days=1))
    assert not Notice.objects.exists()
    for weeks in (8, 9, 12):
        ring(now=MONDAY + timedelta(weeks=weeks, days=1))

    notice = Notice.objects.get()
    assert (notice.to, notice.title) == (access_worker, "Offer help again to a family that was signposted: due now")
    assert "Invented" not in notice.title


def test_what_they_say_is_written_down_and_ends_it(signposted, access_worker):
    offer_again(signposted, by=access_worker, now=WEEKS_ON, result="helped", note="She goes every week.")

    assert lines(access_worker, WEEKS_ON) == []
    with pytest.raises(NotPossible, match="already"):
        offer_again(signposted, by=access_worker, now=WEEKS_ON, result="helped", note="Again.")


def test_an_offer_may_be_repeated_on_a_day_that_they_choose(signposted, access_worker):
    day = (WEEKS_ON + timedelta(weeks=5)).date()
    offer_again(
        signposted, by=access_worker, now=WEEKS_ON, result="not_reached", note="On holiday.", offer_again_on=day
    )

    assert ReferralDeadline.objects.open().get(code="D_OFFER_AGAIN").due_at.date() == day
    with pytest.raises(NotPossible, match="day to come"):
        offer_again(
            signposted, by=access_worker, now=WEEKS_ON, result="helped", note="n", offer_again_on=date(2026, 1, 5)
        )
    assert ReferralDeadline.objects.open().filter(code="D_OFFER_AGAIN").exists()


def test_it_is_for_eh_access_alone(signposted, practitioner, chair):
    for who in (practitioner, chair):
        with pytest.raises(PermissionDenied):
            offer_again(signposted, by=who, now=WEEKS_ON, result="helped", note="n")


def test_advice_is_not_offered_again(in_triage, access_worker):
    advise(in_triage, by=access_worker, now=MONDAY, level_of_need=2, advice="a", **SAID)

    assert not ReferralDeadline.objects.filter(code="D_OFFER_AGAIN").exists()


def test_what_is_put_back_in_triage_owes_no_second_offer(in_triage, access_worker, manager):
    signposted = signpost(in_triage, by=access_worker, now=MONDAY, level_of_need=3, services=[ServiceFactory()], **SAID)
    reconsider(signposted, by=manager, now=MONDAY, reason="They need more.")

    assert not ReferralDeadline.objects.open().filter(code="D_OFFER_AGAIN").exists()


def test_the_line_leads_to_the_page_on_which_it_is_recorded(client, signposted, access_worker):
    client.force_login(access_worker)
    page = reverse("referrals:move", args=[signposted.reference, "offer_again"])

    assert [each.url for each in todo.families_to_tell(access_worker, WEEKS_ON)] == [page]
    assert client.get(page).status_code == 200
    assert client.post(page, {"result": "still_needed", "note": "It was full."}).status_code == 302
    assert not ReferralDeadline.objects.open().exists()
    shown = client.get(reverse("referrals:triage_case", args=[signposted.reference])).content.decode()
    assert "They still need help. It was full." in shown
