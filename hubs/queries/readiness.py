"""What stands in the way of publishing the papers (screens.md A1), family by family."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from earlyhelp.families.secrets import secrets_of
from hubs.enums import ItemKind
from hubs.models import AgendaItem, HubMeeting
from hubs.queries.candidates import eligible
from hubs.queries.papers import gives_away


@dataclass(frozen=True)
class Stop:
    """``bars``: nobody may publish over it. What does not bar, the papers may go out despite, with a reason.

    ``to_ask``: no reason is asked for it. It is found out before the meeting, or it costs the meeting time.
    """

    item: AgendaItem
    words: str
    bars: bool = False
    to_ask: bool = False
    url: str = ""
    link: str = ""


def to_publish(meeting: HubMeeting) -> list[Any]:
    """Every family whose page goes out, whoever may hear of it: of a restricted record none is made, its named chair reads it."""
    return list(as_read(AgendaItem.objects.filter(meeting=meeting, case__restricted=False).on_agenda()).order_by("pk"))


def as_read(items: Any) -> Any:
    """With all that a page says, and that ``stops`` asks."""
    steps = ("step__requested_by", "step__checked_by", "step__receiving")
    shown = ("case__family", "case__area", "case__lead", "hub__area", *steps)
    return items.with_agreement().with_replies().select_related(*shown)


def stops(items: Iterable[Any], said: Mapping[int, list[dict[str, Any]]]) -> list[Stop]:
    """What is missing or must not be said; ``said`` holds each family's page by its item. What bars comes first."""
    found = [stop for item in items for stop in _of(item, said[item.pk])]
    return sorted(found, key=lambda stop: (not stop.bars, stop.to_ask))


def weighed(found: Iterable[Stop]) -> list[Stop]:
    """Those that bar, or over which the papers go out only with a reason."""
    return [stop for stop in found if not stop.to_ask]


def in_sight(found: Iterable[Stop], seen: Collection[int]) -> list[Stop]:
    """Those of items that somebody may hear of, by their keys."""
    return [stop for stop in found if stop.item.pk in seen]


def out_of_sight(found: Iterable[Stop], seen: Collection[int]) -> str:
    """Of families in which whoever publishes declared an interest: that something stops them, and neither what nor of whom."""
    hidden = [stop for stop in weighed(found) if stop.item.pk not in seen]
    if barred := next((stop.item for stop in hidden if stop.bars), None):
        return f"A family of which you may not hear stops the papers: {_who_puts_it_right(barred)}."
    missing = "Something is missing about a family of which you may not hear: the chair or the deputy sees what."
    return missing if hidden else ""


def _who_puts_it_right(item: AgendaItem) -> str:
    """Where everybody who runs the hub declared an interest, somebody else does (``transitions.in_the_chair``)."""
    if item.nobody_hears_since is None:
        return "ask the chair or the deputy to put it right"
    if item.heard_by is None:
        return "the service managers have been asked who hears it, and puts it right"
    return f"ask {item.heard_by}, who hears it, to put it right"


def _of(item: Any, said: list[dict[str, Any]]) -> Iterable[Stop]:
    if _gives_away(item, said):
        words = "A protected address stands in the text. Whoever wrote it takes it out"
        yield Stop(item, words, bars=True, url=item.case.get_absolute_url(), link="Open the case")
    if not item.may_be_heard:
        url = reverse("hubs:without_agreement", args=[item.pk])
        yield Stop(
            item, "No agreement is recorded", bars=True, url=url, link="Say why the hub hears of them without it"
        )
    answered, asked = item.replies
    if answered < asked:
        silent = asked - answered
        yield Stop(item, f"{silent} of {asked} agencies {'has' if silent == 1 else 'have'} not answered")
    if item.needs_lead and not item.preference:
        url, link = reverse("hubs:preference", args=[item.pk]), "Record whom they would like"
        yield Stop(item, "Ask before the meeting whom the family would like", to_ask=True, url=url, link=link)
    if _nobody_speaks(item):
        yield Stop(item, _NOBODY[item.kind == ItemKind.NEW])


_NOBODY = {
    True: "No agency here could lead: nobody who takes families has a post or a seat in this area",
    False: "Nobody speaks for them: the lead professional has left",
}


def _nobody_speaks(item: Any) -> bool:
    if item.kind == ItemKind.NEW:
        return not eligible(item.case).exists()
    return item.case.lead is None or not item.case.lead.is_active


def _gives_away(item: Any, said: list[dict[str, Any]]) -> bool:
    """Every text of the page is looked at, one by one: what is typed in one box does not run on into the next."""
    secrets = secrets_of([item.case.family_id])
    return bool(secrets) and any(gives_away(part, secrets) for part in said)
