"""Where a person and a coordinator are with each other. Read top to bottom: it is the machine of domain.md 6.10."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from earlyhelp.deadlines.services import keep, release
from earlyhelp.workflow.transitions import NotPossible, transition
from lac.enums import ELSEWHERE, Status
from lac.models import Introduction


@transition(
    Introduction,
    label="We are in touch",
    sources=[Status.RECEIVED, Status.UNABLE_TO_CONTACT],
    target=Status.CONTACTED,
    rule="view",
)
def make_contact(introduction: Introduction, *, by: Any, now: datetime, how: str) -> dict[str, Any]:
    _met(introduction, by=by, now=now)
    return {"reason": how}


@transition(
    Introduction,
    label="Begin the conversation",
    sources=[Status.RECEIVED, Status.CONTACTED],
    target=Status.IN_CONVERSATION,
    rule="view",
)
def begin_conversation(introduction: Introduction, *, by: Any, now: datetime) -> dict[str, Any]:
    _met(introduction, by=by, now=now)
    return {}


@transition(
    Introduction,
    label="Level 1: information and a connection",
    sources=[Status.IN_CONVERSATION, Status.LEVEL_2],
    target=Status.LEVEL_1,
    rule="view",
)
def level_1(introduction: Introduction, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    return _since(introduction, now, reason)


@transition(
    Introduction,
    label="Level 2: walk alongside",
    sources=[Status.IN_CONVERSATION, Status.LEVEL_1],
    target=Status.LEVEL_2,
    rule="view",
)
def level_2(introduction: Introduction, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """An ongoing relationship, by agreement."""
    return _since(introduction, now, reason)


@transition(
    Introduction,
    label="Not now",
    sources=[Status.RECEIVED, Status.CONTACTED, Status.IN_CONVERSATION],
    target=Status.NOT_NOW,
    rule="view",
)
def not_now(introduction: Introduction, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """The person would rather not, for the present: an answer, and so the first contact was made."""
    _met(introduction, by=by, now=now)
    return {"reason": reason}


@transition(
    Introduction,
    label="Could not be reached",
    sources=[Status.RECEIVED, Status.CONTACTED],
    target=Status.UNABLE_TO_CONTACT,
    rule="view",
)
def unable_to_contact(introduction: Introduction, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    release(introduction, now=now, codes=("D_LAC_CONTACT",))
    return _since(introduction, now, reason)


@transition(
    Introduction,
    label="Has moved on",
    sources=[Status.IN_CONVERSATION, Status.LEVEL_1, Status.LEVEL_2],
    target=Status.MOVED_ON,
    rule="view",
)
def move_on(introduction: Introduction, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    return _since(introduction, now, reason)


@transition(Introduction, label="Has come back", sources=ELSEWHERE, target=Status.IN_CONVERSATION, rule="view")
def come_back(introduction: Introduction, *, by: Any, now: datetime, reason: str) -> dict[str, Any]:
    """At any time, and nobody need introduce them again."""
    if Introduction.objects.present().filter(person=introduction.person_id).exclude(pk=introduction.pk).exists():
        raise NotPossible("They were introduced again meanwhile: go on with that introduction.")
    _met(introduction, by=by, now=now)
    return {"reason": reason}


def _met(introduction: Introduction, *, by: Any, now: datetime) -> None:
    """Whoever meets a person first is their coordinator; the promise of a first contact is kept."""
    introduction.coordinator = introduction.coordinator or by
    introduction.since_on = timezone.localdate(now)
    keep(introduction, "D_LAC_CONTACT", now=now)


def _since(introduction: Introduction, now: datetime, reason: str) -> dict[str, Any]:
    introduction.since_on = timezone.localdate(now)
    return {"reason": reason}
