"""A whole agenda shared out at once: fair first, explained in words, and decided by nobody but the chair."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Allocation
from earlyhelp.demo.bench.fairness import agendas, family_by_family, least_busiest
from earlyhelp.partnership.models import Leave
from hubs.balance.problem import Family, Person, Problem, fairness, in_reach
from hubs.balance.sharing_out import share_out
from hubs.balance.solving import solve
from hubs.enums import ItemKind
from hubs.forms.recommended import said_of
from hubs.models import AgendaItem, HubDecision
from hubs.queries import Asked
from hubs.services.interests import declare
from tests.factories import MONDAY, CaseFactory, MemberFactory, PersonFactory, PostFactory, WorkerFactory
from tests.hubs.factories import ItemFactory, MeetingFactory, SeatFactory

ANNA, BEN, CLEO = Person(1, 0, 10), Person(2, 4, 10), Person(3, 0, 5)


def families(*weights, costs=None):
    return tuple(Family(100 + n, weight, costs or {1: 0, 2: 0, 3: 0}) for n, weight in enumerate(weights))


def shared(people, asked):
    problem = Problem(tuple(people), tuple(asked))
    return problem.shares(solve(problem).chosen), solve(problem)


# --- the model, in numbers alone ---------------------------------------------------------------------------------------


def test_the_busiest_carries_as_little_as_possible_and_half_the_hours_take_half():
    shares, answer = shared([ANNA, BEN, CLEO], families(*[1] * 8))
    assert max(shares.values()) == 50
    assert answer.proven


def test_one_look_at_all_is_fairer_than_one_after_the_other():
    """The first family fits both; alone it goes to Anna, whom the second, which only she may take, then fills."""
    people = [Person(1, 0, 4), Person(2, 1, 4)]
    asked = (Family(101, 1, {1: 0, 2: 0}), Family(102, 2.5, {1: 0}))
    shares, _ = shared(people, asked)
    assert shares == {1: 62.5, 2: 50}


def test_nobody_is_proposed_over_their_limit_and_the_families_heard_first_have_somebody():
    asked = families(1, 1, 1, costs={1: 0})
    _, answer = shared([Person(1, 8, 10)], asked)
    assert answer.chosen == {100: 1, 101: 1}
    _, answer = shared([Person(1, 12, 10)], asked)
    assert answer.chosen == {}


def test_what_fits_a_family_decides_where_nobody_is_much_busier_for_it():
    near, far = {1: 0, 2: 15}, {1: 15, 2: 0}
    asked = (Family(101, 1, near), Family(102, 1, far))
    _, answer = shared([Person(1, 3, 10), Person(2, 3, 10)], asked)
    assert answer.chosen == {101: 1, 102: 2}
    _, answer = shared([Person(1, 8, 10), Person(2, 0, 10)], (Family(101, 1, near),))
    assert answer.chosen == {101: 2}


def test_the_same_agenda_is_shared_out_the_same_however_it_was_read():
    [agenda] = agendas(1, families=10, workers=8)
    problem = agenda.problem
    again = Problem(
        tuple(reversed(problem.people)),
        tuple(replace(each, costs=dict(reversed(each.costs.items()))) for each in problem.families),
    )
    assert solve(problem).chosen == solve(again).chosen
    _, alike = shared([Person(2, 0, 10), Person(1, 0, 10)], families(1, costs={2: 0, 1: 0}))
    assert alike.chosen == {100: 1}


def test_nothing_to_share_out_is_answered_at_once():
    assert solve(Problem((), ())).chosen == {}
    assert solve(Problem((ANNA,), (Family(101, 1, {}),))).chosen == {}


@pytest.mark.parametrize("agenda", list(agendas(6, families=6, workers=5)))
def test_the_busiest_is_no_busier_than_in_the_best_of_all_ways(agenda):
    found = fairness(in_reach(agenda.problem), solve(agenda.problem).chosen)
    placed, most = least_busiest(agenda.problem)
    assert found.placed == placed
    assert found.most == pytest.approx(most)


def test_seeded_agendas_are_fairer_at_once_than_family_by_family():
    """The figures of ``make bench``, in small: on average less for the busiest, and more even."""
    at_once, by_turns = [], []
    for agenda in agendas(5):
        reached = in_reach(agenda.problem)
        at_once.append(fairness(reached, solve(agenda.problem).chosen))
        by_turns.append(fairness(reached, family_by_family(agenda)))
        assert at_once[-1].placed >= by_turns[-1].placed
        assert at_once[-1].placed > by_turns[-1].placed or at_once[-1].most <= by_turns[-1].most + 1e-4
    assert sum(each.most for each in at_once) < sum(each.most for each in by_turns) - 20
    assert sum(each.spread for each in at_once) < sum(each.spread for each in by_turns) - 8


def test_out_of_time_the_best_that_was_found_stands_and_says_so():
    [agenda] = agendas(1, families=120, workers=40)
    answer = solve(agenda.problem, seconds=0.2)
    found, by_turns = (
        fairness(in_reach(agenda.problem), chosen) for chosen in (answer.chosen, family_by_family(agenda))
    )
    assert not answer.proven
    assert answer.seconds < 2
    assert found.placed >= by_turns.placed


# --- of an agenda ------------------------------------------------------------------------------------------------------


@pytest.fixture
def workers(melton):
    return [PostFactory(user=WorkerFactory(), area=melton).user for _ in range(3)]


def asked(melton, n, **facts):
    return [Asked(CaseFactory(area=melton), 2, **facts) for _ in range(n)]


def test_each_worker_is_proposed_for_as_many_as_the_others(workers, melton):
    found = share_out(asked(melton, 6), now=MONDAY).proposals
    assert sorted(found.count(each) for each in found) == [1] * 6
    assert {worker: [each.candidate.worker for each in found].count(worker) for worker in workers} == dict.fromkeys(
        workers, 2
    )
    assert found[0].why == (
        "works in Melton, the family’s own area; at 17% of their limit with all that is proposed here, "
        "the least of 3 who could take it"
    )


def test_a_language_a_wish_and_an_earlier_episode_are_followed_and_said(workers, melton):
    first, second, third = workers
    first.languages = ["Polish"]
    first.save()
    spoken, liking = asked(melton, 1)[0], asked(melton, 1, liked=second.pk)[0]
    MemberFactory(
        family=spoken.case.family,
        person=PersonFactory(language="Polish", interpreter=True, born_on=date(1990, 1, 1)),
        role="parent",
    )
    known = CaseFactory.led_by(third, area=melton)
    known.team.update(until_at=MONDAY)
    known.allocations.update(status="ended", ended_at=MONDAY, end_reason="closed")
    type(known).objects.filter(pk=known.pk).update(
        status="closed", closed_on=MONDAY.date(), end_reason="outcomes_met", lead=third
    )
    again = Asked(CaseFactory(family=known.family, area=melton), 2)
    one, two, three = share_out([spoken, liking, again], now=MONDAY).proposals
    assert [each.candidate.worker for each in (one, two, three)] == [first, second, third]
    assert one.why.startswith("speaks Polish; works in Melton")
    assert two.why.startswith("the family would like them")
    assert three.why.startswith("worked with this family before")


def test_nobody_is_proposed_who_is_away_has_an_interest_or_would_not_be_wanted(workers, melton, chair):
    away, knows, unwanted = workers
    today = timezone.localdate(MONDAY)
    Leave.objects.create(
        person=away, from_on=today, until_on=today + timedelta(days=20), planned_by=away, planned_at=MONDAY
    )
    [family] = asked(melton, 1, avoided=unwanted.pk)
    declare(family.case, user=knows, by=chair, now=MONDAY)
    [found] = share_out([family], now=MONDAY).proposals
    assert found.candidate is None
    assert found.why == "Nobody can take it. Of 2 here: 1 cannot begin, for leave; 1 the family would not have."


def test_why_nobody_can_take_a_family_is_said(workers, melton, county):
    for worker in workers:
        worker.intensive, worker.case_limit = False, 1
        worker.save()
    CaseFactory.led_by(workers[0], area=melton)
    elsewhere = Asked(CaseFactory(), 2)
    three = Asked(CaseFactory(area=melton), 3)
    rest = asked(melton, 3)
    found = share_out([three, elsewhere, *rest], now=MONDAY).proposals
    assert found[0].why == "Nobody can take it. Of 3 here: 3 cannot lead at tier 3."
    assert found[1].why == "Nobody takes families in this area."
    assert [bool(each.candidate) for each in found[2:]] == [True, True, False]
    assert found[4].why == (
        "Nobody can take it. Of 3 here: 1 would be over their limit; "
        "2 would be over their limit with what else is proposed here."
    )


# --- on the page -------------------------------------------------------------------------------------------------------


@pytest.fixture
def meeting(hub, chair, members):
    return MeetingFactory.in_session(hub=hub, chair=chair, present=members, starts_at=timezone.now())


def page_of(meeting):
    return f"{meeting.get_absolute_url()}balance/"


def taken_over(page, item):
    """Where the page leads with what it proposes for this family."""
    return re.search(rf'href="({item.get_absolute_url()}\?suggested=[^"]+)"', page.text)[1]


def test_the_chair_takes_a_proposal_into_the_decision_and_nothing_is_decided_by_looking(
    sign_in, meeting, chair, workers, melton
):
    items = [ItemFactory(meeting=meeting, case=CaseFactory(area=melton)) for _ in range(3)]
    client = sign_in(chair)
    page = client.get(page_of(meeting))
    assert "Share the agenda out" in client.get(meeting.get_absolute_url()).content.decode()
    assert not Allocation.objects.exists()
    assert not HubDecision.objects.exists()
    (item, proposal) = page.context["rows"][1]
    url = taken_over(page, item)
    form = client.get(url).context["form"]
    assert (form["decision"].value(), form["worker"].value()) == ("allocate-2", proposal.candidate.worker.pk)
    assert form["rationale"].value() is None
    names = ("token", "recommended", "decision", "worker", "not_recommended_reason")
    sent = {name: form[name].value() or "" for name in names}
    sent |= {"preference": "asked", "preference_note": "Local.", "rationale": "One coordinator."}
    assert client.post(url, sent).status_code == 302
    decision = HubDecision.objects.get()
    assert decision.worker == proposal.candidate.worker
    assert decision.not_recommended_reason == ""
    assert len(client.get(page_of(meeting)).context["rows"]) == 2
    assert items[0].pk in AgendaItem.objects.on_agenda().values_list("pk", flat=True)


def test_whoever_takes_somebody_else_than_was_proposed_says_why_in_their_own_words(
    sign_in, meeting, chair, workers, melton
):
    for _ in range(3):
        ItemFactory(meeting=meeting, case=CaseFactory(area=melton))
    client = sign_in(chair)
    shared = client.get(page_of(meeting))
    (item, proposal) = shared.context["rows"][1]
    url = taken_over(shared, item)
    page = client.get(url)
    form = page.context["form"]
    assert form["not_recommended_reason"].value() is None
    assert "eh-when-another" in page.text
    another = next(each for each in page.context["found"] if each.worker != proposal.candidate.worker)
    sent = {name: form[name].value() or "" for name in ("token", "recommended", "decision")}
    sent |= {"worker": another.worker.pk, "preference": "asked", "preference_note": "Local.", "rationale": "One."}
    refused = client.post(url, sent)
    assert refused.context["form"].errors["not_recommended_reason"]
    assert not HubDecision.objects.exists()
    assert client.post(url, sent | {"not_recommended_reason": "She lives next door."}).status_code == 302
    assert HubDecision.objects.get().not_recommended_reason == "She lives next door."


def test_somebody_who_may_not_take_the_family_is_not_filled_in(sign_in, meeting, chair, workers, melton, practitioner):
    item = ItemFactory(meeting=meeting, case=CaseFactory(area=melton))
    for suggested in (said_of(item.case, 2, practitioner.pk), "nobody", "²"):
        page = sign_in(chair).get(item.get_absolute_url(), {"suggested": suggested})
        assert page.status_code == 200
        assert page.context["form"]["worker"].value() is None


def test_what_needs_nobody_new_is_left_out_and_counted(sign_in, meeting, chair, workers, melton):
    ItemFactory(meeting=meeting, case=CaseFactory(area=melton))
    closing = CaseFactory.led_by(workers[0], area=melton, status=Status.CLOSING)
    ItemFactory(meeting=meeting, case=closing, kind=ItemKind.CLOSURE)
    page = sign_in(chair).get(page_of(meeting))
    assert len(page.context["rows"]) == 1
    assert "1 other on the agenda needs nobody new." in page.content.decode()


def test_a_member_and_a_chair_elsewhere_share_nothing_out(sign_in, meeting, member, charnwood):
    other = PostFactory(role="hub_chair", area=charnwood).user
    for person in (member, other):
        assert sign_in(person).get(page_of(meeting)).status_code == 404


def test_a_restricted_family_is_shared_out_for_nobody_but_its_named_chair(sign_in, meeting, chair, workers, melton):
    case = CaseFactory(area=melton, restricted=True)
    ItemFactory(meeting=meeting, case=case)
    assert case.reference not in sign_in(chair).get(page_of(meeting)).content.decode()
    case.named_chair = chair
    case.save()
    assert case.reference in sign_in(chair).get(page_of(meeting)).content.decode()


@pytest.mark.parametrize("n", [1, 20])
def test_sharing_out_takes_as_many_queries_for_twenty_as_for_one(
    sign_in, meeting, chair, melton, n, django_assert_num_queries
):
    for _ in range(n):
        ItemFactory(meeting=meeting, case=CaseFactory(area=melton))
        PostFactory(user=WorkerFactory(), area=melton)
        SeatFactory(hub=meeting.hub)
    client = sign_in(chair)
    client.get(page_of(meeting))
    with django_assert_num_queries(17):
        assert client.get(page_of(meeting)).status_code == 200
