"""A label inside a sentence keeps every capital that is its own; and it is said in one place how."""

import re

import pytest

from earlyhelp.core.words import within
from hubs.enums import Readiness
from tests.test_house import OURS, TEMPLATES, named

LOWERED = re.compile(r"(_display\(\)|\.label|\.labels?\[[^]]*\]|\.state|\.says|\.kind|\.called)(\[:1\])?\.lower\(\)")


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Handed over", "handed over"),
        (Readiness.YES.label, "yes, I am ready to lead"),
        ("I am ready", "I am ready"),
        ("I’m ready", "I’m ready"),
        ("A relative", "a relative"),
        ("Returned to EH Access", "returned to EH Access"),
        ("EH Access", "EH Access"),
        ("TAF member", "TAF member"),
        ("LibreOffice document", "LibreOffice document"),
        ("Jobcentre", "Jobcentre"),
        ("Monday", "Monday"),
        ("Émigré family", "émigré family"),
        ("2 of 3", "2 of 3"),
        ("", ""),
    ],
)
def test_a_label_reads_inside_a_sentence_as_one_would_write_it(label, said):
    assert within(label) == said


@pytest.mark.parametrize("template", TEMPLATES, ids=named)
def test_no_template_takes_all_capitals_from_a_label(template):
    assert not re.search(r"\|\s*lower\b", template.read_text())


def test_nothing_else_makes_labels_small():
    """«Yes, I am ready to lead» was once read as «yes, i am ready to lead»."""
    wrong = [named(path) for path in OURS if LOWERED.search(path.read_text())]
    assert wrong == []
