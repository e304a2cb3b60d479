"""Where a page is that has one place for everybody: some thirty of them stand on each page, and are looked up once."""

from __future__ import annotations

from functools import cache

from django.urls import get_script_prefix, reverse


def address_of(name: str) -> str:
    """Raises ``NoReverseMatch`` if there is no such page, or if it is about something."""
    return _under(get_script_prefix(), name)


@cache
def _under(_prefix: str, name: str) -> str:
    return reverse(name)
