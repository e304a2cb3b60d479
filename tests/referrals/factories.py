"""Invented referrals. A draft that is ready to send; what is sent from it goes through the product's own transitions."""

from __future__ import annotations

from datetime import date

import factory
from factory.django import DjangoModelFactory

from earlyhelp.families.enums import AgreementStatus
from earlyhelp.families.services import record_agreement
from referrals.models import Referral
from referrals.services.contacts import record_contact
from referrals.services.handover import hand_over
from referrals.transitions.referral import submit, take
from tests.factories import MONDAY, FamilyFactory, MemberFactory, PersonFactory, UserFactory


class DraftFactory(DjangoModelFactory):
    """Everything is said but the agreement, which is a person's and not the referral's: see ``ready_draft``."""

    class Meta:
        model = Referral

    reference = factory.Sequence("R-T-{:06d}".format)
    author = factory.SubFactory(UserFactory, phone="01632 960 100")
    agency = factory.SelfAttribute("author.agency")
    family = factory.SubFactory(FamilyFactory)
    area = factory.SelfAttribute("family.area")
    created_at = MONDAY
    touched_at = MONDAY
    source_kind = "housing"
    contact_phone = "01632 960 100"
    people_checked = True
    why_now = "Rent arrears since the winter."
    tried = "A payment plan."
    wants = "Somebody who will not judge."
    strengths = "Grandmother is near."
    worries = "The hearing is in seven weeks."
    safeguarding = "no"
    urgent = False


def ready_draft(*, area, author, agree=True, now=MONDAY, **said):
    """A draft with a mother who agrees and a child of eight, ready to send."""
    family = said.pop("family", None) or FamilyFactory(area=area, created_by=author)
    mother = PersonFactory(first_name="Leanne", last_name="Invented", born_on=date(1996, 4, 1), area=area)
    MemberFactory(family=family, person=mother, role="parent")
    MemberFactory(family=family, person=PersonFactory(first_name="Tyler", born_on=date(2017, 6, 1), area=area))
    draft = DraftFactory(family=family, author=author, agency=author.agency, created_at=now, touched_at=now, **said)
    if agree:
        record_agreement(family, mother, status=AgreementStatus.GIVEN, by=author, now=now)
    return draft


def sent(*, area, author, now=MONDAY, **said):
    return submit(ready_draft(area=area, author=author, now=now, **said), by=author, now=now)


def taken(*, area, author, by, now=MONDAY, **said):
    return take(sent(area=area, author=author, now=now, **said), by=by, now=now)


def handed_over(*, by, now=MONDAY, **said):
    facts = {"about": "A boy next door", "concern": "Bruises again.", "family_told": False, "not_told_why": "Not safe."}
    return hand_over(by=by, now=now, **(facts | said))


def got_in_touch(*, by, now=MONDAY, **said):
    """Somebody rang about a family of which little is known."""
    facts = {
        "received_at": now,
        "channel": "phone",
        "source_kind": "family",
        "caller_name": "A grandmother",
        "caller_phone": "01632 960 123",
        "said": "The money never lasts the week.",
        "safeguarding": "no",
    }
    return record_contact(by=by, now=now, **(facts | said))
