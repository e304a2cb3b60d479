"""Somebody leaves: their families are handed on together, previewed, each with a taker, and none is without a lead."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from earlyhelp.accounts import services as accounts
from earlyhelp.cases import transitions as cases
from earlyhelp.cases.enums import AllocationStatus
from earlyhelp.cases.models import Allocation, Case
from earlyhelp.core.dates import day
from earlyhelp.families.models import FamilyUserObjectPermission
from earlyhelp.notices.models import Notice
from earlyhelp.partnership.models import Leave
from earlyhelp.workflow.transitions import NotPossible
from hubs.panels import families_with_nobody
from hubs.services.handing_on import NOBODY_CHOSEN, Taking, hand_on
from tests.factories import MONDAY, CaseFactory, FamilyFactory, PostFactory, WorkerFactory

NOW = timezone.now()
TODAY = timezone.localdate()
REASON = {"reason": "Leaves on Friday.", "because": "manage_caseload"}
WISH = {"preference": "not_asked", "preference_note": "They are told this week."}
SAID = REASON | WISH
VISIT = {"joint_visit": "In the first week."}
TOLD = {"note": "The review is on the 12th."} | VISIT | WISH


@pytest.fixture
def three(worker, melton):
    return [CaseFactory.led_by(worker, area=melton) for _ in range(3)]


@pytest.fixture
def system_admin(county):
    return PostFactory(role="system_admin", area=county).user


@pytest.fixture
def takers(melton):
    return [PostFactory(user=WorkerFactory(), area=melton).user for _ in range(3)]


@pytest.fixture
def leaves(worker):
    worker.left_on = TODAY + timedelta(days=7)
    worker.save()
    return worker


def page(worker):
    return reverse("hubs:leaver", args=[worker.pk])


def filled(shown, **changed):
    form = shown.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    asked = {name: "not_asked" for name in sent if name.startswith("preference_")}
    said = {name: "They are told this week." for name in sent if name.startswith("said_")}
    return sent | asked | said | REASON | {"note": TOLD["note"]} | VISIT | changed


def test_whoever_leaves_leads_each_family_until_another_accepts(worker, takers, three, chair):
    takings = [Taking(case, taker, **TOLD) for case, taker in zip(three, takers, strict=True)]
    done = hand_on(worker, by=chair, now=MONDAY, takings=takings, **REASON)
    assert (done.offered, done.skipped) == (three, [])
    assert {case.lead for case in Case.objects.all()} == {worker}
    assert Case.objects.filter(deadlines__code="D_ACCEPT", deadlines__met_at=None).count() == 3

    cases.take_over(three[0], by=takers[0], now=MONDAY)
    three[0].refresh_from_db()
    assert three[0].lead == takers[0]
    offer = three[0].allocations.get(worker=takers[0])
    assert (offer.handover_note, offer.joint_visit) == (TOLD["note"], TOLD["joint_visit"])
    cases.decline(three[1], by=takers[1], now=MONDAY, reason="Full.")
    three[1].refresh_from_db()
    assert three[1].lead == worker


def test_a_family_that_cannot_be_handed_on_keeps_no_other_waiting_and_says_why(
    worker, takers, other_worker, three, chair, manager
):
    moved, asked, fine = three
    Case.objects.filter(pk=moved.pk).update(lead=other_worker)
    cases.offer_again(
        asked, by=chair, now=MONDAY, worker=takers[1], handover_note="See the plan.", joint_visit="Tuesday.", **SAID
    )
    takings = [Taking(case, takers[2], **TOLD) for case in three]
    done = hand_on(worker, by=chair, now=MONDAY, takings=takings, **REASON)
    assert done.offered == [fine]
    assert done.skipped == [
        (moved, f"It is led by {other_worker} now."),
        (asked, f"{takers[1]} was asked meanwhile, and has not answered yet."),
    ]
    assert asked.allocations.get(status=AllocationStatus.OFFERED).worker == takers[1]


def test_nobody_chosen_over_the_limit_or_without_a_word_is_skipped(worker, takers, three, chair):
    takers[1].case_limit = 0
    takers[1].save()
    takings = [Taking(three[0], None), Taking(three[1], takers[1], **TOLD), Taking(three[2], takers[2])]
    done = hand_on(worker, by=chair, now=MONDAY, takings=takings, **REASON)
    reasons = dict(done.skipped)
    assert reasons[three[0]] == NOBODY_CHOSEN
    assert "of their limit" in reasons[three[1]]
    assert "needs to know" in reasons[three[2]]
    assert not Allocation.objects.filter(status=AllocationStatus.OFFERED).exists()
    assert Case.objects.filter(lead=worker).count() == 3


@pytest.mark.parametrize("who", ["worker", "other_worker", "practitioner", "coordinator", "service_manager"])
def test_others_hand_nothing_on(request, client, worker, takers, three, who):
    by = request.getfixturevalue(who)
    done = hand_on(worker, by=by, now=MONDAY, takings=[Taking(three[0], takers[0], **TOLD)], **REASON)
    assert done.skipped == [(three[0], "It is not yours to hand on any more.")]
    client.force_login(by)
    assert client.get(page(worker)).status_code == 404
    assert not Allocation.objects.filter(status=AllocationStatus.OFFERED).exists()


def test_a_manager_hands_on_what_their_people_lead_and_never_their_own(worker, takers, three, manager):
    done = hand_on(worker, by=manager, now=MONDAY, takings=[Taking(three[0], takers[0], **TOLD)], **REASON)
    assert done.offered == [three[0]]
    Case.objects.filter(pk=three[1].pk).update(lead=manager)
    type(manager).objects.filter(pk=manager.pk).update(team=worker.team)
    done = hand_on(manager, by=manager, now=MONDAY, takings=[Taking(three[1], takers[0], **TOLD)], **REASON)
    assert done.skipped == [(three[1], "It is not yours to hand on any more.")]


def test_a_led_family_is_offered_on_only_with_what_the_next_lead_needs_to_know(led_case, takers, chair):
    asked = {"by": chair, "now": MONDAY, "worker": takers[0], **SAID}
    with pytest.raises(NotPossible, match="needs to know"):
        cases.offer_again(led_case, **asked)
    with pytest.raises(NotPossible, match="visit"):
        cases.offer_again(led_case, handover_note="See the plan.", **asked)
    assert led_case.allocations.count() == 1


def test_whoever_is_to_take_over_reads_it_before_they_answer(client, led_case, takers, chair):
    cases.offer_again(
        led_case,
        by=chair,
        now=MONDAY,
        worker=takers[0],
        handover_note="The arrears are agreed.",
        joint_visit="Tuesday.",
        **SAID,
    )
    client.force_login(takers[0])
    shown = client.get(f"{led_case.get_absolute_url()}do/take_over/").content.decode()
    assert "The arrears are agreed. Visiting together: Tuesday." in shown


def test_the_page_proposes_a_taker_for_each_and_asks_them_all_at_once(client, leaves, takers, three, chair):
    client.force_login(chair)
    shown = client.get(page(leaves))
    text = shown.content.decode()
    assert all(str(case.family) in text for case in three)
    assert f"{leaves} is not here from" in text
    sent = filled(shown)
    assert {int(sent[f"worker_{case.pk}"]) for case in three} == {taker.pk for taker in takers}
    answer = client.post(page(leaves), sent | {f"worker_{three[2].pk}": ""}, follow=True)
    assert Allocation.objects.filter(status=AllocationStatus.OFFERED).count() == 2
    assert f"{three[2].reference} was skipped. {NOBODY_CHOSEN}" in answer.content.decode()
    assert "On offer already" in answer.content.decode()
    assert Case.objects.filter(lead=leaves).count() == 3


def test_what_moved_on_since_the_page_was_opened_is_told(client, leaves, takers, three, other_worker, chair):
    client.force_login(chair)
    sent = filled(client.get(page(leaves)))
    Case.objects.filter(pk=three[0].pk).update(lead=other_worker)
    text = client.post(page(leaves), sent, follow=True).content.decode()
    assert f"{three[0].reference} was skipped. It is led by {other_worker} now." in text
    assert Allocation.objects.filter(status=AllocationStatus.OFFERED).count() == 2


def test_nothing_is_asked_while_something_is_missing(client, leaves, takers, three, chair):
    client.force_login(chair)
    sent = filled(client.get(page(leaves)))
    refused = client.post(page(leaves), sent | {"note": ""})
    assert refused.status_code == 422
    assert "Enter what the next lead professional needs to know" in refused.content.decode()
    refused = client.post(page(leaves), sent | {f"worker_{case.pk}": "" for case in three})
    assert "Choose somebody for one family at least" in refused.content.decode()
    assert not Allocation.objects.filter(status=AllocationStatus.OFFERED).exists()


def test_each_family_is_asked_on_its_own_whom_it_would_like(client, leaves, takers, three, chair):
    client.force_login(chair)
    first, second, third = (case.pk for case in three)
    sent = filled(client.get(page(leaves)), **{f"worker_{third}": "", f"preference_{third}": "", f"said_{third}": ""})
    refused = client.post(page(leaves), sent | {f"preference_{first}": "", f"said_{second}": ""}).content.decode()
    assert f"Select whether the family of {three[0].reference} was asked" in refused
    assert f"Enter what the family of {three[1].reference} said" in refused
    assert three[2].reference not in refused.split("</h1>")[0]  # nobody is chosen for it: nothing is asked
    assert not Allocation.objects.filter(status=AllocationStatus.OFFERED).exists()

    client.post(page(leaves), sent | {f"preference_{first}": "asked", f"said_{first}": "A woman."})
    wishes = Allocation.objects.filter(status=AllocationStatus.OFFERED).order_by("case")
    assert list(wishes.values_list("case", "preference", "preference_note")) == [
        (first, "asked", "A woman."),
        (second, "not_asked", "They are told this week."),
    ]


def away(person, first, last):
    days = {"from_on": TODAY + timedelta(days=first), "until_on": TODAY + timedelta(days=last)}
    Leave.objects.create(person=person, planned_by=person, planned_at=NOW, **days)


def proposals(client, leaver):
    return client.get(page(leaver)).context["shared"].proposals


def test_whoever_is_back_before_the_last_day_may_be_chosen_and_whoever_is_not_may_not(
    client, leaves, takers, led_case, chair, other_worker
):
    back, gone, later = takers
    away(back, -3, 6)
    away(gone, -3, 7)
    away(later, 20, 32)
    other_worker.takes_cases = False
    other_worker.save()
    client.force_login(chair)
    [proposal] = proposals(client, leaves)
    assert [each.worker for each in proposal.able] == [back]
    assert f"away until {day(TODAY + timedelta(days=6))}, and back in time" in proposal.why
    assert "and back in time" in client.get(page(leaves)).context["form"].as_p()

    leaves.left_on = None  # away for long, and no day is known: somebody is needed now
    leaves.save()
    [proposal] = proposals(client, leaves)
    assert back not in [each.worker for each in proposal.able]


def test_of_two_with_as_much_room_whoever_is_here_now_is_proposed(client, leaves, takers, led_case, chair):
    for taker in takers[:2]:
        away(taker, -3, 5)
    client.force_login(chair)
    [proposal] = proposals(client, leaves)
    assert proposal.candidate.worker == takers[2]
    assert len(proposal.able) == 3


# --- a restricted family of theirs --------------------------------------------------------------------------------------


@pytest.fixture
def hidden(worker, melton):
    family = FamilyFactory(area=melton, restricted=True, name="Zqhidden")
    return CaseFactory.led_by(worker, area=melton, family=family, restricted=True)


def told(case):
    return {(each.to, each.url) for each in Notice.objects.filter(reference=case.reference)}


def test_the_chair_and_whoever_is_named_for_a_restricted_family_hear_that_its_lead_leaves_and_nobody_else(
    client, worker, hidden, chair, ig_lead, manager, system_admin, melton, led_case
):
    deputy = PostFactory(role="hub_chair", area=melton).user
    named = PostFactory(role="service_manager", area=melton).user
    Case.objects.filter(pk=hidden.pk).update(named_chair=chair)
    FamilyUserObjectPermission.objects.create(
        user=named,
        permission=Permission.objects.get(codename="view_family", content_type__app_label="families"),
        content_object=hidden.family,
        reason="Manages the service.",
        named_by=ig_lead,
        from_at=NOW,
    )
    accounts.leave(worker, by=system_admin, now=NOW, last_day=TODAY + timedelta(days=7))
    assert told(hidden) == {(chair, hidden.get_absolute_url()), (named, hidden.get_absolute_url())}
    assert Notice.objects.filter(to=manager).count() == 1  # of the family that is not restricted

    for other in (deputy, manager):
        client.force_login(other)
        shown = client.get(page(worker)).content.decode()
        assert led_case.reference in shown
        assert hidden.reference not in shown
        assert "Zqhidden" not in shown
    client.force_login(chair)
    assert hidden.reference in client.get(page(worker)).content.decode()


def test_where_no_chair_is_named_whoever_names_one_hears_it_and_once(worker, hidden, ig_lead, chair, system_admin):
    accounts.leave(worker, by=system_admin, now=NOW, last_day=TODAY - timedelta(days=1))
    assert told(hidden) == {(ig_lead, f"{hidden.get_absolute_url()}chair/")}
    assert Notice.objects.count() == 1


def test_where_it_is_the_named_chair_who_leaves_whoever_names_another_hears_it_and_once(
    hidden, ig_lead, chair, manager, system_admin
):
    Case.objects.filter(pk=hidden.pk).update(named_chair=chair)
    accounts.leave(chair, by=system_admin, now=NOW, last_day=TODAY - timedelta(days=1))
    assert told(hidden) == {(ig_lead, f"{hidden.get_absolute_url()}chair/")}
    assert Notice.objects.filter(reference=hidden.reference).count() == 1
    assert not Notice.objects.filter(to=manager).exists()


def test_a_restricted_family_is_in_no_number_on_the_account_of_a_leaver(
    client, worker, hidden, manager, system_admin, family_team
):
    account = reverse("accounts:account", args=[worker.pk])
    for who in (manager, system_admin):
        client.force_login(who)
        assert "they lead" not in client.get(account).content.decode()
    accounts.leave(worker, by=system_admin, now=NOW, last_day=TODAY + timedelta(days=7))
    assert not Notice.objects.filter(to=manager).exists()


def lines(user):
    user.forget_scope()
    return [each.text for each in families_with_nobody(user, NOW)]


def test_the_families_of_a_leaver_stand_on_the_list_of_chair_and_manager_until_somebody_is_asked(
    leaves, takers, three, chair, manager, other_worker
):
    waiting = f"{leaves} leaves: 3 families need another lead professional"
    assert lines(chair) == lines(manager) == [waiting]
    assert lines(other_worker) == []
    takings = [Taking(case, taker, **TOLD) for case, taker in zip(three, takers, strict=True)]
    hand_on(leaves, by=manager, now=NOW, takings=takings, **REASON)
    assert lines(chair) == []
    cases.decline(three[0], by=takers[0], now=NOW, reason="Full.")
    assert lines(chair) == [waiting.replace("3 families need", "1 family needs")]


def test_it_stands_there_still_when_they_have_gone(client, worker, takers, three, chair, manager, system_admin):
    accounts.leave(worker, by=system_admin, now=NOW, last_day=TODAY - timedelta(days=1))
    assert Case.objects.filter(lead=worker).count() == 3
    assert len(lines(chair)) == 1
    client.force_login(chair)
    assert client.get(page(worker)).status_code == 200


def test_the_account_of_a_leaver_leads_their_manager_to_the_page_and_tells_an_administrator_the_number_alone(
    client, leaves, three, manager, system_admin
):
    account = reverse("accounts:account", args=[leaves.pk])
    client.force_login(manager)
    assert page(leaves) in client.get(account).content.decode()
    client.force_login(system_admin)
    shown = client.get(account).content.decode()
    assert "3 families they lead" in shown
    assert page(leaves) not in shown


@pytest.mark.parametrize("n", [1, 20])
def test_the_page_takes_as_many_queries_for_twenty_families_as_for_one(
    client, worker, melton, chair, n, django_assert_num_queries
):
    for _ in range(n):
        CaseFactory.led_by(worker, area=melton)
        PostFactory(user=WorkerFactory(), area=melton)
    client.force_login(chair)
    client.get(page(worker))
    with django_assert_num_queries(17):
        client.get(page(worker))


# --- why a lead ends (domain.md 6.5) -----------------------------------------------------------------------------------


def ended(case):
    return case.allocations.get(status=AllocationStatus.ENDED).end_reason


def offered_on(case, worker, chair, **said):
    more = {"handover_note": "See the plan.", "joint_visit": "Tuesday.", **WISH, "reason": "Nearer."}
    return cases.offer_again(case, by=chair, now=NOW, worker=worker, **more | said)


@pytest.mark.parametrize("because", ["manage_caseload", "family_asked", "absence", "left_role", "tier_change"])
def test_why_another_leads_is_kept_on_the_former_allocation_once_the_other_accepts(led_case, takers, chair, because):
    offered_on(led_case, takers[0], chair, because=because)
    assert led_case.allocations.get(status=AllocationStatus.ACCEPTED).end_reason == ""
    cases.take_over(Case.objects.get(pk=led_case.pk), by=takers[0], now=NOW)
    assert ended(led_case) == because
    assert led_case.allocations.get(status=AllocationStatus.ACCEPTED).end_reason == ""


@pytest.mark.parametrize("because", ["", "closed", "succeeded", "tired"])
def test_a_led_family_is_not_offered_on_without_one_of_the_reasons_there_are(led_case, worker, takers, chair, because):
    with pytest.raises(NotPossible, match="is to lead") as problem:
        offered_on(led_case, takers[0], chair, because=because)
    assert problem.value.field == "because"
    assert not led_case.allocations.filter(status=AllocationStatus.OFFERED).exists()


def test_the_chair_is_asked_why_another_leads_and_only_where_somebody_leads(client, led_case, takers, chair, melton):
    client.force_login(chair)
    url = reverse("hubs:offer_again", args=[led_case.reference])
    form = client.get(url).context["form"]
    sent = {"token": form["token"].value(), "worker": takers[0].pk, "recommended": form["recommended"].value(), **WISH}
    sent |= {"handover_note": "See the plan.", "joint_visit": "Tuesday.", "reason": "Nearer.", "over_limit_reason": "-"}
    assert "because" in client.post(url, sent).context["form"].errors
    assert client.post(url, sent | {"because": "family_asked"}).status_code == 302
    assert led_case.allocations.get(status=AllocationStatus.OFFERED).because == "family_asked"

    nobody_leads = CaseFactory(area=melton, status="opened", tier=2, opened_on=TODAY)
    page_of_it = client.get(reverse("hubs:offer_again", args=[nobody_leads.reference]))
    assert "because" not in page_of_it.context["form"].fields


def test_of_whoever_leaves_nobody_is_asked_why_and_it_is_kept_by_itself(client, leaves, takers, three, chair):
    client.force_login(chair)
    assert "because" not in client.get(page(leaves)).context["form"].fields
    hand_on(leaves, by=chair, now=NOW, takings=[Taking(three[0], takers[0], **TOLD)], reason="Leaves on Friday.")
    cases.take_over(Case.objects.get(pk=three[0].pk), by=takers[0], now=NOW)
    assert ended(three[0]) == "left_role"


def test_of_whoever_has_no_last_day_it_is_asked_once_for_all_their_families(client, worker, takers, three, chair):
    client.force_login(chair)
    shown = client.get(page(worker))
    assert "because" in shown.context["form"].fields
    assert "because" in client.post(page(worker), filled(shown, because="")).context["form"].errors
    client.post(page(worker), filled(shown, because="absence"))
    assert set(Allocation.objects.filter(status=AllocationStatus.OFFERED).values_list("because", flat=True)) == {
        "absence"
    }


def test_the_database_holds_no_other_end(led_case):
    accepted = led_case.allocations.filter(status=AllocationStatus.ACCEPTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        accepted.update(status=AllocationStatus.ENDED, ended_at=NOW, end_reason="tired")
    with pytest.raises(IntegrityError), transaction.atomic():
        accepted.update(end_reason="closed")
