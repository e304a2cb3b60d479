"""What only the server can say of a database's safety; asked by ``migrate`` and ``check --database default``."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connections


def the_role_is_ordinary(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """A superuser may do what every rule in the database forbids: no history, no refusal holds for it."""
    level = checks.Error if settings.PRODUCTION else checks.Warning
    return [
        level(
            "The application's database role is a superuser, or passes by row-level security.",
            hint="Give it an ordinary role that owns its database: see docs/production.md.",
            id="earlyhelp.E001",
        )
        for alias in databases or []
        if _above_the_rules(alias)
    ]


def _above_the_rules(alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])
