"""Sessions in the database, as Django has them; every page begins by reading one, so that query is composed once."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

from earlyhelp.core.composed import Composed

SIGNED_OUT = "signed_out"  # whose session it was until it was ended: by them here, or by whatever ends all of theirs


class SessionStore(db.SessionStore):
    def flush(self) -> None:
        """Nothing is left of it but whose it was: a form that they have open in another window is theirs (promise P12)."""
        owner = self.get(SESSION_KEY)
        super().flush()
        if owner is not None:
            self[SIGNED_OUT] = int(owner)

    def _get_session_from_db(self) -> Any:
        found = _alive(None, key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
        return found[0] if found else None


@Composed
def _alive(nobody: None, key: Any, now: Any) -> Any:
    return SessionStore.get_model_class().objects.filter(session_key=key, expire_date__gt=now)
