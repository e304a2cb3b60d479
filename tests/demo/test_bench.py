"""What the benchmark says of its numbers."""

from earlyhelp.demo.bench.bare import STATEMENTS, fetch
from earlyhelp.demo.bench.client import Measured, get, post
from earlyhelp.demo.bench.pages import Page
from earlyhelp.demo.bench.report import closing, misses, yardstick
from tests.factories import CaseFactory
from tests.referrals.factories import DraftFactory

PAGE = Page("Caseload", lambda: iter(()), "/bare/caseload")


def test_a_page_within_its_targets_misses_none():
    assert misses(PAGE, Measured(median=9, p95=12, queries=6, rate=200), 0.3) == []


def test_each_target_that_is_missed_is_named():
    found = misses(PAGE, Measured(median=30, p95=40, queries=12, rate=20), 0.05)

    assert len(found) == 3
    assert all(text.startswith("Caseload") for text in found)


def test_the_last_line_counts_what_is_met():
    said: list[str] = []
    closing(["Caseload: 30 ms, not 12"], 4, said.append)

    assert said[0] == "3 of 4 targets are met. Not met:"


def test_a_machine_is_told_by_how_long_raw_sql_takes_on_it():
    said = "Raw SQL for a caseload, alone: 9.0 ms, 5.0 times what it took where the targets were set."

    assert yardstick(9.0) == said


def test_every_bare_statement_is_one_the_database_understands(db):
    values = {name: 1 for name in ("user", "area", "meeting", "case", "family", "person", "item")} | {
        "first": "Pat",
        "last": "Example",
        "reference": "none",
    }
    for name in STATEMENTS.keys() - {"decision", "referral"}:  # these two write
        assert len(fetch(name, values)) == len(STATEMENTS[name])


def test_the_bare_saves_keep_every_column_that_the_tables_ask_for(db):
    case, referral = CaseFactory(status="awaiting_decision"), DraftFactory()

    decided = fetch("decision", {"case": case.pk, "user": referral.author_id})
    saved = fetch("referral", {"user": referral.author_id})

    assert len(decided) == len(STATEMENTS["decision"])
    assert decided[2:4] == [1, 1]  # the offer, and the tier
    assert len(saved) == len(STATEMENTS["referral"])


def test_a_request_names_this_machine_and_closes_its_line():
    assert b"Host: 127.0.0.1" in get("/cases/")
    assert post("/x/", "a=b", [("why", "é")]).endswith(b"why=%C3%A9")
