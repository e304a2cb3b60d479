"""When two addresses are one place; what is kept secret of one person’s is kept of everybody’s who lives or lived there."""

from __future__ import annotations

import re

from earlyhelp.families.models import Address, FamilyMembership, Person


def letters(text: str) -> str:
    """Letters and digits only: “12 High St.” and “12, high st” are one place."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def same_place(one: Address, other: Address) -> bool:
    """However either is spelled, and with the flat on the first line or on the second, or left out."""
    here, there = (letters(each.line_1 + each.line_2) for each in (one, other))
    return letters(one.postcode) == letters(other.postcode) and (here in there or there in here)


def protect_together(person: Person) -> None:
    """A place protected once is protected for the family: of each of them, where they live now and where they lived.

    A removal never lifts it: whoever lives there still would be given away by whoever has left.
    """
    families = person.memberships.current().values("family")
    members = FamilyMembership.objects.current().filter(family__in=families).values_list("person", flat=True)
    known = list(Address.objects.filter(person__in={*members, person.pk}))
    secret = [each for each in known if each.protected]
    exposed = [each for each in known if not each.protected and any(same_place(each, kept) for kept in secret)]
    Address.objects.filter(pk__in=[each.pk for each in exposed]).update(protected=True)
    now_hidden = [each.person_id for each in exposed if each.until_on is None]
    Person.objects.filter(pk__in=now_hidden).update(postcode="")
