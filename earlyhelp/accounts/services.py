"""What a system administrator does to an account. Each deed locks it, and stands in its trail with whoever did it and why."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from earlyhelp.accounts.leaving import announce, held_by, part
from earlyhelp.accounts.models import Invitation
from earlyhelp.audit.models import record
from earlyhelp.notices.enums import Kind
from earlyhelp.notices.services import notify, owe_letter, take_back
from earlyhelp.notices.services.telling import managers_of
from earlyhelp.partnership import second_factor
from earlyhelp.partnership import services as partnership
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.guessing import digest
from earlyhelp.partnership.models import Area, Post, Team, User
from earlyhelp.workflow.transitions import SYSTEM, NotPossible, person

INVITATION_LASTS = timedelta(days=7)
NOT_YOURS = "This is your own account: another system administrator has to do it."
WELCOME = """You have been given an account in Early Help.

Open this page within 7 days to choose your password:

{url}

The link works once. If you did not expect this message, do nothing and tell whoever looks after Early Help where you work.
"""
MOVED = """The e-mail address of your Early Help account was changed, so this address gets nothing more from Early Help.

If you did not ask for that, tell whoever looks after Early Help where you work, now.
"""


@transaction.atomic
def invite(*, by: Any, now: datetime, username: str, email: str, **facts: Any) -> User:
    """A new account without a password, and a link with which its owner chooses one."""
    _refuse_others(by)
    account = User(username=username, email=email, date_joined=now, **facts)
    account.set_unusable_password()
    account.save()
    record("account.invite", account, by=by, at=now)
    _send_link(account, by, now)
    return account


@transaction.atomic
def send_new_link(account: User, *, by: Any, now: datetime) -> User:
    """The link before is void. Whoever has a password keeps it until the new one is used."""
    account = _held(account, by)
    if not account.is_here(timezone.localdate(now)):
        raise NotPossible("Nobody can sign in to this account now, so a link would lead nowhere.")
    record("account.new_link", account, by=by, at=now)
    _send_link(account, by, now)
    return account


def invitation_of(secret: str, *, now: datetime) -> Invitation | None:
    found = Invitation.objects.open(now).select_related("user__agency").filter(digest=_digest(secret)).first()
    return found if found and found.user.is_here(timezone.localdate(now)) else None


@transaction.atomic
def accept(invitation: Invitation, *, password: str, now: datetime) -> User:
    """Nobody who knew the password before is signed in afterwards, nor is a program of theirs (promise P7).

    Raises ``NotPossible`` if the link was used meanwhile: it counts once.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.used_at:
        raise NotPossible("This link was used already.")
    invitation.used_at = now
    invitation.save(update_fields=["used_at"])
    account = User.objects.select_for_update().get(pk=invitation.user_id)
    account.set_password(password)
    account.save(update_fields=["password"])
    partnership.end_sessions(account)
    record("account.accept", account, by=account, at=now)
    return account


@transaction.atomic
def change(account: User, *, by: Any, now: datetime, **changes: Any) -> User:
    """Another agency ends every post and needs all that they hold handed on first; another team ends those of the one before."""
    account = _held(account, by)
    was = {name: getattr(account, name) for name in changes}
    changed = sorted(name for name, value in changes.items() if was[name] != value)
    yesterday = timezone.localdate(now) - timedelta(days=1)
    if "agency" in changed and was["agency"]:
        _refuse_while_held(account)
        partnership.end_posts(account, after=yesterday)
    if "team" in changed:
        _leave_team(account, was["team"], yesterday)
    if "email" in changed and was["email"]:
        account.invitations.filter(used_at=None).delete()  # it went to the address before: a new link goes to this one
        _tell_old_address(account, was["email"], by, now)
    for name, value in changes.items():
        setattr(account, name, value)
    account.full_clean(exclude=["password"])
    account.save(update_fields=sorted(changes))
    record("account.change", account, by=by, at=now, fields=changed)
    return account


@transaction.atomic
def give_post(
    account: User, *, by: Any, now: datetime, role: str, area: Area, from_on: date, until_on: date | None = None
) -> User:
    account = _held(account, by, not_ones_own=True)
    held = account.posts.filter(role=role, area=area).exclude(until_on__lt=from_on)
    if until_on:
        held = held.exclude(from_on__gt=until_on)
    if held.exists():
        raise NotPossible("They hold this post already at that time.", field="role")
    team = account.team if role == Role.TEAM_MANAGER else None
    partnership.appoint(account, role=role, area=area, on=from_on, until=until_on, team=team)
    record("account.give_post", account, by=by, at=now, role=str(role), area=area.pk)
    return account


@transaction.atomic
def end_post(post: Post, *, by: Any, now: datetime, last_day: date) -> User:
    """The post counts until the end of that day. One that has not begun by then never does."""
    account = _held(post.user, by, not_ones_own=True)
    post = Post.objects.select_for_update().get(pk=post.pk)
    if post.until_on and post.until_on <= last_day:
        raise NotPossible("It ends no later than that already.", field="last_day")
    record("account.end_post", account, by=by, at=now, role=post.role, area=post.area_id)
    if post.from_on > last_day:
        post.delete()
    else:
        post.until_on = last_day
        post.save(update_fields=["until_on"])
    return account


