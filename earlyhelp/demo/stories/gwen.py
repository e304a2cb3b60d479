"""Story 1: Gwen asks for a day centre and finds a coffee morning. No case is ever opened: her coordinator walks beside her."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.demo.clock import born
from earlyhelp.demo.county import County
from earlyhelp.demo.stories.checklists import ask_gwen
from lac import services, transitions
from lac.enums import ConnectionKind, Source
from lac.models import Introduction


class Gwen:
    """What her coordinator writes down. Each line happens when its moment comes."""

    def __init__(self, county: County) -> None:
        self.county, self.dele = county, county.people["dele"]
        self.introduction: Introduction

    def introduced(self, now: datetime) -> None:
        """She rings First Contact Plus, is asked what might help, and says yes to this."""
        self.introduction = Introduction.objects.get(reference=ask_gwen(self.county, now))

    def visited(self, now: datetime) -> None:
        self._step(transitions.begin_conversation, now)
        services.talk(
            self._now(),
            by=self.dele,
            now=now,
            on=now.date(),
            where="At home",
            minutes=75,
            next_step="Ask at the church about Tuesdays",
            note="Tea in the good cups. She sang in the choir for forty years and still knows every alto part.",
        )
        services.write_vision(
            self._now(),
            by=self.dele,
            now=now,
            version=0,
            vision="I want to be useful, and to hear some singing.",
            strengths="Sings, bakes, remembers everybody’s children.",
            people="A daughter in Leeds; the lady opposite.",
            matters="Staying in my own home.",
            helps="Somebody to walk in with me the first time.",
            next_steps="The coffee morning on Tuesday, with Dele.",
        )

    def accompanied(self, kind: ConnectionKind, name: str, now: datetime, **to: Any) -> None:
        services.add_connection(
            self._now(), by=self.dele, now=now, on=now.date(), kind=kind, name=name, accompanied=True, **to
        )

    def settled(self, now: datetime) -> None:
        self._step(transitions.level_2, now, reason="She would like Dele to go on calling round.")
        first = self._now().connections.order_by("pk")[0]
        services.follow_connection(
            first, by=self.dele, now=now, still_going=True, note="Goes alone since the third week."
        )
        services.note_avoided(
            self._now(), by=self.dele, now=now, service="Day centre", basis="She asked for a place at the start."
        )

    def _step(self, step: Any, now: datetime, **facts: Any) -> None:
        step(self._now(), by=self.dele, now=now, **facts)

    def _now(self) -> Introduction:
        return Introduction.objects.select_related("person").get(pk=self.introduction.pk)


def tell(county: County) -> None:
    start, gwen, write = county.since(weeks=9), Gwen(county), county.diary.write
    services_of = county.services
    write(start.at(), gwen.introduced)
    write(start.at(3), gwen.visited)
    write(
        start.at(weeks=2),
        lambda now: gwen.accompanied(ConnectionKind.GROUP, "Coffee morning at the church hall", now),
    )
    write(
        start.at(weeks=3),
        lambda now: gwen.accompanied(ConnectionKind.GROUP, "Songs from the shows, at the church", now),
    )
    write(
        start.at(weeks=4),
        lambda now: gwen.accompanied(
            ConnectionKind.SERVICE, "RVS Good Neighbours", now, service=services_of["neighbours"]
        ),
    )
    write(start.at(weeks=8), gwen.settled)
    for each in OTHERS:
        _introduce(county, *each)


# Others who were introduced: where, who, at what age, how many working days ago, by whom, what they hope for.
OTHERS = (
    (
        "Hastings ward",
        "Luke",
        "Sharma",
        18,
        30,
        Source.JOBCENTRE,
        "priya",
        "He fixes bikes and would like mates and a wage.",
    ),
    (
        "Desford",
        "Albert",
        "Croxton",
        81,
        2,
        Source.GP,
        "",
        "His wife died in the spring. He would like to get out of the house.",
    ),
    ("Barwell", "Jean", "Dowell", 70, 7, Source.NEIGHBOUR, "", "New to the village, and would like to know somebody."),
)


def _introduce(
    county: County, area: str, first: str, last: str, age: int, ago: int, source: str, coordinator: str, hopes: str
) -> None:
    def introduce(now: datetime) -> None:
        made = services.introduce(
            area=county.areas[area],
            source=source,
            hopes=hopes,
            how_to_reach="By telephone, in the afternoon",
            agreed=True,
            by=county.people["ruth"],
            now=now,
            first_name=first,
            last_name=last,
            born_on=born(age, now=county.now, days=50),
        )
        if coordinator:
            by = county.people[coordinator]
            write(start.at(2), lambda now: transitions.begin_conversation(_again(made), by=by, now=now))
            write(
                start.at(weeks=2),
                lambda now: transitions.level_1(
                    _again(made), by=by, now=now, reason="One introduction was what he wanted."
                ),
            )

    start, write = county.since(working_days=ago), county.diary.write
    write(start.at(), introduce)


def _again(introduction: Introduction) -> Introduction:
    return Introduction.objects.get(pk=introduction.pk)
