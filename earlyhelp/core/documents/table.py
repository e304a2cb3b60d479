"""A table that leaves the house as CSV: UTF-8, as spreadsheets read it, and nothing in it that one of them would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for the beginning of a formula, also behind blanks (OWASP, "CSV Injection").
_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The rows under their heads. Dates are written as ISO has them; nothing at all stands for ``None``."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def begins_a_formula(cell: str) -> bool:
    return cell.startswith(_BEGINS) or cell.lstrip().startswith(_BEGINS)


def _cell(value: object) -> str:
    """As text, with an apostrophe before what would be run: it is read as it was typed."""
    said = "" if value is None else str(value)
    return f"'{said}" if begins_a_formula(said) else said
