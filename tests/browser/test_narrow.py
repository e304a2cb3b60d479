"""Every page to which somebody's own menu leads, one of each kind: nothing is wider than a phone, and the menu is one line."""

import re

import pytest
from django.utils import timezone

from hubs.services.blockages import raise_blockage
from hubs.services.collaboratives import found, report
from tests.browser.test_looks import NARROW, SCROLLS, WIDE, _cases, _meetings
from tests.factories import AgencyFactory, CaseFactory, WorkerFactory
from tests.referrals.factories import ready_draft, taken

WHO = ["chair", "coordinator", "manager", "worker", "access_worker"]
TOO_WIDE = """[...document.querySelectorAll("main *, header *, .eh-bar *")].filter((part) => {
    const box = part.getBoundingClientRect();
    const pushed = part.closest("[role=region][tabindex='0'][aria-label]"); // it says what it is, and the keyboard moves it
    return box.width && box.right > innerWidth + 1 && !(pushed && pushed !== part)
        && !part.closest(".govuk-visually-hidden, .govuk-skip-link");
  }).map((part) => `${part.tagName} “${part.textContent.trim().replace(/\\s+/g, " ").slice(0, 30)}”`).slice(0, 3)"""
STUCK = """[...document.querySelectorAll("main *")].filter((part) => part.scrollWidth > part.clientWidth + 1
    && ["auto", "scroll"].includes(getComputedStyle(part).overflowX)
    && !part.matches("[role=region][tabindex='0'][aria-label], textarea, input, select"))
    .map((part) => part.className).slice(0, 3)"""
LINES = "new Set([...document.querySelectorAll('.govuk-service-navigation__item')].map((each) => each.offsetTop)).size"
LINKS = "[...document.querySelectorAll('{} a[href^=\"/\"]')].map((each) => each.getAttribute('href'))"
NO_PAGE = re.compile(r"^/(static|api|sign-out)/|\.(pdf|csv|json|txt)$|/print/$")


@pytest.fixture
def at_work(worker, chair, access_worker, practitioner, melton):
    """Cases under way, a meeting in session, referrals at the front door, something that is missing, and a local group."""
    worker.last_name, worker.job_title = "Featherstonehaugh", "Intensive family worker"
    worker.save()
    _cases(worker, melton)
    _meetings(chair, melton)
    ready_draft(area=melton, author=practitioner)
    taken(area=melton, author=practitioner, by=access_worker, urgent=True, urgent_why="A hearing.")
    now, today = timezone.now(), timezone.localdate()
    stopped = {
        "what": "No place before Easter.",
        "since_on": today,
        "tried": "Rang.",
        "need": "autism",
        "missing": "A group.",
    }
    case = CaseFactory.led_by(worker, area=melton, next_review_on=today)
    raise_blockage(case, by=worker, now=now, agency=AgencyFactory(name="Leicestershire Partnership Trust"), **stopped)
    CaseFactory.led_by(WorkerFactory(last_name="Wolstenholme-Ravenscroft"), area=melton, tier=3)
    forum = found(area=melton, name="Vale collaborative", by=chair, now=now)
    said = {"need": "anxiety", "band": "some", "since_on": today, "evidence": "Three schools.", "area": melton}
    report(forum, by=chair, now=now, kind="trend", seen="More children stay at home.", **said)


@pytest.mark.parametrize("who", WHO)
def test_no_page_of_somebodys_menu_is_wider_than_a_phone(request, arrive, at_work, who):
    visitor, faults = arrive(request.getfixturevalue(who), width=NARROW), []
    visitor.visit("/")
    for address in one_of_each_kind(visitor):
        answer = visitor.page.goto(address)
        if answer.status == 200 and "html" in answer.headers["content-type"]:
            faults += [f"{address} {fault}" for fault in narrow_faults(visitor.page)]
    visitor.page.set_viewport_size({"width": WIDE, "height": 800})
    visitor.visit("/")
    assert visitor.page.evaluate(LINES) == 1
    assert faults == [], "\n".join(faults)


def narrow_faults(page):
    """What reaches beyond the page, and what has to be pushed sideways and cannot be by the keyboard."""
    found = [f"scrolls sideways by {over} px" for over in [page.evaluate(SCROLLS)] if over > 0]
    found += [f"too wide: {each}" for each in page.evaluate(TOO_WIDE)]
    return found + [f"cannot be pushed by the keyboard: {each}" for each in page.evaluate(STUCK)]


def one_of_each_kind(visitor):
    """The pages of the menu; and of each kind of page to which these lead, the first."""
    page = visitor.page
    menu = dict.fromkeys(each for each in page.evaluate(LINKS.format("header")) if not NO_PAGE.search(each))
    kinds = {kind_of(each): each for each in reversed(menu)}
    for address in menu:
        page.goto(address)
        for each in page.evaluate(LINKS.format("main")):
            if not NO_PAGE.search(each):
                kinds.setdefault(kind_of(each), each)
    assert len(kinds) > len(menu) > 4
    return list(kinds.values())


def kind_of(address):
    return re.sub(r"\d+|[A-Z]+(-[A-Z0-9]+)+", "N", address.split("?")[0].split("#")[0])
