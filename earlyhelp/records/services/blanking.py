"""Somebody saw that a record says where a person lives: the words are sealed, and whoever decides hears of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from earlyhelp.audit.models import record
from earlyhelp.families.models import Family
from earlyhelp.families.secrets import secrets_of
from earlyhelp.notices.enums import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post
from earlyhelp.records.models import Blanking


@transaction.atomic
def ask_to_blank(family: Family, *, by: Any, now: datetime, words: str, why: str) -> Blanking:
    if not Family.objects.for_user(by).filter(pk=family.pk).exists():
        raise PermissionDenied
    asked = Blanking(family=family, why=why, asked_by=by, asked_at=now)
    asked.gives_away = secrets_of([family.pk]).stand_in(words)
    asked.keep_words(words)
    asked.save()
    record("records.blanking.asked", asked, by=by, at=now)
    posts = Post.objects.current().filter(role=Role.IG_LEAD, area__in=family.area.lineage)
    notify(
        posts.exclude(user=by).holders(),
        kind=Kind.REQUEST,
        title="Somebody asks for words to be taken out of a record",
        reference=family.reference,
        url=asked.get_absolute_url(),
        key=f"blanking:{asked.pk}:asked",
        now=now,
    )
    return asked
