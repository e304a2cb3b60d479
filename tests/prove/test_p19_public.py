"""P19: the public pages tell nobody who is known: not by what they answer, and not by how soon."""

import math
import random
import re
import statistics
import time
from datetime import date

import pytest
import time_machine
from django.utils import timezone

from earlyhelp.families.services import move_home
from referrals.services import asking
from tests.factories import MONDAY, CaseFactory, MemberFactory, PersonFactory
from tests.referrals.asking import HELP, SAFE, START, YOU, Visitor, born, opened
from tests.referrals.factories import got_in_touch, handed_over, sent

CHECK = "/how-are-things-at-home/"
CALM = {"most_days": "calm", "keeping_up": "mostly", "somebody": "yes", "money": "no", "hurt": "no"}
NEVER = "abcd-efgh-jkmn-pqrs"  # a code that was given to nobody
RANDOM = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|name="opened" value="[^"]*"|page-\w{12}|\b\w{4}(?:-\w{4}){3}\b'
    r"|R-\w{5}-\w{5}|C-\d{4}-\d+"
)


@pytest.fixture
def nobody_known(county, melton):
    """Only the districts: no family, no case, no referral."""
    return melton


def make_known(area, worker):
    """The family that asks, as well known as one can be: a case, referrals, a hand-over, a protected address."""
    family = sent(area=area, author=worker, why_now=HELP["why_now"]).family
    mother = PersonFactory(
        first_name="Maya", last_name="Invented", born_on=date(1991, 7, 4), phone=SAFE["contact_phone"], area=area
    )
    MemberFactory(family=family, person=mother, role="parent")
    MemberFactory(family=family, person=PersonFactory(first_name="Ben", born_on=date(2018, 9, 1), area=area))
    move_home(mother, on=None, by=worker, now=MONDAY, line_1="A refuge", postcode="LE13 1AA", protected=True)
    CaseFactory.led_by(worker, family=family, area=area)
    handed_over(by=worker, family=family)
    got_in_touch(by=worker, family=family, caller_phone=SAFE["contact_phone"], first_name="Maya", last_name="Invented")
    before = Visitor("192.0.2.1")
    before.write()
    before.send()


def journey(address, you=YOU):
    """Every step of the form and of a check, right and wrong, as (what, answer); each step counts for both families alike."""
    visitor, elsewhere, finder = Visitor(address), Visitor(address), Visitor(address)
    yield "start", visitor.get()
    yield "the first page", visitor.get("you/")
    yield "the first page with something wrong", visitor.post("you", you | {"born_on_day": "45"})
    yield "as it is typed", visitor.client.post(f"{START}you/keep/", you | {"opened": opened()})
    yield "the first page sent", visitor.post("you", you)
    yield "the second page", visitor.get("help/")
    yield "the second page sent", visitor.post("help")
    yield "stopping", visitor.get("later/")
    yield (
        "a code with a wrong date",
        finder.client.post(f"{START}come-back/", born(visitor.code(), born_on_year="1950")),
    )
    yield "a code that never was", finder.client.post(f"{START}come-back/", born(NEVER))
    date_of_birth = {name: you[name] for name in ("born_on_day", "born_on_month", "born_on_year")}
    yield "coming back", elsewhere.client.post(f"{START}come-back/", {"code": visitor.code()} | date_of_birth)
    yield "the third page", elsewhere.get("safe/")
    yield "a worry", elsewhere.post("safe", SAFE | {"safeguarding": "yes"})
    yield "the numbers first", elsewhere.get("ring/check/")
    yield "the third page sent", elsewhere.post("safe")
    yield "checking", elsewhere.get("check/")
    yield "sending", elsewhere.send()
    yield "sent", elsewhere.get("sent/")
    yield "on paper", elsewhere.get("copy/")
    yield "the first page afterwards", elsewhere.get("you/")
    yield "the first browser afterwards", visitor.get("you/")
    yield "leaving", elsewhere.get("leave/")
    yield from check_and_contact(elsewhere.client, you)


def check_and_contact(client, you):
    me = {"caller_name": f"{you['first_name']} {you['last_name']}", "caller_phone": SAFE["contact_phone"]}
    yield "a check", client.post(CHECK, CALM)
    yield "its results", client.get(f"{CHECK}results/")
    yield "asking to be contacted", client.post(f"{CHECK}contact/", me | {"lives_in": "unknown", "opened": opened()})
    yield "contact asked", client.get(f"{CHECK}sent/")


