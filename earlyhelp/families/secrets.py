"""Whether a text says what is kept secret: an address, its postcode, a telephone of whoever is hidden there (promise P2).

A new address was once typed into a note, and the letter went to the old one. So what is typed is looked through before it
is saved or sent, for the secrets of those about whom it is written, in whatever spelling a tired person may choose.

Whoever may know an address is told when it stands in a text. To anybody else that would answer their guesses: they are
asked to think at everything that could be an address, right or wrong, and each time is written down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from earlyhelp.audit.models import record
from earlyhelp.core.composed import PlannedOnce
from earlyhelp.families.about import Whom, about_whom
from earlyhelp.families.models import Address, Confidant, Family, FamilyMembership, Person
from earlyhelp.families.spelling import Secrets, like_an_address, secrets_in
from earlyhelp.workflow.cautions import Record, before_saved, never_travels

TYPED = "families.family.secret_typed"
GUESSED = "families.family.address_typed"  # into the record of a family whose secret they do not know


def secrets_of(families: Iterable[int]) -> Secrets:
    """Of everybody who is or was in these families, or in another family with somebody of them: a child has two homes."""
    return what_gives_away(_kept_around(Whom(frozenset(families), frozenset())))


def secrets_kept_from(person: Person | None, families: Iterable[int]) -> Secrets:
    """What must not be said to this person: where others of these families are hidden, unless it is where they hide too.

    Of nobody: all that is secret there.
    """
    if person is None:
        return secrets_of(families)
    own = [address.place for address in Address.objects.filter(person=person, protected=True)]
    kept = _kept_around(Whom(frozenset(families), frozenset()))
    return what_gives_away([each for each in kept if each.person_id != person.pk and each.place not in own])


def what_gives_away(kept: list[Address]) -> Secrets:
    """The words, the postcodes and the telephones by which somebody at these addresses could be found."""
    phones = [address.person.phone for address in kept if address.until_on is None]
    return secrets_in([address.place for address in kept], phones)


def _kept_around(whom: Whom, by: Any = None) -> list[Address]:
    """The secret addresses around them; ``known`` says of each whether ``by`` may know it."""
    return _KEPT(None, people=[*whom.people], families=[*whom.families], by=by.pk if by else 0)


@PlannedOnce
def _KEPT(nobody: None, people: Any, families: Any, by: Any) -> Any:
    themselves = Q(person__in=people)
    here = FamilyMembership.objects.filter(themselves | Q(family__in=families)).values("person")
    around = FamilyMembership.objects.filter(person__in=here).values("family")
    everybody = FamilyMembership.objects.filter(family__in=around).values("person")
    named = Confidant.objects.filter(address=OuterRef("pk"), user=by, until_at=None)
    kept = Address.objects.filter(themselves | Q(person__in=everybody), protected=True)
    return kept.annotate(known=Exists(named)).select_related("person")


SAID = (
    "An address, a postcode or a telephone stands here that is kept secret, because somebody could be found by it. Whoever "
    "reads this text would learn it."
)
MAY_BE_SAID = (
    "Somebody’s address is kept secret here, and what looks like an address stands in this text. Nobody checks for you whether "
    "it is that one. If somebody could be found by it, it must not stand here."
)


@before_saved
def keeps_secrets(about: list[Record], text: str, by: Any) -> str:
    """What is typed about a family says nothing that is secret of them, unless whoever types it says that it has to.

    Told to whoever sees the family. Of anybody else nothing is asked, for it would tell them that there is a secret; what
    they wrote is brought to the governance lead by night, like a guess that nobody could be told of.
    """
    found = _look(about, text, by)
    if found is None:
        return ""
    record(
        TYPED if found.given_away else GUESSED,
        found.seen or _first(found.whom),
        by=by,
        at=timezone.now(),
        may_know=found.may_know,
    )
    return found.said


@never_travels
def stands_where_it_travels(about: list[Record], text: str, by: Any) -> str:
    """In what others read elsewhere it stands for no reason: of those to whom it travels nobody was named for the address."""
    found = _look(about, text, by)
    return found.said if found else ""


@dataclass(frozen=True)
class _Found:
    """What gives an address away, or may: of whom, and in which words whoever types it is told, if they are."""

    whom: Whom
    given_away: bool
    may_know: bool
    seen: Family | Person | None
    said: str


def _look(about: list[Record], text: str, by: Any) -> _Found | None:
    whom = about_whom(about)
    kept = _kept_around(whom, by) if whom else []
    if not kept:
        return None
    unknown = any(not each.known for each in kept)  # type: ignore[attr-defined]
    given_away = what_gives_away(kept).stand_in(text)
    guessed = unknown and like_an_address(text)
    if not (given_away or guessed):
        return None
    seen = _seen(whom, by)
    said = SAID if seen and _told_of(kept).stand_in(text) else MAY_BE_SAID if seen and guessed else ""
    return _Found(whom, given_away, not unknown, seen, said)


def _told_of(kept: list[Any]) -> Secrets:
    """The addresses that they may know, and the telephones of all: nobody guesses one of those."""
    return replace(what_gives_away([each for each in kept if each.known]), phones=what_gives_away(kept).phones)


def _seen(whom: Whom, by: Any) -> Family | Person | None:
    family = Family.objects.for_user(by).filter(pk__in=whom.families).first()
    return family or Person.objects.for_user(by).filter(pk__in=whom.people).first()


def _first(whom: Whom) -> Family | Person:
    """The record under which it is written down that somebody typed it who sees nobody of them."""
    family = Family.objects.filter(pk__in=whom.families).order_by("pk").first()
    return family or Person.objects.filter(pk__in=whom.people).order_by("pk")[0]
