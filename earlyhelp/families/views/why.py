"""Why somebody looks at a family with which they do not work: asked once a day, in nobody's way, and kept with their reads.

Whoever works with the family is asked nothing, and their page reads nothing for it: what says so came with the record.
"""

from __future__ import annotations

from datetime import datetime, time
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from earlyhelp.audit.models import Access
from earlyhelp.audit.views import note_shown, open_record, opened_in
from earlyhelp.families.enums import WhyLook
from earlyhelp.families.forms import WhyYouLook
from earlyhelp.families.models import Family, Person
from earlyhelp.families.views.around import FAMILIES, page_of
from earlyhelp.partnership.landing import nearest_page
from earlyhelp.workflow.views import perform


class Asked(NamedTuple):
    family: Family
    form: WhyYouLook


def why_asked(request: HttpRequest) -> dict[str, Any]:
    """For every page: what its reader is asked, found out only where a page has the place for it."""
    return {"why_asked": partial(_asked, request)}


def _asked(request: HttpRequest) -> Asked | None:
    """Nothing for whoever works with what is shown; else one query, whether they have said it today."""
    looked_at = next((row for row in opened_in(request) if getattr(row, "may_work", True) is False), None)
    if looked_at is None:
        return None
    family = Family.objects.for_user(request.user).filter(_of(looked_at), ~_answered(request.user)).first()
    return Asked(family, WhyYouLook(initial={"back": request.path}, auto_id="why_%s")) if family else None


def _of(row: Any) -> Q:
    if isinstance(row, Person):
        return Q(pk__in=row.memberships.current().values("family"))
    return Q(pk=row.pk if isinstance(row, Family) else row.family_id)


def _answered(user: Any) -> Exists:
    """Today, on the page of ``answer``: a read with a purpose."""
    today = timezone.make_aware(datetime.combine(timezone.localdate(), time()))
    rows = Access.objects.filter(subject=Family._meta.label_lower, subject_id=OuterRef("pk"), actor=user)
    return Exists(rows.filter(at__gte=today, page__endswith="/why/").exclude(purpose=""))


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """What they say is a read with its purpose: whoever reads who has seen the family reads it there."""
    row = open_record(request, FAMILIES, reference=reference)
    page = page_of(row, "Why do you look?", said="Written down. You are not asked again today.")
    return perform(request, WhyYouLook, partial(_note, request, row), page=page, then=lambda back: back)


def _note(request: HttpRequest, row: Family, *, because: str, words: str, back: str) -> str:
    said = [WhyLook(because).label] if because != WhyLook.OTHER else []
    note_shown(request, row, purpose=": ".join([*said, *filter(None, [words])])[:200])
    return nearest_page(back) if url_has_allowed_host_and_scheme(back, None) else row.get_absolute_url()
