"""Reads that want a look: the governance lead’s list begins with them. One has a reason that nobody wrote down.

One is of a neighbour: whoever leads that family has said on their account in which street they live.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from earlyhelp.accounts.own import say_where_they_live
from earlyhelp.audit.models import Access
from earlyhelp.demo.county import County
from earlyhelp.families.models import Address, Family, OddRead
from earlyhelp.families.sweep import find_odd_reads
from earlyhelp.families.transitions import explain

WHO_LOOKED = (("marek", "Grant"), ("callum", "Naseby"), ("leila", "Darko"))
NEIGHBOUR = ("leila", "Darko")
VISITS = UUID("6f2d7c9e-3b1a-4d58-9c43-0a7e5b1f2d34")
COVERED = "He covered for a colleague who was ill: the youth club had asked about the eldest on that day."


def tell(county: County) -> None:
    day = county.since(working_days=2)
    county.diary.write(day.at(hour=9), lambda now: _say_home(county, now))
    county.diary.write(day.at(hour=16), lambda now: _look(county, now))
    county.diary.write(day.at(1, hour=7), lambda now: _bring(county, now))


def _say_home(county: County, now: datetime) -> None:
    who, name = NEIGHBOUR
    home = Address.objects.filter(person__memberships__family__name=name, until_on=None, protected=False).first()
    if home:
        street = home.line_1.split(" ", 1)[1]
        say_where_they_live(county.people[who], street=street, postcode=home.postcode, now=now)


def _look(county: County, now: datetime) -> None:
    Access.objects.bulk_create(
        Access(
            at=now,
            actor=county.people[who],
            subject=Family._meta.label_lower,
            subject_id=family.pk,
            page=family.get_absolute_url(),
            request_id=uuid5(VISITS, who),
        )
        for who, name in WHO_LOOKED
        for family in Family.objects.filter(name=name)[:1]
    )


def _bring(county: County, now: datetime) -> None:
    find_odd_reads(now=now)
    odd = OddRead.objects.filter(reader=county.people["callum"]).first()
    if odd:
        explain(odd, by=county.people["imran"], now=now, note=COVERED)
