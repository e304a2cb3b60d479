"""Where many could be offered a family a chair compares a few, and finds anybody else by name."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from earlyhelp.cases import transitions as cases
from earlyhelp.partnership.models import Leave
from earlyhelp.workflow.models import Draft
from hubs.models import HubDecision
from tests.factories import CaseFactory, PostFactory, WorkerFactory
from tests.hubs.factories import ItemFactory, MeetingFactory
from tests.hubs.referred import referred

NOW = timezone.now()
MANY = 20


@pytest.fixture
def workers(county):
    """All of the county, none of the place itself; the last by name is Zachary Zell."""
    names = [("Ann", f"Adams {number:02}") for number in range(MANY - 1)] + [("Zachary", "Zell")]
    made = [WorkerFactory(first_name=first, last_name=last) for first, last in names]
    for each in made:
        PostFactory(user=each, area=county)
    return made


@pytest.fixture
def meeting(hub, chair, members):
    """In session today."""
    return MeetingFactory.in_session(hub=hub, chair=chair, present=members, starts_at=NOW.replace(microsecond=0))


def fill(worker, area, number=8):
    for _ in range(number):
        CaseFactory.led_by(worker, area=area)


def drawn(page):
    """Whom the page compares, by their keys, in order; and whom it lists by name."""
    rows = re.findall(r'type="radio" name="worker" id="[^"]*" value="([1-9]\d*)"', page.text)
    listed = re.search(r'<select class="govuk-select" name="named".*?</select>', page.text, re.DOTALL)
    return [*map(int, rows)], listed[0] if listed else ""


def sent(page, **answers):
    form = page.context["form"]
    return {
        "token": form["token"].value(),
        "recommended": form["recommended"].value(),
        "decision": "allocate-2",
        "preference": "asked",
        "preference_note": "Local.",
        "rationale": "One coordinator.",
    } | answers


def test_twelve_are_compared_and_everybody_is_in_the_list(sign_in, item, chair, workers):
    rows, listed = drawn(sign_in(chair).get(item.get_absolute_url()))
    assert len(rows) == 12
    assert listed.count("<option") == 1 + MANY
    assert all(f'value="{each.pk}"' in listed for each in workers)
    assert "Zachary Zell" in listed
    assert ": 8% with this family" in listed


def test_where_twelve_could_be_asked_all_are_compared_and_there_is_no_list(sign_in, item, chair, workers):
    for each in workers[12:]:
        each.posts.update(until_on=timezone.localdate() - timedelta(days=1))
    rows, listed = drawn(sign_in(chair).get(item.get_absolute_url()))
    assert len(rows) == 12
    assert listed == ""


def test_who_knows_the_family_whom_it_would_like_and_who_is_near_are_among_the_few(
    sign_in, item, chair, workers, waiting_case, melton
):
    before, liked, near, full = workers[-4:]
    for busy in (before, liked):
        fill(busy, melton)
    Leave.objects.create(
        person=full, planned_by=full, planned_at=NOW, from_on=timezone.localdate(), until_on=timezone.localdate()
    )
    PostFactory(user=near, area=melton)
    PostFactory(user=full, area=melton)
    over = {"status": "closed", "closed_on": NOW.date(), "end_reason": "outcomes_met"}
    CaseFactory.led_by(before, area=melton, family=waiting_case.family, **over)
    item.wished_for, item.preference, item.preference_note = liked, "asked", "Her again."
    item.save()
    rows, _ = drawn(sign_in(chair).get(item.get_absolute_url()))
    assert {before.pk, liked.pk, near.pk} <= set(rows)
    assert full.pk not in rows


@pytest.mark.parametrize("how", ["worker", "named"])
def test_whoever_is_not_drawn_may_be_chosen_with_a_reason(sign_in, item, chair, workers, how):
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    rows, _ = drawn(page)
    other = next(each for each in workers if each.pk not in rows)
    asked = {"worker": other.pk} if how == "worker" else {"worker": 0, "named": other.pk}
    refused = client.post(item.get_absolute_url(), sent(page, **asked))
    assert refused.status_code == 422
    assert [*refused.context["form"].errors] == ["not_recommended_reason"]
    assert not HubDecision.objects.exists()
    answer = client.post(item.get_absolute_url(), sent(page, not_recommended_reason="She lives next door.", **asked))
    assert answer.status_code == 302
    assert HubDecision.objects.get().worker == other


def test_the_recommended_one_chosen_by_name_takes_no_reason(sign_in, item, chair, workers):
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    best = page.context["form"].best
    assert client.post(item.get_absolute_url(), sent(page, worker=0, named=best)).status_code == 302
    assert HubDecision.objects.get().worker_id == best


@pytest.mark.parametrize("named", ["", "0", "nobody", "9" * 30, "who leads"])
def test_by_name_nobody_is_offered_a_family_who_could_not_be(sign_in, item, chair, workers, named):
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    chosen = chair.pk if named == "who leads" else named
    refused = client.post(item.get_absolute_url(), sent(page, worker=0, named=chosen, not_recommended_reason="Near."))
    assert refused.status_code == 422
    assert refused.context["form"].errors["worker"]
    assert not item.case.allocations.exists()


def test_a_row_that_was_chosen_wins_over_a_name_that_is_out_of_the_way(sign_in, item, chair, workers):
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    rows, _ = drawn(page)
    other = next(each for each in workers if each.pk not in rows)
    assert client.post(item.get_absolute_url(), sent(page, worker=rows[0], named=other.pk)).status_code == 302
    assert HubDecision.objects.get().worker_id == rows[0]


def test_what_was_chosen_stands_on_the_page_that_comes_back(sign_in, item, chair, workers):
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    rows, _ = drawn(page)
    other = next(each for each in workers if each.pk not in rows)
    again = client.post(item.get_absolute_url(), sent(page, worker=0, named=other.pk, rationale=""))
    assert f'<option value="{other.pk}" selected>' in again.text
    assert re.search(r'value="0" checked', again.text)
    again = client.post(item.get_absolute_url(), sent(page, worker=other.pk, rationale=""))
    assert re.search(rf'value="{other.pk}" checked', again.text)


def test_a_name_that_was_chosen_is_kept_while_the_chair_types(sign_in, item, chair, workers):
    client = sign_in(chair)
    at = item.get_absolute_url()
    other = workers[-1]
    client.post(f"/drafts/{at.strip('/')}/", {"worker": "0", "named": other.pk, "rationale": "Half a li"})
    page = client.get(at)
    assert f'<option value="{other.pk}" selected>' in page.text
    assert "Half a li" in page.text
    assert Draft.objects.exists()


def test_a_family_is_offered_again_to_somebody_found_by_name(sign_in, item, chair, workers, worker):
    said = {"reason": "R", "preference": "asked", "preference_note": "N"}
    case = cases.allocate(item.case, by=chair, now=NOW, tier=2, worker=worker, **said)
    cases.decline(case, by=worker, now=NOW, reason="On leave.")
    client = sign_in(chair)
    at = f"/hubs/offer-again/{case.reference}/"
    page = client.get(at)
    _, listed = drawn(page)
    assert str(workers[-1]) in listed
    given = {"token": page.context["form"]["token"].value(), "worker": 0, "named": workers[-1].pk} | said
    given["not_recommended_reason"] = "He knows the eldest."
    assert client.post(at, given).status_code == 302
    assert case.allocations.get(status="offered").worker == workers[-1]


def test_on_a_screen_that_the_room_sees_the_list_says_initials(sign_in, item, chair, workers):
    client = sign_in(chair)
    session = client.session
    session["hub_names"] = "hidden"
    session.save()
    _, listed = drawn(client.get(item.get_absolute_url()))
    assert "Z. Z., " in listed
    assert "Zell" not in listed


def test_a_decision_is_saved_in_sixty_seven_statements_however_many_could_be_offered_the_family(
    sign_in, meeting, item, chair, workers, melton, django_assert_num_queries
):
    """Ten of them begin or end a part of the transaction. The next family is heard, and whoever referred is told."""
    referred(item.case)
    ItemFactory(meeting=meeting, case=CaseFactory(area=melton))
    client = sign_in(chair)
    page = client.get(item.get_absolute_url())
    best = page.context["form"].best
    with django_assert_num_queries(67):
        assert client.post(item.get_absolute_url(), sent(page, worker=best)).status_code == 302
