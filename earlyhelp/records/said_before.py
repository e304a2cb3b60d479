"""An address becomes secret: what was written of the family before may say it still (promise P2).

What is typed from then on is looked through as it is typed. What stands there already is looked through once, soon after,
and whoever keeps restricted records hears in how many places it is said; so does whoever leads the family, who asks for the
words to be taken out. Where they stand is in no notice, and no text is changed by a sweep.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from earlyhelp.audit.models import Event, record
from earlyhelp.cases.models import Case
from earlyhelp.families.models import Address, Family, Person
from earlyhelp.families.secrets import secrets_of
from earlyhelp.families.spelling import Secrets
from earlyhelp.notices.enums import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import Post
from earlyhelp.records import plan
from earlyhelp.records.blanking import STAYS, written_in

LOOKED = "families.address.looked_for"
AT_ONCE = 20  # addresses; the others a few minutes later
# Where an address and a telephone are kept, sealed or shown to nobody who must not see them.
ITS_OWN = {Address, Person}


def look_for_addresses(*, now: datetime) -> int:
    """Look for each address that became secret, once; says how many were looked for. Each in a transaction of its own."""
    looked = Event.objects.filter(kind=LOOKED, subject=Address._meta.label_lower, subject_id=OuterRef("pk"))
    waiting = Address.objects.filter(~Exists(looked), protected=True, until_on=None).order_by("pk")[:AT_ONCE]
    for address in waiting:
        with transaction.atomic():
            _look_for(address, now)
    return len(waiting)


def _look_for(address: Address, now: datetime) -> None:
    families = Family.objects.filter(memberships__person=address.person_id, memberships__until_on=None)
    said = {family: said_in(family) for family in families.select_related("area")}
    record(LOOKED, address, by=None, at=now, places=sum(sum(places.values()) for places in said.values()))
    for family in (family for family, places in said.items() if places):
        _warn(family, address, now)


def said_in(family: Family) -> Counter[str]:
    """In how many rows of each kind a secret address of the family stands."""
    secrets, found, places = secrets_of([family.pk]), plan.of_family(family), Counter[str]()
    for model, pks in found.rows.items():
        if model not in STAYS and model not in ITS_OWN:
            rows = model._base_manager.filter(pk__in=pks)
            places[str(model._meta.verbose_name)] += sum(_says(row, secrets) for row in rows.iterator())
    return +places


def _says(row: Any, secrets: Secrets) -> bool:
    return any(secrets.stand_in(str(getattr(row, each.name) or "")) for each in written_in(type(row)))


def _warn(family: Family, address: Address, now: datetime) -> None:
    """Whoever leads asks for the words to be taken out; whoever keeps records opens no family, and knows what is to come."""
    cases = Case.objects.live().filter(family=family, lead__isnull=False).select_related("lead")
    keepers = Post.objects.current().filter(role=Role.IG_LEAD, area__in=family.area.lineage).holders()
    ask, decide = reverse("records:ask_to_blank", args=[family.reference]), reverse("records:blankings")
    for people, url in (([case.lead for case in cases], ask), (keepers, decide)):
        notify(
            people,
            kind=Kind.REQUEST,
            title="Earlier texts may say where somebody lives who is hidden now",
            reference=family.reference,
            url=url,
            key=f"address:{address.pk}:said_before:{family.pk}",
            now=now,
            urgent=True,
        )
