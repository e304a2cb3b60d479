"""Who holds a referral: given to a colleague, one or many; what will not change is said before, and what changed after."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from earlyhelp.notices.models import Notice
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.transitions import NotPossible
from referrals.enums import Status
from referrals.models import Referral
from referrals.services.assigning import CHANGED_MEANWHILE, assign_many, weigh
from referrals.transitions.assigning import assign
from referrals.transitions.referral import advise
from tests.factories import MONDAY, PersonFactory, PostFactory, restricted_person
from tests.referrals.factories import sent, taken

LATER = MONDAY + timedelta(hours=2)
QUEUE, ASSIGN = reverse("referrals:triage"), reverse("referrals:assign")


def words(response):
    return re.sub(r"<[^>]+>|\s+", " ", response.content.decode())


def seen(*referrals):
    return [(each.reference, each.version) for each in referrals]


@pytest.fixture
def desk(client, access_worker):
    client.force_login(access_worker)
    return client


@pytest.fixture
def of_charnwood(charnwood):
    """Works in EH Access, but not for Melton."""
    return PostFactory(role=Role.EH_ACCESS, area=charnwood).user


# --- one ---------------------------------------------------------------------------------------------------------------


def test_a_new_referral_is_assigned_and_in_triage(referral, access_worker, second_access_worker):
    given = assign(referral, by=access_worker, now=LATER, worker=second_access_worker)

    assert (given.status, given.holder) == (Status.IN_TRIAGE, second_access_worker)
    owed = given.deadlines.open().get()
    assert (owed.code, owed.holder) == ("D_TRIAGE", second_access_worker)
    assert Notice.objects.filter(to=second_access_worker, title="A referral is assigned to you").count() == 1


def test_one_that_is_held_goes_over_and_both_hear_of_it(in_triage, access_worker, second_access_worker):
    due = in_triage.deadlines.open().get().due_at

    given = assign(in_triage, by=second_access_worker, now=LATER, worker=second_access_worker, reason="On leave.")

    assert given.holder == second_access_worker
    assert given.deadlines.open().get().due_at == due
    assert Notice.objects.filter(to=access_worker, title__startswith="A referral of yours").exists()
    assert not Notice.objects.filter(to=second_access_worker, title="A referral is assigned to you").exists()


def test_nobody_gets_what_lies_outside_their_area(in_triage, access_worker, of_charnwood):
    with pytest.raises(NotPossible, match="does not work in EH Access for"):
        assign(in_triage, by=access_worker, now=LATER, worker=of_charnwood)

    assert Referral.objects.get(pk=in_triage.pk).holder == access_worker


@pytest.mark.parametrize("who", ["practitioner", "chair", "of_charnwood"])
def test_only_eh_access_of_the_area_assigns(request, in_triage, access_worker, second_access_worker, who):
    with pytest.raises(PermissionDenied):
        assign(in_triage, by=request.getfixturevalue(who), now=LATER, worker=second_access_worker)

    assert Referral.objects.get(pk=in_triage.pk).holder == access_worker


def test_what_is_decided_is_not_assigned(in_triage, access_worker, second_access_worker):
    advise(in_triage, by=access_worker, now=LATER, reason="r", message="m", level_of_need=1, advice="a")

    with pytest.raises(NotPossible):
        assign(in_triage, by=access_worker, now=LATER, worker=second_access_worker)


# --- many --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def pile(melton, practitioner, access_worker, second_access_worker):
    """A new one, one that is held, one that the colleague holds already."""
    return {
        "new": sent(area=melton, author=practitioner),
        "held": taken(area=melton, author=practitioner, by=access_worker),
        "theirs": taken(area=melton, author=practitioner, by=second_access_worker),
    }


def test_what_will_and_will_not_change_is_said_with_the_reason(pile, access_worker, second_access_worker):
    lines = weigh(seen(*pile.values()), worker=second_access_worker, by=access_worker)

    why = {line.referral.reference: line.why_not for line in lines}
    assert (why[pile["new"].reference], why[pile["held"].reference]) == ("", "")
    assert "holds it already" in why[pile["theirs"].reference]


def test_exactly_those_change_and_one_that_cannot_stops_no_other(pile, access_worker, second_access_worker):
    lines = assign_many(seen(*pile.values()), worker=second_access_worker, by=access_worker, now=LATER)

    assert len([line for line in lines if not line.why_not]) == 2
    assert set(Referral.objects.values_list("holder", flat=True)) == {second_access_worker.pk}
    assert Notice.objects.filter(to=second_access_worker, title="A referral is assigned to you").count() == 2


def test_one_that_somebody_changed_meanwhile_is_left_as_they_left_it(
    pile, access_worker, second_access_worker, of_charnwood
):
    looked_at = seen(pile["new"], pile["held"])
    assign(pile["held"], by=access_worker, now=LATER, worker=second_access_worker)
    assign(pile["held"], by=access_worker, now=LATER, worker=access_worker)

    lines = assign_many(looked_at, worker=second_access_worker, by=access_worker, now=LATER)

    why = {line.referral.reference: line.why_not for line in lines}
    assert why == {pile["new"].reference: "", pile["held"].reference: CHANGED_MEANWHILE}
    assert Referral.objects.get(pk=pile["held"].pk).holder == access_worker


def test_of_what_is_out_of_sight_nothing_is_said_and_nothing_changes(pile, of_charnwood, second_access_worker):
    assert weigh(seen(*pile.values()), worker=second_access_worker, by=of_charnwood) == []
    assert assign_many(seen(*pile.values()), worker=second_access_worker, by=of_charnwood, now=LATER) == []

    assert Referral.objects.get(pk=pile["new"].pk).holder is None


def test_the_page_lists_both_and_the_count_is_of_what_changed(desk, pile, second_access_worker):
    ticked = [f"{each.reference}:{each.version}" for each in pile.values()]
    asked = {"row": ticked, "worker": second_access_worker.pk, "tab": "ready"}

    shown = desk.get(ASSIGN, asked)
    assert "Assign 2 referrals" in words(shown)
    assert "holds it already" in words(shown)
    assert Referral.objects.get(pk=pile["new"].pk).holder is None

    token = str(uuid.uuid4())
    done = desk.post(ASSIGN, asked | {"token": token}, follow=True)
    assert "2 referrals assigned to" in words(done)
    assert f"{pile['theirs'].reference} was not assigned" in words(done)
    desk.post(ASSIGN, asked | {"token": token})
    assert Notice.objects.filter(to=second_access_worker, title="A referral is assigned to you").count() == 2


@pytest.mark.parametrize(("asked", "said"), [({}, "Tick at least one"), ({"row": "R-1:1"}, "Choose a colleague")])
def test_what_was_left_out_is_said_in_the_queue(desk, referral, asked, said):
    shown = desk.get(ASSIGN, asked | {"tab": "new"}, follow=True)

    assert shown.redirect_chain
    assert said in words(shown)


def test_what_was_ticked_is_ticked_still_when_only_the_colleague_was_left_out(desk, referral):
    shown = desk.get(ASSIGN, {"row": f"{referral.reference}:{referral.version}", "tab": "new"}, follow=True)

    assert shown.context["ticked"] == {referral.reference}


@pytest.mark.parametrize("row", ["nonsense", "R-1:x", "x" * 5000, "R-1:99999999999999999999"])
def test_nonsense_ticks_nothing(desk, referral, second_access_worker, row):
    assert desk.get(ASSIGN, {"row": row, "worker": second_access_worker.pk}, follow=True).status_code == 200


@pytest.mark.parametrize("who", ["practitioner", "chair", "manager"])
def test_nobody_else_opens_the_page(client, request, referral, second_access_worker, who):
    client.force_login(request.getfixturevalue(who))
    asked = {"row": f"{referral.reference}:{referral.version}", "worker": second_access_worker.pk}

    assert client.get(ASSIGN, asked).status_code == 403
    assert client.post(ASSIGN, asked | {"token": str(uuid.uuid4())}).status_code == 403
    assert Referral.objects.get(pk=referral.pk).holder is None


# --- the queue says who may be known already ---------------------------------------------------------------------------


def test_the_queue_counts_likely_matches_outside_the_family(desk, referral):
    mother = referral.family.people.get(first_name="Leanne")
    PersonFactory(first_name="Lianne", last_name=mother.last_name, born_on=mother.born_on)
    restricted_person(last_name=mother.last_name, born_on=mother.born_on)

    page = desk.get(QUEUE)

    assert page.context["page"].object_list[0].likely == 1
    assert "1 likely match" in words(page)


def test_twins_are_no_matches_of_each_other(desk, referral):
    mother = referral.family.people.get(first_name="Leanne")
    twin = PersonFactory(first_name="Lena", last_name=mother.last_name, born_on=mother.born_on)
    referral.family.memberships.create(person=twin, role="relative")

    assert desk.get(QUEUE).context["page"].object_list[0].likely == 0


def test_time_is_of_the_queue_and_not_of_whoever_assigns(desk, referral, second_access_worker):
    before = referral.deadlines.open().get(code="D_TRIAGE").due_at
    asked = {"row": f"{referral.reference}:{referral.version}", "worker": second_access_worker.pk}

    desk.post(ASSIGN, asked | {"token": str(uuid.uuid4())})

    assert referral.deadlines.open().get(code="D_TRIAGE").due_at == before
    assert Referral.objects.get(pk=referral.pk).taken_at <= timezone.now()
