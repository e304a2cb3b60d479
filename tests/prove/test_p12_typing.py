"""P12: nothing typed is lost: a hundred browsers killed while somebody types, sessions that end in mid-form, two who clash."""

import random
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from threading import Timer

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Error, expect, sync_playwright

from assessments.services import assessing
from earlyhelp.cases.enums import Status
from earlyhelp.cases.services import join_team
from tests.assessments.factories import family_of
from tests.browser.conftest import arrive, clock, committed  # noqa: F401  (fixtures)
from tests.browser.killing import Killable
from tests.browser.people import PASSWORD, Visitor
from tests.conftest import CHROMIUM_ARGUMENTS
from tests.factories import MONDAY, CaseFactory
from tests.referrals.asking import BORN, START
from tests.referrals.factories import ready_draft

KILLS, AT_ONCE, SEED = 100, 6, 12
LONGEST = 20  # seconds of typing; half of all kills come after there is something older than ten seconds
MAY_BE_LOST = 10.0  # seconds of typing
WORDS = ["rain", "gate", "night", "school", "bread", "stairs", "letter", "winter", "sister", "window"]
WHY = {"referral": "Why now?", "public form": "What is hard for you just now?"}


@dataclass
class Killed:
    """What was typed before a browser was killed, word by word with its moment, and what was there afterwards."""

    where: str
    typed: list[tuple[float, str]]
    at: float
    found: str = ""

    @property
    def text(self):
        return "".join(word for _, word in self.typed)

    @property
    def as_typed(self):
        """Nothing is there that was not typed; of the last word a part may be, which nobody saw finished."""
        return self.text.startswith(self.found) or self.found.startswith(self.text)

    @property
    def oldest_lost(self):
        """How many seconds before the end the first word was typed that is gone."""
        ends = accumulate(len(word) for _, word in self.typed)
        gone = (at for (at, _), end in zip(self.typed, ends, strict=True) if end > len(self.found))
        return max(0.0, self.at - next(gone, self.at))

    @property
    def lasted(self):
        return self.at - self.typed[0][0] if self.typed else 0.0


class Lane:
    """One seat: somebody types there, the browser is killed, and they come back on another device. Then the next."""

    def __init__(self, playwright, chromium, site, folder):
        self.playwright, self.chromium, self.site, self.folder = playwright, chromium, site, folder
        self.other = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)

    def try_out(self, number, sit_down):
        chance = random.Random(f"{SEED}-{number}")
        doomed = Killable(self.playwright, self.chromium, self.folder / str(number))
        try:
            where, page, come_back = sit_down(doomed.browser, self.other, self.site, number)
            timer = Timer(chance.uniform(1, LONGEST), doomed.kill)
            timer.start()
            typed = type_until_killed(page, WHY[where], chance)
        finally:
            doomed.kill()
        return Killed(where, typed, doomed.killed_at, come_back())


def type_until_killed(page, label, chance):
    """Fast, with a pause for thought now and then; each word with the moment at which the browser had taken it."""
    typed = []
    try:
        page.get_by_label(label).focus()
        while True:
            word = f"{chance.choice(WORDS)}{len(typed)} "
            page.keyboard.type(word)
            typed.append((time.monotonic(), word))
            time.sleep(chance.uniform(0.3, 4) if chance.random() < 0.05 else 0.4)
    except Error:
        return typed


class Referrer:
    """On a page of a professional referral, each time another; afterwards signed in again."""

    def __init__(self, worker, tasks):
        self.worker, self.tasks = worker, tasks

    def __call__(self, browser, other, site, number):
        address = self.tasks[number]
        visitor = Visitor(browser, site, self.worker)
        visitor.visit(address)
        return "referral", visitor.page, lambda: self.come_back(other, site, address)

    def come_back(self, other, site, address):
        visitor = Visitor(other, site, self.worker)
        visitor.visit(address)
        found = visitor.page.get_by_label(WHY["referral"]).input_value()
        visitor.leave()
        return found


def somebody_at_home(browser, other, site, number):
    """On the second page of the public form; afterwards with the code that they had read there, and a date of birth."""
    page = at_home(browser, site, number)
    page.goto(f"{START}you/")
    page.get_by_label("Your first name").fill("Maya")
    page.get_by_label("Your last name").fill("Invented")
    enter_birthday(page)
    page.get_by_role("group", name="Which of these are you?").get_by_label("A mum, dad or step-parent").check()
    page.get_by_role("group", name="Where do you live?").get_by_label("I do not know").check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"**{START}help/")
    expect(page.locator("[data-code]")).to_be_visible()  # before anything more is typed
    code = page.locator("[data-code]").inner_text()
    return "public form", page, lambda: come_back_home(other, site, number, code)


def come_back_home(other, site, number, code):
    page = at_home(other, site, number)
    page.goto(f"{START}come-back/")
    page.get_by_label("Your code").fill(code)
    enter_birthday(page)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(f"**{START}help/")
    found = page.get_by_label(WHY["public form"]).input_value()
    page.context.close()
    return found


def at_home(browser, site, number):
    """A home has an address of its own: from one for all, so many forms would be put off as a crowd."""
    elsewhere = {"X-Forwarded-For": f"198.51.100.{number}"}
    return browser.new_context(base_url=site, locale="en-GB", extra_http_headers=elsewhere).new_page()


def enter_birthday(page):
    birthday = page.get_by_role("group", name="Your date of birth")
    for part in ("day", "month", "year"):
        birthday.get_by_label(part.capitalize()).fill(BORN[f"born_on_{part}"])


