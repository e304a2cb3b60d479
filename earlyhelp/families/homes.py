"""Where people live, and what is kept secret of it (promise P2).

When two addresses are one place; what is kept secret of one person’s is kept of everybody’s who lives or lived there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction

from earlyhelp.audit.models import record
from earlyhelp.families.models import Address, Confidant, FamilyMembership, Person
from earlyhelp.workflow.services import lock


def letters(text: str) -> str:
    """Letters and digits only: “12 High St.” and “12, high st” are one place."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def same_place(one: dict[str, str], other: dict[str, str]) -> bool:
    """However either is spelled, and with the flat on the first line or on the second, or left out."""
    here, there = (letters(each["line_1"] + each["line_2"]) for each in (one, other))
    return letters(one["postcode"]) == letters(other["postcode"]) and (here in there or there in here)


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
    places = [each.place for each in secret]
    exposed = [each for each in known if not each.protected and any(same_place(each.place, kept) for kept in places)]
    for each in exposed:
        keep_secret(each)
    Person.objects.filter(pk__in=[each.person_id for each in exposed if each.until_on is None]).update(postcode="")


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
    """Name who may have the address shown to them. Named twice, they are named once."""
    for user in users:
        Confidant.objects.get_or_create(
            address=address, user=user, until_at=None, defaults={"named_by": by, "from_at": now}
        )
        record("families.address.confided", address.person, by=by, at=now, to=user.pk)


@transaction.atomic
def let_know_no_more(confidant: Confidant, *, by: Any, now: datetime) -> None:
    confidant = lock(confidant)
    if confidant.until_at is None:
        confidant.until_at = now
        confidant.save(update_fields=["until_at"])
        record("families.address.no_longer_confided", confidant.address.person, by=by, at=now, to=confidant.user_id)


@transaction.atomic
def reveal(address: Address, *, by: Any, now: datetime, reason: str) -> str:
    """The secret address, once it is written down who asked for it and why. Who else knows it is told by the page."""
    record("families.address.revealed", address.person, by=by, at=now, reason=reason)
    return address.in_full()
