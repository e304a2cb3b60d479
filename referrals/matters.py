"""One may disagree with a hand-over to social care: that it was not accepted, that it was made, that the family came back."""

from __future__ import annotations

from typing import Any

from earlyhelp.disagreements.enums import About
from earlyhelp.disagreements.registry import Matter, matter
from referrals.models import SocialCareHandover


@matter("H-")
def of_a_handover(reference: str, user: Any) -> Matter | None:
    rows = SocialCareHandover.objects.for_user(user).select_related("area", "family", "case__lead", "author")
    row = rows.filter(reference=reference).first()
    if row is None:
        return None
    people = (row.author, row.case.lead if row.case else None)
    return Matter(row.reference, row.get_absolute_url(), (About.HANDOVER,), row.area, row.family, row.case, people)
