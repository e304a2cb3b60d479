"""The report to a board: a quarter against the one before, in numbers that point at nobody (domain.md R32, 15.1, story 7)."""

import csv
import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from earlyhelp.cases.enums import Status
from earlyhelp.cases.models import Case, CaseDeadline, TierChange
from earlyhelp.core.counts import FEWER
from earlyhelp.insight import gaps
from earlyhelp.insight.access import REPORTING
from earlyhelp.insight.activity import Quarter
from earlyhelp.insight.board import COLUMNS, report
from earlyhelp.insight.small import NOT_SHOWN, parts, share
from earlyhelp.partnership.enums import Role
from tests.factories import AreaFactory, CaseFactory, PostFactory
from tests.insight.missing import NOW, STOPPED, TODAY, allocated, blocked
from tests.referrals.factories import sent

PAGE = "/dashboard/board/"
THIS = Quarter(gaps.quarter_of(TODAY))
NOW_OF_IT = f"?quarter={THIS.first}"
LAST = gaps.begins(THIS.before.first) + timedelta(days=20)
AUTISM = "Support with autism, Charnwood"


def said(user, quarter=THIS, **filters):
    """What stands in the report, line by line: (this quarter, the one before)."""
    user.forget_scope()
    made = report(user, quarter, now=NOW, **filters)
    return {line.what: (line.now, line.before) for part in made.parts for line in part.lines}


def remark(user, what):
    user.forget_scope()
    made = report(user, THIS, now=NOW)
    return next(line.remark for part in made.parts for line in part.lines if line.what == what)


# --- story 7: the gap ---------------------------------------------------------------------------------------------------


@pytest.fixture
def autism(session, marek):
    """Four decisions of this quarter give more than the level of need, because the same thing is missing."""
    return [allocated(session, marek) for _ in range(4)]


def test_the_autism_gap_of_four_decisions_emerges_by_itself(autism, graham, service_manager):
    for reader in (graham, service_manager):
        assert said(reader)[AUTISM] == (FEWER, "0")
        assert remark(reader, AUTISM) == "New"


def test_from_five_on_the_number_is_the_one_of_the_page_of_trends(as_user, autism, session, marek, graham):
    allocated(session, marek)
    [row] = as_user(graham).get("/dashboard/trends/").context["trends"]
    assert said(graham)[AUTISM] == (str(row.numbers[-1]), str(row.numbers[-2])) == ("5", "0")


def test_a_restricted_record_changes_nothing(autism, session, marek, charnwood, graham, service_manager):
    before = [said(reader) for reader in (graham, service_manager)]
    blocked(charnwood, marek, restricted=True)
    assert [said(reader) for reader in (graham, service_manager)] == before


def test_what_a_quarter_lacked_stands_in_the_next_as_the_one_before(autism, graham):
    after = Quarter(THIS.until)
    assert said(graham, after)[AUTISM] == ("0", FEWER)
    assert AUTISM not in said(graham, THIS.before)


@pytest.mark.parametrize("copy", ["", "pdf/", "csv/"])
def test_nobody_is_named_on_the_page_or_on_paper(as_user, autism, graham, marek, charnwood, copy):
    cases = [*autism, blocked(charnwood, marek).case]
    text = text_of(as_user(graham).get(f"{PAGE}{copy}{NOW_OF_IT}"))
    assert "Support with autism" in text
    for case in cases:
        assert case.reference not in text
        assert str(case.family) not in text
    assert STOPPED["what"] not in text
    assert str(marek) not in text


def text_of(response):
    assert response.status_code == 200
    if response["Content-Type"] == "application/pdf":
        pages = PdfReader(io.BytesIO(response.content)).pages
        return " ".join(" ".join(page.extract_text().split()) for page in pages)
    return response.content.decode("utf-8-sig")


# --- what is counted ----------------------------------------------------------------------------------------------------


