"""What a worker brings to a family, side by side: near, known, understood, wished for, and there."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from earlyhelp.partnership.enums import Skill
from earlyhelp.partnership.models import Leave
from earlyhelp.workflow.transitions import NotPossible
from hubs import transitions
from hubs.queries import Asked, all_compared, candidates, eligible, who_takes
from hubs.services.interests import declare
from tests.factories import (
    MONDAY,
    AgencyFactory,
    AreaFactory,
    CaseFactory,
    MemberFactory,
    PersonFactory,
    PostFactory,
    WorkerFactory,
)
from tests.hubs.factories import SeatFactory


def brings(case, worker, **wishes):
    return next(each for each in candidates(case, 2, now=MONDAY, **wishes) if each.worker == worker)


def child(case, born_on, **facts):
    return MemberFactory(family=case.family, person=PersonFactory(born_on=born_on, **facts))


def away(worker, first, last):
    today = timezone.localdate(MONDAY)
    days = {"from_on": today + timedelta(days=first), "until_on": today + timedelta(days=last)}
    return Leave.objects.create(person=worker, planned_by=worker, planned_at=MONDAY, **days)


def test_how_near_somebody_works_is_said_in_words(waiting_case, hub, melton, county, charnwood):
    here, inside = PostFactory(user=WorkerFactory(), area=melton).user, PostFactory(user=WorkerFactory()).user
    inside.posts.update(area=AreaFactory(name="Asfordby", parent=melton))
    wide = PostFactory(user=WorkerFactory(), area=county).user
    seated = SeatFactory(hub=hub, user=WorkerFactory()).user
    PostFactory(user=seated, area=charnwood)
    SeatFactory(hub=hub, user=inside)
    assert brings(waiting_case, here).brings.where == "works in Melton, the family’s own area"
    assert brings(waiting_case, inside).brings.where == "works in Asfordby, the family’s own area"
    assert brings(waiting_case, wide).brings.where == f"works across {county}"
    assert brings(waiting_case, seated).brings.where == "works elsewhere, in Charnwood"


def test_who_speaks_the_language_of_a_family_that_needs_an_interpreter_comes_before_who_has_more_room(
    waiting_case, worker, other_worker, melton
):
    child(waiting_case, date(1990, 1, 1), language="Polish", interpreter=True)
    worker.languages = ["polish"]
    worker.save()
    CaseFactory.led_by(worker, area=melton)
    best, second = candidates(waiting_case, 2, now=MONDAY)
    assert (best.worker, best.brings.speaks, second.brings.lacks) == (worker, ("Polish",), ("Polish",))
    assert best.reason == "speaks Polish, and has room: 17% of the limit with this family"


def test_a_language_without_an_interpreter_is_no_need(waiting_case, worker):
    child(waiting_case, date(1990, 1, 1), language="Polish")
    assert brings(waiting_case, worker).brings.lacks == ()


def test_skills_are_read_off_the_ages_of_the_children(waiting_case, worker):
    child(waiting_case, date(2024, 5, 1))
    child(waiting_case, date(2012, 1, 1))
    worker.skills = [Skill.TEENAGERS, Skill.ADULTS]
    worker.save()
    found = brings(waiting_case, worker).brings
    assert found.skills == ("teenagers",)
    assert found.need.words == "teenagers; babies and children under 5"


def test_nobody_is_recommended_who_is_away_and_everybody_is_shown(waiting_case, worker, other_worker):
    away(worker, -1, 3)
    away(other_worker, 10, 25)
    first, second = candidates(waiting_case, 2, now=MONDAY)
    assert {first.worker, second.worker} == {worker, other_worker}
    assert {first.brings.away, second.brings.away} == {"away until 5 March 2026", "away for 16 of the next 28 days"}
    assert not first.recommended
    assert not second.recommended


def test_two_days_off_stand_there_and_keep_nobody_from_a_family(waiting_case, worker):
    away(worker, 5, 6)
    found = brings(waiting_case, worker)
    assert (found.recommended, found.brings.away) == (True, "")
    assert found.brings.leave == "away from 7 March 2026 to 8 March 2026"


def test_whom_the_family_would_like_comes_first_and_whom_they_would_not_last(
    waiting_case, worker, other_worker, melton
):
    CaseFactory.led_by(worker, area=melton)
    best, _ = candidates(waiting_case, 2, now=MONDAY, liked=worker.pk)
    assert best.worker == worker
    assert best.reason.startswith("the family would like them")
    best, last = candidates(waiting_case, 2, now=MONDAY, avoided=other_worker.pk)
    assert (best.worker, last.worker, last.can_begin) == (worker, other_worker, False)


def test_whom_they_would_like_is_recorded_only_where_they_were_asked(item, chair, worker):
    said = {"by": chair, "now": MONDAY, "preference_note": "Not in yet."}
    with pytest.raises(NotPossible, match="named nobody"):
        transitions.record_preference(item, preference="not_asked", wished_for=worker, **said)
    with pytest.raises(NotPossible, match="both"):
        transitions.record_preference(item, preference="asked", wished_for=worker, wished_not=worker, **said)
    item.refresh_from_db()
    assert (item.preference, item.wished_for) == ("", None)
    transitions.record_preference(item, preference="asked", wished_for=worker, **said)
    item.refresh_from_db()
    assert item.wished_for == worker


def test_whoever_has_a_last_day_is_offered_nothing_more(waiting_case, worker, other_worker):
    worker.left_on = date(2026, 4, 1)
    worker.save()
    assert [each.worker for each in candidates(waiting_case, 2, now=MONDAY)] == [other_worker]


def test_part_time_counts_for_what_it_is(waiting_case, worker, melton):
    worker.hours, worker.case_limit = 18.5, 4
    worker.save()
    CaseFactory.led_by(worker, area=melton)
    found = brings(waiting_case, worker)
    assert (found.percent, found.percent_after, found.over_limit) == (50, 100, False)


def test_a_whole_agenda_finds_the_same_workers_as_each_family_alone(hub, melton, county, charnwood, chair):
    """``who_takes`` says of many in four queries what ``eligible`` says of one."""
    for area in (melton, county, charnwood, AreaFactory(parent=melton)):
        PostFactory(user=WorkerFactory(), area=area)
    agency = AgencyFactory()
    SeatFactory(hub=hub, agency=agency)
    WorkerFactory(agency=agency)
    places = (melton, charnwood, AreaFactory(name="Asfordby", parent=melton))
    cases = [CaseFactory(area=area) for area in places]
    lead = WorkerFactory(agency=agency)
    cases.append(CaseFactory.led_by(lead, area=melton))
    knows = who_takes(cases)[cases[0].pk][0]
    declare(cases[0], user=knows, by=chair, now=MONDAY)
    found = who_takes(cases)
    for case in cases:
        assert {each.pk for each in found[case.pk]} == set(eligible(case).values_list("pk", flat=True))
    assert knows not in found[cases[0].pk]
    assert lead not in found[cases[3].pk]


@pytest.mark.parametrize("n", [1, 20])
def test_a_whole_agenda_is_compared_in_seven_queries(melton, n, django_assert_num_queries):
    workers = [PostFactory(user=WorkerFactory(), area=melton).user for _ in range(n)]
    pairs = [(Asked(CaseFactory(area=melton), 2), workers) for _ in range(n)]
    with django_assert_num_queries(7):
        assert len(all_compared(pairs, now=MONDAY)) == n
