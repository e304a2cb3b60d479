"""How these pages reach a case: through the one door, which writes down that it was opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from earlyhelp.audit.views import open_record
from earlyhelp.cases.models import Case
from earlyhelp.cases.queries import WITH_LEAD
from earlyhelp.workflow.views import Page


def open_case(request: HttpRequest, reference: str, action: str = "lead") -> Case:
    """The case, for whoever leads it; or, where a page is for reading, for whoever may view it."""
    return open_record(request, WITH_LEAD, action=action, reference=reference)


def section_of(case: Case, slug: str) -> str:
    return f"{case.get_absolute_url()}{slug}/"


def page(case: Case, slug: str, title: str, **rest: Any) -> Page:
    """A page that goes back to a section of the case when it is left."""
    return Page(title, section_of(case, slug), caption=f"{case.reference} {case.family}", **rest)


def back(here: Page) -> Callable[[Any], str]:
    """Afterwards: the section from which the page was opened."""
    return lambda done: here.cancel_url
