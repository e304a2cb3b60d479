"""Where somebody lands after signing in: an address that only takes what is sent to it cannot be opened."""

from __future__ import annotations

from collections.abc import Callable
from inspect import getclosurevars
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

NO_PAGES = ("still_here",)  # answers, and shows nothing


def nearest_page(address: str) -> str:
    """The address itself if it is a page; else the page around it, of its record at best; else home. Nothing for nothing."""
    path = urlsplit(address).path
    if not path or shows_a_page(path):
        return address
    parts = path.strip("/").split("/")
    around = ("/" + "/".join(parts[:kept]) + "/" for kept in range(len(parts) - 1, 0, -1))
    return next(filter(shows_a_page, around), "/")


def shows_a_page(path: str) -> bool:
    """Whether there is something to look at; or only a button elsewhere, with nothing typed, that is pressed to here."""
    try:
        found = resolve(path)
    except Resolver404:
        return False
    return found.url_name not in NO_PAGES and "GET" in _methods(found.func)


def _methods(view: Callable[..., Any]) -> list[str]:
    """Which methods a view takes, as its decorator or its class says; one that does not say takes every one."""
    if actions := getattr(view, "actions", None):  # of the API
        return [method.upper() for method in actions]
    if kind := getattr(view, "view_class", None) or getattr(view, "cls", None):
        return [name.upper() for name in kind.http_method_names if hasattr(kind, name)]
    while view is not None:
        if taken := getclosurevars(view).nonlocals.get("request_method_list"):
            return taken
        view = getattr(view, "__wrapped__", None)  # type: ignore[assignment]
    return ["GET"]
