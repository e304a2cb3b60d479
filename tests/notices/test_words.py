"""No message can hold a name, a reason or a fact of a case, because no notice's words are made of anything but literals.

Every call that ends in a notice is read, wherever it is; so is every label of a deadline, which reminders begin with.
"""

import ast
from functools import cache

import pytest

from earlyhelp.deadlines.standards import DEFAULTS
from tests.test_house import OURS, named

OF_A_NOTICE = {"pass_on"}  # hands a notice on as it is: its words were read where they were written


@cache
def read(paths):
    """(path, function, names of its parameters, what it calls) of every function; all of it is read once."""
    return [
        (path, function, parameters(function), [each for each in ast.walk(function) if called(each)])
        for path in paths
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
    ]


def parameters(function):
    return {each.arg for each in function.args.args + function.args.kwonlyargs}


def called(node):
    match node:
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr="notify" as name)):
            return name
    return ""


def words_in(call, place, word):
    """What is given as ``word``: by its name, or by its place among the others."""
    given = next((each.value for each in call.keywords if each.arg == word), None)
    return given if given is not None or place is None else (call.args[place] if len(call.args) > place else None)


def sources(function, expression, word):
    """The expressions that these words may come from, as far as this function says; its own parameter is not one."""
    match expression:
        case ast.IfExp():
            return sources(function, expression.body, word) + sources(function, expression.orelse, word)
        case ast.Name() if expression.id in parameters(function):
            return [] if expression.id == word else [expression]
        case ast.Name():
            return [each for value in assigned(function, expression.id) for each in sources(function, value, word)]
    return [expression]


def assigned(function, name):
    found = []
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(target.elts, node.value.elts, strict=True))
                found += [value for each, value in pairs if isinstance(each, ast.Name) and each.id == name]
    return found or [ast.Name(name)]


def forwarders(functions, doors, word):
    """Functions that hand their own ``word`` on to a door, and are thereby doors themselves: {name: its place}."""
    while True:
        found = {
            function.name: next((n for n, each in enumerate(function.args.args) if each.arg == word), None)
            for _, function, takes, calls in functions
            if word in takes and any(called(each) in doors for each in calls)
        }
        if found.keys() <= doors.keys():
            return doors
        doors = doors | found


def spoken(door, word):
    """(where, expression) for all that is ever said through this door."""
    functions = read(tuple(OURS))
    doors = forwarders(functions, {door: None}, word)
    return [
        (f"{named(path)}:{node.lineno}", source)
        for path, function, _, calls in functions
        if function.name not in OF_A_NOTICE
        for node in calls
        if called(node) in doors
        for given in [words_in(node, doors[called(node)], word)]
        if given is not None
        for source in sources(function, given, word)
    ]


@pytest.mark.parametrize(("door", "word", "least"), [("notify", "title", 40), ("promise", "label", 5)])
def test_the_words_are_literals_wherever_they_are_said(door, word, least):
    said = spoken(door, word)
    made = [(where, ast.unparse(each)) for where, each in said if not isinstance(each, ast.Constant)]

    assert len(said) >= least  # the walk finds what there is
    assert [each for each in made if each[1] != "rule.label"] == []


def test_they_are_short_and_hold_no_number_that_could_be_somebodys():
    words = [each.value for _, each in spoken("notify", "title") if isinstance(each, ast.Constant)]
    words += [label for _, _, label, *_ in DEFAULTS]

    assert [
        each for each in words if len(each) > 100 or any(letter.isdigit() for letter in each.replace("tier 3", ""))
    ] == []


PLANTED = {
    "a name in it": 'def f(case, now):\n    notify([], title=f"About {case.family}", now=now)',
    "a record's own words": "def f(case, now):\n    notify([], title=case.request, now=now)",
    "somebody's reason": "def f(case, reason, now):\n    notify([], title=reason, now=now)",
    "words made before": 'def f(case, now):\n    title = "About " + case.name\n    notify([], title=title, now=now)',
    "through another": 'def g(case, title): notify([], title=title)\ndef f(case): g(case, "Not " + case.name)',
}


@pytest.mark.parametrize("what", PLANTED)
def test_the_walk_finds(what, tmp_path, monkeypatch):
    planted = tmp_path / "planted.py"
    planted.write_text(PLANTED[what])
    monkeypatch.setattr("tests.notices.test_words.OURS", [planted])
    monkeypatch.setattr("tests.notices.test_words.named", str)

    assert [each for _, each in spoken("notify", "title") if not isinstance(each, ast.Constant)]
