"""What a test counted for a reader: printed at the end of the run, whoever ran it (screens, clicks: screens.md 1)."""

import pytest


@pytest.fixture
def counted(record_property):
    """``counted("A known family is referred", 7, "screens", most=8)`` is asserted as well as printed."""

    def tell(what, number, unit, *, most):
        record_property("counted", f"{what}: {number} {unit}, of at most {most}")
        assert number <= most, f"{what}: {number} {unit}, and at most {most} are wanted"

    return tell


def pytest_terminal_summary(terminalreporter):
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    lines = {value for report in reports for name, value in report.user_properties if name == "counted"}
    if lines:
        terminalreporter.section("counted")
        for line in sorted(lines):
            terminalreporter.write_line(line)