def test_the_open_cases_are_those_of_the_dashboard(as_user, service_manager, melton, charnwood, worker):
    for place, number in ((melton, 6), (charnwood, 7)):
        for n in range(number):
            CaseFactory.led_by(worker, area=place, tier=2 + n % 2, status=Status.ASSESSING)
    CaseFactory(area=melton, status=Status.OPENED, tier=2, opened_on=TODAY)
    CaseFactory(area=melton)  # waits for the hub
    CaseFactory.led_by(worker, area=melton, status=Status.CLOSED, closed_on=TODAY, end_reason="outcomes_met")
    rows = dict(as_user(service_manager).get("/dashboard/").context["statuses"])["All open cases"]
    lines = said(service_manager)
    tiers = [lines[f"At tier {tier}"][0] for tier in ("2 – Targeted", "3 – Enhanced")]
    assert [*tiers, lines["Open when the quarter was over"][0]] == [str(each) for each in rows]
    assert (lines["Open in Charnwood"][0], lines["Open in Melton"][0]) == ("7", "7")


def test_a_tier_counts_as_it_was_when_the_quarter_was_over(service_manager, melton, worker, chair):
    for _ in range(5):
        case = CaseFactory.led_by(worker, area=melton, tier=3)
        Case.objects.filter(pk=case.pk).update(opened_on=THIS.before.first)
        TierChange.objects.create(case=case, to_tier=2, reason="-", decided_by=chair, decided_at=LAST)
        TierChange.objects.create(case=case, from_tier=2, to_tier=3, reason="-", decided_by=chair, decided_at=NOW)
    lines = said(service_manager)
    assert lines["At tier 2 – Targeted"] == ("0", "5")
    assert lines["At tier 3 – Enhanced"] == ("5", "0")
    assert (lines["Stepped up"], lines["Stepped down"]) == (("5", "0"), ("0", "0"))
    assert lines["Families taken on"] == ("0", "5")


def test_referrals_are_counted_on_the_day_on_which_they_came(service_manager, melton, practitioner):
    for n in range(11):
        sent(area=melton, author=practitioner, now=LAST if n < 5 else NOW)
    assert said(service_manager)["Referrals received"] == ("6", "5")
    assert "Referrals decided by EH Access" not in said(service_manager)


def test_what_is_open_and_overdue_counts_as_late(service_manager, led_case, worker, melton):
    moments = {"area": melton, "holder": worker, "rungs": [], "started_at": NOW - timedelta(days=9)}
    for n in range(20):
        due_at = gaps.begins(THIS.first) + timedelta(minutes=n)
        met_at = due_at if n < 10 else due_at + timedelta(minutes=1) if n < 15 else None
        CaseDeadline.objects.create(
            owner=CaseFactory(area=melton), code="D_ASSESS", label="-", due_at=due_at, met_at=met_at, **moments
        )
    assert said(service_manager)["Complete the assessment"] == ("50% of 20", "None")


def test_why_cases_ended_is_counted(service_manager, melton, worker):
    for reason, number in (("outcomes_met", 7), ("family_withdrew", 6)):
        for _ in range(number):
            CaseFactory.led_by(worker, area=melton, status=Status.CLOSED, closed_on=TODAY, end_reason=reason)
    lines = said(service_manager)
    assert lines["Cases ended"] == ("13", "0")
    assert (lines["Outcomes met"], lines["The family withdrew"]) == (("7", "0"), ("6", "0"))


def test_one_place_is_reported_by_itself(service_manager, melton, charnwood, worker):
    for place in (melton, charnwood):
        for _ in range(5):
            CaseFactory.led_by(worker, area=place)
    assert said(service_manager, area=melton)["Open when the quarter was over"][0] == "5"
    assert said(service_manager)["Open when the quarter was over"][0] == "10"


# --- small numbers ------------------------------------------------------------------------------------------------------


