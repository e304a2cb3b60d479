"""P19: no program reaches triage unmarked, and nobody guesses the code to what a family wrote."""

import math
import re
import secrets
import time
from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import timezone

from earlyhelp.notices.models import Notice
from referrals.models import Referral
from referrals.services import asking
from tests.referrals.asking import bots

BOTS, CODES = 1_000, 2_000
DAY = timedelta(days=1)
DATES = 80 * 365  # of birth that somebody may have
ENOUGH = 64  # bits of a secret that nobody can try out over a network


@pytest.mark.promise("P19")
@pytest.mark.django_db
def test_of_a_thousand_programs_none_reaches_triage_unmarked(county, melton, access_worker, client, proof):
    began = time.monotonic()
    bots(BOTS)
    taken = time.monotonic() - began

    marks = Counter(tuple(doubts) for doubts in Referral.objects.values_list("doubts", flat=True))
    client.force_login(access_worker)
    queue = re.findall(r"R-\w{5}-\w{5}", client.get("/referrals/triage/").content.decode())
    rung = Notice.objects.filter(to=access_worker).count()
    proof.line(
        f"{BOTS:,} programs send the public form in {taken:.0f} s: the trap, no stamp, a forged one, in haste, with links",
        f"{marks.total():,} kept, {marks[()]} unmarked {dict(marks)}; {len(queue)} in the queue, {rung} people rung",
        kept=(marks.total(), marks[()], queue, rung) == (BOTS, 0, [], 0),
    )


@pytest.mark.promise("P19")
@pytest.mark.django_db
def test_codes_and_references_cannot_be_guessed(proof):
    now = timezone.now()
    codes = [asking.code_in(asking.begin("you", {}, opened_at=None, address="", now=now)) for _ in range(CODES)]

    code, reference = (length * math.log2(len(asking.LETTERS)) for length in (asking.CODE, asking.REFERENCE))
    letters = Counter(letter for each in codes for letter in each.replace("-", ""))
    expected = CODES * asking.CODE / len(asking.LETTERS)
    uneven = max(abs(letters[letter] - expected) / math.sqrt(expected) for letter in asking.LETTERS)
    proof.line(
        f"{CODES:,} codes of {asking.CODE} letters out of {len(asking.LETTERS)}",
        f"{code:.0f} bits, a reference {reference:.0f}; {CODES - len(set(codes))} twice; "
        f"the most uneven letter {uneven:.1f} standard deviations off",
        kept=code >= ENOUGH and len(set(codes)) == CODES and uneven < 5 and not set(letters) - set(asking.LETTERS),
    )


def tries_let_in(tries, *, until):
    """How many of them are looked at by whoever waits exactly as long as they are told to."""
    now, let_in, began = timezone.now(), 0, timezone.now()
    for code, address in tries:
        while now < began + until:
            try:
                asking.resume(code, date(1950, 1, 1), known=date(1991, 7, 4), address=address, now=now)
                let_in += 1
                break
            except asking.TooManyTries as problem:
                now += timedelta(seconds=problem.seconds)
        else:
            return let_in
    return let_in


def one_code_from_everywhere():
    while True:
        yield "abcd-efgh-jkmn-pqrs", f"2001:db8::{secrets.token_hex(2)}"


def many_codes_from_one_place():
    while True:
        yield secrets.token_hex(8), "198.51.100.7"


@pytest.mark.promise("P19")
@pytest.mark.django_db
def test_wrong_guesses_are_slowed(proof):
    dates = tries_let_in(one_code_from_everywhere(), until=DAY)
    codes = tries_let_in(many_codes_from_one_place(), until=DAY)
    proof.line(
        "a day of guessing, waiting no longer than one is told",
        f"{dates} dates of birth to a code that was found, of some {DATES:,}; {codes:,} codes from one address, of 2^79",
        kept=dates * asking.KEPT_FOR.days < DATES / 2 and codes < 2_000,
    )
