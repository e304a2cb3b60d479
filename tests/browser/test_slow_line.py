"""What is typed is kept in time, however busy the hands and however slow the line (P12). The page’s clock is the test’s."""

from datetime import timedelta

import pytest

from tests.factories import MONDAY
from tests.referrals.factories import ready_draft

WHY = "Why now?"


class Line:
    """Between the page and where it is kept: says what has set out, and holds it for as long as the test wants."""

    def __init__(self, page):
        self.page, self.held, self.set_out = page, [], []
        page.route("**/drafts/**", self._stop)

    def _stop(self, route):
        self.set_out.append(route.request.post_data)
        self.held.append(route)

    def wait_for(self, number):
        for _ in range(100):
            if len(self.set_out) >= number:
                return
            self.page.wait_for_timeout(50)
        pytest.fail(f"{len(self.set_out)} set out, and not {number}")

    def let_go(self):
        self.held.pop(0).continue_()


@pytest.fixture
def writer(arrive, worker, melton):
    """On a page of a referral whose clock stands still, with nothing in the box."""
    draft = ready_draft(area=melton, author=worker, why_now="")
    visitor = arrive(worker)
    visitor.page.clock.install(time=MONDAY)
    visitor.visit(f"{draft.get_absolute_url()}tasks/why/")
    visitor.page.clock.pause_at(MONDAY + timedelta(minutes=5))
    visitor.page.get_by_label(WHY).focus()
    return visitor


@pytest.fixture
def line(writer):
    return Line(writer.page)


def type_for(writer, seconds, letter):
    """One letter a second: never a pause long enough to be taken for one."""
    for _ in range(seconds):
        writer.page.keyboard.type(letter)
        writer.page.clock.run_for(1000)


def test_typing_without_a_pause_sets_out_with_two_seconds_to_spare(writer, line):
    type_for(writer, 7, "a")
    assert line.set_out == []
    type_for(writer, 1, "a")

    line.wait_for(1)
    assert "aaaaaaaa" in line.set_out[0]
    line.let_go()
    writer.reads("Saved")


def test_what_was_typed_while_the_line_was_busy_sets_out_as_soon_as_it_is_free(writer, line):
    type_for(writer, 10, "a")
    line.wait_for(1)
    type_for(writer, 10, "b")
    assert len(line.set_out) == 1

    line.let_go()

    line.wait_for(2)
    assert "bbbbbbbbbb" in line.set_out[1]
    line.let_go()
    writer.reads("Saved")


def test_a_line_that_has_died_without_a_word_is_given_up_said_so_and_tried_again(writer, line):
    type_for(writer, 3, "a")
    writer.page.clock.run_for(3000)
    line.wait_for(1)
    writer.page.clock.run_for(20_000)
    writer.reads("Not saved: check your connection")

    line.held.clear()
    writer.page.clock.run_for(8000)

    line.wait_for(2)
    line.let_go()
    writer.reads("Saved")