def test_a_small_number_is_hidden_whoever_reads_it(chair, melton, worker):
    """A chair may open each of them: a paper goes on to people who may not."""
    for _ in range(4):
        CaseFactory.led_by(worker, area=melton)
    assert said(chair)["Open when the quarter was over"][0] == FEWER


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([7, 6], (["7", "6"], "13")),
        ([7, 0], (["7", "0"], "7")),
        ([1, 9, 6], ([NOT_SHOWN, "9", NOT_SHOWN], "16")),
        ([1, 9, 0], ([NOT_SHOWN, NOT_SHOWN, "0"], "10")),
        ([3], ([FEWER], FEWER)),
        ([4, 4], ([FEWER, FEWER], NOT_SHOWN)),
        ([1, 1], ([FEWER, FEWER], FEWER)),
        ([], ([], "0")),
    ],
)
def test_a_hidden_part_cannot_be_told_from_the_whole(numbers, expected):
    assert parts(numbers) == expected


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (10, 20, "50% of 20"),
        (20, 20, "100% of 20"),
        (0, 20, "0% of 20"),
        (19, 20, "80% or more of 20"),
        (16, 20, "80% or more of 20"),
        (1, 20, "20% or less of 20"),
        (2, 4, "Of fewer than 5"),
        (0, 0, "None"),
    ],
)
def test_of_a_share_no_small_number_can_be_told(part, whole, expected):
    assert share(part, whole) == expected


# --- who, and how much it takes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(set(Role.values) - set(REPORTING)))
def test_for_whoever_answers_to_no_board_there_is_no_report(as_user, county, role):
    browser = as_user(PostFactory(role=role, area=county).user)
    for copy in ("", "pdf/", "csv/"):
        assert browser.get(f"{PAGE}{copy}").status_code == 404


@pytest.mark.parametrize("who", ["chair", "service_manager"])
def test_the_dashboard_leads_those_who_report_to_it(as_user, request, who):
    browser = as_user(request.getfixturevalue(who))
    assert 'href="/dashboard/board/"' in browser.get("/dashboard/").text
    assert browser.get(PAGE).status_code == 200


def test_the_dashboard_leads_nobody_else_there(as_user, coordinator):
    assert 'href="/dashboard/board/"' not in as_user(coordinator).get("/dashboard/").text


def test_the_chair_of_another_place_reports_nothing_of_it(autism, chair):
    assert set(said(chair).values()) == {("0", "0")}


def test_it_is_of_the_last_quarter_that_is_over_unless_another_is_asked_for(as_user, service_manager):
    browser = as_user(service_manager)
    assert browser.get(PAGE).context["report"].quarter == THIS.before
    assert browser.get(PAGE + NOW_OF_IT).context["report"].quarter == THIS
    assert browser.get(f"{PAGE}?quarter=never").context["report"].quarter == THIS.before


def test_page_paper_and_table_say_the_same(as_user, autism, session, marek, graham):
    allocated(session, marek)
    browser = as_user(graham)
    made = browser.get(PAGE + NOW_OF_IT).context["report"]
    drawn = text_of(browser.get(f"{PAGE}pdf/{NOW_OF_IT}"))
    head, *rows = csv.reader(io.StringIO(text_of(browser.get(f"{PAGE}csv/{NOW_OF_IT}"))))
    assert tuple(head) == COLUMNS
    assert [row[1:4] for row in rows] == [
        [line.what, line.now, line.before] for part in made.parts for line in part.lines
    ]
    for part in made.parts:
        assert part.heading in drawn
    assert "it names nobody" in drawn


def test_the_pdf_can_be_read_by_everybody(as_user, autism, graham):
    catalogue = PdfReader(io.BytesIO(as_user(graham).get(f"{PAGE}pdf/").content)).trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"].startswith("en")


@pytest.mark.parametrize("n", [1, 20])
def test_it_takes_as_many_queries_however_much_is_counted(
    as_user, service_manager, melton, worker, practitioner, n, django_assert_num_queries
):
    for number in range(n):
        place = AreaFactory(name=f"Place {number}", kind="locality", parent=melton)
        blocked(place, worker)
        CaseFactory.led_by(worker, area=place, status=Status.CLOSED, closed_on=TODAY, end_reason="outcomes_met")
        sent(area=place, author=practitioner, now=NOW)
    browser = as_user(service_manager)
    browser.get(PAGE + NOW_OF_IT)
    with django_assert_num_queries(27):
        browser.get(PAGE + NOW_OF_IT)
