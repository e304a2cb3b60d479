"""What a person chooses to be e-mailed. Hand-overs and what is urgent are not theirs to switch off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from earlyhelp.notices.enums import How, Kind
from earlyhelp.notices.models import ALARMS, Notice, Preference

TO_CHOOSE = [kind for kind in Kind if kind not in ALARMS]


def chosen_by(user: Any) -> dict[str, str]:
    """How this person hears of each kind that is theirs to choose."""
    stored = dict(Preference.objects.filter(user=user).values_list("kind", "how"))
    return {kind: stored.get(kind, How.DIGEST) for kind in TO_CHOOSE}


@transaction.atomic
def choose(user: Any, *, hows: Mapping[str, str]) -> None:
    """From now on. What waits for the next digest still comes with it, unless the person wants no e-mail of its kind."""
    for kind in TO_CHOOSE:
        if kind in hows:
            Preference.objects.update_or_create(user=user, kind=kind, defaults={"how": hows[kind]})
    silenced = [kind for kind in TO_CHOOSE if hows.get(kind) == How.PAGE]
    waiting = Notice.objects.unread().filter(to=user, kind__in=silenced, urgent=False, emailed_at=None)
    waiting.update(how=How.PAGE, email_after=None)
