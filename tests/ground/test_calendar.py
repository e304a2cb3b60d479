from datetime import UTC, date, datetime

import pytest

from earlyhelp.core.calendar import LONDON, Unit, add_months, add_working_days, due, is_working_day


def local(*parts):
    return datetime(*parts, tzinfo=LONDON)


def test_bank_holidays_of_england_and_wales_are_not_working_days():
    assert not is_working_day(date(2026, 5, 25))
    assert not is_working_day(date(2026, 12, 28))  # Boxing Day falls on a Saturday, and Monday stands in for it
    assert is_working_day(date(2026, 3, 17))  # a holiday in Northern Ireland only


def test_three_working_days_after_christmas_eve_is_new_years_eve():
    assert add_working_days(date(2026, 12, 24), 3) == date(2026, 12, 31)


def test_working_days_are_counted_backwards_too():
    assert add_working_days(date(2026, 1, 2), -1) == date(2025, 12, 31)


def test_no_working_days_gives_the_first_working_day_not_before():
    assert add_working_days(date(2026, 5, 23), 0) == date(2026, 5, 26)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_months_keep_the_day_and_are_clamped_at_a_shorter_months_end(start, months, expected):
    assert add_months(start, months) == expected


def test_due_days_close_at_five_local_time_on_either_side_of_the_clocks_changing():
    winter = due(local(2026, 3, 26, 10), 1, Unit.WORKING_DAYS)
    summer = due(local(2026, 3, 27, 10), 1, Unit.WORKING_DAYS)

    assert winter.astimezone(UTC) == datetime(2026, 3, 27, 17, tzinfo=UTC)
    assert summer.astimezone(UTC) == datetime(2026, 3, 30, 16, tzinfo=UTC)


def test_four_working_hours_after_three_o_clock_run_on_into_the_next_morning():
    assert due(local(2026, 3, 5, 15), 4, Unit.WORKING_HOURS) == local(2026, 3, 6, 11)


def test_working_hours_begun_on_a_saturday_begin_on_monday():
    assert due(local(2026, 3, 7, 12), 4, Unit.WORKING_HOURS) == local(2026, 3, 9, 13)


def test_working_hours_begun_after_closing_begin_next_morning():
    assert due(local(2026, 3, 5, 18), 4, Unit.WORKING_HOURS) == local(2026, 3, 6, 13)


def test_weeks_that_end_on_a_holiday_fall_due_on_the_next_working_day():
    assert due(local(2026, 4, 13, 9), 6, Unit.WEEKS).date() == date(2026, 5, 26)
