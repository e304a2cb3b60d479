"""Deeds of a coordinator that change no state: an introduction, a vision, a conversation, a connection."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from earlyhelp.audit.models import record
from earlyhelp.deadlines.services import promise
from earlyhelp.families.access import not_restricted
from earlyhelp.families.models import Person
from earlyhelp.families.services import create_person, next_number
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Area, Post, User
from earlyhelp.workflow.services import lock
from earlyhelp.workflow.transitions import NotPossible, Stale
from lac.models import AvoidedDemand, CommunityContribution, Connection, Conversation, GoodLifeVision, Introduction
from lac.queries import latest_vision


@transaction.atomic
def introduce(
    *, area: Area, source: str, hopes: str, how_to_reach: str, agreed: bool, by: Any, now: datetime, **named: Any
) -> Introduction:
    """Anybody introduces anybody: no diagnosis, no eligibility, and their own yes (domain.md 12.3).

    ``named`` says who: ``person``, or the fields of one. Raises ``NotPossible`` where a coordinator has heard already.
    """
    person = named.pop("person", None) or _one_human(**named) or create_person(area=area, by=by, now=now, **named)
    if Introduction.objects.present().filter(person=lock(person)).exists():
        raise NotPossible("This person was introduced already: their coordinator is in touch, or will be soon.")
    introduction = Introduction(
        reference=f"INT-{next_number('lac_reference'):06d}",
        person=person,
        area=area,
        source=source,
        introduced_by=by,
        hopes=hopes,
        how_to_reach=how_to_reach,
        agreed=agreed,
        received_at=now,
    )
    introduction.full_clean()
    introduction.save()
    record("lac.introduction.introduce", introduction, by=by, at=now, became=introduction.status)
    promise(introduction, "D_LAC_CONTACT", now=now, holder_role=Role.LAC_COORDINATOR)
    notify(
        coordinators_of(area),
        kind=Kind.REQUEST,
        title="Somebody was introduced to you",
        reference=introduction.reference,
        url=introduction.get_absolute_url(),
        key=f"introduction:{introduction.pk}",
        now=now,
    )
    return introduction


def coordinators_of(area: Area) -> list[User]:
    """Who coordinates there; where nobody does, whoever leads them."""
    posts = Post.objects.current().filter(area__in=area.lineage).select_related("user")
    for role in (Role.LAC_COORDINATOR, Role.LAC_LEAD):
        if found := [post.user for post in posts.filter(role=role, user__is_active=True)]:
            return found
    return []


def _one_human(*, first_name: str, last_name: str, born_on: Any = None, **others: Any) -> Person | None:
    """The person of exactly that name and day of birth: one record per human. A restricted one is as if there were none."""
    if born_on is None:
        return None
    same = Person.objects.filter(
        not_restricted(""), first_name__iexact=first_name, last_name__iexact=last_name, born_on=born_on
    )
    return same.order_by("pk").first()


@transaction.atomic
def write_vision(introduction: Introduction, *, by: Any, now: datetime, version: int, **words: str) -> GoodLifeVision:
    """A new version of the person's own plan. Raises ``Stale`` if another was written since ``version`` was read."""
    lock(introduction)
    latest = latest_vision(introduction)
    if latest is not None and latest.version != version:
        raise Stale(latest)
    written = version + 1 if latest else 1
    return GoodLifeVision.objects.create(
        introduction=introduction, version=written, recorded_by=by, recorded_at=now, **words
    )


def talk(introduction: Introduction, *, by: Any, now: datetime, **said: Any) -> Conversation:
    return Conversation.objects.create(introduction=introduction, recorded_by=by, recorded_at=now, **said)


def add_connection(introduction: Introduction, *, by: Any, now: datetime, **to: Any) -> Connection:
    return Connection.objects.create(introduction=introduction, recorded_by=by, recorded_at=now, **to)


@transaction.atomic
def follow_connection(
    connection: Connection, *, by: Any, now: datetime, still_going: bool | None, note: str = ""
) -> Connection:
    """Whether the person goes on with it: the last answer stands, and the history keeps those before."""
    connection = lock(connection)
    connection.still_going, connection.note = still_going, note
    connection.save(update_fields=["still_going", "note"])
    record(
        "lac.introduction.connection_followed",
        connection.introduction,
        by=by,
        at=now,
        connection=connection.pk,
        still_going=still_going,
    )
    return connection


def contribute(introduction: Introduction, *, by: Any, now: datetime, **given: Any) -> CommunityContribution:
    return CommunityContribution.objects.create(introduction=introduction, recorded_by=by, recorded_at=now, **given)


def note_avoided(introduction: Introduction, *, by: Any, now: datetime, service: str, basis: str) -> AvoidedDemand:
    return AvoidedDemand.objects.create(
        introduction=introduction, recorded_by=by, recorded_at=now, service=service, basis=basis
    )
