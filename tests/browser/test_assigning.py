"""Many referrals to one colleague: ticked one by one or all at once, with scripts or without."""

import pytest
from playwright.sync_api import expect

from earlyhelp.partnership.enums import Role
from referrals.models import Referral
from tests.factories import PostFactory, UserFactory
from tests.referrals.factories import sent

QUEUE = "/referrals/triage/?tab=new"


@pytest.fixture
def colleague(county):
    return PostFactory(role=Role.EH_ACCESS, area=county, user=UserFactory(first_name="Olive", last_name="Okoro")).user


@pytest.fixture
def three(melton, practitioner, colleague):
    return [sent(area=melton, author=practitioner) for _ in range(3)]


def boxes(visitor):
    return visitor.page.locator("tbody").get_by_role("checkbox")


@pytest.mark.parametrize("width", [1280, 320])
def test_one_box_ticks_every_referral_of_the_page(arrive, access_worker, three, colleague, width):
    visitor = arrive(access_worker, width=width)
    visitor.visit(QUEUE)
    every = visitor.page.get_by_role("checkbox", name="Select all")
    every.press("Space")  # by keyboard, as good as by mouse
    for box in boxes(visitor).all():
        expect(box).to_be_checked()
    boxes(visitor).first.uncheck()
    expect(every).not_to_be_checked()
    every.press("Space")
    visitor.select("Assign what is ticked to", str(colleague))
    visitor.press("Look at what would change")
    visitor.press("Assign 3 referrals")
    visitor.reads("3 referrals assigned to Olive Okoro.")

    assert {row.holder for row in Referral.objects.all()} == {colleague}


def test_without_scripts_each_is_ticked_by_hand_and_no_box_promises_more(arrive, access_worker, three, colleague):
    visitor = arrive(access_worker, scripts=False)
    visitor.visit(QUEUE)
    assert visitor.page.get_by_role("checkbox", name="Select all").count() == 0
    visitor.tick(f"Assign {three[0].reference}")
    visitor.select("Assign what is ticked to", str(colleague))
    visitor.press("Look at what would change")
    visitor.press("Assign 1 referral")
    visitor.reads("1 referral assigned to Olive Okoro.")

    assert Referral.objects.filter(holder=colleague).count() == 1
