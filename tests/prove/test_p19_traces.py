"""P19: the public pages leave no trace at home: in no browser, no cache, no address, no cookie and no log."""

import logging
import re

import pytest
from playwright.sync_api import expect

from referrals.models import Referral
from referrals.views import checking
from tests.browser.test_asking import WEATHER, elsewhere, fill, open_at  # noqa: F401  (fixtures)
from tests.prove.test_p19_public import CHECK, journey
from tests.referrals.asking import HELP, START, YOU, Visitor, born

WROTE = ("Maya", "Invented", "1991", "I do not sleep", "Somebody to talk to", "960 555", "960%20555", "960+555")
PAGES = ("", "you/", "help/", "safe/", "check/", "later/", "sent/", "copy/", "come-back/", "ring/help/")
CHECKS = [f"/{at}/{page}" for at in checking.NAMES.values() for page in ("", "results/", "contact/", "sent/")]
KEPT_IN_A_BROWSER = """async () => JSON.stringify([
    {...localStorage}, {...sessionStorage}, history.state, await indexedDB.databases(), await caches.keys(),
    (await navigator.serviceWorker.getRegistrations()).length, document.cookie,
])"""


def cookies_of(page):
    """What is there of cookies: those that outlive the browser, and what they say."""
    held = page.context.cookies()
    return [each["name"] for each in held if each["expires"] != -1], [each["value"] for each in held]


@pytest.mark.promise("P19")
def test_nothing_stays_in_a_browser(open_at, melton, proof):  # noqa: F811
    page, seen, faults = open_at(), [], []

    def look(where):
        seen.append(where)
        kept, (lasting, values) = page.evaluate(KEPT_IN_A_BROWSER), cookies_of(page)
        if kept != '[{},{},null,[],[],0,""]':
            faults.append(f"{where}: {kept}")
        faults.extend(f"{where}: the cookie {name} outlives the browser" for name in lasting)
        codes = filter(None, page.locator(".eh-code").all_text_contents())
        told = [text for text in (*WROTE, *codes) if text in page.url or any(text in value for value in values)]
        faults.extend(f"{where}: {text} in an address or a cookie" for text in told)

    page.on("request", lambda request: seen.append(request.url))
    walk_through(page, look)
    page.get_by_role("button", name="Exit this page").click()
    page.wait_for_url(f"**{WEATHER}")
    left = [each["name"] for each in page.context.cookies()]
    page.go_back()
    faults.extend(f"after going back: {text}" for text in WROTE if text in page.content())
    faults.extend(f"an address: {url}" for url in seen for text in WROTE if text in url)
    proof.line(
        f"{sum(not each.startswith('http') for each in seen)} pages in a browser, {len(seen):,} addresses asked for",
        f"{len(faults)} traces {faults}; cookies left after «exit this page»: {left}",
        kept=not faults and not left,
    )


def walk_through(page, look):
    """All pages, in their order, with an answer that suggests harm; the way back to what was typed; a check."""
    page.goto(f"{START}you/")
    with page.expect_response("**/keep/"):
        page.get_by_label("Your first name").fill("Maya")
    expect(page.locator("[data-autosave-code]")).to_be_visible()
    look("as it is typed")
    for at in PAGES:
        page.goto(START + at)
        look(f"begun: {at}")
    page.goto(START)
    fill(page)
    for at in PAGES:
        page.goto(START + at)
        look(f"sent: {at}")
    page.goto(CHECK)
    page.get_by_role("group", name=re.compile("hurt", re.IGNORECASE)).last.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Show what may help").click()
    for at in CHECKS:
        page.goto(at)
        look(at)
    page.goto(f"{START}come-back/#abcd-efgh-jkmn-pqrs")
    look("a link with a code")


@pytest.mark.promise("P19")
@pytest.mark.django_db
def test_no_cache_keeps_a_page_each_has_the_way_out_and_no_log_a_word(melton, caplog, proof):
    caplog.set_level(logging.DEBUG)
    looked, faults = 0, []
    for state in ("nothing", "begun", "written", "sent"):
        visitor = Visitor()
        if state != "nothing":
            visitor.write() if state != "begun" else visitor.post("you")
        if state == "sent":
            visitor.send()
        for at in (*(START + page for page in PAGES), *CHECKS):
            answer, looked = visitor.client.get(at), looked + 1
            faults += faults_of_page(f"{state} {at}", answer)
    answers = [answer for _, answer in journey("198.51.100.9")]
    faults += [f"not no-store: {answer.status_code}" for answer in answers if "no-store" not in answer["Cache-Control"]]
    spoilt_posts(visitor)
    code = visitor.code()
    logged = [text for text in (*WROTE, *code.split("-"), Referral.objects.first().reference) if text in caplog.text]
    proof.line(
        f"{looked} pages in four states, {len(answers)} steps, {len(caplog.records)} lines of log at its most talkative",
        f"{len(faults)} kept by a cache or without the way out {faults}; {len(logged)} words in the log",
        kept=not faults and not logged and len(caplog.records) > 10,
    )


def faults_of_page(where, answer):
    if answer.headers.get("Cache-Control") != "no-store":
        yield f"{where}: may be kept"
    if answer.status_code == 200:
        page = answer.content.decode()
        if page.count('href="/ask-for-help/leave/"') != 2 or 'data-module="govuk-exit-this-page"' not in page:
            yield f"{where}: has no way out"
        if re.search(r"""(?:src|action)=["'](?:https?:)?//""", page):
            yield f"{where}: fetches from elsewhere"


def spoilt_posts(visitor):
    """What is refused is what is logged: a missing key, too much, a page that is not there, a NUL."""
    stranger = Visitor(enforce_csrf_checks=True)
    stranger.post("you")
    visitor.post("help", HELP | {"why_now": HELP["why_now"] * 3000})
    visitor.get("not-there/")
    visitor.post("you", YOU | {"first_name": "Maya\x00"})
    visitor.client.get(f"{START}you/", {"name": "Maya\x00"})
    for year in range(1950, 1958):
        visitor.client.post(f"{START}come-back/", born(visitor.code(), born_on_year=str(year)))
