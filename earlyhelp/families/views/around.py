"""What the pages of a family share: their rights, their sections, and where a deed leads back to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from earlyhelp.core.composed import record
from earlyhelp.families import panels, queries
from earlyhelp.families.access import LOOKS_IN
from earlyhelp.families.models import Family
from earlyhelp.workflow.views import Page

SECTIONS = (("", "People"), ("genogram", "Genogram"), ("agreements", "Agreement"), ("chronology", "Chronology"))


def _as_shown(user: Any) -> Any:
    """With each whether its reader keeps its record too, or only reads it, and whether somebody of it lives hidden."""
    rows = Family.objects.with_rights(user, "edit", "log", *asked_of(user)).select_related("area")
    return rows.annotate(hidden=queries.lives_hidden("pk"))


def asked_of(user: Any) -> tuple[str, ...]:
    """Whether they work with it, of those alone to whom a post may open it (see ``why``)."""
    return ("work",) if user.scope.holds(*LOOKS_IN) else ()


FAMILIES = record(_as_shown)


def page_of(row: Family, title: str, section: str = "", *, button: str = "Save", said: str, **more: Any) -> Page:
    url = row.get_absolute_url()
    back = f"{url}{section}/" if section else url
    return Page(title, back, caption=f"{row.reference} {row}", button=button, said=said, **more)


def search_for(row: Family) -> str:
    return f"{reverse('families:search')}?{urlencode({'to': row.reference})}"


def around(row: Family, slug: str) -> dict[str, Any]:
    """What every page of a family shows around its own content: ``row`` is one of ``FAMILIES``, ``slug`` the page’s own."""
    url = row.get_absolute_url()
    own = [(each, label, f"{url}{each}/" if each else url) for each, label in SECTIONS]
    lodged = [(each, label, reverse(each, args=[row.reference])) for each, label in panels.SECTIONS]
    sections = [{"label": label, "url": page, "current": each == slug} for each, label, page in own + lodged]
    refer = f"{reverse('referrals:start')}?{urlencode({'family': row.reference})}"
    may_change: bool = row.may_edit  # type: ignore[attr-defined]
    actions = [("Change name or area", f"{url}edit/")] if may_change else []
    actions += [("What has been changed", f"{url}history/")] if may_change else []
    actions += [("Who has seen this family", f"{url}seen/")] if row.may_log else []  # type: ignore[attr-defined]
    return {
        "family": row,
        "sections": sections,
        "facts": [("Area", row.area)],
        "tags": _tags(row),
        "actions": actions,
        "refer_url": refer,
        "may_change": may_change,
    }


def _tags(row: Family) -> list[tuple[str, str]]:
    tags = [("Restricted", "red")] if row.restricted else []
    return tags + ([("Secret address", "red")] if row.hidden else [])  # type: ignore[attr-defined]