def kill_again_and_again(chromium, site, folder, ways):
    """Some at once, each lane one after another; what came of each."""

    def run(lane):
        with sync_playwright() as playwright:
            seat = Lane(playwright, chromium, site, folder)
            done = [seat.try_out(number, ways[number % len(ways)]) for number in range(lane, KILLS, AT_ONCE)]
            seat.other.close()
            return done

    with ThreadPoolExecutor(AT_ONCE) as lanes:
        return [each for lane in lanes.map(run, range(AT_ONCE)) for each in lane]


def intervals():
    """After how many seconds the page keeps what is typed, as its script says: a pause, and the longest without one."""
    script = Path(django_settings.BASE_DIR, "frontend", "src", "autosave.mjs").read_text()
    return [int(re.search(rf"^const {name} = (\d+);", script, re.MULTILINE)[1]) / 1000 for name in ("PAUSE", "LONGEST")]


@pytest.fixture
def worker_who_returns(worker):
    worker.set_password(PASSWORD)
    worker.save(update_fields=["password"])
    return worker


@pytest.mark.promise("P12")
def test_a_hundred_browsers_killed_at_random_lose_at_most_ten_seconds_of_typing(
    live_server, chromium, tmp_path, settings, melton, worker_who_returns, proof, monkeypatch
):
    settings.TRUSTED_PROXIES = 1
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    drafts = (ready_draft(area=melton, author=worker_who_returns, why_now="") for _ in range(KILLS))
    referrer = Referrer(worker_who_returns, [f"{draft.get_absolute_url()}tasks/why/" for draft in drafts])
    began = time.monotonic()

    done = kill_again_and_again(chromium, live_server.url, tmp_path, [referrer, somebody_at_home])

    losses = [each.oldest_lost for each in done]
    lost = sum(loss > MAY_BE_LOST for loss in losses)
    wrong = sum(not each.as_typed for each in done)
    told = sum(each.lasted > MAY_BE_LOST for each in done)
    pause, longest = intervals()
    proof.line(
        f"{len(done)} browsers killed (seed {SEED}) after 1 to {LONGEST} s of typing {sum(len(k.text) for k in done):,} "
        f"letters, referral and public form; kept {pause:g} s after a key, at the latest after {longest:g} s",
        f"{lost} lost more than {MAY_BE_LOST:g} s, {wrong} read otherwise; at most {max(losses):.1f} s gone, "
        f"median {statistics.median(losses):.1f} s; {told} had typed longer than that ({time.monotonic() - began:.0f} s)",
        kept=(len(done), lost, wrong) == (KILLS, 0, 0),
    )


SEEN = "He stood at the gate again, in the rain, and nobody came."


@pytest.fixture
def case(melton, worker, practitioner):
    """Being assessed by the worker; the practitioner is on its team."""
    case = CaseFactory.led_by(worker, area=melton, status=Status.ASSESSING)
    family_of(case)
    assessing.start(case, by=worker, now=MONDAY)
    join_team(case, role="member", user=practitioner, by=worker, now=MONDAY)
    return case


def box(visitor, name):
    return visitor.page.locator(f"main [name={name}]")


def send(visitor, name):
    visitor.page.locator(f"main form:has([name={name}]) button[type=submit]").first.click()


@pytest.mark.promise("P12")
def test_sessions_that_end_in_mid_form_lose_no_text(arrive, worker, melton, case, clock, proof):  # noqa: F811
    forms = {
        f"{ready_draft(area=melton, author=worker).get_absolute_url()}tasks/why/": "why_now",
        f"/assessments/{case.reference}/headings/housing/": "worries",
        f"/assessments/{case.reference}/analysis/": "going_well",
        f"/families/{case.family.reference}/chronology/add/": "text",
        "/referrals/contacts/new/": "said",
        "/referrals/hand-over/": "concern",
    }
    found = []
    for address, name in forms.items():
        visitor = arrive(worker)
        visitor.visit(address)
        box(visitor, name).fill(SEEN)
        clock.forward(minutes=40)
        send(visitor, name)
        visitor.reads("What you typed is kept")
        visitor.sign_in()
        found.append(visitor.path == address and box(visitor, name).input_value() == SEEN)
    proof.line(
        f"{len(forms)} forms sent after the session had ended", f"{found.count(False)} texts lost", kept=all(found)
    )


@pytest.mark.promise("P12")
def test_two_who_change_one_record_lose_neither_text(arrive, worker, practitioner, case, proof):  # noqa: F811
    person = case.family.people.get(memberships__role="child")
    desk, telephone, colleague = arrive(worker), arrive(worker), arrive(practitioner)
    forms = [
        (colleague, f"/families/people/{person.pk}/edit/", "communication"),
        (colleague, f"/families/{case.family.reference}/edit/", "name"),
        (telephone, f"/assessments/{case.reference}/headings/housing/", "worries"),
        (telephone, f"/assessments/{case.reference}/headings/money/", "strengths"),
        (telephone, f"/assessments/{case.reference}/analysis/", "going_well"),
    ]
    lost = [address for other, address, name in forms if not both_are_shown(desk, other, address, name)]
    proof.line(
        f"{len(forms)} records changed at once, by two people or at two devices",
        f"{len(lost)} texts lost {lost}",
        kept=not lost,
    )


def both_are_shown(first, second, address, name):
    """The one who was later reads what was saved, and has their own text in the box still."""
    for visitor, said in ((first, "Pictures help."), (second, "Speak slowly.")):
        visitor.visit(address)
        box(visitor, name).fill(said)
    send(first, name)
    first.page.wait_for_url(lambda url: not url.endswith(address))
    send(second, name)
    second.reads("changed this while you were writing", "Pictures help.", "Speak slowly.")
    return box(second, name).input_value() == "Speak slowly."
