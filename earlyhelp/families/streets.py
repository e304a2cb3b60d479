"""Who may live in the street of a family whose record they read (promise P5).

Nobody has to say where they live. Whoever likes to gives a street on the page of their own account; else this alone is
known: that somebody on record has their name, and where that one lives. A protected address is compared as every other
is. What comes of it is one reason on a list, in the same words for all: no street, and not which of these it was.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import F, Value
from django.db.models.functions import Concat, Lower

from earlyhelp.accounts.models import Home
from earlyhelp.core.sealing import Unsealable
from earlyhelp.families.homes import same_street
from earlyhelp.families.models import Address
from earlyhelp.partnership.models import User

logger = logging.getLogger(__name__)


class Lives(NamedTuple):
    """Where a reader may live. ``person``: on record, of the reader’s name; none if the reader said so themselves."""

    place: dict[str, str]
    person: int | None = None


def neighbours(read_by: dict[int, set[int]]) -> set[tuple[int, int]]:
    """(family, reader), of each who may live in the street of somebody who is or was of a family that they read.

    A namesake in that very family is another matter: it has a reason of its own.
    """
    lives = _where_they_may_live(set().union(*read_by.values()))
    read = [family for family, who in read_by.items() if who & lives.keys()]
    homes = _homes_now().annotate(of=F("person__memberships__family")).filter(of__in=read)
    of_family = {(home.of, home.person_id) for home in homes}
    return {
        (home.of, reader)
        for home, place in _opened(homes)
        for reader in read_by[home.of] & lives.keys()
        for each in lives[reader]
        if (home.of, each.person) not in of_family and same_street(each.place, place)
    }


def _where_they_may_live(readers: set[int]) -> dict[int, list[Lives]]:
    lives: dict[int, list[Lives]] = defaultdict(list)
    for home, place in _opened(Home.objects.filter(user__in=readers)):
        lives[home.user_id].append(Lives({"line_1": place["street"], "line_2": "", "postcode": place["postcode"]}))
    named: dict[str, list[int]] = defaultdict(list)
    for reader, name in User.objects.filter(pk__in=readers).annotate(called=_called()).values_list("pk", "called"):
        named[name].append(reader)
    for home, place in _opened(_homes_now().annotate(called=_called("person__")).filter(called__in=named)):
        for reader in named[home.called]:
            lives[reader].append(Lives(place, home.person_id))
    return lives


def _homes_now() -> Any:
    return Address.objects.filter(until_on=None)


def _called(whose: str = "") -> Lower:
    """By the database on both sides: it and Python need not agree on what is a small É."""
    return Lower(Concat(f"{whose}first_name", Value(" "), f"{whose}last_name"))


def _opened(rows: Iterable[Any]) -> Iterable[tuple[Any, dict[str, str]]]:
    """One that no key opens must not keep a whole night’s reads from whoever watches over them."""
    for row in rows:
        try:
            yield row, row.place
        except Unsealable:
            logger.exception("%s cannot be opened", row)
