"""A referrer’s own pages: the list, the form in seven parts, and how it goes on (screens.md 1.3)."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.audit.views import open_record
from earlyhelp.cases.models import Case
from earlyhelp.core.composed import record
from earlyhelp.core.requests import SignedIn
from earlyhelp.workflow.transitions import NotPossible
from earlyhelp.workflow.views import OVER, Page, perform
from referrals.checklists import of_referral
from referrals.enums import Status
from referrals.family_copy import family_copy
from referrals.forms.draft import (
    Discard,
    LeaveOut,
    Start,
    Submit,
    WhichFamily,
    WhoseReferrals,
    questions_of,
    who_agrees,
)
from referrals.models import Referral
from referrals.progress import keep_open, promised, steps, summary
from referrals.queries import (
    Task,
    answers_held,
    as_read_by,
    being_typed,
    last_told,
    latest_messages,
    letters_of_referral,
    may_keep,
    may_name,
    old_enough,
    people_of,
    tasks,
    who_knows,
    with_family,
    written_by,
)
from referrals.services import drafts
from referrals.transitions.referral import submit

LIST = "referrals:list"
LATEST = 3  # messages that stand on the page of the referral itself
# Autosave keeps what is typed, and scripts are what autosaves: without them the link says what it does (promise P12).
BACK = format_html(
    'Back to the list<span class="eh-with-scripts">{}</span><span class="eh-without-scripts">{}</span>',
    ": what you typed is kept",
    " without saving",
)
TWO_WAYS_ON = {  # the plain way leads to the next part that must be said, so that a known family takes eight screens
    "button_name": "do",
    "button_value": "next",
    "second_button": "Save and go back to the list",
    "cancel_label": BACK,
}


def _search() -> str:
    """Where a referral begins: with a look for the family."""
    return f"{reverse('families:search')}?refer=yes"


@require_safe
def mine(request: SignedIn) -> HttpResponse:
    """My referrals: what I have not finished, then how each of the others goes on. For a manager, their team's beside them."""
    filters = WhoseReferrals(request.GET)
    manages = bool(request.user.scope.ids("managed_workers"))
    team = manages and filters.cleaned()["whose"] == "team"
    items = [
        {"label": "Mine", "url": "?", "current": not team},
        {"label": "My team’s", "url": "?whose=team", "current": team},
    ]
    page = filters.page_of(written_by(request.user, team=team))
    context = {"page": page, "filters": filters, "team": team, "items": items if manages else []}
    return render(request, "referrals/list.html", context)


# --- starting ----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """A family was chosen in the search: begin its referral, once it is said whether anybody works with them already."""
    family = WhichFamily(request.GET).chosen(request.user)
    if family is None:
        return redirect(_search())
    page = Page(
        "Refer a family to early help",
        _search(),
        caption=f"{family.reference} {family}" if may_name(family, request.user) else family.reference,
        button="Start the referral",
        template="referrals/start.html",
        extra={
            "own": Referral.objects.for_user(request.user, "own").live().filter(family=family).first(),
            "led": Case.objects.for_user(request.user, "lead").live().filter(family=family).first(),
            "asks": who_knows(family, request.user),
            "step_down": drafts.steps_down(request.user),
        },
        about=family,
    )
    deed = partial(drafts.start, family, by=request.user, now=timezone.now())
    return perform(request, Start, deed, page=page, then=partial(_onward, request))


# --- the draft ---------------------------------------------------------------------------------------------------------


@require_safe
def referral(request: SignedIn, reference: str) -> HttpResponse:
    """One address for everybody: the author’s draft or its progress, which their manager reads; else the workbench."""
    row = open_record(request, _WITH_FAMILY, reference=reference)
    own = row.author_id == request.user.pk
    if not own and row.may_weigh:
        return redirect("referrals:triage_case", reference)
    if own and row.is_draft:
        return _task_list(request, row)
    context = {
        "referral": row,
        "own": own,
        "steps": steps(row),
        "told": last_told(row),
        "letters": letters_of_referral(row, request.user),
        "keep_open": keep_open(row),
        "may_withdraw": own and row.is_live,
        "may_triage": row.may_triage,
        "rows": summary(row, seen_by=request.user, own=own),
        "said": as_read_by(request.user, row, latest_messages(row, request.user, LATEST)),
    }
    return render(request, "referrals/status.html", context)


