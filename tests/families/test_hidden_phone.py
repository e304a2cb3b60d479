"""Where a person's telephone is read: each place by name, so that a new one asks first whether its owner hides (promise P2)."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("earlyhelp", "referrals", "assessments", "hubs", "lac")
# Why each may.
MAY = {
    "earlyhelp/families/queries.py": "asks whether they hide: ``phone_of``",
    "earlyhelp/families/secrets.py": "looks for it in what people type",
    "referrals/views/checklist.py": "asks first whether they hide",
    "templates/lac/person.html": "says that there is one, of whoever hides",
    "templates/families/revealed.html": "shows the address itself, for a reason",
}


def whose(node):
    """The name before ``.phone``: ``person`` of ``address.person.phone``."""
    value = node.value
    return value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")


def read_in_code():
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute) and node.attr == "phone" and whose(node) == "person":
                    yield str(path.relative_to(ROOT))


def read_in_templates():
    for path in (ROOT / "templates").rglob("*.html"):
        if "person.phone" in path.read_text():
            yield str(path.relative_to(ROOT))


def test_the_telephone_of_a_person_is_read_in_no_place_that_does_not_ask_whether_they_hide():
    assert {*read_in_code(), *read_in_templates()} == set(MAY)
