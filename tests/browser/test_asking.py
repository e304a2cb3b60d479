"""A family at the public form, in a real browser: with the keyboard alone, without scripts, narrow, in a hurry to leave."""

import re

import pytest
from playwright.sync_api import expect

from referrals.models import Referral
from tests.browser.keys import Keys
from tests.browser.people import WCAG, faults_of

START = "/ask-for-help/"
WEATHER = "/healthz"  # stands in for it: no test leaves this machine


@pytest.fixture(autouse=True)
def elsewhere(settings, county, melton, transactional_db):
    settings.EXIT_URL = WEATHER  # a setting of this process, which is also the server's


@pytest.fixture
def open_at(browser, live_server):
    """A browser of its own, without an account."""
    contexts = []

    def at(*, scripts=True, width=1280):
        context = browser.new_context(
            base_url=live_server.url,
            locale="en-GB",
            java_script_enabled=scripts,
            reduced_motion="reduce",
            viewport={"width": width, "height": 900},
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context.new_page()

    yield at
    for context in contexts:
        context.close()


ON = "main form button:not([name])"


def ask(keys):
    """All four pages, by the keyboard."""
    keys.press("a.govuk-button--start")
    expect(keys.page.get_by_role("heading", level=1)).to_have_text("About you and your family")
    for name, text in {
        "first_name": "Maya",
        "last_name": "Invented",
        "born_on_day": "4",
        "born_on_month": "7",
        "born_on_year": "1991",
    }.items():
        keys.type(name, text)
    keys.choose("you_are", "parent")
    keys.choose("lives_in", "unknown")
    keys.press(ON)
    expect(keys.page.get_by_role("heading", level=1)).to_have_text("What is hard, and what you would like")
    keys.type("why_now", "I do not sleep.")
    keys.type("wants", "Somebody to talk to.")
    keys.press(ON)
    expect(keys.page.get_by_role("heading", level=1)).to_have_text("Staying safe")
    keys.choose("safeguarding", "no")
    keys.choose("urgent", "no")
    keys.tick("ways", "text")
    keys.type("contact_phone", "01632 960 555")
    keys.press(ON)
    expect(keys.page.get_by_role("heading", level=1)).to_have_text("Check what you wrote, and send it")
    keys.press(ON)
    expect(keys.page.get_by_role("heading", level=1)).to_have_text("We have it")
    keys.look()
    assert keys.faults == []


@pytest.mark.parametrize("scripts", [True, False])
def test_help_is_asked_for_by_the_keyboard_alone_with_scripts_and_without(open_at, scripts):
    page = open_at(scripts=scripts)
    page.goto(START)
    if scripts:
        ask(Keys(page))
    else:
        fill(page)

    assert Referral.objects.get().wants == "Somebody to talk to."


def fill(page):
    """The same by the labels: without scripts nothing tells a test where the keyboard is."""
    page.get_by_role("button", name="Start").click()
    page.get_by_label("Your first name").fill("Maya")
    page.get_by_label("Your last name").fill("Invented")
    birthday = page.get_by_role("group", name="Your date of birth")
    for part, text in (("Day", "4"), ("Month", "7"), ("Year", "1991")):
        birthday.get_by_label(part).fill(text)
    page.get_by_role("group", name="Which of these are you?").get_by_label("A mum, dad or step-parent").check()
    page.get_by_role("group", name="Where do you live?").get_by_label("Melton").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What is hard for you just now?").fill("I do not sleep.")
    page.get_by_label("What would you like to be better?").fill("Somebody to talk to.")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("group", name="Is anybody in your family").get_by_label("No", exact=True).check()
    page.get_by_role("group", name="Does something bad").get_by_label("No", exact=True).check()
    page.get_by_label("Send me a text").check()
    page.get_by_label("Your phone number").fill("01632 960 555")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have it")


@pytest.mark.parametrize("way", ["button", "shift"])
def test_exit_this_page_leaves_nothing_to_go_back_to(open_at, way):
    page = open_at()
    page.goto(f"{START}you/")
    page.get_by_label("Your first name").fill("Maya")
    page.get_by_role("button", name="Stop, and come back later").click()
    page.goto(f"{START}you/")
    expect(page.get_by_label("Your first name")).to_have_value("Maya")
    page.get_by_label("Your last name").fill("not sent yet")

    if way == "button":
        page.get_by_role("button", name="Exit this page").click()
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url(f"**{WEATHER}")
    page.go_back()

    for question in ("Your first name", "Your last name"):
        expect(page.get_by_label(question)).to_have_value("")
    assert "Maya" not in page.content()


def test_the_way_out_needs_no_script(open_at):
    page = open_at(scripts=False)
    page.goto(f"{START}you/")

    page.get_by_role("button", name="Exit this page").click()

    page.wait_for_url(f"**{WEATHER}")


@pytest.mark.parametrize("width", [320, 1280])
def test_its_pages_are_fit_for_everybody(open_at, width):
    page = open_at(width=width)
    faults, wide = [], []

    def look():
        faults.extend(f"{page.url}: {fault}" for fault in faults_of(page, standard=(*WCAG, "best-practice")))
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(page.url)

    page.goto(START)
    look()
    page.goto(f"{START}you/")
    page.get_by_role("button", name="Continue").click()
    look()  # with everything wrong
    for address in ("come-back/", "ring/check/"):
        page.goto(START + address)
        look()
    for check in ("/how-are-things-at-home/", "/check-your-equipment/"):
        page.goto(check)
        page.get_by_role("button", name="Show what may help").click()
        look()  # with nothing answered
        page.get_by_role("group", name=re.compile("hurt", re.IGNORECASE)).last.get_by_label("Yes", exact=True).check()
        page.get_by_role("button", name="Show what may help").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Please speak to a person first")
        look()
        page.get_by_role("button", name="Ask somebody to get in touch").click()
        look()
    page.goto(START)
    fill(page)
    look()

    assert (faults, wide) == ([], [])


def test_what_was_typed_survives_a_browser_that_dies_and_the_code_comes_out_of_the_link(open_at):
    page = open_at()
    page.goto(f"{START}you/")
    with page.expect_response("**/you/keep/", timeout=10_000) as kept:
        page.get_by_label("Your first name").fill("Maya")
        birthday = page.get_by_role("group", name="Your date of birth")
        for part, text in (("Day", "4"), ("Month", "7"), ("Year", "1991")):
            birthday.get_by_label(part).fill(text)
    assert kept.value.ok
    expect(page.locator("[data-autosave-code]")).to_be_visible()
    code = page.locator("[data-code]").inner_text()
    page.context.close()

    later = open_at()
    later.goto(f"{START}come-back/#{code}")
    expect(later.get_by_label("Your code")).to_have_value(code)
    assert code not in later.url
    birthday = later.get_by_role("group", name="Your date of birth")
    for part, text in (("Day", "4"), ("Month", "7"), ("Year", "1991")):
        birthday.get_by_label(part).fill(text)
    later.get_by_role("button", name="Go on").click()

    expect(later.get_by_label("Your first name")).to_have_value("Maya")