def _task_list(request: SignedIn, row: Referral) -> HttpResponse:
    """Complete, in progress (what is being typed counts), or not started."""
    typing = being_typed(row, request.user)
    found = tasks(row, today=timezone.localdate())
    context = {
        "referral": row,
        "tasks": [_shown(task, _task_url(row, task.slug), typing) for task in found],
        "ready": all(task.complete for task in found if not task.optional),
        "done": sum(task.complete for task in found),
        "checklists": of_referral(row, request.user),
    }
    return render(request, "referrals/tasks.html", context)


def _shown(task: Task, url: str, typing: set[str]) -> dict[str, str]:
    state = "complete" if task.complete else "in_progress" if task.begun or url in typing else "not_started"
    return {"title": f"{task.title} (optional)" if task.optional else task.title, "url": url, "state": state}


@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    """One part of the form. Saved when it is sent, and kept while it is typed."""
    row = open_record(request, _REFERRAL, action="own", reference=reference)
    asked = questions_of(row)
    if slug != "agreement" and slug not in asked:
        raise Http404
    if not row.is_draft and request.method == "GET":
        return redirect(row)
    if slug == "agreement":
        return _agreement(request, row, row.get_absolute_url())
    question = asked[slug]
    page = Page(
        question.title,
        row.get_absolute_url(),
        caption=row.reference,
        intro=question.intro,
        warning=question.warning,
        button="Save and continue",
        template=question.template,
        extra=_beside(request, row, slug) | TWO_WAYS_ON,
    )
    names = question.form.base_fields
    initial = {name: getattr(row, name) for name in names} | {"safeguarding": row.safeguarding or None}
    deed = partial(drafts.save_draft, row, by=request.user, now=timezone.now())
    return perform(
        request,
        lambda data: question.form(data, initial=initial),
        deed,
        page=page,
        then=partial(_after_task, request, slug),
    )


def _beside(request: HttpRequest, row: Referral, slug: str) -> dict[str, Any]:
    """What stands beside a question: for the family, who is in it, as much as its author may know."""
    if slug == "needs":
        return {"referral": row, "checklists": of_referral(row, request.user)}
    if slug != "family":
        return {"referral": row}
    members = people_of(row.family_id, seen_by=request.user)
    return {"members": members, "family": row.family, "may_open": may_keep(row.family, request.user)}


def _after_task(request: HttpRequest, slug: str, row: Referral) -> str:
    """Onward; past a page that cannot be overlooked where somebody may be at risk."""
    if slug == "safety" and row.worrying:
        return reverse("referrals:ring_now", args=[row.reference])
    return _onward(request, row)


def _onward(request: HttpRequest, row: Referral) -> str:
    """To the first part that still must be said, and then to check; or to the list of them all, for whoever wants that."""
    if request.POST.get("do") != "next":
        return row.get_absolute_url()
    parts = tasks(row, today=timezone.localdate())
    unsaid = next((part for part in parts if not part.complete and not part.optional), None)
    return _task_url(row, unsaid.slug) if unsaid else reverse("referrals:check", args=[row.reference])


def _agreement(request: HttpRequest, row: Referral, back: str) -> HttpResponse:
    asked = old_enough(people_of(row.family_id, seen_by=request.user), timezone.localdate())
    form = who_agrees(asked, answers_held(row), row.no_agreement_reason)
    page = Page(
        "Who agrees to early help",
        back,
        caption=row.reference,
        intro="Early help is voluntary. Ask each person of 13 or over, and write down their own answer.",
        button="Save and continue" if row.is_draft else "Save",
        extra=TWO_WAYS_ON if row.is_draft else {},
    )
    deed = partial(drafts.record_answers, row, by=request.user, now=timezone.now())
    after = partial(_onward, request) if row.is_draft else lambda saved: back
    return perform(request, form, deed, page=page, then=after)


