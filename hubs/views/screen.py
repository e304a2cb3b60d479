"""How a screen of the meeting looks to those in the room: for as long as its session lasts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from hubs.forms.live import Screen
from hubs.views.around import open_meeting

NAMES, KEYS = "hub_names", "hub_keys"


def screen(request: HttpRequest) -> dict[str, bool]:
    """``discreet``: initials and case numbers only, for the projector. ``keys``: single letters answer, unless turned off."""
    return {
        "discreet": discreet(request),
        "keys": request.session.get(KEYS) != "off",
    }


def discreet(request: HttpRequest) -> bool:
    """Whether the room sees this screen: then nothing on it names a family."""
    return bool(request.session.get(NAMES) == "hidden")


def named(request: HttpRequest, case: Any) -> str:
    """How a page says which case it is about: by its number alone where the room sees it."""
    return case.reference if discreet(request) else f"{case.reference} {case.family}"


@require_POST
def change_screen(request: HttpRequest, pk: int) -> HttpResponse:
    row = open_meeting(request, pk)
    pressed = Screen(request.POST)
    if not pressed.is_valid():
        return redirect(row)
    chosen = pressed.cleaned_data
    for name, value in ((NAMES, chosen["names"]), (KEYS, chosen["keys"])):
        if value:
            request.session[name] = value
    return redirect(
        reverse("hubs:item", args=[chosen["item"]]) if chosen["item"] else reverse("hubs:follow", args=[row.pk])
    )