def bare(answer):
    """All that a caller gets, but what is random for everybody; of a cookie that it was set, and how."""
    cookies = sorted(re.sub(r"=[^;]*", "", each.OutputString(), count=1) for each in answer.cookies.values())
    headers = sorted((name, value) for name, value in answer.headers.items() if name != "Content-Length")
    return answer.status_code, headers, cookies, RANDOM.sub("·", answer.content.decode())


@pytest.mark.promise("P19")
@pytest.mark.django_db
def test_a_known_and_an_unknown_family_are_answered_alike(nobody_known, worker, proof):
    with time_machine.travel(timezone.now(), tick=False):
        unknown = [(what, bare(answer)) for what, answer in journey("198.51.100.1")]
        make_known(nobody_known, worker)
        known = [(what, bare(answer)) for what, answer in journey("198.51.100.2")]

    differ = [what for (what, before), (_, after) in zip(unknown, known, strict=True) if before != after]
    letters = sum(len(answer[3]) for _, answer in known)
    proof.line(
        f"{len(known)} steps of the form and a check, {letters:,} letters: before and after the family was known",
        f"{len(differ)} answers differ {differ}",
        kept=not differ,
    )


ROUNDS = 60
AS_QUICK = 0.05, 0.001  # of the time an answer takes, or in seconds: what nobody can tell apart from across a network
STRANGER = YOU | {"first_name": "Zola", "last_name": "Unwritten", "born_on_year": "1987"}


def timed(steps):
    """How long each answer took to come; what leads up to it is of the same length for everybody."""
    taken, began = {}, time.perf_counter()
    for what, _ in steps:
        taken[what] = time.perf_counter() - began
        began = time.perf_counter()
    return taken


def compared(pairs):
    """The step at which the medians of both differ most; and those at which one can be told from the other.

    For that they must differ by more than a network hides, and in more of the pairs than chance would have it: another
    program on this machine makes one of them slow, and then the other.
    """
    apart, told = {}, []
    for what in pairs[0][0]:
        differences = [one[what] - other[what] for one, other in pairs]
        usual = statistics.median(min(one[what], other[what]) for one, other in pairs)
        apart[what] = statistics.median(differences)
        one_sided = abs(2 * sum(each > 0 for each in differences) - len(pairs)) > 4 * math.sqrt(len(pairs))
        if one_sided and abs(apart[what]) > max(AS_QUICK[0] * usual, AS_QUICK[1]):
            told.append(what)
    what = max(apart, key=lambda each: abs(apart[each]))
    return (
        f"medians at most {abs(apart[what]) * 1000:.1f} ms apart ({what}); {len(told)} can be told apart {told}",
        told,
    )


@pytest.mark.promise("P19")
@pytest.mark.django_db
def test_a_known_and_an_unknown_family_are_answered_as_quickly(nobody_known, worker, proof):
    make_known(nobody_known, worker)
    pairs = []
    for number in range(ROUNDS):
        families = [("known", YOU, 1), ("unknown", STRANGER, 2)]
        taken = {
            which: timed(journey(f"10.{place}.{number}.1", you))
            for which, you, place in (families if number % 2 else reversed(families))
        }
        pairs.append((taken["known"], taken["unknown"]))

    words, told = compared(pairs)
    proof.line(
        f"{ROUNDS} journeys each of a known and an unknown family, {len(pairs[0][0])} steps", words, kept=not told
    )


@pytest.mark.promise("P19")
@pytest.mark.django_db
def test_a_code_that_there_is_and_one_that_never_was_are_answered_as_quickly(nobody_known, proof):
    pairs = []
    for number in range(ROUNDS * 2):
        visitor, finder, taken = Visitor(f"10.1.{number}.1"), Visitor(f"10.2.{number}.1"), {}
        visitor.post("you")
        codes = [visitor.code(), made_up()]
        for code in codes if number % 2 else reversed(codes):
            began = time.perf_counter()
            answer = finder.client.post(f"{START}come-back/", born(code, born_on_year="1950"))
            taken[code] = {"a wrong date": time.perf_counter() - began}
            assert answer.status_code == 422
        pairs.append([taken[code] for code in codes])

    words, told = compared(pairs)
    proof.line(f"{len(pairs)} codes that there are, and as many that never were", words, kept=not told)


def made_up():
    return "-".join("".join(random.choices(asking.LETTERS, k=4)) for _ in range(4))
