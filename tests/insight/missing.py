"""What shows that something is missing: a decision that gives more than the level of need, and a blockage."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from earlyhelp.cases.enums import Preference
from hubs.enums import DecisionKind
from hubs.services.blockages import raise_blockage
from hubs.transitions import decide
from tests.factories import CaseFactory
from tests.hubs.factories import ItemFactory

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
STOPPED = {"what": "Zqsecretxk waits for an assessment.", "since_on": TODAY - timedelta(days=30), "tried": "Rang."}


def allocated(session, marek, **facts):
    """A family given more than its level of need, because support with autism is missing."""
    case = CaseFactory(area=session.hub.area, level_of_need=1, **facts)
    why = {"missing_need": "autism", "missing_provision": "Support at school age."}
    said = {"preference": Preference.ASKED, "preference_note": "Somebody patient."}
    item = ItemFactory(meeting=session, case=case)
    decide(
        item,
        by=session.chaired_by,
        now=NOW,
        kind=DecisionKind.ALLOCATE,
        tier=2,
        worker=marek,
        rationale="Nobody else can.",
        **why,
        **said,
    )
    return case


def blocked(area, worker, need="autism", **facts):
    case = CaseFactory.led_by(worker, area=area, **facts)
    return raise_blockage(case, by=worker, now=NOW, need=need, missing="Support at school age.", **STOPPED)
