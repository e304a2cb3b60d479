"""Accounts, for whoever looks after them. No family stands on any of these pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from earlyhelp.accounts import forms, services
from earlyhelp.accounts.access import looks_after_accounts
from earlyhelp.accounts.covering import covers_of
from earlyhelp.accounts.enums import COLOURS, State
from earlyhelp.accounts.leaving import held_by
from earlyhelp.accounts.queries import accounts, posts_of, shown
from earlyhelp.audit.views import open_record
from earlyhelp.core.requests import SignedIn
from earlyhelp.partnership import second_factor
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User
from earlyhelp.workflow.cautions import ABOUT_NOBODY
from earlyhelp.workflow.views import Page, perform

HERE = (State.IN_USE, State.INVITED, State.DORMANT)
shows_or_does = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Deed:
    label: str
    form: Callable[..., Any]
    service: Callable[..., Any]
    of: tuple[State, ...]
    said: str
    intro: str = ""
    danger: bool = False


DEEDS = {
    "change": Deed(
        "Change these details",
        forms.Change,
        services.change,
        HERE,
        "Saved",
        "With another agency every post ends, and must be given anew. With another team the posts of the old team end.",
    ),
    "post": Deed("Give a post", forms.GivePost, services.give_post, HERE, "The post is given"),
    "link": Deed(
        "Send a new link",
        forms.JustDo,
        services.send_new_link,
        HERE,
        "The link is sent",
        "It goes to their e-mail address and lets them choose a new password, once and within 7 days. The link before is void.",
    ),
    "second-factor": Deed(
        "Take away the second factor",
        forms.Why,
        services.reset_second_factor,
        HERE,
        "Taken away. They have been told",
        "Only if you are sure that it was they who asked: ring them on a number you know. Next time they set it up anew.",
        danger=True,
    ),
    "suspend": Deed(
        "Suspend",
        forms.Why,
        services.suspend,
        HERE,
        "Suspended. Nobody can sign in to this account",
        "It works at once, also where they are signed in. Their posts stay for when they come back.",
        danger=True,
    ),
    "leave": Deed(
        "They leave",
        forms.LastDay,
        services.leave,
        (*HERE, State.SUSPENDED),
        "Saved. They get in until the end of that day",
        "Every post ends with their last day. What they hold needs somebody else: their manager is told.",
        danger=True,
    ),
    "reinstate": Deed(
        "Let in again",
        forms.Why,
        services.reinstate,
        (State.SUSPENDED, State.LEFT),
        "They can sign in again",
        "Whoever had left has no post until you give one.",
    ),
}


@require_safe
def account_list(request: SignedIn) -> HttpResponse:
    if not looks_after_accounts(request.user):
        raise Http404
    filters, now = forms.AccountFilter(request.GET, user=request.user), timezone.now()
    asked = filters.cleaned()
    rows = shown(
        request.user, now=now, show=asked["show"] or "", agency=asked.get("agency"), named=asked["named"] or ""
    )
    context = {
        "page": filters.page_of(rows),
        "filters": filters,
        "colours": COLOURS,
        "labels": dict(State.choices),
        "administers": request.user.scope.holds(Role.SYSTEM_ADMIN),
        "without_second_factor": not settings.SECOND_FACTOR_REQUIRED,
        "dormant_after": settings.DORMANT_AFTER_DAYS,
    }
    return render(request, "accounts/list.html", context)


@require_safe
def account(request: SignedIn, pk: int) -> HttpResponse:
    row, state = _open(request, pk)
    administers = request.user.scope.holds(Role.SYSTEM_ADMIN)
    factors = second_factor.factors_of(row)
    possible = [
        (deed.label, _deed_url(row, name))
        for name, deed in DEEDS.items()
        if state in deed.of and (factors or name != "second-factor")
    ]
    context = {
        "account": row,
        "state": state.label,
        "colour": COLOURS[state],
        "factors": factors,
        "posts": posts_of(row),
        "today": timezone.localdate(),
        "held": held_by(row),
        "covers": covers_of(row, timezone.localdate()),
        "deeds": possible if administers and row.pk != request.user.pk else [],
        "administers": administers and row.pk != request.user.pk,
        "back_url": reverse("accounts:list"),
        "back_label": "Accounts",
    }
    return render(request, "accounts/account.html", context)


@shows_or_does
def invite(request: SignedIn) -> HttpResponse:
    _only_administrators(request)
    page = Page(
        "Invite somebody",
        reverse("accounts:list"),
        intro="They are sent a link with which they choose a password. It works once and for 7 days. Give them a post next.",
        about=ABOUT_NOBODY,
        button="Send the invitation",
        said="Invited. Give them a post, so that they can do something here",
    )
    deed = partial(services.invite, by=request.user, now=timezone.now())
    return perform(request, forms.Invite, deed, page=page, then=services.url_of)


@shows_or_does
def act(request: SignedIn, pk: int, deed: str) -> HttpResponse:
    _only_administrators(request)
    row, state = _open(request, pk)
    wanted = DEEDS.get(deed)
    if wanted is None or state not in wanted.of or row.pk == request.user.pk:
        raise Http404  # on their own account another administrator acts
    page = Page(
        wanted.label,
        services.url_of(row),
        caption=str(row),
        intro=wanted.intro,
        button=wanted.label,
        danger=wanted.danger,
        said=wanted.said,
        about=ABOUT_NOBODY,
    )
    return _perform(request, partial(wanted.form, account=row), partial(wanted.service, row), page)


@shows_or_does
def end_post(request: SignedIn, pk: int, post: int) -> HttpResponse:
    _only_administrators(request)
    row, _ = _open(request, pk)
    if row.pk == request.user.pk:
        raise Http404
    held = get_object_or_404(Post.objects.select_related("user", "area"), pk=post, user=row)
    page = Page(
        f"End the post: {held.get_role_display()}, {held.area}",
        services.url_of(row),
        caption=str(row),
        button="End it",
        said="The post ends on that day",
        about=ABOUT_NOBODY,
    )
    return _perform(request, partial(forms.LastDay, account=row), partial(services.end_post, held), page)


def _perform(request: SignedIn, form: Callable[..., Any], deed: Callable[..., Any], page: Page) -> HttpResponse:
    return perform(request, form, partial(deed, by=request.user, now=timezone.now()), page=page, then=services.url_of)


def _open(request: SignedIn, pk: int) -> tuple[User, State]:
    rows: Any = accounts().as_they_stand(timezone.now()).select_related("agency", "team")
    row: Any = open_record(request, rows, pk=pk)
    return row, State(row.state)


def _only_administrators(request: SignedIn) -> None:
    if not request.user.scope.holds(Role.SYSTEM_ADMIN):
        raise Http404


def _deed_url(row: User, name: str) -> str:
    return reverse("accounts:act", args=[row.pk, name])
