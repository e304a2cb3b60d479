"""What leaves from the front door, written into the ledger of disclosures in the moment in which it leaves (domain.md 16)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earlyhelp.families.models import Family
from earlyhelp.partnership.models import User
from earlyhelp.sharing.enums import Basis, Data, Purpose, Way
from earlyhelp.sharing.queries import current_people
from earlyhelp.sharing.services import disclose
from referrals.enums import LawfulBasis
from referrals.models import InformationRequest, Referral, SocialCareHandover

ASKED_ON = {
    LawfulBasis.AGREED: (Basis.AGREED, Purpose.ASSESSMENT),
    LawfulBasis.PUBLIC_TASK: (Basis.PUBLIC_TASK, Purpose.ASSESSMENT),
    LawfulBasis.RISK: (Basis.PUBLIC_TASK, Purpose.SAFEGUARDING),
}


def handed_over(handover: SocialCareHandover, *, by: Any, now: datetime, to: str) -> None:
    """Nobody’s permission is asked, and nothing here refuses it: somebody may be at risk."""
    what = "What is written in the hand-over."
    _to_social_care(handover, Way.HANDOVER, what, [Data.IDENTITY, Data.CONCERN], to=to, by=by, now=now)


def copy_taken(handover: SocialCareHandover, *, by: Any, now: datetime, whole: bool) -> None:
    """Each copy for social care is a disclosure of its own. ``whole``: with the family’s record, which ``by`` may read."""
    record = [Data.NEEDS, Data.PLAN, Data.CHRONOLOGY] if whole else []
    what = "A copy of the hand-over with the family’s record." if whole else "A copy of the hand-over alone."
    content = [Data.IDENTITY, Data.CONCERN, *record]
    _to_social_care(handover, Way.COPY, what, content, to=handover.spoken_to, by=by, now=now)


def _to_social_care(
    handover: SocialCareHandover, way: Way, what: str, content: list[Data], *, to: str, by: Any, now: datetime
) -> None:
    disclose(
        **_about(handover.family),
        way=way,
        content=content,
        what=what,
        recipient=f"{to}, social care" if to else "Social care",
        purpose=Purpose.SAFEGUARDING,
        basis=Basis.OVERRIDE,
        record=handover.reference,
        reason="Somebody may be at risk: the hand-over says why.",
        family_told=handover.family_told,
        not_told_why=handover.not_told_why,
        by=by,
        now=now,
    )


def referrer_written_to(referral: Referral, to: User, *, by: Any, now: datetime) -> None:
    """What a referrer reads of a family; what the family itself reads is no disclosure."""
    disclose(
        **_about(referral.family),
        way=Way.LETTER,
        content=[Data.PROGRESS],
        what="What was decided about their referral.",
        agency=to.agency,
        recipient=str(to),
        purpose=Purpose.HELP,
        basis=Basis.REPLY,
        record=referral.reference,
        by=by,
        now=now,
    )


def agency_asked(request: InformationRequest, *, by: Any, now: datetime) -> None:
    """Who is asked about learns whom. Raises ``NotPossible`` if it is asked with their yes, and they have said no."""
    basis, purpose = ASKED_ON[LawfulBasis(request.lawful_basis)]
    disclose(
        **_about(request.referral.family),
        way=Way.QUESTION,
        content=[Data.IDENTITY],
        what="That EH Access asks about them.",
        agency=request.agency,
        recipient=str(request.agency),
        purpose=purpose,
        basis=basis,
        record=request.reference,
        by=by,
        now=now,
    )


def _about(family: Family | None) -> dict[str, Any]:
    return {"family": family, "people": current_people(family) if family else []}
