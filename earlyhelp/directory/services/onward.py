"""Referring a person to a service, as the rest of the house calls it: begun here, gone on with by the transitions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.core.rights import may
from earlyhelp.deadlines.services import keep
from earlyhelp.directory.models import OnwardReferral, Service
from earlyhelp.directory.transitions.onward import not_now, permit, refuse, send
from earlyhelp.families.models import Person
from earlyhelp.families.queries import phone_of
from earlyhelp.families.services import next_number
from earlyhelp.partnership.models import Area
from earlyhelp.workflow.services import lock
from earlyhelp.workflow.transitions import NotPossible

__all__ = ["Said", "not_now", "offer", "permit", "propose", "refer", "refuse", "send"]


class Said(TextChoices):
    """What a person says to one service (domain.md 11): each is asked on its own."""

    YES = "yes", "Yes: send it now"
    NO = "no", "No"
    NOT_NOW = "not_now", "Not now"
    NOT_ASKED = "not_asked", "I have not asked them yet"


@transaction.atomic
def propose(
    *,
    person: Person,
    service: Service,
    by: Any,
    now: datetime,
    why: str,
    reach: str = "",
    repeat_of: OnwardReferral | None = None,
) -> OnwardReferral:
    """Suggest a service to a person. Nothing goes anywhere until they have said yes to this one service.

    ``why`` are the words that the service will read; ``reach`` is how it may reach them safely, by telephone if nothing is
    said, and they do not hide. Raises ``PermissionDenied`` for a person whom ``by`` may not see, ``NotPossible`` where it
    makes no sense.
    """
    if not may(by, "view", person):
        raise PermissionDenied
    person = lock(person)  # two who suggest the same service follow each other
    _refuse_nonsense(person, service)
    onward = OnwardReferral.objects.create(
        reference=f"ON-{timezone.localdate(now):%Y}-{next_number('directory_onward_reference'):06d}",
        person=person,
        service=service,
        made_by=by,
        agency=by.agency,
        area=person.area or _area_of(by),
        made_at=now,
        why=why,
        reach=reach or phone_of(person),
        repeat_of=repeat_of,
    )
    record("directory.onwardreferral.propose", onward, by=by, at=now, became=onward.status)
    if repeat_of is not None:
        keep(repeat_of, "D_ONWARD_FOLLOW_UP", now=now)
    return onward


@transaction.atomic
def offer(
    *,
    person: Person,
    service: Service,
    by: Any,
    now: datetime,
    why: str,
    given_by: str,
    how: str,
    limits: str = "",
    reach: str = "",
    capacity_note: str = "",
    repeat_of: OnwardReferral | None = None,
) -> OnwardReferral:
    """All at once, where the person sits opposite and has said yes: suggested, permitted and sent."""
    onward = propose(person=person, service=service, by=by, now=now, why=why, reach=reach, repeat_of=repeat_of)
    permit(onward, by=by, now=now, given_by=given_by, how=how, limits=limits, capacity_note=capacity_note)
    return send(onward, by=by, now=now)


@transaction.atomic
def refer(
    *,
    person: Person,
    service: Service,
    by: Any,
    now: datetime,
    said: str,
    why: str,
    reach: str = "",
    repeat_of: OnwardReferral | None = None,
    **permission: Any,
) -> OnwardReferral:
    """A suggestion, with whatever the person says to it. ``permission`` counts only with a yes."""
    known: dict[str, Any] = {"person": person, "service": service, "why": why, "reach": reach, "repeat_of": repeat_of}
    if said == Said.YES:
        return offer(**known, by=by, now=now, **permission)
    onward = propose(**known, by=by, now=now)
    if said == Said.NO:
        return refuse(onward, by=by, now=now)
    return not_now(onward, by=by, now=now) if said == Said.NOT_NOW else onward


def _refuse_nonsense(person: Person, service: Service) -> None:
    if person.died_on:
        raise NotPossible("They have died.")
    if not service.is_active:
        raise NotPossible("This service is not running now.")
    if OnwardReferral.objects.live().filter(person=person, service=service).exists():
        raise NotPossible("They are referred to this service already, and it has not ended.")


def _area_of(by: Any) -> Area:
    """Where nobody says in which area a person lives: where whoever refers them works; else the whole authority."""
    if by.team_id:
        return by.team.area
    post = by.posts.current().select_related("area").order_by("pk").first()
    return post.area if post else Area.objects.filter(parent=None).order_by("pk")[0]
