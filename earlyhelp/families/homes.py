"""Where people live, and what is kept secret of it (promise P2).

When two addresses are one place; what is kept secret of one person’s is kept of everybody’s who lives or lived there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction

from earlyhelp.audit.models import Event, record
from earlyhelp.families.models import Address, Confidant, FamilyMembership, Person
from earlyhelp.families.spelling import letters, streets_in

REVEALED = "families.address.revealed"
SHORTEST = 8  # letters of an address that may leave out its flat


def same_place(one: dict[str, str], other: dict[str, str]) -> bool:
    """However either is spelled, and with the flat on the first line or on the second, or left out."""
    here, there = sorted((letters(each["line_1"] + each["line_2"]) for each in (one, other)), key=len)
    says_enough = here == there or (
        len(here) >= SHORTEST and here in there
    )  # a letter or two is no address: it is a guess
    return letters(one["postcode"]) == letters(other["postcode"]) and says_enough


def same_street(one: dict[str, str], other: dict[str, str]) -> bool:
    """One postcode is a few doors of neighbours. Else the street is of that name, in the same postcode sector (“LE13 1”).

    Where a postcode is missing nothing is known: there is a Church Lane in every other village.
    """
    here, there = letters(one["postcode"]), letters(other["postcode"])
    if not (here and there):
        return False
    return here == there or (here[:-2] == there[:-2] and not streets_in(one).isdisjoint(streets_in(other)))


def protect_together(person: Person) -> None:
    """A place protected once is protected for the family: of each of them, where they live now and where they lived.

    A removal never lifts it: whoever lives there still would be given away by whoever has left.
    """
    families = person.memberships.current().values("family")
    members = FamilyMembership.objects.current().filter(family__in=families).values_list("person", flat=True)
    known = list(Address.objects.filter(person__in={*members, person.pk}))
    secret = [each for each in known if each.protected]
    if not secret:
        return
    exposed = [(each, kept) for each in known if not each.protected and (kept := _same_among(each, secret))]
    for each, kept in exposed:
        keep_secret(each)
        confide_as(kept, each)
    Person.objects.filter(pk__in=[each.person_id for each, _ in exposed if each.until_on is None]).update(postcode="")


def confide_as(kept: Address, same: Address) -> None:
    """Who may know the one may know the other: they are one place."""
    for named in kept.confidants.filter(until_at=None):
        facts = {"user_id": named.user_id, "named_by_id": named.named_by_id, "from_at": named.from_at}
        Confidant.objects.create(address=same, **facts)


def _same_among(address: Address, secret: Iterable[Address]) -> Address | None:
    return next((kept for kept in secret if same_place(address.place, kept.place)), None)


def household_of(address: Address) -> list[Address]:
    """The same secret place, as it is written down of each who lives there: who may know the one may know it of all."""
    families = FamilyMembership.objects.current().filter(person=address.person_id).values("family")
    people = FamilyMembership.objects.current().filter(family__in=families).values("person")
    others = Address.objects.filter(protected=True, until_on=None, person__in=people).exclude(pk=address.pk)
    place = _exactly(address)
    return [address, *(each for each in others.select_related("person") if _exactly(each) == place)]


def _exactly(address: Address) -> tuple[str, ...]:
    """Whoever can write it all down knows it."""
    return tuple(letters(part) for part in address.place.values())


def keep_secret(address: Address) -> None:
    """Seal an address that could be read until now, and take it out of the versions that the database kept of it."""
    postcode = address.postcode
    address.seal()
    address.save()
    of_address, of_person = (apps.get_model("families", name)._base_manager for name in ("AddressEvent", "PersonEvent"))
    of_address.filter(pgh_obj_id=address.pk).update(**dict.fromkeys(Address.PLACE, ""))
    of_person.filter(pgh_obj_id=address.person_id, postcode=postcode).update(postcode="")


@transaction.atomic
def let_know(address: Address, users: Iterable[Any], *, by: Any, now: datetime) -> None:
    """Name who may have the address shown to them, of whoever lives there. Named twice, they are named once."""
    people = list(users)
    for each in household_of(address):
        for user in people:
            Confidant.objects.get_or_create(
                address=each, user=user, until_at=None, defaults={"named_by": by, "from_at": now}
            )
            record("families.address.confided", each.person, by=by, at=now, to=user.pk)


@transaction.atomic
def let_know_no_more(confidant: Confidant, *, by: Any, now: datetime) -> None:
    """Of everybody who lives there: one place is not half a secret."""
    for each in household_of(confidant.address):
        each.confidants.filter(user=confidant.user_id, until_at=None).update(until_at=now)
        record("families.address.no_longer_confided", each.person, by=by, at=now, to=confidant.user_id)


def showings(homes: Iterable[Address]) -> dict[int, list[Event]]:
    """Of each secret address: to whom it was shown, when and why, the latest first."""
    people = {home.person_id for home in homes}
    told = Event.objects.filter(kind=REVEALED, subject=Person._meta.label_lower, subject_id__in=people)
    by_home: dict[int, list[Event]] = {}
    for each in told.select_related("actor__agency").order_by("-at", "-pk"):
        by_home.setdefault(each.facts["address"], []).append(each)
    return by_home


@transaction.atomic
def reveal(address: Address, *, by: Any, now: datetime, reason: str) -> str:
    """The secret address, once it is written down who asked for it and why. Who else knows it is told by the page."""
    record(REVEALED, address.person, by=by, at=now, reason=reason, address=address.pk)
    return address.in_full()
