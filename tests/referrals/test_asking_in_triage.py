"""EH Access and a referral that a family sent: nobody wrote it for them, and a person tells them what is decided."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from earlyhelp.audit.models import Event
from earlyhelp.families.models import Family
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible
from referrals.enums import Doubt, Status
from referrals.models import Referral
from referrals.transitions.referral import accept, advise, place, submit, take, vouch, withdraw
from tests.factories import MONDAY, FamilyFactory, PostFactory
from tests.referrals.asking import Visitor
from tests.referrals.factories import DraftFactory, ready_draft, sent

pytestmark = pytest.mark.django_db


def asked(**changes):
    """The referral of a family that has asked for help."""
    visitor = Visitor()
    visitor.write(**changes)
    visitor.send()
    return Referral.objects.get()


def test_eh_access_says_that_a_person_sent_it(county, access_worker):
    referral = asked(help={"comment_link": "x"})

    vouched = vouch(referral, by=access_worker, now=MONDAY)

    assert (vouched.doubts, vouched.status) == ([], Status.SUBMITTED)
    assert Event.objects.get(kind="referrals.referral.vouch").facts == {"doubts": ["trap"]}


def test_nobody_else_does(county, practitioner):
    referral = asked(help={"comment_link": "x"})

    with pytest.raises(PermissionDenied):
        vouch(referral, by=practitioner, now=MONDAY)

    assert Referral.objects.get().doubts == [Doubt.TRAP]


def test_what_nobody_doubts_needs_no_word(county, access_worker):
    with pytest.raises(NotPossible):
        vouch(asked(), by=access_worker, now=MONDAY)


def test_what_a_program_sent_is_withdrawn_and_says_so(county, access_worker):
    gone = withdraw(
        asked(help={"comment_link": "x"}), by=access_worker, now=MONDAY, withdrawn_by="no_person", reason="Advertising."
    )

    assert gone.status == Status.WITHDRAWN


def test_where_the_district_is_not_known_eh_access_of_the_county_sees_it(county, melton, access_worker):
    local = PostFactory(role=Role.EH_ACCESS, area=melton).user
    referral = asked()

    assert referral.area == county
    assert Referral.objects.for_user(access_worker, "triage").exists()
    assert not Referral.objects.for_user(local, "triage").exists()


def test_it_goes_to_no_hub_before_somebody_says_where_the_family_lives(county, melton, access_worker):
    referral = take(asked(), by=access_worker, now=MONDAY)
    facts = {"reason": "x", "message": "x", "level_of_need": 2, "proposed_tier": 2, "urgent": False}

    with pytest.raises(NotPossible, match="where the family lives"):
        accept(referral, by=access_worker, now=MONDAY, **facts)
    placed = place(referral, by=access_worker, now=MONDAY, area=melton)
    accepted = accept(placed, by=access_worker, now=MONDAY, **facts)

    assert accepted.case.area == melton
    assert Family.objects.get().area == melton
    assert set(placed.deadlines.values_list("area", flat=True)) == {melton.pk}


def test_where_the_district_is_known_it_is_not_changed_here(melton, access_worker, practitioner):
    with pytest.raises(NotPossible):
        place(sent(area=melton, author=practitioner), by=access_worker, now=MONDAY, area=melton)


def test_a_decision_is_told_by_a_person(county, access_worker):
    referral = take(asked(), by=access_worker, now=MONDAY)

    decided = advise(referral, by=access_worker, now=MONDAY, reason="x", message="x", level_of_need=1, advice="x")

    assert [each.code for each in decided.deadlines.open()] == ["D_OUTCOME"]
    assert not Notice.objects.exists()


def test_the_page_of_triage_says_how_it_is_safe_to_reach_them(county, access_worker, client):
    referral = asked(safe={"safeguarding": "yes"})
    client.force_login(access_worker)

    page = client.get(f"/referrals/triage/{referral.reference}/").content.decode()

    assert "Before you reach this family, read how it is safe" in page
    assert "The family themselves" in page
    assert page.index("Never leave a message") < page.index("What the referrer says")


@pytest.mark.parametrize("move", ["take", "vouch", "place"])
def test_each_of_its_deeds_has_a_page(county, melton, access_worker, client, move):
    referral = asked(help={"comment_link": "x"})
    client.force_login(access_worker)
    address = f"/referrals/{referral.reference}/do/{move}/"

    assert client.get(address).status_code == 200
    assert client.post(address, {"area": melton.pk}).status_code == 302


@pytest.mark.parametrize("page", ["", "/matches/", "/agreement/"])
def test_pages_that_read_the_author_cope_without_one(county, access_worker, client, page):
    client.force_login(access_worker)

    assert client.get(f"/referrals/triage/{asked().reference}{page or '/'}").status_code == 200


def test_the_familys_page_says_that_they_agreed_there(county, access_worker, client):
    client.force_login(access_worker)
    family = asked().family

    assert "The family, on the public form" in client.get(f"{family.get_absolute_url()}agreements/").content.decode()


def test_the_api_has_no_author_to_show(county, access_worker, client):
    client.force_login(access_worker)

    assert client.get(f"/api/referrals/{asked().reference}/").json()["author"] is None


def test_only_a_family_sends_a_referral_without_an_author(melton):
    with pytest.raises(IntegrityError, match="by_somebody_or_the_family"), transaction.atomic():
        DraftFactory(author=None, agency=None, source_kind="school", family=FamilyFactory(area=melton), area=melton)


def test_what_a_worker_wrote_is_never_doubted(melton, practitioner):
    with pytest.raises(IntegrityError, match="doubted_only_from_outside"), transaction.atomic():
        DraftFactory(author=practitioner, doubts=["trap"], family=FamilyFactory(area=melton), area=melton)


def test_a_worker_must_still_say_what_was_tried(melton, practitioner):
    with pytest.raises(NotPossible, match="what you have tried"):
        submit(ready_draft(area=melton, author=practitioner, tried=""), by=practitioner, now=MONDAY)
