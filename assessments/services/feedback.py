"""What somebody said is written down with their permission to quote it, which they may change at any time.

A complaint and a suggestion ask for an answer: by whoever answers for the service, by a day (domain.md 4, system 37).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from assessments.access import MANAGES
from assessments.enums import ASKS_FOR_ANSWER, FeedbackStatus
from assessments.models import Feedback
from earlyhelp.audit.models import record
from earlyhelp.deadlines.services import promise
from earlyhelp.directory.models import Service
from earlyhelp.directory.queries import who_answers
from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.models import Area, Post, User
from earlyhelp.workflow.services import edit


@transaction.atomic
def write_down(service: Service | None, *, by: Any, now: datetime, area: Area | None = None, **said: Any) -> Feedback:
    """Of a ``service``, or of early help itself. ``area``: where the family lives, if it is of their case."""
    asks = said.get("kind") in ASKS_FOR_ANSWER
    status = FeedbackStatus.OPEN if asks else FeedbackStatus.HEARD
    place = area or _place(service, by)
    feedback = Feedback(service=service, area=place, status=status, recorded_by=by, recorded_at=now, **said)
    feedback.full_clean()
    feedback.save()
    record("assessments.feedback.write_down", feedback, by=by, at=now, became=feedback.quoting)
    if asks:
        _ask_for_answer(feedback, by=by, now=now)
    return feedback


def change_quoting(
    feedback: Feedback, *, by: Any, now: datetime, version: int, quoting: str, quoted_as: str
) -> Feedback:
    """They think again: from this moment it is quoted so, or not at all."""
    return edit(feedback, by=by, now=now, version=version, quoting=quoting, quoted_as=quoted_as)


def _place(service: Service | None, by: Any) -> Area:
    """Where a service of one place is; else where whoever heard it works; else the whole authority."""
    places = list(service.areas.all()[:2]) if service else []
    if len(places) == 1:
        return places[0]
    if by.team_id:
        return by.team.area
    post = by.posts.current().select_related("area").order_by("pk").first()
    return post.area if post else Area.objects.filter(parent=None).order_by("pk")[0]


def _ask_for_answer(feedback: Feedback, *, by: Any, now: datetime) -> None:
    """Of the service itself, if it has an account here; or else of the managers of the place."""
    assert feedback.area
    told = who_answers(feedback.service) if feedback.service else []
    if told:
        promise(feedback, "D_COMPLAINT", now=now, holder=told[0])
    else:
        role, told = _managers(feedback.area)
        promise(feedback, "D_COMPLAINT", now=now, holder_role=role)
    notify(
        [each for each in told if each != by],
        kind=Kind.REQUEST,
        title="Somebody says what should be better: answer them",
        reference=feedback.reference,
        url=feedback.get_absolute_url(),
        key=f"feedback:{feedback.pk}",
        now=now,
    )


def _managers(area: Area) -> tuple[str, list[User]]:
    """Of the place; whoever manages all of it where there are none."""
    posts = Post.objects.current().filter(role__in=MANAGES, area__in=area.lineage, user__is_active=True)
    found = list(posts.select_related("user").order_by("pk"))
    role = next((each for each in MANAGES if any(post.role == each for post in found)), MANAGES[-1])
    return role, list(dict.fromkeys(post.user for post in found if post.role == role))
