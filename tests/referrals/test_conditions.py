"""When a rule holds: as a line, as data, and weighed. Tables, and no database."""

from types import SimpleNamespace

import pytest

from referrals.conditions import Unclear, because, parse, problems, say, weigh, well_formed
from referrals.suggest import ANY_AGE, OLDEST, suggest

LINES = [
    ("a is yes", {"question": "a", "is": ["yes"]}),
    ("a is yes or unsure", {"question": "a", "is": ["yes", "unsure"]}),
    ("a is yes and b is no", {"all": [{"question": "a", "is": ["yes"]}, {"question": "b", "is": ["no"]}]}),
    (
        "a is yes or unsure or b is no",
        {"any": [{"question": "a", "is": ["yes", "unsure"]}, {"question": "b", "is": ["no"]}]},
    ),
    ("not (a is yes)", {"not": {"question": "a", "is": ["yes"]}}),
    (
        "2 of (a is yes, b is yes, not (c is no))",
        {
            "at_least": 2,
            "of": [
                {"question": "a", "is": ["yes"]},
                {"question": "b", "is": ["yes"]},
                {"not": {"question": "c", "is": ["no"]}},
            ],
        },
    ),
    (
        "a is yes and (b is yes or c is yes)",
        {
            "all": [
                {"question": "a", "is": ["yes"]},
                {"any": [{"question": "b", "is": ["yes"]}, {"question": "c", "is": ["yes"]}]},
            ]
        },
    ),
]


@pytest.mark.parametrize(("line", "condition"), LINES)
def test_a_line_and_its_data_say_the_same(line, condition):
    assert parse(line) == condition
    assert say(condition) == line
    assert well_formed(condition)


UNCLEAR = [
    ("", "The code of a question is missing at the end"),
    ("a", "“is” is missing at the end"),
    ("a is", "The code of an answer is missing at the end"),
    ("a is yes and", "The code of a question is missing at the end"),
    ("a is yes or b is yes and c is yes", "Put brackets round what belongs together"),
    ("(a is yes", "“)” is missing at the end"),
    ("a is yes)", "“)” does not belong there"),
    ("3 of (a is yes, b is yes)", "It asks for 3 of 2"),
    ("0 of (a is yes)", "It asks for 0 of 1"),
    ("² of (a is yes)", "The code of a question is missing before “²”"),
    ("9" * 5000 + " of (a is yes)", "“is” is missing"),
    ("not " * 50 + "a is yes", "too many brackets"),
    ("(" * 5000 + "a is yes", "too many brackets"),
    ("a is yes; drop table", "“;” does not belong there"),
]


@pytest.mark.parametrize(("line", "why"), UNCLEAR)
def test_a_line_that_says_nothing_is_refused_in_plain_words(line, why):
    with pytest.raises(Unclear) as refusal:
        parse(line)
    assert why in str(refusal.value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"all": []},
        {"question": "a"},
        {"question": "a", "is": []},
        {"question": "A b", "is": ["yes"]},
        {"question": "a", "is": ["yes"], "also": 1},
        {"at_least": 2, "of": [{"question": "a", "is": ["yes"]}]},
        {"any": [{"question": "a", "is": ["yes"]}, "b"]},
    ],
)
def test_what_is_no_condition_is_not_taken_for_one(value):
    assert not well_formed(value)


WEIGHED = [
    ("a is yes", {"a": "yes"}, True, ["a"]),
    ("a is yes", {"a": "unsure"}, False, None),
    ("a is yes or unsure", {"a": "unsure"}, True, ["a"]),
    ("a is yes", {}, None, None),
    ("not (a is yes)", {}, None, None),
    ("not (a is yes)", {"a": "no"}, True, ["a"]),
    ("a is yes and b is yes", {"a": "yes"}, None, None),
    ("a is yes and b is yes", {"a": "no"}, False, None),
    ("a is yes and b is yes", {"a": "yes", "b": "yes"}, True, ["a", "b"]),
    ("a is yes or b is yes", {"b": "yes"}, True, ["b"]),
    ("a is yes or b is yes", {"a": "no", "b": "no"}, False, None),
    ("2 of (a is yes, b is yes, c is yes)", {"a": "yes", "c": "yes"}, True, ["a", "c"]),
    ("2 of (a is yes, b is yes, c is yes)", {"a": "yes"}, None, None),
    ("2 of (a is yes, b is yes, c is yes)", {"a": "yes", "b": "no", "c": "no"}, False, None),
    ("a is yes and (b is yes or a is no)", {"a": "yes", "b": "yes"}, True, ["a", "b"]),
]


