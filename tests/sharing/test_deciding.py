"""Who may be told: the rule as a table, and what no history of answers may ever bring about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from earlyhelp.sharing.deciding import Known, Voiced, decide
from earlyhelp.sharing.enums import DECIDES_FROM, NO, OVERRIDES, YES, GivenBy, Purpose, Say, Whom, Wish

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = date(2026, 3, 20)
MUM, DAD, STEP_DAD = 1, 2, 3
HELP = Purpose.HELP
ALLOW, LIMITS, ASK, DENY = Say.ALLOW, Say.ALLOW_WITH_LIMITS, Say.ASK, Say.DENY


def own(wish, day=0, whom="agency", **more):
    return Voiced(Wish(wish), Whom(whom), GivenBy.PERSON, START + timedelta(days=day), pk=day, **more)


def parent(wish, who=MUM, day=0, whom="agency", **more):
    said = own(wish, day, whom, parent=who, parent_name=f"Parent {who}", **more)
    return replace(said, given_by=GivenBy.PARENT)


def decider(wish, day=0):
    return replace(own(wish, day), given_by=GivenBy.DECIDER, capacity_note="Found on 1 March.")


def of(years, *voices):
    return Known("Robin Grant", years, voices, frozenset({MUM, DAD}))


TABLE = {
    "nobody was asked": (of(30), ASK),
    "asked, and no answer": (of(30, own("asked")), ASK),
    "a yes": (of(30, own("given")), ALLOW),
    "a yes with limits": (of(30, own("limited", limits="Nothing about money.")), LIMITS),
    "a no": (of(30, own("refused")), DENY),
    "a yes, then taken back": (of(30, own("given"), own("withdrawn", 1)), DENY),
    "a no, then a yes": (of(30, own("refused"), own("given", 1)), ALLOW),
    "a yes, then asked anew": (of(30, own("given"), own("asked", 1)), ALLOW),
    "a no, then asked anew": (of(30, own("refused"), own("asked", 1)), DENY),
    "a yes that has run out": (of(30, own("given", until_on=TODAY - timedelta(days=1))), ASK),
    "a yes that runs out today": (of(30, own("given", until_on=TODAY)), ALLOW),
    "a yes for every school": (of(30, own("given", whom="kind")), ALLOW),
    "a yes for the team": (of(30, own("given", whom="team")), ALLOW),
    "no to this agency, then yes for the team": (of(30, own("refused"), own("given", 1, "team")), DENY),
    "no for the team, then yes to this agency": (of(30, own("refused", 0, "team"), own("given", 1)), ALLOW),
    "yes to this agency, then no for the team": (of(30, own("given"), own("refused", 1, "team")), DENY),
    "yes with limits to this agency, yes for the team": (
        of(30, own("limited", limits="Not my health."), own("given", 1, "team")),
        LIMITS,
    ),
    "whoever decides for them says yes": (of(30, decider("given")), ALLOW),
    "they said no, and then whoever decides for them yes": (of(30, own("refused"), decider("given", 1)), ALLOW),
    "whoever decides for them said yes, and then they themselves no": (
        of(30, decider("given"), own("refused", 1)),
        DENY,
    ),
    "a child, a parent says yes": (of(10, parent("given")), ALLOW),
    "a child, a parent says yes with limits": (of(10, parent("limited", limits="Not his health.")), LIMITS),
    "a child, a parent says no": (of(10, parent("refused")), DENY),
    "a child, both parents say yes": (of(10, parent("given"), parent("given", DAD, 1)), ALLOW),
    "a child, one parent limits": (
        of(10, parent("given"), parent("limited", DAD, 1, limits="Not the address.")),
        LIMITS,
    ),
    "a child, the parents differ": (of(10, parent("given"), parent("refused", DAD, 1)), ASK),
    "a child, the parents differ the other way": (of(10, parent("refused"), parent("given", DAD, 1)), ASK),
    "a child, one parent takes it back": (
        of(10, parent("given"), parent("given", DAD, 1), parent("withdrawn", MUM, 2)),
        ASK,
    ),
    "a child, somebody without parental responsibility says yes": (of(10, parent("given", STEP_DAD)), ASK),
    "a child, somebody without parental responsibility says no": (
        of(10, parent("given"), parent("refused", STEP_DAD, 1)),
        ALLOW,
    ),
    "a child says yes alone": (of(12, own("given")), ASK),
    "a child says no alone": (of(12, own("refused")), DENY),
    "a child says no, a parent yes": (of(12, own("refused"), parent("given", day=1)), ASK),
    "a child and a parent say yes": (of(12, own("given"), parent("given", day=1)), ALLOW),
    "sixteen, only a parent said yes": (of(16, parent("given")), ASK),
    "sixteen, only a parent said no": (of(16, parent("refused")), ASK),
    "sixteen, a parent said no and they say yes": (of(16, parent("refused"), own("given", 1)), ALLOW),
    "sixteen, a parent says yes and they say no": (of(16, own("refused"), parent("given", day=1)), DENY),
    "sixteen, and found not to be able to decide it": (
        of(16, parent("given", capacity_note="Found on 1 March.")),
        ALLOW,
    ),
    "nobody knows how old, they say yes": (of(None, own("given")), ALLOW),
    "nobody knows how old, a parent says yes": (of(None, parent("given")), ASK),
}


@pytest.mark.parametrize("case", TABLE)
def test_the_rule(case):
    known, expected = TABLE[case]

    assert decide(known, HELP, today=TODAY).say == expected


@pytest.mark.parametrize("case", TABLE)
@pytest.mark.parametrize("purpose", OVERRIDES)
def test_an_override_needs_nobodys_yes_and_says_so(case, purpose):
    answer = decide(TABLE[case][0], purpose, today=TODAY)

    assert (answer.say, answer.override, answer.permission) == (ALLOW, True, None)


@pytest.mark.parametrize("case", [name for name, (_, say) in TABLE.items() if say in (ALLOW, LIMITS)])
def test_a_yes_says_on_which_answer_it_rests(case):
    known, _ = TABLE[case]
    answer = decide(known, HELP, today=TODAY)

    rests_on = {each.pk for each in known.voices if each.wish in YES}
    assert answer.permission in rests_on
    assert "said yes" in answer.why


def test_where_parents_differ_it_says_who_said_what():
    answer = decide(TABLE["a child, the parents differ"][0], HELP, today=TODAY)

    assert "Parent 1 said yes on 2 March 2026. Parent 2 said no on 3 March 2026. Ask them together." in answer.why


def test_at_sixteen_it_says_that_they_themselves_are_asked():
    assert "ask them themselves" in decide(TABLE["sixteen, only a parent said yes"][0], HELP, today=TODAY).why


VOICES = st.builds(
    Voiced,
    st.sampled_from(Wish),
    st.sampled_from(Whom),
    st.sampled_from(GivenBy),
    st.integers(0, 9).map(lambda day: START + timedelta(days=day)),
    pk=st.integers(1, 99),
    until_on=st.none() | st.just(TODAY) | st.just(date(2026, 3, 1)),
    limits=st.sampled_from(["", "Not my health."]),
    parent=st.sampled_from([MUM, DAD, STEP_DAD]),
    capacity_note=st.sampled_from(["", "Found on 1 March."]),
).map(lambda each: each if each.given_by == GivenBy.PARENT else replace(each, parent=None))
HISTORIES = st.lists(VOICES, max_size=8)
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a machine may be busy


def deciding_voice(years, who):
    if years is None or years >= DECIDES_FROM:
        return own("withdrawn", 10)
    return parent("withdrawn", who, 10)


@unhurried
@given(
    HISTORIES,
    st.none() | st.integers(0, 40),
    st.sampled_from([MUM, DAD]),
    st.sampled_from(Whom),
    st.sampled_from(NO),
    st.sampled_from(Purpose),
)
def test_what_was_taken_back_is_never_allowed_but_by_an_override(history, years, who, whom, wish, purpose):
    last = replace(deciding_voice(years, who), whom=whom, wish=wish)
    answer = decide(of(years, *history, last), purpose, today=TODAY)

    assert answer.allows == (purpose in OVERRIDES)


@unhurried
@given(HISTORIES, st.none() | st.integers(0, 40))
def test_nothing_is_allowed_that_nobody_said_yes_to(history, years):
    answer = decide(of(years, *[each for each in history if each.wish not in YES]), HELP, today=TODAY)

    assert not answer.allows


@unhurried
@given(HISTORIES, st.none() | st.integers(0, 40), st.randoms(use_true_random=False))
def test_the_order_in_which_answers_are_read_changes_nothing(history, years, dice):
    ordered = [replace(each, at=START + timedelta(days=day), pk=day) for day, each in enumerate(history)]
    shuffled = [*ordered]
    dice.shuffle(shuffled)

    assert decide(of(years, *ordered), HELP, today=TODAY).say == decide(of(years, *shuffled), HELP, today=TODAY).say
