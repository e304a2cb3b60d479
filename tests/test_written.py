"""What the hazard log and the table of requirements name is there: a control that was renamed is no control."""

import ast
import csv
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOG = (ROOT / "docs" / "hazard-log.md").read_text()
HAZARDS = {part.split(maxsplit=1)[0]: part for part in re.split(r"^## ", LOG, flags=re.MULTILINE)[1:]}
LINES = ["Cause", "Effect on a family", "Severity and likelihood", "Control", "Code", "Tests"]
SEVERITY = "minor|significant|considerable|major|catastrophic"
LIKELY = "very low|low|medium|high|very high"


def requirements():
    with (ROOT / "docs" / "asvs.csv").open() as file:
        return list(csv.DictReader(file))


@cache
def names_of_tests(path):
    tree = ast.parse(path.read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def missing(names):
    """Which of these paths, or tests as ``path::name``, are not there."""
    gone = []
    for name in names:
        path, _, test = name.partition("::")
        if not (ROOT / path).exists() or (test and test not in names_of_tests(ROOT / path)):
            gone.append(name)
    return gone


def test_a_name_that_is_not_there_is_found():
    here = "tests/test_written.py"
    assert missing([here, f"{here}::test_a_name_that_is_not_there_is_found", "earlyhelp/core"]) == []
    assert missing([f"{here}::test_of_nothing", "earlyhelp/core/gone.py"]) == [
        f"{here}::test_of_nothing",
        "earlyhelp/core/gone.py",
    ]


def test_at_least_thirty_hazards_are_written_down_one_after_the_other():
    assert list(HAZARDS) == [f"H{n:02d}" for n in range(1, len(HAZARDS) + 1)]
    assert len(HAZARDS) >= 30


@pytest.mark.parametrize("hazard", HAZARDS)
def test_a_hazard_says_what_it_does_what_stands_against_it_and_what_proves_it(hazard):
    lines = dict(re.findall(r"^- \*\*(.+?):\*\* (.+)$", HAZARDS[hazard], re.MULTILINE))

    assert list(lines) == LINES
    assert re.fullmatch(f"({SEVERITY}); ({LIKELY}), and with the control ({LIKELY})", lines["Severity and likelihood"])
    code, tests = (re.findall(r"`(.+?)`", lines[name]) for name in ("Code", "Tests"))
    assert code
    assert tests
    assert all("::" in each for each in tests)
    assert missing(code + tests) == []


def test_every_requirement_has_an_answer_and_what_is_met_has_code_and_a_test():
    for row in requirements():
        assert re.fullmatch(r"V\d+\.\d+\.\d+", row["requirement"]), row
        assert row["applies"] in {"yes", "no", "partly"}, row
        assert row["control"], row
        if row["applies"] != "no":
            assert row["code"], row
            assert row["test"], row
    ids = [row["requirement"] for row in requirements()]
    assert len(ids) == len(set(ids))


def test_the_code_and_the_tests_that_a_requirement_names_are_there():
    named = [name for row in requirements() for column in ("code", "test") for name in row[column].split()]

    assert missing(named) == []