@pytest.mark.parametrize(("line", "answers", "held", "led_by"), WEIGHED)
def test_a_rule_holds_only_by_what_was_answered_and_says_by_what(line, answers, held, led_by):
    condition = parse(line)
    assert weigh(condition, answers) is held
    if held:
        assert because(condition, answers) == led_by


def test_an_unknown_question_or_answer_is_named_with_what_was_meant():
    questions = {"lonely": ["yes", "no", "unsure"], "falls": ["yes", "no", "unsure"]}

    assert problems(parse("lonely is yes or falls is no"), questions) == []
    assert problems(parse("lonley is yes"), questions) == [
        "There is no question with the code “lonley”. Did you mean “lonely”?"
    ]
    assert problems(parse("falls is often"), questions) == ["“falls” cannot be answered “often”: only yes, no, unsure."]


# --- what answers suggest ----------------------------------------------------------------------------------------------


def rule(code, when, outcome="service", *, priority=50, age_from=None, age_to=None, area_id=None):
    return SimpleNamespace(
        code=code,
        condition=parse(when),
        outcome=outcome,
        priority=priority,
        age_from=age_from,
        age_to=age_to,
        area_id=area_id,
    )


def test_what_is_urgent_stands_first_then_by_priority_and_each_says_why():
    rules = [
        rule("company", "a is yes", priority=2),
        rule("warm", "b is yes", priority=1),
        rule("harm", "c is yes or unsure", "urgent", priority=99),
        rule("never", "a is no"),
    ]

    found = suggest(rules, {"a": "yes", "b": "yes", "c": "unsure"})

    assert [(each.rule.code, each.because) for each in found] == [
        ("harm", ("c",)),
        ("warm", ("b",)),
        ("company", ("a",)),
    ]
    assert [each.is_urgent for each in found] == [True, False, False]


@pytest.mark.parametrize(
    ("age", "codes"),
    [(17, ["child"]), (18, ["adult"]), (50, ["adult", "older"]), (None, ["adult", "child", "older"])],
)
def test_a_rule_for_an_age_holds_at_that_age_and_where_nobody_knows_it(age, codes):
    rules = [
        rule("child", "a is yes", age_to=17),
        rule("adult", "a is yes", age_from=18),
        rule("older", "a is yes", age_from=50),
    ]

    found = suggest(rules, {"a": "yes"}, (age, age) if age is not None else ANY_AGE)

    assert sorted(each.rule.code for each in found) == codes
    assert {each.unchecked for each in found} == {("age",) if age is None else ()}


def test_of_a_grown_up_whose_age_nobody_knows_a_rule_for_children_does_not_hold_but_harm_does():
    rules = [
        rule("child", "a is yes", age_to=17),
        rule("adult", "a is yes", age_from=18),
        rule("older", "a is yes", age_from=50),
        rule("harm", "a is yes", "urgent", age_to=17),
    ]

    found = {each.rule.code: each.unchecked for each in suggest(rules, {"a": "yes"}, (18, OLDEST))}

    assert found == {"harm": ("age",), "adult": (), "older": ("age",)}
    assert [each.rule.code for each in suggest(rules, {"a": "yes"}, (40, 40))] == ["adult"]


def test_a_rule_for_a_place_holds_there_and_inside_it_alone():
    rules, county, town, elsewhere = [rule("here", "a is yes", area_id=1)], [1], [1, 2], [3]

    def held(lineage):
        return suggest(rules, {"a": "yes"}, (40, 40), SimpleNamespace(lineage=lineage))

    assert held(county)
    assert held(town)
    assert not held(elsewhere)
    assert suggest(rules, {"a": "yes"}, (40, 40))[0].unchecked == ("area",)


def test_nothing_is_suggested_from_silence():
    assert suggest([rule("quiet", "not (a is yes)"), rule("any", "a is yes or b is no")], {}) == []
