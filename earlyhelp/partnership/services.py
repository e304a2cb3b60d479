"""Deeds of the partnership itself: places, people and the posts they hold."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from earlyhelp.partnership.enums import AreaKind
from earlyhelp.partnership.models import Area, Post, Team, User


@transaction.atomic
def add_area(name: str, *, kind: AreaKind, within: Area | None = None) -> Area:
    area = Area.objects.create(name=name, kind=kind, parent=within)
    area.lineage = [*(within.lineage if within else []), area.pk]
    area.save(update_fields=["lineage"])
    return area


def appoint(user: User, *, role: str, area: Area, on: date, team: Team | None = None) -> Post:
    """Give a person a post from a day. Holding the same one already is not an error: it is the answer."""
    post, _ = Post.objects.get_or_create(
        user=user, role=role, area=area, until_on=None, defaults={"from_on": on, "team": team}
    )
    return post


def change_address(user: User, *, email: str) -> None:
    """What is sent to this person goes there from now on. The history of the account keeps the one before."""
    user.email = email
    user.save(update_fields=["email"])


@transaction.atomic
def leave(user: User, *, on: date) -> None:
    """The person is gone: no sign-in and no post outlives the day (promise P7)."""
    yesterday = on - timedelta(days=1)
    user.posts.filter(Q(until_on=None) | Q(until_on__gte=on), from_on__gte=on).delete()
    user.posts.filter(Q(until_on=None) | Q(until_on__gte=on)).update(until_on=yesterday)
    user.is_active = False
    user.save(update_fields=["is_active"])
