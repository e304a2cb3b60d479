"""Sessions in the database, as Django has them; every page begins by reading one, so that query is composed once."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from earlyhelp.core.composed import Composed


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Any:
        found = _alive(None, key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
        return found[0] if found else None


@Composed
def _alive(nobody: None, key: Any, now: Any) -> Any:
    return SessionStore.get_model_class().objects.filter(session_key=key, expire_date__gt=now)
