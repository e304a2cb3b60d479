"""The small things every page says: a tag, a day, a moment, how far off a deadline is, an age, a chart.

Every template knows them (``core.templates``). Nothing here asks the database anything.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import escape

from earlyhelp.core import charts, dates, forms

COLOURS = ("grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow")
OLD_NAMES = {"turquoise": "teal", "light-blue": "blue", "pink": "magenta"}


def tag(text: object, colour: str = "") -> SafeString | str:
    """A state: ``{{ tag(referral.get_status_display(), "yellow") }}``. No text, no tag."""
    if text in (None, ""):
        return ""
    colour = OLD_NAMES.get(colour, colour)
    shade = f" govuk-tag--{colour}" if colour in COLOURS else ""
    return format_html('<strong class="govuk-tag{}">{}</strong>', shade, text)


@pass_context
def when(context: Context, value: date | datetime | None, past: str = "overdue", none: str = "") -> SafeString | str:
    """A deadline: the day, and how far off it is; red once missed. ``past="ago"`` for a day that is no deadline."""
    if not value:
        return none
    words, missed = dates.distance(value, _now(context), past=past)
    late = missed and past == "overdue"
    html = '<span class="eh-when{}">{} <span class="eh-when__hint">{}</span></span>'
    return format_html(html, " eh-when--late" if late else "", dates.day(value), words)


def _now(context: Context) -> datetime:
    """The view's ``now``, if it gave one."""
    given = context.get("now")
    return given if isinstance(given, datetime) else timezone.now()


def moment(value: date | datetime | None, none: str = "") -> str:
    """12 March 2026 at 2:07pm, and never a time that was not recorded."""
    return dates.moment(value) if value else none


def day(value: date | datetime | None, none: str = "") -> str:
    """12 March 2026"""
    return dates.day(value) if value else none


def age(born_on: date | None, on: date | None = None) -> str:
    """Years, or months under one; ``|age(entry.happened_on)`` is the age at the time. Nothing if not known."""
    return dates.age(born_on, _day_of(on) if on else timezone.localdate()) if born_on else ""


def _day_of(value: date | datetime) -> date:
    value = dates.local(value)
    return value.date() if isinstance(value, datetime) else value


def bars(series: Any, title: str, name: str = "Number") -> SafeString:
    """Named things compared; see ``charts.bars``."""
    return charts.bars(list(series), title, name=name)


def columns(series: Any, title: str, names: Any = ("Number",), first: str = "Month") -> SafeString:
    """Change over months; see ``charts.columns``."""
    return charts.columns(list(series), title, names.split(",") if isinstance(names, str) else list(names), first=first)


def banner(level: str) -> str:
    """How a message of that level is shown: what worked in green, the rest as important."""
    return "success" if "success" in (level or "") else "important"


def attributes(attrs: Mapping[str, Any]) -> SafeString:
    """Those of a control, besides its class: what is true stands without a value, and what is false not at all."""
    said = ((name, value) for name, value in attrs.items() if name != "class" and value is not False)
    return mark_safe(
        "".join(f" {escape(name)}" if value is True else f' {escape(name)}="{escape(value)}"' for name, value in said)
    )


def faults(form: Any) -> list[tuple[str, str]]:
    """(id to lead to, message) for each fault of a form: the rows of the error summary."""
    return list(forms.faults(form)) if form is not None and form.is_bound else []


def page_numbers(page: Any) -> list[int | None]:
    """The first, the last and those next to this page; None where some are left out."""
    last = page.paginator.num_pages
    shown = sorted({1, page.number - 1, page.number, page.number + 1, last} & set(range(1, last + 1)))
    numbers: list[int | None] = []
    for before, number in zip([0, *shown], shown, strict=False):
        numbers += [None] if number - before > 1 else []
        numbers.append(number)
    return numbers


def is_list(value: object) -> bool:
    """Whether a text was given as several lines."""
    return isinstance(value, list | tuple)
