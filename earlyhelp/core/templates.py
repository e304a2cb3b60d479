"""How pages are written: Jinja2, with what every template may say (``core.components``) and Django's words for text.

One language for pages, forms and messages. It is Jinja2 because drawing was half of what a list page cost (ADR 7).
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from django.template import defaultfilters
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django_htmx.jinja import htmx_script
from jinja2 import ChainableUndefined, Environment, pass_environment, select_autoescape

from earlyhelp.core import components, dates
from earlyhelp.core.addresses import address_of
from earlyhelp.core.marks import linked
from earlyhelp.core.words import within

GLOBALS = ("tag", "when", "moment", "day", "bars", "columns", "attributes")
FILTERS = ("age", "banner", "faults", "page_numbers", "is_list")
OF_DJANGO = (
    "capfirst",
    "cut",
    "date",
    "default_if_none",
    "filesizeformat",
    "pluralize",
    "stringformat",
    "truncatechars",
    "yesno",
)


class Absent(ChainableUndefined):
    """What is not there: it says nothing, whatever is asked of it, so that nobody's name need be tested for first."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self

    def _never(self, *args: Any, **kwargs: Any) -> Any:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _never


def environment(**options: Any) -> Environment:
    """What Django makes the templates of: text is escaped in pages, and what is not there says nothing."""
    options |= {
        "autoescape": select_autoescape(("html",)),
        "undefined": Absent,
        "finalize": _as_written,
        "keep_trailing_newline": True,
    }
    made = Environment(**options)
    made.globals |= {name: getattr(components, name) for name in GLOBALS}
    made.globals |= {"url_for": url_for, "component": component}
    made.globals |= {"static": cache(static), "htmx_script": cache(htmx_script)}  # as long as the process runs
    made.filters |= {name: getattr(components, name) for name in FILTERS}
    made.filters |= {name: getattr(defaultfilters, name) for name in OF_DJANGO}
    made.filters |= {"linebreaks": linebreaks, "linebreaksbr": linebreaksbr, "within": within}
    return made


def linebreaks(text: Any) -> SafeString:
    """What somebody wrote, in paragraphs."""
    return linked(defaultfilters.linebreaks_filter(text))


def linebreaksbr(text: Any) -> SafeString:
    """What somebody wrote, line by line."""
    return linked(defaultfilters.linebreaksbr(text))


def url_for(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args, kwargs=kwargs) if args or kwargs else address_of(name)


@pass_environment
def component(environment: Environment, name: str, **values: Any) -> SafeString:
    """One of ``templates/components``, which sees only what it is given."""
    return mark_safe(environment.get_template(f"components/{name}.html").render(values))


def _as_written(value: Any) -> Any:
    """A day or a moment printed as it stands is written as people here write it."""
    return dates.moment(value) if isinstance(value, date) else value
