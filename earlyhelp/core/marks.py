"""What is left where words were taken out of a text: a mark with the number of the decision.

It stands in the text itself, so that whoever reads it, in a record, in a version of it or on paper, sees that something
went; on a page it leads to why and when.
"""

from __future__ import annotations

import re

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

MARK = re.compile(r"\[taken out (\d{1,9})\]")
BEGINS = "[taken out "
EXPLAINED: list[str] = []


def explained_at(url_name: str) -> None:
    """Lodge the page that says of a decision why and when, by the name of its address, which takes the number."""
    EXPLAINED.append(url_name)


def mark_of(number: int) -> str:
    return f"{BEGINS}{number}]"


def marks_of(text: str) -> list[int]:
    return [int(number) for number in MARK.findall(text)]


def linked(html: str) -> SafeString:
    """What was escaped already, each mark in it a link; who may follow it, the page behind it asks."""
    return mark_safe(MARK.sub(_link, html) if BEGINS in html else html)


def _link(mark: re.Match[str]) -> str:
    where = reverse(EXPLAINED[0], args=[int(mark[1])])
    said = '<a class="govuk-link" href="{}">[some words were taken out here<span class="eh-no-print">: why, when</span>]</a>'
    return format_html(said, where)
