"""What was promised in each episode, and whether it was kept: a row each, with the moments at which it rings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.utils import timezone

from earlyhelp.cases.models import CaseDeadline
from earlyhelp.deadlines.models import ServiceStandard
from earlyhelp.demo.bulk.copying import NULL, Table
from earlyhelp.demo.bulk.days import due_at, due_on, moment, rings_at, rungs, working
from earlyhelp.demo.bulk.episode import (
    ACCEPT,
    ALLOCATE,
    ASSESSED,
    EVERY,
    FIRST_CONTACT,
    PLAN_AGREED,
    Episode,
)
from earlyhelp.partnership.enums import Role

ACCEPTED = 0


@dataclass(frozen=True)
class Promised:
    """Made when one step is taken and kept by another; the worker holds it, or else the chair."""

    code: str
    made: int
    kept: int
    by_chair: bool = False


ON_THE_WAY = (
    Promised("D_MMT_WAIT", ACCEPTED, ALLOCATE, by_chair=True),
    Promised("D_ACCEPT", ALLOCATE, ACCEPT),
    Promised("D_FIRST_TAF", ALLOCATE, PLAN_AGREED),
    Promised("D_FIRST_CONTACT", ACCEPT, FIRST_CONTACT),
    Promised("D_ASSESS", ACCEPT, ASSESSED),
)


class Promises:
    def __init__(self, dice: Random, now: datetime) -> None:
        self.dice, self.now, self.today = dice, now, timezone.localdate(now).toordinal()
        self.table = Table(
            CaseDeadline,
            "code",
            "label",
            "reference",
            "url",
            "area_id",
            "holder_id",
            "holder_role",
            "started_at",
            "due_at",
            "rungs",
            "rings_at",
            "met_at",
            "owner_id",
        )
        self.standards = {(row.code, row.tier): row for row in ServiceStandard.objects.all()}

    def write(self, episode: Episode) -> None:
        if episode.status == "not_opened":
            return
        for each in ON_THE_WAY:
            if episode.taken >= each.made:
                kept = episode.days[each.kept] if episode.taken >= each.kept else None
                self._promise(episode, each.code, episode.days[each.made], kept=kept, by_chair=each.by_chair)
        if episode.review:
            self._promise(episode, "D_REVIEW", episode.review - EVERY[episode.tier], due=episode.review)
        if episode.status in ("step_requested", "closing"):
            asked = working(self.today - self.dice.randint(1, 14), -1)
            self._promise(episode, "D_STEP" if episode.status == "step_requested" else "D_CLOSE", asked, by_chair=True)

    def _promise(
        self,
        episode: Episode,
        code: str,
        made: int,
        *,
        kept: int | None = None,
        by_chair: bool = False,
        due: int | None = None,
    ) -> None:
        standard = self.standards.get((code, episode.tier)) or self.standards[code, None]
        due = due or due_on(made, standard.amount, standard.unit)
        ladder = (made, due, standard.amber_percent)
        self.table.add(
            code,
            standard.label,
            episode.reference,
            f"/cases/{episode.reference}/",
            episode.home.area,
            NULL if by_chair else str(episode.lead[0]),
            Role.HUB_CHAIR.value if by_chair else "",
            moment(made),
            due_at(due),
            rungs(*ladder),
            NULL if kept else rings_at(*ladder, self.now),
            moment(kept) if kept else NULL,
            str(episode.pk),
        )
