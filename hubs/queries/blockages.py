"""What the pages of blockages read; and which cases bring one before the hub."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from earlyhelp.audit.models import Event
from earlyhelp.cases.models import Case
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post, User
from hubs.models import Blockage, Conflict, HubMember

SHOWN = ("case__family", "case__area", "case__lead", "agency", "service__organisation", "owner", "raised_by")


def blocked(path: str = "pk") -> Exists:
    """Over cases, or over what leads to one by ``path``: a blockage was taken to the hub, and the hub has not heard it."""
    return Exists(Blockage.objects.before_the_hub().filter(case=OuterRef(path)))


def of_case(case: Case) -> list[Blockage]:
    """Every blockage of a case that was opened already, the open ones first."""
    return _OF_CASE(None, case=case.pk)


@PlannedOnce
def _OF_CASE(nobody: None, case: Any) -> Any:
    rows = Blockage.objects.with_due().filter(case=case).soonest_first()
    return rows.select_related("agency", "service", "owner", "raised_by")


def stopping(case: Case) -> list[Any]:
    """What stops a case now, the longest first; with each, why it was taken further, as whoever took it there put it."""
    return _STOPPING(None, case=case.pk)


@PlannedOnce
def _STOPPING(nobody: None, case: Any) -> Any:
    taken = Event.objects.filter(subject="hubs.blockage", subject_id=OuterRef("pk"), kind="hubs.blockage.escalate")
    rows = Blockage.objects.open().filter(case=case).annotate(why=Subquery(taken.order_by("-at").values("reason")[:1]))
    return rows.select_related("agency", "service", "owner", "raised_by").order_by("since_on", "pk")


DONE = {
    "raise": "Raised",
    "own": "Somebody was named to unpick it",
    "escalate": "Taken further",
    "hear": "Heard by the hub",
    "resolve": "Unpicked",
}


@dataclass(frozen=True)
class Step:
    """One thing that was done about it."""

    title: str
    who: str
    at: datetime
    text: str


def trail(blockage: Blockage) -> list[Step]:
    """What was done about it, newest first; what was written when it was raised stands on the page already."""
    events = Event.objects.filter(subject=blockage._meta.label_lower, subject_id=blockage.pk)
    return [_step(event) for event in events.select_related("actor").order_by("-at", "-pk")]


def _step(event: Event) -> Step:
    name = event.kind.rsplit(".", 1)[-1]
    text = "" if name == "raise" else event.reason
    return Step(DONE.get(name, name), str(event.actor or "Early Help"), event.at, text)


def owners_for(case: Case) -> Any:
    """Who may be named to unpick it: the team; of a record that is not restricted, whoever holds a post around its area too.

    Nobody who has declared an interest in the family.
    """
    who = Q(pk__in=case.team.current().filter(user__isnull=False).values("user"))
    if not case.restricted:
        posts = Post.objects.current().filter(area__in=case.area.lineage).exclude(role=Role.SYSTEM_ADMIN)
        seats = HubMember.objects.current().filter(hub__area__in=case.area.lineage)
        who |= Q(pk__in=posts.values("user")) | Q(pk__in=seats.values("user"))
    declared = Conflict.objects.standing().filter(case=case).values("user")
    rows = User.objects.filter(who, is_active=True).exclude(pk__in=declared)
    return rows.select_related("agency").order_by("last_name", "first_name", "pk")
