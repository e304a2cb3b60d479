"""Deeds of the partnership itself: places, people and the posts they hold."""

from __future__ import annotations

from datetime import date, timedelta

from django.apps import apps
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


def appoint(
    user: User, *, role: str, area: Area, on: date, team: Team | None = None, until: date | None = None
) -> Post:
    """Give a person a post from a day. Holding the same one already is not an error: it is the answer."""
    post, _ = Post.objects.get_or_create(
        user=user, role=role, area=area, until_on=until, defaults={"from_on": on, "team": team}
    )
    return post


def change_address(user: User, *, email: str) -> None:
    """What is sent to this person goes there from now on. The history of the account keeps the one before."""
    user.email = email
    user.save(update_fields=["email"])


@transaction.atomic
def leave(user: User, *, on: date) -> None:
    """The person is gone: no sign-in, no open page and no post outlives the day (promise P7)."""
    will_leave(user, on=on)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)


@transaction.atomic
def will_leave(user: User, *, on: date) -> None:
    """They work until the day before. From that day they get in by no door, whether or not anything has run by then."""
    end_posts(user, after=on - timedelta(days=1))
    user.left_on = on
    user.save(update_fields=["left_on"])


def end_posts(user: User, *, after: date) -> None:
    """No post goes on after this day; what was only to begin later never does."""
    going_on = user.posts.filter(Q(until_on=None) | Q(until_on__gt=after))
    going_on.filter(from_on__gt=after).delete()
    going_on.update(until_on=after)


def end_sessions(user: User) -> None:
    """Whoever is signed in to this account, wherever, is not any more."""
    apps.get_model("authtoken", "Token").objects.filter(user=user).delete()  # nor is any program that signed in as them
    user.sessions_ended += 1
    user.save(update_fields=["sessions_ended"])
