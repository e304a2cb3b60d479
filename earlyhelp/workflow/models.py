"""What lies between a person's typing and a record: a draft that cannot be lost, a submission that counts once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction

from earlyhelp.core import sealing


class Versioned(models.Model):
    """A record that people edit: a save against an old version shows both texts and loses neither (promise P10)."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def nameless_actor(self) -> str:
        """Who did what no account did: in most records scheduled work."""
        return "Early Help"


class Submission(models.Model):
    """One sending of one form. A double click or a retry finds the first one's answer (promise P11)."""

    token = models.UUIDField(unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField()
    answer = models.CharField(max_length=200, blank=True, help_text="Where the first sending led.")
    said = models.CharField(
        max_length=64, blank=True, help_text="A seal on what was sent, which tells nobody what it was."
    )

    class Meta:
        indexes = [models.Index("at", name="submission_at")]

    def __str__(self) -> str:
        return str(self.token)


def _kept(typed: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: values for name, values in typed.items() if name not in Draft.NEVER_KEPT}


class DraftQuerySet(models.QuerySet["Draft"]):
    def keep(self, user: Any, key: str, typed: Mapping[str, list[str]], *, now: datetime) -> None:
        """Put away what was typed into the form ``key``, sealed to this person."""
        self._put(user, key, _kept(typed), saved_at=now)

    @transaction.atomic
    def keep_sent(self, user: Any, key: str, typed: Mapping[str, list[str]], *, now: datetime) -> bool:
        """Put away a form that was sent and could not be taken, beside those of the same form sent from other windows.

        Only what autosave had put away of it gives way. False if there is no room left: nothing that was sent is overwritten.
        """
        list(get_user_model().objects.select_for_update(no_key=True).filter(pk=user.pk))  # one window after another
        keys = [window[:200] for window in Draft.windows(key)]
        found, kept = {draft.key: draft for draft in self.filter(user=user, key__in=keys)}, _kept(typed)
        for window in Draft.windows(key):
            draft = found.get(window[:200])
            if draft is None or not draft.was_sent or draft.open(window) in (None, kept):
                self._put(user, window, kept, saved_at=now, was_sent=True)
                return True
        return False

    def _put(self, user: Any, key: str, kept: dict[str, list[str]], **values: Any) -> None:
        values["sealed"] = sealing.seal(json.dumps(kept), bound_to=Draft(user_id=user.pk, key=key).binding)
        _, new = self.update_or_create(user=user, key=key[:200], defaults=values)
        if new:
            self._make_room(user, values["saved_at"])

    def take(self, user: Any, key: str) -> dict[str, list[str]] | None:
        """What this person had typed into the form ``key``; none if nothing, or if it can no longer be opened."""
        return next(filter(None, self.take_all(user, key)), None)

    def take_all(self, user: Any, key: str) -> list[dict[str, list[str]] | None]:
        """The same window by window: more than one only where a session ended over several."""
        windows = Draft.windows(key)
        found = {draft.key: draft for draft in self.filter(user=user, key__in=[window[:200] for window in windows])}
        last = max((number for number, window in enumerate(windows, 1) if window[:200] in found), default=0)
        drafts = ((window, found.get(window[:200])) for window in windows[:last])
        return [draft.open(window) if draft else None for window, draft in drafts]

    def discard(self, user: Any, key: str, *, windows: int | None = None) -> None:
        """It was sent. Of what was typed in other windows, only what its sender has seen goes with it."""
        self.filter(user=user, key__in=[window[:200] for window in Draft.windows(key)[:windows]]).delete()

    def full(self, user: Any, key: str, now: datetime) -> bool:
        """Whether there is no room for one more: so many were begun since yesterday, and none of those is thrown away."""
        recent = self.filter(user=user, saved_at__gte=now - Draft.SAFE_FOR)
        return recent.count() >= Draft.MOST and not self.filter(user=user, key=key[:200]).exists()

    def stale(self, now: datetime) -> DraftQuerySet:
        return self.filter(saved_at__lt=now - timedelta(days=30))

    def _make_room(self, user: Any, now: datetime) -> None:
        """The oldest beyond the number that a person may have; never one of today or yesterday."""
        extra = self.filter(user=user).order_by("-saved_at", "-pk")[Draft.MOST :]
        self.filter(pk__in=[draft.pk for draft in extra if draft.saved_at < now - Draft.SAFE_FOR]).delete()


class Draft(models.Model):
    """What somebody was typing, on the server and sealed: it survives time-out, log-out, another device, a dead browser."""

    NEVER_KEPT = frozenset({"csrfmiddlewaretoken", "password", "new_password", "token", "windows"})
    MOST = 200  # of one person
    MOST_LETTERS = 500_000  # of one form, as autosave sends it: our longest one, filled to the brim, and more
    SAFE_FOR = timedelta(days=1)
    WINDOWS = 5  # in which one form is open when a session ends

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=200, help_text="The path of the form.")
    sealed = sealing.SealedField()
    saved_at = models.DateTimeField()
    was_sent = models.BooleanField(
        default=False, help_text="Sent when nobody was signed in any more, and not only saved while it was typed."
    )

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("user", "key", name="draft_once_a_form")]

    def __str__(self) -> str:
        return self.key

    def open(self, key: str) -> dict[str, list[str]] | None:
        try:
            return json.loads(sealing.unseal(self.sealed, bound_to=Draft(user_id=self.user_id, key=key).binding))
        except sealing.Unsealable:
            return None

    @staticmethod
    def windows(key: str) -> list[str]:
        """Where the same form is kept from several windows: the first under its path, the others beside it."""
        return [key, *(f"#{number}{key}" for number in range(2, Draft.WINDOWS + 1))]

    @property
    def binding(self) -> str:
        return f"draft:{self.user_id}:{self.key}"
