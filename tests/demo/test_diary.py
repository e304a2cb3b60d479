"""The diary: what lies ahead has not happened yet."""

from datetime import datetime, timedelta

import pytest

from earlyhelp.demo.diary import Diary
from tests.factories import MONDAY


@pytest.fixture
def diary(db):
    return Diary(MONDAY)


def test_deeds_happen_in_the_order_of_their_moments(diary):
    done: list[str] = []
    diary.write(MONDAY - timedelta(hours=1), lambda now: done.append("second"))
    diary.write(MONDAY - timedelta(days=3), lambda now: done.append("first"))

    diary.live()

    assert done == ["first", "second"]


def test_what_lies_ahead_is_left_out(diary):
    done: list[datetime] = []
    diary.write(MONDAY - timedelta(hours=1), done.append)
    diary.write(MONDAY + timedelta(hours=1), done.append)

    diary.live()

    assert done == [MONDAY - timedelta(hours=1)]
