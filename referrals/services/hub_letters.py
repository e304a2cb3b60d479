"""What whoever referred and the family are written of the hub’s decision, of who leads, and of the end of early help.

Nobody looks these over: they are written from the templates in force in the moment in which it is done, and kept as sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from earlyhelp.cases.models import Case
from earlyhelp.letters.enums import How, Kind, Reader
from earlyhelp.letters.models import LetterTemplate
from earlyhelp.letters.services import all_in_force, fill_whole, finish
from earlyhelp.partnership.models import User
from earlyhelp.workflow.transitions import SYSTEM
from referrals.enums import Status
from referrals.models import Referral, ReferralLetter
from referrals.services.ledger import referrer_written_to
from referrals.services.letters import known


def write_of_case(
    case: Case,
    kind: Kind,
    referrals: Iterable[Referral],
    *,
    now: datetime,
    says: str = "",
    to_family: bool = True,
    words: Mapping[str, str] | None = None,
) -> None:
    """To everybody whose referral the case came of, by ``referrals_of``, and once to the family.

    ``says``: what the hub adds for whoever referred, in its own words; ``words``: what this kind alone may have filled in.
    Raises ``NotPossible`` beside ``message`` where the hub’s own words may say where somebody is hidden.
    """
    templates = all_in_force(kind)
    came_of = [each for each in referrals if each.status == Status.ACCEPTED]
    for place, referral in enumerate(came_of):
        values = known(referral, now=now) | {"hub_says": _says(says, case)} | dict(words or {})
        if author := _reads_here(referral, kind):
            _keep(referral, case, templates[Reader.REFERRER], values, to=author, now=now)
            referrer_written_to(referral, author, by=SYSTEM, now=now)
        if to_family and place == 0 and Reader.FAMILY in templates:
            _keep(referral, case, templates[Reader.FAMILY], values, to=None, now=now)


def _says(says: str, case: Case) -> str:
    return f"The hub says: “{finish(says, {}, family_id=case.family_id, field='message')}”" if says else ""


def _reads_here(referral: Referral, kind: Kind) -> User | None:
    """Whoever referred, if still here. Social care, which steps a family down, is told by name and telephone who leads."""
    author = referral.author
    heard_otherwise = referral.step_down and kind == Kind.LED
    return author if author and author.is_active and not heard_otherwise else None


def _keep(
    referral: Referral,
    case: Case,
    template: LetterTemplate,
    values: Mapping[str, str],
    *,
    to: User | None,
    now: datetime,
) -> None:
    ReferralLetter.objects.create(
        owner=referral,
        case=case,
        reader=template.reader,
        to=to,
        how=How.STATUS_PAGE if to else How.PAPER,
        subject=fill_whole(template.subject, values),
        body=fill_whole(template.body, values),
        template=template,
        at=now,
    )
