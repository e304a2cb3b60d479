"""A service's way in without an account: made, sent, opened, used and made void (domain.md 11).

What opens it stands in the message alone, and there sealed until it has gone. Whoever holds a wrong one, an old one or one
that was made void learns the same: nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from earlyhelp.core import dates
from earlyhelp.directory.enums import Occasion
from earlyhelp.directory.models import OnwardLink, OnwardReferral
from earlyhelp.notices.services import owe_letter, take_back

SECRET_BYTES = 32  # 256 bits: nobody guesses one
LETTERS = {  # of each occasion the template, and the subject
    Occasion.REFERRED: ("referred", "Somebody has been referred to you"),
    Occasion.NEARS: ("nears", "A referral to you waits for your answer"),
    Occasion.PASSED: ("passed", "A referral to you has not been answered"),
}


def make_link(onward: OnwardReferral, *, by: Any, now: datetime) -> OnwardLink:
    """A new link to the service's address, and the end of those before."""
    void_links(onward, now=now)
    return _link(onward, Occasion.REFERRED, by, now)


def remind(onward: OnwardReferral, occasion: Occasion, *, now: datetime, due_at: datetime) -> OnwardLink:
    """Another link to the same address; those before go on opening, unless the service has another address since."""
    if onward.links.filter(void_at=None).exclude(address=onward.service.email).exists():
        void_links(onward, now=now)
    return _link(onward, occasion, onward.made_by, now, due_on=dates.day(due_at))


def _link(onward: OnwardReferral, occasion: Occasion, by: Any, now: datetime, **shown: Any) -> OnwardLink:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    link = OnwardLink.objects.create(
        onward=onward, occasion=occasion, digest=_digest(secret), address=onward.service.email, made_by=by, made_at=now
    )
    url = settings.SITE_URL + reverse("onward:cover", args=[secret])
    _write(onward, link, *LETTERS[occasion], now, url=url, **shown)
    return link


def withdraw_links(onward: OnwardReferral, *, now: datetime) -> None:
    """They open nothing from now on. A service that had its message is told to do no more, without a word of whom it is about."""
    if link := onward.links.order_by("-pk").first():
        open_ones = onward.links.filter(void_at=None).count()
        if open_ones > void_links(onward, now=now):
            _write(onward, link, "withdrawn", "A referral to you was withdrawn", now)


def void_links(onward: OnwardReferral, *, now: datetime) -> int:
    """They open nothing from now on, and those of which the message has not gone are not sent; says how many those are."""
    open_ones = onward.links.filter(void_at=None)
    unsent = take_back(*(_key(link, LETTERS[Occasion(link.occasion)][0]) for link in open_ones))
    open_ones.update(void_at=now)
    return unsent


def find(secret: str, *, now: datetime) -> OnwardLink | None:
    """The link that this opens; nothing if it is wrong, void or too old."""
    links = OnwardLink.objects.open(now).filter(digest=_digest(secret))
    return links.select_related("onward__person", "onward__service__organisation", "onward__made_by__agency").first()


def mark_opened(link: OnwardLink, *, now: datetime) -> None:
    """Somebody pressed the button: a program that only looks at links does not."""
    OnwardLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=now)


def _write(onward: OnwardReferral, link: OnwardLink, what: str, subject: str, now: datetime, **shown: Any) -> None:
    owe_letter(
        link.address,
        subject=subject,
        body=render_to_string(f"directory/letters/{what}.txt", {"onward": onward, "service": onward.service, **shown}),
        key=_key(link, what),
        now=now,
        told_if_it_fails=link.made_by,
        reference=onward.reference,
        url=onward.get_absolute_url(),
    )


def _key(link: OnwardLink, what: str) -> str:
    return f"onward-{link.pk}-{what}"


def _digest(secret: str) -> str:
    return hashlib.sha256(f"onward:{secret}".encode()).hexdigest()