@transaction.atomic
def suspend(account: User, *, by: Any, now: datetime, reason: str) -> User:
    """Nobody comes in, and whoever is in is out. Posts stay, for a return. ``by`` may be the system."""
    account = _held(account, by, not_ones_own=True)
    if not account.is_active:
        raise NotPossible("Nobody can sign in to this account already.")
    account.is_active, account.suspended_at, account.suspended_because = False, now, reason
    account.save(update_fields=["is_active", "suspended_at", "suspended_because"])
    partnership.end_sessions(account)
    record("account.suspend", account, by=person(by), at=now, reason=reason)
    return account


@transaction.atomic
def reinstate(account: User, *, by: Any, now: datetime, reason: str) -> User:
    """Back as before they were suspended; who had left comes back without a post."""
    account = _held(account, by, not_ones_own=True)
    if account.is_active:
        raise NotPossible("This account is in use already.")
    account.is_active, account.left_on, account.reinstated_at = True, None, now
    account.suspended_at, account.suspended_because = None, ""
    account.save(update_fields=["is_active", "left_on", "reinstated_at", "suspended_at", "suspended_because"])
    record("account.reinstate", account, by=by, at=now, reason=reason)
    return account


@transaction.atomic
def leave(account: User, *, by: Any, now: datetime, last_day: date) -> User:
    """Their last day is the last on which they sign in. Whoever manages their team hears that others are needed."""
    account = _held(account, by, not_ones_own=True)
    gone_on = last_day + timedelta(days=1)
    record("account.leave", account, by=person(by), at=now, on=gone_on.isoformat())
    if gone_on <= timezone.localdate(now):
        close(account, on=gone_on, by=by, now=now)
    else:
        partnership.will_leave(account, on=gone_on)
    if held_by(account):
        notify(
            managers_of([account], now=now),
            kind=Kind.REQUEST,
            title="Somebody of your team leaves: what they hold needs others",
            reference="",
            url=url_of(account),
            key=f"account:{account.pk}:leaves:{gone_on}",
            now=now,
        )
    announce(account, by=by, now=now)
    return account


@transaction.atomic
def close(account: User, *, on: date, by: Any, now: datetime) -> None:
    """They are gone: no sign-in, no open page, no post, and nothing that was theirs alone."""
    partnership.leave(account, on=on)
    part(account, by=by, now=now)


@transaction.atomic
def reset_second_factor(account: User, *, by: Any, now: datetime, reason: str) -> User:
    """A telephone was lost. They set it up anew at their next sign-in, and hear that this was done."""
    account = _held(account, by, not_ones_own=True)
    if not second_factor.forget_all(account):
        raise NotPossible("There is no second factor to take away.")
    partnership.end_sessions(account)
    record("account.reset_second_factor", account, by=by, at=now, reason=reason)
    notify(
        [account],
        kind=Kind.NEWS,
        title="Your second factor was taken away: set it up anew",
        reference="",
        url=reverse("accounts:yours"),
        key=f"account:{account.pk}:reset:{now.isoformat()}",
        now=now,
        urgent=True,
    )
    return account


def administrators(now: datetime) -> list[User]:
    return Post.objects.current(timezone.localdate(now)).filter(role=Role.SYSTEM_ADMIN).holders()


def url_of(account: User) -> str:
    return reverse("accounts:account", args=[account.pk])


# --- what the deeds above are made of --------------------------------------------------------------------------------


def _refuse_others(by: Any) -> None:
    if by is SYSTEM:
        return
    by.forget_scope()
    if not by.scope.holds(Role.SYSTEM_ADMIN):
        raise PermissionDenied


def _held(account: User, by: Any, *, not_ones_own: bool = False) -> User:
    """The account as it stands, held for the rest of the transaction. Nobody gives themselves more than they have."""
    _refuse_others(by)
    if not_ones_own and account.pk == by.pk:
        raise NotPossible(NOT_YOURS)
    return User.objects.select_for_update(of=("self",)).select_related("agency", "team").get(pk=account.pk)


def _send_link(account: User, by: Any, now: datetime) -> None:
    for before in Invitation.objects.filter(user=account, used_at=None):
        take_back(before.letter_key)
        before.delete()
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        user=account, digest=_digest(secret), made_by=by, made_at=now, ends_at=now + INVITATION_LASTS
    )
    url = settings.SITE_URL.rstrip("/") + reverse("accounts:welcome", args=[secret])
    owe_letter(
        account.email,
        subject="Your account in Early Help",
        body=WELCOME.format(url=url),
        key=invitation.letter_key,
        now=now,
        told_if_it_fails=by,
        reference="",
        url=url_of(account),
    )


def _tell_old_address(account: User, address: str, by: Any, now: datetime) -> None:
    owe_letter(
        address,
        subject="Your account in Early Help",
        body=MOVED,
        key=f"account-{account.pk}-moved-{now:%Y%m%d%H%M%S}",
        now=now,
        told_if_it_fails=by,
        reference="",
        url=url_of(account),
    )


def _digest(secret: str) -> str:
    return digest("accounts.invitation", secret)


def _refuse_while_held(account: User) -> None:
    if held := held_by(account):
        raise NotPossible(f"First somebody else has to take over {', '.join(map(str, held))}.", field="agency")


def _leave_team(account: User, team: Team | None, last_day: date) -> None:
    if team is None:
        return
    of_team = account.posts.filter(team=team).exclude(until_on__lte=last_day)
    of_team.filter(from_on__gt=last_day).delete()
    of_team.update(until_on=last_day)
