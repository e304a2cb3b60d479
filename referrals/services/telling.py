"""Who hears of what. A title holds no name and no fact of a family: a few words, a reference and a link (domain.md 7)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from earlyhelp.notices.models import Kind
from earlyhelp.notices.services import notify
from earlyhelp.partnership.enums import Role
from earlyhelp.partnership.models import User
from referrals.models import Contact, InformationRequest, Referral, SocialCareHandover
from referrals.queries import contacts_of, holders_of, social_care_of

Told = Contact | Referral | InformationRequest | SocialCareHandover


def tell(
    about: Told,
    people: Iterable[User | None],
    title: str,
    *,
    what: str,
    now: datetime,
    kind: str = Kind.DECISION,
    urgent: bool = False,
    url: str = "",
) -> None:
    """Owe each person one notice of ``what`` about the record; being told twice of the same makes one.

    It leads to ``url``, else to the record's own page.
    """
    key, url = f"{about._meta.model_name}:{about.pk}:{what}", url or about.get_absolute_url()
    notify(people, kind=Kind(kind), title=title, reference=about.reference, url=url, key=key, now=now, urgent=urgent)


def role_for(family: Any) -> str:
    """Who takes what comes in: EH Access, but for a restricted family the lead who names one worker."""
    return Role.IG_LEAD if family is not None and family.restricted else Role.EH_ACCESS


def tell_access(
    about: Referral | SocialCareHandover,
    title: str,
    *,
    what: str,
    now: datetime,
    kind: str,
    urgent: bool = False,
    but: Any = None,
    url: str = "",
) -> None:
    people = [person for person in holders_of(role_for(about.family), about.area) if person != but]
    tell(about, people, title, what=what, now=now, kind=kind, urgent=urgent, url=url)


def tell_social_care(handover: SocialCareHandover, title: str, *, what: str, now: datetime) -> None:
    """Whoever answers for social care there. Of a restricted family it hears by telephone alone."""
    if handover.family is not None and handover.family.restricted:
        return
    tell(handover, social_care_of(handover.area), title, what=what, now=now, kind=Kind.HANDOVER, urgent=True)


def chase_contacts(request: InformationRequest, *, day: date, now: datetime) -> None:
    people = contacts_of(request.agency, request.area)
    title, what = "EH Access still waits for your answer", f"chased:{day:%Y%m%d}"
    tell(request, people, title, what=what, now=now, kind=Kind.REQUEST, urgent=True)


def tell_contacts(request: InformationRequest, *, now: datetime) -> None:
    people = contacts_of(request.agency, request.area)
    tell(request, people, "EH Access asks your agency a question", what="sent", now=now, kind=Kind.REQUEST, urgent=True)