@require_http_methods(["GET", "POST"])
def agreement_in_triage(request: HttpRequest, reference: str) -> HttpResponse:
    """EH Access writes down who agrees, where the referrer could not ask."""
    row = open_record(request, _REFERRAL, action="triage", reference=reference)
    return _agreement(request, row, reverse("referrals:triage_case", args=[reference]))


@require_safe
def ring_now(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, _REFERRAL, action="own", reference=reference)
    return render(request, "referrals/ring_now.html", {"referral": row})


@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, _REFERRAL, action="edit", reference=reference)
    page = Page(
        "Delete this draft?",
        row.get_absolute_url(),
        caption=row.reference,
        intro="What you wrote in it cannot be brought back.",
        button="Delete the draft",
        danger=True,
        said="The draft is deleted.",
    )
    deed = partial(drafts.discard, row, by=request.user, now=timezone.now())
    return perform(request, Discard, deed, page=page, then=lambda nothing: reverse(LIST))


# --- sending -----------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """Check your answers, then send."""
    row = open_record(request, _REFERRAL, action="own", reference=reference)
    if not row.is_draft and request.method == "GET":
        return redirect(row)
    page = Page(
        "Check before you send",
        row.get_absolute_url(),
        caption=row.reference,
        button="Send to EH Access",
        template="referrals/check.html",
        extra={"referral": row, "rows": summary(row, seen_by=request.user, own=True, change=True)},
    )
    deed = partial(submit, row, by=request.user, now=timezone.now()) if row.is_draft else partial(_sent_already, row)
    return perform(request, Submit, deed, page=page, then=lambda sent: reverse("referrals:sent", args=[sent.reference]))


NOTHING_MORE = "This referral has been sent, and nothing more is kept here: write EH Access a message."


def _nothing_more(path: str, user: Any) -> str:
    """What is typed in a part of a referral that was sent meanwhile, in another window, reaches nobody: it is said at once."""
    begins = re.match(r"/referrals/(R-[^/]+)/", path)
    if begins is None:
        return ""
    if path.startswith(f"/referrals/{begins[1]}/messages/"):
        return ""
    own = Referral.objects.for_user(user, "own").filter(reference=begins[1])
    return NOTHING_MORE if own.exclude(status=Status.DRAFT).exists() else ""


OVER.append(_nothing_more)


def _sent_already(row: Referral, **typed: Any) -> Referral:
    """From another window: whoever sends it once more is told so, and not that it is not theirs."""
    raise NotPossible(f"You have sent {row.reference} already. How it goes on stands on its page.")


@require_safe
def sent(request: HttpRequest, reference: str) -> HttpResponse:
    row = open_record(request, _REFERRAL, action="own", reference=reference)
    if row.status == Status.DRAFT:
        return redirect(row)
    return render(request, "referrals/sent.html", {"referral": row, "decide_by": promised(row, "D_TRIAGE")})


@require_safe
def for_the_family(request: HttpRequest, reference: str) -> HttpResponse:
    """On paper, in plain words: what was said about them, and what happens next. That it was read is written down."""
    row = open_record(request, _REFERRAL, action="give", reference=reference)
    form = LeaveOut(request.GET)
    copy = family_copy(row, reader=request.user, without=form.cleaned()["without"] or [], today=timezone.localdate())
    context = {"referral": row, "copy": copy, "form": form, "back_url": row.get_absolute_url()}
    return render(request, "referrals/for_the_family.html", context)


def _referrals(user: Any) -> Any:
    return Referral.objects.with_rights(user).select_related(
        "family__area", "area", "agency", "author", "holder", "case__lead__agency"
    )


_REFERRAL = record(_referrals)
_WITH_FAMILY = record(lambda user: with_family(_referrals(user), user))


def _task_url(row: Referral, slug: str) -> str:
    return reverse("referrals:task", args=[row.reference, slug])
